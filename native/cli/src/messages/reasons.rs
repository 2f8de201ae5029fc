//! What each reason means to a user of the commands, and what to do about it.

/// Reason, what happened, what to do.
pub const TABLE: &[(&str, &str, &str)] = &[
    (
        "enoent",
        "it does not exist",
        "Check the spelling; a relative path starts from the current directory",
    ),
    (
        "enotdir",
        "it is not a directory, or something on the way to it is not",
        "Give the directory that contains it",
    ),
    (
        "eacces",
        "permission denied",
        "Run as a user who may read it, or leave it out with --exclude",
    ),
    (
        "eperm",
        "the system does not allow it",
        "Run as a user with the rights for it, or leave it out with --exclude",
    ),
    (
        "eexist",
        "something with that name already exists",
        "Give another name",
    ),
    ("eisdir", "it is a directory", "Give the path of a file"),
    (
        "efbig",
        "it is too large, or has patterns that cost too much to match",
        "Shorten it; ignore rules are applied as far as the brackets say",
    ),
    (
        "eloop",
        "there is a symbolic link on the way, or links point at each other in a circle",
        "Links beneath a PATH are never followed: give the directory that the link points to",
    ),
    (
        "einval",
        "the path is empty or has an empty component",
        "Give a path without them; the current directory is \".\"",
    ),
    (
        "enametoolong",
        "the path is longer than the system allows (4,095 bytes, 255 for one name)",
        "Go to a directory on the way (cd) and give the rest: what lies beneath a PATH may have any length",
    ),
    (
        "emfile",
        "this program has too many files open",
        "Raise the limit (ulimit -n)",
    ),
    (
        "enfile",
        "the whole system has too many files open",
        "Close some, or raise fs.file-max",
    ),
    (
        "enomem",
        "the system is out of memory",
        "Free some, then try again",
    ),
    (
        "eagain",
        "no thread could be started",
        "Raise the limit of threads (ulimit -u, or the container's pids limit), or lower --threads",
    ),
    (
        "eio",
        "the device failed to read it",
        "Look at the system's log (dmesg): the disk or its connection may be damaged",
    ),
    (
        "estale",
        "the network file system no longer knows it",
        "Mount it again, then try again",
    ),
    (
        "enotconn",
        "the file system's server is gone",
        "Mount it again, then try again",
    ),
    (
        "etimedout",
        "there was no answer in time",
        "The file system may hang: look at its server",
    ),
    (
        "enotsup",
        "it is not supported here",
        "Run it on Linux, or on another Unix with the portable walker",
    ),
    (
        "enosys",
        "the system does not have the call",
        "Run on Linux 4.18 or newer",
    ),
    (
        "enospc",
        "no space left on device",
        "Free some, then try again",
    ),
    (
        "too_many_scans",
        "too many scans run",
        "Try again when some have ended",
    ),
    (
        "outside_root",
        "the path would leave its folder",
        "Give a path without \"..\" behind a name",
    ),
    (
        "root_changed",
        "the root is no longer the directory that was scanned",
        "If it was replaced, or something was mounted or unmounted there, on purpose: give --accept-root",
    ),
    (
        "root_moved",
        "the index has this directory under a path where nothing is any more",
        "Give --accept-root if it was moved, as the brackets say; if it is another directory, perhaps on a copy of a disk, give it an --id of its own",
    ),
    (
        "bad_pattern",
        "it is not a valid pattern",
        "Correct it; gitignore(5) has the syntax",
    ),
    (
        "already_scanning",
        "that folder is already being scanned into this index",
        "Wait for that scan, or end it",
    ),
    (
        "source_busy",
        "another scan of this root runs by the rules, or with the attributes, that this one is to replace",
        "Wait for that scan, or end it",
    ),
    (
        "rules_changed",
        "the index has this root with other rules than those given",
        "Omit --exclude, --git-ignore, --no-hidden and --one-file-system to go by the stored ones, or replace them with --replace-rules",
    ),
    (
        "id_taken",
        "the id belongs to another root",
        "Give another --id, or none",
    ),
    (
        "no_source",
        "the index has no such root",
        "`aether info` lists its roots",
    ),
    (
        "no_folder",
        "the index has no such folder or entry beneath this root",
        "It may have been removed, or was never scanned: scan it, or start from a folder that the index has",
    ),
    (
        "bad_cursor",
        "it is not a cursor, or is a cursor of other pages",
        "Give the `next` of the same search, or start without --after",
    ),
    (
        "cursor_outdated",
        "the names were loaded again since that page",
        "Search again without --after",
    ),
    (
        "bad_glob",
        "the query is not a valid glob",
        "Close each `[` with a `]` and each `{` with a `}`, or search without --mode",
    ),
    (
        "query_too_long",
        "the query is too long",
        "Search for at most 250 letters, 40 words, or a path of 120 folders",
    ),
    (
        "cancelled",
        "it was stopped",
        "Start it again if the answer is still wanted",
    ),
    (
        "ended",
        "the scan has ended, and accepts nothing more",
        "Scan again",
    ),
    ("index_closed", "the index is closed", "Try again"),
    (
        "index_busy",
        "another program has the index locked",
        "Wait for the scan that writes it, or end that program",
    ),
    (
        "index_full",
        "there is no space left for the index",
        "Free some on its file system, or in the directory that the brackets name, then scan again: what was written is intact",
    ),
    (
        "index_io",
        "the device failed to read or write the index",
        "Look at the system's log (dmesg): the disk or its connection may be damaged",
    ),
    (
        "index_readonly",
        "the index cannot be written",
        "Run as a user who may write to the file and its directory, or name another file with --index",
    ),
    (
        "index_unsupported_fs",
        "the index would lie on a file system where processes cannot share memory",
        "Put it on a disk of this machine with --index: SQLite's log does not work over a network",
    ),
    (
        "index_moved",
        "the index was moved, deleted or replaced, or another program wrote to it",
        "Try again; what was not written is found by the next scan",
    ),
    (
        "index_linked",
        "the index has a second name, or is mounted on its own, and its log lies beside only one of the names",
        "Remove the other name (`find DIRECTORY -samefile FILE` finds it), or mount the directory instead of the file",
    ),
    (
        "index_mixed",
        "the file and the log beside it do not belong together",
        "If a backup was put there, remove what the brackets name; otherwise put back the file that the log belongs to",
    ),
    (
        "index_no_log",
        "the index was moved after its writer was killed, or while it runs, and its log was left behind",
        "Move what the brackets name along with it, or put a backup in its place (`aether restore`)",
    ),
    (
        "index_notadb",
        "the file is not a database",
        "Name an index, or a file that does not exist yet",
    ),
    (
        "index_foreign",
        "the database belongs to another program",
        "Name an index, or a file that does not exist yet",
    ),
    (
        "index_version",
        "the index was made by another version of Aether",
        "If it is older, a scan into it migrates it. If it is newer, use that version, or scan into a new file",
    ),
    (
        "index_corrupt",
        "the index is damaged",
        "Move it away and scan again, or put a backup in its place: `aether restore`",
    ),
    (
        "index_sqlite",
        "SQLite reported an unexpected error",
        "Look at the text in the brackets, and report it if it happens again",
    ),
    (
        "panic",
        "a thread panicked",
        "This is a defect of Aether: please report it with the text in the brackets",
    ),
];

/// What the table says of a reason.
pub fn find(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    TABLE.iter().find(|(reason, _, _)| *reason == name)
}
