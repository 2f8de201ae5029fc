//! Caches taken into an index: when their files go, and when they stay as they were.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aether_index::cache::{self, ImportRefused, Imported};
use aether_index::{Reason, open_reader};

use crate::FIXTURE;
use crate::plain::Plain;
use crate::support::{raw::Raw, shell};

static NEVER: AtomicBool = AtomicBool::new(false);

/// An index with the sources of the caches, whose files lie beside it.
struct Index(Raw);

impl Index {
    fn new() -> Index {
        let raw = Raw::new();
        for (id, uuid) in [(1, "demo-source"), (2, "demo")] {
            let sql = "INSERT INTO sources (id, uuid, root, root_dir, rules, created_at) VALUES (?1, ?2, ?2, ?1, '', 0)";
            raw.writer.execute(sql, (id, uuid)).unwrap();
        }
        Index(raw)
    }

    /// Imports the true cache.
    fn import(&self, cancel: &AtomicBool) -> Result<Option<Imported>, ImportRefused> {
        self.import_one("demo-source", 1, cancel)
    }

    fn import_one(
        &self,
        id: &str,
        source: i64,
        cancel: &AtomicBool,
    ) -> Result<Option<Imported>, ImportRefused> {
        let directory = self.cache_dir();
        let Some(cache) = cache::of_source(directory, id)? else {
            return Ok(None);
        };
        let writer = &self.0.writer;
        let imported = cache::import(&cache, cancel, |piece| piece.put(writer, source))?;
        cache::remove(writer, &cache::file(directory, id).unwrap())?;
        Ok(Some(imported))
    }

    fn import_all(&self, sources: &HashMap<String, i64>) -> cache::Outcome {
        let import = |id: &str, source| self.import_one(id, source, &NEVER);
        cache::import_dir(self.cache_dir(), sources, import).unwrap()
    }

    fn cache_dir(&self) -> &Path {
        self.0.directory.path()
    }

