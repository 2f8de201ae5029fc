defmodule Aether.GoldenSlabs do
  @moduledoc false

  # The slabs in test/fixtures/slabs, which the tests of all languages read.

  alias Aether.JSON

  @folder Path.expand("../fixtures/slabs", __DIR__)
  @kinds %{0 => :unknown, 1 => :file, 2 => :directory, 3 => :symlink, 4 => :other}

  @doc "Names of the sound ones."
  def sound, do: names(@folder)

  @doc "Names of the damaged ones."
  def damaged, do: names(Path.join(@folder, "damaged"))

  @doc "The bytes of a sound one."
  def bytes(name), do: File.read!(Path.join(@folder, name <> ".bin"))

  @doc "What is written beside a sound one about its content."
  def reading(name), do: JSON.decode!(File.read!(Path.join(@folder, name <> ".json")))

  @doc "The bytes of a damaged one, and what a decoder says of it."
  def damage(name) do
    words = JSON.decode!(File.read!(Path.join(@folder, "damaged/damaged.json")))
    {bytes("damaged/" <> name), Map.fetch!(words, name)}
  end

  @doc "The first of them."
  def example, do: bytes("slab-v1")

  @doc "A reading's records as `Aether.Slab.listings/1` gives them, the statuses as numbers."
  def listings(reading) do
    groups = groups(reading)

    for record <- reading["records"] do
      path = record["path"] || Base.decode64!(record["path_base64"])
      {path, record["status"], Enum.map(record["entries"], &entry(&1, path, groups))}
    end
  end

  @doc "The groups of attributes that it has, by the columns in its reading."
  def groups(%{"offsets" => offsets}) do
    for {group, column} <- [
          disk: "disk",
          inode: "inode",
          mode: "mode",
          times: "ctime",
          target: "target_end",
          owner: "uid"
        ],
        Map.has_key?(offsets, column),
        do: group
  end

  defp entry(reading, directory, groups) do
    name = Base.decode64!(reading["name_base64"])
    known? = reading["metadata_known"]

    %Aether.Entry{
      path: if(directory == "", do: name, else: directory <> "/" <> name),
      kind: Map.fetch!(@kinds, reading["kind"]),
      size: if(known?, do: integer(reading["size"])),
      mtime: if(known?, do: integer(reading["mtime_ns"])),
      attributes: if(known? and groups != [], do: attributes(reading))
    }
  end

  # "" and -2^63 stand for what is not known.
  defp attributes(reading) do
    number = &integer(reading[&1])
    btime = number.("btime_ns")
    target = reading["target_base64"]

    %Aether.Attributes{
      disk: number.("disk"),
      inode: number.("inode"),
      device: number.("device"),
      nlink: number.("nlink"),
      mode: number.("mode"),
      uid: number.("uid"),
      gid: number.("gid"),
      ctime: number.("ctime_ns"),
      btime: if(btime != -0x8000000000000000, do: btime),
      target: if(target not in [nil, ""], do: Base.decode64!(target))
    }
  end

  defp names(folder),
    do: for(path <- Path.wildcard(folder <> "/*.bin"), do: Path.basename(path, ".bin"))

  defp integer(nil), do: nil
  defp integer(number) when is_integer(number), do: number
  defp integer(text), do: String.to_integer(text)
end
