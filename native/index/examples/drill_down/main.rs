//! How long a page of children takes, in a synthetic index: idle, and while a scan writes.
//!
//!     cargo run --release -p aether_index --example drill_down [ENTRIES] [DIRECTORY] [PAGES]
//!
//! One folder has 300,000 files, the others 100 each. Without a directory the index is made in a temporary one; one that is there
//! is used again. On a machine that does something else too, most of the highest times are waits for a processor: they are given
//! apart, and the bars are held against what is left.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod clock;
#[path = "../feed/mod.rs"]
mod feed;
mod tree;

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aether_index::reader::{
    BreakdownBy, ChildrenOptions, Cursor, LargestBy, Pool, PoolOptions, Sort, SortKey,
};
use aether_index::{Index, LogState, OpenOptions};
use clock::{HEAD, measure};
use tree::{Tree, UNREAD, scan_one_level};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let entries = arguments
        .next()
        .map_or(1_000_000, |text| text.parse().unwrap());
    let temporary = tempfile::tempdir().unwrap();
    let directory = arguments
        .next()
        .map_or(temporary.path().to_path_buf(), PathBuf::from);
    let pages = arguments
        .next()
        .map_or(20_000, |text| text.parse().unwrap());
    std::fs::create_dir_all(&directory).unwrap();
    let index = Index::open(&directory.join("index.db"), OpenOptions::default()).unwrap();
    let tree = Tree::of(entries);
    if Pool::open(&index.location().database, PoolOptions::default())
        .unwrap()
        .sources()
        .unwrap()
        .is_empty()
    {
        let since = Instant::now();
        let count = tree.scan(&index, 0, &AtomicBool::new(false));
        println!("{count} entries written in {:.1?}", since.elapsed());
        scan_one_level(&index);
    }
    let pool = Pool::new(
        index.location().clone(),
        index.gate().clone(),
        PoolOptions::default(),
    );
    let source = pool.sources().unwrap().remove(0).value;
    println!("{} files, {} bytes", source.file_count, source.bytes);
    let reader = Reader {
        pool,
        source: source.uuid,
        tree: &tree,
        log: index.log().clone(),
        longest_log: Cell::new(0),
        pages,
    };

    println!("\nidle\n{HEAD}");
    reader.all(Duration::from_millis(1));
    println!("\nwhile a scan changes every file\n{HEAD}");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut written = 0;
            for pass in 1.. {
                written += tree.scan(&index, pass, &stop);
                if stop.load(Ordering::Relaxed) {
                    return written;
                }
            }
            written
        });
        let since = Instant::now();
        reader.all(Duration::from_millis(5));
        let took = since.elapsed();
        stop.store(true, Ordering::Relaxed);
        let written = writer.join().unwrap() as f64;
        println!(
            "at the same time {:.0} entries a second were written, and the log had {} MB at most",
            written / took.as_secs_f64(),
            reader.longest_log.get() >> 20
        );
    });
    index.close().unwrap();
}

struct Reader<'a> {
    pool: Pool,
    source: String,
    tree: &'a Tree,
    log: Arc<LogState>,
    longest_log: Cell<u64>,
    pages: usize,
}

impl Reader<'_> {
    fn all(&self, bar: Duration) {
        let by_name = ChildrenOptions::default();
        let mut random = 1u64;
        let mut next = || {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            random >> 33
        };
        measure("200 by name, any folder", self.pages, Some(bar), || {
            let folder = self.tree.folder(next());
            self.children(&folder, &by_name);
        });
        measure("200 by name, root", self.pages, Some(bar), || {
            self.children(b"", &by_name);
        });
        measure("200 by name, 300,000 files", self.pages, Some(bar), || {
            self.children(b"wide", &by_name);
        });
        let mut after = None;
        measure("the next 200 of them", self.pages, Some(bar), || {
            let options = ChildrenOptions {
                after: after.take(),
                ..by_name.clone()
            };
            after = self.children(b"wide", &options);
        });
        let sources = self.pool.sources().unwrap();
        let mut sources = sources.into_iter().map(|source| source.value);
        let unread = sources.find(|source| source.root == UNREAD.as_bytes());
        if let Some(unread) = unread {
            measure("200 by name, 5,000 unread", self.pages, Some(bar), || {
                self.pool.children(&unread.uuid, b"", &by_name).unwrap();
            });
        }
        for key in [SortKey::Size, SortKey::Count, SortKey::Mtime] {
            let options = ChildrenOptions {
                sort: Sort::by(key),
                ..by_name.clone()
            };
            let name = format!("200 by {key:?}, 300,000 files");
            measure(
                &name,
                (self.pages / 100).max(5),
                Some(Duration::from_millis(60)),
                || {
                    self.children(b"wide", &options);
                },
            );
        }
        measure("totals", self.pages, None, || {
            let folder = self.tree.folder(next());
            self.pool.totals(&self.source, &folder).unwrap();
        });
        measure("largest 20", (self.pages / 1000).max(5), None, || {
            self.pool
                .largest(&self.source, b"", 20, LargestBy::Bytes)
                .unwrap();
        });
        for by in [BreakdownBy::Extension, BreakdownBy::Age] {
            let name = format!("breakdown by {by:?}");
            measure(&name, (self.pages / 1000).max(5), None, || {
                let never = AtomicBool::new(false);
                self.pool
                    .breakdown(&self.source, b"", by, 100, &never)
                    .unwrap();
            });
        }
    }

    fn children(&self, folder: &[u8], options: &ChildrenOptions) -> Option<Cursor> {
        let answer = self.pool.children(&self.source, folder, options).unwrap();
        let log = self.log.wal_bytes();
        self.longest_log.set(self.longest_log.get().max(log));
        answer.value.next
    }
}
