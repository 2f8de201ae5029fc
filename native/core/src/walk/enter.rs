//! Entering a subdirectory: opening it, and whether it may be entered at all; the closing record of one that is not.

use std::sync::Arc;

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};

use super::Worker;
use super::failure::is_exhaustion;
use super::listing::{Fresh, make_room};
use crate::dir::{Budget, Dir, Facts};
use crate::evidence::{Proof, stamp};
use crate::frontier::Batch;
use crate::rules::Rules;
use crate::scan::Scan;
use crate::slab::status;
use crate::sys::{self, Mounted};
use crate::{Error, Identity, MountIdentity, Operation};

/// A subdirectory that was opened.
struct Opened {
    fd: OwnedFd,
    reader: sys::Reader,
    /// What it is, if that had to be asked.
    found: Option<Identity>,
    /// For an index, of a mount point.
    mount: Option<MountIdentity>,
    marks_end: bool,
}

impl Worker {
    /// Opens the subdirectory in hand and lists it.
    pub(super) fn enter(&mut self, scan: &Arc<Scan>, last: bool) -> Option<Batch> {
        let parent = self.hand.parent.take()?;
        self.go_to(&parent);
        parent.write_child_name(self.hand.name().to_bytes(), &mut self.path);
        let opened = self.retrying(scan, |worker| worker.open_child(scan, &parent));
        if last {
            drop(parent.let_go());
        }
        let depth = parent.depth + 1;
        let entered = match opened {
            Ok(opened) => self.enter_opened(scan, &parent, depth, opened),
            Err(error) => Err((self.status_of(scan, error), None)),
        };
        self.hand.parent = Some(parent);
        match entered {
            Ok(fresh) => self.list_fresh(scan, fresh),
            Err((status, mount)) => {
                self.close_unread(scan, status, mount);
                None
            }
        }
    }

    #[inline(always)]
    fn enter_opened(
        &mut self,
        scan: &Arc<Scan>,
        parent: &Arc<Dir>,
        depth: u32,
        opened: Opened,
    ) -> Result<Fresh, (u32, Option<MountIdentity>)> {
        let Opened {
            fd,
            reader,
            found,
            mount,
            marks_end,
        } = opened;
        if let Some(status) = self.why_not_enter(scan, parent, found) {
            return Err((status, mount));
        }
        let rules = self.rules_of(scan, parent, fd.as_fd());
        let proof = match scan.options.evidence {
            Some(_) => {
                self.beat.beat();
                Some(Proof::begin(fd.as_fd(), mount))
            }
            None => None,
        };
        let facts = Facts {
            identity: found,
            depth,
            rules,
            marks_end,
        };
        Ok(Fresh {
            fd,
            reader,
            facts,
            proof,
        })
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
        why_not_enter(scan, device, parent, found?, self.shared.budget)
    }

    /// The rules in a subdirectory; a file of rules that cannot be read is an error of the scan.
    #[inline(always)]
    fn rules_of(
        &mut self,
        scan: &Scan,
        parent: &Dir,
        fd: BorrowedFd<'_>,
    ) -> Option<Arc<Rules>> {
        let above = parent.rules.as_ref()?;
        let mut complaints = Vec::new();
        let rules = self.retrying(scan, |worker| {
            worker.beat.beat();
            let (rules, said) = above.enter(fd, &worker.path);
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
    fn open_child(&mut self, scan: &Scan, parent: &Arc<Dir>) -> Result<Opened, Error> {
        let Worker {
            path,
            hand,
            above_fd,
            shared,
            ..
        } = self;
        let failed = |errno| Error::from_errno(errno, Operation::Open, path);
        let above = match above_fd {
            Some(above) => above,
            None => {
                if !parent.is_held() {
                    scan.frontier.lock().taken_up();
                }
                above_fd.insert(parent.reach(shared.budget).map_err(failed)?)
            }
        };
        let (fd, mounted) = sys::open_unless_mounted(above.fd(), hand.name()).map_err(failed)?;
        let plain = mounted == Mounted::No;
        let marks_end = if plain {
            parent.marks_end
        } else {
            sys::marks_end(fd.as_fd())
        };
        let reader = sys::Reader::new(fd.as_fd(), marks_end).map_err(failed)?;
        // A subvolume is a file system of its own and no mount point.
        let ask = !plain || scan.options.same_file_system;
        let found = if ask {
            Some(sys::stat_fd(fd.as_fd()).map_err(failed)?.identity)
        } else {
            None
        };
        let mount = match (scan.options.evidence, plain) {
            (Some(_), false) => mount_of(fd.as_fd(), mounted, parent.identity(), found),
            _ => None,
        };
        Ok(Opened {
            fd,
            reader,
            found,
            mount,
            marks_end,
        })
    }

    /// The closing record of a directory that was not entered.
    #[cold]
    pub(super) fn close_unread(&self, scan: &Scan, status: u32, mount: Option<MountIdentity>) {
        let Some(slot) = scan.slot(self.number, false) else {
            return;
        };
        let mut slot = slot.lock();
        make_room(scan, &mut slot, self.path.len());
        slot.builder.open(|path| path.extend_from_slice(&self.path));
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
    budget: &'static Budget,
) -> Option<u32> {
    if scan.options.same_file_system && found.device != device {
        Some(status::OTHER_FILE_SYSTEM)
    } else if parent.is_beneath(found, budget) {
        Some(status::LOOP)
    } else {
        None
    }
}

/// The identity of a mount point, if it is one. Where the kernel does not tell, another device number does.
pub(super) fn mount_of(
    fd: BorrowedFd<'_>,
    mounted: Mounted,
    above: Option<Identity>,
    found: Option<Identity>,
) -> Option<MountIdentity> {
    let other = mounted == Mounted::Yes || above?.device != found?.device;
    other.then(|| sys::mount_identity(fd).ok())?
}
