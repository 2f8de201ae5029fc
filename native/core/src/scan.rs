//! One scan: what it is made of, who may work on it, what its threads have found. What is sent of that, and how it
//! ends, is in `order.rs`.
//!
//! Locks, in the order in which they may be held together: a slot, then the order. The frontier's is apart from both.

mod order;

use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::dir::Dir;
use crate::frontier::Frontier;
use crate::pool::Shared;
use crate::report::{Counts, ErrorLog};
use crate::slab::Builder;
use crate::{Admission, Demand, Error, Options, Root, Sink};
use order::Order;

/// The first slab of a scan leaves when it has so many bytes, or at this age: whichever is first.
const FIRST_BYTES: usize = 4096;
const FIRST_AGE: Duration = Duration::from_millis(1);

/// With so many threads hung and replaced a scan gets no further one until one comes back: a tree full of hung
/// directories must not use up all replacements of the pool, which other scans live on.
const MAX_STUCK: usize = 8;

/// A scan, as its pool and whoever started it hold it.
pub struct Scan {
    pub(crate) root: Root,
    pub(crate) options: Options,
    pub(crate) started: Instant,
    pub(crate) frontier: Mutex<Frontier>,
    pub(crate) start: OnceLock<Arc<Dir>>,
    /// The folder to start from, if it is not entered; `start` is then the directory above it.
    pub(crate) unread: OnceLock<crate::walk::Unread>,
    pub(crate) errors: Mutex<ErrorLog>,
    /// Ran out of descriptors once and for all: do not wait for them again.
    pub(crate) exhausted: AtomicBool,
    /// Threads at work on it.
    pub(crate) attached: AtomicUsize,
    /// Threads that hang in it and were replaced.
    pub(crate) stuck: AtomicUsize,
    /// Whether it stands in the pool's queue.
    pub(crate) queued: AtomicBool,
    /// Parked for so long that its descriptors are to be given back.
    pub(crate) untidy: AtomicBool,
    pub(crate) progress: Mutex<crate::timer::Pace>,
    pool: Weak<Shared>,
    native_bytes: Arc<AtomicIsize>,
    sink: Box<dyn Sink>,
    order: Mutex<Order>,
    slots: Box<[OnceLock<Box<Mutex<Slot>>>]>,
    /// Nothing but the summary may be sent any more.
    stopped: AtomicBool,
    starved: AtomicBool,
    abandoned: AtomicBool,
    sent_first: AtomicBool,
    fresh: AtomicBool,
}

/// What one thread has found and not yet sent.
pub(crate) struct Slot {
    pub builder: Builder,
    pub counts: Counts,
    /// The timer saw these entries before: they are a few ms old.
    pub aged: bool,
    /// Of directories that are read once more.
    again: bool,
    /// Heap of the builder as the pool's gauge knows it.
    gauged: usize,
}

impl Scan {
    pub(crate) fn new(
        root: Root,
        options: Options,
        pool: &Arc<Shared>,
        sink: impl FnOnce(&Weak<Scan>) -> Box<dyn Sink>,
    ) -> Arc<Scan> {
        let starved = options.demand == Demand::Slabs(0);
        Arc::new_cyclic(|weak| Scan {
            root,
            started: Instant::now(),
            frontier: Mutex::new(Frontier::new()),
            start: OnceLock::new(),
            unread: OnceLock::new(),
            errors: Mutex::default(),
            exhausted: AtomicBool::new(false),
            attached: AtomicUsize::new(0),
            stuck: AtomicUsize::new(0),
            queued: AtomicBool::new(false),
            untidy: AtomicBool::new(false),
            progress: Mutex::default(),
            pool: Arc::downgrade(pool),
            native_bytes: pool.native_bytes.clone(),
            sink: sink(weak),
            order: Mutex::new(Order::new(&options)),
            slots: {
                let passes = 1 + usize::from(options.evidence.is_some());
                (0..pool.max_threads() * passes)
                    .map(|_| OnceLock::new())
                    .collect()
            },
            stopped: AtomicBool::new(false),
            starved: AtomicBool::new(starved),
            abandoned: AtomicBool::new(false),
            sent_first: AtomicBool::new(false),
            fresh: AtomicBool::new(true),
            options,
        })
    }

