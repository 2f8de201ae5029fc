//! How fresh and complete an answer about a folder is, judged by the scans that cover it, by its
//! own listing, and by what is unknown beneath.

use std::time::Duration;

use rusqlite::params;

use super::locate::{Located, join};
use super::overlapping::newer;
use super::query;
use super::read_txn::ReadTxn;
use super::rows::Dir;
use crate::answer::{Answer, STALE_AFTER, Unreadable};
use crate::error::Error;
use crate::text::{Bytes, Text};
use crate::values::{listing, scan_status};

/// Rows looked at in search of what could not be read.
const LOOK_AT: u32 = 1000;
/// How many ms a clock may be set back before it counts.
const SLACK: i64 = 1000;
/// Paths given.
const FIRST: usize = 100;

/// Scans, as far as they say something about one folder.
pub(super) struct Looks {
    /// The latest that has listed it, and when that ended.
    pub latest: i64,
    pub scanned_at: Option<i64>,
    /// The latest of those that went through all beneath it as well, and when that began.
    whole: i64,
    pub whole_since: Option<i64>,
    scanning: bool,
}

/// An answer about a folder.
pub(super) fn answer<T>(txn: &ReadTxn<'_>, at: &Located<'_>, value: T) -> Result<Answer<T>, Error> {
    let looks = looks(txn, at)?;
    // If the clock was set back, the age is unknown.
    let since = looks.scanned_at.map(|then| txn.now.saturating_sub(then));
    let since = since.filter(|since| *since >= -SLACK);
    let age = since.map(|since| Duration::from_millis(since.max(0).unsigned_abs()));
    let remembered = txn.generations.get(&at.source.uuid);
    Ok(Answer {
        value,
        scanned_at: looks.scanned_at,
        age,
        stale: looks.scanning || age.is_none_or(|age| age > STALE_AFTER),
        scanning: looks.scanning,
        exhaustive: at.dir.unknown_below == 0,
        unreadable: unreadable(txn, at)?,
        imported: false,
        newer: newer(txn, at, looks.latest)?,
        rolled_back: remembered.is_some_and(|generation| *generation > at.source.generation),
    })
}

/// The same about a path beneath a folder that was never listed, which no scan has seen.
pub(super) fn unseen<T>(txn: &ReadTxn<'_>, at: &Located<'_>, value: T) -> Result<Answer<T>, Error> {
    let answer = answer(txn, at, value)?;
    Ok(Answer {
        scanned_at: None,
        age: None,
        stale: true,
        exhaustive: false,
        ..answer
    })
}

pub(super) fn looks(txn: &ReadTxn<'_>, at: &Located<'_>) -> Result<Looks, Error> {
    let mut looks = Looks {
        latest: 0,
        scanned_at: None,
        whole: 0,
        whole_since: None,
        scanning: false,
    };
    for (start, folder) in ancestors(at.path) {
        let values = params![at.source.id, Text(folder)];
        txn.each(query::SCANS_OF, values, |row| {
            let depth: Option<i64> = row.get(1)?;
            if depth.is_some_and(|depth| at.level - start >= depth) {
                return Ok(true);
            }
            let (id, status): (i64, i64) = (row.get(0)?, row.get(2)?);
            if status == scan_status::RUNNING {
                looks.scanning |= txn.liveness.runs(id);
                return Ok(true);
            }
            let is_whole = depth.is_none() && id > looks.whole;
            if (id > looks.latest || is_whole)
                && !has_missed(at, start, id)
                && has_listed(at, start, status, row.get(4)?)
            {
                // Times are for people: clocks are put back.
                if id > looks.latest {
                    (looks.latest, looks.scanned_at) = (id, row.get(3)?);
                }
                if is_whole {
                    (looks.whole, looks.whole_since) = (id, Some(row.get(5)?));
                }
            }
            Ok(true)
        })?;
    }
    Ok(looks)
}

/// A folder and all above it, the root first, with their levels.
fn ancestors(path: &[u8]) -> impl Iterator<Item = (i64, &[u8])> {
    let slashes = path.iter().zip(0..).filter(|(byte, _)| **byte == b'/');
    let ends = slashes
        .map(|(_, at)| at)
        .chain((!path.is_empty()).then_some(path.len()));
    let folders = ends.map(|end| path.get(..end).unwrap_or_default());
    (0..).zip(std::iter::once(&b""[..]).chain(folders))
}

/// Whether a scan has not entered the folder, or something on the way to it from that level down.
/// Where a folder is not to be entered, that is all there is to see of it.
fn has_missed(at: &Located<'_>, start: i64, scan: i64) -> bool {
    let last = if listing::is_left_out(at.dir.status) {
        at.level - 1
    } else {
        at.level
    };
    let mut missed = at.missed.iter();
    missed.any(|(level, scans)| (start..=last).contains(level) && scans.contains(&scan))
}

/// Whether a scan that covers the folder, from that level down, and ended so, has listed it.
fn has_listed(at: &Located<'_>, start: i64, status: i64, generation: i64) -> bool {
    let mut unproven = at.unproven.iter();
    if unproven.any(|(level, entered)| *level >= start && generation > *entered) {
        return false;
    }
    let is_blocked = at.blocked.is_some_and(|level| level >= start);
    match status {
        scan_status::COMPLETE | scan_status::PARTIAL if !is_blocked && is_closed(&at.dir) => true,
        // Something kept the latest scan from it. An earlier one, in which nothing did, may have
        // listed it.
        scan_status::COMPLETE => match at.dir.status {
            listing::UNREAD => false,
            status if listing::is_failed(status) => generation < at.dir.listed_gen,
            _ => generation <= at.dir.listed_gen,
        },
        _ => false,
    }
}

