//! How true an answer says it is, for every way in which a scan can end or fall short; with a writer that is killed, and readers
//! in other processes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use aether_core::Status;
use aether_core::slab::status;
use aether_index::reader::{ChildrenOptions, Pool, PoolOptions, Sort, SortKey};
use aether_index::{
    Answer, Index, OpenOptions, Reason, ScanCounts, ScanSpec, WriterLock, scan_status,
};
use support::*;

fn pool(path: &Path) -> Pool {
    Pool::open(path, PoolOptions::default()).unwrap()
}

fn uuid(fixture: &Fixture) -> String {
    fixture
        .shell("SELECT uuid FROM sources")
        .trim_end()
        .to_owned()
}

fn sql(fixture: &Fixture, sql: &str) {
    let sql = sql.to_owned();
    let run = move |connection: &mut rusqlite::Connection| {
        connection.execute_batch(&sql).unwrap();
        Ok(())
    };
    fixture.index().with_connection(run).unwrap();
}

const FOLDERS: [&str; 4] = ["", "a", "a/b", "c"];

fn tree() -> Vec<Listing> {
    vec![
        listing("", &[dir("a"), dir("c"), file("f", 1, 1)], 1),
        listing("a", &[dir("b")], 1),
        listing("a/b", &[file("x", 2, 1)], 1),
        listing("c", &[file("y", 4, 1)], 1),
    ]
}

/// When each folder was seen, as the number of the scan: ends of scans are put 1,000 s apart for this.
fn seen(fixture: &Fixture) -> String {
    sql(
        fixture,
        "UPDATE scans SET ended_at = id * 1000000 WHERE ended_at IS NOT NULL",
    );
    let (pool, source) = (pool(&fixture.path()), uuid(fixture));
    let at = |folder: &&str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert_eq!(answer.age.is_none(), answer.scanned_at.is_none());
        // 1970 is long ago.
        assert!(answer.stale);
        match answer.scanned_at {
            Some(at) => (at / 1_000_000).to_string(),
            None => "-".to_owned(),
        }
    };
    FOLDERS.iter().map(at).collect::<Vec<_>>().join(" ")
}

fn expansion(folder: &str, depth: Option<u32>) -> ScanSpec {
    ScanSpec {
        folder: folder.into(),
        depth,
        ..spec()
    }
}

#[test]
fn a_folder_is_as_fresh_as_the_last_scan_that_listed_it() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "1 1 1 1");

    let all = tree();
    fixture.scan_as(expansion("a", Some(1)), &all[1..2], Status::Complete);
    assert_eq!(seen(&fixture), "1 2 1 1");
    fixture.scan_as(expansion("a", Some(2)), &all[1..3], Status::Complete);
    assert_eq!(seen(&fixture), "1 3 3 1");

    // A cancelled scan makes nothing fresh, nor does one that failed.
    fixture.scan_as(spec(), &tree(), Status::Cancelled);
    fixture.scan_as(spec(), &tree()[..1], Status::Failed);
    assert_eq!(seen(&fixture), "1 3 3 1");

    // One that could not read all makes fresh what it did read.
    let mut some = tree();
    some[3] = listing("c", &[], status::errno(13));
    fixture.scan_as(spec(), &some, Status::Partial);
    assert_eq!(seen(&fixture), "6 6 6 1");

    // An unreadable folder hides what lies beneath it, and makes nothing else stale.
    let mut some = tree();
    some[1] = listing("a", &[], status::errno(13));
    some.remove(2);
    fixture.scan_as(spec(), &some, Status::Partial);
    let seen_now = seen(&fixture);
    assert_eq!(seen_now, "7 1 1 7");

    // What is seen by its own path again is fresh.
    fixture.scan_as(expansion("a/b", None), &tree()[2..3], Status::Complete);
    assert_eq!(seen(&fixture), "7 1 8 7");
}

