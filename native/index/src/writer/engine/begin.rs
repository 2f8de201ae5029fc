//! The beginning of a scan: what it may do, held against what is stored, and what is written of that.

use aether_core::path::{is_plain, split};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use aether_core::RootPath;
use rusqlite::params;

use super::Engine;
use crate::error::{Error, Operation, Reason};
use crate::location::{Location, beside};
use crate::schema::scan_status;
use crate::writer::intake::scan::Scan;
use crate::writer::options::{OnPersisted, ScanSpec, Started};
use crate::writer::path_map::PathMap;
use crate::writer::proof::mounts::Mounts;
use crate::writer::scan_writer::Shared;
use crate::writer::store::find_source::{Failure, refuse};
use crate::writer::store::sources;
use crate::writer::tree::Tree;
use aether_core::MountIdentity;

impl Engine {
    /// Starts a scan.
    pub fn begin(
        &mut self,
        spec: &ScanSpec,
        shared: Arc<Shared>,
        on_persisted: OnPersisted,
    ) -> Result<Started, Error> {
        if !is_plain(&spec.folder) {
            return Err(Error::new(Reason::NoFolder, Operation::Scan, &spec.folder));
        }
        let location = self.location.clone();
        let begun = self.write(|engine| {
            let begun = sources::begin(&mut engine.store, spec, &engine.roots)?;
            let other = engine
                .scans
                .values()
                .find(|scan| scan.source == begun.source && scan.folder == spec.folder);
            if let Some(other) = other {
                return Err(refuse(spec, Reason::AlreadyScanning, &other.shared.tag).into());
            }
            let tree = engine
                .trees
                .entry(begun.source)
                .or_insert_with(|| Tree::new(begun.source));
            let stored = tree.load_mounts(&engine.store)?;
            check_way(spec, stored)?;
            let real_root = real_root(spec);
            let own_files = own_files(&location, real_root.as_deref());
            let mounts = Mounts::new(
                begun.scan,
                stored,
                &spec.folder,
                real_root,
                spec.accept_root,
            );
            if let Some((directory, _)) = &own_files
                && let Some(at) = tree.find(&mut engine.store, directory)?
                && let Some(node) = tree.node_mut(at)
                && node.mtime.is_some()
            {
                node.mtime = None;
                node.changed = true;
                tree.touch(at);
            }
            Ok((begun, mounts, own_files))
        });
        let (begun, mounts, own_files) = begun.map_err(|failure| match failure {
            Failure::Refused(error) => error,
            Failure::Sqlite(error) => self.error(&error),
        })?;
        if self.scans.values().any(|scan| scan.source == begun.source)
            && !self.overlaps.contains(&begun.source)
        {
            self.overlaps.push(begun.source);
        }
        self.touched.push(begun.source);
        self.roots.call(spec.called(), begun.source);
        if begun.is_changed {
            self.load_roots();
        }
        let mut running = self.scans.values();
        let runs_whole = running.any(|scan| scan.source == begun.source && scan.whole);
        // Not before it is committed: a scan that runs already writes under the generation that is stored.
        if let Some(tree) = self.trees.get_mut(&begun.source) {
            tree.generation = begun.generation;
            tree.gone.begin(begun.scan);
            let whole = begun.whole || runs_whole;
            let told = begun.generation + i64::from(!whole);
            tree.history.begin(told, self.options.history > 0);
        }
        let expected = begun.whole.then(|| self.expected(begun.source)).flatten();
        let mut scan = Scan::new(shared.clone(), on_persisted, begun.source, begun.scan);
        scan.folder = spec.folder.clone();
        scan.depth = spec.depth;
        scan.whole = begun.whole;
        let start = spec.way.iter().find(|(path, _)| *path == spec.folder);
        scan.start = start.map(|(_, identity)| *identity);
        scan.mounts = mounts;
        scan.own_files = own_files;
        self.scans.insert(shared.key, scan);
        self.let_go(begun.source);
        Ok(Started {
            source: begun.uuid,
            source_key: begun.source,
            generation: begun.generation,
            rules: begun.rules,
            expected,
        })
    }

    fn expected(&self, source: i64) -> Option<u64> {
        let sql = "SELECT files + directories FROM scans WHERE source_id = ?1 AND folder = '' AND whole = 1
                    AND status IN (?2, ?3) ORDER BY id DESC LIMIT 1";
        let ran_to_end = [scan_status::COMPLETE, scan_status::PARTIAL];
        let entries: Option<i64> = self
            .store
            .db
            .query_row(sql, params![source, ran_to_end[0], ran_to_end[1]], |row| {
                row.get(0)
            })
            .ok()?;
        entries.and_then(|entries| u64::try_from(entries).ok())
    }
}

/// Mount points on the way to the folder must be those that are stored.
fn check_way(spec: &ScanSpec, stored: &PathMap<MountIdentity>) -> Result<(), Failure> {
    let mut at = spec.folder.as_slice();
    while !spec.accept_root && !at.is_empty() {
        let Some((path, stored)) = stored.above(at) else {
            break;
        };
        at = split(at.get(..path.len()).unwrap_or_default()).0;
        let found = spec.way.iter().find(|(other, _)| *other == path);
        if !path.is_empty() && !found.is_some_and(|(_, found)| stored.is_same(found)) {
            let error = Error::new(Reason::RootChanged, Operation::Scan, &path);
            return Err(error
                .with("another file system lies there; accept_root: true takes it")
                .into());
        }
    }
    Ok(())
}

/// The root's path with all links resolved. Whoever opened the root has it: on this thread nobody
/// should ask a file system, which may hang.
fn real_root(spec: &ScanSpec) -> Option<Vec<u8>> {
    let resolve = || Some(RootPath::resolve(&spec.root).ok()?.real);
    spec.real_root.clone().or_else(resolve)
}

/// The directory that holds the index and the names of its files there, if it lies beneath the root: what the writer does to them
/// must not be found as a change of the tree.
fn own_files(location: &Location, root: Option<&[u8]>) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
    let root = Path::new(OsStr::from_bytes(root?));
    let directory = location.database.parent()?.strip_prefix(root).ok()?;
    let names = [
        "",
        "-wal",
        "-shm",
        "-journal",
        "-writer",
        "-unfinished",
        "-unfinished-journal",
        "-unfinished-wal",
        "-unfinished-shm",
    ]
    .map(|suffix| {
        let file = beside(&location.database, suffix);
        file.file_name()
            .map(|name| name.as_bytes().to_vec())
            .unwrap_or_default()
    });
    Some((directory.as_os_str().as_bytes().to_vec(), names.to_vec()))
}
