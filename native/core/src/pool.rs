//! The threads that walk, how many there are, and how scans share them.
//!
//! A scan with work and demand is in the queue at most once. The thread that takes it out walks for a quantum and,
//! while there is more to do and another thread is idle, puts it back for others to join. Scans that have neither sent
//! an entry nor used up a quantum come first. A scan without demand is in no queue and has no thread.
//!
//! There are as many threads as processors while threads compute. While they sleep in system calls there may be more,
//! as `growth` decides; threads that find nothing to do for a while end.

mod growth;
pub(crate) mod hung;
mod threads;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::thread;

use parking_lot::{Condvar, Mutex};
use rustix::io::Errno;

use crate::dir::Budget;
use crate::report::{PoolInfo, State};
use crate::scan::Scan;
use crate::timer::Timer;
use crate::walk::Heartbeat;
use crate::{Error, Operation, Options, Reason, Root, Sink};
pub(crate) use growth::{Growth, Sample};
pub(crate) use hung::{Hung, MayStart, MountPoint};

/// Maximum number of threads beyond the pool's size, to replace those that hang.
const POOL_MAX_STUCK: usize = 64;

/// Maximum number of looks at single entries at once. They last for moments, except on a file system that hangs.
const MAX_LOOKS: usize = 1024;

/// A bounded pool of threads that walk for all scans. A thread starts when there is work for it.
#[derive(Clone)]
pub struct Pool(Arc<Owner>);

struct Owner(Arc<Shared>);

pub(crate) struct Shared {
    /// Maximum number of threads while they compute.
    cores: usize,
    /// Maximum number of threads while they sleep in system calls.
    most: usize,
    queue: Mutex<Queue>,
    work: Condvar,
    /// Threads available for more work: idle, or not started yet.
    spare: AtomicUsize,
    /// Scans in the queue.
    waiting: AtomicUsize,
    /// How many threads may work.
    target: AtomicUsize,
    /// How many do, including those that hang and are not replaced yet.
    active: AtomicUsize,
    /// A scan waits for a thread while all threads hang.
    relief: AtomicBool,
    pub(crate) scans: Mutex<Vec<Arc<Scan>>>,
    max_scans: AtomicUsize,
    pub(crate) heartbeats: Mutex<Vec<Arc<Heartbeat>>>,
    pub(crate) budget: &'static Budget,
    /// Bytes in builders, and in slabs that wait for demand.
    pub(crate) native_bytes: Arc<AtomicIsize>,
    pub(crate) hung: Hung,
    pub(crate) timer: Timer,
}

#[derive(Default)]
struct Queue {
    first_turn: VecDeque<Arc<Scan>>,
    ready: VecDeque<Arc<Scan>>,
    /// Scans whose roots lie on a mount where other starts are still waiting for an answer.
    deferred: Vec<Arc<Scan>>,
    /// Threads waiting for work.
    idle: usize,
    /// Threads alive, without those that were replaced.
    alive: usize,
    stuck: usize,
    /// Numbers for threads that start later.
    numbers: Vec<usize>,
    timer_runs: bool,
    closing: bool,
}

impl Queue {
    fn len(&self) -> usize {
        self.first_turn.len() + self.ready.len()
    }

    /// Whether some queued scan has no thread, not even one that hangs.
    fn has_unattended(&self) -> bool {
        let attended = |scan: &Arc<Scan>| {
            scan.attached.load(Ordering::Relaxed) + scan.stuck.load(Ordering::Relaxed) > 0
        };
        !self.first_turn.iter().chain(&self.ready).all(attended)
    }
}

impl Pool {
    /// A pool of at most `threads` threads, none of them started yet.
    pub fn new(threads: usize) -> Pool {
        let most = threads.max(1);
        let cores = thread::available_parallelism()
            .map_or(1, usize::from)
            .min(most);
        let queue = Queue {
            numbers: (0..most + POOL_MAX_STUCK).rev().collect(),
            ..Queue::default()
        };
        Pool(Arc::new(Owner(Arc::new(Shared {
            cores,
            most,
            queue: Mutex::new(queue),
            work: Condvar::new(),
            spare: AtomicUsize::new(cores),
            waiting: AtomicUsize::new(0),
            target: AtomicUsize::new(cores),
            active: AtomicUsize::new(0),
            relief: AtomicBool::new(false),
            scans: Mutex::default(),
            max_scans: AtomicUsize::new(usize::MAX),
            heartbeats: Mutex::default(),
            budget: Budget::new(),
            native_bytes: Arc::default(),
            hung: Hung::default(),
            timer: Timer::default(),
        }))))
    }

    /// Refuses new scans while this many have not ended, including parked ones. Looks at single entries are not counted:
    /// they have a bound of their own.
    pub fn limit_scans(&self, most: usize) {
        self.0.0.max_scans.store(most, Ordering::Relaxed);
    }

