//! The search over an index: names read from its tables, hits asked back from them. The rows are
//! written here by SQL, and what is to be found is asked from the sqlite3 shell.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aether_index::search::{Access, Hits, Loaded, Mode, NameCache, Query, find, load};
use aether_index::text::Text;
use aether_index::{Connection, Gate, open_reader};
use rusqlite::params;

use crate::NEVER;
use crate::support::raw::Raw;

pub struct Index {
    pub raw: Raw,
    pub reader: Connection,
    gate: Gate,
}

impl Index {
    pub fn new() -> Index {
        let raw = Raw::new();
        let reader = open_reader(&raw.location, Duration::ZERO).unwrap();
        let gate = Gate::default();
        Index { raw, reader, gate }
    }

    pub fn execute(&self, sql: &str, values: impl rusqlite::Params) {
        self.raw.writer.execute(sql, values).unwrap();
    }

    pub fn source(&self, id: i64, root: &str, root_dir: i64) {
        let sql = "INSERT INTO sources (id, uuid, root, root_dir, rules, created_at) VALUES (?1, ?2, ?3, ?4, '', 0)";
        self.execute(sql, params![id, format!("uuid {id}"), root, root_dir]);
        self.dir(root_dir, id, None, b"");
    }

    pub fn dir(&self, id: i64, source: i64, parent: Option<i64>, name: &[u8]) {
        let sql = "INSERT INTO dirs (id, source_id, parent_id, name, status, own_files, own_bytes, file_count, bytes,
                   unknown_below, listed_gen, changed_gen) VALUES (?1, ?2, ?3, ?4, 1, 0, 0, 3, 30, 0, 1, 1)";
        self.execute(sql, params![id, source, parent, Text(name)]);
    }

    pub fn file(&self, dir: i64, name: &[u8], kind: i64, size: Option<i64>) {
        let sql = "INSERT INTO files (dir_id, name, kind, size, mtime) VALUES (?1, ?2, ?3, ?4, 1600000000123456789)";
        self.execute(sql, params![dir, Text(name), kind, size]);
    }

    pub fn access(&self) -> Access<'_> {
        Access::new(&self.reader, &self.gate)
    }

    pub fn load(&self) -> Loaded {
        load(self.access(), usize::MAX, &NEVER).unwrap().unwrap()
    }

    /// The lines that the shell answers with.
    pub fn shell(&self, sql: &str) -> BTreeSet<Vec<u8>> {
        self.raw
            .shell_bytes(sql)
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(<[u8]>::to_vec)
            .collect()
    }

    pub fn find(&self, loaded: &Loaded, text: &[u8]) -> Hits {
        let mut query = Query::new(text);
        (query.mode, query.limit) = (Mode::Substring, 1_000_000);
        find(self.access(), loaded, &query, None, &NEVER).unwrap()
    }
}

pub fn paths(answer: &Hits) -> BTreeSet<Vec<u8>> {
    let path = |path: &[u8], name: &[u8]| match path {
        b"" => name.to_vec(),
        _ => [path, b"/", name].concat(),
    };
    answer
        .hits
        .iter()
        .map(|hit| path(&hit.path, &hit.name))
        .collect()
}

