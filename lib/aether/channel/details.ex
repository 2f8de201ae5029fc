defmodule Aether.Channel.Details do
  @moduledoc false
  # One client's requests for all that is known of an entry. Each looks in a job, as the file system may hang, and is answered
  # later. Called by the channel's process.

  alias Aether.{Error, Options, Scanner}
  alias Aether.Channel.{Config, Job, Owners, Wire}

  # Maximum number of looks at once.
  @max_jobs 8

  defstruct jobs: %{}

  @typedoc "The jobs, with the request that each answers."
  @type t :: %__MODULE__{jobs: %{optional(reference) => any}}

  @doc "Looks at an entry, by the rules in `options`. The answer is a reply to `to`."
  @spec stat(t, Config.t(), binary, binary, keyword, any) :: {:ok, t} | {:error, String.t()}
  def stat(%__MODULE__{jobs: jobs}, _config, _root, _path, _options, _to)
      when map_size(jobs) >= @max_jobs,
      do: {:error, "too_many_requests"}

  def stat(%__MODULE__{} = details, config, root, path, options, to) do
    groups = config.attributes
    options = [metadata: metadata(options[:metadata], groups)] ++ taken(options)

    job =
      Job.start(fn ->
        with {:ok, entry} <- Scanner.stat(root, path, options),
             do: {:ok, Wire.entry(entry, groups, &owner/2)}
      end)

    {:ok, put_in(details.jobs[job], to)}
  end

  # An app may hide sizes and times from its clients.
  defp metadata(false, _groups), do: false
  defp metadata(_other, []), do: true
  defp metadata(_other, groups), do: groups

  defp taken(options), do: Keyword.take(options, Options.names(:stat) -- [:metadata])

  defp owner(:uid, uid), do: Owners.user(uid)
  defp owner(:gid, gid), do: Owners.group(gid)

  @doc "Handles a message, if it is the end of a look."
  @spec message(t, any) :: {t, [Wire.effect()]} | :unhandled
  def message(%__MODULE__{jobs: jobs} = details, message) do
    with {job, result} when is_map_key(jobs, job) <- Job.result(message) do
      {to, jobs} = Map.pop(jobs, job)
      {%{details | jobs: jobs}, [{:reply, to, reply(result)}]}
    else
      _not_ours -> :unhandled
    end
  end

  defp reply({:ok, {:ok, entry}}), do: {:ok, entry}

  defp reply({:ok, {:error, %Error{reason: reason}}}),
    do: {:error, %{reason: Wire.reason(reason)}}

  defp reply(:error), do: {:error, %{reason: Wire.reason(:panic)}}
end
