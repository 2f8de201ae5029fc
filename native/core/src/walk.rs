//! A thread of the pool: takes units from a scan's frontier, and stays with a scan as long as it may. The modules below
//! do the work of a unit: starting, entering, listing, and handling errors.

mod admission;
mod details;
mod enter;
mod errors;
mod filter;
mod heartbeat;
mod listing;
mod one_entry;
mod read;
mod recheck;
mod room;
mod share;
mod start;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use crate::dir::Dir;
use crate::frontier::{Batch, Hand, Unit};
use crate::pool::Shared;
use crate::report::Status;
use crate::scan::{Scan, Wait};
use crate::sys::Scratch;
use crate::{Error, Operation, Reason};
pub(crate) use heartbeat::Heartbeat;
pub(crate) use one_entry::OneEntry;
pub(crate) use start::Unread;

/// How long a thread stays with one scan while others wait.
const QUANTUM: Duration = Duration::from_millis(2);

/// How long a scan waits to reopen its root.
pub(crate) const MAX_ROOT_WAIT: Duration = Duration::from_secs(60);

/// What a thread carries from unit to unit.
pub(crate) struct Worker {
    number: usize,
    shared: Arc<Shared>,
    pub(crate) beat: Arc<Heartbeat>,
    scratch: Scratch,
    /// What the frontier handed out.
    hand: Hand,
    /// The directory whose path `path` begins with: the last one listed, or its parent.
    above: Option<Arc<Dir>>,
    /// Path of the directory being listed.
    path: Vec<u8>,
    began: Instant,
    /// It has just released what the scan held.
    has_parked: bool,
}

impl Worker {
    pub(crate) fn new(number: usize, shared: Arc<Shared>) -> Worker {
        Worker {
            number,
            shared,
            beat: Arc::default(),
            scratch: Scratch::new(),
            hand: Hand::new(number),
            above: None,
            path: Vec::new(),
            began: Instant::now(),
            has_parked: false,
        }
    }

    pub(crate) fn run(mut self) {
        self.beat.begin();
        self.shared.budget.join();
        while let Some(scan) = self.shared.next(&self.beat) {
            self.visit(&scan);
            self.shared.budget.settle();
            self.shared.pause(&self.beat);
        }
        self.shared.budget.part();
        self.shared.leave(self.number, &self.beat);
    }

    /// Works on a scan for a while, and leaves it in a state in which it goes on by itself.
    fn visit(&mut self, scan: &Arc<Scan>) {
        self.began = Instant::now();
        let attached = !scan.is_ended() && self.beat.attach(scan);
        let visited = AssertUnwindSafe(|| match attached {
            true => self.walk(scan),
            // No place is free. Still send what waited for demand: the threads that have the places may be
            // leaving.
            false => scan.drain(),
        });
        if catch_unwind(visited).is_err() {
            scan.end_panicked();
        }
        // Closing may hang, so do it while the timer still watches this thread.
        self.put_down();
        if attached {
            self.beat.detach(scan);
        }
        if !std::mem::take(&mut self.has_parked) && attached && scan.is_parked() {
            // What this thread leaves behind must be released, too.
            scan.resumed.store(true, Ordering::Release);
            self.shared.timer.watch(scan);
        }
        if scan.is_ended() {
            self.beat.attach_closing(scan);
            self.shared.retire(scan);
            self.beat.detach(scan);
        } else if scan.wants_thread() {
            // If no place is free, the threads that have the places queue the scan again when they leave or come back.
            if scan.has_room() {
                self.shared.enqueue(scan);
            }
        }
    }

    /// Drops everything that belongs to a scan.
    fn put_down(&mut self) {
        self.hand = Hand::new(self.number);
        self.above = None;
        self.beat.read(false);
        self.beat.go_to_mount(None);
        self.path.clear();
        self.path.shrink_to(crate::slab::MAX_SLAB_BYTES);
    }

