//! The freshness of an answer over all sources. With few sources it is read for each query. With
//! many it is cached for each source and read again only for those that changed, so that a
//! keystroke costs the same however many there are.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::merge::merge;
use crate::answer::{Answer, STALE_AFTER};
use crate::error::Error;
use crate::reader::Pool;
use crate::search::Access;
use crate::search::load::{LAST, failed, version};
use crate::values::scan_status;

/// Maximum number of sources that are read for each query.
const FEW: i64 = 64;
/// Looking for changes may take one part in this many of the time.
const PART: u32 = 20;
/// Maximum number of sources that are read in one transaction.
const PIECE: usize = 500;

/// Whatever a scan, or forgetting, changes of a source's row.
type RowKey = [Option<i64>; 5];

/// What is known of all sources.
#[derive(Default)]
pub struct KnownFreshness {
    known: HashMap<i64, (RowKey, Answer<()>)>,
    whole: Option<Whole>,
}

/// All of them together.
struct Whole {
    answer: Answer<()>,
    at: Instant,
    took: Duration,
    /// SQLite's `data_version` of this connection.
    version: i64,
    /// A running scan may crash without a commit.
    is_running: bool,
}

impl KnownFreshness {
    /// The freshness of an answer over all sources, without a value.
    pub fn read(&mut self, pool: &Pool, access: Access<'_>) -> Result<Answer<()>, Error> {
        if is_few(access).map_err(|error| failed(access, &error))? {
            *self = KnownFreshness::default();
            let sources = pool.sources()?;
            return Ok(merge(sources));
        }
        let version = version(access).map_err(|error| failed(access, &error))?;
        let is_known = self.whole.as_ref().is_some_and(|whole| {
            let is_same = whole.version == version && !whole.is_running;
            is_same || whole.at.elapsed() < whole.took * PART
        });
        if !is_known {
            self.look(pool, access, version)?;
        }
        let whole = self.whole.as_ref();
        Ok(whole.map_or_else(
            || merge(Vec::<Answer<()>>::new()),
            |whole| aged(&whole.answer, whole.at.elapsed()),
        ))
    }

    /// Reads what has changed. Returns for how many sources.
    fn look(&mut self, pool: &Pool, access: Access<'_>, version: i64) -> Result<usize, Error> {
        let start = Instant::now();
        let (keys, running) = keys(access).map_err(|error| failed(access, &error))?;
        if let Some(whole) = &self.whole {
            let since = start - whole.at;
            self.known
                .values_mut()
                .for_each(|(_, known)| *known = aged(known, since));
        }
        self.known.retain(|id, _| keys.contains_key(id));
        let is_new = |(id, key): &(&i64, &RowKey)| {
            running.contains(*id) || self.known.get(*id).is_none_or(|(known, _)| known != *key)
        };
        let new: Vec<i64> = keys.iter().filter(is_new).map(|(id, _)| *id).collect();
        for ids in new.chunks(PIECE) {
            for (id, mut answer) in pool.roots(ids)? {
                // Paths in several roots would be ambiguous.
                answer.unreadable.first = Vec::new();
                if let Some(key) = keys.get(&id) {
                    self.known.insert(id, (*key, answer));
                }
            }
        }
        let all: Vec<_> = self
            .known
            .values()
            .map(|(_, answer)| answer.clone())
            .collect();
        self.whole = Some(Whole {
            answer: merge(all),
            at: start,
            took: start.elapsed(),
            version,
            is_running: !running.is_empty(),
        });
        Ok(new.len())
    }
}

/// The same answer, some time later.
fn aged(answer: &Answer<()>, later: Duration) -> Answer<()> {
    let age = answer.age.map(|age| age + later);
    Answer {
        age,
        stale: answer.stale || age.is_none_or(|age| age > STALE_AFTER),
        ..answer.clone()
    }
}

fn is_few(access: Access<'_>) -> rusqlite::Result<bool> {
    let _page = access.gate.enter();
    let sql = "SELECT count(*) FROM (SELECT 1 FROM sources LIMIT ?1)";
    let count: i64 = access
        .connection
        .prepare_cached(sql)?
        .query_row([FEW + 1], |row| row.get(0))?;
    Ok(count <= FEW)
}

