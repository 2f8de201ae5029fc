//! What a directory lies beneath: a source's root, or a grave, or nothing that it should. Remembered for one moment only, as all
//! of it may be buried in the next.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row};

use super::check::Problem;
use crate::text::{Bytes, bytes};

/// At the end of the way up from a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A root. The path from there.
    Live(Vec<u8>),
    /// The graveyard.
    Dead,
    /// This directory itself has something wrong with its parent.
    Wrong(Problem),
    /// Something above it has.
    BeneathWrong,
}

/// Ways up, in one read transaction.
pub(super) struct Ways<'c> {
    db: &'c Connection,
    known: HashMap<i64, Fate>,
}

struct Step {
    parent: Option<i64>,
    source: i64,
    name: Option<Vec<u8>>,
}

impl<'c> Ways<'c> {
    pub fn new(db: &'c Connection) -> Ways<'c> {
        Ways {
            db,
            known: HashMap::new(),
        }
    }

    pub fn fate(&mut self, id: i64) -> rusqlite::Result<Fate> {
        let mut way = Vec::new();
        let mut met = HashSet::new();
        let mut at = id;
        let mut fate = loop {
            if let Some(known) = self.known.get(&at) {
                break beneath(known);
            }
            let Some(step) = self.step(at)? else {
                break Fate::BeneathWrong;
            };
            if !met.insert(at) {
                // Each that lies on the circle finds so for itself.
                return Ok(match at == id {
                    true => Fate::Wrong(Problem::Circle),
                    false => Fate::BeneathWrong,
                });
            }
            let Some(parent) = step.parent else {
                let top = self.top(at, step.source)?;
                self.known.insert(at, top.clone());
                break beneath(&top);
            };
            match self.step(parent)? {
                Some(above) if above.source == step.source => {}
                wrong => {
                    let problem = match wrong {
                        Some(_) => Problem::OtherSource,
                        None => Problem::Orphan,
                    };
                    self.known.insert(at, Fate::Wrong(problem));
                    break Fate::BeneathWrong;
                }
            }
            way.push((at, step.name));
            at = parent;
        };
        for (id, name) in way.into_iter().rev() {
            fate = match (fate, name) {
                (Fate::Live(mut path), Some(name)) => {
                    if !path.is_empty() {
                        path.push(b'/');
                    }
                    path.extend_from_slice(&name);
                    Fate::Live(path)
                }
                (Fate::Live(_), None) => Fate::Wrong(Problem::NotText),
                (fate, _) => fate,
            };
            self.known.insert(id, fate.clone());
            fate = beneath(&fate);
        }
        Ok(self.known.get(&id).cloned().unwrap_or(fate))
    }

    fn step(&self, id: i64) -> rusqlite::Result<Option<Step>> {
        let sql = "SELECT parent_id, source_id, name FROM dirs WHERE id = ?1";
        let read = |row: &Row<'_>| {
            Ok(Step {
                parent: row.get(0)?,
                source: row.get(1)?,
                name: bytes(row.get_ref(2)?).ok().map(<[u8]>::to_vec),
            })
        };
        let mut statement = self.db.prepare_cached(sql)?;
        statement.query_row([id], read).optional()
    }

    /// Of a directory without a parent.
    fn top(&self, id: i64, source: i64) -> rusqlite::Result<Fate> {
        let root = "SELECT 1 FROM sources WHERE id = ?1 AND root_dir = ?2";
        let grave = "SELECT 1 FROM graveyard WHERE dir_id = ?1";
        if self.db.prepare_cached(root)?.exists([source, id])? {
            Ok(Fate::Live(Vec::new()))
        } else if self.db.prepare_cached(grave)?.exists([id])? {
            Ok(Fate::Dead)
        } else {
            Ok(Fate::Wrong(Problem::Orphan))
        }
    }

    /// Whether paths says where a live directory lies.
    pub fn has_path(&self, source: i64, id: i64, path: &[u8]) -> rusqlite::Result<bool> {
        let mut prefix = path.to_vec();
        if !prefix.is_empty() {
            prefix.push(b'/');
        }
        if prefix.len() > MAX_PATH {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM paths WHERE source_id = ?1 AND path = ?2 AND dir_id = ?3";
        self.db
            .prepare_cached(sql)?
            .exists(rusqlite::params![source, Bytes(prefix), id])
    }
}

/// Longer ones have no row.
const MAX_PATH: usize = 4096;

fn beneath(fate: &Fate) -> Fate {
    match fate {
        Fate::Wrong(_) => Fate::BeneathWrong,
        fate => fate.clone(),
    }
}