    /// Starts a scan. The sink is built from a weak reference to the scan, which keeps nothing alive.
    pub fn start(
        &self,
        root: Root,
        options: Options,
        sink: impl FnOnce(&Weak<Scan>) -> Box<dyn Sink>,
    ) -> Result<Arc<Scan>, Error> {
        let shared = &self.0.0;
        if let Err(cause) = shared.have_threads() {
            let reason = Reason::from_errno(Errno::AGAIN);
            let detail = Some(cause.to_string());
            return Err(Error {
                detail,
                ..Error::new(reason, Operation::Start, &root.path)
            });
        }
        let scan = Scan::new(root, options, shared, sink);
        if let Err(most) = shared.admit(&scan) {
            let (operation, what) = match scan.is_look() {
                true => (Operation::Stat, "looks are under way"),
                false => (Operation::Start, "scans run or are parked"),
            };
            return Err(Error {
                detail: Some(format!("{most} {what}")),
                ..Error::new(Reason::TooManyScans, operation, &scan.root.path)
            });
        }
        shared.enqueue(&scan);
        shared.timer.watch(&scan);
        Ok(scan)
    }

    /// A snapshot of the pool.
    pub fn info(&self) -> PoolInfo {
        let shared = &self.0.0;
        let mut info = PoolInfo {
            descriptors: shared.budget.open() + shared.reading(),
            native_bytes: shared
                .native_bytes
                .load(Ordering::Relaxed)
                .max(0)
                .unsigned_abs(),
            ..PoolInfo::default()
        };
        for scan in shared.scans.lock().iter() {
            match scan.info().state {
                State::Running => info.running += 1,
                State::Parked => info.parked += 1,
                State::Ended(_) => {}
            }
        }
        let queue = shared.queue.lock();
        info.threads = queue.alive + queue.stuck;
        info.stuck_threads = queue.stuck;
        info
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Nothing more is sent once this returns; the timer then sends the summaries.
        for scan in self.0.scans.lock().iter() {
            scan.cancel();
        }
        self.0.queue.lock().closing = true;
        self.0.work.notify_all();
        self.0.timer.close();
    }
}

impl Shared {
    /// Upper bound of the threads' numbers, hence of the threads at once.
    pub(crate) fn max_threads(&self) -> usize {
        self.most + POOL_MAX_STUCK
    }

    /// Whether another thread could join.
    pub(crate) fn has_spare(&self) -> bool {
        self.spare.load(Ordering::Relaxed) > 0
    }

    /// Whether some scan waits for a thread.
    pub(crate) fn has_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Whether more threads work than should.
    pub(crate) fn is_crowded(&self) -> bool {
        self.active.load(Ordering::Relaxed) > self.target.load(Ordering::Relaxed)
    }

    /// Whether more threads are allowed, if those at work sleep.
    pub(crate) fn may_grow(&self) -> bool {
        self.target.load(Ordering::Relaxed) < self.most
    }

    /// Directories that threads list alone: they are counted nowhere else.
    fn reading(&self) -> usize {
        let heartbeats = self.heartbeats.lock();
        heartbeats.iter().filter(|beat| beat.is_reading()).count()
    }

    /// Adds a scan to the list, unless that is full.
    fn admit(&self, scan: &Arc<Scan>) -> Result<(), usize> {
        let most = match scan.is_look() {
            true => MAX_LOOKS,
            false => self.max_scans.load(Ordering::Relaxed),
        };
        let mut scans = self.scans.lock();
        // Scans that have ended stay in the list until they are freed. Count only if need be: asking takes a lock of
        // each.
        let counts = |other: &&Arc<Scan>| other.is_look() == scan.is_look() && !other.is_ended();
        if scans.len() >= most && scans.iter().filter(counts).count() >= most {
            return Err(most);
        }
        scans.push(scan.clone());
        Ok(())
    }

    /// Puts a scan into the queue, unless it is there already.
    pub(crate) fn enqueue(self: &Arc<Self>, scan: &Arc<Scan>) {
        if scan.queued.swap(true, Ordering::AcqRel) {
            return;
        }
        let mut queue = self.queue.lock();
        if scan.is_first_turn() {
            queue.first_turn.push_back(scan.clone());
        } else {
            queue.ready.push_back(scan.clone());
        }
        self.waiting.store(queue.len(), Ordering::Relaxed);
        if self.wants_thread(&queue) {
            // If the system gives no further thread, an existing one takes the scan, or the timer tries again.
            let _ = self.spawn(&mut queue);
        }
        self.count_spare(&queue);
        drop(queue);
        self.work.notify_one();
    }

    /// Sets aside a scan whose root must not be opened yet. `known` is the state of the mounts that this was decided
    /// by.
    pub(crate) fn defer(self: &Arc<Self>, scan: &Arc<Scan>, known: usize) {
        self.queue.lock().deferred.push(Arc::clone(scan));
        // The timer may have seen a change before the scan was added here.
        if self.hung.changes() != known {
            self.resume_deferred();
        }
    }

    /// Queues the scans that were set aside.
    pub(crate) fn resume_deferred(self: &Arc<Self>) {
        let deferred = std::mem::take(&mut self.queue.lock().deferred);
        for scan in deferred {
            scan.frontier.lock().resume_start();
            self.enqueue(&scan);
        }
    }

    /// Frees a scan that has ended, and forgets it.
    pub(crate) fn retire(&self, scan: &Arc<Scan>) {
        scan.clean_up();
        let mut scans = self.scans.lock();
        let before = scans.len();
        scans.retain(|other| !Arc::ptr_eq(other, scan));
        // Several threads may retire the same scan.
        if scans.len() < before {
            self.budget.restore(scans.is_empty());
        }
    }
}

#[cfg(test)]
mod tests;
