//! Beginning a scan: checking it against what is stored, and recording it.

use std::sync::Arc;

use aether_core::MountIdentity;
use aether_core::RootPath;
use aether_core::path::{is_plain, split};
use rusqlite::params;

use super::Engine;
use crate::error::{Error, Operation, Reason};
use crate::values::scan_status;
use crate::writer::command::ScanShared;
use crate::writer::intake::listing::blocks;
use crate::writer::intake::scan::Scan;
use crate::writer::options::{OnPersisted, ScanSpec, Started};
use crate::writer::path_map::PathMap;
use crate::writer::proof::devices::Devices;
use crate::writer::proof::mounts::Mounts;
use crate::writer::proof::scope::{OwnFiles, Scope};
use crate::writer::store::find_source::{Failure, refuse};
use crate::writer::store::sources;
use crate::writer::tree::DirTree;

impl Engine {
    /// Begins a scan.
    pub fn begin(
        &mut self,
        spec: &ScanSpec,
        shared: Arc<ScanShared>,
        on_persisted: OnPersisted,
    ) -> Result<Started, Error> {
        if !is_plain(&spec.folder) {
            return Err(Error::new(Reason::NoFolder, Operation::Scan, &spec.folder));
        }
        let location = self.location.clone();
        let begun = self.write(|engine| {
            let begun = sources::begin(&mut engine.store, spec, &engine.roots)?;
            // What a scan that is running already reads would be stored under what holds from now on.
            let running = engine.scans.values();
            let running = running.filter(|scan| scan.source == begun.source);
            let other = running
                .filter(|scan| scan.folder == spec.folder || begun.is_switched)
                .max_by_key(|scan| scan.folder == spec.folder);
            if let Some(other) = other {
                let reason = match other.folder == spec.folder {
                    true => Reason::AlreadyScanning,
                    false => Reason::SourceBusy,
                };
                return Err(refuse(spec, reason, &other.shared.tag).into());
            }
            let tree = engine
                .trees
                .entry(begun.source)
                .or_insert_with(|| DirTree::new(begun.source));
            let stored = tree.load_mounts(&engine.store)?;
            check_ancestors(spec, stored)?;
            let real_root = real_root(spec);
            let own_files = OwnFiles::find(&location, real_root.as_deref());
            let mut mounts = Mounts::new(
                begun.scan,
                stored,
                &spec.folder,
                real_root,
                spec.accept_root,
            );
            mounts.way = spec.way.iter().cloned().collect();
            if let Some(own) = &own_files
                && let Some(at) = tree.find(&mut engine.store, &own.directory)?
                && let Some(node) = tree.node_mut(at)
                && node.row.mtime.is_some()
            {
                node.row.mtime = None;
                node.mark_changed();
                tree.touch(at);
            }
            let scope = Scope {
                mounts,
                own_files,
                devices: Devices::new(spec),
                root_disk: spec.root_disk.map(blocks),
                root_owner: spec.root_owner.filter(|_| begun.owners),
            };
            Ok((begun, scope))
        });
        let (begun, scope) = begun.map_err(|failure| match failure {
            Failure::Refused(error) => error,
            Failure::Sqlite(error) => self.error(&error),
        })?;
        if self.scans.values().any(|scan| scan.source == begun.source)
            && !self.overlaps.contains(&begun.source)
        {
            self.overlaps.push(begun.source);
        }
        if begun.is_first {
            self.on_disk.push(begun.source);
        }
        self.touched.push(begun.source);
        self.roots.call(spec.called(), begun.source);
        if begun.is_changed {
            self.load_roots();
        }
        let mut running = self.scans.values();
        let runs_whole = running.any(|scan| scan.source == begun.source && scan.is_whole);
        // Only after the commit: a scan that is running already writes under the stored generation.
        if let Some(tree) = self.trees.get_mut(&begun.source) {
            tree.generation = begun.generation;
            tree.vanished.begin(begun.scan);
            let is_whole = begun.is_whole || runs_whole;
            let recorded = begun.generation + i64::from(!is_whole);
            tree.history.begin(recorded, self.options.history > 0);
        }
        let expected = begun
            .is_whole
            .then(|| self.expected(begun.source))
            .flatten();
        let mut scan = Scan::new(shared.clone(), on_persisted, begun.source, begun.scan);
        scan.folder = spec.folder.clone();
        scan.depth = spec.depth;
        scan.is_whole = begun.is_whole;
        let start = spec.way.iter().find(|(path, _)| *path == spec.folder);
        scan.start = start.map(|(_, identity)| *identity);
        scan.scope = scope;
        self.scans.insert(shared.key, scan);
        self.forget_idle_trees(begun.source);
        Ok(Started {
            source: begun.uuid,
            source_key: begun.source,
            generation: begun.generation,
            rules: begun.rules,
            owners: begun.owners,
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

/// Refuses a scan if a mount point above its folder is not the one that is stored.
fn check_ancestors(spec: &ScanSpec, stored: &PathMap<MountIdentity>) -> Result<(), Failure> {
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

/// The root's path with all links resolved. Callers that opened the root pass it: this thread
/// should not ask a file system, which may hang.
fn real_root(spec: &ScanSpec) -> Option<Vec<u8>> {
    let resolve = || Some(RootPath::resolve(&spec.root).ok()?.real);
    spec.real_root.clone().or_else(resolve)
}
