//! How long a page of children takes, in a synthetic index: idle, and while a scan writes.
//!
//!     cargo run --release -p aether_index --example drill_down [ENTRIES] [DIRECTORY]
//!
//! One folder has 300,000 files, the others 100 each. Without a directory the index is made in a temporary one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aether_core::Status;
use aether_core::slab::{Builder, Kind, Metadata};
use aether_index::reader::{
    ChildrenOptions, Cursor, LargestOptions, Pool, PoolOptions, Sort, SortKey,
};
use aether_index::{Batch, Index, OpenOptions, PushError, ScanCounts, ScanSpec, ScanWriter};

const WIDE: usize = 300_000;
const FILES: usize = 100;
const FOLDERS: usize = 100;
const PAGES: usize = 20_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let entries = arguments
        .next()
        .map_or(1_000_000, |text| text.parse().unwrap());
    let temporary = tempfile::tempdir().unwrap();
    let directory = arguments
        .next()
        .map_or(temporary.path().to_path_buf(), PathBuf::from);
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
    };

    println!("\nidle                              p50        p99        max");
    reader.all(Duration::from_millis(1));
    println!("\nwhile a scan changes every file   p50        p99        max");
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
            "meanwhile {:.0} entries a second were written",
            written / took.as_secs_f64()
        );
    });
    index.close().unwrap();
}

/// A root of folders of folders of files, and one wide one.
struct Tree {
    tops: usize,
}

impl Tree {
    fn of(entries: usize) -> Tree {
        let beneath = entries.saturating_sub(WIDE);
        Tree {
            tops: beneath.div_ceil(FOLDERS * FILES).max(1),
        }
    }

    fn folder(&self, number: u64) -> Vec<u8> {
        let number = number as usize % (self.tops * FOLDERS);
        format!("top-{:05}/folder-{:03}", number / FOLDERS, number % FOLDERS).into_bytes()
    }

    /// Every pass has other sizes and times. Gives the number of entries written.
    fn scan(&self, index: &Index, pass: u64, stop: &AtomicBool) -> u64 {
        let spec = ScanSpec {
            root: b"/no/such/root".to_vec(),
            ..ScanSpec::default()
        };
        let scan = index.begin(spec, Box::new(|_| {})).unwrap();
        let mut feed = Feed {
            scan: &scan,
            pass,
            builder: Builder::new(0, true),
            stamps: Vec::new(),
        };
        let folder = |at: usize| (format!("top-{at:05}"), Kind::Directory);
        let wide = [("wide".to_owned(), Kind::Directory)].into_iter();
        feed.listing("", (0..self.tops).map(folder).chain(wide));
        for top in 0..self.tops {
            let path = format!("top-{top:05}");
            let folder = |at| (format!("folder-{at:03}"), Kind::Directory);
            feed.listing(&path, (0..FOLDERS).map(folder));
            for at in 0..FOLDERS {
                let file = |at| (format!("some file {at:03}.txt"), Kind::File);
                feed.listing(&format!("{path}/folder-{at:03}"), (0..FILES).map(file));
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        let status = if stop.load(Ordering::Relaxed) {
            Status::Cancelled
        } else {
            let file = |at| (format!("photograph-{at:07}.jpeg"), Kind::File);
            feed.listing("wide", (0..WIDE).map(file));
            Status::Complete
        };
        feed.flush();
        while status == Status::Complete && index.stalled().is_some() {
            std::thread::yield_now();
        }
        let shared = scan.persisted();
        scan.end(status, ScanCounts::default()).unwrap();
        shared
    }
}

static CLOCK: AtomicU64 = AtomicU64::new(1);

struct Feed<'a> {
    scan: &'a ScanWriter,
    pass: u64,
    builder: Builder,
    stamps: Vec<u64>,
}

impl Feed<'_> {
    fn listing(&mut self, path: &str, entries: impl Iterator<Item = (String, Kind)>) {
        let stamp = CLOCK.fetch_add(1, Ordering::Relaxed);
        let mut open = false;
        for (at, (name, kind)) in entries.enumerate() {
            if !open {
                self.open(path, stamp);
                open = true;
            }
            let number = (at as u64).wrapping_mul(0x9e37_79b9) ^ self.pass;
            let metadata = Metadata {
                size: number % 1_000_003,
                mtime: 1_700_000_000_000_000_000 + (number % 1_000_033) as i64,
            };
            self.builder.entry(name.as_bytes(), kind, Some(metadata));
            if self.builder.entries() >= 1000 {
                self.flush();
                open = false;
            }
        }
        if !open {
            self.open(path, stamp);
        }
        self.builder.close(1);
        if self.builder.entries() >= 1000 {
            self.flush();
        }
    }

