//! A directory during a scan: its place in the tree, how far its listing is, and the descriptor that it holds while it
//! needs one.

mod descriptor;
mod entered;
mod listing;
mod name;
mod names;
mod path;

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use rustix::fd::BorrowedFd;
use rustix::io::Errno;

use crate::pool::MountPoint;
use crate::rules::Rules;
use crate::sys;
use crate::{Identity, MountIdentity};
pub(crate) use descriptor::{Budget, Descriptor};
pub(crate) use entered::{Entered, Place};
pub(crate) use listing::{Listing, Part, Source};
pub(crate) use name::Name;
pub(crate) use names::{Names, Unseen};
pub(crate) use path::child_path_len;

/// Maximum number of ancestors that keep their descriptors after a reopening, so that climbing back up a deep tree
/// reopens each level once in as many and not from the root each time.
const REOPENED_KEPT: usize = 64;

/// A directory that was opened once, and is needed for what lies beneath it or for other threads that list it.
pub(crate) struct Dir {
    parent: Option<Arc<Dir>>,
    name: Name,
    path_len: usize,
    /// Depth of its entries, 1 for those of the start.
    pub depth: u32,
    /// Known for starts, mount points, and directories released while children were pending; `None` inside if it could
    /// not be read then.
    identity: OnceLock<Option<Identity>>,
    /// Its place among the directories that the scan is in, where only that detects a loop.
    _place: Option<Place>,
    /// The mount that it lies on, if not the root's.
    pub mount: Option<MountPoint>,
    /// The device that it lies on, for an index; 0 where it is not known.
    pub device: u32,
    pub rules: Option<Arc<Rules>>,
    /// See [`sys::marks_end`].
    pub marks_end: bool,
    /// Only for a root.
    origin: Option<Box<Origin>>,
    keeping: Mutex<Keeping>,
    /// State of its listing, while it is being listed.
    pub listing: listing::SharedListing,
}

/// How to find a root again after it was closed.
pub(crate) struct Origin {
    path: CString,
    /// Its identity when it was closed: with the birth time, since its inode number may be reused.
    was: OnceLock<MountIdentity>,
    /// Something else was found at the path.
    changed: AtomicBool,
}

/// What a directory holds for its children.
#[derive(Default)]
struct Keeping {
    held: Option<Arc<Descriptor>>,
    /// Children are still to be opened. Only then is a descriptor useful, and only then does the frontier know of it.
    pending: bool,
}

/// What is known of a directory before it is listed.
pub(crate) struct Facts {
    pub identity: Option<Identity>,
    pub place: Option<Place>,
    pub mount: Option<MountPoint>,
    pub device: u32,
    pub depth: u32,
    pub rules: Option<Arc<Rules>>,
    pub marks_end: bool,
}

impl Dir {
    /// A root: it keeps its descriptor until the scan is parked.
    pub(crate) fn new_root(path: CString, descriptor: Arc<Descriptor>, facts: Facts) -> Arc<Dir> {
        let mut root = Dir::new(None, Name::new(c""), 0, facts);
        root.origin = Some(Box::new(Origin {
            path,
            was: OnceLock::new(),
            changed: AtomicBool::new(false),
        }));
        root.retain_start_fd(descriptor);
        Arc::new(root)
    }

    pub(crate) fn child(parent: &Arc<Dir>, name: &CStr, facts: Facts) -> Arc<Dir> {
        let path_len = child_path_len(parent, name);
        let parent = Some(Arc::clone(parent));
        Arc::new(Dir::new(parent, Name::new(name), path_len, facts))
    }

    fn new(parent: Option<Arc<Dir>>, name: Name, path_len: usize, facts: Facts) -> Dir {
        let Facts {
            identity,
            place,
            mount,
            device,
            depth,
            rules,
            marks_end,
        } = facts;
        Dir {
            parent,
            name,
            path_len,
            depth,
            identity: identity.map_or_else(OnceLock::new, |found| OnceLock::from(Some(found))),
            _place: place,
            mount,
            device,
            rules,
            marks_end,
            origin: None,
            keeping: Mutex::default(),
            listing: listing::SharedListing::default(),
        }
    }

