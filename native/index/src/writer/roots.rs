//! The roots of all sources, for threads that open one: which of them may be the same directory
//! under another path, and by which other paths they were called.

use std::collections::HashMap;

use aether_core::MountIdentity;
use parking_lot::Mutex;
use rusqlite::Connection;

use crate::identity::StoredIdentity;
use crate::text::Bytes;

/// Maximum number of other paths remembered; beyond, all are forgotten.
const MAX_NAMES: usize = 1024;

/// Shared between the writer's thread and others.
#[derive(Debug, Default)]
pub(super) struct KnownRoots {
    stored: Mutex<Vec<Root>>,
    /// Sources by paths that are not stored.
    names: Mutex<HashMap<Vec<u8>, i64>>,
}

#[derive(Debug)]
struct Root {
    path: Vec<u8>,
    identity: Option<MountIdentity>,
}

/// What lies at the path of a source's root now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtRoot {
    /// The directory that is to be scanned.
    Same,
    /// Nothing.
    Nothing,
    /// Something else, or it cannot be told.
    Other,
}

impl KnownRoots {
    /// Reads them again.
    pub fn load(&self, db: &Connection) -> rusqlite::Result<()> {
        let mut statement = db.prepare_cached("SELECT root, identity FROM sources ORDER BY id")?;
        let rows = statement.query_map((), |row| {
            Ok(Root {
                path: row.get::<_, Bytes>(0)?.0,
                identity: row.get::<_, StoredIdentity>(1)?.0,
            })
        })?;
        let roots = rows.collect::<rusqlite::Result<_>>()?;
        *self.stored.lock() = roots;
        Ok(())
    }

    /// Paths, other than `path`, of the roots that may be a directory with this identity. The
    /// oldest source comes first.
    pub fn like(&self, path: &[u8], identity: &MountIdentity) -> Vec<Vec<u8>> {
        let stored = self.stored.lock();
        let may_be = |root: &&Root| {
            let is_same = |stored: MountIdentity| stored.is_same(identity);
            root.path != path && root.identity.is_none_or(is_same)
        };
        let found = stored.iter().filter(may_be);
        found.map(|root| root.path.clone()).collect()
    }

    /// Remembers that a source was called by another path.
    pub fn call(&self, path: &[u8], source: i64) {
        let mut names = self.names.lock();
        if names.len() >= MAX_NAMES {
            names.clear();
        }
        names.insert(path.to_vec(), source);
    }

    /// The source that was called by this path.
    pub fn called(&self, path: &[u8]) -> Option<i64> {
        self.names.lock().get(path).copied()
    }
}
