defmodule Aether.Pull do
  @moduledoc false
  # A small process that receives a scan on behalf of whoever wants it slab by slab: `list`, `stream!`.
  # The caller's mailbox gets nothing but answers to its own requests, sent to an alias that dies
  # with the request; so nothing is left in it, and a long one costs nothing.
  #
  #     scan ── slabs, at most @window asked for ──▶ pull ◀── :next ── caller
  #          ◀── ask(n) for n slabs handed over ──        ── n slabs ─▶
  #
  # Monitors, no links: the caller may trap exits. When it dies, the process ends and so does the scan.

  alias Aether.{Error, Opening, Options, Scanner, Summary}

  # Slabs read ahead: enough to keep the walkers busy while the caller works on some.
  @window 16

  @doc """
  Starts a scan that is pulled from.
  """
  @spec start(binary, Options.t()) :: {:ok, pid} | {:error, Error.t()}
  def start(path, %Options{} = options) do
    caller = self()

    pull =
      Process.spawn(fn -> wait(Process.monitor(caller), path, options) end,
        # Dead slabs are let go of as soon as they are handed over.
        message_queue_data: :off_heap,
        fullsweep_after: 0
      )

    case call(pull, :open) do
      :ok -> {:ok, pull}
      {:error, error} -> {:error, error}
      {:raise, exception, stacktrace} -> reraise(exception, stacktrace)
    end
  end

  @doc """
  The slabs that have come since the last call, at least one, or the summary, which is the last.
  """
  @spec next(pid) :: {:slabs, [binary, ...]} | {:summary, Summary.t()}
  def next(pull), do: call(pull, :next)

  @doc """
  Cancels the scan if it still runs. When this returns the process will not touch it any more.
  """
  @spec stop(pid) :: :ok
  def stop(pull) do
    call(pull, :stop)
  catch
    :exit, _it_has_ended -> :ok
  end

  # The reference is made in the function that receives it, so that the compiler skips the messages
  # that were in the mailbox before.
  defp call(pull, request) do
    alias_ref = :erlang.monitor(:process, pull, alias: :reply_demonitor)
    send(pull, {request, alias_ref})

    receive do
      {^alias_ref, answer} -> answer
      {:DOWN, ^alias_ref, :process, _pid, reason} -> exit({reason, {__MODULE__, request, [pull]}})
    end
  end

  defp reply(alias_ref, answer), do: send(alias_ref, {alias_ref, answer})

  defp wait(caller, path, options) do
    receive do
      {:open, from} -> open(from, caller, path, options)
      {:DOWN, ^caller, :process, _pid, _reason} -> :ok
    end
  end

  defp open(from, caller, path, options) do
    case try_to_open(path, %{options | to: self(), active: @window}) do
      {:ok, scan} ->
        reply(from, :ok)
        loop(%{scan: scan, caller: caller, waiting: nil, slabs: [], summary: nil})

      refused ->
        reply(from, refused)
    end
  end

  # What is raised here is for the caller to hear, not for a log.
  defp try_to_open(path, options) do
    Opening.open(path, "", nil, options)
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
      {:DOWN, ^caller, :process, _pid, _reason} -> Scanner.cancel(state.scan)
    end
  end

  defp answer(%{waiting: nil} = state), do: loop(state)

  defp answer(%{slabs: [_ | _]} = state) do
    reply(state.waiting, {:slabs, Enum.reverse(state.slabs)})
    Scanner.ask(state.scan, length(state.slabs))
    loop(%{state | waiting: nil, slabs: []})
  end

  defp answer(%{summary: nil} = state), do: loop(state)
  defp answer(state), do: reply(state.waiting, {:summary, state.summary})

  defp stop(state, from) do
    Scanner.cancel(state.scan)
    reply(from, :ok)
  end
end
