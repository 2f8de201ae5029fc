//! A directory on its way through a scan: where it stands in the tree, how far its listing is, and the descriptor that it
//! holds while it has use for it.

mod descriptor;
mod names;

use std::ffi::{CStr, CString};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use rustix::fd::BorrowedFd;
use rustix::io::Errno;

use crate::Identity;
use crate::evidence::Proof;
use crate::rules::Rules;
use crate::sys;
pub(crate) use descriptor::{Budget, Descriptor, Kept};
pub(crate) use names::Names;

/// Ancestors whose descriptors a reopening leaves behind, so that climbing back a deep tree reopens each level
/// once in so many and not from the root each time.
const REOPENED_KEPT: usize = 64;

/// A directory that was opened once.
pub(crate) struct Dir {
    parent: Option<Arc<Dir>>,
    name: CString,
    path_len: usize,
    /// Depth of its entries, 1 for those of the start.
    pub depth: u32,
    /// Known of starts, of mount points, and of what was given back while children were pending; none if it could not
    /// be asked then.
    identity: OnceLock<Option<Identity>>,
    pub rules: Option<Arc<Rules>>,
    /// See [`sys::marks_end`].
    pub marks_end: bool,
    keeping: Mutex<Keeping>,
    /// Where its listing stands, while it is being listed.
    pub listing: Mutex<Listing>,
}

/// What a directory holds for its children.
#[derive(Default)]
struct Keeping {
    kept: Option<Kept>,
    /// Children are still to be opened: only then is a descriptor of use, and only then does the frontier know of it.
    pending: bool,
}

/// A listing under way, perhaps by several threads.
#[derive(Default)]
pub(crate) struct Listing {
    /// What is read from, until the end.
    pub source: Option<Arc<Source>>,
    /// Threads that read a piece of it right now.
    pub working: usize,
    /// Whether its end was seen; the last thread to leave then closes it.
    pub finished: bool,
    /// Whether other threads can find it.
    pub shared: bool,
    /// The slab status to close with, if not complete.
    pub failed: Option<u32>,
    /// Subdirectories to enter.
    pub subdirs: Names,
    /// What an index wants proven, in scans with evidence.
    pub proof: Option<Proof>,
}

/// What a listing is read from.
pub(crate) struct Source {
    pub descriptor: Arc<Descriptor>,
    pub reader: sys::Reader,
}

impl Keeping {
    /// Takes what counts against the budget.
    fn take(&mut self) -> Option<Kept> {
        self.kept.take_if(|kept| kept.budget.is_some())
    }
}

impl Dir {
    /// The root: it keeps its descriptor to the end of the scan.
    pub(crate) fn new_root(
        descriptor: Arc<Descriptor>,
        identity: Identity,
        depth: u32,
        rules: Option<Arc<Rules>>,
        marks_end: bool,
    ) -> Arc<Dir> {
        Arc::new(Dir {
            parent: None,
            name: CString::default(),
            path_len: 0,
            depth,
            identity: OnceLock::from(Some(identity)),
            rules,
            marks_end,
            keeping: Mutex::new(Keeping {
                kept: Some(Kept {
                    descriptor,
                    budget: None,
                }),
                pending: true,
            }),
            listing: Mutex::default(),
        })
    }

    pub(crate) fn child(
        parent: &Arc<Dir>,
        name: CString,
        identity: Option<Identity>,
        depth: u32,
        rules: Option<Arc<Rules>>,
        marks_end: bool,
    ) -> Arc<Dir> {
        let path_len = child_path_len(parent, &name);
        let parent = Some(parent.clone());
        let identity = identity.map_or_else(OnceLock::new, |found| OnceLock::from(Some(found)));
        let (keeping, listing) = (Mutex::default(), Mutex::default());
        Arc::new(Dir {
            parent,
            name,
            path_len,
            depth,
            identity,
            rules,
            marks_end,
            keeping,
            listing,
        })
    }

    pub(crate) fn path_len(&self) -> usize {
        self.path_len
    }

