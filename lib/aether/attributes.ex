defmodule Aether.Attributes do
  @moduledoc """
  What `lstat(2)` says of an entry besides its size and mtime.

  A scan carries the groups that its option `metadata` lists; `Aether.Scanner.stat/3` carries all of them.

  | group | fields |
  |---|---|
  | `:disk` | `disk` |
  | `:inode` | `inode`, `device`, `nlink` |
  | `:mode` | `mode` |
  | `:times` | `ctime`, `btime` |
  | `:target` | `target` |
  | `:owner` | `uid`, `gid` |

  Fields of other groups are `nil`, and so is what is not known.

    * `disk` - allocated bytes, in blocks of 512: less than `size` in sparse files, more in small ones
    * `inode` - the inode number, which is unique on its `device`
    * `device` - tells the devices of one scan apart, and is not to be kept: a reboot changes it. On Linux
      `major << 20 | minor`
    * `nlink` - link count, as `st_nlink`: of a file the number of its names, those outside of the root too; of a
      directory what its file system makes of it
    * `mode` - type and permissions, all 16 bits of `st_mode`; `mode_text/1` shows it as `ls` does
    * `uid`, `gid` - user and group, as numbers
    * `ctime` - when the inode last changed, in nanoseconds since 1970
    * `btime` - when it was made, in nanoseconds since 1970; `nil` if the file system does not keep it
    * `target` - where a symbolic link leads; `nil` for all else. Raw bytes, and any but NUL: it may begin with `/` or
      contain `..`, so never join it to a path

      iex> {:ok, entries, _summary} = Aether.Scanner.list("lib", metadata: [:mode], depth: 1)
      iex> %{attributes: attributes} = Enum.find(entries, &(&1.path == "aether"))
      iex> {Bitwise.band(attributes.mode, 0o170000), attributes.inode}
      {0o040000, nil}
  """

  # The flags of a slab's header, which the native side takes too. Flag 1 is size and mtime.
  @flags [disk: 2, inode: 4, mode: 8, times: 16, target: 32, owner: 64]

  defstruct [:disk, :inode, :device, :nlink, :mode, :uid, :gid, :ctime, :btime, :target]

  @typedoc "Attributes that are asked for together."
  @type group :: :disk | :inode | :mode | :times | :target | :owner

  @typedoc "The attributes of one entry."
  @type t :: %__MODULE__{
          disk: non_neg_integer | nil,
          inode: non_neg_integer | nil,
          device: non_neg_integer | nil,
          nlink: non_neg_integer | nil,
          mode: 0..0xFFFF | nil,
          uid: non_neg_integer | nil,
          gid: non_neg_integer | nil,
          ctime: integer | nil,
          btime: integer | nil,
          target: binary | nil
        }

  @doc """
  All groups.

      iex> Aether.Attributes.groups()
      [:disk, :inode, :mode, :times, :target, :owner]
  """
  @spec groups() :: [group]
  def groups, do: Keyword.keys(@flags)

  @doc false
  # The flags that stand for a value of the option `metadata`.
  @spec to_flags(boolean | [group]) :: 0..127
  def to_flags(false), do: 0
  def to_flags(true), do: 1

  def to_flags(groups),
    do: for(group <- Enum.uniq(groups), reduce: 1, do: (flags -> flags + @flags[group]))

  @doc false
  # Whether there are size and mtime, and which groups there are besides. All groups need size and mtime.
  @spec from_flags(non_neg_integer) :: {:ok, boolean, [group]} | :error
  def from_flags(0), do: {:ok, false, []}

  def from_flags(flags) when flags <= 127 and rem(flags, 2) == 1,
    do: {:ok, true, for({group, flag} <- @flags, Bitwise.band(flags, flag) != 0, do: group)}

  def from_flags(_flags), do: :error

  @doc """
  Permissions as `ls -l` shows them, without the letter for the type.

      iex> Aether.Attributes.mode_text(0o100644)
      "rw-r--r--"
      iex> Aether.Attributes.mode_text(0o041777)
      "rwxrwxrwt"
  """
  @spec mode_text(non_neg_integer) :: String.t()
  def mode_text(mode) when is_integer(mode) do
    <<_type::4, setuid::1, setgid::1, sticky::1, user::3, group::3, others::3>> = <<mode::16>>

    permissions(user, setuid, "sS") <>
      permissions(group, setgid, "sS") <> permissions(others, sticky, "tT")
  end

  defp permissions(bits, special, <<executable, alone>>) do
    <<read::1, write::1, execute::1>> = <<bits::3>>

    last =
      case {special, execute} do
        {0, 0} -> ?-
        {0, 1} -> ?x
        {1, 1} -> executable
        {1, 0} -> alone
      end

    <<if(read == 1, do: ?r, else: ?-), if(write == 1, do: ?w, else: ?-), last>>
  end
end
