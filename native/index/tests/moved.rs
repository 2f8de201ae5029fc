//! The file renamed, linked, mounted over, deleted, replaced, overwritten, cut off or restored
//! while scans write to it, from this process and from another: no scan is called complete that is
//! not there, no file is damaged, and the next writer gets a whole index or an error. Three times
//! each, fifty with AETHER_FULL=1. sqlite3 and the listings themselves are the oracle.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use aether_core::Status;
use aether_index::maintenance::{Watch, restore, vacuum};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Error, Index, OpenOptions, PushError, Reason, ScanCounts};
use support::*;

fn options() -> OpenOptions {
    OpenOptions {
        batch_entries: 200,
        wal_soft: 3_000_000,
        busy_timeout: Duration::from_millis(500),
        ..OpenOptions::default()
    }
}

/// The tree of one round: each differs from the one before.
fn listings(round: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..30)
        .map(|at| dir(&format!("d{}", at + round % 3)))
        .collect();
    let mut listings = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (0..40)
            .map(|at| file(&format!("f{at}"), round, round as i64))
            .collect();
        listings.push(listing(std::str::from_utf8(name).unwrap(), &files, 1));
    }
    listings
}

fn scan(index: &Index, round: u64) -> Result<(), Error> {
    let scan = index.begin(spec(), Box::new(|_| {}))?;
    for listing in listings(round) {
        let mut batch = batch(&[(&listing, 0, listing.entries.len(), true)]);
        loop {
            match scan.push(batch) {
                Ok(()) => break,
                Err(PushError::Full(back)) => batch = back,
                Err(PushError::Ended(_)) => break,
            }
            std::thread::yield_now();
        }
    }
    scan.end(Status::Complete, ScanCounts::default())
}

/// What is asked of the one who scans.
#[derive(Default)]
struct Asked {
    stop: AtomicBool,
    /// To say "marked" before the next round.
    mark: AtomicBool,
}

/// Scans round after round and says so, until it is to stop or has failed twice.
fn scan_rounds(path: &Path, asked: &Asked, mut say: impl FnMut(String)) {
    let index = Index::open(path, options()).unwrap();
    let mut failures = 0;
    for round in 1.. {
        if failures == 2 || asked.stop.load(Ordering::Acquire) {
            break;
        }
        if asked.mark.swap(false, Ordering::AcqRel) {
            say("marked".to_owned());
        }
        say(format!("begin {round}"));
        match scan(&index, round) {
            Ok(()) => say(format!("complete {round}")),
            Err(error) => {
                failures += 1;
                say(format!("failed {}", error.reason.name()));
            }
        }
    }
    // It stays open until the test has looked.
    while !asked.stop.load(Ordering::Acquire) {
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(index.close());
    say("closed".to_owned());
}

/// Who scans: a thread, or a process of its own.
struct Scanner {
    said: Receiver<String>,
    mark: Box<dyn FnMut()>,
    stop: Option<Box<dyn FnOnce()>>,
    thread: Option<JoinHandle<()>>,
    last: u64,
    failed: Option<String>,
}

impl Scanner {
    fn here(path: &Path) -> Scanner {
        let (send, said) = channel();
        let asked = Arc::new(Asked::default());
        let (path, of_thread) = (path.to_owned(), asked.clone());
        let thread = std::thread::spawn(move || {
            scan_rounds(&path, &of_thread, |line| drop(send.send(line)));
        });
        let of_mark = asked.clone();
        Scanner {
            said,
            mark: Box::new(move || of_mark.mark.store(true, Ordering::Release)),
            stop: Some(Box::new(move || asked.stop.store(true, Ordering::Release))),
            thread: Some(thread),
            last: 0,
            failed: None,
        }
    }

    fn elsewhere(path: &Path) -> Scanner {
        let mut command = child(
            files_are_moved_under_scans_of_another_process,
            &[("INDEX_TO_WRITE", path.as_os_str())],
        );
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let (send, said): (Sender<String>, _) = channel();
        let stdin = Rc::new(RefCell::new(process.stdin.take()));
        let of_mark = stdin.clone();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let thread = std::thread::spawn(move || {
            for line in lines.map(Result::unwrap) {
                let _ = send.send(line);
            }
            assert!(process.wait().unwrap().success());
        });
        Scanner {
            said,
            mark: Box::new(move || {
                of_mark
                    .borrow_mut()
                    .as_mut()
                    .unwrap()
                    .write_all(b"m")
                    .unwrap()
            }),
            stop: Some(Box::new(move || drop(stdin.borrow_mut().take()))),
            thread: Some(thread),
            last: 0,
            failed: None,
        }
    }

    /// Until so many more rounds are complete that began after this call, or two scans in a row
    /// have failed.
    fn go_on(&mut self, rounds: u64) {
        (self.mark)();
        let mut failures = 0;
        let mut until = None;
        while until.is_none_or(|until| self.last < until) && failures < 2 {
            let line = self.said.recv_timeout(Duration::from_secs(60)).unwrap();
            // The harness of a child writes on the same line.
            if line.ends_with("marked") {
                until = Some(self.last + rounds);
            }
            failures += u32::from(self.take(&line));
        }
    }

    /// Whether a scan has failed.
    fn take(&mut self, line: &str) -> bool {
        if let Some((_, round)) = line.split_once("complete ") {
            self.last = round.trim().parse().unwrap();
        } else if let Some((_, reason)) = line.split_once("failed ") {
            self.failed = Some(reason.trim().to_owned());
            return true;
        }
        false
    }

    fn close(&mut self) {
        self.stop.take().unwrap()();
        self.thread.take().unwrap().join().unwrap();
        for line in self.said.try_iter() {
            if let Some((_, round)) = line.split_once("complete ") {
                self.last = round.trim().parse().unwrap();
            }
        }
    }
}

/// What becomes of the path.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Then {
    /// Scans go on, and are there.
    GoesOn,
    /// No scan is complete any more; the next writer gets an index that works, while the old one is
    /// still open.
    IsNew,
    /// No scan is complete any more, and the next writer is refused for as long as things are so.
    IsRefused,
}

