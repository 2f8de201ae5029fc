//! What names of inodes with several names cost: to write them, and to remove a folder that is full of them.
//!
//!     cargo run --release -p aether_index --example links [NAMES]
//!
//! Writes trees that are on no disk, six levels deep, with NAMES files in each of two folders. With 100 files in a directory:
//! once as files with one name each, once as inodes with a name in each folder, of which the second folder then goes. With six
//! in a directory: as files with one name each, as inodes with two, and as six inodes that have a name in every directory. One
//! line: processor time of the writer's thread for each linked name beyond that of a file with one name, in µs; of the removal,
//! the time until totals are without the folder, that until all of its rows are deleted, processor time, in s, the longest time
//! from one commit to the next, and the longest read of totals between, in ms.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod feed;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aether_core::Status;
use aether_core::slab::{Kind, Metadata};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, MountIdentity, OpenOptions, ScanCounts, ScanSpec};
use feed::Feed;

const DEVICE: u32 = 1;
/// Where the two folders lie.
const LEVELS: [&str; 3] = ["srv", "backup", "daily"];
const FOLDERS: [&str; 2] = ["keep", "leave"];

/// What is written.
#[derive(Clone, Copy)]
struct Layout {
    /// Files in each of the two folders.
    names: u64,
    /// Files in a directory.
    files: u64,
    /// Names that each inode has.
    nlink: u64,
}

fn main() {
    let names: u64 = std::env::args()
        .nth(1)
        .map_or(300_000, |text| text.parse().unwrap());
    let names = names.next_multiple_of(300);
    let layout = |files, nlink| Layout {
        names,
        files,
        nlink,
    };
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let commits = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&commits);
    let on_commit = move |_: &[i64]| seen.lock().unwrap().push(Instant::now());
    let options = OpenOptions {
        on_commit: Some(Arc::new(on_commit)),
        ..OpenOptions::default()
    };
    let single = write(&path("single.db"), layout(100, 1));
    let mut removal = None;
    let linked = write_with(&path("linked.db"), options, layout(100, 2), |index| {
        removal = Some(remove(index, names, &commits));
    });
    let small = |nlink| write(&path(&format!("small_{nlink}.db")), layout(6, nlink));
    let (alone, pairs, farm) = (small(1), small(2), small(names / 3));
    let each = |linked: Duration, single| {
        (linked.saturating_sub(single)).as_secs_f64() * 1e6 / (2 * names) as f64
    };
    let (of_two, of_many) = (each(pairs, alone), each(farm, alone));
    let [gone, deleted, processor, commit, read] = removal.unwrap();
    let (s, ms) = (Duration::as_secs_f64, |time: &Duration| {
        time.as_secs_f64() * 1e3
    });
    println!(
        "names={} single_s={:.2} linked_s={:.2} us_a_linked_name={:.2} us_a_name_of_2={of_two:.2} us_a_name_of_{}={of_many:.2} removed={names} gone_s={:.3} deleted_s={:.2} processor_s={:.2} longest_commit_ms={:.1} longest_read_ms={:.1}",
        2 * names,
        s(&single),
        s(&linked),
        each(linked, single),
        names / 3,
        s(&gone),
        s(&deleted),
        s(&processor),
        ms(&commit),
        ms(&read),
    );
}

fn write(path: &Path, layout: Layout) -> Duration {
    write_with(path, OpenOptions::default(), layout, |_| ())
}

/// Processor time of a first scan.
fn write_with(
    path: &Path,
    options: OpenOptions,
    layout: Layout,
    then: impl FnOnce(&Index),
) -> Duration {
    let Layout {
        names,
        files,
        nlink,
    } = layout;
    let inodes = 2 * names / nlink;
    let index = Index::open(path, options).unwrap();
    // Its thread has a name by now.
    index.settle().unwrap();
    let before = processor();
    scan(&index, "", None, |feed| {
        let mut above = String::new();
        for name in LEVELS {
            feed.listing(&above, [folder(name)].into_iter());
            above = [above.as_str(), name]
                .join("/")
                .trim_start_matches('/')
                .to_owned();
        }
        feed.listing(&above, FOLDERS.map(folder).into_iter());
        for (name, number) in FOLDERS.into_iter().zip(0..) {
            let above = format!("{above}/{name}");
            feed.listing(
                &above,
                (0..names / files).map(|at| folder(&format!("{at:06}"))),
            );
            for at in 0..names / files {
                let first = number * names + at * files;
                let listed = (first..first + files).map(|name| file(name, name % inodes, nlink));
                feed.listing(&format!("{above}/{at:06}"), listed);
            }
        }
    });
    let spent = processor() - before;
    let rows = index.with_connection(|db| {
        let count = db.query_row("SELECT count(*) FROM links", (), |row| row.get::<_, i64>(0));
        Ok(count.unwrap())
    });
    // Each directory has at most one name of an inode.
    let expected = if nlink > 1 { 2 * names } else { 0 };
    assert_eq!(rows.unwrap(), expected as i64, "linked names");
    then(&index);
    index.close().unwrap();
    spent
}

