//! What went wrong, in one line that is safe to print: what happened, and what to do about it here, on a command line.

use aether_core::{errno_name, linux_errno, printable};
use aether_index::search::Refused;
use rustix::io::Errno;

/// Maximum number of bytes shown of a path or a query, which can have any length.
const MAX_SHOWN: usize = 400;

/// Reason, what happened, what to do.
const TABLE: &[(&str, &str, &str)] = &[
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

/// Of a scan.
pub fn scan(error: &aether_core::Error) -> String {
    let name = error.reason.name();
    let detail = error.detail.as_deref();
    // The root existed when the scan began.
    if name == "enoent" && error.operation == aether_core::Operation::Walk {
        let what = "it was deleted during the scan";
        let todo = "Scan a directory that stays, or what replaced it";
        return whole("walk", &error.path, what, name, detail, todo);
    }
    explained(scan_verb(error.operation), &error.path, name, detail)
}

fn scan_verb(operation: aether_core::Operation) -> &'static str {
    use aether_core::Operation;
    match operation {
        Operation::Open => "open",
        Operation::Read => "read",
        Operation::Stat => "read the metadata of",
        Operation::Ignore => "use ignore rules of",
        Operation::Walk => "walk",
        Operation::Start => "start the scan of",
        Operation::Index => "keep the scan of",
    }
}

/// Of an index.
pub fn index(error: &aether_index::Error) -> String {
    use aether_index::Operation;
    let verb = match error.operation {
        Operation::Open => "open",
        Operation::Read => "read",
        Operation::Write => "write to",
        Operation::Scan => "keep the scan of",
        Operation::Checkpoint => "empty the log of",
        Operation::Import => "import",
        Operation::Search => "search",
        Operation::Maintain => "work on",
    };
    explained(verb, &error.path, error.name(), error.detail.as_deref())
}

/// Of a search.
pub fn search(refused: &Refused) -> String {
    explained("search", b"", refused.name(), Some(&refused.to_string()))
}

/// Of a path that the program itself looked at.
pub fn io(error: &std::io::Error, verb: &str, path: &[u8]) -> String {
    let errno = error.raw_os_error().map(linux_errno);
    let name = errno.and_then(errno_name).unwrap_or("unknown_errno");
    explained(verb, path, name, None)
}

/// Of stdout.
pub fn output(errno: Errno) -> String {
    let name = errno_name(linux_errno(errno.raw_os_error())).unwrap_or("unknown_errno");
    format!("cannot write the output: {} ({name})", what(name))
}

fn explained(verb: &str, path: &[u8], name: &str, detail: Option<&str>) -> String {
    let todo = find(name).map_or("Look up the reason in errno(3)", |(_, _, todo)| todo);
    whole(verb, path, &what(name), name, detail, todo)
}

fn whole(
    verb: &str,
    path: &[u8],
    what: &str,
    name: &str,
    detail: Option<&str>,
    todo: &str,
) -> String {
    let detail = detail.map(|detail| format!(": {}", shown(detail.as_bytes())));
    let detail = detail.unwrap_or_default();
    let verb = match path {
        [] => verb.trim_end_matches(" of").to_owned(),
        path => format!("{verb} \"{}\"", shown(path)),
    };
    format!("cannot {verb}: {what} ({name}{detail}). {todo}.")
}

/// What a reason means.
pub fn what(name: &str) -> String {
    match find(name) {
        Some((_, what, _)) => (*what).to_owned(),
        None => system(name),
    }
}

/// The reason with its name, as other tools say it.
pub fn short(reason: aether_core::Reason) -> String {
    let name = reason.name();
    match reason {
        aether_core::Reason::Errno(_) => format!("{} ({name})", system(name)),
        _ => name.to_owned(),
    }
}

/// What the C library says of an errno, in lower case.
fn system(name: &str) -> String {
    let number = (1..134).find(|number| errno_name(*number) == Some(name));
    let Some(number) = number else {
        return "the system reported an error".to_owned();
    };
    let text = std::io::Error::from_raw_os_error(number).to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    text.to_lowercase()
}

fn find(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    TABLE.iter().find(|(reason, _, _)| *reason == name)
}

/// A path, or as much of it as a line has room for.
pub fn shown(bytes: &[u8]) -> String {
    match (bytes.len() > MAX_SHOWN).then(|| bytes.split_at(MAX_SHOWN / 2)) {
        Some((first, rest)) => {
            let last = rest.get(rest.len() - MAX_SHOWN / 2..).unwrap_or_default();
            format!("{}…{}", printable::escape(first), printable::escape(last))
        }
        None => printable::escape(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aether_core::{Error, Operation, Reason};

    #[test]
    fn a_message_says_what_happened_and_what_to_do() {
        let error = Error::new(Reason::Errno(2), Operation::Open, b"/no\x1b");
        assert_eq!(
            scan(&error),
            "cannot open \"/no\\e\": it does not exist (enoent). Check the spelling; a relative path starts from the current directory."
        );
        let error = aether_index::Error::new(
            aether_index::Reason::RulesChanged,
            aether_index::Operation::Scan,
            b"/srv",
        );
        assert!(
            index(&error.with("hidden=1")).contains("(rules_changed: hidden=1). Omit --exclude")
        );
        assert_eq!(short(Reason::Errno(13)), "permission denied (eacces)");
        assert_eq!(short(Reason::BadPattern), "bad_pattern");
    }

    #[test]
    fn no_message_speaks_of_another_language() {
        for (name, what, todo) in TABLE {
            for foreign in [
                ": :",
                "`:",
                "source_id",
                "config :",
                "mode:",
                "VM",
                "Elixir",
                "accept_root",
            ] {
                assert!(!what.contains(foreign) && !todo.contains(foreign), "{name}");
            }
        }
    }

    #[test]
    fn long_paths_are_cut_in_the_middle() {
        let text = shown(&[b'a'; 1000]);
        assert_eq!(text.chars().count(), MAX_SHOWN + 1);
    }
}
