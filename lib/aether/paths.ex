defmodule Aether.Paths do
  @moduledoc false
  # Refuses paths that no system call could take. Only the text is checked here: what a path leads to is checked by the
  # native side, descriptor by descriptor.

  alias Aether.Error

  @doc """
  Refuses a root that no system could open.
  """
  @spec check_root(binary) :: :ok | {:error, Error.t()}
  def check_root(path) when is_binary(path) do
    if path == "" or nul?(path), do: refuse(:einval, path), else: :ok
  end

  def check_root(other) do
    raise ArgumentError,
          "a path is a binary of raw bytes, got: #{inspect(other)}" <>
            if(is_list(other), do: "; IO.chardata_to_string/1 converts a charlist", else: "")
  end

  @doc """
  Refuses a folder that could lie outside its root, or that another path names too.

      iex> Aether.Paths.check_folder("..a/b")
      :ok

      iex> {:error, error} = Aether.Paths.check_folder("a/../..")
      iex> error.reason
      :outside_root
  """
  @spec check_folder(binary) :: :ok | {:error, Error.t()}
  def check_folder(""), do: :ok

  def check_folder(folder) when is_binary(folder) do
    components = :binary.split(folder, "/", [:global])

    cond do
      nul?(folder) -> refuse(:einval, folder)
      hd(components) == "" or ".." in components -> refuse(:outside_root, folder)
      # Paths in slabs have neither, and one directory must not go by two paths.
      "" in components or "." in components -> refuse(:einval, folder)
      true -> :ok
    end
  end

  def check_folder(other) do
    raise ArgumentError, "a folder is a binary of raw bytes, got: #{inspect(other)}"
  end

  defp nul?(bytes), do: :binary.match(bytes, <<0>>) != :nomatch

  defp refuse(reason, path), do: {:error, %Error{reason: reason, path: path, operation: :start}}
end
