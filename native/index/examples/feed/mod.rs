//! Sends listings of a tree that is on no disk to an index, in batches as a walker sends them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aether_core::slab::{Builder, Groups, Kind, Metadata, status};
use aether_index::{Batch, PushError, ScanWriter};

/// Entries of a batch.
const BATCH: usize = 1000;

/// The stamp of the last listing.
static STAMP: AtomicU64 = AtomicU64::new(0);

pub struct Feed<'a> {
    scan: &'a ScanWriter,
    builder: Builder,
    stamps: Vec<u64>,
    /// The device that everything lies on; 0 if it is not known.
    pub device: u32,
}

impl<'a> Feed<'a> {
    pub fn new(scan: &'a ScanWriter) -> Feed<'a> {
        Feed {
            scan,
            builder: Builder::new(0, Groups::INDEXED),
            stamps: Vec::new(),
            device: 0,
        }
    }

    pub fn listing(&mut self, path: &str, entries: impl Iterator<Item = (String, Kind, Metadata)>) {
        let stamp = STAMP.fetch_add(1, Ordering::Relaxed) + 1;
        let mut is_open = false;
        for (name, kind, metadata) in entries {
            if !is_open {
                self.open(path, stamp);
                is_open = true;
            }
            self.builder.entry(name.as_bytes(), kind, Some(&metadata));
            if self.builder.entries() >= BATCH {
                self.flush();
                is_open = false;
            }
        }
        if !is_open {
            self.open(path, stamp);
        }
        self.builder.close(status::COMPLETE);
        if self.builder.entries() >= BATCH {
            self.flush();
        }
    }

    fn open(&mut self, path: &str, stamp: u64) {
        self.builder
            .open(|bytes| bytes.extend_from_slice(path.as_bytes()));
        self.stamps.push(stamp);
    }

    /// Sends what has not been sent yet.
    pub fn flush(&mut self) {
        let mut batch = Batch {
            slab: vec![0; self.builder.encoded_len()],
            devices: vec![self.device; self.stamps.len()],
            stamps: std::mem::take(&mut self.stamps),
            ..Batch::default()
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
