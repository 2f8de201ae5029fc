defmodule Aether.Case do
  @moduledoc false
  # What tests of scans have in common: trees, messages, ends.

  use ExUnit.CaseTemplate

  # Long enough for a loaded machine; nothing waits for it unless something is wrong.
  @patience 20_000

  using do
    quote do
      import Aether.Case
      alias Aether.{Entry, Error, Find, Progress, Scan, Scanner, Slab, Summary, Tree}
    end
  end

  def patience, do: @patience

  @doc "All messages of a scan to its end, as `{slabs, summary, others}`, in order."
  def receive_all(%Aether.Scan{ref: ref}, slabs \\ [], others \\ []) do
    receive do
      {:scan_chunk, ^ref, slab} ->
        receive_all(%Aether.Scan{ref: ref, root: "", receiver: self()}, [slab | slabs], others)

      {:scan_completed, ^ref, summary} ->
        {Enum.reverse(slabs), summary, Enum.reverse(others)}

      message when elem(message, 1) == ref ->
        receive_all(%Aether.Scan{ref: ref, root: "", receiver: self()}, slabs, [message | others])
    after
      @patience -> ExUnit.Assertions.flunk("no end of the scan in #{@patience} ms")
    end
  end

  @doc "All entries of a scan with unlimited demand, sorted, and the summary."
  def receive_entries(scan) do
    {slabs, summary, _others} = receive_all(scan)
    {slabs |> Enum.flat_map(&Aether.Slab.entries/1) |> Enum.sort(), summary}
  end

  @doc "The paths of what a list call gives, sorted."
  def paths(path, opts \\ []) do
    path |> Aether.Scanner.list!(opts) |> Enum.map(& &1.path) |> Enum.sort()
  end

  @doc "The reason why a call failed, after a look at its error: a message, a path, an operation."
  def reason({:error, %Aether.Error{} = error}) do
    import ExUnit.Assertions
    message = Exception.message(error)
    assert String.printable?(message) and not (message =~ "\n")
    assert message =~ "(#{error.reason}"
    assert is_binary(error.path) and is_atom(error.operation)
    error.reason
  end

  @doc "Waits for the event that says that a scan ended, and gives its metadata. Subscribe before."
  def receive_stop(match \\ fn _metadata -> true end) do
    receive do
      {:telemetry, [:aether, :scan, event], _measurements, metadata, _pid}
      when event in [:stop, :exception] ->
        if match.(metadata), do: metadata, else: receive_stop(match)
    after
      @patience -> ExUnit.Assertions.flunk("no event of a scan's end in #{@patience} ms")
    end
  end

  @doc """
  Waits until nothing is left of scans of other tests, which may end after their tests: for those that count what is
  there. Nothing else may scan then.
  """
  def await_idle do
    Aether.VM.until(fn -> Aether.VM.idle?() and Aether.info().stuck_threads == 0 end)
  end

  @doc "What is in the caller's mailbox."
  def mailbox do
    {:messages, messages} = Process.info(self(), :messages)
    messages
  end

  def root?, do: match?({"0\n", 0}, System.cmd("id", ["-u"]))
end