    fn open(&mut self, path: &str, stamp: u64) {
        self.builder
            .open(|bytes| bytes.extend_from_slice(path.as_bytes()));
        self.stamps.push(stamp);
    }

    fn flush(&mut self) {
        let mut batch = Batch {
            slab: vec![0; self.builder.encoded_len()],
            stamps: std::mem::take(&mut self.stamps),
            mounts: Vec::new(),
        };
        self.builder.encode_into(&mut batch.slab);
        self.builder.clear();
        loop {
            match self.scan.push(batch) {
                Ok(()) => return,
                Err(PushError::Full(back)) => batch = back,
                Err(PushError::Ended(error)) => panic!("{error}"),
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}

struct Reader<'a> {
    pool: Pool,
    source: String,
    tree: &'a Tree,
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
        measure("200 by name, any folder", PAGES, Some(bar), || {
            let folder = self.tree.folder(next());
            self.children(&folder, &by_name);
        });
        measure("200 by name, root", PAGES, Some(bar), || {
            self.children(b"", &by_name);
        });
        measure("200 by name, 300,000 files", PAGES, Some(bar), || {
            self.children(b"wide", &by_name);
        });
        let mut after = None;
        measure("the next 200 of them", PAGES, Some(bar), || {
            let options = ChildrenOptions {
                after: after.take(),
                ..by_name.clone()
            };
            after = self.children(b"wide", &options);
        });
        for key in [SortKey::Size, SortKey::Count, SortKey::Mtime] {
            let options = ChildrenOptions {
                sort: Sort::by(key),
                ..by_name.clone()
            };
            let name = format!("200 by {key:?}, 300,000 files");
            measure(&name, 40, Some(Duration::from_millis(60)), || {
                self.children(b"wide", &options);
            });
        }
        measure("totals", PAGES, None, || {
            let folder = self.tree.folder(next());
            self.pool.totals(&self.source, &folder).unwrap();
        });
        measure("largest 20", 20, None, || {
            let options = LargestOptions::default();
            self.pool.largest(&self.source, b"", &options).unwrap();
        });
    }

    fn children(&self, folder: &[u8], options: &ChildrenOptions) -> Option<Cursor> {
        let answer = self.pool.children(&self.source, folder, options).unwrap();
        answer.value.next
    }
}

fn measure(what: &str, times: usize, bar: Option<Duration>, mut act: impl FnMut()) {
    act();
    let one = |_| {
        let since = Instant::now();
        act();
        since.elapsed()
    };
    let mut all: Vec<Duration> = (0..times).map(one).collect();
    all.sort();
    let (p50, p99) = (all[times / 2], all[times * 99 / 100]);
    let verdict = match bar {
        Some(bar) if p99 >= bar => format!("over {bar:?}"),
        Some(bar) => format!("under {bar:?}"),
        None => String::new(),
    };
    let ms = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1000.0);
    println!(
        "{what:<28} {:>10} {:>10} {:>10}  {verdict}",
        ms(p50),
        ms(p99),
        ms(all[times - 1])
    );
}
