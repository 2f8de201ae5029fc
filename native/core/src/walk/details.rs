//! What is read of entries beyond size and mtime, which is all that most scans ask for, and looking out for mounts that
//! hang: out of the way of most scans, since each further value costs time for every entry, whether it is wanted or not.

use std::ffi::CStr;
use std::sync::Arc;

use rustix::io::Errno;

use super::heartbeat::Heartbeat;
use super::read::{Reading, note_stat};
use crate::pool::Shared;
use crate::scan::{Scan, Slot};
use crate::slab::{Groups, Kind, Metadata, SizeAndTime};
use crate::sys::{self, Wanted};

/// The entry looked at last.
pub(super) struct Details {
    wanted: Wanted,
    reads_targets: bool,
    counts_disk: bool,
    /// Where mounts hang, if any do.
    wary: Option<Arc<Shared>>,
    metadata: Metadata,
    target: Vec<u8>,
}

impl Details {
    /// Nothing if a scan asks for no more than size and mtime, and no mount hangs.
    #[inline(always)]
    pub fn of(scan: &Scan, shared: &Arc<Shared>) -> Option<Box<Details>> {
        let is_wary = shared.hung.is_any();
        let is_needed = is_wary || !Groups::METADATA.contains(scan.read());
        is_needed.then(|| Details::new(scan, is_wary.then_some(shared)))
    }

    #[cold]
    fn new(scan: &Scan, wary: Option<&Arc<Shared>>) -> Box<Details> {
        let groups = scan.options.metadata;
        Box::new(Details {
            wanted: scan.wanted_metadata(),
            reads_targets: groups.contains(Groups::TARGET),
            counts_disk: groups.contains(Groups::DISK),
            wary: wary.map(Arc::clone),
            metadata: Metadata::default(),
            target: Vec::new(),
        })
    }

    /// Looks at an entry of `kind`, by the listing, in the directory at `path`.
    #[inline(never)]
    pub fn stat_at(
        &mut self,
        reading: &Reading<'_>,
        path: &[u8],
        name: &CStr,
        kind: Kind,
        beat: &Heartbeat,
    ) -> Result<(Kind, SizeAndTime), Errno> {
        let fd = reading.fd;
        // Only a directory is likely to be a mount that hangs.
        let may_hang = matches!(kind, Kind::Directory | Kind::Unknown);
        let wary = self.wary.as_ref().filter(|_| may_hang);
        if wary.is_some_and(|shared| shared.hung.refuses_look(fd, name)) {
            return Err(Errno::TIMEDOUT);
        }
        let (kind, metadata) = sys::stat_more_at(fd, name, self.wanted)?;
        if let Some(shared) = wary {
            shared.hung.has_answered_look(fd, name);
        }
        self.metadata = metadata;
        self.target.clear();
        if self.reads_targets && kind == Kind::Symlink {
            beat.beat();
            match sys::read_link_at(fd, name) {
                Ok(target) => self.target = target,
                Err(errno) if reading.again || is_no_link(errno) => {}
                Err(errno) => note_stat(reading.scan, path, name.to_bytes(), errno),
            }
        }
        let Metadata { size, mtime, .. } = metadata;
        Ok((kind, SizeAndTime { size, mtime }))
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

/// Whether a link is gone, or something else has taken its place.
pub(super) fn is_no_link(errno: Errno) -> bool {
    matches!(errno, Errno::NOENT | Errno::INVAL)
}
