//! The threads that walk, and how scans share them.
//!
//! A scan with work and demand stands in the queue at most once; whoever takes it out walks for a quantum and, while
//! there is more to do and somebody idles, puts it back for others to join. Scans that have neither sent an
//! entry nor used up a quantum come first. Without demand a scan stands in no queue and has no thread.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::thread;

use parking_lot::{Condvar, Mutex};
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

use crate::dir::Budget;
use crate::report::{PoolInfo, State};
use crate::scan::Scan;
use crate::timer::{self, Timer};
use crate::walk::{Beat, Worker};
use crate::{Error, Operation, Options, Reason, Root, Sink};

/// Threads that may hang in system calls and have been replaced.
const MAX_STUCK: usize = 32;

/// Descriptors kept for directories whose children are pending, if the process may have that many.
const MAX_KEPT: usize = 256;

/// A bounded pool of threads that walk for all scans. Threads start when there is work for them.
#[derive(Clone)]
pub struct Pool(Arc<Owner>);

struct Owner(Arc<Shared>);

pub(crate) struct Shared {
    size: usize,
    queue: Mutex<Queue>,
    work: Condvar,
    /// Threads that could be had for more work: asleep, or not started yet.
    spare: AtomicUsize,
    /// Scans in the queue.
    waiting: AtomicUsize,
    pub(crate) scans: Mutex<Vec<Arc<Scan>>>,
    pub(crate) beats: Mutex<Vec<Arc<Beat>>>,
    pub(crate) budget: Arc<Budget>,
    /// Bytes in builders, and of slabs that wait for demand.
    pub(crate) native_bytes: Arc<AtomicIsize>,
    pub(crate) timer: Timer,
}

#[derive(Default)]
struct Queue {
    fresh: VecDeque<Arc<Scan>>,
    ready: VecDeque<Arc<Scan>>,
    /// Threads asleep.
    idle: usize,
    /// Threads alive that were not replaced.
    alive: usize,
    stuck: usize,
    /// Numbers for threads to come.
    numbers: Vec<usize>,
    timer_runs: bool,
    closing: bool,
}