struct Case {
    name: &'static str,
    then: Then,
    act: fn(&Place),
    undo: fn(&Place),
    /// Whether the index as it was is at its path again after that.
    is_back: bool,
}

struct Place {
    path: PathBuf,
    /// Another index, which nobody has open.
    other: PathBuf,
    aside: PathBuf,
}

fn run(program: &str, arguments: &[&Path], options: &[&str]) {
    let status = Command::new(program).args(options).args(arguments).status();
    assert!(status.unwrap().success(), "{program} {options:?}");
}

fn nothing(_: &Place) {}

fn cases() -> Vec<Case> {
    let case = |name, then, act: fn(&Place), undo: fn(&Place), is_back| Case {
        name,
        then,
        act,
        undo,
        is_back,
    };
    let rename: fn(&Place) = |at| fs::rename(&at.path, &at.aside).unwrap();
    vec![
        case("renamed", Then::IsNew, rename, nothing, false),
        case(
            "deleted",
            Then::IsNew,
            |at| fs::remove_file(&at.path).unwrap(),
            nothing,
            false,
        ),
        case(
            "deleted with its log",
            Then::IsNew,
            |at| {
                for suffix in ["", "-wal", "-shm", "-writer"] {
                    let _ = fs::remove_file(format!("{}{suffix}", at.path.display()));
                }
            },
            nothing,
            false,
        ),
        case(
            "replaced",
            Then::IsNew,
            |at| fs::rename(&at.other, &at.path).unwrap(),
            nothing,
            false,
        ),
        case(
            "linked",
            Then::GoesOn,
            |at| fs::hard_link(&at.path, &at.aside).unwrap(),
            |at| fs::remove_file(&at.aside).unwrap(),
            true,
        ),
        case(
            "linked and unlinked",
            Then::IsNew,
            |at| {
                fs::hard_link(&at.path, &at.aside).unwrap();
                fs::remove_file(&at.path).unwrap();
            },
            nothing,
            false,
        ),
        case(
            "mounted over",
            Then::IsRefused,
            |at| run("mount", &[&at.other, &at.path], &["--bind"]),
            |at| run("umount", &[&at.path], &[]),
            true,
        ),
        case(
            "its log removed",
            Then::IsRefused,
            |at| fs::remove_file(format!("{}-wal", at.path.display())).unwrap(),
            nothing,
            true,
        ),
        case(
            "overwritten",
            Then::IsRefused,
            |at| {
                // In a process of its own: a descriptor that this one closes would take SQLite's
                // locks away.
                run("cp", &[&at.other, &at.path], &["--no-preserve=all"]);
            },
            nothing,
            false,
        ),
        case(
            "emptied",
            Then::IsRefused,
            |at| run("truncate", &[&at.path], &["--size=0"]),
            nothing,
            false,
        ),
        case(
            "cut off",
            Then::IsRefused,
            |at| run("truncate", &[&at.path], &["--size=8192"]),
            nothing,
            false,
        ),
        case(
            "restored",
            Then::GoesOn,
            |at| {
                let mut watch = Watch {
                    cancel: Arc::default(),
                    progress: &mut |_| {},
                };
                let error = restore(&at.other, &at.path, Duration::from_millis(50), &mut watch)
                    .unwrap_err();
                assert_eq!(error.reason, Reason::Busy, "{error}");
            },
            nothing,
            true,
        ),
    ]
}

