//! What lies beneath a folder, by extension, by age or by owner: one pass over its files, in pieces that are a
//! page each, so that the log can start over in between and scans go on. What comes or goes during
//! the pass may be counted or not.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::params;

use super::exact::is_exact;
use super::freshness::answer;
use super::locate::folder as find;
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use super::rows::disk_bytes;
use crate::answer::Answer;
use crate::error::{Error, Operation, Reason};
use crate::text::{Bytes, Text};

/// Rows of a piece: some milliseconds.
const PIECE: usize = 4000;
/// Folders of a piece, besides those that it finds.
const MAX_STEPS: usize = 500;
/// Different extensions that are counted apart.
const MAX_GROUPS: usize = 100_000;
const REGULAR_FILE: i64 = 1;
const DAY: i64 = 86_400_000_000_000;

/// What files are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakdownBy {
    /// What follows the last dot of a name, with ASCII letters in lower case.
    Extension,
    /// How long ago they were modified.
    Age,
    /// The owner.
    Owner,
}

impl BreakdownBy {
    /// By its name in a request.
    pub fn from_name(name: &str) -> Option<BreakdownBy> {
        match name {
            "extension" => Some(BreakdownBy::Extension),
            "age" => Some(BreakdownBy::Age),
            "owner" => Some(BreakdownBy::Owner),
            _ => None,
        }
    }
}

/// Which files.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupKey {
    /// Names with this extension; empty for names without one, and for those whose only dot comes first.
    Extension(Vec<u8>),
    /// Modified within so many days, the fewest out of 1, 7, 30 and 365. None: longer ago.
    Age(Option<u16>),
    /// When they were modified is not known.
    NoAge,
    /// Files of the user with this number.
    User(u32),
    /// Owners are not stored, or were not when the files were last scanned.
    NoUser,
}

impl GroupKey {
    /// Its name, if it is neither an extension nor a user.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            GroupKey::Extension(_) | GroupKey::User(_) => None,
            GroupKey::Age(Some(1)) => Some("day"),
            GroupKey::Age(Some(7)) => Some("week"),
            GroupKey::Age(Some(30)) => Some("month"),
            GroupKey::Age(Some(_)) => Some("year"),
            GroupKey::Age(None) => Some("older"),
            GroupKey::NoAge | GroupKey::NoUser => Some("unknown"),
        }
    }
}

/// The files of a group: all that is not a directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupTotals {
    /// How many.
    pub files: u64,
    /// The sum over regular files, each hard link counted.
    pub bytes: u64,
    /// Allocated bytes, an inode once: with the name that comes first, a folder's files before its
    /// folders. None until sizes on disk are known.
    pub disk: Option<u64>,
    /// The newest modification, in ns since the epoch.
    pub newest: Option<i64>,
}

/// What lies beneath a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// The most bytes first.
    pub groups: Vec<(GroupKey, GroupTotals)>,
    /// All other groups together.
    pub others: Option<GroupTotals>,
    /// Whether the sizes on disk count each inode once. None until they are known.
    pub disk_exact: Option<bool>,
}

/// A directory of which something is still to be read, behind a name.
#[derive(Clone)]
enum Unread {
    Files(i64, Vec<u8>),
    Folders(i64, Vec<u8>),
}

#[derive(Default)]
struct BreakdownPass {
    steps: Vec<Unread>,
    groups: HashMap<GroupKey, GroupTotals>,
    others: Option<GroupTotals>,
    /// Device and inode of what has several names.
    seen: HashSet<(i64, i64)>,
}

/// What a piece has read: a page may be read more than once before it counts.
struct BreakdownPiece {
    files: Vec<File>,
    next: Vec<Unread>,
}

struct File {
    key: GroupKey,
    bytes: u64,
    disk: Option<i64>,
    linked: Option<(i64, i64)>,
    mtime: Option<i64>,
}

impl Pool {
    /// Groups everything beneath a folder that is not a directory. Up to `limit` groups come by
    /// themselves. Takes as long as it takes, and ends with `Reason::Ended` soon after `cancel`.
    pub fn breakdown(
        &self,
        source: &str,
        folder: &[u8],
        by: BreakdownBy,
        limit: usize,
        cancel: &AtomicBool,
    ) -> Result<Answer<Breakdown>, Error> {
        let (top, now, was_exact, of) = self.page(|txn| {
            let at = find(txn, source, folder)?;
            Ok((at.dir.id, txn.now, is_exact(txn, &at)?, at.source))
        })?;
        let now = now.saturating_mul(1_000_000);
        let mut pass = BreakdownPass {
            steps: vec![Unread::Files(top, Vec::new())],
            ..BreakdownPass::default()
        };
        while !pass.steps.is_empty() {
            if cancel.load(Ordering::Relaxed) {
                return Err(Error::new(Reason::Ended, Operation::Read, folder).with("cancelled"));
            }
            // Many folders are small.
            let from = pass.steps.len().saturating_sub(MAX_STEPS);
            let steps = pass.steps.split_off(from);
            let piece = self.page(|txn| {
                let mut piece = BreakdownPiece {
                    files: Vec::new(),
                    next: steps.clone(),
                };
                let mut cost = 0;
                while cost < PIECE
                    && let Some(step) = piece.next.pop()
                {
                    cost += 1 + piece.read(txn, step, (by, now, of.has_owners))?;
                }
                Ok(piece)
            })?;
            pass.take(piece, of.has_disk);
        }
        let found = pass.finish(limit);
        self.page(|txn| {
            let at = find(txn, source, folder)?;
            let is_exact = was_exact && is_exact(txn, &at)?;
            let found = Breakdown {
                disk_exact: of.has_disk.then_some(is_exact),
                ..found.clone()
            };
            answer(txn, &at, found)
        })
    }
}

