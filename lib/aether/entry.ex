defmodule Aether.Entry do
  @moduledoc """
  A file, directory, symbolic link or other entry beneath a root.

    * `path` - relative to the root, `/`-separated, without a slash at either end. Raw bytes:
      names need not be UTF-8, and may contain any byte except `/` and NUL; escape them before
      showing them to a person
    * `kind` - `:file` (a regular one), `:directory`, `:symlink` (never followed), `:other` (a
      device, FIFO, socket), or `:unknown`
    * `size` - in bytes, or `nil` if unknown
    * `mtime` - when the content last changed, in nanoseconds since 1970 (negative before), or
      `nil` if unknown
    * `attributes` - an `Aether.Attributes` with the groups that `metadata` lists, or `nil` if it
      lists none

  All metadata is that of `lstat(2)`: of a link itself, not of its target. It is unknown with
  `metadata: false`, and if the metadata of an entry could not be read.

      iex> entry = %Aether.Entry{path: "docs/a.txt", kind: :file, size: 5, mtime: 1_700_000_000_123_456_789}
      iex> Aether.Entry.datetime(entry.mtime)
      ~U[2023-11-14 22:13:20.123456Z]
  """

  alias Aether.Attributes

  defstruct [:path, :kind, :size, :mtime, :attributes]

  @typedoc "What an entry is."
  @type kind :: :file | :directory | :symlink | :other | :unknown

  @typedoc "One entry."
  @type t :: %__MODULE__{
          path: binary,
          kind: kind,
          size: non_neg_integer | nil,
          mtime: integer | nil,
          attributes: Attributes.t() | nil
        }

  @doc """
  A time of an entry as a `DateTime` in UTC; `nil` for `nil`.

  A `DateTime` counts microseconds, so the last three digits of the nanoseconds are lost, downwards, also before 1970.
  To tell whether a file has changed, compare the integers.

      iex> Aether.Entry.datetime(-1)
      ~U[1969-12-31 23:59:59.999999Z]
  """
  @spec datetime(integer | nil) :: DateTime.t() | nil
  def datetime(nil), do: nil
  def datetime(nanoseconds), do: DateTime.from_unix!(nanoseconds, :nanosecond)

  @doc """
  The entry as a `File.Stat`, as `File.lstat/1` gives it, for code that takes one.

  `nil` is what the entry does not have: fields of groups that were not asked for, `access` and `atime`, the number of a
  device file (`minor_device`), and the type of an entry of unknown kind. Times are in UTC and seconds, the rest of them is
  lost. `major_device` is the device's number, on Linux as `File.lstat/1` has it. Without `:mode` a device is `:other`.

      iex> {:ok, entry} = Aether.Scanner.stat("lib", "aether.ex")
      iex> stat = Aether.Entry.to_stat(entry)
      iex> %{File.lstat!("lib/aether.ex") | access: nil, atime: nil, minor_device: nil} == stat
      true
  """
  @spec to_stat(t) :: File.Stat.t()
  def to_stat(%__MODULE__{} = entry) do
    known = entry.attributes || %Attributes{}

    %File.Stat{
      size: entry.size,
      type: type(entry.kind, known.mode),
      mtime: universal(entry.mtime),
      ctime: universal(known.ctime),
      mode: known.mode,
      links: known.nlink,
      major_device: st_dev(known.device),
      inode: known.inode,
      uid: known.uid,
      gid: known.gid
    }
  end

  defp type(:file, _mode), do: :regular
  defp type(:unknown, _mode), do: nil

  # Character and block devices.
  defp type(:other, mode) when is_integer(mode) and div(mode, 0o10000) in [0o02, 0o06],
    do: :device

  defp type(kind, _mode), do: kind

  defp universal(nil), do: nil

  defp universal(nanoseconds),
    do: :calendar.system_time_to_universal_time(nanoseconds, :nanosecond)

  defp st_dev(nil), do: nil

  # The kernel's number, with its parts where the C library puts them: minor 31-20, major 19-8, minor 7-0.
  defp st_dev(device) do
    <<major::12, high::12, low::8>> = <<device::32>>
    <<number::32>> = <<high::12, major::12, low::8>>
    number
  end
end
