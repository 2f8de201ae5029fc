//! What is stored of a mount point belongs to the disk that was mounted there. When something else is there now, nothing beneath
//! is touched until somebody says that it may be.

use rusqlite::OptionalExtension;

use super::node::{is_within, join};
use super::store::Store;
use super::tree::Tree;
use crate::identity::MountIdentity;
use crate::schema::listing;
use crate::text::Bytes;

/// Mount points of a source, as one scan finds them.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    /// Take whatever lies there for what belongs there.
    pub accept: bool,
    /// Stored mount points that were not heard of yet.
    pending: Vec<Vec<u8>>,
    /// Where another disk lies now.
    pub foreign: Vec<Vec<u8>>,
}

impl Mounts {
    /// At a scan's start.
    pub fn load(store: &Store, source: i64, accept: bool) -> rusqlite::Result<Mounts> {
        let stored = stored(store, source)?;
        let pending = stored.into_iter().map(|(path, _)| path).collect();
        Ok(Mounts {
            accept,
            pending,
            foreign: Vec::new(),
        })
    }

    /// Whether a listing may be taken. Marks what is found to be of another disk.
    pub fn admit(
        &mut self,
        store: &mut Store,
        tree: &mut Tree,
        path: &[u8],
        identity: Option<MountIdentity>,
    ) -> rusqlite::Result<bool> {
        if self.accept {
            return Ok(true);
        }
        if self.is_foreign(path) {
            return Ok(false);
        }
        // Beneath a stored mount point that said nothing for itself: it is none any more.
        let above = |mount: &Vec<u8>| mount.as_slice() != path && is_within(path, mount);
        if let Some(mount) = self.pending.iter().find(|mount| above(mount)).cloned() {
            self.refuse(store, tree, mount)?;
            return Ok(false);
        }
        let was_pending = self.pending.iter().any(|mount| mount == path);
        if identity.is_none() && !was_pending {
            return Ok(true);
        }
        let Some(at) = tree.find(store, path)? else {
            return Ok(true);
        };
        let Some(node) = tree.node(at) else {
            return Ok(true);
        };
        let belongs = match (node.mount, identity) {
            (None, None) => true,
            (Some(stored), Some(found)) => stored.is_same(&found),
            // A disk over what was stored of a plain directory, if that was anything.
            (None, Some(_)) => !tree.holds_any(store, at)?,
            (Some(_), None) => false,
        };
        if belongs {
            self.pending.retain(|mount| mount != path);
        } else {
            self.refuse(store, tree, path.to_vec())?;
        }
        Ok(belongs)
    }

    /// Whether it lies where another disk is now.
    pub fn is_foreign(&self, path: &[u8]) -> bool {
        self.foreign.iter().any(|mount| is_within(path, mount))
    }

    fn refuse(
        &mut self,
        store: &mut Store,
        tree: &mut Tree,
        path: Vec<u8>,
    ) -> rusqlite::Result<()> {
        set_unmounted(store, tree, &path)?;
        self.pending.retain(|mount| *mount != path);
        self.foreign.push(path);
        Ok(())
    }

    /// Mount points on the way to the folder that is scanned were looked at by whoever opened it.
    pub fn vouch(&mut self, path: &[u8]) {
        self.pending.retain(|mount| mount != path);
    }
}

/// The mount points of a source: path, identity.
pub(super) fn stored(
    store: &Store,
    source: i64,
) -> rusqlite::Result<Vec<(Vec<u8>, MountIdentity)>> {
    let sql = "SELECT id, mount FROM dirs WHERE source_id = ?1 AND mount IS NOT NULL";
    let mut statement = store.db.prepare_cached(sql)?;
    let mut rows = statement.query([source])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text: Bytes = row.get(1)?;
        if let (Some(path), Some(mount)) =
            (path_of(store, row.get(0)?)?, MountIdentity::parse(&text.0))
        {
            found.push((path, mount));
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

/// Whether a directory is a stored mount point, or has one beneath it.
pub(super) fn is_above_mount(store: &Store, source: i64, dir: i64) -> rusqlite::Result<bool> {
    let sql = "WITH RECURSIVE up(id) AS (SELECT id FROM dirs WHERE source_id = ?1 AND mount IS NOT NULL
                 UNION SELECT d.parent_id FROM up JOIN dirs d ON d.id = up.id WHERE d.parent_id IS NOT NULL)
               SELECT 1 FROM up WHERE id = ?2";
    store.db.prepare_cached(sql)?.exists([source, dir])
}

/// The directory stays, with all that is stored beneath it, and counts as not known.
pub(super) fn set_unmounted(
    store: &mut Store,
    tree: &mut Tree,
    path: &[u8],
) -> rusqlite::Result<()> {
    if let Some(at) = tree.find(store, path)? {
        if let Some(node) = tree.node_mut(at) {
            node.set_status(listing::UNMOUNTED);
        }
        tree.touch(at);
    }
    Ok(())
}
