defmodule Mix.Tasks.Explorer do
  @shortdoc "Serves directories to a browser"
  @moduledoc """
  Serves directories to a browser on this machine.

      mix explorer [options] PATH...

    * `--port N` - where to listen. Default 4747; 0 takes any that is free
    * `--listen ADDRESS` - an address of this machine that others can reach, in place of 127.0.0.1. Whoever reaches it
      sees all that is served
    * `--index FILE` - where what is known is kept. Default a file in the user's cache directory
    * `--open` - opens a browser
    * `--hex` - paths are given in hexadecimal digits, as `bin/explorer` does: they need not be UTF-8

  Without any PATH it serves what the configuration names.
  """
  use Mix.Task

  @switches [port: :integer, listen: :string, index: :string, open: :boolean, hex: :boolean]

  @impl true
  def run(args) do
    {opts, paths} = parse!(args)
    Mix.Task.run("app.config")
    configure(opts, Enum.map(paths, &path!(&1, opts)))
    Application.put_env(:phoenix, :serve_endpoints, true)
    # Mix has it running already, without what the configuration says of it.
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
        Mix.raise("#{option} is no option, or its value is wrong")
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
      # All addresses at once: by which name others would ask is not to be known then.
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

  # Without a desktop there is nothing to open it with; the address has been said.
  defp open(url) do
    opener = Enum.find(["xdg-open", "open", "wslview"], &System.find_executable/1)
    if opener, do: spawn(fn -> System.cmd(opener, [url], stderr_to_stdout: true) end)
  end

  defp iex?, do: Code.ensure_loaded?(IEx) and IEx.started?()

  defp explain(reason) do
    case cause(reason) do
      :eaddrinuse ->
        "something else listens on this port: --port takes another"

      :eaddrnotavail ->
        "this machine does not have that address"

      :eacces ->
        "this port is not for everybody: --port takes another"

      %Aether.Error{reason: :index_busy} ->
        "another explorer has the index: --index takes another file"

      error when is_exception(error) ->
        Exception.message(error)

      other ->
        "could not start: #{inspect(other)}"
    end
  end

  # Reasons of supervisors are reasons of their children, wrapped.
  defp cause({:shutdown, reason}), do: cause(reason)
  defp cause({:failed_to_start_child, _child, reason}), do: cause(reason)
  defp cause({reason, {Explorer.Application, :start, _args}}), do: cause(reason)
  defp cause({:bad_return, {_start, {:EXIT, reason}}}), do: cause(reason)
  defp cause({error, _stack}) when is_exception(error), do: error
  defp cause({:listen_error, reason}), do: reason
  defp cause(reason), do: reason
end