impl Pool {
    /// A pool of at most `threads` threads, none of them started yet.
    pub fn new(threads: usize) -> Pool {
        let size = threads.max(1);
        let queue = Queue {
            numbers: (0..size + MAX_STUCK).rev().collect(),
            ..Queue::default()
        };
        Pool(Arc::new(Owner(Arc::new(Shared {
            size,
            queue: Mutex::new(queue),
            work: Condvar::new(),
            spare: AtomicUsize::new(size),
            waiting: AtomicUsize::new(0),
            scans: Mutex::default(),
            beats: Mutex::default(),
            budget: Budget::new(kept_limit()),
            native_bytes: Arc::default(),
            timer: Timer::default(),
        }))))
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
            let reason = Reason::Errno(Errno::AGAIN.raw_os_error());
            let detail = Some(cause.to_string());
            return Err(Error {
                detail,
                ..Error::new(reason, Operation::Start, &root.path)
            });
        }
        let scan = Scan::new(root, options, shared, sink);
        shared.scans.lock().push(scan.clone());
        shared.enqueue(&scan);
        shared.timer.wake();
        Ok(scan)
    }

    /// Numbers about the pool.
    pub fn info(&self) -> PoolInfo {
        let shared = &self.0.0;
        let mut info = PoolInfo {
            descriptors: shared.budget.open(),
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
        self.size + MAX_STUCK
    }

    /// Whether a thread could join in.
    pub(crate) fn has_spare(&self) -> bool {
        self.spare.load(Ordering::Relaxed) > 0
    }

    /// Whether some scan waits for a thread.
    pub(crate) fn has_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    fn have_threads(self: &Arc<Self>) -> io::Result<()> {
        let mut queue = self.queue.lock();
        if !queue.timer_runs {
            let shared = self.clone();
            thread::Builder::new()
                .name("aether-timer".into())
                .spawn(move || timer::run(&shared))?;
            queue.timer_runs = true;
        }
        if queue.alive == 0 {
            self.spawn(&mut queue)
        } else {
            Ok(())
        }
    }

    fn spawn(self: &Arc<Self>, queue: &mut Queue) -> io::Result<()> {
        let number = queue.numbers.pop().ok_or(io::ErrorKind::WouldBlock)?;
        let worker = Worker::new(number, self.clone());
        let beat = worker.beat.clone();
        match thread::Builder::new()
            .name(format!("aether-walk-{number}"))
            .spawn(|| worker.run())
        {
            Ok(_) => {
                queue.alive += 1;
                self.beats.lock().push(beat);
                self.count_spare(queue);
                Ok(())
            }
            Err(cause) => {
                queue.numbers.push(number);
                Err(cause)
            }
        }
    }

    fn count_spare(&self, queue: &Queue) {
        let unborn = self.size.saturating_sub(queue.alive);
        let asleep = queue
            .idle
            .saturating_sub(queue.fresh.len() + queue.ready.len());
        self.spare.store(unborn + asleep, Ordering::Relaxed);
    }

    /// Puts a scan into the queue, unless it stands there already.
    pub(crate) fn enqueue(self: &Arc<Self>, scan: &Arc<Scan>) {
        if scan.queued.swap(true, Ordering::AcqRel) {
            return;
        }
        let mut queue = self.queue.lock();
        if scan.is_fresh() {
            queue.fresh.push_back(scan.clone());
        } else {
            queue.ready.push_back(scan.clone());
        }
        let queued = queue.fresh.len() + queue.ready.len();
        self.waiting.store(queued, Ordering::Relaxed);
        if self.wants_thread(&queue) {
            // If the system gives no further thread, those that are there will come to it, or the timer tries again.
            let _ = self.spawn(&mut queue);
        }
        self.count_spare(&queue);
        drop(queue);
        self.work.notify_one();
    }

    fn wants_thread(&self, queue: &Queue) -> bool {
        let queued = queue.fresh.len() + queue.ready.len();
        queued > queue.idle && queue.alive < self.size && !queue.closing
    }

    /// Tries again to get a thread that could not be had before; whether it has to be tried once more.
    pub(crate) fn spawn_missing(self: &Arc<Self>) -> bool {
        let mut queue = self.queue.lock();
        self.wants_thread(&queue) && self.spawn(&mut queue).is_err()
    }

    /// Waits for a scan to work on; none when the thread is to end.
    pub(crate) fn next(&self, beat: &Beat) -> Option<Arc<Scan>> {
        let mut queue = self.queue.lock();
        loop {
            if queue.closing || beat.is_replaced() {
                return None;
            }
            if let Some(scan) = queue.fresh.pop_front().or_else(|| queue.ready.pop_front()) {
                let queued = queue.fresh.len() + queue.ready.len();
                self.waiting.store(queued, Ordering::Relaxed);
                self.count_spare(&queue);
                // Whoever found it queued already counts on this thread to see what it wrote before: a plain store
                // would not acquire that.
                scan.queued.swap(false, Ordering::AcqRel);
                return Some(scan);
            }
            queue.idle += 1;
            self.count_spare(&queue);
            self.work.wait(&mut queue);
            queue.idle -= 1;
        }
    }

    /// A thread hangs in a system call: another takes its place, if there may be one more.
    pub(crate) fn replace(self: &Arc<Self>, beat: &Beat) {
        let mut queue = self.queue.lock();
        if queue.stuck >= MAX_STUCK {
            return;
        }
        let Some(scan) = beat.begin_replacement() else {
            return;
        };
        queue.stuck += 1;
        queue.alive = queue.alive.saturating_sub(1);
        let _ = self.spawn(&mut queue);
        self.count_spare(&queue);
        drop(queue);
        // It had its turn, and the threads that replace this one must not all go to it first.
        scan.end_freshness();
        // What else its scan has to do is for the others now.
        self.enqueue(&scan);
    }

    /// A thread ends.
    pub(crate) fn leave(&self, number: usize, beat: &Arc<Beat>) {
        self.beats.lock().retain(|other| !Arc::ptr_eq(other, beat));
        let mut queue = self.queue.lock();
        queue.numbers.push(number);
        if beat.is_replaced() {
            queue.stuck = queue.stuck.saturating_sub(1);
        } else {
            queue.alive = queue.alive.saturating_sub(1);
        }
        self.count_spare(&queue);
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

/// A quarter of the descriptors that the process may still open.
fn kept_limit() -> usize {
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    // The lowest free number is about how many are open, and costs one call instead of a listing of /proc.
    let open = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 0)
        .map_or(0, |fd| rustix::fd::AsRawFd::as_raw_fd(&fd).unsigned_abs());
    let left = most.saturating_sub(u64::from(open)) / 4;
    usize::try_from(left).unwrap_or(MAX_KEPT).min(MAX_KEPT)
}

#[cfg(test)]
mod tests;
