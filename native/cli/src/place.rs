//! Where a root's index lies, and which root a path means.

use std::ffi::OsStr;
use std::fs::DirBuilder;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use aether_core::{RootPath, path};
use aether_index::Answer;
use aether_index::reader::{Pool, PoolOptions, Source};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::messages::shown;

/// SQLite's application_id of an index, and where it lies in the file.
const APPLICATION_ID: (usize, &[u8; 4]) = (68, b"AETH");
/// Digits of a root's digest in the name of its index.
const DIGITS: usize = 16;

/// A path in the file system's own type.
pub fn os(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(path))
}

/// The folder where indexes lie that `--keep` makes.
pub fn state_folder() -> Result<PathBuf, Failure> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let is_root = rustix::process::geteuid().is_root();
    // With sudo, the environment is another user's.
    let from_environment = !is_root || set("SUDO_UID").is_none();
    let state = set("XDG_STATE_HOME").map(PathBuf::from);
    if let Some(state) = state.filter(|state| from_environment && state.is_absolute()) {
        return Ok(state.join("aether"));
    }
    let home = home().ok_or_else(|| {
        Failure::new(
            "there is no state folder: set HOME or XDG_STATE_HOME, or name an index with --index",
        )
    })?;
    Ok(home.join(".local/state/aether"))
}

/// The user's own folder; that of root by passwd, since with sudo the environment is another user's.
pub fn home() -> Option<PathBuf> {
    let set = || std::env::var_os("HOME").filter(|value| !value.is_empty());
    let home = match rustix::process::geteuid().is_root() {
        true => home_of_root().or_else(|| set().map(PathBuf::from)),
        false => set().map(PathBuf::from),
    };
    home.filter(|home| home.is_absolute())
}

fn home_of_root() -> Option<PathBuf> {
    let users = std::fs::read("/etc/passwd").ok()?;
    let fields = users.split(|byte| *byte == b'\n');
    let mut fields = fields.map(|line| line.split(|byte| *byte == b':').collect::<Vec<_>>());
    let root = fields.find(|fields| fields.get(2) == Some(&b"0".as_slice()))?;
    root.get(5).map(|home| os(home).to_owned())
}

/// The index of a root in the state folder, which is made for it.
pub fn kept(root: &[u8]) -> Result<PathBuf, Failure> {
    let folder = state_folder()?;
    let mut builder = DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(&folder);
    made.map_err(|error| {
        Failure::io(
            &error,
            "make the state folder",
            folder.as_os_str().as_bytes(),
        )
    })?;
    Ok(folder.join(name_of(root)))
}

fn name_of(root: &[u8]) -> String {
    let digest = Sha256::digest(root);
    let digits = digest
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    format!("{}.db", digits.get(..DIGITS).unwrap_or_default())
}

/// A folder, by all the full paths that it may be known by: resolved, and as it is written. It need not exist.
pub struct Folder {
    /// As the user said it; none if nothing was said.
    pub said: Option<Vec<u8>>,
    names: Vec<Vec<u8>>,
}

impl Folder {
    /// A folder, the current one by default.
    pub fn new(said: Option<&OsStr>) -> Result<Folder, Failure> {
        let path = said.map_or(b".".as_slice(), OsStr::as_bytes);
        let mut names = Vec::new();
        if let Ok(found) = RootPath::resolve(path) {
            names.extend([found.real, found.path]);
        }
        names.extend(written(path));
        names.dedup();
        if names.is_empty() {
            return Err(match path {
                [] => Failure::new("the path is empty: give one; the current directory is \".\""),
                _ => Failure::new("the current directory has no path any more: give a full path"),
            });
        }
        Ok(Folder {
            said: said.map(|path| path.as_bytes().to_vec()),
            names,
        })
    }

