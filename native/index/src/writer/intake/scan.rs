//! A scan as the writer knows it while it runs, and the listings that it has open.

use aether_core::path::split;
use std::collections::HashMap;
use std::sync::Arc;

use aether_core::slab::{Slab, status};

use crate::batch::Batch;
use crate::error::{Error, Operation, Reason};
use crate::writer::apply::job::{ListingJob, ListingPiece};
use crate::writer::intake::listing::Listing;
use crate::writer::options::OnPersisted;
use crate::writer::proof::mounts::Mounts;
use crate::writer::scan_writer::Shared;
use crate::writer::tree::hash::Keyed;
use aether_core::MountIdentity;

/// Bytes of all open listings of a scan, beyond which the longest goes on in pieces.
const MAX_OPEN: usize = 6 << 20;

pub(in crate::writer) struct Scan {
    pub shared: Arc<Shared>,
    pub on_persisted: OnPersisted,
    pub source: i64,
    /// Its row in `scans`.
    pub row: i64,
    pub folder: Vec<u8>,
    pub depth: Option<u32>,
    pub whole: bool,
    /// What it starts at, if that is a mount point: its records need not say so.
    pub start: Option<MountIdentity>,
    pub mounts: Mounts,
    /// The directory that holds the index, and the names of its files.
    pub own_files: Option<(Vec<u8>, Vec<Vec<u8>>)>,
    open: HashMap<Vec<u8>, OpenListing, Keyed>,
    /// Other readings of directories that are open.
    others: Vec<(Vec<u8>, OpenListing)>,
    /// A directory kept changing, so that there is or will be another listing of it.
    pub reads_twice: bool,
    /// Batches and entries to report with the next commit.
    pub batches: u32,
    pub entries: u64,
}

#[derive(Default)]
struct OpenListing {
    stamp: u64,
    mount: Option<MountIdentity>,
    listing: Listing,
    /// Once it goes in pieces: its number, and how many there were.
    number: Option<i64>,
}

/// Memory of listings that are done with.
pub(in crate::writer) type Spare = Vec<Listing>;

impl Scan {
    pub fn new(shared: Arc<Shared>, on_persisted: OnPersisted, source: i64, row: i64) -> Scan {
        Scan {
            shared,
            on_persisted,
            source,
            row,
            folder: Vec::new(),
            depth: None,
            whole: false,
            start: None,
            mounts: Mounts::default(),
            own_files: None,
            open: HashMap::default(),
            others: Vec::new(),
            reads_twice: false,
            batches: 0,
            entries: 0,
        }
    }

    /// Takes a batch apart. Listings that are closed by it, or too long, become jobs.
    pub fn take(
        &mut self,
        key: u64,
        batch: &Batch,
        spare: &mut Spare,
        numbers: &mut i64,
        jobs: &mut Vec<ListingJob>,
    ) -> Result<(), Error> {
        let bad = |detail: String| Error::new(Reason::BadSlab, Operation::Write, &[]).with(detail);
        let slab = Slab::decode(&batch.slab).map_err(|error| bad(error.to_string()))?;
        if !slab.has_metadata() {
            return Err(bad("no size and mtime".to_owned()));
        }
        if slab.record_count() != batch.stamps.len() {
            return Err(bad("not one stamp for each record".to_owned()));
        }
        let mut mounts = batch.mounts.iter().peekable();
        let mut entries = slab.entries();
        for ((record, at), stamp) in slab.records().zip(0..).zip(&batch.stamps) {
            let mount = mounts
                .next_if(|(index, _)| *index == at)
                .map(|(_, identity)| *identity)
                .or(self.start.filter(|_| record.path == self.folder));
            self.reads_twice |= record.status == status::CHANGING;
            let mut open = self.continue_listing(record.path, *stamp, spare);
            open.mount = open.mount.or(mount);
            open.listing.reserve(record.entries.len());
            for entry in entries.by_ref().take(record.entries.len()) {
                open.listing.push(&entry);
            }
            if record.status != status::MORE {
                jobs.push(open.into_job(key, record.path.to_vec(), record.status));
            } else {
                if open.listing.is_large() {
                    jobs.push(open.split_off(key, record.path, spare, numbers));
                }
                self.open.insert(record.path.to_vec(), open);
            }
        }
        self.bound_memory(key, spare, numbers, jobs);
        Ok(())
    }

    /// The listing that a record goes on with, or a new one. Another stamp is another reading of the directory.
    fn continue_listing(&mut self, path: &[u8], stamp: u64, spare: &mut Spare) -> OpenListing {
        // Long paths take their time to hash.
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
            listing: spare.pop().unwrap_or_default(),
            ..OpenListing::default()
        }
    }

    fn bound_memory(
        &mut self,
        key: u64,
        spare: &mut Spare,
        numbers: &mut i64,
        jobs: &mut Vec<ListingJob>,
    ) {
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
                jobs.push(open.split_off(key, &path, spare, numbers));
            }
            held = held.saturating_sub(memory);
        }
    }

    /// The scan is over: what is still open was cut short.
    pub fn cut_short(&mut self, key: u64, jobs: &mut Vec<ListingJob>) {
        for (path, open) in self.others.drain(..).chain(self.open.drain()) {
            jobs.push(open.into_job(key, path, status::MORE));
        }
    }

    /// Names of the index's own files, if they lie in this directory.
    pub fn own_names(&self, path: &[u8]) -> &[Vec<u8>] {
        match &self.own_files {
            Some((directory, own)) if directory == path => own,
            _ => &[],
        }
    }

    /// The name of the directory that holds the index, if it lies in this one.
    pub fn holder(&self, path: &[u8]) -> Option<&[u8]> {
        let (directory, _) = self.own_files.as_ref()?;
        let (parent, name) = split(directory);
        (parent == path && !directory.is_empty()).then_some(name)
    }
}

impl OpenListing {
    /// All that comes of it has come.
    fn into_job(self, scan: u64, path: Vec<u8>, status: u32) -> ListingJob {
        let piece = self
            .number
            .map(|number| ListingPiece { number, last: true });
        ListingJob {
            scan,
            path,
            stamp: self.stamp,
            mount: self.mount,
            status,
            listing: self.listing,
            piece,
            swept: None,
            sweeping: None,
            looked: None,
            has_waited: false,
        }
    }

    /// Hands on what has come so far.
    fn split_off(
        &mut self,
        scan: u64,
        path: &[u8],
        spare: &mut Spare,
        numbers: &mut i64,
    ) -> ListingJob {
        let number = *self.number.get_or_insert_with(|| {
            *numbers += 1;
            *numbers
        });
        ListingJob {
            scan,
            path: path.to_vec(),
            stamp: self.stamp,
            mount: self.mount,
            status: status::MORE,
            listing: std::mem::replace(&mut self.listing, spare.pop().unwrap_or_default()),
            piece: Some(ListingPiece {
                number,
                last: false,
            }),
            swept: None,
            sweeping: None,
            looked: None,
            has_waited: false,
        }
    }
}
