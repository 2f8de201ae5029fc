defmodule ExplorerWeb.ListLive do
  @moduledoc false
  # A directory as a plain list: the LiveView receives the scan's messages, decodes slabs and streams entries to the page.
  # The only JavaScript is LiveView's own. For directories that fit into a page; for larger ones see TreeLive.
  use Phoenix.LiveView
  import Explorer.Names, only: [printable: 1]
  alias Aether.{Error, Scanner, Slab}

  # Maximum number of slabs that may wait for this process.
  @ahead 4
  # Maximum number of rows on a page.
  @max_rows 2000

  @impl true
  def mount(_params, _session, socket) do
    {:ok,
     socket
     |> assign(roots: Explorer.roots(), scan: nil)
     |> stream_configure(:entries, dom_id: &("entry-" <> encode(&1.path)))}
  end

  @impl true
  def handle_params(params, _uri, socket) do
    if scan = socket.assigns.scan, do: Scanner.cancel(scan, flush: true)

    socket =
      socket
      |> assign(root: nil, folder: "", scan: nil, count: 0, summary: nil, error: nil)
      |> stream(:entries, [], reset: true)

    {:noreply, show(params, socket)}
  end

  # Anything may be typed into the address: the folder is opened beneath the root and nowhere else.
  defp show(%{"root" => key} = params, socket) do
    with {:ok, root} <- Explorer.root(key),
         {:ok, folder} <- decode(params["folder"] || "") do
      socket = assign(socket, root: root, folder: folder)
      if connected?(socket), do: scan(socket), else: socket
    else
      :error -> assign(socket, error: "There is no such directory here.")
    end
  end

  defp show(_params, socket), do: socket

  defp scan(%{assigns: %{root: root, folder: folder}} = socket) do
    case Scanner.scan_subdir(root.path, folder, depth: 1, active: @ahead) do
      {:ok, scan} -> assign(socket, scan: scan)
      {:error, error} -> assign(socket, error: explain(error))
    end
  end

  @impl true
  def handle_info({:scan_chunk, ref, slab}, %{assigns: %{scan: %{ref: ref}}} = socket) do
    entries = Enum.sort_by(Slab.entries(slab), &{&1.kind != :directory, &1.path})
    room = max(@max_rows - socket.assigns.count, 0)

    {:noreply,
     socket
     |> update(:count, &(&1 + length(entries)))
     |> stream(:entries, Enum.take(entries, room))}
  end

  def handle_info({:scan_passive, ref}, %{assigns: %{scan: %{ref: ref} = scan}} = socket) do
    Scanner.ask(scan, @ahead)
    {:noreply, socket}
  end

  def handle_info({:scan_completed, ref, summary}, %{assigns: %{scan: %{ref: ref}}} = socket) do
    error = if summary.status == :failed, do: explain(summary.error)
    {:noreply, assign(socket, summary: summary, error: error)}
  end

  # Of an earlier scan.
  def handle_info(_message, socket), do: {:noreply, socket}

  @impl true
  def render(assigns) do
    ~H"""
    <header>
      <h1>A list, without any build</h1>
      <nav aria-label="Pages"><a href="/">Explorer</a> <a href="/live">LiveView and a hook</a></nav>
    </header>
    <main>
      <nav aria-label="Path" class="crumbs">
        <ol>
          <li><.link patch="/list">Directories</.link></li>
          <li :for={{name, address} <- crumbs(@root, @folder)}>
            <.link patch={address}><bdi><%= name %></bdi></.link>
          </li>
        </ol>
      </nav>
      <ul :if={@root == nil} class="roots">
        <li :for={root <- @roots}>
          <.link patch={address(root, "")}><bdi><%= root.label %></bdi></.link>
        </li>
        <li :if={@roots == []}>No directories are served.</li>
      </ul>
      <p :if={@error} role="alert"><%= @error %></p>
      <p :if={@root && !@error} role="status"><%= status(@summary, @count) %></p>
      <table :if={@root && !@error}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="number">Size</th>
            <th scope="col">Modified (UTC)</th>
          </tr>
        </thead>
        <tbody id="entries" phx-update="stream">
          <tr :for={{id, entry} <- @streams.entries} id={id} class={entry.kind}>
            <td>
              <.link :if={entry.kind == :directory} patch={address(@root, entry.path)}>
                <bdi><%= name(entry.path) %></bdi>
              </.link>
              <bdi :if={entry.kind != :directory}><%= name(entry.path) %></bdi>
            </td>
            <td class="number"><%= size(entry) %></td>
            <td><%= modified(entry.mtime) %></td>
          </tr>
        </tbody>
      </table>
    </main>
    """
  end

  defp status(nil, count), do: "Scanning: #{count} entries"
  defp status(_summary, 0), do: "This folder is empty."
  defp status(_summary, 1), do: "1 entry"
  defp status(_summary, count) when count <= @max_rows, do: "#{count} entries"

  defp status(_summary, count),
    do: "#{count} entries, #{@max_rows} of them shown. The explorer shows all."

  defp explain(%Error{reason: reason}) when reason in [:eacces, :eperm],
    do: "This folder cannot be read: permission denied."

  defp explain(%Error{reason: :enotdir}), do: "This is not a folder."
  defp explain(%Error{}), do: "There is no such folder here, or it cannot be read."

  defp crumbs(nil, _folder), do: []

  defp crumbs(root, folder) do
    parts = String.split(folder, "/", trim: true)

    beneath =
      for {part, index} <- Enum.with_index(parts, 1),
          do: {printable(part), address(root, parts |> Enum.take(index) |> Enum.join("/"))}

    [{root.label, address(root, "")} | beneath]
  end

  # A path is bytes, an address is text: hence base64.
  defp address(root, ""), do: "/list/" <> root.key
  defp address(root, folder), do: "/list/#{root.key}/#{encode(folder)}"

  defp encode(path), do: Base.url_encode64(path, padding: false)
  defp decode(text), do: Base.url_decode64(text, padding: false)

  defp name(path), do: path |> String.split("/") |> List.last() |> printable()

  defp size(%{kind: :file, size: size}) when is_integer(size),
    do: bytes(size, ["B", "KiB", "MiB", "GiB", "TiB"])

  defp size(_entry), do: ""

  defp bytes(size, ["B" | _]) when size < 1024, do: "#{size} B"
  defp bytes(size, [unit]), do: "#{Float.round(size / 1, 1)} #{unit}"
  defp bytes(size, [unit | _]) when size < 1023.95, do: "#{Float.round(size / 1, 1)} #{unit}"
  defp bytes(size, [_unit | larger]), do: bytes(size / 1024, larger)

  defp modified(nil), do: ""

  defp modified(mtime) do
    case DateTime.from_unix(Integer.floor_div(mtime, 1_000_000_000)) do
      {:ok, time} -> Calendar.strftime(time, "%Y-%m-%d %H:%M")
      {:error, _reason} -> ""
    end
  end
end
