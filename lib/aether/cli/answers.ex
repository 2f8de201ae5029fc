defmodule Aether.CLI.Answers do
  @moduledoc false

  # What a person or a program reads of an index's answers. Pure; every name that a person reads passes through
  # Aether.Printable. Whatever is told comes with its age, and with what is not known.

  alias Aether.CLI.{JSON, Place, Text}
  alias Aether.Index.{Answer, Report}
  alias Aether.Printable

  # Paths shown of what could not be read.
  @unreadable 5

  @doc "The head of a folder's listing."
  def folder(%Answer{} = answer, source, folder, :json) do
    totals = answer.value

    JSON.line(
      answer:
        JSON.path(source.root, :root) ++
          JSON.path(folder, :folder) ++
          [source: source.uuid, file_count: totals.file_count, bytes: totals.bytes] ++
          told(answer)
    )
  end

  def folder(%Answer{} = answer, source, folder, :text) do
    [
      Printable.escape(Place.join(source.root, folder)),
      ": ",
      counts(answer.value, answer.exhaustive),
      ", ",
      age(answer),
      ?\n,
      doubts(answer, unknown(answer.value.unknown_below))
    ]
  end

  @doc "Children of a folder."
  def children(%Answer{value: page}, folder, :json) do
    for child <- page.entries do
      JSON.line(
        JSON.path(join(folder, child.name)) ++
          [
            kind: child.kind,
            file_count: child.file_count,
            bytes: child.bytes,
            mtime_ns: child.mtime
          ] ++
          if(child.kind == :directory,
            do: [status: status(child.status), unknown_below: child.unknown_below],
            else: []
          ) ++
          if(child.imported, do: [imported: true], else: [])
      )
    end
  end

  def children(%Answer{value: page}, _folder, :text) do
    for child <- page.entries do
      [
        number(child.kind == :directory && child.file_count, 13),
        String.pad_leading(size(child.bytes), 12),
        "  ",
        date(child.mtime),
        "  ",
        Printable.escape(child.name),
        mark(child.kind),
        known(child),
        ?\n
      ]
    end
  end

  @doc "What stands where a limit ended a listing."
  def more(:json), do: JSON.line(more: true)
  def more(:text), do: "… and more\n"

  @doc "All sources, where one has to be named."
  def sources(answers, :json) do
    for %Answer{value: source} = answer <- answers do
      JSON.line(
        [source: source.uuid] ++
          JSON.path(source.root, :root) ++
          [
            file_count: source.file_count,
            bytes: source.bytes,
            generation: source.generation,
            status: source.status,
            last_scan_at: source.last_scan_at,
            last_complete_at: source.last_complete_at
          ] ++ told(answer)
      )
    end
  end

  def sources(answers, :text) do
    for %Answer{value: source} = answer <- answers do
      [
        [
          Printable.escape(source.root),
          ": ",
          counts(source, answer.exhaustive),
          ", ",
          age(answer)
        ],
        [
          "  (",
          Printable.escape(source.uuid),
          ", last scan ",
          Atom.to_string(source.status || :none),
          ")\n"
        ],
        doubts(answer, unknown(source.unknown_below))
      ]
    end
  end

  @doc "What a search found; `roots` are those of the sources by their ids."
  def found(%Answer{value: found} = answer, roots, :json) do
    [
      JSON.line(
        answer:
          [matched: found.matched, truncated: found.truncated, outdated: found.outdated] ++
            told(answer)
      ),
      for hit <- found.hits do
        JSON.line(
          JSON.path(Place.join(roots[hit.source] || "", hit.path)) ++
            [
              kind: hit.kind,
              bytes: hit.bytes,
              mtime_ns: hit.mtime,
              score: hit.score,
              source: hit.source
            ]
        )
      end
    ]
  end

  def found(%Answer{value: found} = answer, roots, :text) do
    [
      for hit <- found.hits do
        [Printable.escape(Place.join(roots[hit.source] || "", hit.path)), mark(hit.kind), ?\n]
      end,
      [
        Text.count(length(found.hits)),
        " of ",
        Text.count(found.matched),
        " matches, ",
        age(answer),
        ?\n
      ],
      doubts(answer, [
        found.truncated && "not all names fit into memory: there may be more matches",
        found.outdated && "results may be out of date: names were added since they were loaded",
        not answer.exhaustive && "some folders are not known: there may be more matches"
      ])
    ]
  end

  @doc "What changed between two generations."
  def changes(%Answer{value: changes} = answer, source, {from, to}, :json) do
    [
      JSON.line(
        answer:
          JSON.path(source.root, :root) ++
            [source: source.uuid, from: from, to: to] ++
            [
              generations:
                for(
                  one <- changes.generations,
                  do: [generation: one.generation, status: one.status, ended_at: one.ended_at]
                ),
              pruned: changes.pruned,
              first_load: changes.first_load,
              more: changes.more
            ] ++ told(answer)
      ),
      for change <- changes.folders do
        JSON.line(
          JSON.path(change.path) ++
            [
              gone: change.gone,
              file_count: change.file_count,
              bytes: change.bytes,
              added: change.added,
              removed: change.removed,
              changed: change.changed,
              generation: change.generation
            ]
        )
      end
    ]
  end

  def changes(%Answer{value: changes} = answer, source, {from, to}, :text) do
    [
      [
        Printable.escape(source.root),
        ": what changed after scan #{from} up to scan #{to}, ",
        age(answer),
        ?\n
      ],
      doubts(answer, [
        changes.pruned && "not all of these scans are remembered",
        changes.first_load &&
          "the first scan is among them: everything was new, and is not listed",
        unfinished(changes.generations)
      ]),
      if(changes.folders == [], do: "  nothing\n", else: []),
      for change <- changes.folders do
        [
          String.pad_leading(signed(change.bytes, &Text.human/1), 12),
          String.pad_leading(signed(change.file_count, &Text.count/1), 12),
          " files  ",
          "+#{change.added} -#{change.removed} ~#{change.changed}  " |> String.pad_trailing(16),
          Printable.escape(if(change.path == "", do: ".", else: change.path)),
          if(change.gone, do: "/ (gone)", else: "/"),
          ?\n
        ]
      end,
      if(changes.more, do: more(:text), else: [])
    ]
  end

  defp unfinished(generations) do
    case for one <- generations, one.status != :complete, do: "#{one.generation} (#{one.status})" do
      [] -> nil
      some -> "did not see everything: scan #{Enum.join(some, ", ")}"
    end
  end

  @doc "What a check found."
  def report(%Report{} = report, file, :json) do
    [
      JSON.line(
        answer:
          JSON.path(file, :file) ++
            [
              clean: Report.clean?(report),
              count: report.count,
              directories: report.directories,
              files: report.files,
              pages: report.pages
            ]
      ),
      for finding <- report.findings do
        JSON.line(
          [problem: finding.problem] ++
            if(finding.path, do: JSON.path(finding.path), else: []) ++
            [stored: finding.stored, counted: finding.counted]
        )
      end
    ]
  end

  def report(%Report{} = report, file, :text) do
    if Report.clean?(report) do
      [
        [Printable.escape(file), ": clean, "],
        [
          Text.count(report.directories),
          " directories and ",
          Text.count(report.files),
          " files counted anew\n"
        ]
      ]
    else
      [
        [Printable.escape(file), ": damaged. Put back a copy, or remove it and scan again\n"],
        for(page <- report.pages, do: ["  ", Printable.escape(page), ?\n]),
        for finding <- report.findings do
          [
            "  #{finding.problem} of \"#{Printable.escape(finding.path || "?")}\": ",
            "stored #{finding.stored}, counted #{finding.counted}\n"
          ]
        end,
        if(report.count > length(report.findings),
          do: "  and #{report.count - length(report.findings)} more\n",
          else: []
        )
      ]
    end
  end

  # What every answer says of itself.
  defp told(%Answer{} = answer) do
    [
      scanned_at: answer.scanned_at,
      age_ms: answer.age,
      stale: answer.stale,
      scanning: answer.scanning,
      exhaustive: answer.exhaustive,
      unreadable: [
        count: answer.unreadable.count,
        at_least: answer.unreadable.at_least,
        first: for(path <- answer.unreadable.first, do: JSON.path(path))
      ],
      imported: answer.imported,
      rolled_back: answer.rolled_back
    ]
  end

  defp age(%Answer{age: nil, scanned_at: nil}), do: "not scanned yet"
  defp age(%Answer{age: nil}), do: "seen at a time that is still to come by this clock"

  defp age(%Answer{age: age, stale: stale, scanning: scanning}) do
    text = "seen #{ago(age)}"
    if stale and not scanning, do: text <> " (stale)", else: text
  end

  @doc """
  How long ago something was.

      iex> Enum.map([900, 90_000, 7_200_000, 200_000_000], &Aether.CLI.Answers.ago/1)
      ["just now", "1 minute ago", "2 hours ago", "2 days ago"]
  """
  @spec ago(non_neg_integer) :: String.t()
  def ago(ms) do
    case div(ms, 1000) do
      s when s < 60 -> "just now"
      s when s < 3600 -> units(div(s, 60), "minute")
      s when s < 86_400 -> units(div(s, 3600), "hour")
      s -> units(div(s, 86_400), "day")
    end
  end

  defp units(1, unit), do: "1 #{unit} ago"
  defp units(number, unit), do: "#{number} #{unit}s ago"

  defp doubts(answer, own) do
    unreadable = answer.unreadable

    all = [
      answer.scanning &&
        "a scan is running: this is what it has found so far, and what was known before",
      answer.imported && "some counts are from an old cache, which no scan has confirmed",
      answer.rolled_back &&
        "the file is older than what was kept in it: it was put back, or lost its log. Scan again",
      unreadable.count > 0 &&
        [
          if(unreadable.at_least, do: "at least ", else: ""),
          "#{Text.count(unreadable.count)} could not be read:"
        ]
    ]

    [
      for(doubt <- List.wrap(own) ++ all, doubt, do: ["  ! ", doubt, ?\n]),
      for(path <- Enum.take(unreadable.first, @unreadable), do: ["      ", place(path), ?\n])
    ]
  end

  defp place(""), do: "the root"
  defp place(path), do: Printable.escape(path)

  defp unknown(0), do: nil
  defp unknown(nil), do: nil
  defp unknown(1), do: "1 folder beneath is not known"
  defp unknown(number), do: "#{Text.count(number)} folders beneath are not known"

  defp counts(totals, exhaustive?) do
    [
      if(exhaustive?, do: "", else: "at least "),
      Text.count(totals.file_count),
      " files, ",
      size(totals.bytes)
    ]
  end

  defp known(%{imported: true}), do: "  (from an old cache)"
  defp known(%{kind: :directory, status: :complete, unknown_below: 0}), do: ""
  defp known(%{kind: :directory, status: :complete}), do: "  (at least)"
  defp known(%{kind: :directory, status: status}), do: ["  (", text(status), ")"]
  defp known(_child), do: ""

  defp text({:error, reason}), do: "could not be read: #{reason}"
  defp text(:unread), do: "not read"
  defp text(:other_file_system), do: "another file system, not entered"
  defp text(:loop), do: "one of its own ancestors, not entered"
  defp text(:changing), do: "kept changing while it was read"

  defp text(:unmounted),
    do: "another file system than the one that was kept, or not entered any more"

  defp text(status), do: Atom.to_string(status)

  defp status({:error, reason}), do: "error: #{reason}"
  defp status(status), do: status

  defp mark(:directory), do: "/"
  defp mark(:symlink), do: "@"
  defp mark(_kind), do: ""

  defp number(false, width), do: String.duplicate(" ", width)
  defp number(number, width), do: String.pad_leading(Text.count(number), width)

  defp size(nil), do: "-"
  defp size(bytes), do: Text.human(bytes)

  defp signed(number, fun) when number < 0, do: "-" <> fun.(-number)
  defp signed(number, fun), do: "+" <> fun.(number)

  defp date(nil), do: String.pad_leading("-", 16)

  defp date(mtime) do
    # Years that a calendar has no room for, too.
    case mtime |> Integer.floor_div(1_000_000_000) |> DateTime.from_unix() do
      {:ok, time} ->
        time |> DateTime.to_iso8601() |> binary_part(0, 16) |> String.replace("T", " ")

      {:error, _} ->
        String.pad_leading("-", 16)
    end
  end

  defp join("", name), do: name
  defp join(folder, name), do: folder <> "/" <> name
end
