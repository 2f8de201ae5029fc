//! Power failures: a writer's system calls are recorded and replayed up to some moment. Writes that
//! no fsync had made durable are dropped at random or torn in the middle. What is found then is
//! consistent; the last batches may be missing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use aether_core::Status;
use aether_index::{Index, OpenOptions, ScanCounts, ScanSpec};
use support::*;

/// Bytes that a disk writes atomically.
const SECTOR: usize = 512;

fn listings(round: u64) -> Vec<Listing> {
    let names: Vec<_> = (round..round + 30)
        .map(|at| dir(&format!("d{at}")))
        .collect();
    let mut listings = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (round..round + 40)
            .map(|at| file(&format!("file {at}"), round, 1))
            .collect();
        listings.push(listing(std::str::from_utf8(name).unwrap(), &files, 1));
    }
    listings
}

fn scan(path: &Path, rounds: std::ops::Range<u64>, expands: bool) {
    let options = OpenOptions {
        batch_entries: 200,
        wal_soft: 150_000,
        wal_rest: 50_000,
        wal_rest_after: Duration::ZERO,
        ..OpenOptions::default()
    };
    let index = Index::open(path, options).unwrap();
    for round in rounds {
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        for listing in listings(round) {
            push_whole(&scan, &listing);
        }
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        if expands {
            expand(&index, round);
        }
    }
    index.close().unwrap();
}

/// Expands some folders whose files have changed.
fn expand(index: &Index, round: u64) {
    let later = listings(round + 1);
    for listing in later.iter().skip(1).take(8) {
        let expansion = ScanSpec {
            folder: listing.path.clone(),
            depth: Some(1),
            ..spec()
        };
        let scan = index.begin(expansion, Box::new(|_| {})).unwrap();
        push_whole(&scan, listing);
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
    }
}

/// What was done to a file.
#[derive(Debug)]
enum Call {
    Write {
        at: u64,
        bytes: Vec<u8>,
    },
    Truncate(u64),
    Sync,
    /// A sync that failed: what was written before it is lost unless it is written again.
    Failed,
}

/// Reads what `strace -y -xx` wrote: name of the file, call.
fn calls(trace: &str) -> Vec<(String, Call)> {
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((name, rest)) = line
            .split_once(' ')
            .and_then(|(_, call)| call.trim_start().split_once('('))
        else {
            continue;
        };
        let Some((file, rest)) = rest
            .split_once('<')
            .and_then(|(_, rest)| rest.split_once('>'))
        else {
            continue;
        };
        let file = unescape(file);
        let file = String::from_utf8_lossy(&file);
        let Some(file) = file
            .rsplit('/')
            .next()
            .filter(|name| name.starts_with("index.db") && !name.ends_with("-shm"))
        else {
            continue;
        };
        assert!(
            !line.contains("unfinished") && !line.contains("resumed"),
            "{line:.200}"
        );
        let call = match name {
            "pwrite64" => {
                let (_, rest) = rest.split_once('"').unwrap();
                let (bytes, rest) = rest.split_once('"').unwrap();
                assert!(rest.starts_with(','), "cut off: {rest:.50}");
                let at = rest.trim_start_matches(", ").split(", ").nth(1).unwrap();
                let at = at.split(')').next().unwrap().parse().unwrap();
                Call::Write {
                    at,
                    bytes: unescape(bytes),
                }
            }
            "ftruncate" => {
                let length = rest.trim_start_matches(", ").split(')').next().unwrap();
                Call::Truncate(length.parse().unwrap())
            }
            "fsync" | "fdatasync" if rest.contains("EIO") => Call::Failed,
            "fsync" | "fdatasync" => Call::Sync,
            _ => continue,
        };
        calls.push((file.to_owned(), call));
    }
    calls
}

fn unescape(text: &str) -> Vec<u8> {
    match text.strip_prefix("\\x") {
        Some(rest) => rest
            .split("\\x")
            .map(|digits| u8::from_str_radix(digits, 16).unwrap())
            .collect(),
        None => text.as_bytes().to_vec(),
    }
}

/// Whether the effect of each call is durable: the next sync of its file did not fail.
fn lasting(calls: &[(String, Call)]) -> Vec<bool> {
    let mut next: BTreeMap<&str, bool> = BTreeMap::new();
    let mut lasting = Vec::new();
    for (name, call) in calls.iter().rev() {
        match call {
            Call::Sync => next.insert(name, true),
            Call::Failed => next.insert(name, false),
            Call::Write { .. } | Call::Truncate(_) => None,
        };
        lasting.push(next.get(name.as_str()).copied().unwrap_or(false));
    }
    lasting.reverse();
    lasting
}

/// The files as they may be found if power failed right after these calls. `lost` is how many
/// percent of the writes that may be lost are lost, of the database and of its log.
fn crash(
    start: &BTreeMap<String, Vec<u8>>,
    calls: &[(String, Call)],
    lost: (usize, usize),
    dice: &mut Dice,
) -> BTreeMap<String, Vec<u8>> {
    let mut files = start.clone();
    let lasting = lasting(calls);
    for (at, (name, call)) in calls.iter().enumerate() {
        let lasts = lasting[at];
        let lost = if name == "index.db" { lost.0 } else { lost.1 };
        let file = files.entry(name.clone()).or_default();
        match call {
            Call::Sync | Call::Failed => {}
            Call::Truncate(length) => {
                if lasts || dice.below(100) >= lost {
                    file.resize(*length as usize, 0);
                }
            }
            Call::Write { at, bytes } => {
                for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                    // The new length may be durable without the bytes.
                    if lasts || dice.below(100) >= lost {
                        let from = *at as usize + number * SECTOR;
                        let to = from + sector.len();
                        file.resize(file.len().max(to), 0);
                        file[from..to].copy_from_slice(sector);
                    }
                }
            }
        }
    }
    files
}

