//! The threads that walk, how many there are, and how scans share them.
//!
//! A scan with work and demand stands in the queue at most once; whoever takes it out walks for a quantum and, while
//! there is more to do and somebody idles, puts it back for others to join. Scans that have neither sent an
//! entry nor used up a quantum come first. Without demand a scan stands in no queue and has no thread.
//!
//! There are as many threads as processors while they compute. While they sleep in system calls there may be more, as
//! `growth` says; those that find nothing to do for a while end.

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

/// Maximum number of threads beyond the size of the pool, in the place of those that hang.
const POOL_MAX_STUCK: usize = 64;

/// A bounded pool of threads that walk for all scans. Threads start when there is work for them.
#[derive(Clone)]
pub struct Pool(Arc<Owner>);

struct Owner(Arc<Shared>);

pub(crate) struct Shared {
    /// Threads while they compute.
    cores: usize,
    /// Threads while they sleep in system calls.
    most: usize,
    queue: Mutex<Queue>,
    work: Condvar,
    /// Threads that could be had for more work: asleep, or not started yet.
    spare: AtomicUsize,
    /// Scans in the queue.
    waiting: AtomicUsize,
    /// How many threads may be at work.
    target: AtomicUsize,
    /// How many are, those that hang and are not replaced yet among them.
    active: AtomicUsize,
    /// Somebody waits for a thread, and all hang.
    relief: AtomicBool,
    pub(crate) scans: Mutex<Vec<Arc<Scan>>>,
    max_scans: AtomicUsize,
    pub(crate) beats: Mutex<Vec<Arc<Heartbeat>>>,
    pub(crate) budget: &'static Budget,
    /// Bytes in builders, and of slabs that wait for demand.
    pub(crate) native_bytes: Arc<AtomicIsize>,
    pub(crate) hung: Hung,
    pub(crate) timer: Timer,
}

#[derive(Default)]
struct Queue {
    first_turn: VecDeque<Arc<Scan>>,
    ready: VecDeque<Arc<Scan>>,
    /// Scans whose roots lie on a mount that has not answered others yet.
    deferred: Vec<Arc<Scan>>,
    /// Threads that wait for work.
    idle: usize,
    /// Threads alive that were not replaced.
    alive: usize,
    stuck: usize,
    /// Numbers for threads to come.
    numbers: Vec<usize>,
    timer_runs: bool,
    closing: bool,
}

impl Queue {
    fn len(&self) -> usize {
        self.first_turn.len() + self.ready.len()
    }

    /// Whether a scan waits that no thread has come to, nor hangs in.
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
            beats: Mutex::default(),
            budget: Budget::new(),
            native_bytes: Arc::default(),
            hung: Hung::default(),
            timer: Timer::default(),
        }))))
    }

    /// From now on refuses to start a scan while so many have not ended, parked ones included.
    pub fn limit_scans(&self, most: usize) {
        self.0.0.max_scans.store(most, Ordering::Relaxed);
    }

    /// Starts a scan. The sink is made with a reference to the scan that keeps nothing alive.
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
            let detail = Some(format!("{most} scans run or are parked"));
            return Err(Error {
                detail,
                ..Error::new(Reason::TooManyScans, Operation::Start, &scan.root.path)
            });
        }
        shared.enqueue(&scan);
        shared.timer.watch(&scan);
        Ok(scan)
    }

    /// Numbers about the pool.
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
        // Nothing more is sent when this returns; the timer says the last words.
        for scan in self.0.scans.lock().iter() {
            scan.cancel();
        }
        self.0.queue.lock().closing = true;
        self.0.work.notify_all();
        self.0.timer.close();
    }
}

impl Shared {
    /// The most threads there can be at once: their numbers are below this.
    pub(crate) fn max_threads(&self) -> usize {
        self.most + POOL_MAX_STUCK
    }

    /// Whether a thread could join in.
    pub(crate) fn has_spare(&self) -> bool {
        self.spare.load(Ordering::Relaxed) > 0
    }

    /// Whether some scan waits for a thread.
    pub(crate) fn has_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Whether more threads are at work than should be.
    pub(crate) fn is_crowded(&self) -> bool {
        self.active.load(Ordering::Relaxed) > self.target.load(Ordering::Relaxed)
    }

    /// Whether there may be more threads, if they sleep.
    pub(crate) fn may_grow(&self) -> bool {
        self.target.load(Ordering::Relaxed) < self.most
    }

    /// Directories that threads list on their own: nobody else counts these.
    fn reading(&self) -> usize {
        let beats = self.beats.lock();
        beats.iter().filter(|beat| beat.is_reading()).count()
    }

    /// Takes a scan into the list, unless there are as many as there may be.
    fn admit(&self, scan: &Arc<Scan>) -> Result<(), usize> {
        let most = self.max_scans.load(Ordering::Relaxed);
        let mut scans = self.scans.lock();
        // One that has ended is in the list until what it held is freed. It is not asked for its end without need.
        if scans.len() >= most && scans.iter().filter(|scan| !scan.is_ended()).count() >= most {
            return Err(most);
        }
        scans.push(scan.clone());
        Ok(())
    }

    /// Puts a scan into the queue, unless it stands there already.
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
            // If the system gives no further thread, those that are there will come to it, or the timer tries again.
            let _ = self.spawn(&mut queue);
        }
        self.count_spare(&queue);
        drop(queue);
        self.work.notify_one();
    }

    /// Keeps a scan aside whose root is not to be opened yet, by what was `known` of the mounts.
    pub(crate) fn defer(self: &Arc<Self>, scan: &Arc<Scan>, known: usize) {
        self.queue.lock().deferred.push(Arc::clone(scan));
        // The timer may have seen the change before the scan stood here.
        if self.hung.changes() != known {
            self.resume_deferred();
        }
    }

    /// Tries the scans that were kept aside again.
    pub(crate) fn resume_deferred(self: &Arc<Self>) {
        let deferred = std::mem::take(&mut self.queue.lock().deferred);
        for scan in deferred {
            scan.frontier.lock().resume_start();
            self.enqueue(&scan);
        }
    }

    /// Forgets a scan that has ended.
    pub(crate) fn retire(&self, scan: &Arc<Scan>) {
        scan.clean_up();
        let mut scans = self.scans.lock();
        let before = scans.len();
        scans.retain(|other| !Arc::ptr_eq(other, scan));
        // Several threads may come to a scan that has ended.
        if scans.len() < before {
            self.budget.restore(scans.is_empty());
        }
    }
}

#[cfg(test)]
mod tests;