#[test]
fn a_folder_that_was_only_heard_of_was_never_seen() {
    let fixture = Fixture::new();
    fixture.scan_as(
        expansion("", Some(1)),
        &[listing("", &[dir("a"), dir("c")], 1)],
        Status::Complete,
    );
    let (pool, source) = (pool(&fixture.path()), uuid(&fixture));
    let root = pool.totals(&source, b"").unwrap();
    assert!(root.scanned_at.is_some() && !root.stale && !root.exhaustive);
    assert_eq!(root.value.unknown_below, 2);
    assert_eq!(root.unreadable.count, 0);
    let a = pool.totals(&source, b"a").unwrap();
    assert!(a.scanned_at.is_none() && a.stale && !a.exhaustive && !a.scanning);
}

#[test]
fn answers_grow_old() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let (pool, source) = (pool(&fixture.path()), uuid(&fixture));
    for (minutes, stale) in [(0, false), (59, false), (61, true), (-5, false)] {
        let change =
            format!("UPDATE scans SET ended_at = (unixepoch('subsec') - {minutes} * 60) * 1000");
        sql(&fixture, &change);
        let answer = pool.totals(&source, b"a").unwrap();
        assert_eq!(answer.stale, stale, "{minutes} minutes");
        // A clock that was put back makes nothing older than new.
        let least = 60 * u64::try_from(minutes).unwrap_or(0);
        let age = answer.age.unwrap().as_secs();
        assert!((least..least + 60).contains(&age), "{age}");
    }
}

#[test]
fn what_could_not_be_read_is_named() {
    let fixture = Fixture::new();
    fixture.scan_as(
        spec(),
        &[
            listing("", &[dir("a"), dir("c"), dir("e")], 1),
            listing("a", &[dir("b"), dir("ok"), dir("moving")], 1),
            listing("a/b", &[], status::errno(13)),
            listing("a/ok", &[], 1),
            listing("a/moving", &[], status::CHANGING),
            listing("c", &[], status::errno(5)),
            listing("e", &[], 1),
        ],
        Status::Partial,
    );
    let (pool, source) = (pool(&fixture.path()), uuid(&fixture));
    let unreadable = |folder: &str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert!(!answer.unreadable.at_least);
        let first = answer.unreadable.first;
        assert_eq!(first.len() as u64, answer.unreadable.count);
        let text = first.iter().map(|path| String::from_utf8_lossy(path));
        (text.collect::<Vec<_>>().join(" "), answer.exhaustive)
    };
    assert_eq!(unreadable(""), ("a/b c".into(), false));
    assert_eq!(unreadable("a"), ("a/b".into(), false));
    assert_eq!(unreadable("a/b"), ("a/b".into(), false));
    assert_eq!(unreadable("a/moving"), ("".into(), false));
    assert_eq!(unreadable("a/ok"), ("".into(), true));
    assert_eq!(unreadable("e"), ("".into(), true));
}

#[test]
fn looking_for_what_could_not_be_read_is_bounded() {
    let fixture = Fixture::new();
    let names: Vec<_> = (0..3000).map(|at| dir(&format!("d{at:04}"))).collect();
    let mut all = vec![listing("", &names, 1)];
    for at in [0, 2999] {
        all.push(listing(&format!("d{at:04}"), &[], status::errno(13)));
    }
    fixture.scan_as(expansion("", Some(2)), &all, Status::Partial);
    let (pool, source) = (pool(&fixture.path()), uuid(&fixture));
    let found = pool.totals(&source, b"").unwrap().unreadable;
    assert_eq!((found.count, found.at_least), (1, true));
    assert_eq!(found.first, [b"d0000".to_vec()]);
}

#[test]
fn a_running_scan_is_seen_where_it_goes() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let (pool, source) = (pool(&fixture.path()), uuid(&fixture));
    let scanning = || {
        let of = |folder: &&str| {
            let answer = pool.totals(&source, folder.as_bytes()).unwrap();
            assert_eq!(answer.stale, answer.scanning);
            u8::from(answer.scanning)
        };
        FOLDERS.iter().map(of).collect::<Vec<_>>()
    };
    let status = || pool.source(&source).unwrap().value.last_scan_status;
    assert_eq!(scanning(), [0, 0, 0, 0]);
    let one = fixture.begin(expansion("a", Some(1)));
    assert_eq!(scanning(), [0, 1, 0, 0]);
    assert_eq!(status(), Some(scan_status::RUNNING));
    let all = fixture.begin(spec());
    assert_eq!(scanning(), [1, 1, 1, 1]);
    one.end(Status::Complete, ScanCounts::default()).unwrap();
    all.end(Status::Cancelled, ScanCounts::default()).unwrap();
    assert_eq!(scanning(), [0, 0, 0, 0]);
    assert_eq!(status(), Some(scan_status::CANCELLED));
}