/// Time until it is gone from totals, until all is deleted, processor time, the longest time between two commits, and the
/// longest read.
fn remove(index: &Index, names: u64, commits: &Mutex<Vec<Instant>>) -> [Duration; 5] {
    let (location, gate) = (index.location().clone(), index.gate().clone());
    let pool = Pool::new(location, gate, PoolOptions::default());
    let source = pool.sources().unwrap().remove(0).value.uuid;
    let files = || pool.totals(&source, b"").unwrap().value.file_count;
    assert_eq!(files(), 2 * names as i64);
    // The log is in the database.
    index.settle().unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let reading = threads.spawn(|| {
            let mut longest = Duration::ZERO;
            while !is_over.load(Ordering::Relaxed) {
                let since = Instant::now();
                files();
                longest = longest.max(since.elapsed());
                std::thread::sleep(Duration::from_micros(200));
            }
            longest
        });
        commits.lock().unwrap().clear();
        let (before, since) = (processor(), Instant::now());
        let above = LEVELS.join("/");
        scan(index, &above, Some(1), |feed| {
            feed.listing(&above, [folder(FOLDERS[0])].into_iter());
        });
        assert_eq!(files(), names as i64);
        let gone = since.elapsed();
        index.settle().unwrap();
        let (deleted, spent) = (since.elapsed(), processor() - before);
        is_over.store(true, Ordering::Relaxed);
        let read = reading.join().unwrap();
        let mut times = vec![since];
        times.extend(commits.lock().unwrap().iter());
        let between = times.windows(2).map(|pair| pair[1] - pair[0]);
        [gone, deleted, spent, between.max().unwrap(), read]
    })
}

fn scan(index: &Index, folder: &str, depth: Option<u32>, list: impl FnOnce(&mut Feed<'_>)) {
    let spec = ScanSpec {
        root: b"/made/up".to_vec(),
        folder: folder.into(),
        depth,
        root_device: DEVICE,
        root_identity: Some(MountIdentity {
            inode: 2,
            birth: Some(1),
            file_system: None,
        }),
        ..ScanSpec::default()
    };
    let scan = index.begin(spec, Box::new(|_| ())).unwrap();
    let mut feed = Feed::new(&scan);
    feed.device = DEVICE;
    list(&mut feed);
    feed.flush();
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

fn folder(name: &str) -> (String, Kind, Metadata) {
    (name.to_owned(), Kind::Directory, known(1, 1))
}

fn file(name: u64, inode: u64, nlink: u64) -> (String, Kind, Metadata) {
    (
        format!("file-{:03}.dat", name % 300),
        Kind::File,
        known(1000 + inode, nlink as u32),
    )
}

fn known(inode: u64, nlink: u32) -> Metadata {
    Metadata {
        size: 3000,
        mtime: 1_700_000_000_000_000_000 + inode as i64 * 1_000_003,
        disk: 4096,
        inode,
        device: DEVICE,
        nlink,
        ..Metadata::default()
    }
}

/// Processor time of the writer's thread so far.
fn processor() -> Duration {
    let is_writer = |task: &PathBuf| {
        let name = std::fs::read_to_string(task.join("comm")).unwrap_or_default();
        name.trim() == "aether-index"
    };
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let tasks = tasks.map(|task| task.unwrap().path()).filter(is_writer);
    // One that has closed its index may not have ended yet.
    let number = |task: &PathBuf| task.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = tasks.max_by_key(number).unwrap();
    let times = std::fs::read_to_string(newest.join("schedstat")).unwrap();
    Duration::from_nanos(times.split_whitespace().next().unwrap().parse().unwrap())
}