/// Whether the last listing of a directory says what is in it, or that there is nothing to list.
fn is_closed(dir: &Dir) -> bool {
    listing::is_changing(dir.status) || !listing::is_unknown(dir.status)
}

/// Whether a directory could not be listed, or not to its end.
pub(super) fn is_unreadable(status: i64) -> bool {
    status != listing::UNREAD && !listing::is_changing(status) && listing::is_unknown(status)
}

/// A directory to look into.
struct Unknown {
    id: i64,
    path: Vec<u8>,
}

fn unreadable(txn: &ReadTxn<'_>, at: &Located<'_>) -> Result<Unreadable, Error> {
    let mut found = Unreadable::default();
    let mut next = Vec::new();
    let meet = |found: &mut Unreadable, id, path: Vec<u8>, status: i64, below: i64| {
        let is_unreadable = is_unreadable(status);
        let beneath = below - i64::from(listing::is_unknown(status));
        if is_unreadable {
            found.count += 1;
            if found.first.len() < FIRST {
                found.first.push(path.clone());
            }
        }
        (beneath > 0).then_some(Unknown { id, path })
    };
    let own = &at.dir;
    next.extend(meet(
        &mut found,
        own.id,
        at.path.to_vec(),
        own.status,
        own.unknown_below,
    ));
    let mut left = LOOK_AT;
    while let Some(dir) = next.pop() {
        let mut beneath = Vec::new();
        txn.each(query::UNKNOWN, [dir.id], |row| {
            if left == 0 {
                found.at_least = true;
                return Ok(false);
            }
            left -= 1;
            let below: i64 = row.get(3)?;
            if below > 0 {
                let path = join(&dir.path, &row.get::<_, Bytes>(1)?.0);
                beneath.extend(meet(&mut found, row.get(0)?, path, row.get(2)?, below));
            }
            Ok(true)
        })?;
        if found.at_least {
            break;
        }
        next.extend(beneath.into_iter().rev());
    }
    found.first.sort();
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::location::Location;
    use crate::lock::WriterLock;
    use crate::open::{open_reader, open_writer};
    use crate::reader::locate::locate;
    use crate::reader::read_txn::WriterLiveness;
    use crate::record::Generations;

    #[test]
    fn a_path_has_its_ancestors_with_their_levels() {
        let cases: [(&[u8], &[&[u8]]); 3] = [
            (b"", &[b""]),
            (b"a", &[b"", b"a"]),
            (b"a/bc/d", &[b"", b"a", b"a/bc", b"a/bc/d"]),
        ];
        for (path, expected) in cases {
            let found: Vec<_> = ancestors(path).collect();
            let expected: Vec<_> = (0..).zip(expected.iter().copied()).collect();
            assert_eq!(found, expected);
        }
    }

    /// Steps of SQLite's virtual machine for the answer about a folder, where so many others were
    /// opened since the last whole scan.
    fn steps(opened: usize) -> u64 {
        let directory = tempfile::tempdir().unwrap();
        let location = Location::resolve(&directory.path().join("index.db")).unwrap();
        let lock = WriterLock::take(&location.sidecar, Duration::ZERO).unwrap();
        let writer = open_writer(&location, &lock, Duration::ZERO).unwrap();
        let sql = format!(
            "INSERT INTO sources (uuid, root, root_dir, rules, generation, last_scan_status, created_at)
             VALUES ('s', '/r', 1, '', 1, 1, 0);
             INSERT INTO dirs (id, source_id, parent_id, name, mtime, status, own_files, own_bytes, file_count, bytes, unknown_below, listed_gen, changed_gen)
             VALUES (1, 1, NULL, '', 0, 1, 0, 0, 0, 0, 0, 1, 1), (2, 1, 1, 'a', 0, 1, 0, 0, 0, 0, 0, 1, 1);
             INSERT INTO scans (source_id, gen, folder, depth, whole, rules, status, started_at, ended_at)
             VALUES (1, 1, '', NULL, 1, '', 1, 0, 7), (1, 1, 'a', 1, 0, '', 1, 0, 8);
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {opened})
             INSERT INTO scans (source_id, gen, folder, depth, whole, rules, status, started_at, ended_at)
             SELECT 1, 1, 'b' || n, 1, 0, '', 1, 0, 9 FROM n;"
        );
        writer.execute_batch(&sql).unwrap();
        let mut reader = open_reader(&location, Duration::ZERO).unwrap();
        let count = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&count);
        let step = move || {
            counter.fetch_add(1, Ordering::Relaxed);
            false
        };
        reader.progress_handler(1, Some(step)).unwrap();
        let (generations, limit) = (Generations::new(), Duration::from_secs(60));
        let liveness = WriterLiveness::new(&location.sidecar, BTreeSet::new());
        let txn = ReadTxn::new(&reader, b"", &generations, &liveness, limit);
        let read = |txn: &ReadTxn<'_>| answer(txn, &locate(txn, "s", b"a")?, ());
        let found = txn.transaction(&mut { read }).unwrap();
        assert_eq!(found.scanned_at, Some(8));
        count.load(Ordering::Relaxed)
    }

    #[test]
    fn an_answer_reads_no_scans_of_other_folders() {
        assert_eq!(steps(10), steps(10_000));
    }
}
