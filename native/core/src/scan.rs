//! One scan: its demand, its order of messages, its numbers, and how it ends.
//!
//! Locks, in the order in which they may be held together: a slot, then the order. The frontier's is apart from both.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};

use crate::dir::Dir;
use crate::frontier::Frontier;
use crate::pool::Shared;
use crate::report::{Counts, ErrorLog, ScanInfo, State, Status, Summary};
use crate::slab::Builder;
use crate::{Admission, Demand, Error, Identity, Operation, Options, Packed, Reason, Root, Sink};

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

/// Everything that decides what is sent next.
struct Order {
    demand: Demand,
    /// Slabs that the index can take.
    credit: u64,
    sequence: u32,
    waiting: VecDeque<Waiting>,
    first_entry: Option<Duration>,
    opened: bool,
    /// Its final numbers, once the walk is over; what waits is all that is left to send.
    walked: Option<Counts>,
    /// How it is to end before its time.
    verdict: Option<(Status, Option<Error>)>,
    ended: Option<Status>,
}

/// A slab that waits for demand.
struct Waiting {
    packed: Box<dyn Packed>,
    has_entries: bool,
    again: bool,
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
            order: Mutex::new(Order {
                demand: options.demand,
                credit: options.evidence.unwrap_or(u64::MAX),
                sequence: 0,
                waiting: VecDeque::new(),
                first_entry: None,
                opened: false,
                walked: None,
                verdict: None,
                ended: None,
            }),
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

    /// Asks for `n` more slabs. Of no effect under unlimited demand and after the end.
    pub fn ask(self: &Arc<Self>, n: u64) {
        let mut order = self.order.lock();
        let Demand::Slabs(left) = order.demand else {
            return;
        };
        if order.ended.is_some() || n == 0 {
            return;
        }
        order.demand = Demand::Slabs(left.saturating_add(n));
        self.feed(order);
    }

    /// The index can take `n` slabs more.
    pub fn credit(self: &Arc<Self>, n: u64) {
        let mut order = self.order.lock();
        if order.ended.is_none() && n > 0 {
            order.credit = order.credit.saturating_add(n);
            self.feed(order);
        }
    }

