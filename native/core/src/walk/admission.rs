//! What an index has to know of a root before it admits a scan.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use rustix::io::Errno;

use super::Worker;
use super::enter::mount_of;
use crate::dir::{Descriptor, Dir};
use crate::root_path::RootPath;
use crate::scan::Scan;
use crate::slab::Groups;
use crate::sys::{self, Wanted};
use crate::{Admission, Error, Identity, Operation, Reason};

impl Worker {
    /// Collects what identifies the opened root, and the mount points between it and the start.
    pub(super) fn admission(&self, scan: &Scan, start: &Arc<Dir>) -> Result<Admission, Error> {
        let failed = |errno| Error::from_errno(errno, Operation::Open, &scan.root.path);
        let mut at = start.root().reopen(self.shared.budget).map_err(failed)?;
        let root = sys::mount_identity(at.fd()).map_err(failed)?;
        let identity = sys::stat_fd(at.fd()).map_err(failed)?.identity;
        self.beat.beat();
        let path = root_path(scan, identity)?;
        let mut way = Vec::new();
        // Whether the index keeps owners is its answer.
        let wanted = Wanted::new(scan.read() | Groups::OWNED);
        let found = sys::stat_open(at.fd(), wanted);
        let (_, root_metadata) = found.map_err(failed)?;
        let mut devices = Vec::new();
        let mut above = identity;
        for dir in start.chain() {
            let (fd, mounted) =
                sys::open_unless_mounted(at.fd(), dir.name(), || Ok(())).map_err(failed)?;
            at = Descriptor::new(fd, self.shared.budget);
            let found = sys::stat_fd(at.fd()).map_err(failed)?.identity;
            let mount = mount_of(at.fd(), mounted, Some(above), Some(found));
            if found.device != above.device {
                let here = mount.map_or_else(|| sys::mount_identity(at.fd()), Ok);
                let device = sys::device_number(found.device);
                devices.push((dir.path(), device, here.map_err(failed)?));
            }
            way.extend(mount.map(|mount| (dir.path(), mount)));
            above = found;
        }
        if let Some(mount) = scan.unread.get().and_then(|unread| unread.mount) {
            way.push((scan.root.folder.clone(), mount));
        }
        Ok(Admission {
            root,
            identity,
            path,
            way,
            devices,
            device: sys::device_number(identity.device),
            root_metadata,
        })
    }
}

/// The root's path, if the opened directory is still found there: the current directory may be
/// mounted over, for instance.
fn root_path(scan: &Scan, identity: Identity) -> Result<RootPath, Error> {
    let given = &scan.root.path;
    let failed = |error: std::io::Error| {
        let errno = Errno::from_io_error(&error).unwrap_or(Errno::IO);
        Error::from_errno(errno, Operation::Open, given)
    };
    let path = RootPath::resolve(given).map_err(failed)?;
    let there = std::fs::metadata(Path::new(OsStr::from_bytes(&path.path))).map_err(failed)?;
    if identity_of(&there) == identity {
        return Ok(path);
    }
    let detail = format!("another directory is now at {}", path.path.escape_ascii());
    Err(Error {
        detail: Some(detail),
        ..Error::new(Reason::RootChanged, Operation::Open, given)
    })
}

fn identity_of(found: &Metadata) -> Identity {
    Identity {
        device: found.dev(),
        inode: found.ino(),
    }
}