    /// The directory's identity, from its descriptor if it is not known.
    fn ask_identity(self: &Arc<Self>, budget: &'static Budget) -> Result<Identity, Errno> {
        match self.identity.get() {
            Some(known) => known.ok_or(Errno::NOENT),
            None => Ok(sys::stat_fd(self.reopen(budget)?.fd())?.identity),
        }
    }

    /// Whether this directory or one of its ancestors has this identity.
    pub(crate) fn is_beneath(
        self: &Arc<Self>,
        identity: Identity,
        budget: &'static Budget,
    ) -> bool {
        let mut dir = Some(self);
        while let Some(at) = dir {
            if at.ask_identity(budget) == Ok(identity) {
                return true;
            }
            dir = at.parent.as_ref();
        }
        false
    }

    /// Children are to be opened: keeps the descriptor for them, if there is one.
    pub(crate) fn expect_children(&self, descriptor: Option<Arc<Descriptor>>) {
        let mut keeping = self.keeping.lock();
        keeping.pending = true;
        if keeping.held.is_none() {
            keeping.held = descriptor;
        }
    }

    /// Keeps a reopened descriptor for pending children.
    fn retain_fd(&self, descriptor: &Arc<Descriptor>) {
        let mut keeping = self.keeping.lock();
        if keeping.held.is_none() && (keeping.pending || self.origin.is_some()) {
            keeping.held = Some(Arc::clone(descriptor));
        }
    }

    /// Keeps the descriptor of a start, whatever the budget.
    pub(crate) fn retain_start_fd(&self, descriptor: Arc<Descriptor>) {
        let mut keeping = self.keeping.lock();
        keeping.pending = true;
        let before = keeping.held.replace(descriptor);
        drop(keeping);
        drop(before);
    }

    /// Gives the descriptor back while children are pending.
    pub(crate) fn release_fd(&self) -> Option<Arc<Descriptor>> {
        self.identify(self.held()?.fd());
        self.keeping.lock().held.take()
    }

    /// Notes the directory's identity: it must be the same when reopened.
    pub(crate) fn identify(&self, fd: BorrowedFd<'_>) {
        if self.identity.get().is_none() {
            let found = sys::stat_fd(fd).map(|stat| stat.identity);
            let _ = self.identity.set(found.ok());
        }
    }

    /// The last child was opened, or could not be: gives the descriptor back. A start keeps its own.
    pub(crate) fn children_done(&self) -> Option<Arc<Descriptor>> {
        let mut keeping = self.keeping.lock();
        if keeping.held.as_ref().is_some_and(|held| held.is_root()) {
            return None;
        }
        keeping.pending = false;
        keeping.held.take()
    }

    /// Gives back what this directory and all its ancestors hold: the scan is over, though its handle may live on.
    pub(crate) fn release(&self) {
        let mut dir = Some(self);
        while let Some(at) = dir {
            let held = at.keeping.lock().held.take();
            let listing = at.listing.end();
            drop((held, listing));
            dir = at.parent.as_deref();
        }
    }

    /// Gives back what a start, its root and all between them hold, if they can be found again: the scan is parked.
    pub(crate) fn release_start(self: &Arc<Self>) {
        let root = self.root();
        let Some(origin) = &root.origin else { return };
        if !origin.path.to_bytes().starts_with(b"/") {
            return;
        }
        let Some(held) = root.held() else { return };
        if origin.was.get().is_none()
            && let Ok(was) = sys::mount_identity(held.fd())
        {
            let _ = origin.was.set(was);
        }
        drop(held);
        if origin.was.get().is_none_or(|was| was.birth.is_none()) {
            return;
        }
        let mut dir = Some(self);
        while let Some(at) = dir {
            drop(at.release_fd());
            dir = at.parent.as_ref();
        }
    }

