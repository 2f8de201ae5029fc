defmodule Aether.CLI.Output do
  @moduledoc false

  # Stdout or stderr as a process that owns a port on the descriptor. A port, because the group
  # leader is far too slow for millions of lines, and opening /dev/stdout anew loses the place in a
  # file and fails for sockets. A process, because a write waits for whoever reads: the caller must
  # stay free for a signal.
  #
  # Every write is answered by {:written, pid} when the descriptor's queue has taken it. When the
  # descriptor fails (:epipe, :enospc) the process exits with {:shutdown, {:output, reason}}.

  alias Aether.Native

  @doc """
  Takes over a descriptor; the caller gets the answers, and monitors the process.
  """
  @spec open(1 | 2) :: {pid, reference}
  def open(descriptor) do
    owner = self()
    spawn_monitor(fn -> init(descriptor, owner) end)
  end

  @doc """
  Writes bytes.
  """
  def write(output, iodata), do: send(output, {:write, iodata})

  @doc """
  Writes the entries of a slab, as `:json` or `:print0`.
  """
  def slab(output, slab, format), do: send(output, {:slab, slab, format})

  @doc """
  Waits until everything is written, and ends the process; or until a signal comes.
  """
  @spec finish({pid, reference}, timeout) :: :ok | {:error, atom} | {:signal, byte} | :timeout
  def finish({pid, monitor}, timeout \\ :infinity) do
    # Another monitor, because the first may have been answered already; if not, it knows the reason.
    again = Process.monitor(pid)
    send(pid, :finish)

    receive do
      {:DOWN, ref, :process, ^pid, reason} when ref in [monitor, again] -> result(reason)
      {:signal, status} -> {:signal, status}
    after
      timeout -> :timeout
    end
  end

  @doc """
  What the exit reason of an output says.
  """
  @spec result(term) :: :ok | {:error, atom}
  def result(:normal), do: :ok
  def result({:shutdown, {:output, reason}}), do: {:error, reason}
  def result(_crash), do: {:error, :eio}

  defp init(descriptor, owner) do
    Process.flag(:trap_exit, true)
    loop(:erlang.open_port({:fd, descriptor, descriptor}, [:out, :binary]), owner)
  end

  defp loop(port, owner) do
    receive do
      {:write, iodata} ->
        command(port, iodata)
        send(owner, {:written, self()})
        loop(port, owner)

      {:slab, slab, format} ->
        pieces(port, slab, format, 0)
        send(owner, {:written, self()})
        loop(port, owner)

      :finish ->
        drain(port)

      {:EXIT, ^port, reason} ->
        stop(reason)
    end
  end

  # In pieces, each a short call on a dirty scheduler.
  defp pieces(port, slab, format, offset) do
    case Native.format(slab, format, offset) do
      {:ok, bytes, :done} ->
        command(port, bytes)

      {:ok, bytes, next} ->
        command(port, bytes)
        pieces(port, slab, format, next)

      {:error, reason} ->
        stop(reason)
    end
  end

  # Suspends this process while the port is busy.
  defp command(port, iodata) do
    :erlang.port_command(port, iodata)
  rescue
    # The port is gone: its exit, with the reason, is in the mailbox or about to come.
    ArgumentError ->
      receive do
        {:EXIT, ^port, reason} -> stop(reason)
      end
  end

  # Closing a port would give up on an error while the rest is written; so look at its queue.
  defp drain(port) do
    case :erlang.port_info(port, :queue_size) do
      {:queue_size, 0} ->
        receive do
          {:EXIT, ^port, reason} -> stop(reason)
        after
          0 -> :ok
        end

      _ ->
        receive do
          {:EXIT, ^port, reason} -> stop(reason)
        after
          1 -> drain(port)
        end
    end
  end

  @spec stop(term) :: no_return
  defp stop(reason), do: exit({:shutdown, {:output, reason}})
end
