//! The largest folders and files beneath a folder, searched from the top: totals say where to look,
//! and folders too small to matter are never read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rusqlite::params;

use super::freshness::answer;
use super::locate::{Located, folder as find, join};
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use super::top_k::TopK;
use crate::answer::Answer;
use crate::error::Error;
use crate::text::Bytes;

/// Maximum cost of a search, in files; some 100 ms. Where everything has one size, totals do not
/// narrow the search.
const MAX_COST: i64 = 2_000_000;
/// The cost of reading a folder, in files.
const FOLDER_COST: i64 = 10;
/// Maximum size of a page.
const MAX_LIMIT: usize = 10_000;

/// The largest, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Largest {
    /// Folders by the bytes beneath them, those within others too.
    pub folders: Vec<Sized>,
    /// Regular files by size.
    pub files: Vec<Sized>,
    /// The search came to its end. Otherwise there may be larger files, or more folders of the size
    /// of the last.
    pub complete: bool,
}

/// A folder or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sized {
    /// Relative to the source's root.
    pub path: Vec<u8>,
    /// Of all regular files beneath, or st_size.
    pub bytes: i64,
    /// All beneath that is not a directory; 1 for a file.
    pub file_count: i64,
}

/// A folder to search: the most bytes first; of equals, the one found first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    bytes: i64,
    met: Reverse<u64>,
    id: i64,
    parent: usize,
    name: Vec<u8>,
    file_count: i64,
    own_bytes: i64,
    own_files: i64,
}

struct Search<'a> {
    txn: &'a ReadTxn<'a>,
    limit: usize,
    queue: BinaryHeap<Candidate>,
    met: u64,
    cost: i64,
    /// Paths of the folders that were searched.
    entered: Vec<Vec<u8>>,
    folders: Vec<Sized>,
    files: TopK<(Reverse<i64>, Vec<u8>), ()>,
}

impl Pool {
    /// The largest folders and files beneath a folder: up to `limit` of each, 1 to 10,000. Sources
    /// with roots beneath it play no part.
    pub fn largest(
        &self,
        source: &str,
        folder: &[u8],
        limit: usize,
    ) -> Result<Answer<Largest>, Error> {
        self.page(|txn| {
            let at = find(txn, source, folder)?;
            let limit = limit.clamp(1, MAX_LIMIT);
            let mut search = Search {
                txn,
                limit,
                queue: BinaryHeap::new(),
                met: 0,
                cost: 0,
                entered: Vec::new(),
                folders: Vec::new(),
                files: TopK::new(limit),
            };
            let complete = search.run(&at)?;
            let files = search.files.into_sorted().into_iter();
            let files = files.map(|((Reverse(bytes), path), ())| Sized {
                path,
                bytes,
                file_count: 1,
            });
            let found = Largest {
                folders: search.folders,
                files: files.collect(),
                complete,
            };
            answer(txn, &at, found)
        })
    }
}

impl Search<'_> {
    /// Whether the search was completed.
    fn run(&mut self, at: &Located<'_>) -> Result<bool, Error> {
        self.enter(
            at.path.to_vec(),
            &Candidate {
                bytes: at.dir.bytes,
                met: Reverse(0),
                id: at.dir.id,
                parent: 0,
                name: Vec::new(),
                file_count: at.dir.file_count,
                own_bytes: at.dir.own_bytes,
                own_files: at.dir.own_files,
            },
        )?;
        while let Some(next) = self.queue.pop() {
            if !self.wants_folders() && !self.wants_files(next.bytes) {
                break;
            }
            if self.cost > MAX_COST {
                return Ok(false);
            }
            let parent = self.entered.get(next.parent);
            let path = join(parent.map_or(&[], Vec::as_slice), &next.name);
            if self.wants_folders() {
                self.folders.push(Sized {
                    path: path.clone(),
                    bytes: next.bytes,
                    file_count: next.file_count,
                });
            }
            self.enter(path, &next)?;
        }
        Ok(true)
    }

    fn wants_folders(&self) -> bool {
        self.folders.len() < self.limit
    }

    /// Whether a folder of this size can contain one of the largest files.
    fn wants_files(&self, bytes: i64) -> bool {
        self.files
            .threshold()
            .is_none_or(|(Reverse(threshold), _)| bytes > *threshold)
    }

    fn enter(&mut self, path: Vec<u8>, folder: &Candidate) -> Result<(), Error> {
        let Candidate {
            id,
            bytes,
            own_bytes,
            own_files,
            ..
        } = *folder;
        if self.wants_files(own_bytes) {
            self.read_files(id, &path, own_files)?;
        }
        let beneath = bytes.saturating_sub(own_bytes);
        // Saturated totals cannot be compared.
        if self.wants_folders() || self.wants_files(beneath) || bytes == i64::MAX {
            self.read_folders(id)?;
            self.entered.push(path);
        }
        Ok(())
    }

    fn read_files(&mut self, id: i64, folder: &[u8], own_files: i64) -> Result<(), Error> {
        let threshold = self
            .files
            .threshold()
            .map_or(i64::MIN, |(Reverse(threshold), _)| *threshold);
        self.cost = self.cost.saturating_add(own_files);
        let files = &mut self.files;
        self.txn
            .each(query::LARGE_FILES, params![id, threshold], |row| {
                let size: i64 = row.get(1)?;
                if files
                    .threshold()
                    .is_none_or(|(Reverse(threshold), _)| size > *threshold)
                {
                    let path = join(folder, &row.get::<_, Bytes>(0)?.0);
                    files.push((Reverse(size), path), ());
                }
                Ok(true)
            })
    }

    fn read_folders(&mut self, id: i64) -> Result<(), Error> {
        let (wants_folders, parent) = (self.wants_folders(), self.entered.len());
        let threshold = self
            .files
            .threshold()
            .map(|(Reverse(threshold), _)| *threshold);
        self.txn.each(query::LARGE_FOLDERS, [id], |row| {
            self.cost += FOLDER_COST;
            let (id, bytes): (i64, i64) = (row.get(0)?, row.get(3)?);
            if wants_folders || threshold.is_none_or(|threshold| bytes > threshold) {
                self.met += 1;
                self.queue.push(Candidate {
                    bytes,
                    met: Reverse(self.met),
                    id,
                    parent,
                    name: row.get::<_, Bytes>(1)?.0,
                    file_count: row.get(2)?,
                    own_bytes: row.get(4)?,
                    own_files: row.get(5)?,
                });
            }
            Ok(self.cost <= MAX_COST)
        })
    }
}
