defmodule Aether.OptionsTest do
  use ExUnit.Case, async: true

  alias Aether.Options

  doctest Aether.Options

  @calls [:scan, :scan_subdir, :stream!, :list]

  test "every call has its defaults" do
    for {call, depth, active} <- [
          {:scan, 2, true},
          {:scan_subdir, 2, true},
          {:stream!, :infinity, false},
          {:list, :infinity, false}
        ] do
      assert %Options{
               depth: ^depth,
               active: ^active,
               tag: 0,
               metadata: true,
               hidden: true,
               ignore: false,
               exclude: [],
               same_file_system: false,
               slab_entries: 1000,
               threads: nil,
               progress: false,
               open_timeout: 5000,
               on_summary: nil
             } = options = Options.new(call, [])

      assert options.to == self()
    end
  end

  @accepted [
    depth: [1, 2, 0xFFFFFFFF, :infinity],
    active: [true, false, 1, 65535],
    tag: [0, 0xFFFFFFFF],
    metadata: [true, false, [:disk], [:owner, :disk], Aether.Attributes.groups()],
    hidden: [true, false],
    ignore: [
      false,
      :git,
      [],
      ["*.o", "!keep.o"],
      [<<0xFF>>],
      [:git],
      [:git_user],
      ["a", :git_user, "b", :git]
    ],
    exclude: [[], [".git", "node_modules"], [<<0xFF, 0xFE>>]],
    same_file_system: [true, false],
    slab_entries: [1, 1_000_000],
    threads: [1, 1024],
    progress: [true, false],
    open_timeout: [1, 0xFFFFFFFF, :infinity]
  ]

  # What goes with an index, and with nothing else.
  @accepted_with_index [
    slabs: [true, false],
    source_id: ["a", "größe", String.duplicate("x", 255)],
    rules: [:keep, :replace],
    attributes: [[], [:owner], [:owner, :owner]],
    accept_root: [true, false]
  ]

  @index %Aether.Index{handle: nil, path: "files.db"}

  test "options for an index are accepted with one, and refused without" do
    for {name, values} <- @accepted_with_index, value <- values do
      assert Map.fetch!(Options.new(:scan, [{:index, @index}, {name, value}]), name) === value

      assert_raise ArgumentError, ~r/option #{inspect(name)} .* requires option :index/, fn ->
        Options.new(:scan, [{name, value}])
      end
    end

    assert %Options{depth: :infinity, slabs: true} = Options.new(:scan, index: @index)
    assert Options.new(:scan_subdir, index: @index).depth == 2

    assert_raise ArgumentError, ~r/:metadata .* cannot be false with option :index/, fn ->
      Options.new(:scan, index: @index, metadata: false)
    end
  end

  test "of a list of groups only those that do not exist are named" do
    assert_raise ArgumentError, ~r/; not a group: :size$/, fn ->
      Options.new(:scan, metadata: [:disk, :disk, :size])
    end
  end

  test "values are used unchanged" do
    for {name, values} <- @accepted, value <- values do
      assert Map.fetch!(Options.new(:scan, [{name, value}]), name) === value
    end

    assert Options.new(:scan, to: self()).to == self()
    fun = fn _summary -> :ok end
    assert Options.new(:stream!, on_summary: fun).on_summary == fun
  end

  test "a depth beyond 32 bits means all levels" do
    assert Options.new(:scan, depth: 0x1_0000_0000).depth == :infinity
  end

  test "the first of two equal options counts, as with all keyword lists" do
    assert Options.new(:scan, depth: 1, depth: 7).depth == 1
  end

  @refused [
    depth: [0, -1, 1.0, "2", nil, :all, true],
    active: [0, 65_536, -1, nil, :once, 1.5, "true"],
    to: [:name, nil, {:name, :node@host}, "pid"],
    tag: [-1, 0x1_0000_0000, 1.0, nil, :a],
    metadata: [nil, 1, "true", :disk, [], [:size], [:disk, "mode"], [:disk | :mode]],
    hidden: [nil, 0],
    ignore: [true, nil, :hg, :git_user, "*.o", [:o], [:git, false], ["a" | "b"], [~c"*.o"]],
    exclude: [nil, ".git", [""], ["a/b"], ["a\0"], [:git], ["a" | "b"]],
    same_file_system: [nil, :yes],
    slab_entries: [0, 1_000_001, nil, 1.0],
    threads: [0, 1025, nil, :all],
    progress: [nil, 10],
    open_timeout: [0, -1, 0x1_0000_0000, 1.5, nil],
    index: [nil, "files.db", 1, %{}, {:via, "x", 1}],
    slabs: [nil, 0],
    source_id: [nil, "", :a, <<0xFF>>, String.duplicate("x", 256)],
    rules: [nil, true, :new],
    attributes: [nil, :owner, [:mode], ["owner"], [:owner | :owner]],
    accept_root: [nil, 1]
  ]

  test "a bad value is refused with its option, what it accepts, and the value" do
    for {name, values} <- @refused, value <- values do
      error = assert_raise ArgumentError, fn -> Options.new(:scan, [{name, value}]) end
      assert error.message =~ "option #{inspect(name)} of Aether.Scanner.scan/2 takes "
      assert error.message =~ "got: #{inspect(value)}"
    end

    for value <- [nil, :fun, fn -> :ok end, fn _, _ -> :ok end] do
      assert_raise ArgumentError, ~r/:on_summary .*takes a function of one argument/, fn ->
        Options.new(:stream!, on_summary: value)
      end
    end
  end

  test "a process of another node is refused as receiver" do
    # NEW_PID_EXT: node, id, serial, creation.
    pid = :erlang.binary_to_term(<<131, 88, 119, 3, "a@b", 1::32, 0::32, 1::32>>)

    assert_raise ArgumentError, ~r/option :to .* takes the pid of a process on this node/, fn ->
      Options.new(:scan, to: pid)
    end
  end

  test "every option has accepted and refused values here" do
    assert Enum.sort(Options.names()) ==
             Enum.sort([:on_summary | Keyword.keys(@refused)])

    accepted = Keyword.keys(@accepted) ++ Keyword.keys(@accepted_with_index)
    assert Keyword.keys(@refused) -- accepted == [:to, :index]
  end

  test "an unknown option is refused, with the nearest one or all there are" do
    for {given, near} <- [
          dept: :depth,
          git_ignore: :ignore,
          excludes: :exclude,
          thread: :threads,
          same_filesystem: :same_file_system,
          metdata: :metadata
        ] do
      assert_raise ArgumentError,
                   "unknown option #{inspect(given)} for Aether.Scanner.scan/2, did you mean #{inspect(near)}?",
                   fn -> Options.new(:scan, [{given, true}]) end
    end

    assert_raise ArgumentError, ~r/unknown option :zzz .*it takes :depth, :active, /, fn ->
      Options.new(:scan, zzz: 1)
    end
  end

  test "options of other calls are refused, and say so" do
    for call <- [:list, :stream!], name <- [:active, :to, :tag, :progress] do
      assert_raise ArgumentError, ~r/option #{inspect(name)} is not for Aether.Scanner/, fn ->
        Options.new(call, [{name, true}])
      end
    end

    for call <- [:scan, :scan_subdir, :list] do
      assert_raise ArgumentError, ~r/option :on_summary is not for/, fn ->
        Options.new(call, on_summary: fn _ -> :ok end)
      end
    end
  end

  test "anything but a keyword list is refused" do
    for call <- @calls, opts <- [%{depth: 1}, nil, :depth, [:depth], [{"depth", 1}], 1] do
      assert_raise ArgumentError, ~r/takes options as a keyword list, got: /, fn ->
        Options.new(call, opts)
      end
    end
  end

  test "inheritance: options come from the scan, and can be overridden" do
    parent =
      Options.new(:scan,
        metadata: false,
        hidden: false,
        ignore: ["*.o"],
        exclude: ["x"],
        depth: 7,
        tag: 9,
        active: false,
        same_file_system: true
      )

    inherited = Options.inheritable(parent)
    child = Options.new(:scan_subdir, [exclude: ["y"]], inherited)

    assert %Options{metadata: false, hidden: false, ignore: ["*.o"], exclude: ["y"]} = child
    assert %Options{depth: 2, tag: 0, active: true, same_file_system: true} = child
  end

  test "groups of attributes that do not exist are named" do
    error =
      assert_raise ArgumentError, fn -> Options.new(:list, metadata: [:disk, :size, :xattr]) end

    assert error.message =~
             "takes true, false or a list with one or more of :disk, :inode, :mode, :times, :target, :owner, "

    assert error.message =~ "; not a group: :size, :xattr"
  end

  test "metadata goes to the native side as the flags of a slab" do
    flags = &Options.native(Options.new(:scan, metadata: &1), 1, 1).metadata
    assert flags.(false) == 0 and flags.(true) == 1
    numbers = [disk: 2, inode: 4, mode: 8, times: 16, target: 32, owner: 64]
    for {group, number} <- numbers, do: assert(flags.([group]) == 1 + number)
    assert flags.([:owner, :disk, :owner]) == 67
    assert flags.(Aether.Attributes.groups()) == 127
    assert Options.new(:stat, []).metadata == Aether.Attributes.groups()
  end

  test "with an index metadata may be a list" do
    assert Options.new(:scan, index: @index, metadata: [:mode]).metadata == [:mode]
  end

  test "the native side gets exactly the keys that it expects" do
    native = Options.native(Options.new(:scan, depth: 3), 4, 100)

    assert Enum.sort(Map.keys(native)) ==
             ~w(accept_root active depth entry exclude hidden ignore index max_scans metadata native_per_second owners
                pool_threads progress replace_rules same_file_system slab_entries slabs source_id tag threads)a

    assert native.pool_threads == 4
    assert native.max_scans == 100
    assert native.native_per_second == System.convert_time_unit(1, :second, :native)
  end

  test "the user's home goes to the native side with `:git_user`" do
    native = &Options.native(Options.new(:scan, ignore: &1), 1, 1).ignore
    for ignore <- [false, :git, [], ["*.o", :git]], do: assert(native.(ignore) == ignore)
    home = {:git_user, System.get_env("HOME"), System.get_env("XDG_CONFIG_HOME")}
    assert native.(["*.o", :git_user, :git]) == ["*.o", home, :git]
  end

  test "equal rules are equal, however they were given" do
    rules = &Options.rules(ignore: &1).ignore

    for {given, rules_of_it} <- [
          {false, false},
          {[], false},
          {:git, :git},
          {[:git, :git], :git},
          {["a", :git_user, "b", :git, "a"], [:git, :git_user, "a", "b", "a"]},
          {[:git_user], [:git_user]},
          {["a"], ["a"]}
        ],
        do: assert(rules.(given) == rules_of_it)
  end

  test "the documentation has every option" do
    {:docs_v1, _, _, _, %{"en" => text}, _, _} = Code.fetch_docs(Options)
    for name <- Options.names(), do: assert(text =~ "`:#{name}`")
  end
end
