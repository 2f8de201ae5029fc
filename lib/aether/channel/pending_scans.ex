defmodule Aether.Channel.PendingScans do
  @moduledoc false
  # Scans that are being opened, each by a job of its own, as opening waits for the file system.
  #
  # A scan may end before the job that opened it has reported its reference: its summary, which nobody can attribute yet, is
  # kept until then. Called by the process that receives the scans.

  alias Aether.{Scan, Summary}
  alias Aether.Channel.Job

  defstruct jobs: %{}, early: %{}

  @typedoc "The jobs with the caller's key for each, and summaries that came before their scan was known."
  @type t(key) :: %__MODULE__{
          jobs: %{optional(reference) => key},
          early: %{optional(reference) => Summary.t()}
        }

  @type t :: t(any)

  @doc "Runs a function that starts a scan, in a job. `result/2` tells what came of it, with the key."
  @spec start(t(key), key, (() -> any)) :: t(key) when key: any
  def start(%__MODULE__{} = pending, key, fun), do: put_in(pending.jobs[Job.start(fun)], key)

  @doc "Keeps the summary of an unknown scan; `:unhandled` if it cannot belong to any of these."
  @spec completed(t, reference, Summary.t()) :: t | :unhandled
  def completed(%__MODULE__{jobs: jobs}, _ref, _summary) when jobs == %{}, do: :unhandled

  def completed(%__MODULE__{} = pending, ref, summary), do: put_in(pending.early[ref], summary)

  @doc """
  The result of a job, if the message is one: the scan and, if that has ended already, its summary; or whatever else the job's
  function returned, as `Aether.Channel.Job.result/1` gives it.
  """
  @spec result(t(key), any) ::
          {key, {:started, Scan.t(), Summary.t() | nil} | {:ok, any} | :error, t(key)}
          | :unhandled
        when key: any
  def result(%__MODULE__{} = pending, message) do
    with {job, result} when is_map_key(pending.jobs, job) <- Job.result(message) do
      {key, jobs} = Map.pop(pending.jobs, job)
      {result, early} = take_early(result, pending.early)
      # With no job left, no summary that is still here has an owner.
      early = if jobs == %{}, do: %{}, else: early
      {key, result, %{pending | jobs: jobs, early: early}}
    else
      _not_ours -> :unhandled
    end
  end

  defp take_early({:ok, {:ok, %Scan{ref: ref} = scan}}, early) do
    {summary, early} = Map.pop(early, ref)
    {{:started, scan, summary}, early}
  end

  defp take_early(result, early), do: {result, early}
end
