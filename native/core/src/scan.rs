//! One scan: what it is made of, who may work on it, what its threads have found. What is sent of that, and how it
//! ends, is in `order.rs`.
//!
//! Locks, in the order in which they may be held together: a slot, then the order. The frontier's is apart from both.

mod order;
mod slots;

use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::dir::{Dir, Entered};
use crate::frontier::Frontier;
use crate::lock::Lock;
use crate::pool::{MountPoint, Shared};
use crate::report::ErrorLog;
use crate::{Admission, Demand, Error, Options, Root, Sink};
use order::Order;
pub(crate) use slots::Slot;

/// The first slab of a scan leaves when it has so many bytes, or at this age: whichever is first.
const FIRST_BYTES: usize = 4096;
const FIRST_AGE: Duration = Duration::from_millis(1);

/// With so many threads hung and replaced a scan gets no further one until one comes back: a tree full of hung
/// directories must not use up all replacements of the pool, which other scans live on.
const SCAN_MAX_STUCK: usize = 8;

/// With demand for fewer slabs, each may have one thread that works on it.
const FEW_SLABS: usize = 4;

/// With demand for more, each may have this many.
const THREADS_PER_SLAB: usize = 4;

/// A scan, as its pool and whoever started it hold it.
pub struct Scan {
    pub(crate) root: Root,
    pub(crate) options: Options,
    pub(crate) started: Instant,
    pub(crate) frontier: Lock<Frontier>,
    pub(crate) start: OnceLock<Arc<Dir>>,
    /// The folder to start from, if it is not entered; `start` is then the directory above it.
    pub(crate) unread: OnceLock<crate::walk::Unread>,
    pub(crate) entered: Arc<Entered>,
    pub(crate) errors: Mutex<ErrorLog>,
    /// Ran out of descriptors once and for all: do not wait for them again.
    pub(crate) exhausted: AtomicBool,
    /// Threads at work on it.
    pub(crate) attached: AtomicUsize,
    /// Threads that hang in it and were replaced.
    pub(crate) stuck: AtomicUsize,
    /// Whether it stands in the pool's queue.
    pub(crate) queued: AtomicBool,
    /// Parked for so long that what it holds is to be given back, by the next thread that comes.
    pub(crate) release_requested: AtomicBool,
    /// That was asked for since it was parked.
    pub(crate) is_tidy: AtomicBool,
    /// It went on since, or a thread has left it.
    pub(crate) resumed: AtomicBool,
    /// What it waits for before a thread can go on with it.
    pub(crate) waits: Mutex<Option<Wait>>,
    /// Whether the timer looks at it.
    pub(crate) watched: AtomicBool,
    /// Whether the start had links when it was opened: some file systems never count those of directories.
    pub(crate) was_linked: AtomicBool,
    /// Where the root lies.
    mount_point: OnceLock<MountPoint>,
    pub(crate) progress: Mutex<crate::timer::Pace>,
    pool: Weak<Shared>,
    native_bytes: Arc<AtomicIsize>,
    sink: Box<dyn Sink>,
    order: Mutex<Order>,
    slots: Box<[OnceLock<Box<Mutex<Slot>>>]>,
    /// Nothing but the summary may be sent any more.
    stopped: AtomicBool,
    parked: AtomicBool,
    handle_dropped: AtomicBool,
    /// Slabs asked for and not sent, for who does not hold the order's lock.
    wanted: AtomicUsize,
    sent_first: AtomicBool,
    first_turn: AtomicBool,
}

