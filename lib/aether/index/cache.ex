defmodule Aether.Index.Cache do
  @moduledoc false
  # Takes over the cache of the original that a source has, if it has one, while the source is being scanned.

  alias Aether.{Error, Index, Native}
  alias Aether.Index.Ask

  @doc """
  Begins to. Nobody waits for it: what the scan finds is better in any case.
  """
  @spec take_over(Index.t(), String.t() | nil) :: :ok
  def take_over(%Index{cache_dir: dir, handle: handle}, id)
      when is_binary(dir) and is_binary(id) do
    spawn(fn ->
      case Ask.ask(&Native.index_import_one(&1, handle, dir, id)) do
        {:ok, _imported_or_none} -> :ok
        {:error, %Error{reason: reason}} when reason in [:index_closed, :cancelled] -> :ok
        {:error, error} -> :logger.warning("aether: ~ts", [Exception.message(error)])
      end
    end)

    :ok
  end

  def take_over(_index, _id), do: :ok
end