/// What exists before calls are recorded.
fn start(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |name: &str| {
        let bytes = fs::read(path.with_file_name(name));
        (name.to_owned(), bytes.unwrap_or_default())
    };
    BTreeMap::from(["index.db", "index.db-wal", "index.db-writer"].map(read))
}

/// Opens the files: they have whole batches, up to some earlier moment. Then a scan completes them.
/// Returns the generation that was found.
fn check(files: &BTreeMap<String, Vec<u8>>, what: &str) -> String {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("index.db");
    for (name, bytes) in files {
        fs::write(place.path().join(name), bytes).unwrap();
    }
    let index = Index::open(&path, OpenOptions::default())
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(shell(&path, "PRAGMA integrity_check"), "ok\n", "{what}");
    check_clean(&path);
    recount(&path);
    let generation = shell(&path, "SELECT generation FROM sources");
    index.close().unwrap();
    scan(&path, 9..10, false);
    assert_eq!(stored(&path), expected(&listings(9)));
    generation
}

/// One thread at a time does any of these, so that no call is cut in two.
const TRACED: &str = "trace=pwrite64,ftruncate,fsync,fdatasync";

#[test]
fn unsynced_writes_may_be_lost_and_nothing_is_torn() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        scan(Path::new(&path), 1..5, true);
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index.db");
    scan(&path, 0..1, false);
    let start = start(&path);
    let trace = directory.path().join("trace");
    let mut command = strace::under_strace(
        unsynced_writes_may_be_lost_and_nothing_is_torn,
        &trace,
        &["-y", "-xx", "-s", "70000", "-e", TRACED],
        &[("INDEX_TO_WRITE", path.as_os_str())],
    );
    let status = command.output().unwrap().status;
    assert!(status.success(), "strace has to be there");
    let calls = calls(&fs::read_to_string(&trace).unwrap());
    let syncs = calls
        .iter()
        .filter(|(_, call)| matches!(call, Call::Sync))
        .count();
    assert!(
        calls.len() > 100 && syncs > 4,
        "{} calls, {syncs} syncs",
        calls.len()
    );
    let mut dice = Dice(7);
    let (mut generations, rounds) = (BTreeMap::new(), if is_full() { 400 } else { 60 });
    for round in 0..rounds {
        let moment = 1 + dice.below(calls.len());
        // Each time other writes are lost: all that may be, none, or some.
        let lost = [0, 10, 50, 90, 100][dice.below(5)];
        let files = crash(&start, &calls[..moment], (lost, lost), &mut dice);
        let generation = check(&files, &format!("round {round}, after {moment} calls"));
        *generations.entry(generation).or_insert(0) += 1;
    }
    assert!(
        generations.len() > 2,
        "always the same was found: {generations:?}"
    );
}

/// Scans while a sync fails, which shows only in its being tried again.
fn scan_nevertheless(path: &Path) {
    let options = OpenOptions {
        batch_entries: 200,
        wal_soft: 150_000,
        ..OpenOptions::default()
    };
    let index = Index::open(path, options).unwrap();
    for round in 1..4 {
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        for listing in listings(round) {
            push_whole(&scan, &listing);
        }
        let _ = scan.end(Status::Complete, ScanCounts::default());
    }
    let _ = index.close();
}

/// A sync of the database fails and its writes are lost: the log still has them.
#[test]
fn a_log_does_not_start_over_while_the_database_could_not_be_synced() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        return scan_nevertheless(Path::new(&path));
    }
    let (mut failures, mut dice) = (0, Dice(7));
    for number in 2..if is_full() { 30 } else { 14 } {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index.db");
        scan(&path, 0..1, false);
        let start = start(&path);
        let trace = directory.path().join("trace");
        let inject = format!("inject=fdatasync,fsync:error=EIO:when={number}");
        let mut command = strace::under_strace(
            a_log_does_not_start_over_while_the_database_could_not_be_synced,
            &trace,
            &["-y", "-xx", "-s", "70000", "-e", TRACED, "-e", &inject],
            &[("INDEX_TO_WRITE", path.as_os_str())],
        );
        command.output().unwrap();
        let calls = calls(&fs::read_to_string(&trace).unwrap());
        let is_failed =
            |(name, call): &(String, Call)| name == "index.db" && matches!(call, Call::Failed);
        let Some(failed) = calls.iter().position(is_failed) else {
            continue;
        };
        failures += 1;
        let later = &calls[failed + 1..];
        let synced = later
            .iter()
            .position(|(name, call)| name == "index.db" && matches!(call, Call::Sync));
        let until = synced.unwrap_or(later.len());
        for part in 0..4 {
            let moment = failed + 1 + until * part / 4 + 3.min(until);
            let files = crash(
                &start,
                &calls[..moment.min(calls.len())],
                (100, 0),
                &mut dice,
            );
            check(
                &files,
                &format!("sync {number} failed, after {moment} calls"),
            );
        }
    }
    assert!(failures > 0, "no sync of the database failed");
}