    /// Whether something else was found in the root's place.
    pub(crate) fn root_has_changed(self: &Arc<Self>) -> bool {
        let origin = self.root().origin.as_ref();
        origin.is_some_and(|origin| origin.changed.load(Ordering::Acquire))
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        self.identity.get().copied().flatten()
    }

    pub(crate) fn name(&self) -> &CStr {
        self.name.as_cstr()
    }

    /// The directories from below the root down to this one.
    pub(crate) fn chain(self: &Arc<Self>) -> Vec<&Arc<Dir>> {
        let mut chain = Vec::new();
        let mut dir = self;
        while let Some(parent) = &dir.parent {
            chain.push(dir);
            dir = parent;
        }
        chain.reverse();
        chain
    }

    /// Its root.
    pub(crate) fn root(self: &Arc<Self>) -> &Arc<Dir> {
        let mut dir = self;
        while let Some(parent) = &dir.parent {
            dir = parent;
        }
        dir
    }

    /// Identity of its root.
    pub(crate) fn root_identity(self: &Arc<Self>) -> Option<Identity> {
        self.root().identity()
    }

    pub(crate) fn is_held(&self) -> bool {
        self.keeping.lock().held.is_some()
    }

    /// The descriptor that it holds.
    pub(crate) fn held(&self) -> Option<Arc<Descriptor>> {
        self.keeping.lock().held.clone()
    }

    /// The directory's descriptor. One that was released is reopened, name by name from the nearest ancestor that holds
    /// one, or from the path of the root. ENOENT if something else is there now.
    ///
    /// On the way down only directories that were released are compared with their identity: the others have no pending
    /// children, and whatever is beneath has an identity of its own.
    pub(crate) fn reopen(
        self: &Arc<Self>,
        budget: &'static Budget,
    ) -> Result<Arc<Descriptor>, Errno> {
        if let Some(held) = self.held() {
            return Ok(held);
        }
        let mut missing: Vec<&Arc<Dir>> = Vec::new();
        let mut at = self;
        let mut descriptor = loop {
            if let Some(held) = at.held() {
                break held;
            }
            match &at.parent {
                Some(above) => {
                    missing.push(at);
                    at = above;
                }
                None => break at.reopen_root(budget)?,
            }
        };
        while let Some(dir) = missing.pop() {
            let opened = Descriptor::new(sys::open_dir(descriptor.fd(), dir.name())?, budget);
            if let Some(known) = dir.identity.get()
                && *known != Some(sys::stat_fd(opened.fd())?.identity)
            {
                return Err(Errno::NOENT);
            }
            // Without room in the budget it is reopened again next time.
            if missing.len() < REOPENED_KEPT && opened.has_budget() {
                dir.retain_fd(&opened);
            }
            descriptor = opened;
        }
        Ok(descriptor)
    }

    fn reopen_root(&self, budget: &'static Budget) -> Result<Arc<Descriptor>, Errno> {
        let origin = self.origin.as_ref().ok_or(Errno::NOENT)?;
        let opened = Descriptor::root(sys::open_root(&origin.path)?, budget);
        let same = sys::stat_fd(opened.fd())?.identity == self.identity().ok_or(Errno::NOENT)?
            && Some(&sys::mount_identity(opened.fd())?) == origin.was.get();
        if !same {
            origin.changed.store(true, Ordering::Release);
            return Err(Errno::NOENT);
        }
        self.retain_fd(&opened);
        Ok(opened)
    }
}

impl Drop for Dir {
    /// Not by recursion: there may be 20,000 parents.
    fn drop(&mut self) {
        let mut parent = self.parent.take();
        while let Some(mut dir) = parent.and_then(Arc::into_inner) {
            parent = dir.parent.take();
        }
    }
}
