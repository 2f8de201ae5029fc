defmodule Aether.Mailbox do
  @moduledoc false
  # Takes the messages of one scan out of its receiver's mailbox. Called by the receiver only.

  alias Aether.{Native, Scan, Summary}

  # A cancelled scan sends its summary within 100 ms; after that its state is worth another look.
  @patience 100

  @doc """
  Waits for the summary and leaves all other messages where they are.

  A scan that has ended and whose summary is not in the mailbox will not send another: the answer
  is `:timeout` at once.
  """
  @spec await(Scan.t(), timeout) :: {:ok, Summary.t()} | {:error, :timeout}
  def await(%Scan{ref: ref} = scan, timeout) do
    timeout = if ended?(scan), do: 0, else: timeout

    receive do
      {:scan_completed, ^ref, summary} -> {:ok, summary}
    after
      timeout -> {:error, :timeout}
    end
  end

  @doc """
  Removes every message of a cancelled scan, the summary included, whether or not that was read before.
  """
  @spec flush(Scan.t()) :: :ok
  def flush(%Scan{} = scan) do
    # Asked first: what has ended by now has sent everything by now.
    ended? = ended?(scan)

    case drop(scan.ref, if(ended?, do: 0, else: @patience)) do
      :completed -> :ok
      :nothing when ended? -> :ok
      :nothing -> flush(scan)
    end
  end

  defp drop(ref, patience) do
    receive do
      {:scan_completed, ^ref, _summary} -> drop_rest(ref)
      {:scan_chunk, ^ref, _slab} -> drop(ref, patience)
      {:scan_progress, ^ref, _progress} -> drop(ref, patience)
      {:scan_passive, ^ref} -> drop(ref, patience)
    after
      patience -> :nothing
    end
  end

  # The summary is the last to arrive, but a receiver may have put messages back out of order.
  defp drop_rest(ref) do
    receive do
      {:scan_chunk, ^ref, _slab} -> drop_rest(ref)
      {:scan_progress, ^ref, _progress} -> drop_rest(ref)
      {:scan_passive, ^ref} -> drop_rest(ref)
    after
      0 -> :completed
    end
  end

  defp ended?(scan), do: Native.scan_info(scan.handle).status not in [:running, :parked]
end
