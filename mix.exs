defmodule Aether.MixProject do
  use Mix.Project

  @version "0.1.0"

  def project do
    [
      app: :aether,
      version: @version,
      elixir: "~> 1.14",
      elixirc_paths: if(Mix.env() == :test, do: ["lib", "test/support"], else: ["lib"]),
      # First, so that the library is there when the first module is loaded.
      compilers: [:aether_native | Mix.compilers()],
      start_permanent: Mix.env() == :prod,
      deps: deps(),
      # The app's: nothing here needs Phoenix to compile.
      xref: [exclude: [Phoenix.Channel, Phoenix.Socket.V2.JSONSerializer]],
      description: "Streams file system trees to BEAM processes in milliseconds, from a Rust NIF",
      package: package(),
      docs: docs()
    ]
  end

  # Telemetry, where there is any, is started first.
  def application do
    [mod: {Aether.Application, []}, extra_applications: [telemetry: :optional]]
  end

  # Nothing mandatory: one Hex package here, even an optional one, stops Mix where Hex is not installed.
  defp deps do
    if System.get_env("AETHER_DOCS") == "1" do
      [{:ex_doc, "~> 0.34", only: :dev, runtime: false}]
    else
      []
    end
  end

  defp package do
    [
      licenses: ["Apache-2.0"],
      links: %{},
      files: ~w(lib guides mix.exs .formatter.exs README.md CHANGELOG.md LICENSE
           native/Cargo.toml native/Cargo.lock native/clippy.toml native/rustfmt.toml native/.cargo
           native/core/Cargo.toml native/core/README.md native/core/src
           native/index/Cargo.toml native/index/README.md native/index/src
           native/nif/Cargo.toml native/nif/build.rs native/nif/README.md native/nif/src)
    ]
  end

  defp docs do
    [
      main: "readme",
      extras: ["README.md", "CHANGELOG.md" | Path.wildcard("guides/*.md")],
      groups_for_extras: [Guides: ~r"^guides/"]
    ]
  end
end

# Builds native/nif with cargo. It stands here because a task in lib/ would not be found in time.
defmodule Mix.Tasks.Compile.AetherNative do
  @moduledoc false
  use Mix.Task.Compiler

  @rustc "1.91.0"

  @impl true
  def run(_args) do
    contents = given() || File.read!(build())

    if File.read(installed()) == {:ok, contents} do
      {:noop, []}
    else
      # Under a new inode: writing into a file that another VM has mapped would crash it.
      File.mkdir_p!(Path.dirname(installed()))
      File.write!(installed() <> ".new", contents)
      File.rename!(installed() <> ".new", installed())

      if :erlang.module_loaded(Aether.Native),
        do: Mix.shell().info("aether: the native library has changed; start a new VM to use it")

      {:ok, []}
    end
  end

  # What AETHER_NIF_PATH names.
  defp given do
    path = System.get_env("AETHER_NIF_PATH", "")

    cond do
      path == "" -> nil
      # A dependency is compiled in a directory of its own.
      Path.type(path) != :absolute -> refuse_given(path, "is no absolute path")
      true -> read_given(path)
    end
  end

  defp read_given(path) do
    case File.read(path) do
      {:ok, contents} -> contents
      {:error, reason} -> refuse_given(path, "cannot be read: #{:file.format_error(reason)}")
    end
  end

  defp refuse_given(path, why) do
    Mix.raise("""
    aether: AETHER_NIF_PATH, which is #{inspect(path)}, #{why}.
    Give the absolute path of a ready aether_nif.so; or unset it to build one, which takes Rust.
    """)
  end

  @impl true
  def manifests, do: [installed()]

  @impl true
  def clean do
    File.rm_rf!(Path.dirname(installed()))
    File.rm_rf!(target())
    :ok
  end

  # Not beneath a top-level priv/, which all environments would share by a symlink.
  defp installed, do: Path.join(Mix.Project.app_path(), "priv/native/aether_nif.so")

  # Absolute: cargo runs in native/.
  defp target, do: Path.expand(Path.join(Mix.Project.build_path(), "aether_native"))

  # Always optimised: an unoptimised scanner is of no use, not even in tests.
  defp build do
    check_rustc()
    features = if Mix.env() == :test, do: ~w(--features fault), else: []
    quiet = if find_built(), do: ~w(--quiet), else: []
    args = ~w(build --locked --release -p aether_nif --target-dir) ++ [target()]
    output = IO.stream(:stdio, :line)

    case System.cmd("cargo", args ++ features ++ quiet, cd: "native", into: output) do
      {_, 0} -> find_built() || Mix.raise("aether: cargo left no library in #{target()}")
      {_, status} -> Mix.raise("aether: cargo build failed with status #{status}")
    end
  end

  defp find_built do
    ~w(libaether_nif.so libaether_nif.dylib)
    |> Enum.map(&Path.join([target(), "release", &1]))
    |> Enum.find(&File.exists?/1)
  end

  defp check_rustc do
    found =
      if System.find_executable("cargo") && System.find_executable("rustc") do
        {text, _} = System.cmd("rustc", ["--version"], cd: "native", stderr_to_stdout: true)
        Regex.run(~r/^rustc (\d+\.\d+\.\d+)/, text, capture: :all_but_first)
      end

    with [version] <- found,
         :lt <- Version.compare(version, @rustc),
         do: refuse("finds #{version}")

    if found == nil, do: refuse("finds none")
  end

  defp refuse(found) do
    Mix.raise("""
    aether needs Rust #{@rustc} or newer to build its native library, and #{found}.
    Install it from https://rustup.rs (Debian 12's own rustc is too old), or set AETHER_NIF_PATH to a ready aether_nif.so.
    """)
  end
end
