defmodule Aether.Index.Ask do
  @moduledoc false
  # Waits for what runs aside on the native side and answers by message.

  alias Aether.{Error, Native}

  # For the end of what was told to end: it looks whether it shall go on some hundred times a second, and what waits for its
  # turn or reads the names for a search is not waited for.
  @patience 100

  @doc """
  Runs a call that is answered by `{:index_answer, ref, answer}`, unless it returns an error at once.

  What can be cancelled returns `{:ok, cancel}`; it is cancelled after a timeout, and when the caller dies. It is an
  operation then, on a path.
  """
  @spec ask((reference -> any), {timeout, atom, binary}) ::
          {:ok, any} | :ok | {:error, Error.t()}
  def ask(call, {timeout, _operation, _path} = limit \\ {:infinity, :maintain, ""}) do
    # Made here, so that the compiler skips what was in the mailbox before.
    ref = make_ref()

    case call.(ref) do
      {:error, error} ->
        {:error, error}

      started ->
        receive do
          {:index_answer, ^ref, answer} -> answer
        after
          timeout -> give_up(started, ref, limit)
        end
    end
  end

  defp give_up({:ok, cancel}, ref, limit) do
    Native.index_cancel(cancel)

    receive do
      {:index_answer, ^ref, answer} -> late(answer, limit)
    after
      @patience ->
        if Native.index_abandon(cancel) do
          late({:error, %Error{reason: :cancelled}}, limit)
        else
          receive do: ({:index_answer, ^ref, answer} -> late(answer, limit))
        end
    end
  end

  # It may have been done meanwhile.
  defp late({:error, %Error{reason: :cancelled}}, {timeout, operation, path}) do
    detail = "not done after #{timeout} ms"
    {:error, %Error{reason: :etimedout, operation: operation, path: path, detail: detail}}
  end

  defp late(answer, _limit), do: answer
end
