defmodule Aether.CLI.Run do
  @moduledoc false

  # One scan for the command line: pulls slabs with demand as fast as they can be written, keeps the
  # live line, ends with the summary and an exit status. Nothing is formatted here: slabs go to
  # native code by way of Aether.CLI.Output, what a person reads to Aether.CLI.Text.

  alias Aether.{Error, Index, Scanner}
  alias Aether.CLI.{Arguments, Output, Place, Text}

  # Slabs on their way, and how many are asked for at a time: enough that the walkers never wait for
  # this process, few enough to bound memory when nobody reads our output.
  @demand 64
  @ask 16

  # What the rest of the output gets after an interrupt.
  @after_signal 200

  defstruct [
    :arguments,
    :surroundings,
    :scan,
    :index,
    :out,
    :err,
    owed: 0,
    line: :none,
    signal: nil
  ]

  @typedoc "What paths are relative to, whether stdout is a terminal, columns of the one on stderr or 0."
  @type surroundings :: %{directory: binary, terminal: boolean, columns: non_neg_integer}

  @doc """
  Scans and shows it; the answer is the exit status.
  """
  @spec scan(Arguments.t(), surroundings) :: 0..255
  def scan(%Arguments{} = arguments, surroundings) do
    state = %__MODULE__{
      arguments: arguments,
      surroundings: surroundings,
      out: Output.open(1),
      err: Output.open(2)
    }

    # Slabs wait for their turn outside of the heap.
    Process.flag(:message_queue_data, :off_heap)

    case start(state) do
      {:ok, scan, index} -> loop(%{state | scan: scan, index: index})
      {:error, message, status} -> fail(message, status)
    end
  end

  defp start(state) do
    with {:ok, _started} <- :application.ensure_all_started(:aether),
         {:ok, index} <- index(state),
         {:ok, scan} <- Scanner.scan(path(state), options(state, index)) do
      {:ok, scan, index}
    else
      {:error, %Error{} = error} -> {:error, Exception.message(error), 1}
      {:error, reason} -> {:error, "cannot start: #{inspect(reason)}", 1}
    end
  rescue
    error in Error -> {:error, Exception.message(error), 1}
    error in ArgumentError -> {:error, Exception.message(error), 2}
  end

  defp index(state) do
    case state.arguments.options[:index] do
      nil -> {:ok, nil}
      file -> Index.open(path: Place.absolute(file, state.surroundings))
    end
  end

  defp path(%{arguments: %{path: path}, surroundings: surroundings}),
    do: Place.absolute(path, surroundings)

  defp options(%{arguments: %{options: options} = arguments} = state, index) do
    threads = Keyword.get(options, :threads)
    # The pool is made for this one scan: more threads than it would have are possible too.
    if threads, do: :application.set_env(:aether, :threads, threads)
    options = Keyword.delete(options, :index)
    kept = if index, do: [index: index, slabs: arguments.format != :text], else: []
    Keyword.merge([depth: :infinity, active: @demand, progress: live?(state)] ++ kept, options)
  end

  # No live line between the entries themselves.
  defp live?(%{surroundings: %{columns: 0}}), do: false

  defp live?(%{surroundings: %{terminal: true}, arguments: %{format: format}}),
    do: format == :text

  defp live?(_state), do: true

  defp loop(%{scan: %{ref: ref}, out: {out, out_monitor}, err: {err, err_monitor}} = state) do
    receive do
      {:scan_chunk, ^ref, slab} ->
        state |> chunk(slab) |> loop()

      {:written, ^out} ->
        state |> done() |> loop()

      {:written, ^err} ->
        loop(%{state | line: :shown})

      {:scan_progress, ^ref, progress} ->
        state |> show(progress) |> loop()

      {:scan_passive, ^ref} ->
        loop(state)

      {:scan_completed, ^ref, summary} ->
        finish(state, summary)

      {:signal, status} ->
        Scanner.cancel(state.scan)
        loop(%{state | signal: status})

      {:DOWN, ^out_monitor, :process, ^out, reason} ->
        Scanner.cancel(state.scan, flush: true)
        if state.line in [:sent, :shown], do: Output.write(err, "\r\e[K")
        close(state, :err)
        lost(Output.result(reason))

      {:DOWN, ^err_monitor, :process, ^err, _reason} ->
        # Nobody sees the live line any more; the result is another matter.
        loop(%{state | line: :lost})
    end
  end

  # After a signal what is still on its way is of no interest.
  defp chunk(%{signal: nil, arguments: %{format: format}, out: {out, _}} = state, slab) do
    if format == :text,
      do: done(state),
      else: tap(state, fn _ -> Output.slab(out, slab, format) end)
  end

  defp chunk(state, _slab), do: state

  defp done(%{owed: owed} = state) when owed + 1 < @ask, do: %{state | owed: owed + 1}

  defp done(state) do
    Scanner.ask(state.scan, @ask)
    %{state | owed: 0}
  end

  # While the terminal has not taken the last line there is no new one: the latest is all that counts.
  # Without automatic margins: a window that has become narrower cuts the line and does not wrap it.
  defp show(%{line: line, err: {err, _}} = state, progress) when line in [:none, :shown] do
    text = Text.live(progress, state.surroundings.columns)
    Output.write(err, ["\e[?7l\r", text, "\e[K\e[?7h"])
    %{state | line: :sent}
  end

  defp show(state, _progress), do: state

  # The line is gone before something else stands in its place; what a person reads comes last.
  defp finish(%{err: {err, _}, out: {out, _}, arguments: arguments} = state, summary) do
    if state.line in [:sent, :shown], do: Output.write(err, "\r\e[K")
    # Only now: the summary comes when all is committed, and closing writes the log back.
    closed = if state.index, do: Index.close(state.index), else: :ok
    text = Text.summary(arguments.path, summary, shown(arguments))
    Output.write(err, [failure(summary), failure(closed)])

    written =
      if arguments.format == :text do
        close(state, :err)
        Output.write(out, text)
        close(state, :out)
      else
        written = close(state, :out)
        rest = if state.surroundings.columns > 0, do: text, else: Text.errors(summary.errors)
        if written == :ok, do: Output.write(err, rest)
        close(state, :err)
        written
      end

    case written do
      _any when state.signal != nil -> state.signal
      {:signal, signal} -> signal
      {:error, reason} -> lost({:error, reason})
      :ok -> status(summary)
    end
  end

  defp shown(%{options: options}) do
    [
      metadata: options[:metadata] != false,
      index: options[:index]
    ]
  end

  defp close(state, output) do
    state
    |> Map.fetch!(output)
    |> Output.finish(if(state.signal, do: @after_signal, else: :infinity))
  end

  defp failure(%{status: :failed, error: %Error{} = error}), do: line(Exception.message(error))
  defp failure({:error, %Error{} = error}), do: line(Exception.message(error))
  defp failure(_summary), do: ""

  defp status(%{status: :complete, errors: %{count: 0}}), do: 0
  defp status(_summary), do: 1

  @doc """
  The exit status after output that failed or not. With a closed pipe that of a program that SIGPIPE ended.
  """
  @spec written(:ok | {:error, atom} | {:signal, byte}) :: byte
  def written(:ok), do: 0
  def written({:error, :epipe}), do: 141
  def written({:error, _reason}), do: 1
  def written({:signal, status}), do: status

  defp lost({:error, :epipe}), do: 141

  defp lost({:error, reason}),
    do: fail("cannot write the output: #{:file.format_error(reason)}", 1)

  # On a new port: the other one may be closed already.
  @doc """
  Says on stderr why there is no answer; gives the exit status on.
  """
  @spec fail(iodata, byte) :: byte
  def fail(message, status) do
    {err, _monitor} = output = Output.open(2)
    Output.write(err, line(message))
    Output.finish(output)
    status
  end

  defp line(message), do: ["aether: ", message, ?\n]
end
