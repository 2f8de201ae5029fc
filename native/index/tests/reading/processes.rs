//! Readers in other processes, and a writer that is killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use aether_core::Status;
use aether_index::reader::ChildrenOptions;
use aether_index::{Answer, Index, OpenOptions, ScanCounts, WriterLock, scan_status};

use crate::support::*;
use crate::{elsewhere, tree};

/// This very program again, at one of the parts below.
struct Other {
    child: Child,
    told: ChildStdin,
    says: BufReader<std::process::ChildStdout>,
}

impl Other {
    fn start(part: impl Fn(), path: &Path) -> Other {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test_name(&part), "--nocapture", "--ignored"])
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
    let pool = elsewhere(&given());
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
    let source = fixture.uuid();
    fixture.index.take().unwrap().close().unwrap();

    let mut other = Other::start(begins_a_scan_and_waits, &fixture.path());
    assert_eq!(other.hear(), "begun");
    let pool = elsewhere(&fixture.path());
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
    let start = |_| Other::start(reads_until_it_is_told_to_stop, &fixture.path());
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
