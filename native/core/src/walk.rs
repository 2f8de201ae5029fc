//! A thread of the pool: takes units of a scan's frontier, and stays with a scan for as long as it may. What a unit asks
//! for is done in the rooms beneath: starting, entering, listing, and what fails in these.

mod again;
mod beat;
mod enter;
mod failure;
mod filter;
mod listing;
mod piece;
mod start;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::dir::Dir;
use crate::frontier::{Batch, Unit};
use crate::pool::Shared;
use crate::scan::Scan;
use crate::sys::Scratch;
pub(crate) use beat::Beat;
use failure::give_back_all;
pub(crate) use start::Unread;

/// While other scans wait, a thread stays so long with one.
const QUANTUM: Duration = Duration::from_millis(2);

/// What a thread carries from unit to unit.
pub(crate) struct Worker {
    number: usize,
    shared: Arc<Shared>,
    pub(crate) beat: Arc<Beat>,
    scratch: Scratch,
    /// The directory that was listed last, and its path.
    at: Option<Arc<Dir>>,
    path: Vec<u8>,
    began: Instant,
}

impl Worker {
    pub(crate) fn new(number: usize, shared: Arc<Shared>) -> Worker {
        Worker {
            number,
            shared,
            beat: Arc::default(),
            scratch: Scratch::new(),
            at: None,
            path: Vec::new(),
            began: Instant::now(),
        }
    }

    pub(crate) fn run(mut self) {
        while let Some(scan) = self.shared.next(&self.beat) {
            self.visit(&scan);
        }
        self.shared.leave(self.number, &self.beat);
    }

    /// Works on a scan for a while, and leaves it in a state that goes on by itself.
    fn visit(&mut self, scan: &Arc<Scan>) {
        self.began = Instant::now();
        let attached = !scan.is_ended() && self.beat.attach(scan);
        let visited = AssertUnwindSafe(|| match attached {
            true => self.walk(scan),
            // All places are taken. What waited for demand is sent all the same: who took them may be leaving.
            false => scan.drain(),
        });
        if catch_unwind(visited).is_err() {
            scan.end_panicked();
        }
        self.at = None;
        if attached {
            self.beat.detach(scan);
        }
        if scan.is_ended() {
            self.shared.retire(scan);
        } else if scan.wants_thread() {
            // Where all places are taken, the threads in them put the scan back when they leave, or come back.
            if scan.has_room() {
                self.shared.enqueue(scan);
            }
        }
    }

    fn walk(&mut self, scan: &Arc<Scan>) {
        scan.drain();
        if scan.untidy.swap(false, Ordering::AcqRel) && scan.is_starved() {
            give_back_all(scan);
        }
        let (mut done, mut found) = (false, None);
        loop {
            let stopped = scan.is_stopped();
            let mut frontier = scan.frontier.lock();
            if std::mem::take(&mut done) {
                frontier.done();
            }
            if let Some(batch) = found.take()
                && !stopped
            {
                frontier.push(batch);
            }
            let leave = self.must_leave(scan) && !frontier.must_start(stopped);
            let unit = if leave { None } else { frontier.take() };
            // Afterwards: taking also clears away listings that others have finished.
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

    /// Lets a thread that has nothing to do join in.
    fn offer(&self, scan: &Arc<Scan>) {
        if scan.has_room() && self.shared.has_spare() {
            self.shared.enqueue(scan);
        }
    }

    fn must_leave(&self, scan: &Scan) -> bool {
        scan.is_stopped()
            || scan.is_starved()
            || self.beat.is_replaced()
            || (self.shared.has_waiting() && self.began.elapsed() >= QUANTUM)
    }

    /// After a quantum a scan has had its turn as a fresh one, whether or not it found anything to send. Only a piece
    /// that was read counts: before that, a start that is slow to open may have taken all of the time.
    fn end_freshness(&self, scan: &Scan) {
        if scan.is_fresh() && self.began.elapsed() >= QUANTUM {
            scan.end_freshness();
        }
    }

    fn finish(&self, scan: &Scan) {
        if !self.fail_if_root_is_gone(scan) {
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
            Unit::Piece(dir) => {
                let source = dir.listing.lock().source.clone()?;
                self.list(scan, &dir, &source)
            }
            Unit::Again(dir, proof) => self.look_again(scan, &dir, proof),
            Unit::Child { parent, name, last } => self.enter(scan, &parent, name, last),
        }
    }
}
