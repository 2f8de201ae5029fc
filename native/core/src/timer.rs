//! The one thread that watches the clock for all scans: it sends slabs that grew old, reports progress, ends what was
//! cancelled, gives back descriptors of parked scans and finds threads that hang. It makes no system call that can hang.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::Progress;
use crate::pool::Shared;
use crate::report::Status;
use crate::scan::Scan;

/// Between two looks at the scans, while one is at work. A slab leaves when two looks have seen it.
const TICK: Duration = Duration::from_millis(4);

/// Between two reports of progress.
const REPORT: Duration = Duration::from_millis(100);

/// The rate is taken over so long.
const RATE: Duration = Duration::from_secs(5);

/// A scan parked for so long gives its descriptors back; one that is pulled slab by slab keeps them.
const PARKED: Duration = Duration::from_millis(40);

/// A thread in one system call for so long is replaced.
const STUCK: Duration = Duration::from_millis(250);

#[derive(Default)]
pub(crate) struct Timer {
    state: Mutex<Alarm>,
    changed: Condvar,
}

#[derive(Default)]
struct Alarm {
    woken: bool,
    closing: bool,
}

impl Timer {
    /// Something has changed that cannot wait for the next tick.
    pub(crate) fn wake(&self) {
        self.state.lock().woken = true;
        self.changed.notify_one();
    }

    pub(crate) fn close(&self) {
        self.state.lock().closing = true;
        self.changed.notify_one();
    }

    /// Waits for the next tick, or, with nothing to watch, for a wake-up; false when closing.
    fn wait(&self, watching: bool) -> bool {
        let mut state = self.state.lock();
        while !state.woken && !state.closing {
            if !watching {
                self.changed.wait(&mut state);
            } else if self.changed.wait_for(&mut state, TICK).timed_out() {
                break;
            }
        }
        state.woken = false;
        !state.closing
    }
}

/// What the timer remembers of a scan.
#[derive(Default)]
pub(crate) struct Pace {
    samples: VecDeque<(Instant, u64)>,
    reported: Option<Instant>,
    reported_errors: usize,
    parked: Option<Instant>,
}

pub(crate) fn run(shared: &Arc<Shared>) {
    let mut watching = true;
    let mut scans = Vec::new();
    while shared.timer.wait(watching) {
        let now = Instant::now();
        watching = false;
        scans.extend(shared.scans.lock().iter().cloned());
        for scan in scans.drain(..) {
            let looked = AssertUnwindSafe(|| look(shared, &scan, now));
            watching |= catch_unwind(looked).unwrap_or_else(|_| {
                scan.end_panicked();
                shared.enqueue(&scan);
                false
            });
        }
        watching |= find_stuck(shared, now);
        watching |= shared.spawn_missing();
    }
    end_all(shared);
}

/// The pool closes, and its threads take up no scan any more.
fn end_all(shared: &Arc<Shared>) {
    let scans = shared.scans.lock().clone();
    for scan in &scans {
        let ended = AssertUnwindSafe(|| scan.end(Status::Cancelled, None));
        // What panics here is the sink, and that at its last word.
        let _ = catch_unwind(ended);
    }
    // Closing may hang: only when each has had its summary.
    for scan in &scans {
        shared.retire(scan);
    }
}

/// Looks at one scan; whether it needs another look soon.
fn look(shared: &Arc<Shared>, scan: &Arc<Scan>, now: Instant) -> bool {
    let mut pace = scan.progress.lock();
    let starved = scan.is_starved();
    // A thread at work on it may find that the last slab was all there was, and that it is complete. Looked at once:
    // one that leaves meanwhile must not send the timer to sleep over a scan that is to be ended.
    let working = scan.attached.load(Ordering::Acquire) > 0;
    if scan.is_stopped() || (starved && scan.is_abandoned() && !working) {
        scan.end(Status::Cancelled, None);
        // A thread of the pool frees what it held: closing may hang, and this thread must not.
        shared.enqueue(scan);
        return false;
    }
    if starved {
        // Progress needs no demand, and nothing is left unsaid: what was found before the scan was parked is told.
        let told = !scan.options.progress || report(scan, &mut pace, now);
        let since = *pace.parked.get_or_insert(now);
        if now.duration_since(since) < PARKED {
            return true;
        }
        if working {
            return true;
        }
        // By a thread of the pool: closing may hang, and this thread must not.
        let untidy = scan.frontier.lock().is_holding();
        if untidy {
            scan.untidy.store(true, Ordering::Release);
            shared.enqueue(scan);
        }
        return untidy || !told;
    }
    pace.parked = None;
    for slot in scan.used_slots() {
        let Some(mut slot) = slot.try_lock() else {
            continue;
        };
        if slot.builder.is_empty() {
            continue;
        }
        if slot.aged {
            scan.emit(&mut slot);
        } else {
            slot.aged = true;
        }
    }
    // An offer made while a thread was being started, or by one that hangs since, may have found nobody.
    if shared.has_spare() && scan.has_room() && scan.frontier.lock().has_work() {
        shared.enqueue(scan);
    }
    if scan.options.progress {
        report(scan, &mut pace, now);
    }
    true
}

/// Reports progress if it is time to; whether all that was found is told.
fn report(scan: &Scan, pace: &mut Pace, now: Instant) -> bool {
    let counts = scan.counts();
    let entries = counts.entries();
    let last = pace.reported.unwrap_or(scan.started);
    let known = pace.samples.back().map_or(0, |(_, entries)| *entries);
    if now.duration_since(last) < REPORT || (scan.is_starved() && known == entries) {
        return known == entries;
    }
    pace.reported = Some(now);
    while pace
        .samples
        .front()
        .is_some_and(|(at, _)| now.duration_since(*at) > RATE)
    {
        pace.samples.pop_front();
    }
    let (since, before) = pace.samples.front().copied().unwrap_or((scan.started, 0));
    pace.samples.push_back((now, entries));
    let seconds = now.duration_since(since).as_secs_f64().max(1e-9);
    let (errors, new_errors) = {
        let log = scan.errors.lock();
        let new = log
            .first
            .get(pace.reported_errors..)
            .unwrap_or_default()
            .to_vec();
        (log.count, new)
    };
    pace.reported_errors += new_errors.len();
    let current = scan
        .used_slots()
        .map(|slot| slot.lock().builder.path().to_vec())
        .max_by_key(Vec::len)
        .unwrap_or_default();
    scan.report(&Progress {
        counts,
        errors,
        new_errors,
        rate: entries.saturating_sub(before) as f64 / seconds,
        current,
        elapsed: now.duration_since(scan.started),
    });
    true
}

/// Replaces threads that hang; whether any is at work.
fn find_stuck(shared: &Arc<Shared>, now: Instant) -> bool {
    let beats: Vec<_> = shared.beats.lock().iter().cloned().collect();
    let mut working = false;
    for beat in beats {
        if let Some(silent) = beat.silent_for(now) {
            working = true;
            if silent >= STUCK {
                shared.replace(&beat);
            }
        }
    }
    working
}