    /// The same of an entry of any kind: what is its last name is not followed, if it is a link.
    pub fn entry(said: &OsStr) -> Result<Folder, Failure> {
        let path = said.as_bytes();
        let slash = path.iter().rposition(|byte| *byte == b'/');
        let (above, name) = path.split_at(slash.map_or(0, |slash| slash + 1));
        if matches!(name, [] | [b'.'] | [b'.', b'.']) {
            return Folder::new(Some(said));
        }
        let above = match above {
            [] => Folder::new(None)?,
            above => Folder::new(Some(OsStr::from_bytes(above)))?,
        };
        let names = above.names.iter().map(|above| full(above, name));
        Ok(Folder {
            said: Some(path.to_vec()),
            names: names.collect(),
        })
    }

    /// The path for messages.
    pub fn shown(&self) -> String {
        let first = self.names.first().map_or(b"".as_slice(), Vec::as_slice);
        shown(self.said.as_deref().unwrap_or(first))
    }

    /// Where it lies beneath this root, if it does.
    fn beneath(&self, root: &[u8]) -> Option<Vec<u8>> {
        let inside = |root: &[u8]| {
            let mut names = self.names.iter();
            names.find_map(|name| beneath(name, root))
        };
        // A root may have been called by a link that leads to it.
        inside(root).or_else(|| inside(&RootPath::resolve(root).ok()?.real))
    }

    /// It, and what is above it.
    fn ancestors(&self) -> impl Iterator<Item = &[u8]> {
        self.names.iter().flat_map(|name| {
            std::iter::successors(Some(name.as_slice()), |path| match path::split(path).0 {
                _ if *path == b"/" => None,
                [] => Some(b"/"),
                above => Some(above),
            })
        })
    }
}

