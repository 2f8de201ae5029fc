//! A restore that breaks off, or is observed from elsewhere, at any step.

use std::path::Path;
use std::process::{Child, Stdio};

use aether_index::Index;
use rustix::process::{Pid, Signal, kill_process};

use super::*;

/// The child process of a test: restores, and prints when it is done.
fn has_restored() -> bool {
    let Some(path) = std::env::var_os("INDEX_TO_WRITE") else {
        return false;
    };
    let saved = std::env::var_os("BACKUP").unwrap();
    put_back(Path::new(&saved), Path::new(&path)).unwrap();
    true
}

/// The index is the old one, the new one, or refused until it is restored once more.
#[test]
fn a_restore_killed_at_any_step_is_completed_by_the_next() {
    if has_restored() {
        return;
    }
    let (fixture, kept) = backed_up();
    let saved = kept.path().join("backup.db");
    // The reader keeps the log from being emptied.
    let _reader = fixture.reader_that_stays();
    fixture.scan(&tree(2));
    let (mut old, mut new, mut mixed) = (0, 0, 0);
    for (call, step) in [
        ("pwrite64", 9),
        ("fdatasync,fsync", 1),
        ("rename,renameat,renameat2", 1),
        ("unlink,unlinkat", 1),
        ("ftruncate", 1),
    ] {
        for at in (1..).step_by(step) {
            let (_directory, path) = crashed(&fixture);
            let variables = [
                ("INDEX_TO_WRITE", path.as_os_str()),
                ("BACKUP", saved.as_os_str()),
            ];
            let test = a_restore_killed_at_any_step_is_completed_by_the_next;
            if strace::survives(test, call, at, &variables) {
                break;
            }
            match Index::open(&path, options()) {
                Ok(index) => {
                    index.close().unwrap();
                    check_clean(&path);
                    let found = stored(&path);
                    old += usize::from(found == expected(&tree(2)));
                    new += usize::from(found == expected(&tree(1)));
                    assert!(
                        found == expected(&tree(2)) || found == expected(&tree(1)),
                        "{call} {at}"
                    );
                }
                Err(error) => {
                    assert_eq!(error.reason, Reason::Mixed, "{call} {at}: {error}");
                    mixed += 1;
                }
            }
            put_back(&saved, &path).unwrap();
            assert_eq!(stored(&path), expected(&tree(1)), "{call} {at}");
            check_clean(&path);
        }
    }
    println!("killed: {old} old, {new} new, {mixed} refused");
    assert!(old > 0 && new > 0 && mixed > 0);
}

/// The same where the sidecar does not know which log belongs to which file.
#[test]
fn a_restore_killed_at_any_step_mixes_nothing_where_no_token_is_known() {
    if has_restored() {
        return;
    }
    let (fixture, kept) = backed_up();
    let saved = kept.path().join("backup.db");
    // The reader keeps the log from being emptied.
    let _reader = fixture.reader_that_stays();
    fixture.scan(&tree(2));
    let mut mixed = 0;
    for call in [
        "rename,renameat,renameat2",
        "unlink,unlinkat",
        "fdatasync,fsync",
    ] {
        for at in 1.. {
            let (_directory, path) = crashed(&fixture);
            // As version 1 wrote it.
            let line = format!("{} 2\n", fixture.uuid());
            fs::write(path.with_extension("db-writer"), line).unwrap();
            let variables = [
                ("INDEX_TO_WRITE", path.as_os_str()),
                ("BACKUP", saved.as_os_str()),
            ];
            let test = a_restore_killed_at_any_step_mixes_nothing_where_no_token_is_known;
            if strace::survives(test, call, at, &variables) {
                break;
            }
            match Index::open(&path, options()) {
                Ok(index) => {
                    index.close().unwrap();
                    check_clean(&path);
                    let found = stored(&path);
                    let is_whole = found == expected(&tree(2)) || found == expected(&tree(1));
                    assert!(is_whole, "{call} {at}");
                }
                Err(error) => {
                    assert_eq!(error.reason, Reason::Mixed, "{call} {at}: {error}");
                    mixed += 1;
                }
            }
            put_back(&saved, &path).unwrap();
            assert_eq!(stored(&path), expected(&tree(1)), "{call} {at}");
        }
    }
    assert!(mixed > 0);
}

