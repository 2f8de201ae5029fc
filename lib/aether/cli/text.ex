defmodule Aether.CLI.Text do
  @moduledoc false

  # What a person reads: the summary, the live line, errors. Pure, and safe to print: every name
  # passes through Aether.Printable.

  alias Aether.{Error, Printable, Progress, Summary}

  # Paths shown for each reason.
  @paths 5

  @doc """
  The summary of a scan of `path`.
  """
  @spec summary(binary, Summary.t(), keyword) :: iodata
  def summary(path, %Summary{} = summary, opts \\ []) do
    rows = [
      {"files", count(summary.files)},
      {"directories", count(summary.directories)},
      {"symlinks", count(summary.symlinks)},
      {"others", count(summary.others)},
      Keyword.get(opts, :metadata, true) && {"bytes", bytes(summary.bytes)},
      optional("unread", summary.unread, "directories deeper than asked for"),
      optional("skipped", summary.skipped, "left out by rules"),
      optional("vanished", summary.vanished, "gone before they could be read"),
      {"errors", count(summary.errors.count)},
      opts[:index] && {"kept in", Printable.escape(opts[:index])},
      summary.first_entry && {"first entry", time(summary.first_entry)},
      {"duration", time(summary.duration)},
      {"rate", [count(round(summary.rate)), " entries/s"]}
    ]

    [
      [Printable.escape(path), ": ", status(summary), ?\n],
      for({name, value} <- rows, do: ["  ", String.pad_trailing(name, 13), value, ?\n]),
      reasons(summary.errors)
    ]
  end

  defp status(%{status: :complete, errors: %{count: 0}}), do: "complete"
  defp status(%{status: :complete}), do: "complete, with errors"
  defp status(%{status: :partial}), do: "partial, not everything could be read"
  defp status(%{status: :cancelled}), do: "interrupted, this is what was counted"
  defp status(%{status: :failed}), do: "failed, this is what was counted"

  defp optional(_name, 0, _what), do: nil
  defp optional(name, number, what), do: {name, [count(number), " (", what, ")"]}

  defp reasons(%{by_reason: by_reason, first: first}) do
    for {reason, number} <- Enum.sort_by(by_reason, fn {reason, number} -> {-number, reason} end) do
      shown = first |> Enum.filter(&(&1.reason == reason)) |> Enum.take(@paths)

      [
        ["  ", reason(reason), ": ", count(number), ?\n],
        for(error <- shown, do: ["    ", place(error), ?\n]),
        if(number > length(shown),
          do: ["    and ", count(number - length(shown)), " more\n"],
          else: []
        )
      ]
    end
  end

  @doc """
  Errors, one a line, as other tools tell them on stderr.
  """
  @spec errors(Summary.errors()) :: iodata
  def errors(%{count: number, first: first}) do
    more = number - length(first)

    [
      for(error <- first, do: ["aether: ", place(error), ": ", reason(error.reason), ?\n]),
      if(more > 0, do: ["aether: and ", count(more), " more errors\n"], else: [])
    ]
  end

  defp place(%Error{path: ""} = error), do: [Atom.to_string(error.operation), " the root"]

  defp place(%Error{} = error) do
    detail = if error.detail, do: [" (", Printable.escape(error.detail), ")"], else: []
    [Atom.to_string(error.operation), ?\s, Printable.escape(error.path), detail]
  end

  defp reason(reason) do
    case :file.format_error(reason) do
      ~c"unknown POSIX error" ++ _ -> Atom.to_string(reason)
      text -> [text, " (", Atom.to_string(reason), ")"]
    end
  end

  @doc """
  The line that a terminal of so many columns shows while a scan runs, without control characters.
  """
  @spec live(Progress.t(), pos_integer) :: String.t()
  def live(%Progress{} = progress, columns) do
    errors = if progress.errors > 0, do: "  #{count(progress.errors)} errors", else: ""

    ("#{count(progress.found)} entries  #{count(round(progress.rate))}/s  " <>
       "#{human(progress.bytes)}#{errors}  #{Printable.escape(progress.current)}")
    |> cut(columns - 1)
  end

  @doc """
  As much of a text as fits into so many columns.

      iex> Aether.CLI.Text.cut("abcdef", 4)
      "abc…"
  """
  @spec cut(String.t(), integer) :: String.t()
  def cut(text, columns) do
    if width(text) <= columns, do: text, else: fit(text, columns - 1, "")
  end

  defp fit(<<char::utf8, rest::binary>>, columns, taken) do
    left = columns - columns(char)
    if left >= 0, do: fit(rest, left, <<taken::binary, char::utf8>>), else: taken <> "…"
  end

  defp fit(<<>>, _columns, taken), do: taken

  defp width(text), do: for(<<char::utf8 <- text>>, reduce: 0, do: (sum -> sum + columns(char)))

  # On the safe side: what may take two columns counts as two, what combines counts as one.
  defp columns(char) when char < 0x1100, do: 1
  defp columns(_char), do: 2

  @doc """
  A number with its thousands apart.

      iex> Aether.CLI.Text.count(1_234_567)
      "1,234,567"
  """
  @spec count(integer) :: String.t()
  def count(number) do
    number
    |> Integer.to_string()
    |> String.replace(~r/(?<=\d)(?=(\d{3})+$)/, ",")
  end

  defp bytes(bytes) when bytes < 1024, do: [count(bytes), " B"]
  defp bytes(bytes), do: [human(bytes), " (", count(bytes), " B)"]

  @doc """
  Bytes in the largest unit that leaves a number before the point.

      iex> Aether.CLI.Text.human(1536)
      "1.5 KiB"
  """
  @spec human(non_neg_integer) :: String.t()
  def human(bytes) when bytes < 1024, do: "#{bytes} B"
  def human(bytes), do: human(bytes / 1024, ~w(KiB MiB GiB TiB PiB EiB))

  defp human(number, [unit]), do: decimals(number, 1) <> " " <> unit
  defp human(number, [unit | _]) when number < 1023.95, do: decimals(number, 1) <> " " <> unit
  defp human(number, [_ | units]), do: human(number / 1024, units)

  @doc """
  A time in native units, in the unit that suits it.
  """
  @spec time(non_neg_integer) :: String.t()
  def time(native) do
    case System.convert_time_unit(native, :native, :microsecond) do
      us when us < 10_000 -> decimals(us / 1000, 2) <> " ms"
      us when us < 1_000_000 -> "#{div(us, 1000)} ms"
      us when us < 60_000_000 -> decimals(us / 1_000_000, 2) <> " s"
      us -> "#{div(us, 60_000_000)} min #{div(rem(us, 60_000_000), 1_000_000)} s"
    end
  end

  defp decimals(float, digits), do: :erlang.float_to_binary(float / 1, decimals: digits)
end
