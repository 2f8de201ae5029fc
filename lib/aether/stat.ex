defmodule Aether.Stat do
  @moduledoc false
  # Looks at one entry: a scan of its folder that lists nothing but that. It is received by a process of its own, so that
  # nothing is left in the caller's mailbox.

  alias Aether.{Entry, Error, Options, Puller, Slab}

  @doc """
  The entry with this path beneath the root; `""` is the root itself.
  """
  @spec entry(binary, binary, binary | nil, Options.t()) :: {:ok, Entry.t()} | {:error, Error.t()}
  def entry(root, path, identity, %Options{} = options) do
    {folder, name} = split(path)

    with {:ok, puller} <- Puller.start(root, %{options | entry: name}, folder, identity) do
      try do
        found(puller, path, nil)
      after
        Puller.stop(puller)
      end
    end
  end

  # Up to the summary, so that the scan ends of itself and telemetry sees no cancelled one.
  defp found(puller, path, entry) do
    case Puller.next(puller) do
      {:slabs, slabs} ->
        [entry] = Enum.flat_map(slabs, &Slab.entries/1)
        found(puller, path, entry)

      # The root itself has another name in the slab, as no entry can have none.
      {:summary, _summary} when entry != nil ->
        {:ok, %{entry | path: path}}

      {:summary, summary} ->
        {:error, summary.error || %Error{reason: :ended, path: path, operation: :stat}}
    end
  end

  defp split(path) do
    case :binary.matches(path, "/") do
      [] ->
        {"", path}

      slashes ->
        {at, 1} = List.last(slashes)
        {binary_part(path, 0, at), binary_part(path, at + 1, byte_size(path) - at - 1)}
    end
  end
end
