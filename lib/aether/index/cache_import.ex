defmodule Aether.Index.CacheImport do
  @moduledoc false
  # Imports the cache file that a source had in the predecessor, if there is one, while the source is being scanned. This is
  # all that Aether does with such files unasked; `Aether.Index.import_cache/3` imports a whole directory of them.

  alias Aether.{Error, Native}
  alias Aether.Index.AsyncCall

  @doc """
  Starts the import of the cache of the source `id` in the directory `dir`. Nothing waits for it: what the scan finds is
  better in any case.

  A cache is tried once while the index is open, whatever comes of it.
  """
  @spec start_import(reference, binary | nil, String.t() | nil) :: :ok
  def start_import(handle, dir, id) when is_binary(dir) and is_binary(id) do
    spawn(fn ->
      if exists?(dir, id) and Native.index_claim_cache(handle, id),
        do: import_one(handle, dir, id)
    end)

    :ok
  end

  def start_import(_handle, _dir, _id), do: :ok

  # Checked first without a native thread, as there is hardly ever such a file.
  defp exists?(dir, id) do
    path = dir <> "/folders_" <> id <> ".bin.zst"
    match?({:ok, _}, :file.read_file_info(path, [:raw]))
  end

  defp import_one(handle, dir, id) do
    call = &Native.index_import_one(&1, handle, dir, id)

    case AsyncCall.run(call, {:infinity, :import, dir}) do
      {:ok, _imported_or_none} -> :ok
      {:error, %Error{reason: reason}} when reason in [:index_closed, :cancelled] -> :ok
      {:error, error} -> :logger.warning("aether: ~ts", [Exception.message(error)])
    end
  end
end
