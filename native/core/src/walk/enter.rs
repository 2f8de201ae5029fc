//! Entering a subdirectory: opening it, deciding whether it may be entered, and closing the record of one that is not.

use std::ffi::CStr;
use std::sync::Arc;

use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;

use super::Worker;
use super::errors::is_exhaustion;
use super::heartbeat::Heartbeat;
use super::listing::Fresh;
use super::room::make_room;
use crate::dir::{Budget, Dir, Facts, Place};
use crate::evidence::{Attested, Pass, stamp};
use crate::frontier::Batch;
use crate::path;
use crate::pool::{MountPoint, Shared};
use crate::rules::Rules;
use crate::scan::Scan;
use crate::slab::{Kind, status};
use crate::sys::{self, Mounted};
use crate::{Error, Identity, MountIdentity, Operation, mounts};

/// Result of opening a subdirectory.
enum Child {
    Opened(Opened),
    /// Not entered: the status to close it with and, for an index, its identity if it is a mount point.
    Unread(u32, Option<MountIdentity>),
}

/// A subdirectory that was opened.
struct Opened {
    fd: OwnedFd,
    reader: sys::Reader,
    /// Its identity, if it had to be read.
    found: Option<Identity>,
    mounted: Mounted,
    /// Whether the walk comes to another mount here.
    crossed: bool,
    /// For an index: its identity, if it is a mount point.
    mount: Option<MountIdentity>,
    marks_end: bool,
}

