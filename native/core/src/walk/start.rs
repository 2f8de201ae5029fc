//! Opening the directory that a scan starts from: the root as the caller gave it, then name by name down to a folder.
//! An index is then asked to admit the scan, and the result is reported.
//!
//! A folder comes from outside, from a browser for instance. It is checked as text; then each name is opened with
//! O_NOFOLLOW beneath the one before, so that no name leads out of the root, even while the tree changes. Each
//! name first passes the filters of a listing, so that what a scan of the root leaves out, or does not enter, cannot be
//! had by its path either.

use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rustix::io::Errno;

use super::Worker;
use super::enter::{mount_at, mount_of, why_not_enter};
use super::errors::is_exhaustion;
use super::filter::is_left_out;
use super::one_entry::{OneEntry, one_entry};
use crate::dir::{Descriptor, Dir, Facts, Source};
use crate::evidence::Pass;
use crate::path;
use crate::pool::{MayStart, MountPoint};
use crate::rules::Rules;
use crate::scan::Scan;
use crate::slab::{Groups, Kind, status};
use crate::sys::{self, Mounted};
use crate::{Error, Identity, MountIdentity, Operation, Reason};

impl Worker {
    /// Opens the start. With an index, asks that next; the scan goes on when it has answered.
    pub(super) fn start(&mut self, scan: &Arc<Scan>) {
        let known = self.shared.hung.changes();
        match self.shared.hung.may_start(scan) {
            MayStart::Now => {}
            MayStart::Later => {
                scan.frontier.lock().defer_start();
                return self.shared.defer(scan, known);
            }
            MayStart::Refused(error) => {
                scan.opened(Err(error));
                return;
            }
        }
        let opened = self.retrying(scan, |worker| open_start(scan, worker));
        let Start {
            dir,
            unread,
            entry,
            complaints,
        } = match opened {
            Ok(found) => found,
            Err(error) => {
                scan.opened(Err(error));
                return;
            }
        };
        self.shared.hung.has_answered(scan);
        self.complain(scan, complaints);
        let _ = scan.start.set(dir.clone());
        if let Some(unread) = unread {
            let _ = scan.unread.set(unread);
        }
        if let Some(entry) = entry {
            let _ = scan.entry.set(entry);
        }
        let Some(root) = dir.root_identity() else {
            return;
        };
        if scan.options.evidence.is_none() {
            self.begin(scan, &dir, root);
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

    /// Acts on the index's answer. If it admits the scan, the start's listing must be proven too.
    pub(super) fn go_on(&mut self, scan: &Scan, answer: Result<Groups, Error>) {
        let Some(dir) = scan.start.get() else { return };
        match (answer, dir.root_identity()) {
            (Ok(kept), Some(root)) => {
                let _ = scan.kept.set(kept);
                let source = dir.listing.lock().source.clone();
                if let Some(source) = source {
                    let proof = Pass::begin(source.descriptor.fd(), None, dir.device);
                    dir.listing.lock().proof = Some(proof);
                }
                self.begin(scan, dir, root);
            }
            (Ok(_), None) => {}
            (Err(error), _) => {
                scan.opened(Err(error));
                dir.release();
            }
        }
    }

    /// Reports that the start is open, and makes its listing the first unit. A folder that is not entered only gets its
    /// closing record.
    fn begin(&mut self, scan: &Scan, dir: &Arc<Dir>, root: Identity) {
        if !scan.opened(Ok(root)) {
            dir.release();
            return;
        }
        if let Some(entry) = scan.entry.get() {
            self.go_to(dir);
            return self.write_entry(scan, entry);
        }
        match scan.unread.get() {
            Some(unread) => {
                self.go_to(dir);
                dir.write_child_name(unread.name.to_bytes(), &mut self.path);
                self.close_unread(scan, unread.status, unread.mount);
            }
            None => {
                scan.frontier.lock().offer(dir);
            }
        }
    }
}

/// A folder to start from that is not entered, because a listing of its parent would not enter it.
pub(crate) struct Unread {
    name: CString,
    /// Status of its closing record.
    status: u32,
    /// For an index: its identity, if it is a mount point.
    pub(super) mount: Option<MountIdentity>,
}

/// What a scan starts from.
struct Start {
    /// The folder, or its parent if the folder is not entered.
    dir: Arc<Dir>,
    unread: Option<Unread>,
    /// The one entry that was asked for.
    entry: Option<OneEntry>,
    /// Errors in ignore files on the way.
    complaints: Vec<Error>,
}

/// Opens the start.
fn open_start(scan: &Scan, worker: &Worker) -> Result<Start, Error> {
    let budget = worker.shared.budget;
    let root = &scan.root;
    let failed = |errno| Error::from_errno(errno, Operation::Open, &root.path);
    let path = CString::new(root.path.as_slice()).map_err(|_| failed(Errno::INVAL))?;
    if path.is_empty() {
        return Err(failed(Errno::INVAL));
    }
    let names = folder_names(&root.folder)?;
    budget.admits_root().map_err(failed)?;
    let mut descriptor = Descriptor::root(sys::open_root(&path).map_err(failed)?, budget);
    let found = sys::stat_fd(descriptor.fd()).map_err(failed)?;
    if root
        .identity
        .is_some_and(|identity| identity != found.identity)
    {
        return Err(Error::new(Reason::RootChanged, Operation::Open, &root.path));
    }
    let (rules, mut complaints) = Rules::root(&scan.options.ignore, descriptor.fd(), &root.path)?;
    let depth = u32::from(names.is_empty());
    let marks_end = sys::marks_end(descriptor.fd());
    let facts = Facts {
        identity: Some(found.identity),
        place: None,
        mount: None,
        device: sys::device_number(found.identity.device),
        depth,
        rules,
        marks_end,
    };
    let mut links = found.links;
    let mut dir = Dir::new_root(path, descriptor.clone(), facts);
    let device = found.identity.device;
    let mut unread = None;
    let mut mount = None;
    let mut path = Vec::new();
    let mut names = names.into_iter().peekable();
    while let Some(name) = names.next() {
        not_exhausted(&mut complaints)?;
        let above = OnTheWay {
            scan,
            dir: &dir,
            path: &path,
            descriptor: &descriptor,
            device,
        };
        let step = above.step(&name, worker, &mut mount);
        path::push(&mut path, name.to_bytes());
        match step.map_err(|errno| Error::from_errno(errno, Operation::Open, &path))? {
            NextStep::Into(opened, stat) => {
                descriptor = opened;
                links = stat.links;
                let rules = dir.rules.as_ref().map(|above| {
                    let (rules, more) = above.enter(descriptor.fd(), &path);
                    complaints.extend(more);
                    rules
                });
                let depth = u32::from(names.peek().is_none());
                let marks_end = sys::marks_end(descriptor.fd());
                let facts = Facts {
                    identity: Some(stat.identity),
                    place: None,
                    mount: mount.clone(),
                    device: sys::device_number(stat.identity.device),
                    depth,
                    rules,
                    marks_end,
                };
                dir = Dir::child(&dir, &name, facts);
            }
            NextStep::Unread(status, mount) if names.peek().is_none() => {
                let mount = mount.filter(|_| scan.options.evidence.is_some());
                unread = Some(Unread {
                    name,
                    status,
                    mount,
                });
            }
            // A scan of the root shows nothing beneath it.
            NextStep::Unread(..) => {
                names
                    .next()
                    .inspect(|name| path::push(&mut path, name.to_bytes()));
                return Err(missing(&path));
            }
        }
    }
    not_exhausted(&mut complaints)?;
    dir.retain_start_fd(descriptor.clone());
    let entry = match &root.entry {
        Some(_) if unread.is_some() => return Err(missing(&path)),
        Some(name) => Some(one_entry(scan, worker, &dir, &descriptor, &path, name)?),
        None => None,
    };
    if unread.is_none() {
        if scan.options.metadata.contains(Groups::DISK) {
            let disk = sys::disk_of(descriptor.fd()).map_err(failed)?;
            scan.start_disk.store(disk, Ordering::Relaxed);
        }
        let reader = sys::Reader::new(descriptor.fd(), dir.marks_end).map_err(failed)?;
        let source = Arc::new(Source { descriptor, reader });
        dir.listing.lock().source = Some(source);
    }
    scan.was_linked.store(links > 0, Ordering::Relaxed);
    Ok(Start {
        dir,
        unread,
        entry,
        complaints,
    })
}

fn missing(path: &[u8]) -> Error {
    Error::from_errno(Errno::NOENT, Operation::Open, path)
}

/// Fails if a rules file could not be read for want of descriptors, so that the start is retried: without the rules,
/// what they leave out would be opened.
fn not_exhausted(complaints: &mut Vec<Error>) -> Result<(), Error> {
    match complaints.iter().position(is_exhaustion) {
        Some(at) => Err(complaints.swap_remove(at)),
        None => Ok(()),
    }
}

/// A directory on the way to a folder, with what decides how to go on from there.
struct OnTheWay<'a> {
    scan: &'a Scan,
    dir: &'a Arc<Dir>,
    path: &'a [u8],
    descriptor: &'a Descriptor,
    /// The root's device.
    device: u64,
}

/// Result of one name on the way to a folder.
enum NextStep {
    Into(Arc<Descriptor>, sys::Stat),
    /// Not entered: the status, and the identity of a mount point.
    Unread(u32, Option<MountIdentity>),
}

impl OnTheWay<'_> {
    /// Goes one step down to `name`. What a listing would leave out counts as missing, whatever it is: it is not looked
    /// at, let alone opened.
    fn step(
        &self,
        name: &CStr,
        worker: &Worker,
        at: &mut Option<MountPoint>,
    ) -> Result<NextStep, Errno> {
        let budget = worker.shared.budget;
        if self.leaves_out(name, true) {
            return Err(Errno::NOENT);
        }
        if self.scan.options.same_file_system
            && let Ok(found) = sys::peek(self.descriptor.fd(), name)
            && found.kind == Kind::Directory
            && (found.device != self.device || found.automount)
        {
            return Ok(NextStep::Unread(
                status::OTHER_FILE_SYSTEM,
                Some(found.mount),
            ));
        }
        let cross = || {
            let mut path = self.path.to_vec();
            path::push(&mut path, name.to_bytes());
            worker.cross(at.insert(mount_at(self.scan, self.descriptor.fd(), name, &path)))
        };
        let (opened, mounted) = match sys::open_unless_mounted(self.descriptor.fd(), name, cross) {
            Ok(opened) => opened,
            // A rule may leave out this file or link, though it would show a directory of that name.
            Err(Errno::NOTDIR | Errno::LOOP) if self.leaves_out(name, false) => {
                return Err(Errno::NOENT);
            }
            Err(errno) => return Err(why_no_directory(errno, self.descriptor, name)),
        };
        let opened = Descriptor::root(opened, budget);
        let stat = sys::stat_fd(opened.fd())?;
        let found = stat.identity;
        // Without a mount there is no way back to an ancestor; but a subvolume has another device number.
        let ask = mounted != Mounted::No || found.device != self.device;
        let why = ask.then(|| why_not_enter(self.scan, self.device, self.dir, found, budget));
        if let Some(status) = why.flatten() {
            let mount = mount_of(opened.fd(), mounted, self.dir.identity(), Some(found));
            return Ok(NextStep::Unread(status, mount));
        }
        Ok(NextStep::Into(opened, stat))
    }

    fn leaves_out(&self, name: &CStr, is_dir: bool) -> bool {
        let rules = self.dir.rules.as_deref();
        let options = &self.scan.options;
        is_left_out(options, rules, self.path, name.to_bytes(), is_dir)
    }
}

/// Splits a folder into names, and refuses names that a path within the root never has.
fn folder_names(folder: &[u8]) -> Result<Vec<CString>, Error> {
    if !path::is_plain(folder) {
        return Err(Error::new(Reason::OutsideRoot, Operation::Open, folder));
    }
    let names = path::names(folder).map(CString::new);
    let names: Result<_, _> = names.collect();
    names.map_err(|_| Error::from_errno(Errno::INVAL, Operation::Open, folder))
}

/// Linux answers ENOTDIR for a link opened with O_DIRECTORY and O_NOFOLLOW; report ELOOP instead.
fn why_no_directory(errno: Errno, parent: &Descriptor, name: &CStr) -> Errno {
    let is_link = || sys::peek(parent.fd(), name).is_ok_and(|peek| peek.kind == Kind::Symlink);
    if errno == Errno::NOTDIR && is_link() {
        Errno::LOOP
    } else {
        errno
    }
}
