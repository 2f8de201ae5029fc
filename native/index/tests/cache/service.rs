//! Caches taken into an index that is open: by the writer, for sources that are known or made
//! first.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use aether_core::Status;
use aether_index::cache::{self, ImportRefused, Imported, Outcome};
use aether_index::{Error, Index, OpenOptions, Operation, Reason, ScanSpec};

use crate::FIXTURE;
use crate::plain::{NONE, Plain};
use crate::support::{Fixture, listing};

/// What the true cache holds.
const DEMO: Imported = Imported {
    rows: 6997,
    outdated: false,
};

/// An index, and the caches of two sources beside it.
fn with_caches() -> Fixture {
    let fixture = Fixture::new();
    for (id, bytes) in [
        ("demo-source", FIXTURE),
        ("demo", &Plain::sample().packed()),
    ] {
        std::fs::write(path(&fixture, id), bytes).unwrap();
    }
    fixture
}

fn path(fixture: &Fixture, id: &str) -> std::path::PathBuf {
    cache::file(fixture.directory.path(), id).unwrap()
}

fn import(
    fixture: &Fixture,
    roots: &[(&str, &str)],
    cancel: &Arc<AtomicBool>,
) -> Result<Outcome, ImportRefused> {
    let writer = || Ok(fixture.index().clone());
    import_by(&writer, fixture, roots, cancel)
}

fn import_by(
    writer: &dyn Fn() -> Result<Arc<Index>, Error>,
    fixture: &Fixture,
    roots: &[(&str, &str)],
    cancel: &Arc<AtomicBool>,
) -> Result<Outcome, ImportRefused> {
    let owned = |(id, root): &(&str, &str)| (id.to_string(), root.as_bytes().to_vec());
    let roots = roots.iter().map(owned).collect();
    let directory: &Path = fixture.directory.path();
    cache::import_all(writer, &fixture.pool(), directory, roots, cancel)
}

#[test]
fn caches_of_sources_that_are_known_are_taken() {
    let fixture = with_caches();
    let never = Arc::default();
    let outcome = import(&fixture, &[("demo-source", "/a")], &never).unwrap();
    assert_eq!(outcome.migrated, [("demo-source".to_owned(), DEMO)]);
    let no_root = ("demo".to_owned(), ImportRefused::NoRoot);
    assert_eq!(outcome.needs_rescan, [no_root]);
    assert_eq!(outcome.failed, []);
    assert!(!path(&fixture, "demo-source").exists() && path(&fixture, "demo").exists());
    assert_eq!(fixture.shell("SELECT count(*) FROM imported"), "6997\n");
    // Known from now on, one by one too; without a cache there is nothing to do.
    let writer = || Ok(fixture.index().clone());
    let (pool, directory) = (fixture.pool(), fixture.directory.path());
    let one = |id: &str| cache::import_source(&writer, &pool, directory, id, &never);
    assert_eq!(one("demo-source"), Ok(None));
    std::fs::write(path(&fixture, "demo-source"), FIXTURE).unwrap();
    assert_eq!(one("demo-source"), Ok(Some(DEMO)));
    let unknown = one("demo").unwrap_err();
    assert!(matches!(unknown, ImportRefused::Index(error) if error.reason == Reason::NoSource));
}

#[test]
fn a_root_that_is_refused_is_reported_once() {
    let fixture = with_caches();
    let never = Arc::default();
    import(&fixture, &[("demo-source", "/a")], &never).unwrap();
    // The root of another source already.
    std::fs::write(path(&fixture, "demo-source"), FIXTURE).unwrap();
    let roots = [("demo", "/b"), ("demo-source", "/b")];
    let outcome = import(&fixture, &roots, &never).unwrap();
    let ids = |list: &[(String, ImportRefused)]| {
        list.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>()
    };
    let migrated: Vec<_> = outcome.migrated.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(migrated, ["demo"]);
    assert_eq!(ids(&outcome.failed), ["demo-source"]);
    assert_eq!(ids(&outcome.needs_rescan), [""; 0]);
    assert!(path(&fixture, "demo-source").exists());
}

#[test]
fn a_cancelled_import_leaves_all_files() {
    let fixture = with_caches();
    let cancel = Arc::new(AtomicBool::new(true));
    let roots = [("demo-source", "/a"), ("demo", "/b")];
    let outcome = import(&fixture, &roots, &cancel).unwrap();
    let cancelled = |id: &str| (id.to_owned(), ImportRefused::Cancelled);
    assert_eq!(outcome.failed, ["demo", "demo-source"].map(cancelled));
    assert!(path(&fixture, "demo").exists() && path(&fixture, "demo-source").exists());
    cancel.store(false, Ordering::Release);
    let outcome = import(&fixture, &[], &cancel).unwrap();
    assert_eq!(outcome.migrated.len(), 2);
}

