defmodule ExplorerWeb.TreeLive do
  @moduledoc false
  # The tree in a LiveView, which renders controls and a summary. A hook (assets/live.ts) renders the rows, and gets slabs
  # over a channel on the same connection. No entry passes through this process.
  use Phoenix.LiveView

  @impl true
  def mount(_params, _session, socket) do
    roots = Explorer.roots()
    root = List.first(roots)

    {:ok,
     assign(socket, script: "live", roots: roots, root: root, depth: 2, figures: nil, error: nil)}
  end

  # These events come from the browser: fit to be shown to the same user, and for nothing else.
  @impl true
  def handle_event("progress", figures, socket),
    do: {:noreply, assign(socket, figures: figures, error: nil)}

  def handle_event("completed", figures, socket),
    do: {:noreply, assign(socket, figures: figures, error: nil)}

  def handle_event("error", %{"reason" => reason}, socket),
    do: {:noreply, assign(socket, error: reason)}

  def handle_event("rescan", _params, socket), do: {:noreply, push_event(socket, "rescan", %{})}
  def handle_event("cancel", _params, socket), do: {:noreply, push_event(socket, "cancel", %{})}

  def handle_event("show", %{"root" => key}, socket) do
    case Explorer.root(key) do
      {:ok, root} -> {:noreply, assign(socket, root: root, figures: nil, error: nil)}
      :error -> {:noreply, socket}
    end
  end

  @impl true
  def render(assigns) do
    ~H"""
    <div class="page">
      <header class="top">
        <h1>LiveView and a hook</h1>
        <nav aria-label="Pages"><a href="/">Explorer</a> <a href="/list">List</a></nav>
      </header>
      <main>
        <p :if={@root == nil} class="nothing">No directories are served.</p>
        <form :if={@root} class="controls" phx-change="show">
          <label>
            Directory
            <select name="root">
              <option :for={root <- @roots} value={root.key} selected={root.key == @root.key}>
                <%= root.label %>
              </option>
            </select>
          </label>
          <button :if={not scanning?(@figures)} type="button" phx-click="rescan">Scan again</button>
          <button :if={scanning?(@figures)} type="button" phx-click="cancel">Cancel</button>
        </form>
        <dl :if={@root} class="summary">
          <div :for={{name, value} <- summary(@figures)}>
            <dt><%= name %></dt>
            <dd><%= value %></dd>
          </div>
        </dl>
        <p :if={@error} class="error" role="alert"><%= @error %></p>
        <div
          :if={@root}
          id={"tree-#{@root.key}"}
          class="tree"
          phx-hook="Tree"
          phx-update="ignore"
          data-root={@root.key}
          data-label={@root.label}
        >
        </div>
      </main>
    </div>
    """
  end

  defp scanning?(figures), do: match?(%{"found" => _}, figures)

  defp summary(nil), do: [{"Status", "waiting"}]

  defp summary(%{"found" => found} = figures),
    do: [
      {"Status", "scanning"},
      {"Entries", count(found)},
      {"Rate", count(figures["rate"]) <> "/s"}
    ]

  defp summary(figures) do
    [
      {"Status", word(figures["status"])},
      {"Files", count(figures["files"])},
      {"Folders", count(figures["directories"])},
      {"Unreadable", count(figures["errors"])},
      {"First entry", milliseconds(figures["first_entry_ms"])},
      {"Duration", milliseconds(figures["duration_ms"])}
    ]
  end

  defp word(word) when word in ~w(complete partial cancelled failed), do: word
  defp word(_other), do: "unknown"

  defp count(number) when is_number(number) do
    number
    |> trunc()
    |> Integer.to_string()
    |> String.replace(~r/\B(?=(\d{3})+$)/, ",")
  end

  defp count(_other), do: "0"

  defp milliseconds(number) when is_number(number), do: "#{number} ms"
  defp milliseconds(_other), do: "unknown"
end