/// More rows than are read at once, folders before and after those they are in, files of every
/// kind, and what is in the graveyard, which is never to be found.
#[test]
fn what_the_shell_finds_is_found() {
    let index = Index::new();
    index.raw.writer.execute_batch("BEGIN").unwrap();
    index.source(1, "/one", 1);
    index.source(2, "/two", 20_000);
    for id in 2..9_000 {
        let parent = if id == 77 { 8_500 } else { (id / 7).max(1) };
        index.dir(
            id,
            1,
            Some(if id == 8_500 { 1 } else { parent }),
            format!("Dir{id}\u{e9}").as_bytes(),
        );
    }
    for n in 0..23_000_i64 {
        index.file(
            1 + n % 9_500,
            format!("file {n}.txt").as_bytes(),
            [1, 3, 4, 0][n as usize % 4],
            Some(n),
        );
    }
    index.file(20_000, b"file of two \xff", 1, None);
    // A subtree that was removed, and waits to be purged.
    for sql in [
        "UPDATE dirs SET parent_id = NULL WHERE id = 40",
        "INSERT INTO graveyard (dir_id, source_id, path) VALUES (40, 1, 'x')",
        "COMMIT",
    ] {
        index.raw.writer.execute_batch(sql).unwrap();
    }
    let live = "WITH RECURSIVE live(id, path) AS (
                  SELECT root_dir, '' FROM sources UNION ALL
                  SELECT d.id, live.path || d.name || '/' FROM live JOIN dirs d ON d.parent_id = live.id)";
    let loaded = index.load();
    assert!(!loaded.names.truncated());
    let files = index.shell(&format!(
        "{live} SELECT path || name FROM live JOIN files ON dir_id = id WHERE name LIKE '%file%'"
    ));
    let answer = index.find(&loaded, b"file");
    assert!(
        files.len() > 15_000 && files.len() < 23_000,
        "{}",
        files.len()
    );
    assert_eq!(paths(&answer), files);
    assert_eq!(answer.matched, files.len() as u64);
    let folders = index.shell(&format!(
        "{live} SELECT rtrim(path, '/') FROM live WHERE path LIKE '%Dir__é/'"
    ));
    let answer = index.find(&loaded, b"Dir");
    assert!(folders.is_subset(&paths(&answer)) && folders.len() > 50);
    assert_eq!(
        answer.hits.len() + 1,
        index
            .shell(&format!("{live} SELECT id FROM live WHERE id < 20000"))
            .len()
    );
    let hit = answer
        .hits
        .iter()
        .find(|hit| hit.name == "Dir77é".as_bytes())
        .unwrap();
    assert_eq!(
        (hit.kind, hit.size, hit.file_count, hit.folder),
        (2, Some(30), Some(3), 8_500)
    );
    assert_eq!(hit.path, "Dir8500é".as_bytes());
    let answer = index.find(&loaded, b"file 9.txt");
    let hit = &answer.hits[0];
    assert_eq!(
        (hit.kind, hit.size, hit.mtime),
        (3, Some(9), Some(1_600_000_000_123_456_789))
    );
    assert_eq!(hit.uuid, "uuid 1");
    let answer = index.find(&loaded, b"file of two");
    let hit = &answer.hits[0];
    assert_eq!((hit.uuid.as_str(), hit.size), ("uuid 2", None));
}

#[test]
fn what_was_removed_since_is_not_shown() {
    let index = Index::new();
    index.source(1, "/one", 1);
    index.dir(2, 1, Some(1), b"x-folder");
    index.dir(3, 1, Some(2), b"x-deep");
    index.dir(4, 1, Some(1), b"x-removed");
    index.file(1, b"x-kept", 1, Some(1));
    index.file(1, b"x-gone", 1, Some(1));
    index.file(3, b"x-beneath", 1, Some(1));
    let loaded = index.load();
    let names = |answer: &Hits| {
        answer
            .hits
            .iter()
            .map(|hit| hit.name.clone())
            .collect::<BTreeSet<_>>()
    };
    let answer = index.find(&loaded, b"x");
    assert_eq!((answer.hits.len(), answer.outdated), (6, false));
    index.raw.writer
        .execute_batch(
            "DELETE FROM files WHERE name = 'x-gone'; UPDATE dirs SET parent_id = NULL WHERE id = 2;
             INSERT INTO graveyard (dir_id, source_id, path) VALUES (2, 1, 'x-folder'); DELETE FROM dirs WHERE id = 4;
             UPDATE files SET size = 9 WHERE name = 'x-kept';
             INSERT INTO scans (source_id, gen, folder, whole, rules, status, started_at) VALUES (1, 1, '', 1, '', 1, 0)",
        )
        .unwrap();
    let answer = index.find(&loaded, b"x");
    assert_eq!(names(&answer), BTreeSet::from([b"x-kept".to_vec()]));
    assert_eq!((answer.hits[0].size, answer.outdated), (Some(9), true));
    assert_eq!(
        names(&index.find(&index.load(), b"x")),
        BTreeSet::from([b"x-kept".to_vec()])
    );
}

