//! What the totals of a root cost after very many expansions of folders beneath it.
//!
//!     cargo run --release -p aether_index --example expansions [EXPANSIONS]
//!
//! Scans a tree that is on no disk, 1,000 folders of 100 files, then folders of it by themselves, one after the other. One line:
//! the median of `totals` before and afterwards, in ms, and what an expansion took.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod feed;

use std::time::{Duration, Instant};

use aether_core::Status;
use aether_core::slab::{Kind, Metadata};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, OpenOptions, ScanCounts, ScanSpec};
use feed::Feed;

const FOLDERS: usize = 1000;
const FILES: usize = 100;

fn main() {
    let expansions: usize = std::env::args()
        .nth(1)
        .map_or(100_000, |text| text.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(&directory.path().join("index.db"), OpenOptions::default()).unwrap();
    scan(&index, "", None, |feed| {
        feed.listing(
            "",
            (0..FOLDERS).map(|at| entry(&folder(at), Kind::Directory)),
        );
        (0..FOLDERS).for_each(|at| list(feed, at));
    });
    let (location, gate) = (index.location().clone(), index.gate().clone());
    let pool = Pool::new(location, gate, PoolOptions::default());
    let source = pool.sources().unwrap().remove(0).value.uuid;
    let before = totals(&pool, &source);
    let since = Instant::now();
    for turn in 0..expansions {
        let at = turn % FOLDERS;
        scan(&index, &folder(at), Some(1), |feed| list(feed, at));
    }
    let each = since.elapsed() / expansions.max(1) as u32;
    let after = totals(&pool, &source);
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "expansions={expansions} before_ms={:.3} after_ms={:.3} expansion_ms={:.3}",
        ms(before),
        ms(after),
        ms(each)
    );
    index.close().unwrap();
}

fn folder(at: usize) -> String {
    format!("folder-{at:04}")
}

fn entry(name: &str, kind: Kind) -> (String, Kind, Metadata) {
    let known = Metadata {
        size: 100,
        disk: 4096,
        ..Metadata::default()
    };
    (name.to_owned(), kind, known)
}

fn list(feed: &mut Feed<'_>, at: usize) {
    let files = (0..FILES).map(|file| entry(&format!("file-{file:03}.txt"), Kind::File));
    feed.listing(&folder(at), files);
}

fn scan(index: &Index, folder: &str, depth: Option<u32>, list: impl FnOnce(&mut Feed<'_>)) {
    let spec = ScanSpec {
        root: b"/no/such/root".to_vec(),
        folder: folder.into(),
        depth,
        ..ScanSpec::default()
    };
    let scan = index.begin(spec, Box::new(|_| {})).unwrap();
    let mut feed = Feed::new(&scan);
    list(&mut feed);
    feed.flush();
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

/// The median of many.
fn totals(pool: &Pool, source: &str) -> Duration {
    let mut times: Vec<Duration> = (0..201)
        .map(|_| {
            let since = Instant::now();
            let answer = pool.totals(source, b"").unwrap();
            assert_eq!(answer.value.file_count, (FOLDERS * FILES) as i64);
            since.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}