impl Worker {
    /// Opens the subdirectory in `hand` and lists it.
    pub(super) fn enter(&mut self, scan: &Arc<Scan>, last: bool) -> Option<Batch> {
        let parent = self.hand.parent.take()?;
        self.go_to(&parent);
        parent.write_child_name(self.hand.name().to_bytes(), &mut self.path);
        let opened = self.retrying(scan, |worker| worker.open_child(scan, &parent));
        if last {
            drop(parent.children_done());
        }
        let depth = parent.depth + 1;
        let entered = match opened {
            Ok(Child::Opened(opened)) => self.enter_opened(scan, &parent, depth, opened),
            Ok(Child::Unread(status, mount)) => Err((status, mount)),
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
            mounted,
            crossed,
            mount,
            marks_end,
        } = opened;
        let place = self
            .may_enter(scan, parent, found, mounted)
            .map_err(|status| (status, mount))?;
        let rules = self.rules_of(scan, parent, fd.as_fd());
        let proof = match scan.options.evidence {
            Some(_) => {
                self.beat.beat();
                Some(Pass::begin(fd.as_fd(), mount, parent.device))
            }
            None => None,
        };
        let facts = Facts {
            identity: found,
            place,
            mount: match crossed {
                true => Some(self.mount_in_hand(scan)),
                false => parent.mount.clone(),
            },
            device: proof.map_or(0, |proof| proof.device()),
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

    /// Whether a mount may be entered, asked before it is.
    pub(super) fn cross(&self, mount: &MountPoint) -> Result<(), Errno> {
        cross(&self.shared, &self.beat, mount)
    }

    /// The path of the subdirectory in `hand`, as a mount point.
    #[cold]
    fn mount_in_hand(&self, scan: &Scan) -> MountPoint {
        match &self.hand.parent_fd {
            Some(above) => mount_at(scan, above.fd(), self.hand.name(), &self.path),
            None => path::join(&scan.root.path, &self.path).into(),
        }
    }

    /// Whether a directory may be entered: its place, where places detect loops, or the status to close it with. Only a
    /// mount can lead to another file system or back to an ancestor.
    #[inline(always)]
    fn may_enter(
        &self,
        scan: &Scan,
        parent: &Arc<Dir>,
        found: Option<Identity>,
        mounted: Mounted,
    ) -> Result<Option<Place>, u32> {
        let (Some(found), Some(start)) = (found, scan.start.get()) else {
            return Ok(None);
        };
        if root_device(scan).is_some_and(|device| device != found.device) {
            return Err(status::OTHER_FILE_SYSTEM);
        }
        let (place, below) = match mounted {
            Mounted::No => return Ok(None),
            Mounted::Yes => (None, parent),
            Mounted::Unknown => {
                let (place, elsewhere) = scan.entered.enter(found);
                // The start and its ancestors have no places.
                (Some(place), if elsewhere { parent } else { start })
            }
        };
        match below.is_beneath(found, self.shared.budget) {
            true => Err(status::LOOP),
            false => Ok(place),
        }
    }

    /// The rules in a subdirectory. A rules file that cannot be read is an error of the scan.
    #[inline(always)]
    fn rules_of(&mut self, scan: &Scan, parent: &Dir, fd: BorrowedFd<'_>) -> Option<Arc<Rules>> {
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
    fn open_child(&mut self, scan: &Scan, parent: &Arc<Dir>) -> Result<Child, Error> {
        let Worker {
            path,
            hand,
            shared,
            beat,
            ..
        } = self;
        let failed = |errno| Error::from_errno(errno, Operation::Open, path);
        if hand.parent_fd.is_none() {
            scan.frontier.lock().reopened();
            hand.parent_fd = Some(parent.reopen(shared.budget).map_err(failed)?);
        }
        let above = hand.parent_fd.as_ref();
        let above = above.ok_or_else(|| failed(Errno::BADF))?;
        let device = root_device(scan);
        // Look before opening: opening may trigger an automount, and hang if its server is gone.
        let mut looked_at = false;
        if device.is_some()
            && let Ok(found) = sys::peek(above.fd(), hand.name())
            && found.kind == Kind::Directory
        {
            if found.automount || Some(found.device) != device {
                return Ok(Child::Unread(status::OTHER_FILE_SYSTEM, Some(found.mount)));
            }
            looked_at = true;
        }
        let cross = || cross_at(shared, beat, scan, above.fd(), hand.name(), path);
        let opened = sys::open_unless_mounted(above.fd(), hand.name(), cross);
        let (fd, mut mounted) = opened.map_err(failed)?;
        if shared.budget.is_short() {
            // Others may need it more.
            hand.parent_fd = None;
        }
        let mut found = None;
        // A subvolume has a device number of its own and is no mount point.
        if mounted != Mounted::No || (device.is_some() && !looked_at) {
            let (identity, stated) = sys::identify(fd.as_fd()).map_err(failed)?;
            found = Some(identity);
            if mounted == Mounted::Unknown {
                mounted = stated;
            }
        }
        let crossed = has_crossed(mounted, parent.identity(), found);
        let marks_end = if crossed {
            sys::marks_end(fd.as_fd())
        } else {
            parent.marks_end
        };
        let reader = sys::Reader::new(fd.as_fd(), marks_end).map_err(failed)?;
        let mount = match scan.options.evidence {
            Some(_) if crossed => sys::mount_identity(fd.as_fd()).ok(),
            _ => None,
        };
        Ok(Child::Opened(Opened {
            fd,
            reader,
            found,
            mounted,
            crossed,
            mount,
            marks_end,
        }))
    }

    /// Writes the closing record of a directory that was not entered.
    #[cold]
    pub(super) fn close_unread(&self, scan: &Scan, status: u32, mount: Option<MountIdentity>) {
        let Some(slot) = scan.slot(self.number, false) else {
            return;
        };
        let mut slot = slot.lock();
        make_room(scan, &mut slot, self.path.len());
        slot.builder.open(|path| path.extend_from_slice(&self.path));
        if scan.options.evidence.is_some() {
            slot.builder.attest(Attested {
                stamp: stamp(),
                mount,
                ..Attested::default()
            });
        }
        slot.builder.close(status);
        if scan.should_flush(&slot.builder) {
            scan.emit(&mut slot);
        }
    }
}

/// The status of a directory that is not entered because it is on another file system than the root, which is on
/// `device`, or is one of its own ancestors.
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

/// With `same_file_system`, the device that all directories must be on: the start's. If that is not the root's, nothing
/// beneath the start is entered.
#[inline(always)]
fn root_device(scan: &Scan) -> Option<u64> {
    let start = scan.start.get().filter(|_| scan.options.same_file_system)?;
    Some(start.identity()?.device)
}

/// A mount point, as an entry of the directory around it: as the mount table names it, otherwise by its path beneath the
/// root.
#[cold]
pub(super) fn mount_at(
    scan: &Scan,
    around: BorrowedFd<'_>,
    name: &CStr,
    path: &[u8],
) -> MountPoint {
    let point = mounts::mount_point_at(around.as_raw_fd(), name.to_bytes());
    point
        .unwrap_or_else(|| path::join(&scan.root.path, path))
        .into()
}

/// Whether a mount may be entered, asked before it is: where many threads hang, this one would too.
#[cold]
fn cross(shared: &Shared, beat: &Heartbeat, mount: &MountPoint) -> Result<(), Errno> {
    let refused = shared.hung.is_refused(mount);
    beat.go_to_mount(Some(Arc::clone(mount)));
    match refused {
        true => Err(Errno::TIMEDOUT),
        false => Ok(()),
    }
}

/// The same for a mount point as an entry of the directory around it.
#[cold]
fn cross_at(
    shared: &Shared,
    beat: &Heartbeat,
    scan: &Scan,
    around: BorrowedFd<'_>,
    name: &CStr,
    path: &[u8],
) -> Result<(), Errno> {
    cross(shared, beat, &mount_at(scan, around, name, path))
}

/// The identity of a mount point, if this is one.
pub(super) fn mount_of(
    fd: BorrowedFd<'_>,
    mounted: Mounted,
    above: Option<Identity>,
    found: Option<Identity>,
) -> Option<MountIdentity> {
    has_crossed(mounted, above, found).then(|| sys::mount_identity(fd).ok())?
}

/// Whether a mount lies between a directory and its child. Where the kernel does not say, a different device number
/// does.
#[inline(always)]
fn has_crossed(mounted: Mounted, above: Option<Identity>, found: Option<Identity>) -> bool {
    match mounted {
        Mounted::No => false,
        Mounted::Yes => true,
        Mounted::Unknown => {
            let device = |identity: Option<Identity>| identity.map(|identity| identity.device);
            device(above) != device(found)
        }
    }
}
