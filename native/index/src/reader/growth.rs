//! By how much each folder in a folder has grown between two generations, with all that lies beneath
//! it: one pass over what changed between them.

use std::collections::HashMap;

use rusqlite::{CachedStatement, params};

use super::changes::{changed_generations, parent};
use super::freshness::answer;
use super::locate::{Located, is_within, locate, names};
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use crate::answer::Answer;
use crate::error::{Error, Reason};
use crate::text::{Bytes, Text};

/// What grew or shrank in a folder between the ends of two generations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// The folders in it in which anything changed, the largest change of bytes first.
    pub children: Vec<Grown>,
    /// Change of its own files: their number and bytes.
    pub own_files: i64,
    /// See `own_files`.
    pub own_bytes: i64,
    /// The folder itself was removed between them: its content is not broken down by child.
    pub was_removed: bool,
    /// As [`super::Changes::pruned`].
    pub pruned: bool,
    /// As [`super::Changes::first_load`].
    pub first_load: bool,
}

/// A folder that grew or shrank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grown {
    /// Its name.
    pub name: Vec<u8>,
    /// Change of the number of entries beneath it that are not directories.
    pub file_count: i64,
    /// Change of the bytes beneath it.
    pub bytes: i64,
    /// There is no folder of that name now.
    pub gone: bool,
}

/// Where the change of a directory counts.
#[derive(Clone, Copy)]
enum CountedIn {
    Outside,
    Own,
    Child(usize),
    /// In a tree that was removed with the folder.
    Removed,
}

impl Pool {
    /// Growth of the folders in a folder, after generation `from` and up to and including `to`.
    pub fn growth(
        &self,
        source: &str,
        folder: &[u8],
        from: i64,
        to: i64,
    ) -> Result<Answer<Growth>, Error> {
        self.page(|txn| {
            if from < 0 || to < from {
                let error = txn.error(Reason::Errno(aether_core::errno::INVAL));
                return Err(error.with(format!("from generation {from} to {to}")));
            }
            let at = locate(txn, source, folder)?;
            let growth = GrowthPass::new(txn, &at, folder, from)?.run(to)?;
            answer(txn, &at, growth)
        })
    }
}

struct GrowthPass<'a> {
    txn: &'a ReadTxn<'a>,
    at: &'a Located<'a>,
    folder: &'a [u8],
    /// The folder's directory, if it is there.
    own: Option<i64>,
    from: i64,
    /// Generations that have changes, in which what is gone may have been removed.
    generations: Vec<i64>,
    parent: CachedStatement<'a>,
    known: HashMap<i64, CountedIn>,
    children: HashMap<Vec<u8>, usize>,
    /// Files and bytes of the folder's own, and of each child.
    own_sums: (i64, i128),
    sums: Vec<(i64, i128)>,
    was_removed: bool,
}

