//! What went wrong, in one line that is safe to print: what happened, and what to do about it here, on a command line.

mod reasons;

use aether_core::{errno_name, linux_errno, printable};
use aether_index::search::Refused;
use rustix::io::Errno;

use self::reasons::find;

/// Maximum number of bytes shown of a path or a query, which can have any length.
const MAX_SHOWN: usize = 400;

/// An error of a scan.
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

/// An error of an index.
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

/// A refused search.
pub fn search(refused: &Refused) -> String {
    explained("search", b"", refused.name(), Some(&refused.to_string()))
}

/// An error at a path that the program itself looked at.
pub fn io(error: &std::io::Error, verb: &str, path: &[u8]) -> String {
    let errno = error.raw_os_error().map(linux_errno);
    let name = errno.and_then(errno_name).unwrap_or("unknown_errno");
    explained(verb, path, name, None)
}

/// A failure to write stdout.
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
    use super::reasons::TABLE;
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
