//! The order of a scan's messages: demand, sequence numbers, slabs that wait for demand, and the end as the last
//! message. One lock guards all of it. The sink is called under that lock, except for `pack` and `admit`.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use parking_lot::MutexGuard;

use super::{Scan, Slot, wanted};
use crate::report::{Counts, ScanInfo, State, Status, Summary};
use crate::slab::Groups;
use crate::{Demand, Error, Identity, Operation, Options, Packed, Progress, Reason};

/// Everything that decides what is sent next.
pub(super) struct Order {
    demand: Demand,
    /// Slabs that the index can still take.
    credit: u64,
    sequence: u32,
    waiting: VecDeque<Waiting>,
    first_entry: Option<Duration>,
    opened: bool,
    /// Final counts, once the walk is over and only waiting slabs are left to send.
    walked: Option<Counts>,
    /// How it is to end early.
    verdict: Option<(Status, Option<Error>)>,
    ended: Option<Status>,
}

/// A slab that waits for demand.
struct Waiting {
    packed: Box<dyn Packed>,
    has_entries: bool,
    again: bool,
}

impl Order {
    pub(super) fn new(options: &Options) -> Order {
        Order {
            demand: options.demand,
            credit: options.evidence.unwrap_or(u64::MAX),
            sequence: 0,
            waiting: VecDeque::new(),
            first_entry: None,
            opened: false,
            walked: None,
            verdict: None,
            ended: None,
        }
    }
}

impl Scan {
    /// Asks for `n` more slabs. Has no effect with unlimited demand or after the end.
    pub fn ask(self: &Arc<Self>, n: u64) {
        let mut order = self.order.lock();
        let Demand::Slabs(left) = order.demand else {
            return;
        };
        if order.ended.is_some() || n == 0 {
            return;
        }
        order.demand = Demand::Slabs(left.saturating_add(n));
        self.wanted.store(wanted(order.demand), Ordering::Relaxed);
        self.feed(order);
    }

    /// Lets the index take `n` more slabs.
    pub fn credit(self: &Arc<Self>, n: u64) {
        let mut order = self.order.lock();
        if order.ended.is_none() && n > 0 {
            order.credit = order.credit.saturating_add(n);
            self.feed(order);
        }
    }

    /// Resumes the scan if there is demand again.
    fn feed(self: &Arc<Self>, order: MutexGuard<'_, Order>) {
        if order.demand == Demand::Slabs(0) || order.credit == 0 {
            return;
        }
        self.resumed.store(true, Ordering::Release);
        let woken = self.parked.swap(false, Ordering::AcqRel);
        drop(order);
        if woken && let Some(pool) = self.pool.upgrade() {
            pool.enqueue(self);
            // The timer ignores parked scans, so wake it.
            pool.timer.watch(self);
        }
    }

    /// A snapshot of the scan.
    pub fn info(&self) -> ScanInfo {
        let order = self.order.lock();
        let state = match order.ended {
            Some(status) => State::Ended(status),
            None if self.is_parked() => State::Parked,
            None => State::Running,
        };
        ScanInfo {
            state,
            demand: order.demand,
            slabs: order.sequence,
        }
    }

    /// Whether it waits for demand that nobody can give any more.
    pub(crate) fn cannot_resume(&self) -> bool {
        self.handle_dropped.load(Ordering::Acquire) && self.order.lock().demand == Demand::Slabs(0)
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.order.lock().ended.is_some()
    }

    /// Reports how opening the start went; false if the scan is over or has reported before.
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

    /// Packs a slot's slab and sends it, or lets it wait for demand. The caller holds the slot's lock, so that a
    /// thread's slabs are sent in the order in which it filled them.
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

    /// Sends waiting slabs, as far as demand goes.
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
                    self.parked.store(true, Ordering::Release);
                }
            }
            if again {
                continue;
            }
            order.sequence = order.sequence.wrapping_add(1);
            if has_entries && order.first_entry.is_none() {
                order.first_entry = Some(self.started.elapsed());
                self.sent_first.store(true, Ordering::Relaxed);
                self.end_first_turn();
            }
            if let Demand::Slabs(left) = &mut order.demand {
                *left -= 1;
                let now_left = *left;
                self.wanted
                    .store(wanted(Demand::Slabs(now_left)), Ordering::Relaxed);
                if now_left == 0 {
                    self.parked.store(true, Ordering::Release);
                    // A scan with nothing left ends instead.
                    if !(order.walked.is_some() && order.waiting.is_empty()) {
                        self.sink.passive();
                    }
                }
            }
        }
    }

    pub(super) fn drop_waiting(&self, order: &mut Order) {
        let bytes: usize = order
            .waiting
            .iter()
            .map(|waiting| waiting.packed.size())
            .sum();
        order.waiting = VecDeque::new();
        self.gauge(-(bytes as isize));
    }

    /// Sends slabs that waited for demand, and ends the scan if those were the last.
    pub(crate) fn drain(&self) {
        let mut order = self.order.lock();
        self.send_waiting(&mut order);
        self.end_if_over(&mut order);
    }

    /// Whether the walk is over and only waiting slabs are left to send.
    pub(crate) fn is_walked(&self) -> bool {
        self.order.lock().walked.is_some()
    }

    /// The walk is over: sends everything in the slots, then the summary.
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

    /// Ends the scan because our code or the sink's panicked.
    pub(crate) fn end_panicked(&self) {
        let error = Error::new(Reason::Panic, Operation::Walk, &self.root.path);
        // A sink that panicked may panic again at the summary, and this thread has other scans to serve.
        let ended = AssertUnwindSafe(|| self.end(Status::Failed, Some(error)));
        let _ = catch_unwind(ended);
    }

    /// Ends the scan early, unless it has ended.
    pub(crate) fn end(&self, status: Status, error: Option<Error>) {
        // Stop first, under the lock: the counts then cover all that was sent.
        let mut order = self.order.lock();
        self.stopped.store(true, Ordering::Release);
        // The timer ends stopped scans as cancelled: it must not override another verdict.
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
            disk: self
                .options
                .metadata
                .contains(Groups::DISK)
                .then_some(counts.disk),
            is_disk_exact: self.linked.is_exact(),
            errors: self.errors.lock().clone(),
            first_entry: order.first_entry,
            duration,
            rate: counts.entries() as f64 / duration.as_secs_f64().max(1e-9),
        });
        self.linked.forget();
        self.drop_waiting(order);
    }

    /// Reports progress, unless the scan is over.
    pub(crate) fn report(&self, progress: &Progress) {
        let order = self.order.lock();
        if order.opened && order.ended.is_none() && !self.is_stopped() {
            self.sink.progress(progress);
        }
    }
}
