//! The pool's threads: start, wait for work, replacement of those that hang, end.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use super::{Growth, MountPoint, POOL_MAX_STUCK, Queue, Sample, Shared};
use crate::scan::Scan;
use crate::walk::{Heartbeat, Worker};
use crate::{mounts, sys, timer};

/// Maximum number of threads beyond the size of the pool while those may all hang and are not known to yet. Fewer than
/// can be replaced: when they are known, there are some left.
const MAX_RELIEF: usize = POOL_MAX_STUCK / 2;

/// How long a thread waits for work before it ends, if there are more than processors.
const IDLE: Duration = Duration::from_secs(2);

impl Shared {
    pub(super) fn have_threads(self: &Arc<Self>) -> io::Result<()> {
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

    pub(super) fn spawn(self: &Arc<Self>, queue: &mut Queue) -> io::Result<()> {
        let number = queue.numbers.pop().ok_or(io::ErrorKind::WouldBlock)?;
        let worker = Worker::new(number, self.clone());
        let beat = worker.beat.clone();
        match thread::Builder::new()
            .name(format!("aether-walk-{number}"))
            .spawn(|| worker.run())
        {
            Ok(_) => {
                queue.alive += 1;
                self.heartbeats.lock().push(beat);
                self.count_spare(queue);
                Ok(())
            }
            Err(cause) => {
                queue.numbers.push(number);
                Err(cause)
            }
        }
    }

    /// Maximum number of threads that do not hang. Those that hang count as sleepers, so that a mount where all of them
    /// hang does not get more and more.
    pub(super) fn limit(&self, queue: &Queue) -> usize {
        let asleep = self.most.saturating_sub(queue.stuck).max(self.cores);
        let target = self.target.load(Ordering::Relaxed);
        match self.relief.load(Ordering::Relaxed) {
            true => target,
            false => target.min(asleep),
        }
    }

    pub(super) fn count_spare(&self, queue: &Queue) {
        let unborn = self.limit(queue).saturating_sub(queue.alive);
        let idle = queue.idle.saturating_sub(queue.len());
        let target = self.target.load(Ordering::Relaxed);
        let room = target.saturating_sub(self.active.load(Ordering::Relaxed) + queue.len());
        self.spare
            .store((unborn + idle).min(room), Ordering::Relaxed);
    }

    pub(super) fn wants_thread(&self, queue: &Queue) -> bool {
        queue.len() > queue.idle && queue.alive < self.limit(queue) && !queue.closing
    }

    /// Tries once more to start a thread that the system refused; returns whether it must be tried again.
    pub(crate) fn spawn_missing(self: &Arc<Self>) -> bool {
        let mut queue = self.queue.lock();
        self.wants_thread(&queue) && self.spawn(&mut queue).is_err()
    }

    /// Sets how many threads may work, after a look at those that do.
    pub(crate) fn adjust(self: &Arc<Self>, growth: &mut Growth, look: Sample) {
        let mut queue = self.queue.lock();
        let look = Sample {
            waiting: queue.idle == 0 && queue.has_unattended(),
            alive: queue.alive,
            ..look
        };
        let (target, relief) = growth.target(look, self.cores, self.most, MAX_RELIEF);
        let before = self.target.swap(target, Ordering::Relaxed);
        self.relief.store(relief, Ordering::Relaxed);
        if self.wants_thread(&queue) {
            let _ = self.spawn(&mut queue);
        }
        self.count_spare(&queue);
        let waited_for = target > before && queue.idle > 0 && queue.len() > 0;
        drop(queue);
        if waited_for {
            self.work.notify_all();
        }
    }

    /// Waits for a scan to work on; `None` when the thread is to end.
    pub(crate) fn next(&self, beat: &Heartbeat) -> Option<Arc<Scan>> {
        let mut queue = self.queue.lock();
        loop {
            if queue.closing {
                return None;
            }
            if beat.is_replaced() {
                // It hung and has come back: it may stay if there is room.
                if queue.alive >= self.limit(&queue) {
                    return None;
                }
                queue.alive += 1;
                queue.stuck = queue.stuck.saturating_sub(1);
                self.has_returned(beat);
                beat.rejoin();
            }
            let may_work =
                self.active.load(Ordering::Relaxed) < self.target.load(Ordering::Relaxed);
            if may_work
                && let Some(scan) = queue
                    .first_turn
                    .pop_front()
                    .or_else(|| queue.ready.pop_front())
            {
                self.waiting.store(queue.len(), Ordering::Relaxed);
                self.active.fetch_add(1, Ordering::Relaxed);
                self.count_spare(&queue);
                // A thread that found the scan queued relies on this one to see what it wrote before; a plain store
                // would not acquire that.
                scan.queued.swap(false, Ordering::AcqRel);
                return Some(scan);
            }
            queue.idle += 1;
            self.count_spare(&queue);
            let many = queue.alive > self.cores;
            let timed_out = match many {
                true => self.work.wait_for(&mut queue, IDLE).timed_out(),
                false => {
                    self.work.wait(&mut queue);
                    false
                }
            };
            queue.idle -= 1;
            if timed_out && queue.len() == 0 && queue.alive > self.cores {
                // Counted out at once: of all that time out together, as many stay as there are processors.
                queue.alive -= 1;
                beat.count_out();
                self.count_spare(&queue);
                return None;
            }
        }
    }

    /// A thread stops working on its scan for now.
    pub(crate) fn pause(&self, beat: &Heartbeat) {
        if !beat.is_replaced() {
            self.active.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Counts a thread that hangs in a system call as stuck; another takes its place if need be.
    pub(crate) fn replace(self: &Arc<Self>, beat: &Heartbeat) {
        let Some(scan) = beat.scan() else { return };
        // Looked up before it is known whether the thread still hangs, so that nothing slow happens under the lock.
        let mount = mount_asked(beat).or_else(|| beat.mount());
        let mount = mount.unwrap_or_else(|| scan.mount_point_by_text());
        let mut queue = self.queue.lock();
        if queue.stuck >= POOL_MAX_STUCK {
            return;
        }
        let Some(scan) = beat.begin_replacement() else {
            return;
        };
        beat.hang_on(self.hung.count(mount));
        queue.stuck += 1;
        queue.alive = queue.alive.saturating_sub(1);
        self.active.fetch_sub(1, Ordering::Relaxed);
        self.count_spare(&queue);
        drop(queue);
        self.work.notify_one();
        // The scan had its turn: the replacements must not all go to it first.
        scan.end_first_turn();
        // The other threads take over the rest of the scan's work.
        self.enqueue(&scan);
    }

    fn has_returned(&self, beat: &Heartbeat) {
        if let Some(point) = beat.returned_from() {
            self.hung.uncount(&point);
        }
    }

    /// Removes a thread that ends.
    pub(crate) fn leave(&self, number: usize, beat: &Arc<Heartbeat>) {
        self.heartbeats
            .lock()
            .retain(|other| !Arc::ptr_eq(other, beat));
        let mut queue = self.queue.lock();
        queue.numbers.push(number);
        if beat.is_replaced() {
            queue.stuck = queue.stuck.saturating_sub(1);
            self.has_returned(beat);
        } else if !beat.is_counted_out() {
            queue.alive = queue.alive.saturating_sub(1);
        }
        self.count_spare(&queue);
    }
}

/// The mount point that a thread's system call asks for from the directory around it, if it asks for one: a mount that
/// hangs says nothing of the one around it.
fn mount_asked(beat: &Heartbeat) -> Option<MountPoint> {
    let asked = sys::asked_of_kernel(beat.id())?;
    let point = mounts::mount_point_at(asked.directory, &asked.name)?;
    // The descriptor was still that directory's.
    (sys::asked_of_kernel(beat.id())? == asked).then(|| point.into())
}
