//! What is read of entries beyond size and mtime, which is all that most scans ask for: out of their way, since each
//! further value costs time for every entry, whether it is wanted or not.

use std::ffi::CStr;

use rustix::fd::BorrowedFd;
use rustix::io::Errno;

use super::heartbeat::Heartbeat;
use crate::scan::{Scan, Slot};
use crate::slab::{Brief, Groups, Kind, Metadata};
use crate::sys::{self, Wanted};

/// The entry looked at last.
pub(super) struct More {
    wanted: Wanted,
    reads_targets: bool,
    counts_disk: bool,
    metadata: Metadata,
    target: Vec<u8>,
}

impl More {
    /// Nothing if a scan asks for no more than size and mtime.
    pub fn of(scan: &Scan) -> Option<More> {
        let groups = scan.options.metadata;
        (!Groups::METADATA.contains(groups)).then(|| More {
            wanted: scan.wanted_metadata,
            reads_targets: groups.contains(Groups::TARGET),
            counts_disk: groups.contains(Groups::DISK),
            metadata: Metadata::default(),
            target: Vec::new(),
        })
    }

    #[inline(never)]
    pub fn stat_at(
        &mut self,
        dir: BorrowedFd<'_>,
        name: &CStr,
        beat: &Heartbeat,
    ) -> Result<(Kind, Brief), Errno> {
        let (kind, metadata) = sys::stat_more_at(dir, name, self.wanted)?;
        self.metadata = metadata;
        self.target.clear();
        if self.reads_targets && kind == Kind::Symlink {
            beat.beat();
            self.target = sys::read_link_at(dir, name);
        }
        let Metadata { size, mtime, .. } = metadata;
        Ok((kind, Brief { size, mtime }))
    }

    /// Adds it to the entry that was added last, if it is known.
    #[inline(never)]
    pub fn add(&self, scan: &Scan, slot: &mut Slot, kind: Kind, is_known: bool, again: bool) {
        if !is_known {
            return slot.builder.rest(None);
        }
        slot.builder.rest(Some(&self.metadata));
        if !self.target.is_empty() {
            slot.builder.target(&self.target);
        }
        if self.counts_disk && !again {
            let disk = scan.disk_of(kind, &self.metadata);
            slot.counts.disk = slot.counts.disk.saturating_add(disk);
        }
    }
}
