//! Entering a subdirectory: opening it, and whether it may be entered at all; the closing record of one that is not.

use std::ffi::{CStr, CString};
use std::sync::Arc;

use super::Worker;
use super::failure::is_exhaustion;
use super::listing::make_room;
use crate::dir::{Budget, Descriptor, Dir, Source, child_path_len, write_child_path};
use crate::evidence::{Proof, stamp};
use crate::frontier::Batch;
use crate::rules::Rules;
use crate::scan::Scan;
use crate::slab::status;
use crate::sys::{self, Mounted};
use crate::{Error, Identity, MountIdentity, Operation};

/// A subdirectory ready to be listed.
struct Opened {
    descriptor: Arc<Descriptor>,
    reader: sys::Reader,
    /// What it is, if that had to be asked.
    found: Option<Identity>,
    /// For an index, of a mount point.
    mount: Option<MountIdentity>,
    marks_end: bool,
}

impl Worker {
    /// Opens a subdirectory and lists it.
    pub(super) fn enter(
        &mut self,
        scan: &Arc<Scan>,
        parent: &Arc<Dir>,
        name: CString,
        last: bool,
    ) -> Option<Batch> {
        let opened = self.retrying(scan, |worker| worker.open_child(scan, parent, &name));
        if last {
            drop(parent.let_go());
        }
        let Opened {
            descriptor,
            reader,
            found,
            mount,
            marks_end,
        } = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.close_unread(scan, parent, &name, self.status_of(scan, error), None);
                return None;
            }
        };
        if let Some(status) = self.why_not_enter(scan, parent, found) {
            self.close_unread(scan, parent, &name, status, mount);
            return None;
        }
        let rules = self.rules_of(scan, parent, &name, &descriptor);
        let dir = Dir::child(parent, name, found, parent.depth + 1, rules, marks_end);
        let source = Arc::new(Source { descriptor, reader });
        {
            let mut listing = dir.listing.lock();
            listing.source = Some(source.clone());
            listing.working = 1;
            if scan.options.evidence.is_some() {
                listing.proof = Some(Proof::begin(source.descriptor.fd(), mount));
            }
        }
        self.list(scan, &dir, &source)
    }

    /// The status of a mount point that is not entered.
    fn why_not_enter(
        &self,
        scan: &Scan,
        parent: &Arc<Dir>,
        found: Option<Identity>,
    ) -> Option<u32> {
        // Under `same_file_system` the start lies on the root's, or nothing beneath it is entered.
        let device = scan.start.get()?.identity()?.device;
        why_not_enter(scan, device, parent, found?, &self.shared.budget)
    }

    /// The rules in a subdirectory; a file of rules that cannot be read is an error of the scan.
    fn rules_of(
        &mut self,
        scan: &Scan,
        parent: &Dir,
        name: &CStr,
        descriptor: &Descriptor,
    ) -> Option<Arc<Rules>> {
        let above = parent.rules.as_ref()?;
        let mut path = Vec::new();
        write_child_path(parent, name.to_bytes(), &mut path);
        let mut complaints = Vec::new();
        let rules = self.retrying(scan, |_| {
            let (rules, said) = above.enter(descriptor.fd(), &path);
            complaints = said;
            match complaints.iter().find(|error| is_exhaustion(error)) {
                Some(error) => Err(error.clone()),
                None => Ok(rules),
            }
        });
        self.complain(scan, complaints);
        Some(rules.unwrap_or_else(|_| above.clone()))
    }

    #[inline(always)]
    fn open_child(&mut self, scan: &Scan, parent: &Arc<Dir>, name: &CStr) -> Result<Opened, Error> {
        let failed = |errno| Error::from_errno(errno, Operation::Open, &child_path(parent, name));
        let budget = &self.shared.budget;
        if !parent.is_held() {
            scan.frontier.lock().taken_up();
        }
        let above = parent.reach(budget).map_err(failed)?;
        let (fd, mounted) = sys::open_unless_mounted(above.fd(), name).map_err(failed)?;
        let plain = mounted == Mounted::No;
        let descriptor = Descriptor::new(fd, budget);
        drop(above);
        let marks_end = if plain {
            parent.marks_end
        } else {
            sys::marks_end(descriptor.fd())
        };
        let reader = sys::Reader::new(descriptor.fd(), marks_end).map_err(failed)?;
        // A subvolume is a file system of its own and no mount point.
        let ask = !plain || scan.options.same_file_system;
        let found = if ask {
            Some(sys::stat_fd(descriptor.fd()).map_err(failed)?.identity)
        } else {
            None
        };
        let mount = match (scan.options.evidence, plain) {
            (Some(_), false) => mount_of(&descriptor, mounted, parent.identity(), found),
            _ => None,
        };
        Ok(Opened {
            descriptor,
            reader,
            found,
            mount,
            marks_end,
        })
    }

    /// The closing record of a directory that was not entered.
    pub(super) fn close_unread(
        &self,
        scan: &Scan,
        parent: &Dir,
        name: &CStr,
        status: u32,
        mount: Option<MountIdentity>,
    ) {
        let Some(slot) = scan.slot(self.number, false) else {
            return;
        };
        let mut slot = slot.lock();
        make_room(scan, &mut slot, child_path_len(parent, name));
        slot.builder
            .open(|path| write_child_path(parent, name.to_bytes(), path));
        if scan.options.evidence.is_some() {
            slot.builder.attest(stamp(), mount);
        }
        slot.builder.close(status);
        if scan.is_due(&slot.builder) {
            scan.emit(&mut slot);
        }
    }
}

/// The status of a directory that is not entered: it lies on another file system than the root, which is on `device`, or
/// is one of its own ancestors.
pub(super) fn why_not_enter(
    scan: &Scan,
    device: u64,
    parent: &Arc<Dir>,
    found: Identity,
    budget: &Arc<Budget>,
) -> Option<u32> {
    if scan.options.same_file_system && found.device != device {
        Some(status::OTHER_FILE_SYSTEM)
    } else if parent.is_beneath(found, budget) {
        Some(status::LOOP)
    } else {
        None
    }
}

fn child_path(parent: &Dir, name: &CStr) -> Vec<u8> {
    let mut path = Vec::new();
    write_child_path(parent, name.to_bytes(), &mut path);
    path
}

/// The identity of a mount point, if it is one. Where the kernel does not tell, another device number does.
pub(super) fn mount_of(
    descriptor: &Descriptor,
    mounted: Mounted,
    above: Option<Identity>,
    found: Option<Identity>,
) -> Option<MountIdentity> {
    let other = mounted == Mounted::Yes || above?.device != found?.device;
    other.then(|| sys::mount_identity(descriptor.fd()).ok())?
}
