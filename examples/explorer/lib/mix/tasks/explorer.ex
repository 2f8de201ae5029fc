defmodule Mix.Tasks.Explorer do
  @shortdoc "Serves directories to a browser"
  @moduledoc """
  Serves directories to a browser on this machine.

      mix explorer [options] PATH...

    * `--port N` - the port to listen on. Default 4747; 0 takes any free port
    * `--listen ADDRESS` - an address of this machine that others can reach, instead of 127.0.0.1. Anyone who reaches it
      can see everything that is served
    * `--index FILE` - the file of the index. Default a file in the user's cache directory
    * `--open` - opens a browser
    * `--hex` - paths are given in hexadecimal digits, as `bin/explorer` does: they need not be UTF-8

  Without a PATH it serves the configured directories.
  """
  use Mix.Task

  @switches [port: :integer, listen: :string, index: :string, open: :boolean, hex: :boolean]

  @impl true
  def run(args) do
    {opts, paths} = parse!(args)
    Mix.Task.run("app.config")
    configure(opts, Enum.map(paths, &path!(&1, opts)))
    Application.put_env(:phoenix, :serve_endpoints, true)
    # Mix has started it already, without our configuration.
    Application.stop(:logger)

    case Application.ensure_all_started(:explorer) do
      {:ok, _started} -> serve(opts)
      {:error, {_app, reason}} -> Mix.raise(explain(reason))
    end
  end

  defp parse!(args) do
    case OptionParser.parse(args, strict: @switches) do
      {opts, paths, []} ->
        {opts, paths}

      {_opts, _paths, [{option, _value} | _]} ->
        Mix.raise("#{option} is not an option, or has a wrong value")
    end
  end

  defp path!(path, opts) do
    path = if opts[:hex], do: Base.decode16!(path, case: :mixed), else: Path.expand(path)
    if not File.dir?(path), do: Mix.raise("not a directory: " <> Explorer.Names.printable(path))
    path
  end

  defp configure(opts, paths) do
    if paths != [], do: Application.put_env(:explorer, :roots, paths)
    if opts[:index], do: Application.put_env(:explorer, :index, Path.expand(opts[:index]))
    web = Application.get_env(:explorer, ExplorerWeb.Endpoint)
    web = put_in(web[:http][:port], opts[:port] || web[:http][:port])
    web = if opts[:listen], do: listen(web, opts[:listen]), else: web
    Application.put_env(:explorer, ExplorerWeb.Endpoint, web)
  end

  defp listen(web, address) do
    case :inet.parse_address(String.to_charlist(address)) do
      # On all addresses, the names in requests could not be checked.
      {:ok, ip} when ip in [{0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}] ->
        Mix.raise("--listen takes one address of this machine, not all of them")

      {:ok, ip} ->
        host = if tuple_size(ip) == 8, do: "[#{address}]", else: address
        web = put_in(web[:http][:ip], ip)
        Keyword.update!(web, :check_origin, &["//" <> host | &1])

      {:error, _reason} ->
        Mix.raise("--listen takes an address like 192.168.1.10")
    end
  end

  defp serve(opts) do
    url = ExplorerWeb.Endpoint.address()
    Mix.shell().info("Serving #{count()} on #{url} (Ctrl+C stops)")
    if opts[:open], do: open(url)
    if not iex?(), do: Process.sleep(:infinity)
  end

  defp count do
    case length(Explorer.roots()) do
      1 -> "1 directory"
      count -> "#{count} directories"
    end
  end

  # Without a desktop nothing can open it; the address has been printed.
  defp open(url) do
    opener = Enum.find(["xdg-open", "open", "wslview"], &System.find_executable/1)
    if opener, do: spawn(fn -> System.cmd(opener, [url], stderr_to_stdout: true) end)
  end

  defp iex?, do: Code.ensure_loaded?(IEx) and IEx.started?()

  defp explain(reason) do
    case cause(reason) do
      :eaddrinuse ->
        "another program is using this port: choose another with --port"

      :eaddrnotavail ->
        "this machine does not have that address"

      :eacces ->
        "this port needs special permissions: choose another with --port"

      %Aether.Error{reason: :index_busy} ->
        "another explorer is using the index: choose another file with --index"

      error when is_exception(error) ->
        Exception.message(error)

      other ->
        "could not start: #{inspect(other)}"
    end
  end

  # A supervisor wraps the reason of its child.
  defp cause({:shutdown, reason}), do: cause(reason)
  defp cause({:failed_to_start_child, _child, reason}), do: cause(reason)
  defp cause({reason, {Explorer.Application, :start, _args}}), do: cause(reason)
  defp cause({:bad_return, {_start, {:EXIT, reason}}}), do: cause(reason)
  defp cause({error, _stack}) when is_exception(error), do: error
  defp cause({:listen_error, reason}), do: reason
  defp cause(reason), do: reason
end
