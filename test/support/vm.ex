defmodule Aether.VM do
  @moduledoc false
  # VMs of their own, for tests of what a whole VM uses: memory, threads, descriptors, limits. The
  # test's functions run there; what they need of the test's module is loaded from here.
  #
  #     use Aether.VM
  #     vm = VM.start!()
  #     VM.run(vm, fn -> assert Aether.info().running == 0 end)

  defmacro __using__(_) do
    quote do
      alias Aether.VM
      @after_compile {Aether.VM, :keep}
    end
  end

  @doc false
  def keep(%{module: module}, code), do: :persistent_term.put({__MODULE__, module}, code)

  @doc "Whether the numbers can be read that `os/0` gives."
  def measurable?, do: File.exists?("/proc/self/status")

  @doc """
  Starts a VM with Aether, which ends with the test.

  Options: `threads` and `max_scans` of the pool, `code` where the compiled application is, `through` a command
  that is told on its arguments what to run, as `["nice", "-n", "1"]`, `env` as a list of pairs.
  """
  def start!(opts \\ []) do
    code = Keyword.get(opts, :code, Application.app_dir(:aether, "ebin"))
    config = Keyword.merge([threads: 8], Keyword.take(opts, [:threads, :max_scans]))

    paths = [
      code | for(app <- [:elixir, :logger, :ex_unit], do: Application.app_dir(app, "ebin"))
    ]

    erl = Path.join(List.to_string(:code.root_dir()), "bin/erl")
    [command | before] = Keyword.get(opts, :through, []) ++ [erl]

    {:ok, pid, _node} =
      :peer.start_link(%{
        connection: :standard_io,
        # On a loaded machine it takes its time.
        wait_boot: 120_000,
        exec: {charlist(System.find_executable(command)), Enum.map(before, &charlist/1)},
        env:
          for({name, value} <- Keyword.get(opts, :env, []), do: {charlist(name), charlist(value)}),
        args: Enum.map(["+fnu" | set(config)] ++ ["-pa" | paths], &charlist/1)
      })

    {:ok, _} = :peer.call(pid, :application, :ensure_all_started, [:aether], 60_000)
    pid
  end

  defp set(config),
    do: Enum.flat_map(config, fn {name, value} -> ["-aether", "#{name}", "#{value}"] end)

  @doc "Loads all there is to load: where files cannot be opened any more, modules cannot be loaded either."
  def load_all(vm) do
    apps = [:kernel, :stdlib, :elixir, :ex_unit, :aether]
    for app <- apps, do: :peer.call(vm, __MODULE__, :load_here, [app], 60_000)
    vm
  end

  @doc false
  def load_here(app) do
    Application.load(app)
    {:ok, modules} = :application.get_key(app, :modules)
    Enum.each(modules, &Code.ensure_loaded/1)
  end

  @doc "Runs a function of the calling module there, and gives its result; what it raises is raised here."
  def run(vm, fun, timeout \\ 120_000) do
    {:module, module} = Function.info(fun, :module)
    code = :persistent_term.get({__MODULE__, module})
    {:module, _} = :peer.call(vm, :code, :load_binary, [module, 'test', code], timeout)

    case :peer.call(vm, __MODULE__, :caught, [fun], timeout) do
      {:ok, result} -> result
      {kind, reason, stacktrace} -> :erlang.raise(kind, reason, stacktrace)
    end
  end

  @doc false
  def caught(fun) do
    {:ok, fun.()}
  catch
    kind, reason -> {kind, Exception.normalize(kind, reason, __STACKTRACE__), __STACKTRACE__}
  end

  @doc "What the operating system says of this VM: its resident memory, and its peak, in bytes."
  def os do
    status = File.read!("/proc/self/status")

    %{
      rss: kilobytes(status, "VmRSS") * 1024,
      peak: kilobytes(status, "VmHWM") * 1024,
      descriptors: length(File.ls!("/proc/self/fd")),
      threads: length(File.ls!("/proc/self/task"))
    }
  end

  @doc "The names of this VM's threads, cut off after 15 bytes."
  def thread_names do
    for task <- File.ls!("/proc/self/task"),
        {:ok, name} <- [File.read("/proc/self/task/#{task}/comm")],
        do: String.trim(name)
  end

  @doc "The most threads that this VM has at once until the caller is sent `:stop`."
  def most_threads(most \\ 0) do
    most = max(most, os().threads)

    receive do
      :stop -> most
    after
      0 -> most_threads(most)
    end
  end

  @doc "How far a call lifts the peak of this VM's resident memory, in bytes, and its result."
  def growth(fun) do
    collect()
    File.write!("/proc/self/clear_refs", "5")
    before = os().rss
    result = fun.()
    {os().peak - before, result}
  end

  @doc "Has every process free what it does not need."
  def collect, do: Enum.each(Process.list(), &:erlang.garbage_collect/1)

  @doc "Waits until something is so that nobody sends a message about; fails after `timeout` ms."
  def until(fun, timeout \\ Aether.Case.patience()),
    do: until_deadline(fun, System.monotonic_time(:millisecond) + timeout)

  defp until_deadline(fun, deadline) do
    cond do
      fun.() ->
        :ok

      System.monotonic_time(:millisecond) > deadline ->
        ExUnit.Assertions.flunk("still not so: #{inspect(fun)}, #{inspect(Aether.info())}")

      true ->
        receive do
        after
          2 -> until_deadline(fun, deadline)
        end
    end
  end

  @doc "Whether nothing is left of any scan: none runs, none waits, no descriptor, no memory."
  def idle?,
    do: match?(%{running: 0, parked: 0, descriptors: 0, native_bytes: 0}, Aether.info())

  defp kilobytes(status, field) do
    [_, kilobytes] = Regex.run(~r/^#{field}:\s+(\d+) kB/m, status)
    String.to_integer(kilobytes)
  end

  defp charlist(binary), do: String.to_charlist(binary)
end
