//! One scan: its parts, which threads may work on it, and what they have found. `order.rs` decides what is sent of
//! that, and how the scan ends.
//!
//! Lock order: a slot, then the order. The frontier's lock is never held together with either.

mod disk;
mod order;
mod receiver;
mod slots;

use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::dir::{Dir, Entered};
use crate::frontier::Frontier;
use crate::lock::Lock;
use crate::pool::{MountPoint, Shared};
use crate::report::ErrorLog;
use crate::slab::{Groups, Kind, Metadata};
use crate::sys::{self, Wanted};
use crate::{Admission, Demand, Error, Options, Root, Sink};
use disk::Linked;
use order::Order;
pub use receiver::ReceiverMonitor;
pub(crate) use slots::Slot;

/// The first slab of a scan is sent at this size or at this age, whichever comes first.
const FIRST_BYTES: usize = 4096;
const FIRST_AGE: Duration = Duration::from_millis(1);

/// Maximum number of stuck threads of one scan; with as many it gets no further thread until one comes back. A tree
/// full of hung directories must not use up the pool's replacements, which other scans need.
const SCAN_MAX_STUCK: usize = 8;

/// Demand below which a scan has at most one thread for each slab asked for.
const FEW_SLABS: usize = 4;

/// Number of threads for each slab asked for, from that demand on.
const THREADS_PER_SLAB: usize = 4;

/// A scan, shared by its pool and its owner.
pub struct Scan {
    pub(crate) root: Root,
    pub(crate) options: Options,
    pub(crate) started: Instant,
    pub(crate) frontier: Lock<Frontier>,
    pub(crate) start: OnceLock<Arc<Dir>>,
    /// The folder to start from, if it is not entered; `start` is then its parent.
    pub(crate) unread: OnceLock<crate::walk::Unread>,
    /// The one entry that was asked for.
    pub(crate) entry: OnceLock<crate::walk::OneEntry>,
    pub(crate) entered: Arc<Entered>,
    pub(crate) errors: Mutex<ErrorLog>,
    /// Descriptors ran out for good: do not wait for any.
    pub(crate) exhausted: AtomicBool,
    /// Threads working on it.
    pub(crate) attached: AtomicUsize,
    /// Threads that hang in it and were replaced.
    pub(crate) stuck: AtomicUsize,
    /// Whether it is in the pool's queue.
    pub(crate) queued: AtomicBool,
    /// Parked long enough: the next thread releases what the scan holds.
    pub(crate) release_requested: AtomicBool,
    /// Whether a release was requested since it was parked.
    pub(crate) is_tidy: AtomicBool,
    /// Whether it was resumed, or a thread has left it, since the timer last looked.
    pub(crate) resumed: AtomicBool,
    /// What it waits for before a thread takes it up again.
    pub(crate) waits: Mutex<Option<Wait>>,
    /// Whether the timer looks at it.
    pub(crate) watched: AtomicBool,
    /// Whether the start had links when it was opened: some file systems never count links of directories.
    pub(crate) was_linked: AtomicBool,
    /// Allocated bytes of the start itself, if disk use is counted.
    pub(crate) start_disk: AtomicU64,
    pub(crate) linked: Linked,
    /// What the index keeps of each entry besides [`Groups::INDEXED`]. Set when it admits the scan, before anything is
    /// listed.
    pub(crate) kept: OnceLock<Groups>,
    /// The mount point of the root.
    mount_point: OnceLock<MountPoint>,
    pub(crate) progress: Mutex<crate::timer::Pace>,
    pool: Weak<Shared>,
    native_bytes: Arc<AtomicIsize>,
    sink: Box<dyn Sink>,
    order: Mutex<Order>,
    slots: Box<[OnceLock<Box<Mutex<Slot>>>]>,
    /// Only the summary may still be sent.
    stopped: AtomicBool,
    parked: AtomicBool,
    handle_dropped: AtomicBool,
    /// Slabs asked for and not sent, to be read without the order's lock.
    wanted: AtomicUsize,
    sent_first: AtomicBool,
    first_turn: AtomicBool,
}

/// Why a scan that has work to do gets no thread.
#[derive(Clone, Copy)]
pub(crate) enum Wait {
    /// Its root was closed while it was parked, and too many descriptors have been open since then.
    Root(Instant),
    /// Too many threads hang, some of them in its mount.
    Mount,
}

/// The demand as a number of threads that could serve it.
fn wanted(demand: Demand) -> usize {
    match demand {
        Demand::Unlimited => usize::MAX,
        Demand::Slabs(slabs) => usize::try_from(slabs).unwrap_or(usize::MAX),
    }
}

