defmodule Aether.Native do
  @moduledoc false

  # The stubs that the library of native/nif replaces, and its loading, and nothing else.
  # Uses nothing of Aether at compile time (no struct, no macro): a module with a native library
  # must not be recompiled because another module changed.

  @on_load :load
  @load_error {__MODULE__, :load_error}

  # Run by the code server. Returns :ok without the library too: otherwise the module itself would not
  # load, and a caller would only learn that it is undefined.
  def load do
    case load_nif(:code.priv_dir(:aether)) do
      :ok ->
        :persistent_term.erase(@load_error)
        :ok

      # The VM has already loaded another version, which stays.
      {:error, {kind, _text}} = refused when kind in [:upgrade, :reload] ->
        refused

      {:error, {_kind, text}} ->
        :persistent_term.put(@load_error, :unicode.characters_to_binary(text))
        :ok
    end
  end

  # Why the library could not be loaded, as the loader reported it, or nil.
  def load_error, do: :persistent_term.get(@load_error, nil)

  defp load_nif({:error, :bad_name}), do: {:error, {:load_failed, "no :aether in the code path"}}
  defp load_nif(priv), do: :erlang.load_nif(:filename.join(priv, ~c"native/aether_nif"), 0)

  # {:ok, handle} or an error; Aether.Scanner lists the messages that follow.
  def start(_ref, _open_ref, _root, _folder, _identity, _receiver, _options), do: not_loaded()

  def ask(_handle, _slabs), do: not_loaded()
  def cancel(_handle), do: not_loaded()
  def scan_info(_handle), do: not_loaded()
  def info, do: not_loaded()

  # The mount point at or above a path, or nil. On a dirty scheduler; does not access the path itself.
  def mount_of(_path), do: not_loaded()

  # Sends every further summary to `pid` too.
  def observe(_pid), do: not_loaded()

  # Each of these returns {:ok, cancel} and sends {:index_answer, ref, answer} to the caller, unless it returns an error at
  # once. The first four are not ended by index_cancel.
  def index_open(_ref, _path, _options), do: not_loaded()
  def index_close(_ref, _handle), do: not_loaded()
  def index_forget(_ref, _handle, _source, _folder), do: not_loaded()
  def index_put_note(_ref, _handle, _note), do: not_loaded()
  def index_search(_ref, _handle, _query, _options), do: not_loaded()
  def index_check(_ref, _handle, _thorough), do: not_loaded()
  def index_backup(_ref, _handle, _path), do: not_loaded()
  def index_restore(_ref, _backup, _path, _busy_timeout), do: not_loaded()
  def index_vacuum(_ref, _handle), do: not_loaded()
  def index_breakdown(_ref, _handle, _source, _folder, _by, _limit), do: not_loaded()
  def index_import(_ref, _handle, _directory, _roots), do: not_loaded()
  def index_import_one(_ref, _handle, _directory, _id), do: not_loaded()

  # Ends such a call; its answer is still sent.
  def index_cancel(_cancel), do: not_loaded()

  # Stops waiting for it: true if its answer will not be sent.
  def index_abandon(_cancel), do: not_loaded()
  def index_session, do: not_loaded()

  def index_unsubscribe(_handle, _ref), do: not_loaded()
  def index_claim_cache(_handle, _id), do: not_loaded()
  def index_info(_handle), do: not_loaded()

  # Such calls too, short ones, on threads of the index. A request is what the function of `Aether.Index` is called, with its
  # arguments.
  def index_read(_ref, _handle, _request), do: not_loaded()
  def index_subscribe(_ref, _handle, _subscription, _source, _folder), do: not_loaded()

  # Panics at the named place; only in libraries built for tests.
  def fault(_place), do: not_loaded()

  # nif_error instead of raise, so that a type checker assumes that these functions return.
  defp not_loaded do
    :erlang.nif_error(
      Aether.Error.exception(
        reason: :nif_not_loaded,
        operation: :load,
        detail: load_error() || "the library does not have this function"
      )
    )
  end
end