#[test]
fn counts_of_the_old_cache_stand_in_until_a_folder_is_listed() {
    let fixture = Fixture::new();
    let scan = fixture.begin(spec());
    sql(
        &fixture,
        "INSERT INTO imported SELECT id, column1, column2, column3, column4 FROM sources JOIN (VALUES
           ('', 'a', 1, 70), ('', 'c', 1, 5), ('', 'f', 0, 1), ('a/', 'b', 1, 70), ('a/b/', 'x', 0, 1), ('a/b/', 'y', 1, 69))",
    );
    let (pool, source) = (pool(&fixture.path()), uuid(&fixture));
    let children = |folder: &str, sort| {
        let options = ChildrenOptions {
            limit: 1,
            after: None,
            sort: Sort::by(sort),
        };
        let (mut options, mut told, mut any) = (options, Vec::new(), false);
        loop {
            let answer = pool.children(&source, folder.as_bytes(), &options).unwrap();
            any |= answer.imported;
            for child in answer.value.children {
                let name = String::from_utf8(child.name).unwrap();
                let mark = if child.imported { "?" } else { "" };
                told.push(format!("{name}:{}{mark}", child.file_count));
            }
            let Some(next) = answer.value.next else {
                return (told.join(" "), any);
            };
            options.after = Some(next);
        }
    };
    let total = |folder: &str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        (answer.value.file_count, answer.imported)
    };
    use SortKey::{Count, Name};
    assert_eq!(children("", Name), ("a:70? c:5? f:1?".into(), true));
    assert_eq!(children("", Count), ("a:70? c:5? f:1?".into(), true));
    // Folders that no scan has even heard of.
    assert_eq!(children("a/b", Name), ("y:69? x:1?".into(), true));
    assert_eq!(total(""), (76, true));
    assert_eq!(total("a/b"), (70, true));
    let stat = pool.stat(&source, b"a/b/x").unwrap();
    assert!(stat.imported && stat.stale && stat.scanned_at.is_none() && !stat.exhaustive);
    assert_eq!(stat.value.unwrap().file_count, 1);
    let no = pool.totals(&source, b"a/no").unwrap_err().reason;
    assert_eq!(no, Reason::NoFolder);

    // The root is listed: it tells the truth, and the counts stand in for the folders in it that are not.
    let all = tree();
    for listing in &all[..1] {
        push(&scan, batch(&[(listing, 0, listing.entries.len(), true)]));
    }
    fixture.index().settle().unwrap();
    assert_eq!(children("", Name), ("a:70? c:5? f:1".into(), true));
    assert_eq!(total(""), (1, false));
    assert_eq!(total("a"), (70, true));
    assert_eq!(children("a", Name), ("b:70?".into(), true));
    for listing in &all[1..2] {
        push(&scan, batch(&[(listing, 0, listing.entries.len(), true)]));
    }
    fixture.index().settle().unwrap();
    assert_eq!(children("", Name), ("a:0 c:5? f:1".into(), true));
    let gone = pool.children(&source, b"a/gone", &ChildrenOptions::default());
    assert_eq!(gone.unwrap_err().reason, Reason::NoFolder);
    for listing in &all[2..] {
        push(&scan, batch(&[(listing, 0, listing.entries.len(), true)]));
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(children("", Name), ("a:1 c:1 f:1".into(), false));
    assert_eq!(total(""), (3, false));
}

#[test]
fn a_database_that_was_put_back_gives_itself_away() {
    let mut fixture = Fixture::new();
    fixture.scan(&tree());
    fixture.index.take().unwrap().close().unwrap();
    let copy = std::fs::read(fixture.path()).unwrap();
    fixture.reopen();
    fixture.scan(&tree());
    let source = uuid(&fixture);
    let rolled_back = |fixture: &Fixture| {
        let pool = pool(&fixture.path());
        pool.totals(&source, b"").unwrap().rolled_back
    };
    assert!(!rolled_back(&fixture));
    fixture.index.take().unwrap().close().unwrap();
    std::fs::write(fixture.path(), copy).unwrap();
    assert!(rolled_back(&fixture));
}

