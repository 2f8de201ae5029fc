//! A running scan as the writer knows it, and its open listings.

use std::collections::HashMap;
use std::sync::Arc;

use aether_core::MountIdentity;
use aether_core::slab::{Groups, Slab, status};

use super::listing::Listing;
use crate::batch::Batch;
use crate::error::{Error, Operation, Reason};
use crate::writer::apply::job::{ListingJob, ListingPiece};
use crate::writer::command::ScanShared;
use crate::writer::options::OnPersisted;
use crate::writer::proof::scope::Scope;
use crate::writer::tree::hash::PathHasher;

/// Maximum number of bytes of all open listings of a scan; beyond, the longest goes in pieces.
const MAX_OPEN: usize = 6 << 20;

pub(in crate::writer) struct Scan {
    pub shared: Arc<ScanShared>,
    pub on_persisted: OnPersisted,
    pub source: i64,
    /// Its row in `scans`.
    pub row: i64,
    pub folder: Vec<u8>,
    pub depth: Option<u32>,
    pub is_whole: bool,
    /// Identity of the directory where it starts, if that is a mount point: its records need not
    /// say so.
    pub start: Option<MountIdentity>,
    pub scope: Scope,
    open: HashMap<Vec<u8>, OpenListing, PathHasher>,
    /// Further readings of directories that are in `open`.
    others: Vec<(Vec<u8>, OpenListing)>,
    /// A directory kept changing, so that there is or will be another listing of it.
    pub reads_twice: bool,
    /// A batch came without sizes on disk.
    pub lacks_disk: bool,
    /// Batches to report with the next commit.
    pub batches: u32,
    /// Entries to report with the next commit.
    pub entries: u64,
}

#[derive(Default)]
struct OpenListing {
    stamp: u64,
    mount: Option<MountIdentity>,
    device: u32,
    subvolume: Option<MountIdentity>,
    listing: Listing,
    /// Its number, once it goes in pieces.
    number: Option<i64>,
}

/// Memory for listings to come, and numbers for long ones.
#[derive(Default)]
pub(in crate::writer) struct ListingPool {
    pub spare: Vec<Listing>,
    last_number: i64,
}

impl Scan {
    pub fn new(shared: Arc<ScanShared>, on_persisted: OnPersisted, source: i64, row: i64) -> Scan {
        Scan {
            shared,
            on_persisted,
            source,
            row,
            folder: Vec::new(),
            depth: None,
            is_whole: false,
            start: None,
            scope: Scope::default(),
            open: HashMap::default(),
            others: Vec::new(),
            reads_twice: false,
            lacks_disk: false,
            batches: 0,
            entries: 0,
        }
    }

    /// Takes a batch apart. Listings that it closes, and pieces of those that are too long, become
    /// jobs.
    pub fn take(
        &mut self,
        key: u64,
        batch: &Batch,
        pool: &mut ListingPool,
        jobs: &mut Vec<ListingJob>,
    ) -> Result<(), Error> {
        let bad = |detail: String| Error::new(Reason::BadSlab, Operation::Write, &[]).with(detail);
        let slab = Slab::decode(&batch.slab).map_err(|error| bad(error.to_string()))?;
        if !slab.groups().contains(Groups::METADATA) {
            return Err(bad("no size and mtime".to_owned()));
        }
        self.lacks_disk |= !slab.groups().contains(Groups::DISK);
        if slab.record_count() != batch.stamps.len() {
            return Err(bad("not one stamp for each record".to_owned()));
        }
        let mut mounts = batch.mounts.iter().peekable();
        let mut subvolumes = batch.subvolumes.iter().peekable();
        let mut devices = batch.devices.iter();
        let mut entries = slab.entries();
        for ((record, at), stamp) in slab.records().zip(0..).zip(&batch.stamps) {
            let mount = mounts
                .next_if(|(index, _)| *index == at)
                .map(|(_, identity)| *identity)
                .or(self.start.filter(|_| record.path == self.folder));
            self.reads_twice |= record.status == status::CHANGING;
            let mut open = self.continue_listing(record.path, *stamp, pool);
            open.mount = open.mount.or(mount);
            let subvolume = subvolumes.next_if(|(index, _)| *index == at);
            open.subvolume = open.subvolume.or(subvolume.map(|(_, identity)| *identity));
            open.device = devices.next().copied().unwrap_or_default();
            if let Some(identity) = open.mount.or(open.subvolume) {
                let devices = &mut self.scope.devices;
                devices.meet(record.path, open.device, &identity);
            }
            open.listing.reserve(record.entries.len());
            for entry in entries.by_ref().take(record.entries.len()) {
                open.listing.push(&entry, slab.groups(), open.device);
            }
            if record.status != status::MORE {
                jobs.push(open.into_job(key, record.path.to_vec(), record.status));
            } else {
                if open.listing.is_long() {
                    jobs.push(open.split_off(key, record.path, pool));
                }
                self.open.insert(record.path.to_vec(), open);
            }
        }
        self.bound_memory(key, pool, jobs);
        Ok(())
    }

