//! The largest folders and files beneath a folder, searched from the top: totals say where to look,
//! and folders too small to matter are never read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rusqlite::params;

use super::exact::Exactness;
use super::freshness::answer;
use super::locate::{Located, folder as find, join};
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use super::rows::disk_bytes;
use super::top_k::TopK;
use crate::answer::Answer;
use crate::error::Error;
use crate::text::Bytes;
use crate::writer::chain;

/// Maximum cost of a search, in files; some 100 ms. Where everything has one size, totals do not
/// narrow the search.
const MAX_COST: i64 = 2_000_000;
/// The cost of reading a folder, in files.
const FOLDER_COST: i64 = 10;
/// Maximum size of a page.
const MAX_LIMIT: usize = 10_000;

/// What is large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LargestBy {
    /// The most bytes.
    #[default]
    Bytes,
    /// What takes up most on disk. Nothing is found before sizes on disk are known.
    Disk,
}

impl LargestBy {
    /// By its name in a request.
    pub fn from_name(name: &str) -> Option<LargestBy> {
        match name {
            "size" => Some(LargestBy::Bytes),
            "disk" => Some(LargestBy::Disk),
            _ => None,
        }
    }
}

/// The largest, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Largest {
    /// Folders by their totals, those within others too.
    pub folders: Vec<Sized>,
    /// Regular files by size. One with several names comes with each of them.
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
    /// The sum of the regular files beneath, or st_size.
    pub bytes: i64,
    /// As [`super::Child::disk`].
    pub disk: Option<u64>,
    /// As [`super::Child::disk_exact`].
    pub disk_exact: Option<bool>,
    /// All beneath that is not a directory; 1 for a file.
    pub file_count: i64,
}

/// A folder to search: the largest first; of equals, the one found first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// By which it is sought.
    value: i64,
    met: Reverse<u64>,
    id: i64,
    parent: usize,
    name: Vec<u8>,
    file_count: i64,
    bytes: i64,
    disk: i64,
    own_files: i64,
    /// What one of its own files may have at most.
    own: i64,
    /// What a file in one of its folders may have at most.
    beneath: i64,
}

struct Search<'a> {
    txn: &'a ReadTxn<'a>,
    by: LargestBy,
    has_disk: bool,
    limit: usize,
    queue: BinaryHeap<Candidate>,
    met: u64,
    cost: i64,
    /// Paths of the folders that were searched, and the chains that lead to them.
    entered: Vec<(Vec<u8>, Vec<u8>)>,
    exactness: Exactness<'a>,
    folders: Vec<Sized>,
    files: TopK<(Reverse<i64>, Vec<u8>), Sized>,
}

impl Pool {
    /// The largest folders and files beneath a folder: up to `limit` of each, 1 to 10,000. Sources
    /// with roots beneath it play no part.
    pub fn largest(
        &self,
        source: &str,
        folder: &[u8],
        limit: usize,
        by: LargestBy,
    ) -> Result<Answer<Largest>, Error> {
        self.page(|txn| {
            let at = find(txn, source, folder)?;
            let limit = limit.clamp(1, MAX_LIMIT);
            let mut search = Search {
                txn,
                by,
                has_disk: at.source.has_disk,
                limit,
                queue: BinaryHeap::new(),
                met: 0,
                cost: 0,
                entered: Vec::new(),
                exactness: Exactness::beneath(txn, &at)?,
                folders: Vec::new(),
                files: TopK::new(limit),
            };
            let complete = search.run(&at)?;
            let files = search.files.into_sorted().into_iter();
            let found = Largest {
                folders: search.folders,
                files: files.map(|(_, file)| file).collect(),
                complete,
            };
            answer(txn, &at, found)
        })
    }
}