#[test]
fn changes_come_by_folder_and_say_what_they_rest_on() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let mut next = tree();
    next[2] = listing("a/b", &[file("x", 2, 1), file("new", 1000, 1)], 1);
    next[3] = listing("c", &[file("y", 5, 1)], 1);
    fixture.scan(&next);
    // The third is cut short after c is gone.
    let cut = [listing("", &[dir("a"), file("f", 1, 1)], 1)];
    fixture.scan_as(spec(), &cut, Status::Cancelled);
    let (pool, source) = (pool(&fixture.path()), uuid(&fixture));
    let changes = |from, to, folder: &str, limit| {
        let options = aether_index::reader::ChangesOptions {
            folder: folder.into(),
            limit,
        };
        let changes = pool.changes(&source, from, to, &options).unwrap().value;
        let one = |change: &aether_index::reader::Change| {
            format!(
                "{}{} {:+} {:+} +{} -{} ~{}",
                String::from_utf8_lossy(&change.path),
                if change.gone { "!" } else { "" },
                change.bytes,
                change.file_count,
                change.added,
                change.removed,
                change.changed
            )
        };
        let folders: Vec<_> = changes.folders.iter().map(one).collect();
        let statuses: Vec<_> = changes.generations.iter().map(|one| one.status).collect();
        (folders, statuses, changes.pruned, changes.first_load)
    };
    let b = "a/b +1000 +1 +1 -0 ~0".to_owned();
    let c = "c +1 +0 +0 -0 ~1".to_owned();
    assert_eq!(
        changes(1, 2, "", 10),
        (vec![b.clone(), c.clone()], vec![1], false, false)
    );
    assert_eq!(changes(1, 2, "", 1).0, std::slice::from_ref(&b));
    assert_eq!(changes(1, 2, "c", 1).0, [c]);
    assert_eq!(changes(1, 2, "a/b", 9).0, std::slice::from_ref(&b));
    let (folders, statuses, pruned, _) = changes(2, 3, "", 10);
    assert_eq!(folders[0], "c! -5 -1 +0 -0 ~0");
    assert_eq!((statuses, pruned), (vec![scan_status::CANCELLED], false));
    // Over both, what c gained and lost is one.
    let (folders, statuses, ..) = changes(1, 3, "", 10);
    assert_eq!(folders[0], b);
    assert!(folders[1].starts_with("c! -4 -1"), "{folders:?}");
    assert_eq!(statuses, [1, 3]);
    assert!(changes(0, 1, "", 10).3);
    // The fourth has not begun.
    assert!(changes(2, 4, "", 10).2);
    for (from, to) in [(-1, 2), (3, 2)] {
        let error = pool.changes(&source, from, to, &Default::default());
        assert_eq!(error.unwrap_err().reason, Reason::Errno(22));
    }
}

/// This very program again, at one of the parts below.
struct Other {
    child: Child,
    told: ChildStdin,
    says: BufReader<std::process::ChildStdout>,
}

impl Other {
    fn start(part: &str, path: &Path) -> Other {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", part, "--nocapture", "--ignored"])
            .env("AETHER_TEST_INDEX", path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let told = child.stdin.take().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        Other { child, told, says }
    }

    /// The next line that is meant for us.
    fn hear(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.says.read_line(&mut line).unwrap(), 0, "it is gone");
            // The test harness may have begun a line of its own.
            if let Some((_, said)) = line.trim_end().split_once(": ")
                && line.contains("says: ")
            {
                return said.to_owned();
            }
        }
    }

    fn tell(&mut self) {
        self.told.write_all(b"\n").unwrap();
    }
}

fn given() -> PathBuf {
    std::env::var_os("AETHER_TEST_INDEX").unwrap().into()
}

fn say(what: impl std::fmt::Display) {
    println!("says: {what}");
}

fn wait() {
    std::io::stdin().read_exact(&mut [0]).unwrap();
}