    /// Sets `path` to a directory's, before opening or listing something in it.
    #[inline(always)]
    fn go_to(&mut self, dir: &Arc<Dir>) {
        self.beat.go_to_mount_of(dir);
        if self.above.as_ref().is_some_and(|at| Arc::ptr_eq(at, dir)) {
            return self.path.truncate(dir.path_len());
        }
        dir.write_path_after(self.above.as_ref(), &mut self.path);
        self.above = Some(Arc::clone(dir));
    }

    fn walk(&mut self, scan: &Arc<Scan>) {
        scan.drain();
        if scan.release_requested.swap(false, Ordering::AcqRel) && scan.is_parked() {
            scan.park();
            self.has_parked = true;
        }
        if self.must_wait(scan) {
            return;
        }
        let (mut done, mut found) = (false, None);
        loop {
            let stopped = scan.is_stopped();
            // Dropped without the lock: closing may hang.
            let unwanted = if stopped { found.take() } else { None };
            drop(unwanted);
            let mut frontier = scan.frontier.lock();
            if std::mem::take(&mut done) {
                frontier.done();
            }
            if let Some(batch) = found.take() {
                frontier.push(batch);
            }
            let leave = self.must_leave(scan) && !frontier.must_start(stopped);
            let unit = if leave {
                None
            } else {
                frontier.take(&mut self.hand)
            };
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

    /// Whether a scan has to wait before a thread goes on with it. The timer sends one when it no longer has to.
    fn must_wait(&self, scan: &Arc<Scan>) -> bool {
        let since = match *scan.waits.lock() {
            Some(Wait::Root(since)) => since,
            _ => Instant::now(),
        };
        let can_wait = !scan.is_parked() && !scan.is_stopped();
        let wait = match can_wait {
            true if self.shared.hung.holds_back(scan, true) => Some(Wait::Mount),
            true if scan.lacks_root() && self.shared.budget.room_to_reopen() == 0 => {
                Some(Wait::Root(since))
            }
            _ => None,
        };
        *scan.waits.lock() = wait;
        if matches!(wait, Some(Wait::Root(_))) && since.elapsed() >= MAX_ROOT_WAIT {
            let reason = Reason::from_errno(Errno::MFILE);
            let error = Error::new(reason, Operation::Open, &scan.root.path);
            let detail = "too many directories stayed open for a minute: end other scans, or raise RLIMIT_NOFILE";
            let detail = Some(detail.to_owned());
            let error = Error { detail, ..error };
            // This has an effect only before the start was reported.
            scan.opened(Err(error.clone()));
            scan.end(Status::Failed, Some(error));
        }
        wait.is_some()
    }

    /// Lets an idle thread join in.
    fn offer(&self, scan: &Arc<Scan>) {
        if self.shared.has_spare() && scan.has_room() {
            self.shared.enqueue(scan);
        }
    }

    fn must_leave(&self, scan: &Scan) -> bool {
        scan.is_stopped()
            || scan.is_parked()
            || self.beat.is_replaced()
            || (self.shared.has_waiting() && self.began.elapsed() >= QUANTUM)
            || self.shared.is_crowded()
    }

    /// After a quantum a scan has had its turn ahead of others, with or without anything to send. Called only after a
    /// read: an earlier call would count the time that a slow start took to open.
    fn end_first_turn(&self, scan: &Scan) {
        if scan.is_first_turn() && self.began.elapsed() >= QUANTUM {
            scan.end_first_turn();
        }
    }

    fn finish(&self, scan: &Scan) {
        if !scan.is_walked() && !self.fail_if_root_is_gone(scan) {
            scan.finish();
        }
    }

    fn work(&mut self, scan: &Arc<Scan>, unit: Unit) -> Option<Batch> {
        self.beat.beat();
        match unit {
            Unit::Start => {
                self.start(scan);
                None
            }
            Unit::Admitted(answer) => {
                self.go_on(scan, answer);
                None
            }
            Unit::Part(dir, part) => self.list(scan, &dir, part),
            Unit::Recheck(dir, proof) => self.recheck(scan, &dir, proof),
            Unit::Child { last } => self.enter(scan, last),
        }
    }
}