/// A path as it is written, from the top, without empty names and dots.
fn written(path: &[u8]) -> Option<Vec<u8>> {
    let whole = match path {
        [] => return None,
        [b'/', ..] => path.to_vec(),
        _ => {
            let current = std::env::current_dir().ok()?.into_os_string().into_vec();
            path::join(&current, path)
        }
    };
    let mut names = Vec::new();
    for name in path::names(&whole) {
        match name {
            b"." => {}
            b".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    Some([b"/", names.join(&b'/').as_slice()].concat())
}

fn beneath(path: &[u8], root: &[u8]) -> Option<Vec<u8>> {
    let rest = match root {
        b"/" => path.strip_prefix(b"/")?,
        root => match path.strip_prefix(root)? {
            [] => b"",
            rest => rest.strip_prefix(b"/")?,
        },
    };
    Some(rest.to_vec())
}

/// The full path of something in a source.
pub fn full(root: &[u8], path: &[u8]) -> Vec<u8> {
    match (root, path) {
        (root, []) => root.to_vec(),
        (b"/", path) => [b"/", path].concat(),
        (root, path) => path::join(root, path),
    }
}

/// The file of the index to ask about a folder.
pub fn index_of(folder: &Folder, named: Option<&OsStr>) -> Result<Option<PathBuf>, Failure> {
    if let Some(named) = named {
        return Ok(Some(PathBuf::from(named)));
    }
    if let Some(said) = &folder.said
        && is_index(os(said))
    {
        let said = shown(said);
        return Err(Failure::usage(format!(
            "\"{said}\" is an index: give it with --index"
        )));
    }
    let Ok(state) = state_folder() else {
        return Ok(None);
    };
    let mut best: Option<(Option<i64>, PathBuf)> = None;
    let mut seen = Vec::new();
    for above in folder.ancestors() {
        let file = state.join(name_of(above));
        if seen.contains(&file) || !file.exists() {
            continue;
        }
        let look = last_look(&file, folder);
        // On a tie, the innermost.
        if best.as_ref().is_none_or(|(best, _)| look > *best) {
            best = Some((look, file.clone()));
        }
        seen.push(file);
    }
    Ok(best.map(|(_, file)| file))
}

fn is_index(file: &Path) -> bool {
    use std::io::Read;
    let (offset, id) = APPLICATION_ID;
    let mut head = [0; 72];
    let is_file = std::fs::metadata(file).is_ok_and(|found| found.is_file());
    let read = is_file.then(|| std::fs::File::open(file).ok()?.read_exact(&mut head).ok());
    read.flatten().is_some() && head.get(offset..) == Some(id)
}

/// When a folder was last seen by an index, which may be none of this version.
fn last_look(file: &Path, folder: &Folder) -> Option<i64> {
    let pool = Pool::open(file, PoolOptions::default()).ok()?;
    let (source, path) = find(&pool, folder, None).ok()?;
    let totals = pool.totals(&source.value.uuid, &path);
    totals.map_or(source.scanned_at, |answer| answer.scanned_at)
}

/// Which source of an index has a folder, and where in it.
pub fn find(
    pool: &Pool,
    folder: &Folder,
    wanted: Option<&OsStr>,
) -> Result<(Answer<Source>, Vec<u8>), Failure> {
    let mut sources = pool.sources()?;
    if let Some(wanted) = wanted {
        let named = Folder::new(Some(wanted)).ok();
        let is_wanted = |source: &Source| {
            let is_root = |named: &Folder| {
                named
                    .beneath(&source.root)
                    .is_some_and(|path| path.is_empty())
            };
            source.uuid.as_bytes() == wanted.as_bytes() || named.as_ref().is_some_and(is_root)
        };
        sources.retain(|source| is_wanted(&source.value));
        if sources.is_empty() {
            let wanted = shown(wanted.as_bytes());
            let message =
                format!("the index has no root \"{wanted}\". `aether info` lists its roots.");
            return Err(Failure::new(message));
        }
    }
    if sources.is_empty() {
        return Err(Failure::new(
            "the index has no root yet: scan one into it with `aether scan --index FILE PATH`",
        ));
    }
    // The one that has looked there last, where several have it.
    for name in folder.names.iter().filter(|_| wanted.is_none()) {
        if let Some(place) = pool.place(name)?
            && let Some(at) = sources
                .iter()
                .position(|source| source.value.uuid == place.source)
        {
            return Ok((sources.swap_remove(at), place.path));
        }
    }
    let inside = |source: &Answer<Source>| folder.beneath(&source.value.root);
    let holders = sources
        .iter()
        .enumerate()
        .filter_map(|(at, source)| Some((at, inside(source)?)));
    let innermost = holders.min_by_key(|(_, path)| path.len());
    if let Some((at, path)) = innermost {
        return Ok((sources.swap_remove(at), path));
    }
    // Nobody said which folder, and there is only one root to begin with.
    if folder.said.is_none() && sources.len() == 1 {
        return Ok((sources.swap_remove(0), Vec::new()));
    }
    let roots = sources
        .iter()
        .map(|source| format!("\"{}\"", shown(&source.value.root)));
    let roots = roots.take(5).collect::<Vec<_>>().join(", ");
    Err(Failure::new(format!(
        "no root of the index has \"{}\": it knows {roots}. Give a path beneath one of them, or choose with --source.",
        folder.shown()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_lies_beneath_a_root_by_whole_names() {
        for (path, root, expected) in [
            ("/srv/a", "/srv", Some("a")),
            ("/srv", "/srv", Some("")),
            ("/srvx", "/srv", None),
            ("/a/b", "/", Some("a/b")),
            ("/", "/", Some("")),
            ("/", "/srv", None),
        ] {
            let found = beneath(path.as_bytes(), root.as_bytes());
            assert_eq!(
                found.as_deref(),
                expected.map(str::as_bytes),
                "{path} {root}"
            );
            if let Some(inside) = found {
                assert_eq!(full(root.as_bytes(), &inside), path.as_bytes());
            }
        }
    }

    #[test]
    fn what_does_not_exist_is_taken_as_it_is_written() {
        for (path, expected) in [
            ("/no/./such//dir/", "/no/such/dir"),
            ("/no/such/../other", "/no/other"),
            ("/..", "/"),
            ("/", "/"),
        ] {
            assert_eq!(
                written(path.as_bytes()).as_deref(),
                Some(expected.as_bytes())
            );
        }
        let current = std::env::current_dir().unwrap().join("no/such");
        assert_eq!(written(b"no/such").unwrap(), current.as_os_str().as_bytes());
        assert_eq!(written(b""), None);
    }

    #[test]
    fn the_name_of_an_index_is_the_digest_of_its_root() {
        // printf /srv | sha256sum
        assert_eq!(name_of(b"/srv"), "a3d9ac4fdee9c242.db");
    }
}