/// A folder that takes its final id when it is first listed, between two pieces of one reading, may
/// come twice.
#[test]
fn a_folder_that_changed_its_id_is_shown_once() {
    let index = Index::new();
    index.source(1, "/one", 1);
    index.dir(2, 1, Some(1), b"folder");
    let loaded = index.load();
    index.execute("UPDATE dirs SET id = 9 WHERE id = 2", ());
    let answer = index.find(&loaded, b"folder");
    assert_eq!(answer.hits.len(), 1);
    assert!(answer.outdated);
}

#[test]
fn a_scan_makes_names_outdated_when_it_begins_and_when_it_ends() {
    let index = Index::new();
    index.source(1, "/one", 1);
    for sql in [
        "UPDATE sources SET generation = 1, last_scan_status = 0",
        "INSERT INTO scans (source_id, gen, folder, whole, rules, status, started_at) VALUES (1, 1, '', 1, '', 0, 0)",
        "INSERT INTO dirs (id, source_id, parent_id, name, status, own_files, own_bytes, file_count, bytes, unknown_below,
           listed_gen, changed_gen) VALUES (5, 1, 1, 'new', 1, 0, 0, 0, 0, 0, 1, 1)",
        "UPDATE sources SET last_scan_status = 1, last_scan_at = 7",
        "DELETE FROM sources",
    ] {
        let loaded = index.load();
        assert!(!loaded.is_outdated(index.access()).unwrap());
        index.execute(sql, ());
        assert!(loaded.is_outdated(index.access()).unwrap(), "{sql}");
    }
}

/// A commit while a scan runs may be of names that were not there when they were read.
#[test]
fn what_a_running_scan_writes_makes_names_outdated() {
    let index = Index::new();
    index.source(1, "/one", 1);
    index.execute("UPDATE sources SET last_scan_status = 0", ());
    let scan = "INSERT INTO scans (source_id, gen, folder, whole, rules, status, started_at) VALUES (1, 1, '', 1, '', 0, 0)";
    index.execute(scan, ());
    index.file(1, b"old", 1, Some(1));
    let loaded = index.load();
    assert!(!index.find(&loaded, b"old").outdated);
    // Renamed: no sum tells.
    index.execute("DELETE FROM files", ());
    index.file(1, b"new", 1, Some(1));
    assert!(index.find(&loaded, b"old").outdated);
    // A note of an app, when no scan runs, is no new name.
    index.execute("UPDATE scans SET status = 1", ());
    let loaded = index.load();
    index.execute("INSERT INTO notes VALUES (1, 'new', 'k', 'v')", ());
    assert!(!index.find(&loaded, b"new").outdated);
}

#[test]
fn names_stay_while_they_are_used() {
    let index = Index::new();
    index.source(1, "/one", 1);
    index.file(1, b"first", 1, None);
    let cache = NameCache::new(usize::MAX);
    assert!(cache.get().is_none() && cache.bytes() == 0);
    assert!(
        cache
            .get_or_load(index.access(), &AtomicBool::new(true))
            .unwrap()
            .is_none()
    );
    let first = cache.get_or_load(index.access(), &NEVER).unwrap().unwrap();
    let bytes = cache.bytes();
    assert!(bytes > 0 && first.names.len() == 1);
    index.file(1, b"second", 1, None);
    assert_eq!(
        cache
            .get_or_load(index.access(), &NEVER)
            .unwrap()
            .unwrap()
            .names
            .len(),
        1
    );
    assert!(cache.reload(index.access(), &NEVER).unwrap());
    assert_eq!(cache.get().unwrap().names.len(), 2);
    cache.clear();
    assert!(cache.get().is_none() && cache.bytes() == 0);
    // A search that still runs keeps the names that it has.
    assert_eq!(first.names.len(), 1);
}

#[test]
fn names_are_read_by_key() {
    let index = Index::new();
    for sql in [
        "SELECT id, parent_id, source_id, name, mtime FROM dirs WHERE id > 1 ORDER BY id LIMIT 5000",
        "SELECT dir_id, name, kind, mtime FROM files WHERE (dir_id, name) > (1, 'a') ORDER BY dir_id, name LIMIT 5000",
        "SELECT max(id) FROM dirs",
    ] {
        let mut statement = index
            .reader
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let steps = statement
            .query_map((), |row| row.get::<_, String>(3))
            .unwrap();
        for step in steps.map(Result::unwrap) {
            assert!(step.starts_with("SEARCH"), "{sql}: {step}");
        }
    }
}
