defmodule Aether.Index.Ask do
  @moduledoc false
  # Waits for what runs aside on the native side and answers by message.

  alias Aether.{Error, Native}

  @doc """
  Runs a call that is answered by `{:index_answer, ref, answer}`, unless it returns an error at once.

  What can be cancelled returns `{:ok, cancel}`; it is cancelled after `timeout`, and when the caller dies.
  """
  @spec ask((reference -> any), timeout) :: {:ok, any} | :ok | {:error, Error.t()}
  def ask(call, timeout \\ :infinity) do
    # Made here, so that the compiler skips what was in the mailbox before.
    ref = make_ref()

    case call.(ref) do
      {:error, error} ->
        {:error, error}

      started ->
        receive do
          {:index_answer, ^ref, answer} -> answer
        after
          timeout ->
            give_up(started, timeout)

            # It ends soon after it was told to, or had ended.
            receive do
              {:index_answer, ^ref, {:error, %Error{reason: :cancelled} = error}} ->
                {:error, %{error | reason: :etimedout, detail: "not done after #{timeout} ms"}}

              {:index_answer, ^ref, answer} ->
                answer
            end
        end
    end
  end

  defp give_up({:ok, cancel}, _timeout), do: Native.index_cancel(cancel)
end
