defmodule Aether.Index.Cache do
  @moduledoc false
  # Takes over the cache of the original that a source has, if it has one, while the source is being scanned.

  alias Aether.{Error, Index, Native}
  alias Aether.Index.Ask

  @doc """
  Begins to. Nobody waits for it: what the scan finds is better in any case.

  A cache is tried once while the index is open, whatever comes of it.
  """
  @spec take_over(Index.t(), String.t() | nil) :: :ok
  def take_over(%Index{cache_dir: dir, handle: handle}, id)
      when is_binary(dir) and is_binary(id) do
    spawn(fn ->
      if there?(dir, id) and Native.index_claim_cache(handle, id), do: try_it(handle, dir, id)
    end)

    :ok
  end

  def take_over(_index, _id), do: :ok

  # A look that costs no thread, as there hardly ever is one.
  defp there?(dir, id) do
    path = dir <> "/folders_" <> id <> ".bin.zst"
    match?({:ok, _}, :file.read_file_info(path, [:raw]))
  end

  defp try_it(handle, dir, id) do
    case Ask.ask(&Native.index_import_one(&1, handle, dir, id)) do
      {:ok, _imported_or_none} -> :ok
      {:error, %Error{reason: reason}} when reason in [:index_closed, :cancelled] -> :ok
      {:error, error} -> :logger.warning("aether: ~ts", [Exception.message(error)])
    end
  end
end