impl BreakdownPiece {
    /// Reads a step, and says how many rows that took.
    fn read(
        &mut self,
        txn: &ReadTxn<'_>,
        step: Unread,
        (by, now, has_owners): (BreakdownBy, i64, bool),
    ) -> Result<usize, Error> {
        let (Unread::Files(id, after) | Unread::Folders(id, after)) = &step;
        let params = params![id, Text(after), PIECE as i64];
        let (mut last, mut count) = (Vec::new(), 0);
        if let Unread::Files(..) = step {
            txn.each(query::FILES_OF, params, |row| {
                count += 1;
                let name = row.get::<_, Bytes>(0)?.0;
                let mtime = row.get(3)?;
                let inode: Option<i64> = row.get(5)?;
                let device: Option<i64> = row.get(6)?;
                let is_regular = row.get::<_, i64>(1)? == REGULAR_FILE;
                let size = row.get::<_, Option<i64>>(2)?.filter(|_| is_regular);
                self.files.push(File {
                    key: match by {
                        BreakdownBy::Extension => GroupKey::Extension(extension(&name)),
                        BreakdownBy::Age => age(mtime, now),
                        BreakdownBy::Owner if has_owners => match txn.owner(row.get(7)?)? {
                            Some(owner) => GroupKey::User(owner.uid),
                            None => GroupKey::NoUser,
                        },
                        BreakdownBy::Owner => GroupKey::NoUser,
                    },
                    bytes: size.unwrap_or(0).max(0).unsigned_abs(),
                    disk: row.get(4)?,
                    linked: device.zip(inode),
                    mtime,
                });
                last = name;
                Ok(true)
            })?;
            self.next.push(match count < PIECE {
                true => Unread::Folders(*id, Vec::new()),
                false => Unread::Files(*id, last),
            });
            return Ok(count);
        }
        let mut found = Vec::new();
        txn.each(query::CHILD_DIRS, params, |row| {
            count += 1;
            found.push(Unread::Files(row.get(1)?, Vec::new()));
            last = row.get::<_, Bytes>(0)?.0;
            Ok(true)
        })?;
        if count == PIECE {
            self.next.push(Unread::Folders(*id, last));
        }
        // The first comes next.
        self.next.extend(found.into_iter().rev());
        Ok(count)
    }
}

impl BreakdownPass {
    fn take(&mut self, piece: BreakdownPiece, has_disk: bool) {
        self.steps.extend(piece.next);
        for file in piece.files {
            let is_first = file.linked.is_none_or(|inode| self.seen.insert(inode));
            let disk = file.disk.filter(|_| is_first).map_or(0, disk_bytes);
            let totals = GroupTotals {
                files: 1,
                bytes: file.bytes,
                disk: has_disk.then_some(disk),
                newest: file.mtime,
            };
            let is_full = self.groups.len() >= MAX_GROUPS;
            match is_full && !self.groups.contains_key(&file.key) {
                true => self.others.get_or_insert_default().add(&totals),
                false => self.groups.entry(file.key).or_default().add(&totals),
            }
        }
    }

    fn finish(self, limit: usize) -> Breakdown {
        let mut groups: Vec<_> = self.groups.into_iter().collect();
        groups.sort_by(|(a, x), (b, y)| (y.bytes, y.files, a).cmp(&(x.bytes, x.files, b)));
        let mut others = self.others;
        for (_, totals) in groups.drain(limit.min(groups.len())..) {
            others.get_or_insert_default().add(&totals);
        }
        Breakdown {
            groups,
            others,
            disk_exact: None,
        }
    }
}

impl GroupTotals {
    fn add(&mut self, other: &GroupTotals) {
        self.files += other.files;
        self.bytes = self.bytes.saturating_add(other.bytes);
        if let Some(disk) = other.disk {
            self.disk = Some(self.disk.unwrap_or(0).saturating_add(disk));
        }
        self.newest = self.newest.max(other.newest);
    }
}

/// Empty where there is none.
fn extension(name: &[u8]) -> Vec<u8> {
    match name.iter().rposition(|byte| *byte == b'.') {
        None | Some(0) => Vec::new(),
        Some(dot) => name.get(dot + 1..).unwrap_or_default().to_ascii_lowercase(),
    }
}

fn age(mtime: Option<i64>, now: i64) -> GroupKey {
    let Some(mtime) = mtime else {
        return GroupKey::NoAge;
    };
    let age = now.saturating_sub(mtime);
    let within = [1, 7, 30, 365].into_iter();
    GroupKey::Age(
        within
            .into_iter()
            .find(|days| age <= i64::from(*days) * DAY),
    )
}
