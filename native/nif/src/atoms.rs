//! Atoms of messages, answers and options. Keys of structs and maps are with their types.

rustler::atoms! {
    // Messages.
    scan_opened, scan_chunk, scan_progress, scan_passive, scan_completed, scan_summary,
    index_answer, index_folders,

    // Options.
    infinity, git, git_user, root, kind, bytes, mtime,

    // Answers.
    unknown_errno, entries, entries_complete,
}
