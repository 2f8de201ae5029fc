//! What a scan's listings may not change: what belongs to another disk, and the index's own files.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use aether_core::path::split;

use super::devices::Devices;
use super::mounts::Mounts;
use crate::location::{Location, beside};
use crate::owner::Owner;
use crate::unfinished::SUFFIX;

/// What one scan may prove.
#[derive(Debug, Default)]
pub(in crate::writer) struct Scope {
    pub mounts: Mounts,
    pub own_files: Option<OwnFiles>,
    pub devices: Devices,
    /// Blocks of the root's own directory.
    pub root_disk: Option<i64>,
    /// Its permissions and owner, where they are kept.
    pub root_owner: Option<Owner>,
}

/// The directory that holds the index, and the names of its files there: what the writer does to
/// them must not be found as a change of the tree.
#[derive(Clone, Debug)]
pub(in crate::writer) struct OwnFiles {
    pub directory: Vec<u8>,
    names: Vec<Vec<u8>>,
}

impl OwnFiles {
    /// None if the index does not lie beneath the root.
    pub fn find(location: &Location, root: Option<&[u8]>) -> Option<OwnFiles> {
        let root = Path::new(OsStr::from_bytes(root?));
        let directory = location.database.parent()?.strip_prefix(root).ok()?;
        let unfinished = ["", "-journal", "-wal", "-shm"];
        let unfinished = unfinished.map(|suffix| format!("{SUFFIX}{suffix}"));
        let suffixes = ["", "-wal", "-shm", "-journal", "-writer", "-scan"];
        let suffixes = suffixes.map(str::to_owned).into_iter().chain(unfinished);
        let names = suffixes.map(|suffix| {
            let file = beside(&location.database, &suffix);
            let name = file.file_name().unwrap_or_default();
            name.as_bytes().to_vec()
        });
        Some(OwnFiles {
            directory: directory.as_os_str().as_bytes().to_vec(),
            names: names.collect(),
        })
    }
}

impl Scope {
    /// Names of the index's own files in a directory.
    pub fn own_names(&self, path: &[u8]) -> &[Vec<u8>] {
        match &self.own_files {
            Some(own) if own.directory == path => &own.names,
            _ => &[],
        }
    }

    /// The name, in a directory, of the directory that holds the index.
    pub fn holder(&self, path: &[u8]) -> Option<&[u8]> {
        let own = self.own_files.as_ref()?;
        let (parent, name) = split(&own.directory);
        (parent == path && !own.directory.is_empty()).then_some(name)
    }
}
