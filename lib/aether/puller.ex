defmodule Aether.Puller do
  @moduledoc false
  # A small process that receives a scan on behalf of a caller who pulls slabs from it: `list`, `stream!`, `stat`.
  # The caller's mailbox gets nothing but answers to its own requests, sent to an alias that dies
  # with the request; so nothing is left in it, and a long mailbox does not slow the calls down.
  #
  #     scan ── slabs, at most @window requested ──▶ puller ◀── :next ── caller
  #          ◀── ask(n) for n slabs handed over ───         ── n slabs ─▶
  #
  # Monitors, no links: the caller may trap exits. When it dies, the process ends and so does the scan.

  alias Aether.{Entry, Error, Native, Options, Slab, Starter, Summary}

  # Slabs read ahead: enough to keep the walkers busy while the caller works on some.
  @window 16

  @doc """
  Starts a scan from which slabs are pulled. With `identity`, the root must be the directory that has it.
  """
  @spec start(binary, Options.t(), binary, binary | nil) :: {:ok, pid} | {:error, Error.t()}
  def start(root, %Options{} = options, folder \\ "", identity \\ nil) do
    caller = self()
    start = &Starter.start(root, folder, identity, %{options | to: &1, active: @window})

    puller =
      Process.spawn(fn -> wait(Process.monitor(caller), start) end,
        # Slabs that were handed over are freed at once.
        message_queue_data: :off_heap,
        fullsweep_after: 0
      )

    case call(puller, :start) do
      :ok -> {:ok, puller}
      {:error, error} -> {:error, error}
      {:raise, exception, stacktrace} -> reraise(exception, stacktrace)
    end
  end

  @doc """
  The slabs that have come since the last call, at least one; or the summary, which is the last.
  """
  @spec next(pid) :: {:slabs, [binary, ...]} | {:summary, Summary.t()}
  def next(puller), do: call(puller, :next)

  @doc """
  All that is left to come, decoded, and the summary. Entries of the last slab come last.
  """
  @spec collect(pid) :: {:ok, [Entry.t()], Summary.t()} | {:error, Error.t()}
  def collect(puller), do: collect(puller, [])

  defp collect(puller, slabs) do
    case next(puller) do
      {:slabs, more} -> collect(puller, :lists.reverse(more, slabs))
      {:summary, %Summary{status: :failed, error: error}} -> {:error, error}
      {:summary, summary} -> {:ok, decode(slabs, Summary.entries(summary)), summary}
    end
  end

  # How much heap to reserve, in words: an entry takes this many with the garbage of decoding.
  @entry_words 25
  @max_words 0x4000000

  # The last slab first, so that the list is built from its end and never copied. The heap is
  # reserved at once: growing it step by step copies it each time, which takes four times as long.
  defp decode(slabs, entries) do
    with_heap(min(entries * @entry_words, @max_words), fn ->
      Enum.reduce(slabs, [], &(Slab.entries(&1) ++ &2))
    end)
  end

  defp with_heap(words, fun) do
    case Process.info(self(), :max_heap_size) do
      {:max_heap_size, %{size: 0}} ->
        before = Process.flag(:min_heap_size, words)

        try do
          fun.()
        after
          Process.flag(:min_heap_size, before)
        end

      # A process with a limit on its heap should not be given a large one.
      _limited ->
        fun.()
    end
  end

  @doc """
  Cancels the scan if it still runs. When this returns, the process no longer touches it.
  """
  @spec stop(pid) :: :ok
  def stop(puller) do
    call(puller, :stop)
  catch
    :exit, _it_has_ended -> :ok
  end

  # The reference is made in the function that receives it, so that the compiler skips the messages
  # that were in the mailbox before.
  defp call(puller, request) do
    alias_ref = :erlang.monitor(:process, puller, alias: :reply_demonitor)
    send(puller, {request, alias_ref})

    receive do
      {^alias_ref, answer} -> answer
      {:DOWN, ^alias_ref, :process, _pid, why} -> exit({why, {__MODULE__, request, [puller]}})
    end
  end

  defp reply(alias_ref, answer), do: send(alias_ref, {alias_ref, answer})

  defp wait(caller, start) do
    receive do
      {:start, from} -> start_scan(from, caller, start)
      {:DOWN, ^caller, :process, _pid, _reason} -> :ok
    end
  end

  defp start_scan(from, caller, start) do
    case try_to(start) do
      {:ok, scan} ->
        reply(from, :ok)
        loop(%{scan: scan, caller: caller, waiting: nil, slabs: [], summary: nil})

      refused ->
        reply(from, refused)
    end
  end

  # Exceptions are raised again in the caller, instead of being logged as a crash of this process.
  defp try_to(start) do
    start.(self())
  rescue
    exception -> {:raise, exception, __STACKTRACE__}
  end

  defp loop(%{scan: %{ref: ref}, caller: caller} = state) do
    receive do
      {:scan_chunk, ^ref, slab} -> answer(%{state | slabs: [slab | state.slabs]})
      {:scan_completed, ^ref, summary} -> answer(%{state | summary: summary})
      {:scan_passive, ^ref} -> loop(state)
      {:next, from} -> answer(%{state | waiting: from})
      {:stop, from} -> stop(state, from)
      {:DOWN, ^caller, :process, _pid, _reason} -> Native.cancel(state.scan.handle)
    end
  end

  defp answer(%{waiting: nil} = state), do: loop(state)

  defp answer(%{slabs: [_ | _]} = state) do
    reply(state.waiting, {:slabs, Enum.reverse(state.slabs)})
    Native.ask(state.scan.handle, length(state.slabs))
    loop(%{state | waiting: nil, slabs: []})
  end

  defp answer(%{summary: nil} = state), do: loop(state)
  defp answer(state), do: reply(state.waiting, {:summary, state.summary})

  defp stop(state, from) do
    Native.cancel(state.scan.handle)
    reply(from, :ok)
  end
end
