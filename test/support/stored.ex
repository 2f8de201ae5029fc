defmodule Aether.Stored do
  @moduledoc false
  # What an index holds, read by the sqlite3 shell in a process of its own.

  alias Aether.Entry

  @doc "Whether there is a shell to ask."
  def possible?, do: System.find_executable("sqlite3") != nil

  @doc "The rows of a query, each a list of texts. Bytes are to be asked for as `hex(…)`."
  def query!(database, sql) do
    case System.cmd(
           "sqlite3",
           ["-readonly", "-separator", "|", database, ".timeout 20000", "\n" <> sql],
           stderr_to_stdout: true
         ) do
      {output, 0} ->
        for line <- String.split(output, "\n", trim: true), do: String.split(line, "|")

      {output, status} ->
        ExUnit.Assertions.flunk("sqlite3 ended with #{status}: #{output}")
    end
  end

  @doc """
  Has another process hold the lock of whoever writes, until `release!/1`.
  """
  def hold!(database) do
    executable = System.find_executable("sqlite3")
    shell = Port.open({:spawn_executable, executable}, [:binary, args: [database]])
    Port.command(shell, ".timeout 20000\nBEGIN IMMEDIATE; SELECT 'held';\n")
    receive do: ({^shell, {:data, "held\n"}} -> shell)
  end

  @doc "Ends what `hold!/1` began."
  def release!(shell) do
    Port.command(shell, "COMMIT; SELECT 'free';\n")
    receive do: ({^shell, {:data, "free\n"}} -> :ok)
    Port.close(shell)
  end

  @doc "All entries of the source with this root, sorted, as `Aether.Find.entries/1` gives them."
  def entries(database, root) do
    files =
      query!(database, """
      WITH #{tree(root)}
      SELECT hex(path || f.name), f.kind, f.size, f.mtime FROM tree JOIN files f ON f.dir_id = id;
      """)

    directories =
      query!(database, """
      WITH #{tree(root)}
      SELECT hex(substr(CAST(path AS BLOB), 1, length(CAST(path AS BLOB)) - 1)), 2, 0, ifnull(mtime, '-') FROM tree WHERE path <> '';
      """)

    Enum.sort(for row <- files ++ directories, do: entry(row))
  end

  @doc """
  Fails unless the file is whole, every folder's totals are what a recount gives, and what is stored of `root` is what find sees.

  A directory's size is not stored, so it is left out.
  """
  def assert_equal!(database, root) do
    import ExUnit.Assertions
    assert_sound!(database)

    found =
      for entry <- Aether.Find.entries(root),
          do: if(entry.kind == :directory, do: %{entry | size: 0}, else: entry)

    assert entries(database, root) == found
  end

  @doc "Fails unless the file is whole, and every folder's totals are what a recount gives."
  def assert_sound!(database) do
    import ExUnit.Assertions
    assert query!(database, "PRAGMA integrity_check;") == [["ok"]]

    assert query!(database, """
           WITH RECURSIVE
             own(id, files, bytes) AS MATERIALIZED (
               SELECT d.id, count(f.name), ifnull(sum(f.size) FILTER (WHERE f.kind = 1), 0)
                 FROM dirs d LEFT JOIN files f ON f.dir_id = d.id GROUP BY d.id),
             up(id, at, parent) AS (
               SELECT id, id, parent_id FROM dirs
               UNION ALL SELECT up.id, d.id, d.parent_id FROM up JOIN dirs d ON d.id = up.parent)
           SELECT d.id, hex(d.name), d.file_count, sum(own.files), d.bytes, sum(own.bytes)
             FROM dirs d JOIN up ON up.at = d.id JOIN own ON own.id = up.id
            GROUP BY d.id HAVING d.file_count <> sum(own.files) OR d.bytes <> sum(own.bytes);
           """) == []
  end

  # Paths are put together from names: those that are stored are for the views.
  defp tree(root) do
    """
    RECURSIVE tree(id, path, mtime) AS (
      SELECT root_dir, '', NULL FROM sources WHERE hex(root) = '#{Base.encode16(root)}'
      UNION ALL
      SELECT d.id, tree.path || d.name || '/', d.mtime FROM tree JOIN dirs d ON d.parent_id = tree.id)
    """
  end

  defp entry([path, kind, size, mtime]) do
    %Entry{
      path: Base.decode16!(path),
      kind: Enum.at([:unknown, :file, :directory, :symlink, :other], String.to_integer(kind)),
      size: String.to_integer(size),
      mtime: if(mtime == "-", do: nil, else: String.to_integer(mtime))
    }
  end
end
