defmodule Aether.CLI.Known do
  @moduledoc false

  # Asks an index for the command line, opened for reading alone: another process may be writing it. What a person or a
  # program reads of an answer is in Aether.CLI.Answers; here is what is asked, and in which order.

  alias Aether.{Error, Index}
  alias Aether.CLI.{Answers, Arguments, Output, Place, Run}

  # Children asked for at a time.
  @page 1000

  # Where the user names no limit.
  @limit 50

  @doc """
  Answers on stdout; gives the exit status.
  """
  @spec answer(Arguments.t(), Run.surroundings()) :: 0..255
  def answer(%Arguments{} = arguments, surroundings) do
    file = Place.absolute(arguments.path, surroundings)

    with {:ok, _started} <- :application.ensure_all_started(:aether),
         {:ok, index} <- Index.open(path: file, mode: :read) do
      output = Output.open(1)

      try do
        status = command(arguments.command, index, output, arguments)
        finish(output, status)
      catch
        {:failed, message} ->
          Output.finish(output)
          Run.fail(message, 1)

        {:output, result} ->
          Run.written(result)
      end
    else
      {:error, %Error{} = error} -> Run.fail(Exception.message(error), 1)
      {:error, reason} -> Run.fail("cannot start: #{inspect(reason)}", 1)
    end
  end

  defp finish(output, status) do
    case Output.finish(output) do
      :ok -> status
      other -> Run.written(other)
    end
  end

  defp command(:ls, index, output, arguments) do
    sources = sources(index)

    case Place.find(values(sources), arguments.operand, arguments.options[:source]) do
      {:ok, source, folder} ->
        ls(index, output, arguments, source, folder)

      # What there is to choose from.
      :several when arguments.operand == nil ->
        write(output, Answers.sources(sources, arguments.format))
        0

      other ->
        unclear(other, sources)
    end
  end

  defp command(:find, index, output, arguments) do
    sources = values(sources(index))

    options =
      case arguments.options[:source] do
        nil ->
          []

        wanted ->
          {:ok, source, _} = one(Place.find(sources, nil, wanted), sources)
          [source: source.uuid]
      end

    options = options ++ [limit: limit(arguments)] ++ Keyword.take(arguments.options, [:mode])

    answer = ok(Index.search(index, arguments.operand, options))
    roots = Map.new(sources, &{&1.uuid, &1.root})
    write(output, Answers.found(answer, roots, arguments.format))
    if answer.value.hits == [], do: 1, else: 0
  end

  defp command(:changes, index, output, arguments) do
    sources = values(sources(index))
    {:ok, source, _} = one(Place.find(sources, nil, arguments.options[:source]), sources)
    to = Keyword.get(arguments.options, :to, source.generation)
    from = Keyword.get(arguments.options, :from, max(to - 1, 0))
    if from > to, do: throw({:failed, "--from #{from} comes after --to #{to}"})
    answer = changes(index, source, {from, to}, limit(arguments), nil)
    write(output, Answers.changes(answer, source, {from, to}, arguments.format))
    0
  end

  defp command(:check, index, output, arguments) do
    report = ok(Index.check(index, Keyword.take(arguments.options, [:thorough])))
    write(output, Answers.report(report, arguments.path, arguments.format))
    if Index.Report.clean?(report), do: 0, else: 1
  end

  # A page may end before its limit.
  defp changes(index, source, {from, to}, limit, cursor) do
    answer = ok(Index.changes(index, source, from, to, limit: limit, after: cursor))
    page = answer.value
    left = limit - length(page.folders)

    if page.more and left > 0 do
      rest = changes(index, source, {from, to}, left, page.next)
      %{rest | value: %{rest.value | folders: page.folders ++ rest.value.folders}}
    else
      answer
    end
  end

  defp ls(index, output, arguments, source, folder) do
    limit = min(arguments.options[:limit] || @page, @page)
    options = [limit: limit, sort: arguments.options[:sort] || :name]
    totals = ok(Index.totals(index, source, folder))
    write(output, Answers.folder(totals, source, folder, arguments.format))
    left = arguments.options[:limit] || :infinity
    pages(index, output, arguments, {source, folder, options}, left)
    0
  end

  defp pages(index, output, arguments, {source, folder, options}, left) do
    options =
      if is_integer(left), do: Keyword.update!(options, :limit, &min(&1, left)), else: options

    answer = ok(Index.children(index, source, folder, options))
    write(output, Answers.children(answer, folder, arguments.format))
    left = if is_integer(left), do: left - length(answer.value.entries), else: left

    cond do
      answer.value.next == nil ->
        :ok

      left == 0 ->
        write(output, Answers.more(arguments.format))

      true ->
        pages(
          index,
          output,
          arguments,
          {source, folder, [after: answer.value.next] ++ Keyword.delete(options, :after)},
          left
        )
    end
  end

  defp sources(index), do: ok(Index.sources(index))
  defp values(answers), do: Enum.map(answers, & &1.value)

  defp one({:ok, _source, _folder} = found, _sources), do: found
  defp one(other, sources), do: unclear(other, sources)

  @spec unclear(any, list) :: no_return
  defp unclear({:error, message}, _sources), do: throw({:failed, message})

  defp unclear(:several, _sources),
    do:
      throw(
        {:failed,
         "the index knows several roots: name one with --source, or give a full path (aether ls FILE lists them)"}
      )

  defp limit(arguments), do: arguments.options[:limit] || @limit

  defp ok({:ok, value}), do: value
  defp ok({:error, %Error{} = error}), do: throw({:failed, Exception.message(error)})

  # Waits until it is taken: whoever reads slowly is not to be buried.
  defp write({pid, monitor}, text) do
    Output.write(pid, text)

    receive do
      {:written, ^pid} -> :ok
      {:signal, status} -> throw({:output, {:signal, status}})
      {:DOWN, ^monitor, :process, ^pid, reason} -> throw({:output, Output.result(reason)})
    end
  end
end
