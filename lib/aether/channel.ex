defmodule Aether.Channel do
  alias Aether.Channel.{Config, Details, Index, Pace, Request, Scans}

  @moduledoc """
  A Phoenix Channel that shows directory trees to browsers.

      defmodule MyAppWeb.TreeChannel do
        use Phoenix.Channel
        use Aether.Channel, index: MyApp.Files, options: [exclude: [".git"]]

        @impl Aether.Channel
        def root("share", _socket), do: {:ok, "/usr/share"}

        def root("home", socket) do
          if user = socket.assigns[:user], do: {:ok, "/srv/home/" <> user.name}, else: :error
        end

        def root(_key, _socket), do: :error
      end

  A client names directories by keys, which the app maps to paths or refuses. It lists directories, opens folders, and
  gets slabs as they are: the server decodes none. More slabs are sent only as the client acknowledges those it has received,
  so a slow or sleeping browser costs no more memory than its window of slabs, whatever the size of the tree. With an
  `Aether.Index` it can also page through what is stored, search, and watch totals change.

  The requests, and what is sent, are listed in `guides/phoenix.md`. A client cannot tell what it may not see from what
  does not exist; no path of the server, and no text of an error, is ever sent to it.

  ## In the app's own module

  `use Aether.Channel` adds clauses of `handle_in/3` and `handle_info/2` after the app's own, and a `join/3` if the app
  has none. So an app can answer requests of its own, or see Aether's before Aether does. It must not have a catch-all
  clause, least of all in `handle_info/2`: Aether's messages would end there.

  An app that needs other wiring calls `join/2`, `handle_in/3` and `handle_info/2` itself, as `use` does:

      def join("files:" <> id, _params, socket) do
        if allowed?(socket, id), do: Aether.Channel.join(socket, __MODULE__), else: {:error, %{reason: "not_found"}}
      end

  ## Options

  #{Config.docs()}
  The limits are per channel. A browser can join several channels; `max_channels_per_transport` of `Phoenix.Socket` limits
  that.

  ## Memory

  The channel's messages are kept off its heap, and it hibernates when its last scan has ended, so that it keeps no slab
  alive. `Aether.Serializer` avoids the copy that Phoenix makes of each slab.
  """

  # Called by name, so that Aether compiles without Phoenix. Where a channel runs, Phoenix is there.
  @compile {:no_warn_undefined, Phoenix.Channel}

  @typedoc "A `Phoenix.Socket`."
  @type socket :: %{required(:assigns) => map, optional(any) => any}

  @doc """
  The directory that a client means by a key, if it may see it.

  Called for every request, so that a revoked permission takes effect at once. The options are those of
  `Aether.Scanner.scan/2`, which take precedence over the channel's, and

    * `:source_id` - the id of the directory in the index
    * `:known_as` - an absolute path by which clients know the directory: searches find pasted paths that begin with it.
      Without it they find no absolute paths, so that a client cannot find out by trying where the directory lies
  """
  @callback root(key :: String.t(), socket) :: {:ok, binary} | {:ok, binary, keyword} | :error

  # Defaults, which the channel's options, the root's and the client's can override.
  @defaults [progress: true]

  # Options that an expanded folder inherits from the scan of its root.
  @inherited [:metadata, :hidden, :ignore, :exclude, :same_file_system]

  # Maximum number of messages in the transport's mailbox, besides a window full of slabs, for which the client still counts as
  # ready for more events.
  @max_backlog 32

  # How long a client on a slow line is told nothing unasked after it was, in milliseconds.
  @between_events 1000

  @enforce_keys [:config, :scans, :told_at]
  @derive {Inspect, only: []}
  defstruct [:config, :scans, :told_at, index: %Index{}, details: %Details{}, given: %{}]

  @doc false
  defmacro __using__(opts) do
    quote do
      @behaviour Aether.Channel
      @before_compile Aether.Channel

      @doc false
      def __aether__, do: Keyword.merge([roots: &__MODULE__.root/2], unquote(opts))
    end
  end

  # `generated: true`, so that the compiler does not warn the app about code that it has not written, if it has such clauses in
  # several places or a catch-all clause.
  @doc false
  defmacro __before_compile__(env) do
    join =
      if not Module.defines?(env.module, {:join, 3}) do
        quote generated: true do
          def join(_topic, _params, socket), do: Aether.Channel.join(socket, __MODULE__)
        end
      end

    quote generated: true do
      unquote(join)

      def handle_in(event, payload, socket),
        do: Aether.Channel.last_in(event, payload, socket, __MODULE__)

      def handle_info(message, socket), do: Aether.Channel.last_info(message, socket)
    end
  end

  @doc false
  def last_in(event, payload, socket, module) do
    socket =
      if is_map_key(socket.assigns, :aether), do: socket, else: elem(join(socket, module), 2)

    with :unhandled <- handle_in(event, payload, socket), do: refuse("bad_request", socket)
  end

  @doc false
  def last_info(message, socket) do
    with :unhandled <- handle_info(message, socket), do: {:noreply, socket}
  end

  @doc """
  Prepares a socket for requests. Call it from the channel's process, in its `join/3`.

  Takes the module that has `use Aether.Channel`, or its options with `:roots`. The reply tells the client its limits.
  """
  @spec join(socket, module | keyword) :: {:ok, map, socket}
  def join(socket, module) when is_atom(module), do: join(socket, module.__aether__())

  def join(socket, opts) do
    config = Config.new(opts)

    # So that no garbage collection copies queued slabs, and none are kept alive until the next collection.
    Process.flag(:message_queue_data, :off_heap)
    told_at = now() - @between_events
    state = %__MODULE__{config: config, scans: Scans.new(config), told_at: told_at}
    {:ok, Map.take(config, [:window, :running, :waiting]), put(socket, state)}
  end

  @doc """
  Answers a request; `:unhandled` if it is not one of Aether's.
  """
  @spec handle_in(String.t(), any, socket) :: tuple | :unhandled
  def handle_in(event, payload, %{assigns: %{aether: state}} = socket) do
    with true <- event in Request.events(),
         {:ok, request} <- parse(event, payload, state.config) do
      case request(event, request, state, socket) do
        {:ok, reply, state, effects} -> {:reply, {:ok, reply}, run(put(socket, state), effects)}
        {:noreply, state} -> {:noreply, put(socket, state)}
        {:noreply, state, effects} -> {:noreply, run(put(socket, state), effects)}
        {:error, reason} -> refuse(reason, socket)
      end
    else
      false ->
        :unhandled

      {:error, nil} ->
        refuse("bad_request", socket)

      {:error, {member, group}} ->
        {:reply, {:error, %{reason: "bad_request", member: member, group: group}}, socket}

      {:error, member} ->
        {:reply, {:error, %{reason: "bad_request", member: member}}, socket}
    end
  end

  defp parse(event, payload, config),
    do: Request.parse(event, payload, config.allow, config.attributes)

  @doc """
  Handles a message; `:unhandled` if it is not one of Aether's.
  """
  @spec handle_info(any, socket) :: tuple | :unhandled
  def handle_info(message, %{assigns: %{aether: state}} = socket) do
    with :unhandled <- Scans.message(scans(state), state.config, message),
         :unhandled <- Details.message(state.details, message),
         :unhandled <-
           Index.message(state.index, state.config, message, fn -> ready?(socket, state) end) do
      :unhandled
    else
      {%Scans{}, [{"progress", _payload}] = pushes} ->
        if ready?(socket, state),
          do: {:noreply, run(put(socket, told(state, pushes)), pushes)},
          else: {:noreply, socket}

      {%Scans{} = scans, pushes} ->
        socket = run(put(socket, %{state | scans: scans}), pushes)
        # Nothing is expected soon, so free what was passed on.
        if Scans.idle?(scans), do: {:noreply, socket, :hibernate}, else: {:noreply, socket}

      {%Details{} = details, effects} ->
        {:noreply, run(put(socket, %{state | details: details}), effects)}

      {%Index{} = index, effects} ->
        {:noreply, run(put(socket, told(%{state | index: index}, effects)), effects)}
    end
  end

  def handle_info(_message, _socket), do: :unhandled

  defp request(event, %{root: key} = request, state, socket) do
    case state.config.roots.(key, socket) do
      {:ok, path} -> request(event, request, root(key, path, [], state), state, socket)
      {:ok, path, opts} -> request(event, request, root(key, path, opts, state), state, socket)
      :error -> {:error, "not_found"}
    end
  end

  defp request("cancel", %{tag: tag}, state, _socket) do
    {scans, pushes} = Scans.cancel(state.scans, state.config, tag, "client")
    {:ok, %{}, %{state | scans: scans}, pushes}
  end

  defp request("ack", %{count: count}, state, _socket) do
    case Scans.acknowledge(scans(state), state.config, count) do
      {:ok, scans, pushes} -> {:noreply, %{state | scans: scans}, pushes}
      :error -> {:error, "bad_request"}
    end
  end

  defp request(_event, _request, _state, _socket), do: {:error, "bad_request"}

  defp request("scan", request, root, state, _socket) do
    {index, given} = Map.pop(request, :index)
    given = Map.to_list(Map.delete(given, :root))
    state = put_in(state.given[root.key], Keyword.take(given, @inherited))

    with {:ok, reply, state, []} <- scan(root, nil, given, state) do
      {state, pushes} =
        if index == false or state.config.sources == nil,
          do: {state, []},
          else: scan_whole(root, index == true, state)

      {:ok, reply, state, pushes}
    end
  end

  defp request("scan_subdir", request, root, state, _socket) do
    given = Map.to_list(Map.drop(request, [:root, :path]))
    scan(root, request.path, Keyword.merge(Map.get(state.given, root.key, []), given), state)
  end

  defp request("stat", %{path: path}, root, state, socket) do
    options = Keyword.merge(Map.get(state.given, root.key, []), root.options)
    to = Phoenix.Channel.socket_ref(socket)

    with {:ok, details} <-
           Details.stat(state.details, state.config, root.path, path, options, to),
         do: {:noreply, %{state | details: details}}
  end

  defp request("cancel", request, _root, _state, _socket) when is_map_key(request, :tag),
    do: {:error, "bad_request"}

  defp request(_event, _request, _root, %{config: %{index: nil}}, _socket),
    do: {:error, "no_index"}

  defp request("cancel", _request, root, state, _socket) do
    Index.cancel_scan(state.config, root)
    {:ok, %{}, state, []}
  end

  defp request("index", _request, _root, %{config: %{sources: nil}}, _socket),
    do: {:error, "no_index"}

  defp request("index", request, root, state, _socket) do
    {state, pushes} = scan_whole(root, Map.get(request, :again, false), state)
    {:ok, %{}, state, pushes}
  end

  defp request("watch", %{path: path}, root, state, _socket) do
    with {:ok, index} <- Index.watch(state.index, state.config, root, path),
         do: {:ok, %{}, %{state | index: index}, []}
  end

  defp request("unwatch", %{path: path}, root, state, _socket),
    do: {:ok, %{}, %{state | index: Index.unwatch(state.index, root, path)}, []}

  defp request(event, request, root, state, socket) do
    to = Phoenix.Channel.socket_ref(socket)

    with {:ok, index} <- Index.query(state.index, state.config, event, root, request, to),
         do: {:noreply, %{state | index: index}}
  end

  defp root(key, path, opts, state) do
    {own, opts} = Keyword.split(opts, [:source_id, :known_as])
    options = Keyword.merge(state.config.options, opts)

    %{
      key: key,
      path: path,
      source_id: own[:source_id],
      known_as: own[:known_as],
      options: options
    }
  end

  defp scan(root, folder, given, state) do
    options = @defaults |> Keyword.merge(given) |> Keyword.merge(root.options)

    with {:ok, reply, scans} <-
           Scans.start(state.scans, state.config, root.path, folder, options),
         do: {:ok, reply, %{state | scans: scans}, []}
  end

  # The client's slabs come from a shallow scan of its own. The scan of the whole root, into the index, is shared by all clients.
  defp scan_whole(root, again?, state) do
    when_to = if again?, do: :always, else: :stale
    {index, pushes} = Index.join_scan(state.index, state.config, root, when_to)
    {%{state | index: index}, pushes}
  end

  defp scans(%{details: details, index: index} = state),
    do: %{state.scans | hurry?: details.jobs != %{} or index.jobs != %{}}

  # Whether the client keeps up. Slabs have the window; everything else that is pushed unasked checks this.
  defp ready?(socket, state) do
    (not Pace.slow?(state.scans.pace) or now() - state.told_at >= @between_events) and
      transport_ready?(socket, state)
  end

  # When something was last pushed unasked.
  defp told(state, effects) do
    if Enum.any?(effects, &match?({event, _payload} when is_binary(event), &1)),
      do: %{state | told_at: now()},
      else: state
  end

  defp now, do: System.monotonic_time(:millisecond)

  defp transport_ready?(%{transport_pid: pid}, state) when is_pid(pid) and node(pid) == node() do
    case Process.info(pid, :message_queue_len) do
      {:message_queue_len, waiting} -> waiting <= state.config.window + @max_backlog
      nil -> false
    end
  end

  defp transport_ready?(_socket, _state), do: true

  defp run(socket, effects) do
    Enum.each(effects, fn
      {:reply, to, reply} -> Phoenix.Channel.reply(to, reply)
      {event, payload} -> Phoenix.Channel.push(socket, event, payload(socket, payload))
    end)

    socket
  end

  # Long polling carries text alone; Phoenix would fail at encoding a binary.
  defp payload(%{transport: :longpoll}, {:binary, slab}), do: %{base64: Base.encode64(slab)}
  defp payload(_socket, payload), do: payload

  defp refuse(reason, socket), do: {:reply, {:error, %{reason: reason}}, socket}

  # Phoenix's `assign`, without Phoenix.
  defp put(socket, state), do: %{socket | assigns: Map.put(socket.assigns, :aether, state)}
end