fn integrity(path: &Path) -> String {
    shell(path, "PRAGMA integrity_check")
}

/// One case once.
fn play(case: &Case, round: u64, start: fn(&Path) -> Scanner) {
    let name = case.name;
    println!("{name}, {round}");
    let directory = tempfile::tempdir().unwrap();
    let at = Place {
        path: directory.path().join("index.db"),
        other: directory.path().join("other.db"),
        aside: directory.path().join("aside.db"),
    };
    let other = Index::open(&at.other, options()).unwrap();
    scan(&other, 777).unwrap();
    other.close().unwrap();
    let mut scanner = start(&at.path);
    scanner.go_on(1);
    let pool = Pool::open(&at.path, PoolOptions::default()).unwrap();
    // Another moment of a scan each time: no event tells of these.
    std::thread::sleep(Duration::from_micros(round * 3571 % 20_000));
    (case.act)(&at);
    scanner.go_on(30);
    let reason = scanner.failed.as_deref();
    if case.then == Then::GoesOn {
        assert_eq!(reason, None, "{name}");
        pool.sources().unwrap();
    } else {
        assert_eq!(
            reason,
            Some("index_moved"),
            "{name}, after {} rounds",
            scanner.last
        );
    }
    if case.then == Then::IsNew || name == "mounted over" {
        assert_eq!(pool.sources().unwrap_err().reason, Reason::Moved, "{name}");
    }
    drop(pool);
    match case.then {
        Then::IsNew => {
            // The log is emptied soon after the old writer has noticed.
            let mut opened = None;
            wait_until(|| {
                opened = match Index::open(&at.path, options()) {
                    Ok(index) => Some(index),
                    Err(error) => {
                        assert_eq!(error.reason, Reason::Mixed, "{name}: {error}");
                        std::thread::sleep(Duration::from_millis(1));
                        None
                    }
                };
                opened.is_some()
            });
            let index = opened.unwrap();
            scan(&index, 1000).unwrap();
            assert_eq!(stored(&at.path), expected(&listings(1000)), "{name}");
            scanner.close();
            scan(&index, 1001).unwrap();
            index.close().unwrap();
            assert_eq!(stored(&at.path), expected(&listings(1001)), "{name}");
            check_clean(&at.path);
        }
        Then::IsRefused | Then::GoesOn => {
            let refused = Index::open(&at.path, options()).err();
            assert!(refused.is_some(), "{name}: a second writer");
            scanner.close();
            if !case.is_back {
                match Index::open(&at.path, options()) {
                    // Its log was just empty.
                    Ok(index) if name == "overwritten" => {
                        index.close().unwrap();
                        assert_eq!(stored(&at.path), expected(&listings(777)));
                        check_clean(&at.path);
                    }
                    Ok(_) => panic!("{name}: opened"),
                    Err(error) => {
                        let fits = [Reason::Mixed, Reason::NotADatabase, Reason::Corrupt];
                        assert!(fits.contains(&error.reason), "{name}: {error}");
                    }
                }
            }
        }
    }
    (case.undo)(&at);
    if case.is_back {
        assert_eq!(integrity(&at.path), "ok\n", "{name}");
        let index = Index::open(&at.path, options()).unwrap();
        if case.then == Then::GoesOn {
            assert_eq!(
                stored(&at.path),
                expected(&listings(scanner.last)),
                "{name}"
            );
        }
        scan(&index, 1000).unwrap();
        index.close().unwrap();
        assert_eq!(stored(&at.path), expected(&listings(1000)), "{name}");
        check_clean(&at.path);
    }
    if at.aside.exists() {
        assert_eq!(integrity(&at.aside), "ok\n", "{name}");
    }
}

fn play_all(start: fn(&Path) -> Scanner) {
    let rounds = if is_full() { 50 } else { 3 };
    for case in cases() {
        if case.name == "mounted over" && !is_root() {
            continue;
        }
        for round in 0..rounds {
            play(&case, round, start);
        }
    }
}

#[test]
fn files_are_moved_under_scans_of_this_process() {
    play_all(Scanner::here);
}

#[test]
fn files_are_moved_under_scans_of_another_process() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let asked = Arc::new(Asked::default());
        let of_input = asked.clone();
        std::thread::spawn(move || {
            while std::io::stdin().read(&mut [0]).unwrap() > 0 {
                of_input.mark.store(true, Ordering::Release);
            }
            of_input.stop.store(true, Ordering::Release);
        });
        scan_rounds(Path::new(&path), &asked, |line| println!("{line}"));
        return;
    }
    play_all(Scanner::elsewhere);
}

/// The sqlite3 shell, which has the index open until it is dropped.
struct Shell(Child, ChildStdin);

