defmodule Aether.Index.AsyncCall do
  @moduledoc false
  # Calls that run on threads of the native side and answer by message: starts one and waits for its answer.

  alias Aether.{Error, Native}

  # How long to wait, in ms, for the end of a call that was cancelled. Most calls look for that some hundred times a second.
  # One that is queued, or reads the names for a search, does not: it is abandoned.
  @cancel_timeout 100

  @doc """
  Runs a call that is answered by `{:index_answer, ref, answer}`, unless it returns an error at once.

  A call that can be cancelled returns `{:ok, cancel}`. It is cancelled after `timeout`, and when the caller dies;
  `operation` and `path` are for the error.
  """
  @spec run((reference -> any), {timeout, operation :: atom, path :: binary}) ::
          {:ok, any} | :ok | {:error, Error.t()}
  def run(call, {timeout, _operation, _path} = limit \\ {:infinity, :maintain, ""}) do
    # Made here, so that the compiler skips what was in the mailbox before.
    ref = make_ref()

    case call.(ref) do
      {:error, error} ->
        {:error, error}

      started ->
        receive do
          {:index_answer, ^ref, answer} -> answer
        after
          timeout -> cancel(started, ref, limit)
        end
    end
  end

  defp cancel({:ok, cancel}, ref, limit) do
    Native.index_cancel(cancel)

    receive do
      {:index_answer, ^ref, answer} -> late(answer, limit)
    after
      @cancel_timeout ->
        if Native.index_abandon(cancel) do
          late({:error, %Error{reason: :cancelled}}, limit)
        else
          receive do: ({:index_answer, ^ref, answer} -> late(answer, limit))
        end
    end
  end

  defp late({:error, %Error{reason: :cancelled}}, {timeout, operation, path}) do
    detail = "not done after #{timeout} ms"
    {:error, %Error{reason: :etimedout, operation: operation, path: path, detail: detail}}
  end

  # It was done before the cancel reached it.
  defp late(answer, _limit), do: answer
end