    /// Goes on if there is demand again.
    fn feed(self: &Arc<Self>, order: MutexGuard<'_, Order>) {
        if order.demand == Demand::Slabs(0) || order.credit == 0 {
            return;
        }
        let woken = self.starved.swap(false, Ordering::AcqRel);
        drop(order);
        if woken && let Some(pool) = self.pool.upgrade() {
            pool.enqueue(self);
            // Of a parked scan the timer has nothing to watch.
            pool.timer.wake();
        }
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

    /// Where it stands.
    pub fn info(&self) -> ScanInfo {
        let order = self.order.lock();
        let state = match order.ended {
            Some(status) => State::Ended(status),
            None if self.is_starved() => State::Parked,
            None => State::Running,
        };
        ScanInfo {
            state,
            demand: order.demand,
            slabs: order.sequence,
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

    /// Whether it waits for demand, which nobody can give it any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Acquire) && self.order.lock().demand == Demand::Slabs(0)
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

    pub(crate) fn is_ended(&self) -> bool {
        self.order.lock().ended.is_some()
    }

    /// Asks whether the root may be scanned.
    pub(crate) fn admit(&self, found: &Admission) -> Result<(), Error> {
        self.sink.admit(found)
    }

    /// Reports how opening the start went; false if nobody waits for it any more.
    pub(crate) fn opened(&self, result: Result<Identity, Error>) -> bool {
        let mut order = self.order.lock();
        if self.is_stopped() || order.ended.is_some() || order.opened {
            return false;
        }
        order.opened = true;
        match result {
            Ok(identity) => {
                self.sink.opened(Ok(identity));
                true
            }
            Err(error) => {
                order.ended = Some(Status::Failed);
                self.stopped.store(true, Ordering::Release);
                self.sink.opened(Err(&error));
                false
            }
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

    /// Sends a slot's slab, or lets it wait for demand. The slot's lock is held, so that the order of a thread's slabs
    /// is the order in which it filled them.
    pub(crate) fn emit(&self, slot: &mut Slot) {
        slot.aged = false;
        if !slot.builder.is_empty() && !self.is_stopped() {
            let has_entries = slot.builder.entries() > 0;
            let again = slot.again;
            let packed = self.sink.pack(&slot.builder, again);
            self.gauge(packed.size() as isize);
            let mut order = self.order.lock();
            order.waiting.push_back(Waiting {
                packed,
                has_entries,
                again,
            });
            self.send_waiting(&mut order);
        }
        slot.builder.clear();
        let held = slot.builder.capacity_bytes();
        self.gauge(held as isize - slot.gauged as isize);
        slot.gauged = held;
    }

    /// Sends what waits, as far as demand goes.
    fn send_waiting(&self, order: &mut Order) {
        if self.is_stopped() || order.ended.is_some() {
            self.drop_waiting(order);
            return;
        }
        while order.demand != Demand::Slabs(0) && order.credit > 0 {
            let Some(Waiting {
                packed,
                has_entries,
                again,
            }) = order.waiting.pop_front()
            else {
                return;
            };
            self.gauge(-(packed.size() as isize));
            packed.send(order.sequence);
            if self.options.evidence.is_some() {
                order.credit -= 1;
                if order.credit == 0 {
                    self.starved.store(true, Ordering::Release);
                }
            }
            if again {
                continue;
            }
            order.sequence = order.sequence.wrapping_add(1);
            if has_entries && order.first_entry.is_none() {
                order.first_entry = Some(self.started.elapsed());
                self.sent_first.store(true, Ordering::Relaxed);
                self.end_freshness();
            }
            if let Demand::Slabs(left) = &mut order.demand {
                *left -= 1;
                if *left == 0 {
                    self.starved.store(true, Ordering::Release);
                    // A scan of which nothing is left ends instead.
                    if !(order.walked.is_some() && order.waiting.is_empty()) {
                        self.sink.passive();
                    }
                }
            }
        }
    }

    fn drop_waiting(&self, order: &mut Order) {
        let bytes: usize = order
            .waiting
            .iter()
            .map(|waiting| waiting.packed.size())
            .sum();
        order.waiting = VecDeque::new();
        self.gauge(-(bytes as isize));
    }

    /// Sends what waited for demand, and ends the scan if that was all.
    pub(crate) fn drain(&self) {
        let mut order = self.order.lock();
        self.send_waiting(&mut order);
        self.end_if_over(&mut order);
    }

    /// The walk is over: everything in the slots leaves, then the summary.
    pub(crate) fn finish(&self) {
        for slot in self.used_slots() {
            self.emit(&mut slot.lock());
        }
        let counts = self.counts();
        let mut order = self.order.lock();
        order.walked = Some(counts);
        self.end_if_over(&mut order);
    }

    fn end_if_over(&self, order: &mut Order) {
        if let Some(counts) = order.walked
            && order.waiting.is_empty()
            && !self.is_stopped()
        {
            let partial = self.errors.lock().count > 0;
            let status = if partial {
                Status::Partial
            } else {
                Status::Complete
            };
            self.complete(order, status, None, counts);
        }
    }

    /// Ends the scan because code of ours or of its sink panicked.
    pub(crate) fn end_panicked(&self) {
        let error = Error::new(Reason::Panic, Operation::Walk, &self.root.path);
        // A sink that panicked may do so again at the summary, and the thread has other scans to serve.
        let ended = AssertUnwindSafe(|| self.end(Status::Failed, Some(error)));
        let _ = catch_unwind(ended);
    }

    /// Ends the scan before its time, unless it has ended.
    pub(crate) fn end(&self, status: Status, error: Option<Error>) {
        // Stopped first, under the lock: the numbers then cover all that was sent.
        let mut order = self.order.lock();
        self.stopped.store(true, Ordering::Release);
        // The timer ends what is stopped as cancelled: it must not overtake who stopped it for another reason.
        let (status, error) = order.verdict.get_or_insert((status, error)).clone();
        drop(order);
        let counts = self.counts();
        self.complete(&mut self.order.lock(), status, error, counts);
    }

    fn complete(&self, order: &mut Order, status: Status, error: Option<Error>, counts: Counts) {
        if order.ended.is_some() {
            return;
        }
        order.ended = Some(status);
        self.stopped.store(true, Ordering::Release);
        let duration = self.started.elapsed();
        self.sink.completed(&Summary {
            status,
            error,
            counts,
            errors: self.errors.lock().clone(),
            first_entry: order.first_entry,
            duration,
            rate: counts.entries() as f64 / duration.as_secs_f64().max(1e-9),
        });
        self.drop_waiting(order);
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

    /// Reports progress, unless the scan is over.
    pub(crate) fn report(&self, progress: &crate::Progress) {
        let order = self.order.lock();
        if order.opened && order.ended.is_none() && !self.is_stopped() {
            self.sink.progress(progress);
        }
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
