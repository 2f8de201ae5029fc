defmodule Explorer.MixProject do
  # The example is a project of its own, since it needs Hex and Aether does not.
  use Mix.Project

  def project do
    [
      app: :explorer,
      version: "0.1.0",
      elixir: "~> 1.14",
      start_permanent: true,
      deps: deps(),
      aliases: aliases()
    ]
  end

  def application do
    [mod: {Explorer.Application, []}, extra_applications: [:logger, :crypto]]
  end

  # Hex takes the newest version allowed, whichever Elixir that needs, so the requirements depend on Elixir.
  defp deps do
    [
      {:aether, path: "../.."},
      {:jason, "~> 1.4"} | web(Version.match?(System.version(), ">= 1.15.0"))
    ]
  end

  defp web(true),
    do: [{:phoenix, "~> 1.8"}, {:phoenix_live_view, "~> 1.1"}, {:bandit, "~> 1.12"}]

  defp web(false) do
    [
      {:phoenix, "~> 1.7.14"},
      {:phoenix_live_view, "~> 0.20.17"},
      {:bandit, ">= 1.5.0 and < 1.12.0"},
      {:hpax, "< 1.0.4"}
    ]
  end

  # The page is built with the JavaScript of the Phoenix and LiveView that serve it.
  defp aliases do
    [page: fn _args -> page() end]
  end

  defp page do
    paths = Mix.Project.deps_paths()

    env = [
      {"PHOENIX_PATH", Path.join(paths[:phoenix], "priv/static")},
      {"LIVE_VIEW_PATH", Path.join(paths[:phoenix_live_view], "priv/static")}
    ]

    case System.cmd("npm", ["run", "--silent", "build"], env: env, into: IO.stream()) do
      {_out, 0} -> :ok
      {_out, status} -> Mix.raise("the page could not be built (npm: #{status})")
    end
  end
end