    /// Stops the scan: when this returns, nothing but the summary is sent, and that within moments.
    pub fn cancel(&self) {
        // Under the lock: a send that has begun is over when this returns.
        let order = self.order.lock();
        let before = self.stopped.swap(true, Ordering::AcqRel);
        drop(order);
        if !before && let Some(pool) = self.pool.upgrade() {
            pool.timer.wake();
        }
    }

    /// As `cancel`, for sinks: waits for no lock, so that something may still be sent.
    pub fn give_up(&self) {
        self.stopped.store(true, Ordering::Release);
        if let Some(pool) = self.pool.upgrade() {
            pool.timer.wake();
        }
    }

    /// Nobody can ask for more any more: once parked, the scan is over.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::Release);
        if self.is_starved()
            && let Some(pool) = self.pool.upgrade()
        {
            pool.timer.wake();
        }
    }

    /// Whether one more thread may work on it.
    pub(crate) fn has_room(&self) -> bool {
        self.attached.load(Ordering::Acquire) < self.places()
    }

    /// How many threads may work on it. None while many hang: it is likely that more would.
    fn places(&self) -> usize {
        match self.stuck.load(Ordering::Acquire) {
            MAX_STUCK.. => 0,
            _ => self.options.threads.unwrap_or(usize::MAX),
        }
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

    pub(crate) fn is_starved(&self) -> bool {
        self.starved.load(Ordering::Acquire)
    }

    /// Whether a message with entries has left.
    fn has_sent(&self) -> bool {
        self.sent_first.load(Ordering::Relaxed)
    }

    /// Whether it goes ahead of others, towards its first entry.
    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh.load(Ordering::Relaxed)
    }

    /// It had its turn.
    pub(crate) fn end_freshness(&self) {
        self.fresh.store(false, Ordering::Relaxed);
    }

    /// Whether a thread would find something to do.
    pub(crate) fn wants_thread(&self) -> bool {
        if self.is_stopped() {
            return false;
        }
        let frontier = self.frontier.lock();
        frontier.must_start(false) || (!self.is_starved() && frontier.has_work())
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

    /// The slot of a thread, and its other one for directories that are read once more.
    pub(crate) fn slot(&self, thread: usize, again: bool) -> Option<&Mutex<Slot>> {
        let passes = 1 + usize::from(self.options.evidence.is_some());
        let slot = self.slots.get(thread * passes + usize::from(again))?;
        Some(slot.get_or_init(|| {
            Box::new(Mutex::new(Slot {
                builder: self.builder(),
                counts: Counts::default(),
                aged: false,
                again,
                gauged: 0,
            }))
        }))
    }

    fn builder(&self) -> Builder {
        let builder = Builder::new(self.options.tag, self.options.metadata);
        match self.options.evidence {
            Some(_) => builder.with_evidence(),
            None => builder,
        }
    }

    /// The slots in use.
    pub(crate) fn used_slots(&self) -> impl Iterator<Item = &Mutex<Slot>> {
        self.slots
            .iter()
            .filter_map(|slot| slot.get())
            .map(|slot| &**slot)
    }

    /// Whether the slab in this slot should leave now.
    #[inline]
    pub(crate) fn is_due(&self, builder: &Builder) -> bool {
        let records = builder.entries() + builder.records();
        if records >= self.options.slab_entries as usize {
            return true;
        }
        let bytes = builder.len_bound();
        // The longest entry is a name of 255 bytes and its columns, with their padding.
        if bytes + 512 > crate::slab::MAX_BYTES {
            return true;
        }
        !self.has_sent() && (bytes >= FIRST_BYTES || self.started.elapsed() >= FIRST_AGE)
    }

    /// Numbers so far. Takes the slots' locks, so not for who holds the order's.
    pub(crate) fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        for slot in self.used_slots() {
            let slot = slot.lock();
            // What is read once more was counted before.
            if !slot.again {
                sum.add(&slot.counts);
            }
        }
        sum
    }

    /// Frees what an ended scan still holds.
    pub(crate) fn clean_up(&self) {
        // Left here if the sink panicked at the summary.
        self.drop_waiting(&mut self.order.lock());
        let left = self.frontier.lock().abolish();
        drop(left);
        if let Some(start) = self.start.get() {
            start.release();
        }
        for slot in self.used_slots() {
            let mut slot = slot.lock();
            slot.builder = self.builder();
            self.gauge(-(slot.gauged as isize));
            slot.gauged = 0;
        }
    }

    fn gauge(&self, change: isize) {
        self.native_bytes.fetch_add(change, Ordering::Relaxed);
    }
}
