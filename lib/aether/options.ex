defmodule Aether.Options do
  # Checks options and fills in defaults. One table serves the documentation, the checks and
  # the messages. What the native side needs of them leaves here as one map, with the user's home
  # where that counts.

  @scan [:scan, :scan_subdir]
  @all [:scan, :scan_subdir, :stream!, :list]

  # {name, the calls that take it, what it takes, what it does}
  @table [
    {:depth, @all, "a positive integer or :infinity",
     "how many levels to list; 1 is the directory's own entries, as with `find -maxdepth 1`. " <>
       "Default 2 for `scan` and `scan_subdir`, `:infinity` for `list` and `stream!`"},
    {:active, @scan, "true, false or an integer from 1 to 65535",
     "slabs to send before anyone asks: all of them, none, or so many. Default `true`"},
    {:to, @scan, "the pid of a process on this node",
     "the receiver, which gets the messages and owns the scan. Default the caller"},
    {:tag, @scan, "an integer from 0 to 4294967295",
     "written into the header of every slab, so that a client tells scans apart. Default 0"},
    {:metadata, @all, "a boolean", "whether to read size and mtime. Default `true`"},
    {:hidden, @all, "a boolean",
     "whether names that begin with a dot are listed. Default `true`"},
    {:ignore, @all, "false, :git or a list of :git, :git_user and gitignore patterns as binaries",
     "what to leave out: nothing; what git would; or with a list, what matches these patterns, relative to " <>
       "the root, what git would, and what the user's own excludes file says, see below. Default `false`"},
    {:exclude, @all, "a list of directory names, binaries without slash or NUL",
     "directories of these names, byte by byte, are left out with all beneath them. Default `[]`"},
    {:same_file_system, @all, "a boolean",
     "whether to stay on the root's file system: what is mounted beneath is listed and not entered. " <>
       "Default `false`"},
    {:slab_entries, @all, "an integer from 1 to 1000000",
     "a slab closes at so many entries and directory records, if not earlier. Default 1000"},
    {:threads, @all, "an integer from 1 to 1024",
     "at most so many threads of the pool work on this scan. Default all of them"},
    {:progress, @scan, "a boolean", "whether to send progress. Default `false`"},
    {:index, @scan, "an Aether.Index, or the name or pid of its process",
     "keeps what is found in this index. Depth is then `:infinity` unless given, and `hidden`, `ignore`, " <>
       "`exclude` and `same_file_system` are those that the index knows the root by"},
    {:slabs, @scan, "a boolean",
     "with `index`: whether the receiver gets slabs as well. Default `true`"},
    {:source_id, [:scan], "1 to 255 bytes of UTF-8 without control characters",
     "with `index`: the id of the source, if it is new; one is made up otherwise"},
    {:rules, [:scan], ":keep or :replace",
     "with `index`: whether other rules than those that the index knows the root by are refused " <>
       "(`:rules_changed`), or replace them. Default `:keep`"},
    {:accept_root, @scan, "a boolean",
     "with `index`: whether whatever lies at the root now, and at mount points, is taken for what belongs " <>
       "there. Default `false`"},
    {:open_timeout, @all, "a positive number of milliseconds or :infinity",
     "how long to wait for the directory to open. Default 5000"},
    {:on_summary, [:stream!], "a function of one argument",
     "called with the summary when the stream has come to its end, not when it was halted"}
  ]

  @inherited [:metadata, :hidden, :ignore, :exclude, :same_file_system, :index]

  # By which an index knows a root.
  @rules [:hidden, :ignore, :exclude, :same_file_system]

  @moduledoc """
  The options of `Aether.Scanner`.

  #{for {name, calls, takes, does} <- @table do
    only = if calls == @all, do: "", else: " (#{Enum.map_join(calls, ", ", &"`#{&1}`")} only)"
    "  * `:#{name}` - #{takes}: #{does}#{only}.\n"
  end}
  ## Ignore rules

  `:git` goes by the `.gitignore` files from the top of the work tree down, also above the root, the nearest first, then
  by `info/exclude` and `core.ignoreCase` of the repository; and it leaves out each `.git`. A repository within another, a
  submodule or a work tree of one too, goes by its own rules alone. Outside of all, `.gitignore` files count from the root
  down. It answers as `git check-ignore --no-index` does: git's index is not read, so that a file that git tracks is
  left out as well if a rule matches it. The root itself, and what it lies in, is never left out.

  `:git_user` adds the user's own file, which counts last: `core.excludesFile` of `~/.gitconfig` or of `git/config` in
  `$XDG_CONFIG_HOME` (`~/.config`), else `git/ignore` there. What the configuration includes is not read.

  Patterns are lines of a `.gitignore` file in the root that goes before all others, wherever in the list they stand:
  `ignore: [:git, "!*.log", "/tmp/"]` shows what git ignores as `*.log`, and no `tmp`. One that is none refuses the scan.
  What matching costs is bounded: a file is used up to the line that goes beyond, or up to 1 MiB, and the rest is an
  error in the summary.

  ## Values

  A value that an option does not take, and an option that does not exist, raise an `ArgumentError`
  that says what is accepted. `scan_subdir` on a scan inherits #{Enum.map_join(@inherited, ", ", &"`:#{&1}`")}
  from it, where they are not given anew.

  ## Configuration

  All scans of a VM share one pool of threads. It is made at the first scan, and this is read then:

      config :aether, threads: 32, max_scans: 1024

    * `:threads` - the most threads that the pool grows to, from 1 to 1024, while they wait for a slow
      file system; while they compute there are as many as cores. Default 32
    * `:max_scans` - the most scans that there may be at once, parked ones included, from 1 to 1000000;
      one more is refused with `:too_many_scans`. Default 1024
  """

  @enforce_keys [:depth, :active, :to]
  defstruct [
    :depth,
    :active,
    :to,
    tag: 0,
    metadata: true,
    hidden: true,
    ignore: false,
    exclude: [],
    same_file_system: false,
    slab_entries: 1000,
    threads: nil,
    progress: false,
    index: nil,
    slabs: true,
    source_id: nil,
    rules: :keep,
    accept_root: false,
    given: [],
    open_timeout: 5000,
    on_summary: nil
  ]

  @typedoc "Checked options, with defaults filled in."
  @type t :: %__MODULE__{
          depth: pos_integer | :infinity,
          active: boolean | 1..65535,
          to: pid,
          tag: 0..4_294_967_295,
          metadata: boolean,
          hidden: boolean,
          ignore: false | :git | [:git | :git_user | binary],
          exclude: [binary],
          same_file_system: boolean,
          slab_entries: 1..1_000_000,
          threads: 1..1024 | nil,
          progress: boolean,
          index: Aether.Index.t() | nil,
          slabs: boolean,
          source_id: binary | nil,
          rules: :keep | :replace,
          accept_root: boolean,
          given: [atom],
          open_timeout: timeout,
          on_summary: (Aether.Summary.t() -> any) | nil
        }

  @typedoc "The calls that take options."
  @type call :: :scan | :scan_subdir | :stream! | :list

  @doc """
  The names of all options, or of those that one call takes.

      iex> Aether.Options.names(:list) -- Aether.Options.names(:stream!)
      []
  """
  @spec names(call | :all) :: [atom]
  def names(call \\ :all)
  def names(:all), do: for({name, _, _, _} <- @table, do: name)
  def names(call), do: for({name, calls, _, _} <- @table, call in calls, do: name)

  @doc """
  Checks the options of a call; `inherited` are those of the scan it expands.

      iex> Aether.Options.new(:scan, depth: 1).depth
      1

      iex> Aether.Options.new(:scan, depht: 1)
      ** (ArgumentError) unknown option :depht for Aether.Scanner.scan/2, did you mean :depth?
  """
  @spec new(call, keyword, map) :: t
  def new(call, opts, inherited \\ %{}) do
    if not Keyword.keyword?(opts) do
      raise ArgumentError, "#{name(call)} takes options as a keyword list, got: #{inspect(opts)}"
    end

    Enum.each(opts, fn {name, _value} -> check_name!(call, name) end)

    given =
      for {name, value} <- Enum.reverse(opts), into: %{} do
        {name, check!(call, name, value)}
      end

    defaults(call)
    |> struct!(inherited)
    |> struct!(given)
    |> indexed(call, given)
  end

  defp indexed(%{index: nil} = options, call, given) do
    for name <- [:slabs, :source_id, :rules, :accept_root], is_map_key(given, name) do
      raise ArgumentError, "option #{inspect(name)} of #{name(call)} goes with option :index"
    end

    options
  end

  defp indexed(options, call, given) do
    if not options.metadata do
      raise ArgumentError,
            "option :metadata of #{name(call)} cannot be false with option :index, " <>
              "which keeps sizes and times"
    end

    depth = if call == :scan, do: Map.get(given, :depth, :infinity), else: options.depth
    index = Aether.Index.get(options.index)
    %{options | depth: depth, index: index, given: Map.keys(given)}
  end

  @doc """
  The same options with the rules that an index knows the root by, where none were given.
  """
  @spec keep_rules(t, map | nil) :: t
  def keep_rules(%__MODULE__{} = options, nil), do: options

  def keep_rules(%__MODULE__{} = options, known) do
    if options.rules == :replace or Enum.any?(@rules, &(&1 in options.given)),
      do: options,
      else: struct!(options, Map.take(known, @rules))
  end

  @doc """
  The rules among these options as an index stores them, with the defaults of those that are not given.

      iex> Aether.Options.rules(exclude: ["b", "a", "b"], depth: 1)
      %{hidden: true, ignore: false, exclude: ["a", "b"], same_file_system: false}
  """
  @spec rules(keyword) :: map
  def rules(options) do
    %__MODULE__{depth: nil, active: nil, to: nil}
    |> struct!(Keyword.take(options, @rules))
    |> Map.take(@rules)
    |> Map.update!(:exclude, &Enum.uniq(Enum.sort(&1)))
    |> Map.update!(:ignore, &canonical/1)
  end

  defp canonical(ignore) when is_atom(ignore), do: ignore

  defp canonical(list) do
    words = for word <- [:git, :git_user], word in list, do: word

    case words ++ Enum.filter(list, &is_binary/1) do
      [] -> false
      [:git] -> :git
      list -> list
    end
  end

  @doc """
  The options that `scan_subdir` takes over from a scan.
  """
  @spec inheritable(t) :: map
  def inheritable(%__MODULE__{} = options), do: Map.take(options, @inherited)

  @doc """
  The map that the native side takes.
  """
  @spec native(t, pos_integer, pos_integer) :: map
  def native(%__MODULE__{} = options, pool_threads, max_scans) do
    options
    |> Map.from_struct()
    |> Map.drop([:to, :open_timeout, :on_summary, :given, :rules])
    |> Map.put(:index, options.index && options.index.handle)
    |> Map.update!(:ignore, &with_home/1)
    |> Map.put(:replace_rules, options.rules == :replace)
    |> Map.put(:pool_threads, pool_threads)
    |> Map.put(:max_scans, max_scans)
    |> Map.put(:native_per_second, System.convert_time_unit(1, :second, :native))
  end

  # As the VM has it, of which the native side knows nothing.
  defp with_home(ignore) when is_atom(ignore), do: ignore

  defp with_home(list) do
    Enum.map(list, fn
      :git_user -> {:git_user, System.get_env("HOME"), System.get_env("XDG_CONFIG_HOME")}
      other -> other
    end)
  end

  defp defaults(call) when call in @scan, do: %__MODULE__{depth: 2, active: true, to: self()}
  defp defaults(_call), do: %__MODULE__{depth: :infinity, active: false, to: self()}

  defp check_name!(call, name) do
    if name not in names(call), do: raise(ArgumentError, unknown(call, name))
  end

  defp unknown(call, name) do
    if name in names() do
      "option #{inspect(name)} is not for #{name(call)}, it takes #{list(names(call))}"
    else
      "unknown option #{inspect(name)} for #{name(call)}, " <> hint(call, Atom.to_string(name))
    end
  end

  defp hint(call, name) do
    near = Enum.max_by(names(call), &String.jaro_distance(Atom.to_string(&1), name))

    if String.jaro_distance(Atom.to_string(near), name) > 0.8,
      do: "did you mean #{inspect(near)}?",
      else: "it takes #{list(names(call))}"
  end

  defp list(names), do: Enum.map_join(names, ", ", &inspect/1)

  defp check!(call, name, value) do
    case check(name, value) do
      {:ok, value} ->
        value

      :error ->
        raise ArgumentError,
              "option #{inspect(name)} of #{name(call)} takes #{takes(name)}, " <>
                "got: #{inspect(value)}"
    end
  end

  for {name, _calls, takes, _does} <- @table do
    defp takes(unquote(name)), do: unquote(takes)
  end

  # No path has so many levels; the native side counts them in 32 bits.
  defp check(:depth, depth) when is_integer(depth) and depth > 0xFFFFFFFF, do: {:ok, :infinity}
  defp check(:depth, depth), do: ok_if(positive?(depth) or depth == :infinity, depth)
  defp check(:active, active) when is_boolean(active), do: {:ok, active}
  defp check(:active, active), do: ok_if(active in 1..65535, active)
  defp check(:to, to), do: ok_if(is_pid(to) and node(to) == node(), to)
  defp check(:tag, tag), do: ok_if(tag in 0..0xFFFFFFFF, tag)
  defp check(:ignore, ignore) when ignore in [false, :git], do: {:ok, ignore}

  defp check(:ignore, list),
    do: ok_if(all?(list, &(is_binary(&1) or &1 in [:git, :git_user])), list)

  defp check(:exclude, names), do: ok_if(all?(names, &name?/1), names)
  defp check(:slab_entries, entries), do: ok_if(entries in 1..1_000_000, entries)
  defp check(:threads, threads), do: ok_if(threads in 1..1024, threads)
  defp check(:open_timeout, :infinity), do: {:ok, :infinity}
  # What `receive ... after` takes at the most.
  defp check(:open_timeout, time), do: ok_if(time in 1..0xFFFFFFFF, time)
  defp check(:on_summary, fun), do: ok_if(is_function(fun, 1), fun)

  defp check(:index, %Aether.Index{} = index), do: {:ok, index}
  defp check(:index, index), do: ok_if(server?(index), index)

  defp check(:source_id, id),
    do:
      ok_if(
        is_binary(id) and byte_size(id) in 1..255 and String.valid?(id) and
          not (id =~ ~r/[[:cntrl:]]/u),
        id
      )

  defp check(:rules, rules), do: ok_if(rules in [:keep, :replace], rules)

  defp check(name, value)
       when name in [:metadata, :hidden, :same_file_system, :progress, :slabs, :accept_root],
       do: ok_if(is_boolean(value), value)

  defp server?(nil), do: false
  defp server?({:via, module, _name}), do: is_atom(module)
  defp server?({:global, _name}), do: true
  defp server?(server), do: is_pid(server) or is_atom(server)

  defp ok_if(true, value), do: {:ok, value}
  defp ok_if(false, _value), do: :error

  defp positive?(number), do: is_integer(number) and number > 0

  defp all?([], _fun), do: true
  defp all?([first | rest], fun), do: fun.(first) and all?(rest, fun)
  defp all?(_not_a_list, _fun), do: false

  defp name?(name),
    do: is_binary(name) and name != "" and :binary.match(name, ["/", <<0>>]) == :nomatch

  defp name(:scan), do: "Aether.Scanner.scan/2"
  defp name(:scan_subdir), do: "Aether.Scanner.scan_subdir/3"
  defp name(:stream!), do: "Aether.Scanner.stream!/2"
  defp name(:list), do: "Aether.Scanner.list/2"
end
