//! What is stored of a mount point belongs to the disk that was mounted there. Where something else
//! is now, nothing beneath it is changed until the caller says `accept_root`.

use std::cell::OnceCell;

use aether_core::MountIdentity;
use aether_core::path::{join, split};
use rusqlite::OptionalExtension;

use crate::identity::StoredIdentity;
use crate::text::Bytes;
use crate::values::listing;
use crate::writer::path_map::PathMap;
use crate::writer::proof::missed;
use crate::writer::store::Store;
use crate::writer::tree::DirTree;

/// Mount points of a source, as one scan finds them.
#[derive(Debug, Default)]
pub(in crate::writer) struct Mounts {
    /// The scan's row.
    pub scan: i64,
    /// Whether to accept whatever is at a mount point as what belongs there.
    pub accept: bool,
    /// Stored mount points whose listings have not come yet.
    pending: PathMap<()>,
    /// Mount points where another disk is now.
    foreign: PathMap<()>,
    /// Those of them that no commit has marked yet.
    pub unmarked: Vec<Vec<u8>>,
    /// Mount points on the way down to the scan's folder, which no listing of this scan tells of.
    pub way: PathMap<MountIdentity>,
    /// The root's path as the mount table has it, if it is known.
    real_root: Option<Vec<u8>>,
    /// Mount points beneath the root by the mount table, which is read when first needed.
    table: OnceCell<Option<PathMap<()>>>,
}

impl Mounts {
    /// For the start of a scan: what lies beneath its folder. The folder and its ancestors were
    /// checked when it was opened.
    pub fn new(
        scan: i64,
        stored: &PathMap<MountIdentity>,
        folder: &[u8],
        real_root: Option<Vec<u8>>,
        accept: bool,
    ) -> Mounts {
        let pending = stored.beneath(folder).map(|(path, _)| (path, ()));
        let pending = pending.filter(|(path, ())| path != folder);
        Mounts {
            scan,
            accept,
            pending: pending.collect(),
            foreign: PathMap::default(),
            unmarked: Vec::new(),
            way: PathMap::default(),
            real_root,
            table: OnceCell::new(),
        }
    }

    /// Whether a listing may be applied. Marks mount points where another disk is found.
    pub fn admit(
        &mut self,
        store: &mut Store,
        tree: &mut DirTree,
        path: &[u8],
        identity: Option<MountIdentity>,
    ) -> rusqlite::Result<bool> {
        if self.accept {
            return Ok(true);
        }
        if self.is_foreign(path) {
            return Ok(false);
        }
        // A stored mount point above that has had no record is no longer one.
        if let Some(mount) = self.pending_above(path) {
            self.refuse(store, tree, &mount)?;
            return Ok(false);
        }
        let was_pending = self.pending.contains(path);
        if identity.is_none() && !was_pending {
            return Ok(true);
        }
        let Some(at) = tree.find(store, path)? else {
            return Ok(true);
        };
        let Some(node) = tree.node(at) else {
            return Ok(true);
        };
        let belongs = match (node.row.mount.0, identity) {
            (None, None) => true,
            (Some(stored), Some(found)) => stored.is_same(&found),
            // A disk mounted over a plain directory of which something is stored.
            (None, Some(_)) => !tree.holds_any(store, at)?,
            (Some(_), None) => false,
        };
        if belongs {
            self.pending.remove(path);
        } else {
            self.refuse(store, tree, path)?;
        }
        Ok(belongs)
    }

    /// The topmost pending mount point above a path.
    fn pending_above(&self, path: &[u8]) -> Option<Vec<u8>> {
        let mut found: Option<Vec<u8>> = None;
        loop {
            let below = found.as_deref().unwrap_or(path);
            let above = match below {
                [] => None,
                below => self.pending.above(split(below).0),
            };
            match above {
                Some((above, ())) => found = Some(above),
                None => return found,
            }
        }
    }

    /// Whether a path lies where another disk is now.
    pub fn is_foreign(&self, path: &[u8]) -> bool {
        self.foreign.above(path).is_some()
    }