#[test]
#[ignore = "a part of other tests, in a process of its own"]
fn begins_a_scan_and_waits() {
    let index = Index::open(&given(), OpenOptions::default()).unwrap();
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    say("begun");
    wait();
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

#[test]
#[ignore = "a part of other tests, in a process of its own"]
fn reads_until_it_is_told_to_stop() {
    let pool = pool(&given());
    let source = pool.sources().unwrap()[0].value.uuid.clone();
    say("reads");
    let stop = std::thread::spawn(wait);
    let mut pages = 0;
    let mut generations = std::collections::BTreeSet::new();
    while !stop.is_finished() {
        // Whatever is committed adds up, in one page as in another.
        let source = pool.source(&source).unwrap();
        generations.insert(source.value.generation);
        let options = ChildrenOptions::default();
        let page = pool.children(&source.value.uuid, b"", &options).unwrap();
        let counts = page.value.children.iter().map(|child| child.file_count);
        let sizes = page.value.children.iter().filter_map(|child| child.bytes);
        let (files, bytes): (i64, i64) = (counts.sum(), sizes.sum());
        assert_eq!(bytes, files * 3, "a page of two moments");
        assert!(!page.rolled_back);
        pages += 1;
    }
    say(format!("{pages} {}", generations.len()));
}

#[test]
fn a_scan_whose_writer_was_killed_reads_as_crashed() {
    let mut fixture = Fixture::new();
    fixture.scan(&tree());
    let source = uuid(&fixture);
    fixture.index.take().unwrap().close().unwrap();

    let mut other = Other::start("begins_a_scan_and_waits", &fixture.path());
    assert_eq!(other.hear(), "begun");
    let pool = pool(&fixture.path());
    let look = || -> Answer<Option<i64>> {
        let answer = pool.source(&source).unwrap();
        answer.map(|source| source.last_scan_status)
    };
    let running = look();
    assert!(running.scanning && running.stale);
    assert_eq!(running.value, Some(scan_status::RUNNING));
    other.child.kill().unwrap();
    other.child.wait().unwrap();
    // More than once: the first look finds out, the others remember.
    for _ in 0..3 {
        let crashed = look();
        assert!(!crashed.scanning && !crashed.stale && crashed.scanned_at.is_some());
        assert_eq!(crashed.value, Some(scan_status::CRASHED));
    }
    // Whatever it thinks of the lock, a reader never keeps a writer out for long.
    let sidecar = &pool.location().sidecar;
    assert!(!WriterLock::is_held(sidecar));
    let index = Index::open(&fixture.path(), OpenOptions::default()).unwrap();
    assert_eq!(look().value, Some(scan_status::CRASHED));
    index.close().unwrap();
}

#[test]
fn other_processes_read_whole_commits_while_this_one_writes() {
    let fixture = Fixture::new();
    // Each file has 3 bytes, so that sums of one moment agree; each scan has more of them.
    let tree = |files: usize| {
        let names: Vec<_> = (0..files).map(|at| file(&format!("f{at}"), 3, 1)).collect();
        vec![
            listing("", &[dir("d"), dir("e")], 1),
            listing("d", &names, 1),
            listing("e", &names[..files / 2], 1),
        ]
    };
    fixture.scan(&tree(1));
    let start = |_| Other::start("reads_until_it_is_told_to_stop", &fixture.path());
    let mut others: Vec<Other> = (0..3).map(start).collect();
    for other in &mut others {
        assert_eq!(other.hear(), "reads");
    }
    for files in 2..200 {
        fixture.scan(&tree(files));
    }
    // The shell is one more, and reads by the views.
    let shell = fixture.shell("SELECT sum(file_count) FROM scout_folders WHERE source_id = (SELECT uuid FROM sources) AND prefix = ''");
    assert_eq!(shell.trim_end(), (199 + 99).to_string());
    for mut other in others {
        other.tell();
        let said = other.hear();
        let (pages, generations) = said.split_once(' ').unwrap();
        assert!(pages.parse::<u64>().unwrap() > 0);
        assert!(generations.parse::<u64>().unwrap() > 1, "{said}");
        assert!(other.child.wait().unwrap().success());
    }
}
