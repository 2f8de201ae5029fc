defmodule Aether.Contract do
  @moduledoc false
  # Scans by the native functions alone, without what Aether.Scanner makes of them.

  import ExUnit.Assertions
  alias Aether.Native

  @options %{
    depth: :infinity,
    metadata: 1,
    entry: nil,
    hidden: true,
    ignore: false,
    exclude: [],
    same_file_system: false,
    slab_entries: 1000,
    tag: 0,
    threads: nil,
    progress: false,
    active: true,
    pool_threads: 4,
    max_scans: 1_000_000,
    index: nil,
    slabs: true,
    source_id: nil,
    replace_rules: false,
    accept_root: false,
    owners: false,
    native_per_second: System.convert_time_unit(1, :second, :native)
  }

  @doc "All options that the native side takes, with which it scans everything at once."
  def options, do: @options

  @doc "Starts a scan: its reference, its handle, and the identity of its root."
  def start(path, options \\ %{}, receiver \\ self()) do
    ref = make_ref()
    open_ref = make_ref()
    options = Map.merge(@options, options)
    {:ok, handle} = Native.start(ref, open_ref, path, "", nil, receiver, options)
    assert_receive {:scan_opened, ^open_ref, {:ok, identity}}
    {ref, handle, identity}
  end

  @doc "Waits for the end of a scan."
  def summary(ref) do
    assert_receive {:scan_completed, ^ref, summary}
    summary
  end

  @doc "Fifty files, so five slabs of ten and what is left."
  def fifty(dir) do
    for n <- 1..50, do: File.write!(Path.join(dir, "file-#{n}"), "x")
    dir
  end
end