impl Scan {
    pub(crate) fn new(
        root: Root,
        mut options: Options,
        pool: &Arc<Shared>,
        sink: impl FnOnce(&Weak<Scan>) -> Box<dyn Sink>,
    ) -> Arc<Scan> {
        options.metadata = options.metadata.completed();
        let parked = options.demand == Demand::Slabs(0);
        Arc::new_cyclic(|weak| Scan {
            root,
            started: Instant::now(),
            frontier: Lock::new(Frontier::new()),
            start: OnceLock::new(),
            unread: OnceLock::new(),
            entry: OnceLock::new(),
            entered: Arc::default(),
            errors: Mutex::new(ErrorLog::new(options.max_errors)),
            exhausted: AtomicBool::new(false),
            attached: AtomicUsize::new(0),
            stuck: AtomicUsize::new(0),
            queued: AtomicBool::new(false),
            release_requested: AtomicBool::new(false),
            is_tidy: AtomicBool::new(false),
            resumed: AtomicBool::new(false),
            waits: Mutex::default(),
            watched: AtomicBool::new(false),
            was_linked: AtomicBool::new(true),
            start_disk: AtomicU64::new(0),
            linked: Linked::default(),
            kept: OnceLock::new(),
            mount_point: OnceLock::new(),
            progress: Mutex::default(),
            pool: Arc::downgrade(pool),
            native_bytes: pool.native_bytes.clone(),
            sink: sink(weak),
            order: Mutex::new(Order::new(&options)),
            slots: {
                let passes = 1 + usize::from(options.evidence.is_some());
                // One more for what threads leave behind.
                (0..(pool.max_threads() + 1) * passes)
                    .map(|_| OnceLock::new())
                    .collect()
            },
            stopped: AtomicBool::new(false),
            parked: AtomicBool::new(parked),
            handle_dropped: AtomicBool::new(false),
            wanted: AtomicUsize::new(wanted(options.demand)),
            sent_first: AtomicBool::new(false),
            first_turn: AtomicBool::new(true),
            options,
        })
    }

    /// Stops the scan. Once this returns nothing is sent but the summary, which follows within moments.
    pub fn cancel(self: &Arc<Self>) {
        // Under the lock: a send that has begun is over when this returns.
        let order = self.order.lock();
        let before = self.stopped.swap(true, Ordering::AcqRel);
        drop(order);
        if !before && let Some(pool) = self.pool.upgrade() {
            pool.timer.watch(self);
        }
    }

    /// Stops the scan without waiting for a lock, for sinks; something may still be sent after it returns.
    pub fn request_stop(self: &Arc<Self>) {
        self.stopped.store(true, Ordering::Release);
        if let Some(pool) = self.pool.upgrade() {
            pool.timer.watch(self);
        }
    }

    /// The last handle is gone: end the scan once it parks.
    pub fn handle_dropped(self: &Arc<Self>) {
        self.handle_dropped.store(true, Ordering::Release);
        if self.is_parked()
            && let Some(pool) = self.pool.upgrade()
        {
            pool.timer.watch(self);
        }
    }

    /// Whether another thread may work on it.
    pub(crate) fn has_room(&self) -> bool {
        self.attached.load(Ordering::Acquire) < self.thread_limit()
    }

    /// Maximum number of threads that may work on it. Few while some hang and none while many do, as further ones would
    /// probably hang too. With a small demand, no more threads than slabs asked for, since each may hold an unsent slab
    /// when the scan is parked. With a larger one, more: threads are many only if they sleep, and those find little.
    fn thread_limit(&self) -> usize {
        let most = match self.stuck.load(Ordering::Acquire) {
            0 => usize::MAX,
            stuck @ 1..SCAN_MAX_STUCK => SCAN_MAX_STUCK + 1 - stuck,
            _ => 0,
        };
        let wanted = match self.wanted.load(Ordering::Relaxed) {
            few @ ..FEW_SLABS => few.max(1),
            many => many.saturating_mul(THREADS_PER_SLAB),
        };
        self.options.threads.unwrap_or(most).min(most).min(wanted)
    }

