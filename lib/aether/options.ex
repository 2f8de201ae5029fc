defmodule Aether.Options do
  # Checks options and fills in defaults. One table serves the documentation, the checks and
  # the messages. The native side gets its options from here, as one map.

  @scan [:scan, :scan_subdir]
  @lists [:scan, :scan_subdir, :stream!, :list]
  @all @lists ++ [:stat]

  alias Aether.Attributes
  alias Aether.Options.Values

  @groups Enum.map_join(Attributes.groups(), ", ", &inspect/1)

  # {name, the calls that take it, what it takes, what it does}
  @table [
    {:depth, @lists, "a positive integer or :infinity",
     "how many levels to list; 1 is the directory's own entries, as with `find -maxdepth 1`. " <>
       "Default 2 for `scan` and `scan_subdir`, `:infinity` for `list` and `stream!`"},
    {:active, @scan, "true, false or an integer from 1 to 65535",
     "slabs to send without being asked: all, none, or this many. Default `true`"},
    {:to, @scan, "the pid of a process on this node",
     "the receiver, which gets the messages and owns the scan. Default the caller"},
    {:tag, @scan, "an integer from 0 to 4294967295",
     "written into the header of every slab, so that a client can tell scans apart. Default 0"},
    {:metadata, @all, "true, false or a list with one or more of #{@groups}",
     "whether to read size and mtime; with a list also these groups of `Aether.Attributes`. Default `true`, for `stat` " <>
       "all groups"},
    {:hidden, @all, "a boolean", "whether to list names that begin with a dot. Default `true`"},
    {:ignore, @all, "false, :git or a list of :git, :git_user and gitignore patterns as binaries",
     "what to leave out: nothing; what git ignores; or, with a list, whatever matches these patterns, relative to " <>
       "the root, whatever git ignores, and whatever the user's own excludes file names, see below. Default `false`"},
    {:exclude, @all, "a list of directory names, binaries without slash or NUL",
     "names of directories, compared byte by byte, to leave out with everything beneath them. Default `[]`"},
    {:same_file_system, @all, "a boolean",
     "whether to stay on the root's file system: mount points beneath are listed and not entered. " <>
       "Default `false`"},
    {:slab_entries, @lists, "an integer from 1 to 1000000",
     "maximum number of entries and directory records in a slab. Default 1000"},
    {:threads, @lists, "an integer from 1 to 1024",
     "maximum number of the pool's threads that work on this scan. Default all of them"},
    {:progress, @scan, "a boolean", "whether to send progress. Default `false`"},
    {:index, @scan, "an Aether.Index, or the name or pid of its process",
     "stores the entries in this index. The default depth is then `:infinity`, and the defaults of `hidden`, `ignore`, " <>
       "`exclude` and `same_file_system` are those that the index has for the root"},
    {:slabs, @scan, "a boolean",
     "with `index`: whether the receiver gets slabs as well. Default `true`"},
    {:source_id, [:scan], "1 to 255 bytes of UTF-8 without control characters",
     "with `index`: the id of the source, if it is new. Default a generated one"},
    {:rules, [:scan], ":keep or :replace",
     "with `index`: whether rules that differ from those that the index has for the root are refused " <>
       "(`:rules_changed`), or replace them. Default `:keep`"},
    {:attributes, @scan, "a list of :owner, or []",
     "with `index`: what the index keeps of each entry besides sizes, times and links, from this scan on: permissions, user " <>
       "and group, or no more. Default what it keeps of the root, at first `[]`"},
    {:accept_root, @scan, "a boolean",
     "with `index`: whether to accept the directory that is at the root now, and the file systems at mount points, in " <>
       "place of those that the index has. Default `false`"},
    {:open_timeout, @all, "a positive number of milliseconds or :infinity",
     "how long to wait for the directory to open, and with `stat` for the entry. Default 5000"},
    {:on_summary, [:stream!], "a function of one argument",
     "called with the summary at the end of the stream, but not if it was halted"}
  ]

  @inherited [:metadata, :hidden, :ignore, :exclude, :same_file_system, :index]

  # Stored with each root of an index.
  @rules [:hidden, :ignore, :exclude, :same_file_system]

  @moduledoc """
  The options of `Aether.Scanner`.

  #{for {name, calls, takes, does} <- @table do
    only = if calls == @all, do: "", else: " (#{Enum.map_join(calls, ", ", &"`#{&1}`")} only)"
    "  * `:#{name}` - #{takes}: #{does}#{only}.\n"
  end}
  ## Ignore rules

  `:git` applies the `.gitignore` files from the top of the work tree down, including those above the root, the nearest
  first, then `info/exclude` and `core.ignoreCase` of the repository; and it leaves out every `.git`. A repository within
  another, whether a submodule or a work tree, has only its own rules. Outside of repositories, `.gitignore` files apply
  from the root down. The result is that of `git check-ignore --no-index`: git's index is not read, so a tracked file is
  left out too if a rule matches it. The root itself, and the directories above it, are never left out.

  `:git_user` adds the user's own file, which has the lowest precedence: `core.excludesFile` of `~/.gitconfig` or of
  `git/config` in `$XDG_CONFIG_HOME` (`~/.config`), otherwise `git/ignore` there. Files that the configuration includes are
  not read.

  Patterns are like lines of a `.gitignore` file in the root that takes precedence over all others, wherever in the list they
  are: `ignore: [:git, "!*.log", "/tmp/"]` shows `*.log` files that git ignores, and no `tmp`. An invalid pattern refuses
  the scan. The cost of matching is bounded: a file is used up to the line that exceeds the bound, or up to 1 MiB, and the
  rest is an error in the summary.

  ## Values

  An invalid value, or an unknown option, raises an `ArgumentError` that says what is accepted.
  `scan_subdir` on a scan inherits #{Enum.map_join(@inherited, ", ", &"`:#{&1}`")}
  from it, unless they are given.

  ## Configuration

  All scans of a VM share one pool of threads. It is created at the first scan, which reads this:

      config :aether, threads: 32, max_scans: 1024

    * `:threads` - maximum number of threads in the pool, from 1 to 1024. It grows beyond the number of
      cores only while threads wait for a slow file system. Default 32
    * `:max_scans` - maximum number of scans at once, parked ones included, from 1 to 1000000; further
      ones are refused with `:too_many_scans`. Default 1024. Calls of `stat` are not counted: 1,024 of
      them at once have their own bound
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
    entry: nil,
    rules: :keep,
    attributes: nil,
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
          metadata: boolean | [Attributes.group()],
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
          entry: binary | nil,
          rules: :keep | :replace,
          attributes: [:owner] | nil,
          accept_root: boolean,
          given: [atom],
          open_timeout: timeout,
          on_summary: (Aether.Summary.t() -> any) | nil
        }

  @typedoc "The calls that take options."
  @type call :: :scan | :scan_subdir | :stream! | :list | :stat

  @doc """
  The names of all options, or of the options of one call.

      iex> Aether.Options.names(:list) -- Aether.Options.names(:stream!)
      []
  """
  @spec names(call | :all) :: [atom]
  def names(call \\ :all)
  def names(:all), do: for({name, _, _, _} <- @table, do: name)
  def names(call), do: for({name, calls, _, _} <- @table, call in calls, do: name)

  @doc """
  Checks the options of a call; `inherited` are those of the scan that `scan_subdir` expands.

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
    for name <- [:slabs, :source_id, :rules, :attributes, :accept_root],
        is_map_key(given, name) do
      raise ArgumentError, "option #{inspect(name)} of #{name(call)} requires option :index"
    end

    options
  end

  defp indexed(options, call, given) do
    if options.metadata == false do
      raise ArgumentError,
            "option :metadata of #{name(call)} cannot be false with option :index, " <>
              "which stores sizes and times"
    end

    depth = if call == :scan, do: Map.get(given, :depth, :infinity), else: options.depth
    index = Aether.Index.get(options.index)
    %{options | depth: depth, index: index, given: Map.keys(given)}
  end

  @doc """
  The same options with the rules that an index has for the root, if no rules were given.
  """
  @spec keep_stored(t, %{rules: map} | nil) :: t
  def keep_stored(%__MODULE__{} = options, nil), do: options

  def keep_stored(%__MODULE__{} = options, stored) do
    if options.rules == :replace or Enum.any?(@rules, &(&1 in options.given)),
      do: options,
      else: struct!(options, Map.take(stored.rules, @rules))
  end

  @doc """
  The rules among these options as an index stores them, with defaults for the rest.

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
  The options that `scan_subdir` inherits from a scan.
  """
  @spec inheritable(t) :: map
  def inheritable(%__MODULE__{} = options), do: Map.take(options, @inherited)

  @doc """
  The options as a map for the native side.
  """
  @spec native(t, pos_integer, pos_integer) :: map
  def native(%__MODULE__{} = options, pool_threads, max_scans) do
    options
    |> Map.from_struct()
    |> Map.drop([:to, :open_timeout, :on_summary, :given, :rules, :attributes])
    |> Map.put(:index, options.index && options.index.handle)
    |> Map.update!(:ignore, &with_home/1)
    |> Map.update!(:metadata, &Attributes.to_flags/1)
    |> Map.put(:replace_rules, options.rules == :replace)
    |> Map.put(:owners, options.attributes && :owner in options.attributes)
    |> Map.put(:pool_threads, pool_threads)
    |> Map.put(:max_scans, max_scans)
    |> Map.put(:native_per_second, System.convert_time_unit(1, :second, :native))
  end

  # The native side does not see environment variables that were set in the VM.
  defp with_home(ignore) when is_atom(ignore), do: ignore

  defp with_home(list) do
    Enum.map(list, fn
      :git_user -> {:git_user, System.get_env("HOME"), System.get_env("XDG_CONFIG_HOME")}
      other -> other
    end)
  end

  defp defaults(call) when call in @scan, do: %__MODULE__{depth: 2, active: true, to: self()}

  defp defaults(:stat),
    do: %__MODULE__{depth: 1, active: false, to: self(), metadata: Attributes.groups()}

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
    case Values.check(name, value) do
      {:ok, value} ->
        value

      :error ->
        raise ArgumentError,
              "option #{inspect(name)} of #{name(call)} takes #{takes(name)}, " <>
                "got: #{inspect(value)}" <> why(name, value)
    end
  end

  # What of the value is wrong, where that is not plain to see.
  defp why(:metadata, [_ | _] = groups) do
    case not List.improper?(groups) && Enum.reject(groups, &(&1 in Attributes.groups())) do
      [_ | _] = unknown -> "; not a group: #{list(Enum.uniq(unknown))}"
      _none -> ""
    end
  end

  defp why(_name, _value), do: ""

  for {name, _calls, takes, _does} <- @table do
    defp takes(unquote(name)), do: unquote(takes)
  end

  defp name(:scan), do: "Aether.Scanner.scan/2"
  defp name(:scan_subdir), do: "Aether.Scanner.scan_subdir/3"
  defp name(:stream!), do: "Aether.Scanner.stream!/2"
  defp name(:list), do: "Aether.Scanner.list/2"
  defp name(:stat), do: "Aether.Scanner.stat/3"
end