/// A restore changes the directory and the sidecar in an order such that what the sidecar says is
/// true even after a power failure.
#[test]
fn a_log_is_durably_removed_before_the_sidecar_says_so() {
    if has_restored() {
        return;
    }
    let (fixture, kept) = backed_up();
    let saved = kept.path().join("backup.db");
    // The reader keeps the log from being emptied.
    let _reader = fixture.reader_that_stays();
    fixture.scan(&tree(2));
    let (directory, path) = crashed(&fixture);
    let trace = directory.path().join("trace");
    let mut command = strace::under_strace(
        a_log_is_durably_removed_before_the_sidecar_says_so,
        &trace,
        &[
            "-y",
            "-e",
            "trace=rename,renameat,renameat2,unlink,unlinkat,fsync,fdatasync,pwrite64",
        ],
        &[
            ("INDEX_TO_WRITE", path.as_os_str()),
            ("BACKUP", saved.as_os_str()),
        ],
    );
    assert!(command.output().unwrap().status.success());
    let trace = fs::read_to_string(&trace).unwrap();
    let place = fs::canonicalize(directory.path()).unwrap();
    let of_directory = format!("<{}>", place.display());
    let steps = trace.lines().filter_map(|line| {
        let is = |words: &[&str]| words.iter().all(|word| line.contains(word));
        let steps = [
            ("said", is(&["pwrite64", "db-writer>"])),
            ("said for good", is(&["sync(", "db-writer>"])),
            ("renamed", is(&["rename", "db-unfinished"])),
            ("removed", is(&["unlink", "db-wal\""])),
            ("for good", is(&["sync(", &of_directory])),
        ];
        steps
            .into_iter()
            .find_map(|(step, is_it)| is_it.then_some(step))
    });
    let mut steps: Vec<_> = steps.collect();
    steps.dedup();
    let from = steps.iter().position(|step| *step == "renamed").unwrap();
    assert!(
        steps[..from].ends_with(&["said", "said for good"]),
        "{steps:?}"
    );
    let expected = [
        "renamed",
        "for good",
        "removed",
        "for good",
        "said",
        "said for good",
    ];
    assert_eq!(steps[from..], expected, "{steps:?}");
}

/// A process that is stopped until this is dropped.
struct Stopped(Child);

impl Stopped {
    fn go_on(&mut self) {
        let _ = kill_process(Pid::from_child(&self.0), Signal::CONT);
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.go_on();
        let _ = self.0.wait();
    }
}

/// While a backup is being put in place, no other writer takes over, and a half-done restore is not
/// reported as mixed.
#[test]
fn a_restore_under_way_is_waited_for() {
    if has_restored() {
        return;
    }
    let (fixture, kept) = backed_up();
    let saved = kept.path().join("backup.db");
    // The reader keeps the log from being emptied.
    let _reader = fixture.reader_that_stays();
    fixture.scan(&tree(2));
    let (_directory, path) = crashed(&fixture);
    // It is the file in the sidecar, and its log has to stay.
    let reader = rusqlite::Connection::open(&path).unwrap();
    let page = "BEGIN; SELECT * FROM sources";
    reader.execute_batch(page).unwrap();
    let _ = Index::open(&path, options()).unwrap().close();
    assert!(fs::metadata(path.with_extension("db-wal")).unwrap().len() > 0);
    let inode = |path: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
    let sidecar = path.with_extension("db-writer");
    let before = (inode(&path), inode(&sidecar));
    let renames = "rename,renameat,renameat2";
    let (trace, stop) = (
        format!("trace={renames}"),
        format!("inject={renames}:signal=STOP"),
    );
    // The traced process has to be a child of this one, so the tracer is not.
    let mut command = strace::under_strace(
        a_restore_under_way_is_waited_for,
        "/dev/null",
        &["-D", "-e", &trace, "-e", &stop],
        &[
            ("INDEX_TO_WRITE", path.as_os_str()),
            ("BACKUP", saved.as_os_str()),
        ],
    );
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut restoring = Stopped(command.spawn().unwrap());
    wait_until(|| inode(&path) != before.0);
    for _ in 0..3 {
        let error = Index::open(&path, options()).err().unwrap();
        assert_eq!(error.reason, Reason::Busy, "{error}");
        let error = Pool::open(&path, PoolOptions::default()).unwrap_err();
        assert_eq!(error.reason, Reason::Moved, "{error}");
        assert_eq!(inode(&sidecar), before.1);
    }
    restoring.go_on();
    assert!(restoring.0.wait().unwrap().success());
    Index::open(&path, options()).unwrap().close().unwrap();
    assert_eq!(stored(&path), expected(&tree(1)));
}
