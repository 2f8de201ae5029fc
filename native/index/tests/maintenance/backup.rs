//! Backups are of one moment, and in nobody's way.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use aether_index::maintenance::{Copied, Task, backup};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Error, Reason};

use crate::support::*;
use crate::{checked, many, watched};

fn copied(fixture: &Fixture, to: &Path) -> Result<Copied, Error> {
    watched(|watch| backup(fixture.index().location(), to, watch))
}

#[test]
fn a_backup_is_of_one_moment_while_a_scan_goes_on() {
    let fixture = Rc::new(Fixture::new());
    fixture.scan(&many(2000));
    let directory = tempfile::tempdir().unwrap();
    let to = directory.path().join("copy.db");
    let steps = Rc::new(Cell::new(0));
    let (scanned, counted) = (Rc::clone(&fixture), Rc::clone(&steps));
    let at_step = move || {
        counted.set(counted.get() + 1);
        // Between the steps of the copy, the writer commits.
        scanned.scan(&many(2000 + 10 * counted.get()));
    };
    let mut watch = Task {
        at_step: Some(Box::new(at_step)),
        ..Task::default()
    };
    let copied = backup(fixture.index().location(), &to, &mut watch).unwrap();
    assert!(steps.get() > 0);
    assert_eq!(copied.bytes, std::fs::metadata(&to).unwrap().len());
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    // The moment before the first of those scans.
    assert_eq!(
        shell(&to, "SELECT count(*), max(generation) FROM files, sources"),
        "3000|1\n"
    );
    assert!(checked(&to, true).is_clean());
    recount(&to);
    let pool = Pool::open(&to, PoolOptions::default()).unwrap();
    let source = pool.sources().unwrap().remove(0);
    assert_eq!((source.value.file_count, source.rolled_back), (3000, false));
}

#[test]
fn a_backup_harms_nothing_that_is_there() {
    let fixture = Fixture::new();
    fixture.scan(&many(100));
    let directory = tempfile::tempdir().unwrap();
    let to = directory.path().join("copy.db");
    std::fs::write(&to, "mine").unwrap();
    let refused = copied(&fixture, &to).unwrap_err();
    assert_eq!(refused.reason, Reason::Errno(17));
    assert_eq!(std::fs::read(&to).unwrap(), b"mine");
    assert_eq!(
        copied(&fixture, &fixture.path()).unwrap_err().reason,
        Reason::Errno(17)
    );
    std::fs::remove_file(&to).unwrap();

    let watch = &mut Task::new(&Arc::new(AtomicBool::new(true)));
    let cancelled = backup(fixture.index().location(), &to, watch).unwrap_err();
    assert_eq!(cancelled.reason, Reason::Ended);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    let nowhere = copied(&fixture, Path::new("/no/such/directory/copy.db")).unwrap_err();
    assert_eq!(nowhere.reason, Reason::Errno(2));
    copied(&fixture, &to).unwrap();
}

/// Killed, a backup leaves what it had written, in whatever state; that must not be in the way of
/// the next one.
#[test]
fn what_a_killed_backup_left_is_written_over() {
    let fixture = Fixture::new();
    fixture.scan(&many(100));
    let directory = tempfile::tempdir().unwrap();
    let in_it = |name: &str| directory.path().join(name);
    let (to, left) = (in_it("copy.db"), in_it("copy.db-unfinished"));
    let whole = in_it("whole.db");
    copied(&fixture, &whole).unwrap();
    let whole = std::fs::read(&whole).unwrap();
    let mut headless = whole.clone();
    headless[..4096].fill(0);
    for bytes in [&[][..], &whole[..], &whole[..8192], &headless[..]] {
        std::fs::write(&left, bytes).unwrap();
        // Rolled back, this would make something of it.
        std::fs::write(in_it("copy.db-unfinished-journal"), &whole).unwrap();
        copied(&fixture, &to).unwrap();
        assert!(checked(&to, true).is_clean());
        std::fs::remove_file(&to).unwrap();
        assert!(!left.exists() && !in_it("copy.db-unfinished-journal").exists());
    }

    // But not one that is being written, nor a file that is not an index.
    std::fs::write(&left, &whole).unwrap();
    let held = std::fs::File::open(&left).unwrap();
    held.lock().unwrap();
    assert_eq!(copied(&fixture, &to).unwrap_err().reason, Reason::Errno(17));
    assert_eq!(std::fs::read(&left).unwrap(), whole);
    drop(held);
    std::fs::write(&left, "mine").unwrap();
    assert_eq!(copied(&fixture, &to).unwrap_err().reason, Reason::Errno(17));
    assert_eq!(std::fs::read(&left).unwrap(), b"mine");
    std::fs::remove_file(&left).unwrap();
    std::os::unix::fs::symlink("elsewhere", &left).unwrap();
    assert_eq!(copied(&fixture, &to).unwrap_err().reason, Reason::Errno(17));
    assert!(!to.exists() && !in_it("elsewhere").exists());
}
