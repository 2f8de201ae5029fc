//! Caches taken into an index that is open: by the writer, for sources that are known or made first.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::cache::{self, Imported, Outcome, Refused};
use aether_index::{Error, Index, Operation, Reason};

use crate::FIXTURE;
use crate::plain::Plain;
use crate::support::Fixture;

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
) -> Result<Outcome, Refused> {
    let writer = || Ok(fixture.index().clone());
    import_by(&writer, fixture, roots, cancel)
}

fn import_by(
    writer: &dyn Fn() -> Result<Arc<Index>, Error>,
    fixture: &Fixture,
    roots: &[(&str, &str)],
    cancel: &Arc<AtomicBool>,
) -> Result<Outcome, Refused> {
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
    let no_root = ("demo".to_owned(), Refused::NoRoot);
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
    assert!(matches!(unknown, Refused::Index(error) if error.reason == Reason::NoSource));
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
    let ids =
        |list: &[(String, Refused)]| list.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
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
    let cancelled = |id: &str| (id.to_owned(), Refused::Cancelled);
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
    assert!(matches!(refused, Refused::Index(error) if error.reason == Reason::ReadOnly));
    let outcome = import_by(&none, &fixture, &[], &never).unwrap();
    assert!(matches!(&outcome.failed[..], [(id, Refused::Index(_))] if id == "demo"));
    assert!(path(&fixture, "demo").exists());
}
