defmodule Aether.Browser do
  @moduledoc false
  # A client of Aether.Channel, on the stand-in for Phoenix: the calling process is the channel, and looks into what it
  # has pushed. What the browser has seen is checked for paths of the server as it goes by.

  import ExUnit.Assertions
  alias Aether.Channel.Scans

  defstruct [:channel, :socket, ref: 0, pushed: [], secrets: []]

  @doc "Joins with the options of `Aether.Channel`, or a module that uses it. Nothing may ever show one of `secrets`."
  def join!(channel, secrets \\ []) do
    socket = struct(Phoenix.Socket)

    {:ok, reply, socket} =
      if is_list(channel),
        do: Aether.Channel.join(socket, channel),
        else: channel.join("files:all", %{}, socket)

    {reply, %__MODULE__{channel: channel, socket: socket, secrets: secrets}}
  end

  @doc "Makes a request: the reply, or `:noreply`."
  def request(browser, event, payload) do
    browser = %{browser | ref: browser.ref + 1}
    socket = %{browser.socket | ref: browser.ref}

    case call(browser.channel, :handle_in, [event, payload, socket]) do
      {:reply, reply, socket} -> {check(reply, browser), %{browser | socket: socket}}
      {:noreply, socket} -> {:noreply, %{browser | socket: socket}}
      :unhandled -> {:unhandled, browser}
    end
  end

  @doc "Makes a request that is answered well: what is in the reply, whether it comes now or later."
  def request!(browser, event, payload) do
    case request(browser, event, payload) do
      {{:ok, reply}, browser} ->
        {reply, browser}

      {:noreply, %{ref: ref} = browser} ->
        wait(browser, fn
          {:replied, ^ref, {:ok, reply}} -> reply
          _other -> nil
        end)
    end
  end

  @doc "The reply to a request that is answered later."
  def later(browser, event, payload) do
    {:noreply, %{ref: ref} = browser} = request(browser, event, payload)

    wait(browser, fn
      {:replied, ^ref, reply} -> reply
      _other -> nil
    end)
  end

  @doc "Waits for a push of this event that the function is true of."
  def await(browser, event, fun \\ fn _payload -> true end) do
    wait(browser, fn
      {:pushed, ^event, payload} -> if fun.(payload), do: payload
      _other -> nil
    end)
  end

  @doc "Waits for the end of a scan, and says to have received each slab: its slabs, and its last word."
  def scanned(browser, tag) do
    {last, browser} = reading(browser, tag)

    slabs =
      for {"slab", {:binary, slab}} <- browser.pushed, Aether.Slab.tag(slab) == tag, do: slab

    {Enum.reverse(slabs), last, browser}
  end

  defp reading(browser, tag) do
    case Enum.find(pushed(browser, "completed"), &(&1.tag == tag)) do
      nil -> read(browser, tag)
      last -> {last, browser}
    end
  end

  defp read(browser, tag) do
    {found, browser} =
      wait(browser, fn
        {:pushed, "slab", _payload} -> :slab
        {:pushed, "completed", %{tag: ^tag} = last} -> last
        _other -> nil
      end)

    if found == :slab,
      do: browser |> acknowledge() |> reading(tag),
      else: {found, browser}
  end

  @doc "Says to have received all that was sent."
  def acknowledge(browser) do
    {:noreply, browser} = request(browser, "ack", %{"count" => count(browser)})
    browser
  end

  @doc "How many slabs were sent."
  def count(browser), do: Enum.count(browser.pushed, &match?({"slab", _}, &1))

  @doc "Goes on until all scans wait for the browser, and nothing more comes."
  def stalled(browser) do
    browser = drain(browser)

    scans = state(browser).scans

    if Scans.stalled?(scans) and not Enum.any?(scans.scans, &(&1.stage == :opening)),
      do: browser,
      else: browser |> step() |> elem(1) |> stalled()
  end

  @doc "Goes on until nothing runs and nothing is open."
  def quiet(browser) do
    browser = drain(browser)

    if Scans.idle?(state(browser).scans) and state(browser).index.jobs == %{},
      do: browser,
      else: browser |> step() |> elem(1) |> quiet()
  end

  def state(browser), do: browser.socket.assigns.aether

  @doc "What was pushed under this event, in its order."
  def pushed(browser, event),
    do: for({^event, payload} <- Enum.reverse(browser.pushed), do: payload)

  defp drain(browser) do
    case step(browser, 0) do
      {:nothing, browser} -> browser
      {_message, browser} -> drain(browser)
    end
  end

  defp wait(browser, fun) do
    {message, browser} = step(browser)
    if found = fun.(message), do: {found, browser}, else: wait(browser, fun)
  end

  @doc "One message: a push is noted, all else is the channel's."
  def step(browser, timeout \\ Aether.Case.patience()) do
    receive do
      {:pushed, event, payload} = message ->
        check(payload, browser)
        {message, %{browser | pushed: [{event, payload} | browser.pushed]}}

      {:replied, _ref, reply} = message ->
        check(reply, browser)
        {message, browser}

      message ->
        case call(browser.channel, :handle_info, [message, browser.socket]) do
          :unhandled -> flunk("not handled: #{inspect(message)}")
          result -> {message, %{browser | socket: elem(result, 1)}}
        end
    after
      timeout -> if timeout == 0, do: {:nothing, browser}, else: flunk("nothing came")
    end
  end

  defp call(channel, function, arguments) when is_list(channel),
    do: apply(Aether.Channel, function, arguments)

  defp call(channel, function, arguments), do: apply(channel, function, arguments)

  defp check({:binary, _slab} = payload, _browser), do: payload

  defp check(payload, browser) do
    text = inspect(payload, limit: :infinity, printable_limit: :infinity)
    for secret <- browser.secrets, do: refute(text =~ secret)
    refute text =~ "Aether."
    payload
  end
end
