//! The absolute path of a root, by whatever path it was given: for callers that keep results longer than the process
//! keeps its current directory.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use crate::mounts;

/// The path of a directory, in raw bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootPath {
    /// Absolute and without links, except that the last component may be one.
    pub path: Vec<u8>,
    /// The same with the last component resolved too, as in the mount table.
    pub real: Vec<u8>,
}

impl RootPath {
    /// Resolves an existing path. Reads the file systems on its way, which may hang.
    pub fn resolve(path: &[u8]) -> io::Result<RootPath> {
        let path = named(path, canonicalize)?;
        let found = std::fs::symlink_metadata(Path::new(OsStr::from_bytes(&path)))?;
        let real = match found.is_symlink() {
            true => canonicalize(&path)?,
            false => path.clone(),
        };
        Ok(RootPath { path, real })
    }

    /// Resolves a path without any risk of hanging: no file system that a server or another process serves is touched,
    /// and what lies there is taken literally, as is what does not exist. `None` where there is no mount table.
    pub fn resolve_locally(path: &[u8]) -> Option<RootPath> {
        let lead = |path: &[u8]| mounts::lead_by(path).ok_or(());
        let real = lead(path).ok()?;
        let path = named(path, lead).ok()?;
        Some(RootPath { path, real })
    }
}

/// The path with all but its last component resolved.
fn named<E>(path: &[u8], resolve: impl Fn(&[u8]) -> Result<Vec<u8>, E>) -> Result<Vec<u8>, E> {
    let Some((parent, name)) = split(path) else {
        return resolve(path);
    };
    let mut path = resolve(parent)?;
    if path != b"/" {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    Ok(path)
}

fn canonicalize(path: &[u8]) -> io::Result<Vec<u8>> {
    let path = std::fs::canonicalize(Path::new(OsStr::from_bytes(path)))?;
    Ok(path.into_os_string().into_vec())
}

/// A path's parent and its last component, if that is a name: `.`, `..` and `/` are not.
fn split(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut path = path;
    loop {
        if let Some(rest) = path.strip_suffix(b"/") {
            path = rest;
            continue;
        }
        let (parent, name) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(at) => path.split_at(at + 1),
            None => (b".".as_slice(), path),
        };
        match name {
            b"." if parent != b"." => path = parent,
            b"" | b"." | b".." => return None,
            name => return Some((parent, name)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_in_a_name_or_has_none() {
        type Parts = Option<(&'static [u8], &'static [u8])>;
        let cases: [(&[u8], Parts); 13] = [
            (b"a", Some((b".", b"a"))),
            (b"a//", Some((b".", b"a"))),
            (b"./a/.", Some((b"./", b"a"))),
            (b"/a", Some((b"/", b"a"))),
            (b"/a/./", Some((b"/", b"a"))),
            (b"/a/../b", Some((b"/a/../", b"b"))),
            (b"//a/\xff", Some((b"//a/", b"\xff"))),
            (b"/", None),
            (b"//", None),
            (b".", None),
            (b"./", None),
            (b"..", None),
            (b"a/../", None),
        ];
        for (path, expected) in cases {
            assert_eq!(split(path), expected, "{}", path.escape_ascii());
        }
    }

    #[test]
    fn only_the_last_component_may_be_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("a/b")).unwrap();
        std::os::unix::fs::symlink(top.join("a"), top.join("link")).unwrap();
        let at = |path: &str| top.join(path).into_os_string().into_vec();
        for (path, expected, real) in [
            ("a/b", "a/b", "a/b"),
            ("a/./b//", "a/b", "a/b"),
            ("link/b/.", "a/b", "a/b"),
            ("a/b/..", "a", "a"),
            ("link", "link", "a"),
            ("link/", "link", "a"),
            ("link/.", "link", "a"),
            ("link/b/../../link", "link", "a"),
            ("link/..", "", ""),
        ] {
            let found = RootPath::resolve(&at(path)).unwrap();
            let of = |path: &str| match path {
                "" => top.clone().into_os_string().into_vec(),
                path => at(path),
            };
            let expected = RootPath {
                path: of(expected),
                real: of(real),
            };
            assert_eq!(found, expected, "{path}");
            let found = RootPath::resolve_locally(&at(path)).unwrap();
            assert_eq!(found, expected, "{path}");
        }
        let root = RootPath::resolve(b"//").unwrap();
        assert_eq!(root.path, b"/");
        let current = std::env::current_dir().unwrap().canonicalize().unwrap();
        let found = RootPath::resolve(b".").unwrap();
        assert_eq!(found.path, current.into_os_string().into_vec());
        let absent = RootPath::resolve(&at("no/such")).unwrap_err();
        assert_eq!(absent.kind(), io::ErrorKind::NotFound);
        let found = RootPath::resolve_locally(&at("link/no/./such/")).unwrap();
        assert_eq!((found.path, found.real), (at("a/no/such"), at("a/no/such")));
    }
}
