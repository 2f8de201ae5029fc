defmodule ExplorerWeb.TreeLive do
  @moduledoc false
  # The tree in a LiveView: controls and summary are LiveView's, rows are drawn by a hook (assets/live.ts), to which the
  # slabs go on a channel of the same connection. No entry passes through here.
  use Phoenix.LiveView

  @impl true
  def mount(_params, _session, socket) do
    roots = Explorer.roots()
    root = List.first(roots)

    {:ok,
     assign(socket, script: "live", roots: roots, root: root, depth: 2, news: nil, error: nil)}
  end

  # What the hook passes on is what a browser says: fit for showing it to the same person, and for nothing else.
  @impl true
  def handle_event("progress", news, socket),
    do: {:noreply, assign(socket, news: news, error: nil)}

  def handle_event("completed", news, socket),
    do: {:noreply, assign(socket, news: news, error: nil)}

  def handle_event("error", %{"reason" => reason}, socket),
    do: {:noreply, assign(socket, error: reason)}

  def handle_event("again", _params, socket), do: {:noreply, push_event(socket, "again", %{})}
  def handle_event("cancel", _params, socket), do: {:noreply, push_event(socket, "cancel", %{})}

  def handle_event("show", %{"root" => key}, socket) do
    case Explorer.root(key) do
      {:ok, root} -> {:noreply, assign(socket, root: root, news: nil, error: nil)}
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
          <button :if={not scanning?(@news)} type="button" phx-click="again">Scan again</button>
          <button :if={scanning?(@news)} type="button" phx-click="cancel">Cancel</button>
        </form>
        <dl :if={@root} class="summary">
          <div :for={{name, value} <- summary(@news)}>
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

  defp scanning?(news), do: match?(%{"found" => _}, news)

  defp summary(nil), do: [{"Status", "waiting"}]

  defp summary(%{"found" => found} = news),
    do: [{"Status", "scanning"}, {"Entries", count(found)}, {"Rate", count(news["rate"]) <> "/s"}]

  defp summary(news) do
    [
      {"Status", word(news["status"])},
      {"Files", count(news["files"])},
      {"Folders", count(news["directories"])},
      {"Unreadable", count(news["errors"])},
      {"First entry", milliseconds(news["first_entry_ms"])},
      {"Duration", milliseconds(news["duration_ms"])}
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
