//! How long a page of changes takes where very many folders have changed.
//!
//!     cargo run --release -p aether_index --example changes [FOLDERS]
//!
//! Scans a tree that is on no disk again and again, 13 folders of 100 folders of others with a file in each: with some of the
//! files changed, without these folders, with them again. Prints the first and the longest page of 100 changes between two of these
//! scans, and how many pages there are; no more than 40 are read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod feed;

use std::time::Instant;

use aether_core::Status;
use aether_core::slab::{Kind, Metadata};
use aether_index::reader::{ChangesOptions, Pool, PoolOptions};
use aether_index::{Index, OpenOptions, ScanCounts, ScanSpec};
use feed::Feed;

const TOPS: usize = 13;
const MIDDLES: usize = 100;
/// Maximum number of pages.
const PAGES: usize = 40;

fn main() {
    let folders: usize = std::env::args()
        .nth(1)
        .map_or(1_314_314, |text| text.parse().unwrap());
    let leaves = (folders / TOPS / MIDDLES).max(1) - 1;
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(&directory.path().join("index.db"), OpenOptions::default()).unwrap();
    let pool = Pool::new(
        index.location().clone(),
        index.gate().clone(),
        PoolOptions::default(),
    );
    let all = TOPS * MIDDLES * leaves;
    let mut sizes = vec![10_u64; all];
    let mut scan = |tops, middles, changed: &dyn Fn(usize) -> bool| {
        let sizes_now = sizes.iter_mut().enumerate();
        sizes_now.for_each(|(at, size)| *size += u64::from(changed(at)));
        scan(&index, (tops, middles, leaves), &sizes);
    };
    let last = all / 20;
    scan(TOPS, MIDDLES, &|_| false);
    scan(TOPS, MIDDLES, &|_| true);
    measure(&pool, (1, 2), "every folder changed, by size");
    scan(TOPS, MIDDLES, &|at| at % 10 == 0);
    scan(TOPS, MIDDLES, &|at| at % 100 == 0);
    scan(TOPS, MIDDLES, &|at| at % (all / 10).max(1) == 0);
    scan(TOPS, MIDDLES, &|at| at + last >= all);
    scan(TOPS, MIDDLES, &|_| false);
    let at_the_end = "5 % of the folders, all at the end of the tree";
    measure(&pool, (1, 2), "every folder changed, by path");
    measure(&pool, (2, 3), "10 % of the folders, all over the tree");
    measure(&pool, (3, 4), "1 %, all over the tree");
    measure(&pool, (4, 5), "10 folders");
    measure(&pool, (5, 6), at_the_end);
    measure(&pool, (6, 7), "none");
    scan(TOPS, 0, &|_| false);
    measure(
        &pool,
        (1, 8),
        "every folder changed, then all removed, as one pair, still being deleted",
    );
    index.settle().unwrap();
    measure(&pool, (5, 6), &format!("{at_the_end}, and removed since"));
    measure(&pool, (7, 8), "all removed, as 1,300 trees, by size");
    measure(
        &pool,
        (1, 8),
        "every folder changed, then all removed, as one pair",
    );
    scan(TOPS, MIDDLES, &|_| false);
    measure(
        &pool,
        (7, 8),
        "all removed, as 1,300 trees, and made again since, by path",
    );
    measure(&pool, (7, 9), "all removed and made again, as one pair");
    scan(0, 0, &|_| false);
    index.settle().unwrap();
    measure(&pool, (9, 10), "all removed, as 13 trees, by size");
    index.close().unwrap();
}

fn measure(pool: &Pool, (from, to): (i64, i64), what: &str) {
    let source = pool.sources().unwrap().remove(0).value.uuid;
    let mut options = ChangesOptions {
        limit: 100,
        ..ChangesOptions::default()
    };
    let (mut times, mut folders) = (Vec::new(), 0);
    while times.len() < PAGES {
        let since = Instant::now();
        let page = pool.changes(&source, from, to, &options);
        times.push(since.elapsed().as_secs_f64() * 1000.0);
        let page = match page {
            Ok(page) => page.value,
            Err(error) => return println!("{what}: {:.1} ms, {error}", times[0]),
        };
        folders += page.folders.len();
        options.after = page.next;
        if options.after.is_none() {
            break;
        }
    }
    let longest = times.iter().copied().fold(0.0, f64::max);
    let more = if options.after.is_some() {
        " and more"
    } else {
        ""
    };
    println!(
        "{what}: first {:.1} ms, longest {longest:.1} ms; {folders} folders on {} pages{more}",
        times[0],
        times.len()
    );
}

/// Folders of folders of folders with a file each, of these sizes.
fn scan(index: &Index, (tops, middles, leaves): (usize, usize, usize), sizes: &[u64]) {
    let spec = ScanSpec {
        root: b"/no/such/root".to_vec(),
        ..ScanSpec::default()
    };
    let scan = index.begin(spec, Box::new(|_| {})).unwrap();
    let mut feed = Feed::new(&scan);
    let mut sizes = sizes.iter();
    let folder = |at: usize| entry(format!("f{at:04}"), Kind::Directory, 0);
    feed.listing("", (0..tops).map(folder));
    for top in 0..tops {
        let top = format!("f{top:04}");
        feed.listing(&top, (0..middles).map(folder));
        for middle in 0..middles {
            let middle = format!("{top}/f{middle:04}");
            feed.listing(&middle, (0..leaves).map(folder));
            for leaf in 0..leaves {
                let file = entry("file".to_owned(), Kind::File, *sizes.next().unwrap());
                feed.listing(&format!("{middle}/f{leaf:04}"), std::iter::once(file));
            }
        }
    }
    feed.flush();
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

fn entry(name: String, kind: Kind, size: u64) -> (String, Kind, Metadata) {
    let mtime = 1_700_000_000_000_000_000 + size as i64;
    let metadata = Metadata {
        size,
        mtime,
        ..Metadata::default()
    };
    (name, kind, metadata)
}
