defmodule Aether.Slab.Status do
  @moduledoc false

  # Names for the numbers in a slab's dir_status column.

  # Linux error numbers, with the same names as on the native side.
  @errnos %{
    1 => :eperm,
    2 => :enoent,
    3 => :esrch,
    4 => :eintr,
    5 => :eio,
    6 => :enxio,
    7 => :e2big,
    9 => :ebadf,
    11 => :eagain,
    12 => :enomem,
    13 => :eacces,
    14 => :efault,
    16 => :ebusy,
    17 => :eexist,
    18 => :exdev,
    19 => :enodev,
    20 => :enotdir,
    21 => :eisdir,
    22 => :einval,
    23 => :enfile,
    24 => :emfile,
    25 => :enotty,
    27 => :efbig,
    28 => :enospc,
    29 => :espipe,
    30 => :erofs,
    31 => :emlink,
    32 => :epipe,
    34 => :erange,
    35 => :edeadlk,
    36 => :enametoolong,
    37 => :enolck,
    38 => :enosys,
    39 => :enotempty,
    40 => :eloop,
    61 => :enodata,
    67 => :enolink,
    70 => :ecomm,
    71 => :eproto,
    74 => :ebadmsg,
    75 => :eoverflow,
    77 => :ebadfd,
    84 => :eilseq,
    93 => :eprotonosupport,
    95 => :enotsup,
    100 => :enetdown,
    101 => :enetunreach,
    104 => :econnreset,
    105 => :enobufs,
    107 => :enotconn,
    110 => :etimedout,
    111 => :econnrefused,
    112 => :ehostdown,
    113 => :ehostunreach,
    115 => :einprogress,
    116 => :estale,
    117 => :euclean,
    121 => :eremoteio,
    122 => :edquot,
    123 => :enomedium,
    125 => :ecanceled,
    126 => :enokey,
    127 => :ekeyexpired,
    128 => :ekeyrevoked,
    129 => :ekeyrejected
  }

  @first_errno 257
  @last_errno 256 + 4095

  @type t ::
          :more
          | :complete
          | :other_file_system
          | :loop
          | :vanished
          | :changing
          | {:error, atom | pos_integer}

  @doc """
  The status for a number, which must be valid.
  """
  @spec decode(non_neg_integer) :: t
  def decode(0), do: :more
  def decode(1), do: :complete
  def decode(2), do: :other_file_system
  def decode(3), do: :loop
  def decode(4), do: :vanished
  def decode(5), do: :changing
  def decode(number), do: {:error, Map.get(@errnos, number - 256, number - 256)}

  @doc """
  Whether a number is a valid status.
  """
  defguard is_status(number) when number <= 5 or number in @first_errno..@last_errno
end
