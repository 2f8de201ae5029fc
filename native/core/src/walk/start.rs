//! Opening the directory that a scan starts from: the root as the caller named it, then name by name down to a folder.
//! Then an index is asked whether it takes it, and who waits for it is told.
//!
//! A folder comes from outside (a browser, say): it is checked as text, then each name is opened with O_NOFOLLOW beneath
//! the one before, so that nothing in it can lead out of the root, not even while the tree is changed under it.

use std::ffi::CString;
use std::sync::Arc;

use rustix::io::Errno;

use super::Worker;
use super::enter::mount_of;
use super::failure::is_exhaustion;
use crate::dir::{Budget, Descriptor, Dir, Source, write_child_path};
use crate::evidence::Proof;
use crate::rules::Rules;
use crate::scan::Scan;
use crate::slab::Kind;
use crate::sys::{self, Mounted};
use crate::{Admission, Error, Identity, Operation, Reason};

impl Worker {
    /// Opens the start. With an index, that is asked next, and the scan goes on when it has answered.
    pub(super) fn start(&mut self, scan: &Arc<Scan>) {
        let opened = self.retrying(scan, |worker| open_start(scan, &worker.shared.budget));
        let (dir, complaints) = match opened {
            Ok(found) => found,
            Err(error) => {
                scan.opened(Err(error));
                return;
            }
        };
        self.complain(scan, complaints);
        let _ = scan.start.set(dir.clone());
        let Some(root) = dir.root_identity() else {
            return;
        };
        if scan.options.evidence.is_none() {
            share(scan, &dir, root);
            return;
        }
        match self.admission(scan, &dir) {
            Ok(found) => scan.admit(&found),
            Err(error) => {
                scan.opened(Err(error));
                dir.release();
            }
        }
    }

    /// The index has said whether it takes this root. If so, its first listing has something to prove.
    pub(super) fn go_on(&self, scan: &Scan, answer: Result<(), Error>) {
        let Some(dir) = scan.start.get() else { return };
        match (answer, dir.root_identity()) {
            (Ok(()), Some(root)) => {
                {
                    let mut listing = dir.listing.lock();
                    if let Some(source) = listing.source.clone() {
                        listing.proof = Some(Proof::begin(source.descriptor.fd(), None));
                    }
                }
                share(scan, dir, root);
            }
            (Ok(()), None) => {}
            (Err(error), _) => {
                scan.opened(Err(error));
                dir.release();
            }
        }
    }

    /// What an index has to know of a root to say whether it takes it.
    fn admission(&self, scan: &Scan, start: &Arc<Dir>) -> Result<Admission, Error> {
        let failed = |errno| Error::from_errno(errno, Operation::Open, &scan.root.path);
        let mut at = start.root().reach(&self.shared.budget).map_err(failed)?;
        let root = sys::mount_identity(at.fd()).map_err(failed)?;
        let mut way = Vec::new();
        for dir in start.way() {
            let (fd, mounted) = sys::open_unless_mounted(at.fd(), dir.name()).map_err(failed)?;
            let above = sys::stat_fd(at.fd()).map_err(failed)?.identity;
            at = Descriptor::new(fd, &self.shared.budget);
            if mounted != Mounted::No {
                let found = Some(sys::stat_fd(at.fd()).map_err(failed)?.identity);
                let mount = mount_of(&at, mounted, Some(above), found);
                way.extend(mount.map(|mount| (dir.path(), mount)));
            }
        }
        Ok(Admission { root, way })
    }
}

/// Tells whoever waits for it that the start is open, and makes its listing the first thing to do.
fn share(scan: &Scan, dir: &Arc<Dir>, root: Identity) {
    if scan.opened(Ok(root)) {
        scan.frontier.lock().share(dir);
    } else {
        dir.release();
    }
}

/// Opens the start; also what was wrong with ignore files on the way.
fn open_start(scan: &Scan, budget: &Arc<Budget>) -> Result<(Arc<Dir>, Vec<Error>), Error> {
    let root = &scan.root;
    let failed = |errno| Error::from_errno(errno, Operation::Open, &root.path);
    let path = CString::new(root.path.as_slice()).map_err(|_| failed(Errno::INVAL))?;
    if path.is_empty() {
        return Err(failed(Errno::INVAL));
    }
    let names = folder_names(&root.folder)?;
    let mut descriptor = Descriptor::new(sys::open_root(&path).map_err(failed)?, budget);
    let found = sys::stat_fd(descriptor.fd()).map_err(failed)?;
    if root
        .identity
        .is_some_and(|identity| identity != found.identity)
    {
        return Err(Error::new(Reason::RootChanged, Operation::Open, &root.path));
    }
    let (rules, mut complaints) = Rules::root(&scan.options.ignore, descriptor.fd())?;
    let depth = u32::from(names.is_empty());
    let mut marks_end = sys::marks_end(descriptor.fd());
    let mut dir = Dir::new_root(descriptor.clone(), found.identity, depth, rules, marks_end);
    let last = names.len();
    for (at, name) in names.into_iter().enumerate() {
        let mut path = Vec::new();
        write_child_path(&dir, name.to_bytes(), &mut path);
        let failed = |errno| Error::from_errno(errno, Operation::Open, &path);
        let opened = sys::open_dir(descriptor.fd(), &name)
            .map_err(|errno| failed(why_no_directory(errno, &descriptor, &name)))?;
        descriptor = Descriptor::new(opened, budget);
        let stat = sys::stat_fd(descriptor.fd()).map_err(failed)?;
        let rules = dir.rules.as_ref().map(|above| {
            let (rules, more) = above.enter(descriptor.fd(), &path);
            complaints.extend(more);
            rules
        });
        let depth = u32::from(at + 1 == last);
        marks_end = sys::marks_end(descriptor.fd());
        dir = Dir::child(&dir, name, Some(stat.identity), depth, rules, marks_end);
    }
    // Without descriptors no file of rules is read, and what they leave out would be listed: the start is tried again.
    if let Some(at) = complaints.iter().position(is_exhaustion) {
        return Err(complaints.swap_remove(at));
    }
    dir.keep_always(descriptor.clone());
    let reader = sys::Reader::new(descriptor.fd(), marks_end).map_err(failed)?;
    let source = Arc::new(Source { descriptor, reader });
    {
        let mut listing = dir.listing.lock();
        listing.source = Some(source);
        listing.shared = true;
    }
    Ok((dir, complaints))
}

/// Splits a folder into names, and refuses what a path within the root never has.
fn folder_names(folder: &[u8]) -> Result<Vec<CString>, Error> {
    if folder.is_empty() {
        return Ok(Vec::new());
    }
    folder
        .split(|byte| *byte == b'/')
        .map(|name| match name {
            b"" | b"." | b".." => Err(Error::new(Reason::OutsideRoot, Operation::Open, folder)),
            name => CString::new(name)
                .map_err(|_| Error::from_errno(Errno::INVAL, Operation::Open, folder)),
        })
        .collect()
}

/// Linux answers ENOTDIR for a link opened with O_DIRECTORY and O_NOFOLLOW; callers are told that it is a link.
fn why_no_directory(errno: Errno, parent: &Descriptor, name: &std::ffi::CStr) -> Errno {
    let is_link = || sys::stat_at(parent.fd(), name).is_ok_and(|stat| stat.kind == Kind::Symlink);
    if errno == Errno::NOTDIR && is_link() {
        Errno::LOOP
    } else {
        errno
    }
}
