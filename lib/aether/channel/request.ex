defmodule Aether.Channel.Request do
  @moduledoc false
  # Parses a client's requests. Payloads are untrusted: an unknown member, or a value that a member does not take, is refused
  # with the member's name, and no part of the request reaches a call. Pure.

  alias Aether.Attributes

  # Options of a scan that a client may give, unless the app reserves them.
  @options [:depth, :metadata, :hidden, :ignore, :exclude, :same_file_system, :progress]

  # event => {required members, optional members}
  @requests %{
    "scan" => {[:root], [:index | @options]},
    "scan_subdir" => {[:root, :path], @options},
    "stat" => {[:root, :path], []},
    "cancel" => {[], [:tag, :root]},
    "ack" => {[:count], []},
    "children" => {[:root, :path], [:limit, :after, :sort, :order, :errors]},
    "links" => {[:root, :path], [:limit]},
    "largest" => {[:root, :path], [:limit, :by]},
    "breakdown" => {[:root, :path], [:limit, :by]},
    "search" =>
      {[:root, :query], [:path, :limit, :mode, :after, :kind, :ext, :larger, :newer_ms]},
    "index" => {[:root], [:again]},
    "watch" => {[:root, :path], []},
    "unwatch" => {[:root, :path], []}
  }

  @kinds [:unknown, :file, :directory, :symlink, :other]

  # Maximum number of patterns or names in one request, and maximum lengths in bytes.
  @max_items 100
  @max_item_bytes 1024
  @max_key_bytes 255
  @max_query_bytes 1000
  @max_path_bytes 4096
  # Of a folder or an entry. The system's calls take 4,095, but a walk goes down name by name.
  @max_beneath_bytes 65_536
  @max_rows 1000
  # JavaScript's Number.MAX_SAFE_INTEGER.
  @max_integer 0x1FFFFFFFFFFFFF

  @typedoc "A request's members. A path is bytes, whether it came as a string or in Base64."
  @type t :: %{optional(atom) => any}

  @doc "The events that are requests of Aether's protocol."
  @spec events() :: [String.t()]
  def events, do: Map.keys(@requests)

  @doc "The required and the optional members of each request."
  @spec requests() :: %{String.t() => {[atom], [atom]}}
  def requests, do: @requests

  @doc "The options of a scan that a client may give, unless the app allows fewer."
  @spec options() :: [atom]
  def options, do: @options

  @doc """
  Parses a request; `allowed` are the options of a scan that this client may give, and `groups` the attributes that it may have.
  What is wrong is a member, or a group within `metadata`.

      iex> Aether.Channel.Request.parse("scan", %{"root" => "r", "depth" => "infinity"}, [:depth], [])
      {:ok, %{root: "r", depth: :infinity}}

      iex> Aether.Channel.Request.parse("scan", %{"root" => "r", "threads" => 1}, [:depth], [])
      {:error, "threads"}

      iex> payload = %{"root" => "r", "metadata" => ["disk", "owner"]}
      iex> Aether.Channel.Request.parse("scan", payload, [:metadata], [:disk])
      {:error, {"metadata", "owner"}}
  """
  @spec parse(String.t(), any, [atom], [Attributes.group()]) ::
          {:ok, t} | {:error, String.t() | {String.t(), String.t() | nil} | nil}
  def parse(event, %{} = payload, allowed, groups) when not is_struct(payload) do
    {needs, takes} = Map.fetch!(@requests, event)
    takes = Map.new((needs ++ takes) -- @options -- allowed, &{Atom.to_string(&1), &1})

    with {:ok, payload} <- bytes(payload),
         {:ok, request} <- members(Map.to_list(payload), takes, %{}),
         {:ok, request} <- complete(needs, request),
         :ok <- allowed(event, request, groups),
         do: metadata(request, groups)
  end

  def parse(_event, _payload, _allowed, _groups), do: {:error, nil}

  # What an answer would tell, also by its order, the client may not have.
  defp allowed("links", _request, groups), do: group(:inode, groups, {"links", "inode"})
  defp allowed("children", %{sort: :disk}, groups), do: group(:disk, groups, "sort")
  defp allowed("largest", %{by: :disk}, groups), do: group(:disk, groups, "by")
  defp allowed("largest", %{by: by}, _groups) when by != :size, do: {:error, "by"}
  defp allowed("breakdown", %{by: :owner}, groups), do: group(:owner, groups, "by")

  defp allowed("breakdown", %{by: by}, _groups) when by not in [:extension, :age],
    do: {:error, "by"}

  defp allowed(_event, _request, _groups), do: :ok

  defp group(group, groups, wrong), do: if(group in groups, do: :ok, else: {:error, wrong})

  # A group that does not exist is refused as one that the client may not have.
  defp metadata(%{metadata: [_ | _] = names} = request, groups) do
    known = Map.new(groups, &{Atom.to_string(&1), &1})

    case Enum.find(names, &(not is_map_key(known, &1))) do
      nil -> {:ok, %{request | metadata: Enum.map(names, &Map.fetch!(known, &1))}}
      other -> {:error, {"metadata", shown(other)}}
    end
  end

  defp metadata(request, _groups), do: {:ok, request}

  # A path that is not UTF-8 has no string in JSON.
  defp bytes(%{"path" => _, "path_base64" => _}), do: {:error, "path_base64"}

  defp bytes(%{"path_base64" => text} = payload) do
    # Before it is decoded, which takes as much memory again.
    longest = 4 * div(@max_beneath_bytes + 2, 3)

    case is_binary(text) and byte_size(text) <= longest and Base.decode64(text) do
      {:ok, path} when byte_size(path) <= @max_beneath_bytes ->
        {:ok, payload |> Map.delete("path_base64") |> Map.put("path", path)}

      _other ->
        {:error, "path_base64"}
    end
  end

  defp bytes(payload), do: {:ok, payload}

  defp members([], _takes, request), do: {:ok, request}

  defp members([{name, value} | rest], takes, request) do
    with %{^name => key} <- takes, {:ok, value} <- read(key, value) do
      members(rest, takes, Map.put(request, key, value))
    else
      _other -> {:error, shown(name)}
    end
  end

  # Goes back to the client that sent it, if it is short enough and valid text.
  defp shown(name) when is_binary(name) and byte_size(name) <= @max_key_bytes do
    if String.valid?(name), do: name
  end

  defp shown(_name), do: nil

  defp complete(needs, request) do
    case Enum.reject(needs, &is_map_key(request, &1)) do
      [] -> {:ok, request}
      [missing | _] -> {:error, Atom.to_string(missing)}
    end
  end

  defp read(:root, key), do: ok_if(text?(key, @max_key_bytes) and key != "", key)

  defp read(:path, path),
    do: ok_if(is_binary(path) and byte_size(path) <= @max_beneath_bytes, path)

  defp read(:tag, tag), do: ok_if(is_integer(tag) and tag in 0..0xFFFFFFFF, tag)
  defp read(:count, count), do: ok_if(is_integer(count) and count >= 0, count)
  defp read(:metadata, [_ | _] = groups), do: ok_if(items?(groups), groups)
  defp read(:depth, "infinity"), do: {:ok, :infinity}
  defp read(:depth, depth), do: ok_if(is_integer(depth) and depth > 0, depth)
  defp read(:ignore, false), do: {:ok, false}
  defp read(:ignore, "git"), do: {:ok, :git}
  defp read(:ignore, patterns), do: ok_if(items?(patterns), patterns)

  defp read(:exclude, names),
    do: ok_if(items?(names) and Enum.all?(names, &(&1 != "" and not (&1 =~ ~r"[/\0]"))), names)

  defp read(:query, query) do
    longest = if is_binary(query) and query =~ "/", do: @max_path_bytes, else: @max_query_bytes
    ok_if(text?(query, longest), query)
  end

  defp read(:limit, limit), do: ok_if(is_integer(limit) and limit in 1..@max_rows, limit)

  defp read(:after, nil), do: {:ok, nil}
  defp read(:after, text) when is_binary(text), do: Base.decode64(text)
  defp read(:after, _other), do: :error

  defp read(:sort, sort), do: one_of(sort, [:name, :size, :count, :mtime, :disk])
  defp read(:by, by), do: one_of(by, [:size, :disk, :extension, :age, :owner])
  defp read(:order, order), do: one_of(order, [:asc, :desc])
  defp read(:mode, mode), do: one_of(mode, [:auto, :substring, :glob, :fuzzy])

  defp read(:kind, kinds) do
    with true <- items?(kinds),
         kinds = for(kind <- kinds, do: one_of(kind, @kinds)),
         false <- :error in kinds,
         do: {:ok, Keyword.values(kinds)},
         else: (_ -> :error)
  end

  defp read(:ext, names),
    do: ok_if(items?(names) and Enum.all?(names, &(&1 not in ["", "."])), names)

  defp read(:larger, bytes), do: ok_if(bytes in 0..@max_integer, bytes)

  # Milliseconds, like all times in the protocol.
  defp read(:newer_ms, time), do: ok_if(time in -@max_integer..@max_integer, time)

  defp read(name, value)
       when name in [:metadata, :hidden, :same_file_system, :progress, :index, :again, :errors],
       do: ok_if(is_boolean(value), value)

  defp one_of(text, atoms) do
    case Enum.find(atoms, &(Atom.to_string(&1) == text)) do
      nil -> :error
      atom -> {:ok, atom}
    end
  end

  defp items?(items) do
    is_list(items) and not List.improper?(items) and length(items) <= @max_items and
      Enum.all?(items, &text?(&1, @max_item_bytes))
  end

  defp text?(text, longest),
    do: is_binary(text) and byte_size(text) <= longest and String.valid?(text)

  defp ok_if(true, value), do: {:ok, value}
  defp ok_if(false, _value), do: :error
end
