//! From a PATH to where a scan begins, and to what stands before each name it lists: paths are printed as find prints
//! them.

use aether_core::{Error, Reason, errno};

/// Where a scan begins.
pub struct ScanTarget {
    /// The directory.
    pub path: Vec<u8>,
    /// Only this entry of it.
    pub entry: Option<Vec<u8>>,
    /// What stands before the paths beneath.
    pub prefix: Vec<u8>,
}

impl ScanTarget {
    /// PATH, if it is a directory.
    pub fn directory(path: &[u8]) -> ScanTarget {
        let mut prefix = harmless(path);
        if !prefix.ends_with(b"/") {
            prefix.push(b'/');
        }
        ScanTarget {
            path: path.to_vec(),
            entry: None,
            prefix,
        }
    }

    /// PATH, if it is anything else. With a slash at its end it must be a directory.
    pub fn entry(path: &[u8]) -> Option<ScanTarget> {
        let slash = path.iter().rposition(|byte| *byte == b'/');
        let (folder, name) = path.split_at(slash.map_or(0, |slash| slash + 1));
        if name.is_empty() {
            return None;
        }
        Some(ScanTarget {
            path: match folder {
                [] => b".".to_vec(),
                folder => folder.to_vec(),
            },
            entry: Some(name.to_vec()),
            prefix: match folder {
                [] if name.starts_with(b"-") => b"./".to_vec(),
                folder => harmless(folder),
            },
        })
    }
}

/// A path that no program takes for an option.
fn harmless(path: &[u8]) -> Vec<u8> {
    match path {
        [b'-', ..] => [b"./", path].concat(),
        path => path.to_vec(),
    }
}

/// Whether what could not be opened as a directory may be something else.
pub fn may_be_entry(error: &Error) -> bool {
    let maybe = [errno::NOTDIR, errno::NOENT, errno::LOOP];
    maybe.map(Reason::Errno).contains(&error.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_printed_as_find_prints_them() {
        for (path, prefix) in [
            (".", "./"),
            ("a", "a/"),
            ("a/", "a/"),
            ("/", "/"),
            ("-rf", "./-rf/"),
            ("..", "../"),
        ] {
            let target = ScanTarget::directory(path.as_bytes());
            assert_eq!(target.prefix, prefix.as_bytes(), "{path}");
        }
        for (path, folder, name, prefix) in [
            ("f", ".", "f", ""),
            ("-f", ".", "-f", "./"),
            ("a/f", "a/", "f", "a/"),
            ("-a/f", "-a/", "f", "./-a/"),
            ("/f", "/", "f", "/"),
        ] {
            let target = ScanTarget::entry(path.as_bytes()).unwrap();
            assert_eq!(target.path, folder.as_bytes(), "{path}");
            assert_eq!(target.entry.as_deref(), Some(name.as_bytes()));
            assert_eq!(target.prefix, prefix.as_bytes());
        }
        assert!(ScanTarget::entry(b"f/").is_none() && ScanTarget::entry(b"").is_none());
    }
}
