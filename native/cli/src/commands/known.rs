//! The index that a command asks, and the folder that it asks about.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use aether_index::reader::{Pool, Source};
use aether_index::{Answer, OpenOptions};

use crate::commands::LocalIndex;
use crate::failure::Failure;
use crate::messages::shown;
use crate::options::{At, Known};
use crate::place::{self, Folder};

/// An index that is open for reading alone: another process may be writing it.
pub struct OpenIndex {
    pub file: PathBuf,
    pub state: LocalIndex,
    pub folder: Folder,
}

impl OpenIndex {
    /// The index of a folder; none if there is none.
    pub fn find(known: &Known, folder: Option<&OsStr>) -> Result<Option<OpenIndex>, Failure> {
        OpenIndex::of(known, Folder::new(folder)?)
    }

    /// The index of an entry of any kind.
    pub fn entry(known: &Known, path: &OsStr) -> Result<OpenIndex, Failure> {
        let found = OpenIndex::of(known, Folder::entry(path)?)?;
        found.ok_or_else(|| OpenIndex::missing(Some(path)))
    }

    fn of(known: &Known, folder: Folder) -> Result<Option<OpenIndex>, Failure> {
        let Some(file) = place::index_of(&folder, known.index.as_deref())? else {
            return Ok(None);
        };
        let state = LocalIndex::new(true, usize::MAX);
        state.open(&file, OpenOptions::default())?;
        Ok(Some(OpenIndex {
            file,
            state,
            folder,
        }))
    }

    /// The same, for commands that cannot do without.
    pub fn open(known: &Known, folder: Option<&OsStr>) -> Result<OpenIndex, Failure> {
        OpenIndex::find(known, folder)?.ok_or_else(|| OpenIndex::missing(folder))
    }

    /// The same, for commands about an index as a whole.
    pub fn at(at: &At) -> Result<OpenIndex, Failure> {
        let known = Known {
            index: at.index.clone(),
            source: None,
        };
        OpenIndex::open(&known, at.folder.as_deref())
    }

    /// What to do where there is none.
    pub fn missing(folder: Option<&OsStr>) -> Failure {
        let folder = shown(folder.map_or(b".".as_slice(), OsStr::as_bytes));
        Failure::new(format!(
            "nothing is kept of \"{folder}\": scan it with `aether scan --keep`, or name an index with --index FILE"
        ))
    }

    /// Its readers.
    pub fn pool(&self) -> Result<&Pool, Failure> {
        Ok(self.state.pool()?)
    }

    /// Which root has the folder, and where in it.
    pub fn place(&self, known: &Known) -> Result<(Answer<Source>, Vec<u8>), Failure> {
        place::find(self.pool()?, &self.folder, known.source.as_deref())
    }
}