    /// The listing that a record continues, or a new one. Another stamp means another reading of
    /// the directory.
    fn continue_listing(&mut self, path: &[u8], stamp: u64, pool: &mut ListingPool) -> OpenListing {
        // Hashing a long path takes time.
        if !self.open.is_empty()
            && let Some(open) = self.open.remove(path)
        {
            if open.stamp == stamp {
                return open;
            }
            self.reads_twice = true;
            self.others.push((path.to_vec(), open));
        }
        let is_it = |(other, open): &(Vec<u8>, OpenListing)| other == path && open.stamp == stamp;
        if let Some(at) = self.others.iter().position(is_it) {
            return self.others.swap_remove(at).1;
        }
        OpenListing {
            stamp,
            listing: pool.spare.pop().unwrap_or_default(),
            ..OpenListing::default()
        }
    }

    fn bound_memory(&mut self, key: u64, pool: &mut ListingPool, jobs: &mut Vec<ListingJob>) {
        let others = self.others.iter().map(|(_, open)| open);
        let all = self.open.values().chain(others);
        let mut held: usize = all.map(|open| open.listing.memory()).sum();
        while held > MAX_OPEN {
            let others = self.others.iter_mut().map(|(path, open)| (&*path, open));
            let longest = self.open.iter_mut().chain(others);
            let longest = longest.max_by_key(|(_, open)| open.listing.memory());
            let Some((path, open)) = longest else { return };
            let memory = open.listing.memory();
            if open.listing.len() == 0 {
                open.listing = Listing::default();
            } else {
                let path = path.clone();
                jobs.push(open.split_off(key, &path, pool));
            }
            held = held.saturating_sub(memory);
        }
    }

    /// Turns listings that are still open into jobs, when the scan is over: they were cut short.
    pub fn cut_short(&mut self, key: u64, jobs: &mut Vec<ListingJob>) {
        for (path, open) in self.others.drain(..).chain(self.open.drain()) {
            jobs.push(open.into_job(key, path, status::MORE));
        }
    }
}

impl OpenListing {
    /// For a listing that is complete, or its last piece.
    fn into_job(self, scan: u64, path: Vec<u8>, status: u32) -> ListingJob {
        let piece = self.number.map(|number| ListingPiece {
            number,
            is_last: true,
        });
        ListingJob {
            scan,
            path,
            stamp: self.stamp,
            mount: self.mount,
            device: self.device,
            subvolume: self.subvolume,
            status,
            listing: self.listing,
            piece,
            deleted: None,
            deleting: None,
            read_ahead: None,
            has_waited: false,
        }
    }

    /// For the entries that have come so far.
    fn split_off(&mut self, scan: u64, path: &[u8], pool: &mut ListingPool) -> ListingJob {
        let number = *self.number.get_or_insert_with(|| {
            pool.last_number += 1;
            pool.last_number
        });
        ListingJob {
            scan,
            path: path.to_vec(),
            stamp: self.stamp,
            mount: self.mount,
            device: self.device,
            subvolume: self.subvolume,
            status: status::MORE,
            listing: std::mem::replace(&mut self.listing, pool.spare.pop().unwrap_or_default()),
            piece: Some(ListingPiece {
                number,
                is_last: false,
            }),
            deleted: None,
            deleting: None,
            read_ahead: None,
            has_waited: false,
        }
    }
}
