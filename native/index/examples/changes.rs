//! How long a page of changes takes where very many folders have changed.
//!
//!     cargo run --release -p aether_index --example changes [FOLDERS]
//!
//! Scans a tree that is on no disk, 13 folders of 100 folders of others, with a file in each of these: as it is, again with every
//! file changed, without anything, and once more. Prints how many pages of 100 there are between the generations (no more than 40
//! are read), the longest of them, the first, and what the last one had.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::time::{Duration, Instant};

use aether_core::Status;
use aether_core::slab::{Builder, Kind, Metadata};
use aether_index::reader::{ChangesOptions, Pool, PoolOptions};
use aether_index::{Batch, Index, OpenOptions, PushError, ScanCounts, ScanSpec, ScanWriter};

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
    scan(&index, 1, 10, TOPS, leaves);
    scan(&index, 2, 25, TOPS, leaves);
    measure(&pool, (1, 2), "every folder changed, by size");
    scan(&index, 3, 25, 0, leaves);
    measure(
        &pool,
        (1, 3),
        "then everything removed, and still being deleted",
    );
    index.settle().unwrap();
    measure(&pool, (1, 3), "then everything removed, as one pair");
    measure(&pool, (1, 2), "every folder changed, by path");
    measure(&pool, (2, 3), "everything removed");
    scan(&index, 4, 25, TOPS, leaves);
    measure(&pool, (2, 4), "everything removed and made again");
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

fn scan(index: &Index, pass: u64, size: u64, tops: usize, leaves: usize) {
    let spec = ScanSpec {
        root: b"/no/such/root".to_vec(),
        ..ScanSpec::default()
    };
    let scan = index.begin(spec, Box::new(|_| {})).unwrap();
    let mut feed = Feed {
        scan: &scan,
        builder: Builder::new(0, true),
        stamps: Vec::new(),
        clock: pass << 40,
    };
    let folder = |at: usize| (format!("f{at:04}"), Kind::Directory, 0);
    feed.listing("", (0..tops).map(folder));
    for top in 0..tops {
        let top = format!("f{top:04}");
        feed.listing(&top, (0..MIDDLES).map(folder));
        for middle in 0..MIDDLES {
            let middle = format!("{top}/f{middle:04}");
            feed.listing(&middle, (0..leaves).map(folder));
            for leaf in 0..leaves {
                let file = ("file".to_owned(), Kind::File, size);
                feed.listing(&format!("{middle}/f{leaf:04}"), std::iter::once(file));
            }
        }
    }
    feed.flush();
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

struct Feed<'a> {
    scan: &'a ScanWriter,
    builder: Builder,
    stamps: Vec<u64>,
    clock: u64,
}

impl Feed<'_> {
    fn listing(&mut self, path: &str, entries: impl Iterator<Item = (String, Kind, u64)>) {
        self.clock += 1;
        self.builder
            .open(|bytes| bytes.extend_from_slice(path.as_bytes()));
        self.stamps.push(self.clock);
        for (name, kind, size) in entries {
            let mtime = 1_700_000_000_000_000_000 + size as i64;
            let metadata = Metadata { size, mtime };
            self.builder.entry(name.as_bytes(), kind, Some(metadata));
        }
        self.builder.close(1);
        if self.builder.entries() >= 1000 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let mut batch = Batch {
            slab: vec![0; self.builder.encoded_len()],
            stamps: std::mem::take(&mut self.stamps),
            mounts: Vec::new(),
        };
        self.builder.encode_into(&mut batch.slab);
        self.builder.clear();
        while let Err(error) = self.scan.push(batch) {
            match error {
                PushError::Full(back) => batch = back,
                PushError::Ended(error) => panic!("{error}"),
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}
