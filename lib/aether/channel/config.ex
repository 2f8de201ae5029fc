defmodule Aether.Channel.Config do
  @moduledoc false
  # The options of an app's channel, checked once.

  alias Aether.Channel.{Request, Sources}
  alias Aether.{Attributes, Options}

  # {name, what it takes, what it does, default}
  @table [
    {:roots, "a function of two arguments",
     "what `c:root/2` is; needed without `use`, which puts the module's own in its place", nil},
    {:options, "a keyword list of options of `Aether.Scanner.scan/2`",
     "options of every scan. A client cannot override these. Default `[]`", []},
    {:allow, "a list of options of a scan",
     "those that a client may give, out of `depth`, `metadata`, `hidden`, `ignore`, `exclude`, `same_file_system` and " <>
       "`progress`. Default all of them except those in `:options`", nil},
    {:attributes,
     "a list of groups of `Aether.Attributes`, #{Enum.map_join(Attributes.groups(), ", ", &"`#{inspect(&1)}`")}",
     "those that a client may have, by `metadata` and by the request `stat`. Default `[:disk]`, as the others tell of the " <>
       "machine: its users, its permissions, what lies where", [:disk]},
    {:index, "an Aether.Index, or the name or pid of its process",
     "answers pages, searches and watches. Default `nil`: such requests are refused", nil},
    {:sources, "the name or pid of an Aether.Channel.Sources",
     "scans whole roots into the index. Default the one that was started for `:index`, if that is a name",
     nil},
    {:window, "an integer from 1 to 1024",
     "maximum number of slabs that are in memory for a client, or on their way to it. Default 16",
     16},
    {:running, "an integer from 1 to 64",
     "maximum number of scans that run for a client at once. Default 4", 4},
    {:waiting, "an integer from 0 to 1024",
     "maximum number of scans that wait for their turn; further ones are refused. Default 8", 8},
    {:watches, "an integer from 0 to 1024",
     "maximum number of folders that a client watches at once. Default 64", 64},
    {:idle_timeout, "a positive number of milliseconds",
     "how long a client may acknowledge nothing before its scans are cancelled. Default 60000",
     60_000}
  ]

  @enforce_keys [:roots, :allow]
  defstruct Enum.map(@table, fn {name, _, _, default} -> {name, default} end)

  @typedoc "A channel's settings."
  @type t :: %__MODULE__{
          roots: (String.t(), map -> any),
          options: keyword,
          allow: [atom],
          attributes: [Attributes.group()],
          index: Aether.Index.index() | nil,
          sources: GenServer.server() | nil,
          window: pos_integer,
          running: pos_integer,
          waiting: non_neg_integer,
          watches: non_neg_integer,
          idle_timeout: pos_integer
        }

  # Options of a scan that the channel sets itself.
  @own [:to, :active, :tag, :index, :slabs, :source_id, :rules, :attributes, :accept_root]

  @doc "The options as a Markdown list."
  def docs do
    for {name, takes, does, _default} <- @table, do: "  * `:#{name}` - #{takes}: #{does}.\n"
  end

  @doc "Checks the options."
  @spec new(keyword) :: t
  def new(opts) do
    if not Keyword.keyword?(opts),
      do:
        raise(
          ArgumentError,
          "Aether.Channel takes options as a keyword list, got: #{inspect(opts)}"
        )

    Enum.each(opts, fn {name, value} -> check!(List.keyfind(@table, name, 0), name, value) end)

    if opts[:roots] == nil,
      do: raise(ArgumentError, "Aether.Channel needs option :roots, a function of two arguments")

    options = Keyword.get(opts, :options, [])
    allow = opts[:allow] || Request.options() -- Keyword.keys(options)
    sources = opts[:sources] || (opts[:index] && Sources.name(opts[:index]))
    struct!(__MODULE__, Keyword.merge(opts, allow: allow, sources: sources))
  end

  defp check!(nil, name, _value) do
    names = Enum.map_join(@table, ", ", &inspect(elem(&1, 0)))
    raise ArgumentError, "unknown option #{inspect(name)} for Aether.Channel, it takes #{names}"
  end

  defp check!({name, takes, _does, _default}, name, value) do
    if not valid?(name, value) do
      raise ArgumentError,
            "option #{inspect(name)} of Aether.Channel takes #{takes}, got: #{inspect(value)}"
    end
  end

  defp valid?(:roots, roots), do: is_function(roots, 2)
  defp valid?(:allow, allow), do: is_list(allow) and allow -- Request.options() == []

  defp valid?(:attributes, groups),
    do: is_list(groups) and not List.improper?(groups) and groups -- Attributes.groups() == []

  defp valid?(:index, _index), do: true
  defp valid?(:sources, _sources), do: true
  defp valid?(:window, window), do: window in 1..1024
  defp valid?(:running, running), do: running in 1..64
  defp valid?(:waiting, waiting), do: waiting in 0..1024
  defp valid?(:watches, watches), do: watches in 0..1024
  defp valid?(:idle_timeout, time), do: time in 1..0xFFFFFFFF

  # Checked by the scanner, whose own message is raised.
  defp valid?(:options, options) do
    is_struct(Options.new(:scan, options)) and
      not Enum.any?(@own, &Keyword.has_key?(options, &1))
  end
end
