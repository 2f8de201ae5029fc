defmodule Aether.Mailbox do
  @moduledoc false
  # Takes the messages of one scan out of its receiver's mailbox. Called by the receiver only.
  #
  # A receive begins with the first message each time, so taking out a thousand that lie behind a hundred thousand of
  # somebody else's would cost a hundred million looks. Hence the mark: what came before the scan's reference was made is
  # skipped. What came in between is not: it has to stay where it is, and no message can be put back in its place.

  alias Aether.{Native, Scan, Summary}

  # A cancelled scan sends its summary within 100 ms; after that its state is worth another look.
  @patience 100

  @doc """
  Calls `fun` with a new reference, and marks where the mailbox ends now: `flush/1` of a scan by this
  reference begins there.
  """
  @spec marked((reference -> result)) :: result when result: any
  def marked(fun) do
    mark(fun)
  catch
    {__MODULE__, result} -> result
  end

  # Where a reference is made the compiler marks the mailbox, for receives further down that match on the reference in
  # every clause, as those of `drop/2`; where the function returns it takes the mark away. This one does not return: it is
  # left by a throw, of which the compiler cannot know, for it is thrown by way of the module's name. So the mark stays
  # with the process, until a flush has used it. A process keeps eight of them, and one that is passed by again and again
  # is lost; then a flush is as slow as without. The option recv_opt_info of the compiler tells what it made of this.
  defp mark(fun) do
    ref = make_ref()
    __MODULE__.leave(fun.(ref))
    # Never reached.
    drop(ref, 0)
  end

  @doc false
  def leave(result), do: throw({__MODULE__, result})

  @doc """
  Waits for the summary and leaves all other messages where they are.

  A scan that has ended and whose summary is not in the mailbox will not send another: the answer
  is `:timeout` at once.
  """
  @spec await(Scan.t(), timeout) :: {:ok, Summary.t()} | {:error, :timeout}
  def await(%Scan{ref: ref} = scan, timeout) do
    timeout = if ended?(scan), do: 0, else: timeout

    # From the first message on, once: a mark is good for one use, and the flush has more need of it.
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
