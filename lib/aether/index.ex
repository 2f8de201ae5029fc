defmodule Aether.Index do
  @moduledoc """
  A live picture of scanned trees in one SQLite file.

      {:ok, index} = Aether.Index.open(path: "/var/lib/app/files.db")
      {:ok, scan} = Aether.Scanner.scan("/srv/files", index: index)

  or beneath a supervisor, and then by its name:

      children = [{Aether.Index, name: MyApp.Files, path: "/var/lib/app/files.db"}]
      {:ok, scan} = Aether.Scanner.scan("/srv/files", index: MyApp.Files, slabs: false)

  One process of the operating system writes an index at a time; any number may read it meanwhile. The file
  is SQLite's (with `-wal` and `-shm` beside it, and a `-writer` of Aether's own): while it is open, never
  read, copy or open it from inside this VM by other means than this module's. Closing any descriptor of it
  would drop the locks that SQLite holds.
  """

  use GenServer

  alias Aether.{Error, Native}

  @table [
    {:path, "a binary", "the database file, made if it is not there; its directory must exist"},
    {:name, "a name as `GenServer` takes it", "of the process, with `start_link/1` only"},
    {:cache_dir, "a binary or nil",
     "a directory with caches of the original (`folders_<id>.bin.zst`), which are taken over. Default `nil`"},
    {:history, "an integer from 0 to 1000",
     "of how many whole scans changes are kept. Default 10"},
    {:busy_timeout, "a number of milliseconds",
     "how long to wait for another writer, in this or another process. Default 5000"}
  ]

  @enforce_keys [:handle, :path]
  @derive {Inspect, only: [:path]}
  defstruct [:handle, :path, :cache_dir]

  @typedoc "An open index."
  @type t :: %__MODULE__{handle: reference, path: binary, cache_dir: binary | nil}

  @typedoc "An open index, or the process that holds one."
  @type index :: t | GenServer.server()

  @doc """
  Opens an index, or makes one.

  The process that holds the last reference to it closes it; `close/1` does so at once.

  ## Options

  #{for {name, takes, does} <- @table, name != :name, do: "  * `:#{name}` - #{takes}: #{does}.\n"}
  A file that is something else is refused and left untouched: `:index_notadb`, `:index_foreign` (another program's),
  `:index_version` (a newer Aether's), `:index_corrupt`. `:index_busy` when another writer stays.

  ## Example

      iex> path = Path.join(System.tmp_dir!(), "aether-doc-\#{System.unique_integer([:positive])}.db")
      iex> {:ok, index} = Aether.Index.open(path: path)
      iex> Aether.Index.close(index)
      :ok
  """
  @spec open(keyword) :: {:ok, t} | {:error, Error.t()}
  def open(opts) do
    options = options(opts)

    with :ok <- Aether.Opening.check_path(options.path),
         {:ok, handle} <-
           ask(&Native.index_open(&1, options.path, options.busy_timeout, options.history)) do
      {:ok, %__MODULE__{handle: handle, path: options.path, cache_dir: options.cache_dir}}
    end
  end

  @doc """
  Writes what is queued, ends scans into it as cancelled, and lets go of the file.

  Closing twice is no error.
  """
  @spec close(index) :: :ok | {:error, Error.t()}
  def close(index) do
    %{handle: handle} = get(index)
    with {:ok, :ok} <- ask(&Native.index_close(&1, handle)), do: :ok
  end

  @doc """
  Opens an index in a process of its own, for a supervision tree. Takes the options of `open/1` and `:name`.

  A restart waits up to `:busy_timeout` for the old writer to let go of the file.
  """
  @spec start_link(keyword) :: GenServer.on_start()
  def start_link(opts) do
    {name, opts} = Keyword.split(opts, [:name])
    _ = options(opts)
    GenServer.start_link(__MODULE__, opts, name)
  end

  @doc false
  def child_spec(opts) do
    %{id: opts[:name] || __MODULE__, start: {__MODULE__, :start_link, [opts]}, shutdown: 30_000}
  end

  @doc """
  The index that a process holds; an index itself is given back.
  """
  @spec get(index) :: t
  def get(%__MODULE__{} = index), do: index
  def get(server), do: GenServer.call(server, :get, :infinity)

  @impl true
  def init(opts) do
    Process.flag(:trap_exit, true)

    case open(opts) do
      {:ok, index} -> {:ok, index}
      {:error, error} -> {:stop, error}
    end
  end

  @impl true
  def handle_call(:get, _from, index), do: {:reply, index, index}

  @impl true
  def terminate(_reason, index), do: close(index)

  # What runs aside answers by message. The reference is made here, so that the compiler skips what was in the
  # mailbox before.
  defp ask(call) do
    ref = make_ref()

    with :ok <- call.(ref) do
      receive do
        {:index_answer, ^ref, answer} -> answer
      end
    end
  end

  defp options(opts) do
    if not Keyword.keyword?(opts),
      do: raise(ArgumentError, "an index takes options as a keyword list, got: #{inspect(opts)}")

    given = for {name, value} <- opts, into: %{}, do: {name, check!(name, value)}

    if not is_map_key(given, :path),
      do: raise(ArgumentError, "an index needs option :path, the database file")

    Map.merge(%{cache_dir: nil, history: 10, busy_timeout: 5000}, given)
  end

  defp check!(name, value) do
    case List.keyfind(@table, name, 0) do
      {^name, takes, _does} ->
        if valid?(name, value),
          do: value,
          else:
            raise(
              ArgumentError,
              "option #{inspect(name)} of Aether.Index takes #{takes}, got: #{inspect(value)}"
            )

      nil ->
        names = Enum.map_join(@table, ", ", &inspect(elem(&1, 0)))

        raise ArgumentError,
              "unknown option #{inspect(name)} for Aether.Index, it takes #{names}"
    end
  end

  defp valid?(:path, path), do: is_binary(path)
  defp valid?(:cache_dir, dir), do: is_nil(dir) or is_binary(dir)
  defp valid?(:history, history), do: history in 0..1000
  defp valid?(:busy_timeout, time), do: time in 0..0xFFFFFFFF
  defp valid?(:name, _name), do: true
end