    fn refuse(
        &mut self,
        store: &mut Store,
        tree: &mut DirTree,
        path: &[u8],
    ) -> rusqlite::Result<()> {
        set_unmounted(store, tree, path, self.scan)?;
        self.pending.remove(path);
        self.foreign.insert(path, ());
        self.unmarked.push(path.to_vec());
        Ok(())
    }

    /// Whether a directory that its parent's listing lacks does not exist any more, and with it the
    /// mount points stored in it. A disk that is not mounted leaves its mount point behind.
    pub fn are_gone_within(&self, path: &[u8]) -> bool {
        let table = self.table.get_or_init(|| {
            let root = self.real_root.as_ref()?;
            let points = aether_core::mount_points()?.into_iter();
            let beneath = |point: Vec<u8>| {
                let rest = match root.as_slice() {
                    b"/" => point.strip_prefix(b"/")?,
                    root => point.strip_prefix(root)?.strip_prefix(b"/")?,
                };
                Some((rest.to_vec(), ()))
            };
            Some(points.filter_map(beneath).collect())
        });
        table.as_ref().is_some_and(|table| !table.has_beneath(path))
    }
}

impl DirTree {
    /// The stored mount points. Load them before marking a directory as one.
    pub fn load_mounts(&mut self, store: &Store) -> rusqlite::Result<&PathMap<MountIdentity>> {
        if self.mounts.is_none() {
            self.mounts = Some(stored(store, self.source)?);
        }
        Ok(self.mounts.get_or_insert_default())
    }

    /// Marks a directory as a mount point, or as none any more.
    pub fn set_mount(&mut self, at: u32, path: &[u8], mount: Option<MountIdentity>) {
        if let Some(node) = self.node_mut(at) {
            node.row.mount = StoredIdentity(mount);
            node.mark_changed();
        }
        if let Some(mounts) = &mut self.mounts {
            match mount {
                Some(mount) => mounts.insert(path, mount),
                None => mounts.remove(path),
            }
        }
        self.touch(at);
    }

    /// Whether a directory is a stored mount point, or has one beneath it.
    pub fn has_mount_within(&mut self, store: &Store, path: &[u8]) -> rusqlite::Result<bool> {
        Ok(self.load_mounts(store)?.has_beneath(path))
    }
}

/// The mount points of a source.
fn stored(store: &Store, source: i64) -> rusqlite::Result<PathMap<MountIdentity>> {
    let sql = "SELECT id, mount FROM dirs WHERE source_id = ?1 AND mount IS NOT NULL";
    let mut statement = store.db.prepare_cached(sql)?;
    let mut rows = statement.query([source])?;
    let mut found = PathMap::default();
    while let Some(row) = rows.next()? {
        let mount: StoredIdentity = row.get(1)?;
        if let (Some(path), Some(mount)) = (path_of(store, row.get(0)?)?, mount.0) {
            found.insert(&path, mount);
        }
    }
    Ok(found)
}

/// The path of a directory, unless it lies in the graveyard.
fn path_of(store: &Store, mut id: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut statement = store
        .db
        .prepare_cached("SELECT parent_id, name FROM dirs WHERE id = ?1")?;
    loop {
        let row = statement
            .query_row([id], |row| {
                Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Bytes>(1)?))
            })
            .optional()?;
        let Some((parent, name)) = row else {
            return Ok(None);
        };
        match parent {
            Some(parent) => id = parent,
            // Only a root has no name.
            None if name.0.is_empty() => break,
            None => return Ok(None),
        }
        names.push(name.0);
    }
    Ok(Some(
        names
            .iter()
            .rev()
            .fold(Vec::new(), |path, name| join(&path, name)),
    ))
}

/// Keeps a directory with everything that is stored beneath it, and counts it as unknown.
pub(in crate::writer) fn set_unmounted(
    store: &mut Store,
    tree: &mut DirTree,
    path: &[u8],
    scan: i64,
) -> rusqlite::Result<()> {
    if let Some(at) = tree.find(store, path)? {
        if let Some(node) = tree.node_mut(at) {
            let before = node.row.status;
            node.set_status(listing::UNMOUNTED);
            missed::note(store, node.id, (before, node.row.status), scan)?;
        }
        tree.touch(at);
    }
    Ok(())
}
