Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.GuideTest do
  # Holds guides/phoenix.md against the code: its requests, its events, their members.
  use Aether.Case, async: true

  import Aether.Shared
  alias Aether.Channel

  setup :shared_root

  describe "the guide" do
    @guide File.read!(Path.expand("../../../guides/phoenix.md", __DIR__))

    test "has every request, and every member that it takes" do
      rows =
        for [events, members, _] <- Aether.Markdown.table(@guide, "request"),
            event <- Aether.Markdown.spans(events),
            into: %{},
            do: {event, members}

      assert Enum.sort(Map.keys(rows)) == Enum.sort(Channel.Request.events())
      shared = rows["scan"]

      for {event, {needs, takes}} <- Channel.Request.requests(), member <- needs ++ takes do
        text = if event == "scan_subdir", do: rows[event] <> shared, else: rows[event]
        assert text =~ "`#{member}`", "#{event}: #{member}"
      end
    end

    test "has every event, with its members", %{root: root} do
      rows =
        for [event, text] <- Aether.Markdown.table(@guide, "event"), into: %{} do
          {event |> Aether.Markdown.spans() |> hd(), text}
        end

      assert Enum.sort(Map.keys(rows)) == ~w(completed folders index progress slab)
      progress = Channel.Wire.progress(%Progress{})

      for key <- Map.keys(progress) -- [:persisted, :expected],
          do: assert(rows["progress"] =~ "`#{key}`", "#{key}")

      {_, last, _} = list(join!(root), "scan", %{"root" => "r"})
      fields = Map.keys(%Summary{}) -- [:__struct__, :error]

      for key <- Map.keys(last) -- [:tag, :reason | fields],
          do: assert(rows["completed"] =~ "`#{key}`", "#{key}")
    end
  end
end