    /// Attaches a thread, if there is room.
    pub(crate) fn attach(&self) -> bool {
        let most = self.thread_limit();
        let more = |attached: usize| (attached < most).then_some(attached + 1);
        self.attached
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, more)
            .is_ok()
    }

    /// What an index gets of each entry.
    pub(crate) fn indexed(&self) -> Groups {
        Groups::INDEXED | self.kept.get().copied().unwrap_or_default()
    }

    /// The attributes to read: those to report, and those that an index needs.
    pub(crate) fn read(&self) -> Groups {
        match self.options.evidence {
            Some(_) => self.options.metadata | self.indexed(),
            None => self.options.metadata,
        }
    }

    /// What a stat of an entry asks for.
    pub(crate) fn wanted_metadata(&self) -> Wanted {
        Wanted::new(self.read())
    }

    /// Whether it only looks at one entry.
    pub(crate) fn is_look(&self) -> bool {
        self.root.entry.is_some()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(crate) fn is_parked(&self) -> bool {
        self.parked.load(Ordering::Acquire)
    }

    /// The bytes that an entry adds to what the scan takes up on disk. What lies on another file system that the scan
    /// stays out of, a directory or a file that is mounted, adds nothing.
    #[inline]
    pub(crate) fn disk_of(&self, kind: Kind, entry: &Metadata) -> u64 {
        match self.options.same_file_system && self.is_elsewhere(entry) {
            true => 0,
            false => self.linked.count(kind, entry),
        }
    }

    fn is_elsewhere(&self, entry: &Metadata) -> bool {
        let start = self.start.get().and_then(|start| start.identity());
        start.is_some_and(|start| sys::device_number(start.device) != entry.device)
    }

    /// Whether a slab with entries was sent.
    fn has_sent(&self) -> bool {
        self.sent_first.load(Ordering::Relaxed)
    }

    /// Whether it goes ahead of other scans, towards its first entry.
    pub(crate) fn is_first_turn(&self) -> bool {
        self.first_turn.load(Ordering::Relaxed)
    }

    /// Ends its turn ahead of others.
    pub(crate) fn end_first_turn(&self) {
        self.first_turn.store(false, Ordering::Relaxed);
    }

    /// Whether a thread would find work in it.
    pub(crate) fn wants_thread(&self) -> bool {
        if self.is_stopped() || self.waits.lock().is_some() {
            return false;
        }
        let frontier = self.frontier.lock();
        frontier.must_start(false) || (!self.is_parked() && frontier.has_work())
    }

    /// Asks the sink whether the root may be scanned. [`Scan::admitted`] brings the answer.
    pub(crate) fn admit(self: &Arc<Self>, found: &Admission) {
        self.frontier.lock().await_admission();
        self.sink.admit(self, found);
    }

    /// Answers [`Sink::admit`](crate::Sink::admit): with what the index keeps, or with an error, which is passed on to
    /// `opened`. May be called from any thread. Has no effect the second time, or when the scan has been cancelled.
    pub fn admitted(self: &Arc<Self>, answer: Result<Groups, Error>) {
        let is_awaited = self.frontier.lock().answer_admission(answer);
        if is_awaited && let Some(pool) = self.pool.upgrade() {
            pool.enqueue(self);
        }
    }

    /// Whether its root was closed while it was parked.
    pub(crate) fn lacks_root(&self) -> bool {
        self.start
            .get()
            .is_some_and(|start| !start.root().is_held())
    }

    /// The mount that its root lies on.
    pub(crate) fn mount_point(&self) -> MountPoint {
        let point = self.mount_point.get_or_init(|| {
            let path = &self.root.path;
            // Without a mount table each root stands for itself.
            crate::mounts::mount_behind(path)
                .unwrap_or_else(|| path.clone())
                .into()
        });
        Arc::clone(point)
    }

    /// Like `mount_point`, without touching a file system: the mount by the text of the path, where that is certain.
    /// Otherwise a link may lead elsewhere, and the root stands for itself.
    pub(crate) fn mount_point_by_text(&self) -> MountPoint {
        match self.mount_point.get() {
            Some(point) => Arc::clone(point),
            None => {
                let root = self.start.get().and_then(|start| start.root_identity());
                crate::mounts::sure_mount_of(&self.root.path, root.map(|root| root.device))
                    .unwrap_or_else(|| self.root.path.clone())
                    .into()
            }
        }
    }

    /// Gives back what a parked scan can do without: descriptors that can be reopened, and spare memory. What was found
    /// is packed and waits.
    pub(crate) fn park(&self) {
        let (held, listings) = {
            let mut frontier = self.frontier.lock();
            frontier.shrink();
            (frontier.held(), frontier.listings())
        };
        for dir in held {
            drop(dir.release_fd());
        }
        for dir in listings {
            let source = dir.listing.lock().source.clone();
            if let Some(source) = source {
                dir.identify(source.descriptor.fd());
            }
            let closed = dir.listing.lock().park();
            drop(closed);
        }
        if let Some(start) = self.start.get() {
            start.release_start();
        }
        for slot in self.used_slots() {
            let mut slot = slot.lock();
            self.emit(&mut slot);
            // A hung thread may come back to it and go on with its directory.
            slot.builder.release();
            let held = slot.builder.capacity_bytes();
            self.gauge(held as isize - slot.gauged as isize);
            slot.gauged = held;
        }
    }

    /// Frees what an ended scan still holds.
    pub(crate) fn clean_up(&self) {
        // Only if the sink panicked at the summary.
        self.drop_waiting(&mut self.order.lock());
        let left = self.frontier.lock().clear();
        drop(left);
        if let Some(start) = self.start.get() {
            start.release();
        }
        for slot in self.used_slots() {
            self.empty(&mut slot.lock());
        }
    }
}