impl Shell {
    fn open(path: &Path) -> Shell {
        let mut command = Command::new("sqlite3");
        let command = command
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut stdin = process.stdin.take().unwrap();
        stdin.write_all(b"SELECT count(*) FROM sources;\n").unwrap();
        let stdout = process.stdout.as_mut().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        Shell(process, stdin)
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.1.write_all(b".quit\n").unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn readers_let_go_of_a_file_that_was_moved() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    fixture.index().close().unwrap();
    let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
    pool.sources().unwrap();
    fs::rename(fixture.path(), fixture.directory.path().join("aside.db")).unwrap();
    for _ in 0..3 {
        assert_eq!(pool.sources().unwrap_err().reason, Reason::Moved);
        assert_eq!(pool.connections(), 0);
    }
}

/// They share memory that tells which pages of the file are in its log.
#[test]
fn a_file_in_the_place_of_one_that_is_still_read_is_not_read_beside_it() {
    let fixture = Fixture::with(options());
    let other = fixture.directory.path().join("other.db");
    let index = Index::open(&other, options()).unwrap();
    let names: Vec<_> = (0..200).map(|at| dir(&format!("d{at}"))).collect();
    let mut large = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (0..50).map(|at| file(&format!("f{at}"), at, 1)).collect();
        large.push(listing(std::str::from_utf8(name).unwrap(), &files, 1));
    }
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    for listing in &large {
        push_whole(&scan, listing);
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    index.close().unwrap();
    fixture.scan(&listings(1));
    let old = Shell::open(&fixture.path());
    fixture.scan(&listings(2));
    fixture.index().close().unwrap();
    fs::rename(&other, fixture.path()).unwrap();
    let error = Pool::open(&fixture.path(), PoolOptions::default()).unwrap_err();
    assert_eq!(error.reason, Reason::Moved, "{error}");
    assert!(
        error
            .to_string()
            .contains(&format!("process {}", old.0.id())),
        "{error}"
    );
    drop(old);
    let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
    pool.sources().unwrap();
    // Nor do those who read the new one keep others from it.
    let new = Shell::open(&fixture.path());
    drop(pool);
    let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
    pool.sources().unwrap();
    drop((pool, new));
    assert_eq!(stored(&fixture.path()), expected(&large));
}

/// A disk need not have the same number after a restart of the machine.
#[test]
fn a_file_is_known_again_when_its_disk_has_another_number() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    fixture.index().close().unwrap();
    let sidecar = fixture.path().with_extension("db-writer");
    let text = fs::read_to_string(&sidecar).unwrap();
    let is_first = |line: &&str| line.starts_with("database ") || line.starts_with("update ");
    let line = text.lines().rfind(is_first);
    let words: Vec<&str> = line.unwrap().split(' ').collect();
    let (_, inode) = words[1].split_once(':').unwrap();
    let (tokens, state, page) = (words[2], words[3], words[4]);
    // As it was written before records had numbers.
    fs::write(
        &sidecar,
        format!("database 9:{inode} {tokens} {state} {page}\n"),
    )
    .unwrap();
    let reader = Shell::open(&fixture.path());
    let index = Index::open(&fixture.path(), options()).unwrap();
    index.close().unwrap();
    drop(reader);
}

/// What is in hand is not right any more, which a transaction of this connection would hide.
#[test]
fn what_another_program_wrote_is_noticed_before_the_connection_is_lent() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    // What is still to be done of the log would notice it as well.
    wait_until(|| fixture.index().log().wal_bytes() == 0);
    let sql = "UPDATE dirs SET file_count = file_count + 7";
    let status = Command::new("sqlite3")
        .arg(fixture.path())
        .arg(sql)
        .status();
    assert!(status.unwrap().success());
    let lent = fixture
        .index()
        .with_connection(|db| vacuum(db, &Arc::default()));
    assert_eq!(lent.unwrap_err().reason, Reason::Moved);
    let begun = fixture.index().begin(spec(), Box::new(|_| {}));
    assert_eq!(begun.err().unwrap().reason, Reason::Moved);
}

/// The other program holds the lock when a transaction is to begin, and has committed before.
#[test]
fn what_another_program_wrote_is_noticed_when_it_was_waited_for() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    // What is still to be done of the log would notice it as well.
    wait_until(|| fixture.index().log().wal_bytes() == 0);
    let other = rusqlite::Connection::open(fixture.path()).unwrap();
    other
        .execute_batch("UPDATE dirs SET file_count = file_count + 7; BEGIN IMMEDIATE")
        .unwrap();
    let begun = fixture.index().begin(spec(), Box::new(|_| {}));
    assert_eq!(begun.err().unwrap().reason, Reason::Busy);
    other.execute_batch("ROLLBACK").unwrap();
    let begun = fixture.index().begin(spec(), Box::new(|_| {}));
    assert_eq!(begun.err().unwrap().reason, Reason::Moved);
}
