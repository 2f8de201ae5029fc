//! A thread of the pool: takes units of a scan's frontier, reads directories, and marks_end its slot's slab.

use std::ffi::{CStr, CString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustix::io::Errno;

use crate::dir::{Descriptor, Dir, Names, Proof, Source, child_path_len, write_child_path};
use crate::evidence::stamp;
use crate::frontier::{Batch, Unit};
use crate::listing::make_room;
use crate::pool::Shared;
use crate::report::Status;
use crate::rules::Rules;
use crate::scan::{Scan, Slot};
use crate::slab::status;
use crate::start::open_start;
use crate::sys::{self, Mounted, Piece, Scratch};
use crate::{Admission, Error, Identity, MountIdentity, Operation, Reason};

/// While other scans wait, a thread stays so long with one.
const QUANTUM: Duration = Duration::from_millis(2);

/// Out of descriptors: so often is tried again, so long apart.
const RETRIES: u32 = 24;
const RETRY_AFTER: Duration = Duration::from_millis(4);

/// Sign of life of one thread: the timer sees by it who hangs in a system call.
#[derive(Default)]
pub(crate) struct Beat {
    count: AtomicU64,
    scan: Mutex<Option<Arc<Scan>>>,
    seen: Mutex<Option<(u64, Instant)>>,
    replaced: AtomicBool,
}

impl Beat {
    /// Another system call is about to begin. Only the thread itself counts, so that no locked add is needed.
    #[inline]
    pub(crate) fn beat(&self) {
        self.count.store(
            self.count.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Relaxed,
        );
    }

    /// Puts the thread to work on a scan, if that may have one more.
    fn attach(&self, scan: &Arc<Scan>) -> bool {
        self.beat();
        let attached = scan.attach();
        if attached {
            *self.scan.lock() = Some(scan.clone());
        }
        attached
    }

    /// Takes the thread from the scan that it was at work on.
    fn detach(&self, scan: &Scan) {
        let at = self.scan.lock().take();
        // A replaced thread was detached when it was replaced, and counted as stuck since.
        let count = if at.is_some() {
            &scan.attached
        } else {
            &scan.stuck
        };
        count.fetch_sub(1, Ordering::AcqRel);
    }

    /// How long the thread has been silent, if it is at work.
    pub(crate) fn silent_for(&self, now: Instant) -> Option<Duration> {
        self.scan.lock().as_ref()?;
        let count = self.count.load(Ordering::Relaxed);
        let mut seen = self.seen.lock();
        match &*seen {
            Some((before, since)) if *before == count => Some(now.duration_since(*since)),
            _ => {
                *seen = Some((count, now));
                Some(Duration::ZERO)
            }
        }
    }

    /// Marks the thread as replaced and takes it from its scan; none if it is not at work any more.
    pub(crate) fn begin_replacement(&self) -> Option<Arc<Scan>> {
        let mut at = self.scan.lock();
        let scan = at.take()?;
        self.replaced.store(true, Ordering::Release);
        // Under the lock: the thread may be coming back, and count itself out right afterwards.
        scan.stuck.fetch_add(1, Ordering::AcqRel);
        scan.attached.fetch_sub(1, Ordering::AcqRel);
        Some(scan)
    }

    pub(crate) fn is_replaced(&self) -> bool {
        self.replaced.load(Ordering::Acquire)
    }
}

/// What a thread carries from unit to unit.
pub(crate) struct Worker {
    number: usize,
    pub(crate) shared: Arc<Shared>,
    pub(crate) beat: Arc<Beat>,
    pub(crate) scratch: Scratch,
    /// Path of the directory at hand, where rules need it.
    pub(crate) path: Vec<u8>,
    began: Instant,
}

impl Worker {
    pub(crate) fn new(number: usize, shared: Arc<Shared>) -> Worker {
        Worker {
            number,
            shared,
            beat: Arc::default(),
            scratch: Scratch::new(),
            path: Vec::new(),
            began: Instant::now(),
        }
    }

    pub(crate) fn run(mut self) {
        while let Some(scan) = self.shared.next(&self.beat) {
            self.visit(&scan);
        }
        self.shared.leave(self.number, &self.beat);
    }

    /// Works on a scan for a while, and leaves it in a state that goes on by itself.
    fn visit(&mut self, scan: &Arc<Scan>) {
        self.began = Instant::now();
        let attached = !scan.is_ended() && self.beat.attach(scan);
        let visited = AssertUnwindSafe(|| match attached {
            true => self.walk(scan),
            // All places are taken. What waited for demand is sent all the same: who took them may be leaving.
            false => scan.drain(),
        });
        if catch_unwind(visited).is_err() {
            scan.end_panicked();
        }
        if attached {
            self.beat.detach(scan);
        }
        if scan.is_ended() {
            self.shared.retire(scan);
        } else if !scan.is_stopped() && !scan.is_starved() && scan.frontier.lock().has_work() {
            // Where all places are taken, the threads in them put the scan back when they leave, or come back.
            if scan.has_room() {
                self.shared.enqueue(scan);
            }
        }
    }

    fn walk(&mut self, scan: &Arc<Scan>) {
        scan.drain();
        if scan.untidy.swap(false, Ordering::AcqRel) && scan.is_starved() {
            give_back_all(scan);
        }
        let (mut done, mut found) = (false, None);
        loop {
            let stopped = scan.is_stopped();
            let mut frontier = scan.frontier.lock();
            if std::mem::take(&mut done) {
                frontier.done();
            }
            if let Some(batch) = found.take()
                && !stopped
            {
                frontier.push(batch);
            }
            let leave = self.must_leave(scan) && !frontier.must_start(stopped);
            let unit = if leave { None } else { frontier.take() };
            // Afterwards: taking also clears away listings that others have finished.
            let over = frontier.is_over();
            let more = frontier.has_work();
            drop(frontier);
            if over {
                self.finish(scan);
            }
            let Some(unit) = unit else { return };
            if more {
                self.offer(scan);
            }
            found = self.work(scan, unit);
            done = true;
        }
    }

    /// Lets a thread that has nothing to do join in.
    fn offer(&self, scan: &Arc<Scan>) {
        if scan.has_room() && self.shared.has_spare() {
            self.shared.enqueue(scan);
        }
    }

    fn must_leave(&self, scan: &Scan) -> bool {
        scan.is_stopped()
            || scan.is_starved()
            || self.beat.is_replaced()
            || (self.shared.has_waiting() && self.began.elapsed() >= QUANTUM)
    }

    /// After a quantum a scan has had its turn as a fresh one, whether or not it found anything to send. Only a piece
    /// that was read counts: before that, a start that is slow to open may have taken all of the time.
    fn end_freshness(&self, scan: &Scan) {
        if scan.is_fresh() && self.began.elapsed() >= QUANTUM {
            scan.end_freshness();
        }
    }

    fn finish(&self, scan: &Scan) {
        if !self.fail_if_root_is_gone(scan) {
            scan.finish();
        }
    }

    /// A root that was deleted makes the scan fail, whatever was read before.
    fn fail_if_root_is_gone(&self, scan: &Scan) -> bool {
        let Some(start) = scan.start.get() else {
            return false;
        };
        let Ok(descriptor) = start.reach(&self.shared.budget) else {
            return false;
        };
        let gone = sys::stat_fd(descriptor.fd()).is_ok_and(|stat| stat.links == 0);
        if gone && !scan.is_stopped() {
            let error = Error::from_errno(Errno::NOENT, Operation::Walk, &scan.root.path);
            scan.end(Status::Failed, Some(error));
        }
        gone
    }

    fn work(&mut self, scan: &Arc<Scan>, unit: Unit) -> Option<Batch> {
        self.beat.beat();
        match unit {
            Unit::Start => {
                let opened = self.retrying(scan, |worker| open_start(scan, &worker.shared.budget));
                self.started(scan, opened);
                None
            }
            Unit::Piece(dir) => {
                let source = dir.listing.lock().source.clone()?;
                self.list(scan, &dir, &source)
            }
            Unit::Again(dir, proof) => self.look_again(scan, &dir, proof),
            Unit::Child { parent, name, last } => self.enter(scan, &parent, name, last),
        }
    }

    fn started(&self, scan: &Arc<Scan>, opened: Result<(Arc<Dir>, Vec<Error>), Error>) {
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
        if scan.options.evidence.is_some()
            && let Err(error) = self.admit(scan, &dir)
        {
            scan.opened(Err(error));
            dir.release();
            return;
        }
        if scan.opened(Ok(root)) {
            scan.frontier.lock().share(&dir);
        } else {
            dir.release();
        }
    }

    /// Asks the index whether it takes this root, and makes ready what its first listing has to prove.
    fn admit(&self, scan: &Scan, start: &Arc<Dir>) -> Result<(), Error> {
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
        scan.admit(&Admission { root, way })?;
        let mut listing = start.listing.lock();
        if let Some(source) = listing.source.clone() {
            listing.proof = Some(Proof::begin(source.descriptor.fd(), None));
        }
        Ok(())
    }

    fn complain(&self, scan: &Scan, complaints: Vec<Error>) {
        if !complaints.is_empty() {
            let mut errors = scan.errors.lock();
            complaints.into_iter().for_each(|error| errors.push(error));
        }
    }

    /// Opens a subdirectory and lists it.
    fn enter(
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
        let found = found?;
        let start = scan.start.get()?.identity()?;
        if scan.options.same_file_system && found.device != start.device {
            Some(status::OTHER_FILE_SYSTEM)
        } else if parent.is_beneath(found, &self.shared.budget) {
            Some(status::LOOP)
        } else {
            None
        }
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

    /// Tries again when descriptors run out, after giving back what this scan keeps: other threads will close theirs.
    #[inline(always)]
    pub(crate) fn retrying<T>(
        &mut self,
        scan: &Scan,
        mut attempt: impl FnMut(&mut Worker) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut tries = 0;
        loop {
            let error = match attempt(self) {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if !is_exhaustion(&error) || scan.is_stopped() {
                return Err(error);
            }
            self.shared.budget.shrink();
            give_back_all(scan);
            tries += 1;
            if tries > RETRIES || (tries > 2 && scan.exhausted.load(Ordering::Relaxed)) {
                scan.exhausted.store(true, Ordering::Relaxed);
                return Err(error);
            }
            // Not all threads at once: one that gets two can go on, two that get one each can not.
            let turn = u32::try_from(self.number % 8).unwrap_or(0);
            thread::sleep(RETRY_AFTER + Duration::from_millis(1) * turn);
            self.beat.beat();
        }
    }

    /// The status of a directory that could not be opened or read, after taking note of it.
    fn status_of(&self, scan: &Scan, error: Error) -> u32 {
        let Reason::Errno(number) = error.reason else {
            return status::VANISHED;
        };
        let vanished = [Errno::NOENT, Errno::NOTDIR, Errno::LOOP].map(Errno::raw_os_error);
        if vanished.contains(&number) {
            if let Some(slot) = scan.slot(self.number, false) {
                slot.lock().counts.vanished += 1;
            }
            self.fail_if_root_is_gone(scan);
            return status::VANISHED;
        }
        scan.errors.lock().push(error);
        status::errno(number)
    }

    /// The closing record of a directory that was not entered.
    fn close_unread(
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

    /// Lists a directory, or as much of it as this thread may.
    pub(crate) fn list(
        &mut self,
        scan: &Arc<Scan>,
        dir: &Arc<Dir>,
        source: &Source,
    ) -> Option<Batch> {
        let proof = match scan.options.evidence {
            Some(_) => dir.listing.lock().proof,
            None => None,
        };
        let again = proof.is_some_and(|proof| proof.pass > 0);
        let slot = scan.slot(self.number, again)?;
        {
            let mut slot = slot.lock();
            make_room(scan, &mut slot, dir.path_len());
            slot.builder.open(|path| dir.write_path(path));
            if let Some(proof) = proof {
                slot.builder.attest(proof.stamp, proof.mount);
            }
        }
        if dir.rules.is_some() {
            self.path.clear();
            dir.write_path(&mut self.path);
        }
        loop {
            let mut subdirs = Names::default();
            let piece = self.read_piece(scan, dir, source, slot, &mut subdirs, again);
            self.end_freshness(scan);
            let failed = match piece {
                Ok(Piece::Broken) => return None,
                Ok(_) => None,
                Err(errno) if again => Some(status::errno(errno.raw_os_error())),
                Err(errno) => {
                    let error = Error::from_errno(errno, Operation::Read, &dir.path());
                    Some(self.status_of(scan, error))
                }
            };
            let shared = {
                let mut listing = dir.listing.lock();
                listing.subdirs.append(subdirs);
                listing.finished |= failed.is_some() || piece == Ok(Piece::End);
                listing.failed = listing.failed.or(failed);
                if !listing.finished && !self.must_leave(scan) {
                    continue;
                }
                listing.shared || !listing.finished
            };
            return self.leave(scan, dir, slot, shared);
        }
    }

    /// Leaves a listing: to others if it is not finished; closed if it is, and nobody else works on it.
    fn leave(
        &mut self,
        scan: &Arc<Scan>,
        dir: &Arc<Dir>,
        slot: &Mutex<Slot>,
        shared: bool,
    ) -> Option<Batch> {
        if shared {
            // Whoever closes the directory must find its entries sent.
            scan.emit(&mut slot.lock());
        }
        let mut listing = dir.listing.lock();
        listing.working = listing.working.saturating_sub(1);
        if !listing.finished {
            listing.shared = true;
            drop(listing);
            let mut frontier = scan.frontier.lock();
            // Another thread may have read it to its end by now.
            if !dir.listing.lock().finished {
                frontier.share(dir);
            }
            return None;
        }
        let closed = (listing.working == 0).then(|| std::mem::take(&mut *listing));
        listing.finished = true;
        drop(listing);
        if shared {
            scan.frontier.lock().unshare(dir);
        }
        self.close(scan, dir, slot, closed?)
    }
}

fn child_path(parent: &Dir, name: &CStr) -> Vec<u8> {
    let mut path = Vec::new();
    write_child_path(parent, name.to_bytes(), &mut path);
    path
}

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

/// The identity of a mount point, if it is one. Where the kernel does not tell, another device number does.
fn mount_of(
    descriptor: &Descriptor,
    mounted: Mounted,
    above: Option<Identity>,
    found: Option<Identity>,
) -> Option<MountIdentity> {
    let other = mounted == Mounted::Yes || above?.device != found?.device;
    other.then(|| sys::mount_identity(descriptor.fd()).ok())?
}

/// Closes what a scan keeps for pending directories: they are reopened when their turn comes.
fn give_back_all(scan: &Scan) {
    let held = scan.frontier.lock().held();
    for dir in held {
        drop(dir.give_back());
    }
}

/// Whether the process, or the system, has no descriptor left.
pub(crate) fn is_exhaustion(error: &Error) -> bool {
    let full = [Errno::MFILE, Errno::NFILE].map(|errno| Reason::Errno(errno.raw_os_error()));
    full.contains(&error.reason)
}