impl<'a> GrowthPass<'a> {
    fn new(
        txn: &'a ReadTxn<'a>,
        at: &'a Located<'a>,
        folder: &'a [u8],
        from: i64,
    ) -> Result<GrowthPass<'a>, Error> {
        // What an expansion sees is recorded under the next whole scan.
        let newest = at.source.generation + 1;
        Ok(GrowthPass {
            txn,
            at,
            folder,
            own: at.unresolved.is_empty().then_some(at.dir.id),
            from,
            generations: changed_generations(txn, at.source.id, from, newest)?,
            parent: txn.statement(query::PARENT)?,
            known: HashMap::new(),
            children: HashMap::new(),
            own_sums: (0, 0),
            sums: Vec::new(),
            was_removed: false,
        })
    }

    fn run(mut self, to: i64) -> Result<Growth, Error> {
        let (source, from) = (self.at.source.id, self.from);
        let values = params![source, from, to];
        let (txn, mut failed) = (self.txn, Ok(()));
        txn.each(query::GROWTH_ROWS, values, |row| {
            let id: i64 = row.get(0)?;
            let path = row.get::<_, Option<Bytes>>(1)?.map(|path| path.0);
            let (files, bytes): (i64, i64) = (row.get(2)?, row.get(3)?);
            let slot = match path {
                Some(path) => Ok(self.by_path(&path)),
                None => self.slot(id),
            };
            match slot {
                Ok(slot) => self.add(slot, files, bytes),
                Err(error) => failed = Err(error),
            }
            Ok(failed.is_ok())
        })?;
        failed?;
        let known_from = self
            .txn
            .first(query::HISTORY_FROM, [source], |row| row.get(0))?;
        let newest = self.at.source.generation;
        let (was_removed, own_sums) = (self.was_removed, self.own_sums);
        let mut children = Vec::with_capacity(self.sums.len());
        for (name, at) in std::mem::take(&mut self.children) {
            let (file_count, bytes) = self.sums.get(at).copied().unwrap_or_default();
            if (file_count, bytes) != (0, 0) {
                children.push(Grown {
                    gone: !self.is_there(&name)?,
                    name,
                    file_count,
                    bytes: saturated(bytes),
                });
            }
        }
        children.sort_by(|one, other| {
            let key = |grown: &Grown| std::cmp::Reverse(grown.bytes.unsigned_abs());
            (key(one), &one.name).cmp(&(key(other), &other.name))
        });
        Ok(Growth {
            children,
            own_files: own_sums.0,
            own_bytes: saturated(own_sums.1),
            was_removed,
            pruned: known_from.is_none_or(|known: i64| from.max(1) < known) || to > newest,
            first_load: from == 0 && to > 0,
        })
    }

    fn add(&mut self, slot: CountedIn, files: i64, bytes: i64) {
        let sums = match slot {
            CountedIn::Outside => return,
            CountedIn::Removed => {
                self.was_removed = true;
                return;
            }
            CountedIn::Own => Some(&mut self.own_sums),
            CountedIn::Child(at) => self.sums.get_mut(at),
        };
        if let Some(sums) = sums {
            sums.0 += files;
            sums.1 += i128::from(bytes);
        }
    }

    fn child(&mut self, name: &[u8]) -> CountedIn {
        if let Some(at) = self.children.get(name) {
            return CountedIn::Child(*at);
        }
        let at = self.sums.len();
        self.sums.push((0, 0));
        self.children.insert(name.to_vec(), at);
        CountedIn::Child(at)
    }

    /// Where a removed directory counts, by its path.
    fn by_path(&mut self, path: &[u8]) -> CountedIn {
        if is_within(self.folder, path) {
            return CountedIn::Removed;
        }
        if !is_within(path, self.folder) {
            return CountedIn::Outside;
        }
        match names(path).nth(names(self.folder).count()) {
            Some(name) => self.child(name),
            None => CountedIn::Outside,
        }
    }

    /// Where a directory counts, by those above it, as far up as one that is known.
    fn slot(&mut self, id: i64) -> Result<CountedIn, Error> {
        let mut way: Vec<(i64, Vec<u8>)> = Vec::new();
        let mut next = id;
        let slot = loop {
            if Some(next) == self.own {
                break match way.last() {
                    Some((_, name)) => {
                        let name = name.clone();
                        self.child(&name)
                    }
                    None => CountedIn::Own,
                };
            }
            if let Some(slot) = self.known.get(&next) {
                break *slot;
            }
            match parent(self.txn, &mut self.parent, next)? {
                Some((Some(parent), name)) => {
                    way.push((next, name));
                    next = parent;
                    continue;
                }
                Some((None, _)) if next == self.at.source.root_dir => break CountedIn::Outside,
                found => {
                    let path = match found {
                        Some(_) => self.txn.first(query::GRAVE, [next], path_of)?,
                        None => self.removed(next)?,
                    };
                    let slot = match path {
                        Some(path) => self.by_path(&path),
                        None => CountedIn::Outside,
                    };
                    self.known.insert(next, slot);
                    break slot;
                }
            }
        };
        // Most directories contain no others, and come once.
        for (above, _) in way.iter().skip(1) {
            self.known.insert(*above, slot);
        }
        Ok(slot)
    }

    /// Where a directory was when it was removed.
    fn removed(&self, id: i64) -> Result<Option<Vec<u8>>, Error> {
        for generation in &self.generations {
            let values = params![self.at.source.id, generation, id];
            let found = self.txn.first(query::REMOVED, values, path_of)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn is_there(&self, name: &[u8]) -> Result<bool, Error> {
        let Some(own) = self.own else {
            return Ok(false);
        };
        let values = params![own, Text(name)];
        let found = self.txn.first(query::CHILD_DIR, values, |_| Ok(()))?;
        Ok(found.is_some())
    }
}

fn path_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Vec<u8>> {
    Ok(row.get::<_, Bytes>(0)?.0)
}

fn saturated(bytes: i128) -> i64 {
    bytes.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}
