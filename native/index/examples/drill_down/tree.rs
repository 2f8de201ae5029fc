//! A tree that is on no disk: listings as a walker would send them, every pass with other sizes and times.

use std::sync::atomic::{AtomicBool, Ordering};

use aether_core::Status;
use aether_core::slab::{Kind, Metadata};
use aether_index::{Index, ScanCounts, ScanSpec};

use crate::feed::Feed;

const WIDE: usize = 300_000;
const FILES: usize = 100;
const FOLDERS: usize = 100;

/// A root of folders of folders of files, and one wide one.
pub struct Tree {
    tops: usize,
}

impl Tree {
    pub fn of(entries: usize) -> Tree {
        let beneath = entries.saturating_sub(WIDE);
        Tree {
            tops: beneath.div_ceil(FOLDERS * FILES).max(1),
        }
    }

    pub fn folder(&self, number: u64) -> Vec<u8> {
        let number = number as usize % (self.tops * FOLDERS);
        format!("top-{:05}/folder-{:03}", number / FOLDERS, number % FOLDERS).into_bytes()
    }

    /// Every pass has other sizes and times. Gives the number of entries written.
    pub fn scan(&self, index: &Index, pass: u64, stop: &AtomicBool) -> u64 {
        let spec = ScanSpec {
            root: b"/no/such/root".to_vec(),
            ..ScanSpec::default()
        };
        let scan = index.begin(spec, Box::new(|_| {})).unwrap();
        let mut feed = Feed::new(&scan);
        let folder = |at: usize| (format!("top-{at:05}"), Kind::Directory);
        let wide = [("wide".to_owned(), Kind::Directory)].into_iter();
        feed.listing("", known(pass, (0..self.tops).map(folder).chain(wide)));
        for top in 0..self.tops {
            let path = format!("top-{top:05}");
            let folder = |at| (format!("folder-{at:03}"), Kind::Directory);
            feed.listing(&path, known(pass, (0..FOLDERS).map(folder)));
            for at in 0..FOLDERS {
                let file = |at| (format!("some file {at:03}.txt"), Kind::File);
                let path = format!("{path}/folder-{at:03}");
                feed.listing(&path, known(pass, (0..FILES).map(file)));
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        let status = if stop.load(Ordering::Relaxed) {
            Status::Cancelled
        } else {
            let file = |at| (format!("photograph-{at:07}.jpeg"), Kind::File);
            feed.listing("wide", known(pass, (0..WIDE).map(file)));
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

/// Another root, of which only the first level was listed: all of its folders are unread.
pub const UNREAD: &str = "/no/such/root of unread folders";

pub fn scan_one_level(index: &Index) {
    let spec = ScanSpec {
        root: UNREAD.into(),
        depth: Some(1),
        ..ScanSpec::default()
    };
    let scan = index.begin(spec, Box::new(|_| {})).unwrap();
    let mut feed = Feed::new(&scan);
    let folder = |at| (format!("folder-{at:05}"), Kind::Directory);
    feed.listing("", known(0, (0..5000).map(folder)));
    feed.flush();
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

/// Adds sizes and times, other ones in every pass.
fn known(
    pass: u64,
    entries: impl Iterator<Item = (String, Kind)>,
) -> impl Iterator<Item = (String, Kind, Metadata)> {
    entries.enumerate().map(move |(at, (name, kind))| {
        let number = (at as u64).wrapping_mul(0x9e37_79b9) ^ pass;
        let metadata = Metadata {
            size: number % 1_000_003,
            disk: number % 1_000_003 / 4096 * 4096,
            mtime: 1_700_000_000_000_000_000 + (number % 1_000_033) as i64,
            ..Metadata::default()
        };
        (name, kind, metadata)
    })
}
