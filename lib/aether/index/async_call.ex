defmodule Aether.Index.AsyncCall do
  @moduledoc false
  # Calls that run on threads of the native side and answer by message: starts one and waits for its answer.

  alias Aether.{Error, Native}

  # How long to wait, in ms, for the end of a call that was cancelled. Most calls look for that some hundred times a second.
  # One that is queued, reads the names for a search, or waits for the disk, does not: it is abandoned.
  @cancel_timeout 100

  @typedoc "How long to wait, and what the error says of the call."
  @type limit :: {timeout, operation :: atom, path :: binary}

  @doc """
  Runs a call that returns `{:ok, cancel}` and is answered by `{:index_answer, ref, answer}`, unless it returns an error at once.

  It is cancelled after `timeout`, and when the caller dies; `operation` and `path` are for the error.
  """
  @spec run((reference -> any), limit) :: {:ok, any} | :ok | {:error, Error.t()}
  def run(call, {timeout, _operation, _path} = limit) do
    # Made here, so that the compiler skips what was in the mailbox before.
    ref = make_ref()

    case call.(ref) do
      {:error, error} ->
        {:error, error}

      {:ok, cancel} ->
        receive do
          {:index_answer, ^ref, answer} -> answer
        after
          timeout -> cancel(cancel, ref, limit)
        end
    end
  end

  @doc """
  Asks the process that holds an index, which itself may wait for the disk.
  """
  @spec ask(GenServer.server(), request :: any, limit) :: any | {:error, Error.t()}
  def ask(server, request, {timeout, _operation, _path} = limit) do
    GenServer.call(server, request, timeout)
  catch
    :exit, {:timeout, {GenServer, :call, _arguments}} -> late(limit)
  end

  defp cancel(cancel, ref, limit) do
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

  defp late({:error, %Error{reason: :cancelled}}, limit), do: late(limit)

  # It was done before the cancel reached it.
  defp late(answer, _limit), do: answer

  defp late({timeout, operation, path}) do
    detail = "not done after #{timeout} ms"
    {:error, %Error{reason: :etimedout, operation: operation, path: path, detail: detail}}
  end
end