/// The keys of all sources, and those that are being scanned.
fn keys(access: Access<'_>) -> rusqlite::Result<(HashMap<i64, RowKey>, HashSet<i64>)> {
    let _page = access.gate.enter();
    let connection = access.connection;
    let sql = "SELECT id, root_dir, generation, last_scan_at, last_scan_status, history_from FROM sources";
    let mut statement = connection.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        let key = [
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
        ];
        Ok((row.get(0)?, key))
    };
    let keys = statement.query_map((), read)?.collect::<Result<_, _>>()?;
    let sql = "SELECT source_id FROM (SELECT source_id, status FROM scans ORDER BY id DESC LIMIT ?1) WHERE status = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let running = statement.query_map([LAST, scan_status::RUNNING], |row| row.get(0))?;
    Ok((keys, running.collect::<Result<_, _>>()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::gate::Gate;
    use crate::location::Location;
    use crate::lock::WriterLock;
    use crate::open::{open_reader, open_writer};
    use crate::reader::PoolOptions;

    /// The same as asking each source, and read again only for those that changed.
    #[test]
    fn many_sources_are_read_once() {
        let directory = tempfile::tempdir().unwrap();
        let location = Location::resolve(&directory.path().join("index.db")).unwrap();
        let lock = WriterLock::take(&location.sidecar, Duration::ZERO).unwrap();
        let writer = open_writer(&location, &lock, Duration::ZERO).unwrap();
        let sql = "INSERT INTO sources (uuid, root, root_dir, rules, created_at, generation, last_scan_status, last_scan_at)
                   WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
                   SELECT 's' || i, '/srv/' || i, i, '', 0, 1, 1, i FROM n;
                   INSERT INTO dirs (id, source_id, parent_id, name, mtime, status, own_files, own_bytes, file_count, bytes, unknown_below, listed_gen, changed_gen)
                   SELECT root_dir, id, NULL, '', NULL, 1, 0, 0, 0, 0, 0, 1, 1 FROM sources;
                   INSERT INTO scans (source_id, gen, folder, whole, rules, status, started_at, ended_at)
                   SELECT id, 1, '', 1, '', 1, 1, 1000 + id FROM sources";
        writer.execute_batch(sql).unwrap();
        let gate = Arc::new(Gate::default());
        let pool = Pool::new(location.clone(), Arc::clone(&gate), PoolOptions::default());
        let reader = open_reader(&location, Duration::ZERO).unwrap();
        let access = Access::new(&reader, &gate);
        let mut freshness = KnownFreshness::default();
        let mut look = |sql: &str| {
            writer.execute_batch(sql).unwrap();
            let version = version(access).unwrap();
            let count = freshness.look(&pool, access, version).unwrap();
            let whole = freshness.whole.as_ref().unwrap().answer.clone();
            let each = merge(pool.sources().unwrap());
            // The ages were not taken at the same time.
            assert_eq!(
                Answer {
                    age: whole.age,
                    ..each
                },
                whole,
                "{sql}"
            );
            (count, whole.scanned_at)
        };
        assert_eq!(look(""), (3_000, Some(1_001)));
        assert_eq!(look(""), (0, Some(1_001)));
        assert_eq!(
            look("INSERT INTO notes VALUES (1, 'x', 'k', 'v')"),
            (0, Some(1_001))
        );
        let end =
            "INSERT INTO scans (source_id, gen, folder, whole, rules, status, started_at, ended_at)
                   VALUES (1, 2, '', 1, '', 1, 1, 9000);
                   UPDATE sources SET generation = 2, last_scan_at = 9000 WHERE id = 1";
        assert_eq!(look(end), (1, Some(1_002)));
        let gone = "UPDATE dirs SET unknown_below = 1 WHERE id = 7; UPDATE sources SET last_scan_at = 1 WHERE id = 7;
                    DELETE FROM sources WHERE id = 2";
        assert_eq!(look(gone), (1, Some(1_003)));
        // No writer has it: it has crashed, which is checked each time.
        let begun = "INSERT INTO scans (source_id, gen, folder, whole, rules, status, started_at)
                     VALUES (9, 2, '', 1, '', 0, 1); UPDATE sources SET last_scan_status = 0, generation = 2 WHERE id = 9";
        assert_eq!((look(begun).0, look("").0), (1, 1));
        let never = "INSERT INTO sources (uuid, root, root_dir, rules, created_at) VALUES ('new', '/new', 9999, '', 0);
                     INSERT INTO dirs (id, source_id, parent_id, name, mtime, status, own_files, own_bytes, file_count, bytes, unknown_below, listed_gen, changed_gen)
                     VALUES (9999, 3001, NULL, '', NULL, 0, 0, 0, 0, 0, 1, 0, 0)";
        assert_eq!(look(never).1, None);
    }
}
