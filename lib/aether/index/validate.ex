defmodule Aether.Index.Validate do
  @moduledoc false
  # Checks sources, paths and filters that callers give, by their text alone.

  alias Aether.{Error, Paths}
  alias Aether.Index.Source

  @doc "A source's uuid."
  def uuid(%Source{uuid: uuid}), do: {:ok, uuid}

  def uuid(uuid) when is_binary(uuid) do
    if String.valid?(uuid),
      do: {:ok, uuid},
      else: {:error, %Error{reason: :no_source, operation: :read, detail: inspect(uuid)}}
  end

  def uuid(other) do
    raise ArgumentError, "a source is an Aether.Index.Source or its uuid, got: #{inspect(other)}"
  end

  @doc "The same for an option, with its default."
  def uuid(nil, default), do: {:ok, default}
  def uuid(source, _default), do: uuid(source)

  @doc "The option `near`: a source's uuid and a folder in it, or nil."
  def near(nil), do: {:ok, nil}

  def near({source, folder}) do
    with {:ok, uuid} <- uuid(source), :ok <- folder(folder, :search), do: {:ok, {uuid, folder}}
  end

  # Numbers as in slabs.
  @kinds %{unknown: 0, file: 1, directory: 2, symlink: 3, other: 4}

  # Times have 64 bits.
  @latest 0x7FFFFFFFFFFFFFFF

  @doc "The filters of a search, for the native side."
  def filters(%{kind: kinds, ext: extensions, larger: larger, newer: newer}) do
    %{
      kinds: for(kind <- List.wrap(kinds), do: Map.fetch!(@kinds, kind)),
      extensions: List.wrap(extensions),
      larger: larger,
      newer: nanoseconds(newer)
    }
  end

  defp nanoseconds(%DateTime{} = time),
    do: time |> DateTime.to_unix(:nanosecond) |> max(-@latest) |> min(@latest)

  defp nanoseconds(time), do: time

  @doc "Refuses a folder that could lie outside its root."
  def folder(folder, operation), do: during(Paths.check_folder(folder), operation)

  @doc "Refuses a path that no system could open."
  def path(path, operation), do: during(Paths.check_root(path), operation)

  @doc "An entry's folder and name. The root itself is not an entry of any folder."
  def entry(""), do: {:error, %Error{reason: :einval, operation: :write}}

  def entry(path) do
    with :ok <- folder(path, :write) do
      case :binary.matches(path, "/") do
        [] ->
          {:ok, "", path}

        slashes ->
          {at, 1} = List.last(slashes)
          {:ok, binary_part(path, 0, at), binary_part(path, at + 1, byte_size(path) - at - 1)}
      end
    end
  end

  defp during(:ok, _operation), do: :ok
  defp during({:error, error}, operation), do: {:error, %{error | operation: operation}}
end