    /// Appends the path relative to the root, without a slash at its end.
    pub(crate) fn write_path(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + self.path_len, b'/');
        let Some(mut room) = out.get_mut(start..) else {
            return;
        };
        let mut dir = self;
        while let Some(parent) = &dir.parent {
            let name = dir.name.to_bytes();
            let Some(at) = room.len().checked_sub(name.len()) else {
                return;
            };
            let (before, own) = room.split_at_mut(at);
            own.copy_from_slice(name);
            // The slash is there already.
            let Some(at) = before.len().checked_sub(1) else {
                return;
            };
            room = before.split_at_mut(at).0;
            dir = parent;
        }
    }

    /// Turns the path of `before` into that of this directory. A walk mostly goes on beneath or beside where it was: to
    /// climb to the root for each directory would make deep trees quadratic.
    pub(crate) fn write_path_after(&self, before: Option<&Arc<Dir>>, path: &mut Vec<u8>) {
        let is_near = |above: &&Arc<Dir>| {
            before.is_some_and(|before| {
                Arc::ptr_eq(before, above)
                    || before
                        .parent
                        .as_ref()
                        .is_some_and(|p| Arc::ptr_eq(p, above))
            })
        };
        let Some(above) = self.parent.as_ref().filter(is_near) else {
            path.clear();
            return self.write_path(path);
        };
        path.truncate(above.path_len);
        if above.parent.is_some() {
            path.push(b'/');
        }
        path.extend_from_slice(self.name.to_bytes());
    }

    pub(crate) fn path(&self) -> Vec<u8> {
        let mut path = Vec::new();
        self.write_path(&mut path);
        path
    }

    /// What the directory is; one of which that is not known is asked by its descriptor.
    fn ask_identity(self: &Arc<Self>, budget: &Arc<Budget>) -> Result<Identity, Errno> {
        match self.identity.get() {
            Some(known) => known.ok_or(Errno::NOENT),
            None => Ok(sys::stat_fd(self.reach(budget)?.fd())?.identity),
        }
    }

    /// Whether a directory with this identity is this one or one above it.
    pub(crate) fn is_beneath(self: &Arc<Self>, identity: Identity, budget: &Arc<Budget>) -> bool {
        let mut dir = Some(self);
        while let Some(at) = dir {
            if at.ask_identity(budget) == Ok(identity) {
                return true;
            }
            dir = at.parent.as_ref();
        }
        false
    }

    /// Children are to be opened: keeps the descriptor for them, if the budget allows; gives it back if not.
    pub(crate) fn expect_children(
        &self,
        descriptor: Arc<Descriptor>,
    ) -> Result<(), Arc<Descriptor>> {
        self.keeping.lock().pending = true;
        self.keep(descriptor)
    }

    /// Keeps a descriptor for pending children, if the budget allows; gives it back if not.
    pub(crate) fn keep(&self, descriptor: Arc<Descriptor>) -> Result<(), Arc<Descriptor>> {
        let budget = descriptor.budget.clone();
        let kept = budget.keep(descriptor)?;
        let mut keeping = self.keeping.lock();
        // Closing may take its time, so not under the lock.
        let spare = if keeping.pending && keeping.kept.is_none() {
            keeping.kept = Some(kept);
            None
        } else {
            Some(kept)
        };
        drop(keeping);
        drop(spare);
        Ok(())
    }

    /// Keeps it outside of the budget: the start of a scan.
    pub(crate) fn keep_always(&self, descriptor: Arc<Descriptor>) {
        let kept = Kept {
            descriptor,
            budget: None,
        };
        let before = self.keeping.lock().kept.replace(kept);
        drop(before);
    }

    /// Gives the descriptor back while children are pending. A start keeps its own.
    pub(crate) fn give_back(&self) -> Option<Kept> {
        self.identify(self.held()?.fd());
        self.keeping.lock().take()
    }

    /// Takes note of what the directory is: it has to be the same when it is opened again.
    pub(crate) fn identify(&self, fd: BorrowedFd<'_>) {
        if self.identity.get().is_none() {
            let found = sys::stat_fd(fd).map(|stat| stat.identity);
            let _ = self.identity.set(found.ok());
        }
    }

    /// The last of its children was opened, or could not be.
    pub(crate) fn let_go(&self) -> Option<Kept> {
        let mut keeping = self.keeping.lock();
        keeping.pending = false;
        keeping.take()
    }

    /// Gives back what this directory and all above it hold: the scan is over, and its handle may live on.
    pub(crate) fn release(&self) {
        let mut dir = Some(self);
        while let Some(at) = dir {
            let kept = at.keeping.lock().kept.take();
            let nothing = Listing {
                finished: true,
                ..Listing::default()
            };
            let listing = std::mem::replace(&mut *at.listing.lock(), nothing);
            drop((kept, listing));
            dir = at.parent.as_deref();
        }
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        self.identity.get().copied().flatten()
    }

    pub(crate) fn name(&self) -> &CStr {
        &self.name
    }

    /// The directories from below the root down to this one.
    pub(crate) fn way(self: &Arc<Self>) -> Vec<&Arc<Dir>> {
        let mut way = Vec::new();
        let mut dir = self;
        while let Some(parent) = &dir.parent {
            way.push(dir);
            dir = parent;
        }
        way.reverse();
        way
    }

    /// The root above it.
    pub(crate) fn root(self: &Arc<Self>) -> &Arc<Dir> {
        let mut dir = self;
        while let Some(parent) = &dir.parent {
            dir = parent;
        }
        dir
    }

    /// Identity of the root above it.
    pub(crate) fn root_identity(self: &Arc<Self>) -> Option<Identity> {
        self.root().identity()
    }

    pub(crate) fn is_held(&self) -> bool {
        self.keeping.lock().kept.is_some()
    }

    fn held(&self) -> Option<Arc<Descriptor>> {
        let keeping = self.keeping.lock();
        keeping.kept.as_ref().map(|kept| kept.descriptor.clone())
    }

    /// The directory's descriptor; one that was given back is reopened, name by name from the nearest ancestor that
    /// holds one. ENOENT when something else is there now.
    ///
    /// On the way down only what was given back is compared with what it was: of the others no child is pending, and
    /// whatever is beneath is told by its own identity.
    pub(crate) fn reach(self: &Arc<Self>, budget: &Arc<Budget>) -> Result<Arc<Descriptor>, Errno> {
        if let Some(held) = self.held() {
            return Ok(held);
        }
        let mut missing: Vec<&Arc<Dir>> = vec![self];
        let mut above = self.parent.as_ref();
        let mut descriptor = loop {
            let dir = above.ok_or(Errno::NOENT)?;
            if let Some(held) = dir.held() {
                break held;
            }
            missing.push(dir);
            above = dir.parent.as_ref();
        };
        while let Some(dir) = missing.pop() {
            let opened = Descriptor::new(sys::open_dir(descriptor.fd(), &dir.name)?, budget);
            if let Some(known) = dir.identity.get()
                && *known != Some(sys::stat_fd(opened.fd())?.identity)
            {
                return Err(Errno::NOENT);
            }
            if missing.len() < REOPENED_KEPT {
                // Without room in the budget it is reopened again next time.
                let _ = dir.keep(opened.clone());
            }
            descriptor = opened;
        }
        Ok(descriptor)
    }
}

/// Length of the path of a child.
pub(crate) fn child_path_len(parent: &Dir, name: &CStr) -> usize {
    let slash = usize::from(parent.parent.is_some());
    parent.path_len + slash + name.count_bytes()
}

/// Appends the path of a child.
pub(crate) fn write_child_path(parent: &Dir, name: &[u8], out: &mut Vec<u8>) {
    parent.write_path(out);
    if parent.parent.is_some() {
        out.push(b'/');
    }
    out.extend_from_slice(name);
}

impl Drop for Dir {
    /// A chain of 20,000 parents must not be dropped by recursion.
    fn drop(&mut self) {
        let mut parent = self.parent.take();
        while let Some(mut dir) = parent.and_then(Arc::into_inner) {
            parent = dir.parent.take();
        }
    }
}
