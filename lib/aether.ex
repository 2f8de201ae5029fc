defmodule Aether do
  @readme Path.expand("../README.md", __DIR__)
  @external_resource @readme
  @moduledoc @readme |> File.read!() |> String.split("<!-- moduledoc -->") |> List.last()

  # Only functions about Aether as a whole; scans are in `Aether.Scanner`.

  @typedoc "Resources that Aether holds at the moment."
  @type info :: %{
          running: non_neg_integer,
          parked: non_neg_integer,
          threads: non_neg_integer,
          stuck_threads: non_neg_integer,
          descriptors: non_neg_integer,
          native_bytes: non_neg_integer
        }

  @doc """
  The resources that Aether holds at the moment, in the whole VM.

    * `running` - scans with work and demand; `parked` - scans without demand
    * `threads` - threads alive; `stuck_threads` - those among them that hang in a system call
    * `descriptors` - file descriptors held
    * `native_bytes` - memory of builders, queues and unsent slabs, in bytes

  ## Example

      iex> Map.keys(Aether.info())
      [:descriptors, :native_bytes, :parked, :running, :stuck_threads, :threads]
  """
  @spec info() :: info
  def info, do: Aether.Native.info()
end