#[test]
fn without_a_writer_nothing_is_taken() {
    let fixture = with_caches();
    let never = Arc::default();
    fixture.index().add_source(b"/a", "demo").unwrap();
    let none = || Err(Error::new(Reason::ReadOnly, Operation::Write, b""));
    let refused = import_by(&none, &fixture, &[("demo-source", "/b")], &never).unwrap_err();
    assert!(matches!(refused, ImportRefused::Index(error) if error.reason == Reason::ReadOnly));
    let outcome = import_by(&none, &fixture, &[], &never).unwrap();
    assert!(matches!(&outcome.failed[..], [(id, ImportRefused::Index(_))] if id == "demo"));
    assert!(path(&fixture, "demo").exists());
}

/// So many files in one folder, and another such folder in it, and so on.
fn large(folders: u32) -> Vec<u8> {
    const FILES: u32 = 10_000;
    let mut segments: Vec<Vec<u8>> = (0..FILES).map(|at| format!("f{at}").into_bytes()).collect();
    segments.push(b"d".to_vec());
    let (mut prefixes, mut entries) = (Vec::new(), Vec::new());
    for at in 0..folders {
        let last = at + 1 == folders;
        let own = FILES + u32::from(!last);
        let (segment, parent) = if at == 0 {
            (NONE, NONE)
        } else {
            (FILES, at - 1)
        };
        let from = entries.len() as u32;
        prefixes.push([segment, parent, at, u32::from(!last), from, own]);
        entries.extend((0..FILES).map(|file| (file, 1, 1)));
        if !last {
            entries.push((FILES, (folders - at - 1) * FILES, 0));
        }
    }
    let plain = Plain {
        segments,
        prefixes,
        children: (1..folders).collect(),
        entries,
        ..Plain::sample()
    };
    plain.packed()
}

/// Begun while a cache is imported, a scan has its turn between two pieces; what it finds is worth
/// more than the rest.
#[test]
fn a_scan_gets_its_turn_while_a_cache_is_imported() {
    for of_it in [false, true] {
        let fixture = Fixture::new();
        std::fs::write(path(&fixture, "demo"), large(6)).unwrap();
        fixture.index().add_source(b"/a", "demo").unwrap();
        let turns = AtomicUsize::new(0);
        let writer = || {
            if turns.fetch_add(1, Ordering::AcqRel) == 2 {
                let (root, id) = if of_it { ("/a", "demo") } else { ("/b", "b") };
                let spec = ScanSpec {
                    root: root.into(),
                    source_id: Some(id.to_owned()),
                    ..ScanSpec::default()
                };
                fixture.scan_as(spec, &[listing("", &[], 1)], Status::Complete);
            }
            Ok(fixture.index().clone())
        };
        let outcome = import_by(&writer, &fixture, &[], &Arc::default()).unwrap();
        fixture.index().settle().unwrap();
        let imported = Imported {
            rows: if of_it { 0 } else { 60_005 },
            outdated: of_it,
        };
        assert_eq!(outcome.migrated, [("demo".to_owned(), imported)]);
        let rows = fixture.shell("SELECT count(*) FROM imported");
        assert_eq!(rows, format!("{}\n", imported.rows));
        assert!(turns.load(Ordering::Acquire) > 3 && !path(&fixture, "demo").exists());
    }
}

#[test]
fn a_cache_waits_while_a_reader_holds_a_log_at_its_limit() {
    let fixture = Fixture::with(OpenOptions {
        wal_soft: 100_000,
        wal_limit: 200_000,
        ..OpenOptions::default()
    });
    std::fs::write(path(&fixture, "demo-source"), FIXTURE).unwrap();
    fixture.scan(&[listing("", &[], 1)]);
    let reader = fixture.reader_that_stays();
    let fill = "INSERT INTO notes VALUES (0, '', '', zeroblob(300000)); DELETE FROM notes";
    let filled = fixture.index().with_connection(|connection| {
        connection.execute_batch(fill).unwrap();
        Ok(())
    });
    filled.unwrap();
    let (looks, cancel) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(false)));
    let writer = || {
        if looks.fetch_add(1, Ordering::Relaxed) == 10 {
            cancel.store(true, Ordering::Relaxed);
        }
        Ok(fixture.index().clone())
    };
    let roots = [("demo-source", "/a")];
    let outcome = import_by(&writer, &fixture, &roots, &cancel).unwrap();
    let cancelled = ("demo-source".to_owned(), ImportRefused::Cancelled);
    assert_eq!(outcome.failed, [cancelled]);
    assert_eq!(fixture.shell("SELECT count(*) FROM imported"), "0\n");
    drop(reader);
    let outcome = import(&fixture, &roots, &Arc::default()).unwrap();
    assert_eq!(outcome.migrated, [("demo-source".to_owned(), DEMO)]);
}
