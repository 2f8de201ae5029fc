//! What a directory lies beneath: a source's root, the graveyard, or something broken. Cached
//! within one transaction only, as everything may be buried in the next.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row};

use super::report::Problem;
use crate::schema::MAX_PATH;
use crate::text::{Bytes, bytes};

/// What the ancestors of a directory lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// A root.
    Root,
    /// The graveyard.
    Buried,
    /// The parent of this very directory is wrong.
    Broken(Problem),
    /// The parent of one of its ancestors is wrong.
    BelowBroken,
}

/// Ancestors, within one read transaction. Paths are not kept: in a deep tree they would
/// take the most memory.
pub(super) struct AncestryCache<'c> {
    db: &'c Connection,
    known: HashMap<i64, Known>,
}

struct Known {
    reach: Reach,
    /// For a live directory, its parent, its name there, and the length of its path.
    parent: Option<i64>,
    name: Vec<u8>,
    path_len: usize,
}

struct Ancestor {
    parent: Option<i64>,
    source: i64,
    name: Option<Vec<u8>>,
}

impl<'c> AncestryCache<'c> {
    pub fn new(db: &'c Connection) -> AncestryCache<'c> {
        AncestryCache {
            db,
            known: HashMap::new(),
        }
    }

    pub fn reach(&mut self, id: i64) -> rusqlite::Result<Reach> {
        let mut way = Vec::new();
        let mut met = HashSet::new();
        let mut at = id;
        let mut reach = loop {
            if let Some(known) = self.known.get(&at) {
                break below(known.reach);
            }
            let Some(step) = self.step(at)? else {
                break Reach::BelowBroken;
            };
            if !met.insert(at) {
                // Each directory on the circle is reported by itself.
                return Ok(match at == id {
                    true => Reach::Broken(Problem::Circle),
                    false => Reach::BelowBroken,
                });
            }
            let Some(parent) = step.parent else {
                let top = self.top(at, step.source)?;
                self.keep(at, top, None, Vec::new());
                break below(top);
            };
            match self.step(parent)? {
                Some(above) if above.source == step.source => {}
                wrong => {
                    let problem = match wrong {
                        Some(_) => Problem::OtherSource,
                        None => Problem::Orphan,
                    };
                    self.keep(at, Reach::Broken(problem), None, Vec::new());
                    break Reach::BelowBroken;
                }
            }
            way.push((at, parent, step.name));
            at = parent;
        };
        for (id, parent, name) in way.into_iter().rev() {
            if reach == Reach::Root && name.is_none() {
                reach = Reach::Broken(Problem::NotText);
            }
            self.keep(id, reach, Some(parent), name.unwrap_or_default());
            reach = below(reach);
        }
        Ok(self.known.get(&id).map_or(reach, |known| known.reach))
    }

    fn keep(&mut self, id: i64, reach: Reach, parent: Option<i64>, name: Vec<u8>) {
        let above = parent.and_then(|parent| self.known.get(&parent));
        let above = above.map_or(0, |above| above.path_len);
        let known = Known {
            reach,
            parent,
            path_len: above + usize::from(above > 0) + name.len(),
            name,
        };
        self.known.insert(id, known);
    }

    /// The path of a live directory.
    pub fn path(&self, id: i64) -> Vec<u8> {
        let mut names = Vec::new();
        let mut next = self.known.get(&id);
        while let Some(known) = next {
            names.push(known.name.as_slice());
            next = known.parent.and_then(|parent| self.known.get(&parent));
        }
        // The root has no name.
        names.pop();
        names.reverse();
        names.join(&b'/')
    }

    fn step(&self, id: i64) -> rusqlite::Result<Option<Ancestor>> {
        let sql = "SELECT parent_id, source_id, name FROM dirs WHERE id = ?1";
        let read = |row: &Row<'_>| {
            Ok(Ancestor {
                parent: row.get(0)?,
                source: row.get(1)?,
                name: bytes(row.get_ref(2)?).ok().map(<[u8]>::to_vec),
            })
        };
        let mut statement = self.db.prepare_cached(sql)?;
        statement.query_row([id], read).optional()
    }

    /// What a directory without a parent is.
    fn top(&self, id: i64, source: i64) -> rusqlite::Result<Reach> {
        let root = "SELECT 1 FROM sources WHERE id = ?1 AND root_dir = ?2";
        let grave = "SELECT 1 FROM graveyard WHERE dir_id = ?1";
        if self.db.prepare_cached(root)?.exists([source, id])? {
            Ok(Reach::Root)
        } else if self.db.prepare_cached(grave)?.exists([id])? {
            Ok(Reach::Buried)
        } else {
            Ok(Reach::Broken(Problem::Orphan))
        }
    }

    /// Whether `paths` has the row of a live directory.
    pub fn has_path(&self, source: i64, id: i64) -> rusqlite::Result<bool> {
        if self
            .known
            .get(&id)
            .is_none_or(|known| known.path_len >= MAX_PATH)
        {
            return Ok(true);
        }
        let prefix = aether_core::path::prefix(&self.path(id));
        let sql = "SELECT 1 FROM paths WHERE source_id = ?1 AND path = ?2 AND dir_id = ?3";
        self.db
            .prepare_cached(sql)?
            .exists(rusqlite::params![source, Bytes(prefix), id])
    }
}

fn below(reach: Reach) -> Reach {
    match reach {
        Reach::Broken(_) => Reach::BelowBroken,
        reach => reach,
    }
}
