defmodule Aether.Mailbox do
  @moduledoc false
  # Removes the messages of one scan from its receiver's mailbox. Called by the receiver only.
  #
  # Each receive starts at the first message, so removing a thousand messages behind a hundred thousand others would compare a
  # hundred million times. Hence the mark: messages from before the scan's reference was made are skipped. Unrelated messages
  # that came later are not: they have to stay in place, and no message can be put back where it was.

  alias Aether.{Native, Scan, Summary}

  # How long to wait for the summary of a cancelled scan, in ms, before looking at the scan's state again.
  @summary_timeout 100

  @doc """
  Calls `fun` with a new reference, and marks the current end of the mailbox: `flush/1` of the scan
  with this reference starts there.
  """
  @spec marked((reference -> result)) :: result when result: any
  def marked(fun) do
    mark(fun)
  catch
    {__MODULE__, result} -> result
  end

  # The compiler marks the mailbox where a reference is made, for later receives that match on the reference in every
  # clause, as those of `drop/2` do, and removes the mark where the function returns. This function does not return: it is
  # left by a throw that the compiler cannot see, as it happens in a call by the module's name. So the mark stays
  # with the process until a flush has used it. A process keeps eight marks, and the oldest are lost; a flush is then as slow
  # as without them. The compiler option recv_opt_info reports what the compiler does here.
  defp mark(fun) do
    ref = make_ref()
    __MODULE__.leave(fun.(ref))
    # Never reached.
    drop(ref, 0)
  end

  @doc false
  def leave(result), do: throw({__MODULE__, result})

  @doc """
  Waits for the summary and leaves all other messages in the mailbox.

  A scan that has ended, and whose summary is not in the mailbox, will not send another: this returns
  `:timeout` at once.
  """
  @spec await(Scan.t(), timeout) :: {:ok, Summary.t()} | {:error, :timeout}
  def await(%Scan{ref: ref} = scan, timeout) do
    timeout = if ended?(scan), do: 0, else: timeout

    # Without the mark, from the first message on: a mark can be used only once, and the flush needs it more.
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
    # Read first: a scan that has ended by now has also sent everything by now.
    ended? = ended?(scan)

    case drop(scan.ref, if(ended?, do: 0, else: @summary_timeout)) do
      :completed -> :ok
      :nothing when ended? -> :ok
      :nothing -> flush(scan)
    end
  end

  defp drop(ref, timeout) do
    receive do
      {:scan_completed, ^ref, _summary} -> drop_rest(ref)
      {:scan_chunk, ^ref, _slab} -> drop(ref, timeout)
      {:scan_progress, ^ref, _progress} -> drop(ref, timeout)
      {:scan_passive, ^ref} -> drop(ref, timeout)
    after
      timeout -> :nothing
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
