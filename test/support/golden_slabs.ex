defmodule Aether.GoldenSlabs do
  @moduledoc false

  # The slabs in test/fixtures/slabs, which the tests of all languages read.

  alias Aether.JSON

  @folder Path.expand("../fixtures/slabs", __DIR__)
  @kinds %{0 => :unknown, 1 => :file, 2 => :directory, 3 => :symlink, 4 => :other}

  @doc "The sound ones: `{name, bytes, reading}`."
  def sound do
    for path <- Path.wildcard(Path.join(@folder, "*.bin")) do
      reading = path |> Path.rootname() |> Kernel.<>(".json") |> File.read!() |> JSON.decode!()
      {Path.basename(path, ".bin"), File.read!(path), reading}
    end
  end

  @doc "The damaged ones: `{name, bytes, what a decoder says}`."
  def damaged do
    folder = Path.join(@folder, "damaged")

    for {name, words} <- JSON.decode!(File.read!(Path.join(folder, "damaged.json"))) do
      {name, File.read!(Path.join(folder, name <> ".bin")), words}
    end
  end

  @doc "The first of them."
  def example, do: File.read!(Path.join(@folder, "slab-v1.bin"))

  @doc "A reading's records as `Aether.Slab.listings/1` gives them, the statuses as numbers."
  def listings(reading) do
    for record <- reading["records"] do
      path = record["path"] || Base.decode64!(record["path_base64"])
      {path, record["status"], Enum.map(record["entries"], &entry(&1, path))}
    end
  end

  defp entry(reading, directory) do
    name = Base.decode64!(reading["name_base64"])
    known? = reading["metadata_known"]

    %Aether.Entry{
      path: if(directory == "", do: name, else: directory <> "/" <> name),
      kind: Map.fetch!(@kinds, reading["kind"]),
      size: if(known?, do: integer(reading["size"])),
      mtime: if(known?, do: integer(reading["mtime_ns"]))
    }
  end

  defp integer(number) when is_integer(number), do: number
  defp integer(text), do: String.to_integer(text)
end