/// Why a scan that has work to do is given no thread.
#[derive(Clone, Copy)]
pub(crate) enum Wait {
    /// Since then: its root was closed while it was parked, and too many others are open.
    Root(Instant),
    /// So many threads hang in its mount, and in all.
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
        options: Options,
        pool: &Arc<Shared>,
        sink: impl FnOnce(&Weak<Scan>) -> Box<dyn Sink>,
    ) -> Arc<Scan> {
        let parked = options.demand == Demand::Slabs(0);
        Arc::new_cyclic(|weak| Scan {
            root,
            started: Instant::now(),
            frontier: Lock::new(Frontier::new()),
            start: OnceLock::new(),
            unread: OnceLock::new(),
            entered: Arc::default(),
            errors: Mutex::default(),
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

    /// Stops the scan: when this returns, nothing but the summary is sent, and that within moments.
    pub fn cancel(self: &Arc<Self>) {
        // Under the lock: a send that has begun is over when this returns.
        let order = self.order.lock();
        let before = self.stopped.swap(true, Ordering::AcqRel);
        drop(order);
        if !before && let Some(pool) = self.pool.upgrade() {
            pool.timer.watch(self);
        }
    }

    /// As `cancel`, for sinks: waits for no lock, so that something may still be sent.
    pub fn request_stop(self: &Arc<Self>) {
        self.stopped.store(true, Ordering::Release);
        if let Some(pool) = self.pool.upgrade() {
            pool.timer.watch(self);
        }
    }

    /// Nobody can ask for more any more: once parked, the scan is over.
    pub fn handle_dropped(self: &Arc<Self>) {
        self.handle_dropped.store(true, Ordering::Release);
        if self.is_parked()
            && let Some(pool) = self.pool.upgrade()
        {
            pool.timer.watch(self);
        }
    }

    /// Whether one more thread may work on it.
    pub(crate) fn has_room(&self) -> bool {
        self.attached.load(Ordering::Acquire) < self.places()
    }

    /// How many threads may work on it. Few while some hang, none while many do: it is likely that more would. Where few
    /// slabs are asked for, not more than these, since each thread may have one that is not sent when the scan is parked;
    /// otherwise more, because only threads that sleep are many, and these find little.
    fn places(&self) -> usize {
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

    /// Counts a thread in, if there is room for it.
    pub(crate) fn attach(&self) -> bool {
        let most = self.places();
        let more = |attached: usize| (attached < most).then_some(attached + 1);
        self.attached
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, more)
            .is_ok()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(crate) fn is_parked(&self) -> bool {
        self.parked.load(Ordering::Acquire)
    }

    /// Whether a message with entries has left.
    fn has_sent(&self) -> bool {
        self.sent_first.load(Ordering::Relaxed)
    }

    /// Whether it goes ahead of others, towards its first entry.
    pub(crate) fn is_first_turn(&self) -> bool {
        self.first_turn.load(Ordering::Relaxed)
    }

    /// It had its turn.
    pub(crate) fn end_first_turn(&self) {
        self.first_turn.store(false, Ordering::Relaxed);
    }

    /// Whether a thread would find something to do.
    pub(crate) fn wants_thread(&self) -> bool {
        if self.is_stopped() || self.waits.lock().is_some() {
            return false;
        }
        let frontier = self.frontier.lock();
        frontier.must_start(false) || (!self.is_parked() && frontier.has_work())
    }

    /// Asks whether the root may be scanned. The answer comes by [`Scan::admitted`].
    pub(crate) fn admit(self: &Arc<Self>, found: &Admission) {
        self.frontier.lock().await_admission();
        self.sink.admit(self, found);
    }

    /// Whether the root may be scanned, for sinks that were asked. An error is what `opened` gets. From whatever thread;
    /// of no effect when the scan was cancelled meanwhile, or a second time.
    pub fn admitted(self: &Arc<Self>, answer: Result<(), Error>) {
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

    /// The same for who must not look at any file system: the mount by the path's text if that is for sure.
    /// Otherwise a link may lead to another, and the root stands for itself.
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

    /// Gives back what a parked scan can do without: descriptors that can be opened again, and room that it does not
    /// need. What was found is packed, and waits.
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
            // A thread that hangs may come back to it, and go on with its directory.
            slot.builder.release();
            let held = slot.builder.capacity_bytes();
            self.gauge(held as isize - slot.gauged as isize);
            slot.gauged = held;
        }
    }

    /// Frees what an ended scan still holds.
    pub(crate) fn clean_up(&self) {
        // Left here if the sink panicked at the summary.
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