    fn put(&self, id: &str, bytes: &[u8]) -> PathBuf {
        let path = cache::file(self.cache_dir(), id).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

#[test]
fn a_cache_is_imported_and_its_file_removed() {
    let index = Index::new();
    let path = index.put("demo-source", FIXTURE);
    let imported = index.import(&NEVER).unwrap().unwrap();
    assert_eq!(
        imported,
        Imported {
            rows: 5816 + 1181,
            outdated: false
        }
    );
    assert!(!path.exists());
    let sums = "SELECT count(*), sum(is_folder), sum(file_count) FILTER (WHERE prefix = ''),
                sum(typeof(prefix) = 'text' AND typeof(name) = 'text') FROM imported WHERE source_id = 1";
    assert_eq!(index.0.shell(sums), "6997|1181|5816|6997\n");
    assert_eq!(
        index
            .0
            .shell("SELECT file_count FROM imported WHERE prefix = '' AND name = 'git'"),
        "597\n"
    );
    // Again: nothing there any more, and the same rows if it is.
    assert_eq!(index.import(&NEVER).unwrap(), None);
    index.put("demo-source", FIXTURE);
    let before = index.0.writer.total_changes();
    assert_eq!(index.import(&NEVER).unwrap().unwrap(), imported);
    assert_eq!(index.0.writer.total_changes(), before);
    assert_eq!(index.0.shell(sums), "6997|1181|5816|6997\n");
}

#[test]
fn a_cache_stays_while_its_rows_may_still_be_lost() {
    let index = Index::new();
    let path = index.put("demo-source", FIXTURE);
    // A reader in an old state of the index keeps the log from being copied.
    let reader = open_reader(&index.0.location, Duration::from_millis(50)).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM imported")
        .unwrap();
    let refused = index.import(&NEVER).unwrap_err();
    assert!(
        matches!(&refused, ImportRefused::Index(error) if error.reason == Reason::Busy),
        "{refused}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), FIXTURE);
    reader.execute_batch("COMMIT").unwrap();
    index.import(&NEVER).unwrap().unwrap();
    assert!(!path.exists());
    // The rows are in the file itself, without its log.
    let copy = index.0.directory.path().join("copy.db");
    std::fs::copy(&index.0.location.database, &copy).unwrap();
    assert_eq!(shell(&copy, "SELECT count(*) FROM imported"), "6997\n");
    let synchronous: i64 = index
        .0
        .writer
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .unwrap();
    assert_eq!(synchronous, 1);
}

#[test]
fn a_cache_that_cannot_be_imported_is_left_as_it_was() {
    let index = Index::new();
    let sources = HashMap::from([
        ("demo".to_owned(), 2),
        ("demo-source".to_owned(), 1),
        ("other".to_owned(), 3),
    ]);
    let newer = Plain {
        version: 4,
        ..Plain::sample()
    }
    .packed();
    let files = [
        index.put("demo", &FIXTURE[..1000]),
        index.put("other", &Plain::sample().packed()),
        index.put("nobody", &Plain::sample().packed()),
    ];
    let before: Vec<Vec<u8>> = files
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    index.put("demo-source", FIXTURE);
    let outcome = index.import_all(&sources);
    let ids = |list: &[(String, ImportRefused)]| {
        list.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        outcome.migrated,
        [(
            "demo-source".to_owned(),
            Imported {
                rows: 6997,
                outdated: false
            }
        )]
    );
    assert_eq!(
        outcome.needs_rescan,
        [("nobody".to_owned(), ImportRefused::NoRoot)]
    );
    assert_eq!(ids(&outcome.failed), ["demo", "other"]);
    assert!(matches!(&outcome.failed[0].1, ImportRefused::Zstd(_)));
    assert_eq!(
        outcome.failed[1].1,
        ImportRefused::OtherSource("demo".to_owned())
    );
    for (path, before) in files.iter().zip(before) {
        assert_eq!(std::fs::read(path).unwrap(), before);
    }
    let path = index.put("demo", &newer);
    let outcome = index.import_all(&sources);
    assert!(
        outcome
            .needs_rescan
            .contains(&("demo".to_owned(), ImportRefused::Version(4)))
    );
    assert!(path.exists());
}

#[test]
fn what_is_no_regular_file_is_not_waited_for() {
    let index = Index::new();
    let path = cache::file(index.cache_dir(), "demo-source").unwrap();
    let status = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(status.success());
    assert!(matches!(
        index.import(&NEVER),
        Err(ImportRefused::Io(22, _))
    ));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(
        index.import(&NEVER),
        Err(ImportRefused::Io(22, _))
    ));
    assert!(path.exists());
}

#[test]
fn a_cancelled_import_is_taken_up_again() {
    let index = Index::new();
    let path = index.put("demo-source", FIXTURE);
    assert_eq!(
        index.import(&AtomicBool::new(true)),
        Err(ImportRefused::Cancelled)
    );
    assert!(path.exists() && index.0.writer.is_autocommit());
    assert!(index.import(&NEVER).unwrap().is_some() && !path.exists());
}

#[test]
fn nothing_is_taken_for_a_source_that_was_scanned_to_its_end() {
    let index = Index::new();
    index
        .0
        .writer
        .execute("UPDATE sources SET last_complete_at = 1 WHERE id = 1", ())
        .unwrap();
    let path = index.put("demo-source", FIXTURE);
    assert_eq!(
        index.import(&NEVER),
        Ok(Some(Imported {
            rows: 0,
            outdated: true
        }))
    );
    assert!(!path.exists());
    assert_eq!(index.0.shell("SELECT count(*) FROM imported"), "0\n");
}

/// Two may have taken over the same; the second one has nothing to complain of.
#[test]
fn a_file_that_is_gone_already_is_no_error() {
    let index = Index::new();
    let path = index.put("demo-source", FIXTURE);
    std::fs::remove_file(&path).unwrap();
    cache::remove(&index.0.writer, &path).unwrap();
    let nowhere = index.cache_dir().join("no/such.zst");
    assert!(matches!(
        cache::remove(&index.0.writer, &nowhere),
        Err(ImportRefused::Io(2, _))
    ));
}