impl Search<'_> {
    /// Whether the search was completed.
    fn run(&mut self, at: &Located<'_>) -> Result<bool, Error> {
        if self.by == LargestBy::Disk && !self.has_disk {
            return Ok(false);
        }
        let (value, own, beneath) = match self.by {
            LargestBy::Bytes => {
                let (bytes, own) = (at.dir.bytes, at.dir.own_bytes);
                (bytes, own, bytes.saturating_sub(own))
            }
            LargestBy::Disk => (at.dir.disk, at.dir.disk, at.dir.disk),
        };
        self.enter(
            (at.path.to_vec(), at.chain.clone()),
            &Candidate {
                value,
                met: Reverse(0),
                id: at.dir.id,
                parent: 0,
                name: Vec::new(),
                file_count: at.dir.file_count,
                bytes: at.dir.bytes,
                disk: at.dir.disk,
                own_files: at.dir.own_files,
                own,
                beneath,
            },
        )?;
        while let Some(next) = self.queue.pop() {
            if !self.wants_folders() && !self.wants_files(next.value) {
                break;
            }
            if self.cost > MAX_COST {
                return Ok(false);
            }
            let (above, mut chain) = match self.entered.get(next.parent) {
                Some((path, chain)) => (path.as_slice(), chain.clone()),
                None => (&[][..], Vec::new()),
            };
            let path = join(above, &next.name);
            chain::push(&mut chain, next.id);
            if self.wants_folders() {
                self.folders.push(Sized {
                    path: path.clone(),
                    bytes: next.bytes,
                    disk: self.has_disk.then(|| disk_bytes(next.disk)),
                    disk_exact: match self.has_disk {
                        true => Some(self.exactness.of(&chain)?),
                        false => None,
                    },
                    file_count: next.file_count,
                });
            }
            self.enter((path, chain), &next)?;
        }
        Ok(true)
    }

    fn wants_folders(&self) -> bool {
        self.folders.len() < self.limit
    }

    /// Whether a folder of this size can contain one of the largest files.
    fn wants_files(&self, value: i64) -> bool {
        self.files
            .threshold()
            .is_none_or(|(Reverse(threshold), _)| value > *threshold)
    }

    fn enter(
        &mut self,
        (path, chain): (Vec<u8>, Vec<u8>),
        folder: &Candidate,
    ) -> Result<(), Error> {
        let Candidate {
            id,
            value,
            own,
            beneath,
            own_files,
            ..
        } = *folder;
        if self.wants_files(own) {
            self.read_files(id, &path, own_files)?;
        }
        // Saturated totals cannot be compared.
        if self.wants_folders() || self.wants_files(beneath) || value == i64::MAX {
            self.read_folders(id)?;
            self.entered.push((path, chain));
        }
        Ok(())
    }

    fn read_files(&mut self, id: i64, folder: &[u8], own_files: i64) -> Result<(), Error> {
        let threshold = self
            .files
            .threshold()
            .map_or(i64::MIN, |(Reverse(threshold), _)| *threshold);
        self.cost = self.cost.saturating_add(own_files);
        let (query, column) = match self.by {
            LargestBy::Bytes => (query::LARGE_FILES, 1),
            LargestBy::Disk => (query::FILES_LARGE_ON_DISK, 2),
        };
        let (files, has_disk) = (&mut self.files, self.has_disk);
        self.txn.each(query, params![id, threshold], |row| {
            let value: i64 = row.get(column)?;
            if files
                .threshold()
                .is_none_or(|(Reverse(threshold), _)| value > *threshold)
            {
                let path = join(folder, &row.get::<_, Bytes>(0)?.0);
                let disk: Option<i64> = row.get(2)?;
                let file = Sized {
                    path: path.clone(),
                    bytes: row.get::<_, Option<i64>>(1)?.unwrap_or(0),
                    disk: disk.filter(|_| has_disk).map(disk_bytes),
                    disk_exact: None,
                    file_count: 1,
                };
                files.push((Reverse(value), path), file);
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
        let (query, column) = match self.by {
            LargestBy::Bytes => (query::LARGE_FOLDERS, 3),
            LargestBy::Disk => (query::FOLDERS_LARGE_ON_DISK, 4),
        };
        self.txn.each(query, [id], |row| {
            self.cost += FOLDER_COST;
            let (id, value): (i64, i64) = (row.get(0)?, row.get(column)?);
            if wants_folders || threshold.is_none_or(|threshold| value > threshold) {
                self.met += 1;
                self.queue.push(Candidate {
                    value,
                    met: Reverse(self.met),
                    id,
                    parent,
                    name: row.get::<_, Bytes>(1)?.0,
                    file_count: row.get(2)?,
                    bytes: row.get(3)?,
                    disk: row.get(4)?,
                    own_files: row.get(5)?,
                    own: row.get(6)?,
                    beneath: row.get(7)?,
                });
            }
            Ok(self.cost <= MAX_COST)
        })
    }
}
