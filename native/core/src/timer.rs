//! The one thread that watches the clock for all scans: it sends slabs that grew old, reports progress, ends what was
//! cancelled, gives back descriptors of parked scans and finds threads that hang. It makes no system call that can hang.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::pool::{Growth, Sample, Shared, hung};
use crate::report::Status;
use crate::scan::{Scan, Slot, Wait};
use crate::walk::MAX_ROOT_WAIT;
use crate::{Progress, sys};

/// Between two looks at the scans, while one is at work. A slab leaves when two looks have seen it.
const TICK: Duration = Duration::from_millis(4);

/// A look that comes later than this tells nothing about threads: there was no processor for the timer either.
const LATE: Duration = Duration::from_millis(12);

/// Between two reports of progress.
const REPORT: Duration = Duration::from_millis(100);

/// The rate is taken over so long.
const RATE: Duration = Duration::from_secs(5);

/// A scan parked for so long gives its descriptors back; one that is pulled slab by slab keeps them.
const PARKED: Duration = Duration::from_millis(40);

/// A thread in one system call for this long, in looks, counts as stuck.
const STUCK: u32 = 62;

/// A root that takes this long to open, in looks, is slow: others of its mount wait.
const SLOW_TO_OPEN: u32 = 5;

/// A thread that makes this many calls between two looks computes, whatever it does at the moment.
const BUSY: u64 = 100;

/// With as many threads as there may be, it is asked once in so many looks whether they sleep.
const SELDOM: u32 = 8;

#[derive(Default)]
pub(crate) struct Timer {
    state: Mutex<Alarm>,
    changed: Condvar,
}

#[derive(Default)]
struct Alarm {
    /// Scans that something has happened to.
    scans: Vec<Arc<Scan>>,
    woken: bool,
    closing: bool,
}

impl Timer {
    /// A scan has to be looked at, and without waiting for the next tick. The timer looks at it again and again, until
    /// nothing more will happen to it by itself.
    pub(crate) fn watch(&self, scan: &Arc<Scan>) {
        let mut state = self.state.lock();
        if !scan.watched.swap(true, Ordering::AcqRel) {
            state.scans.push(Arc::clone(scan));
        }
        state.woken = true;
        drop(state);
        self.changed.notify_one();
    }

    pub(crate) fn close(&self) {
        self.state.lock().closing = true;
        self.changed.notify_one();
    }

    /// Waits for the next tick, or, with nothing to watch, for a wake-up; false when closing.
    fn wait(&self, watching: bool, scans: &mut Vec<Arc<Scan>>) -> bool {
        let mut state = self.state.lock();
        while !state.woken && !state.closing {
            if !watching {
                self.changed.wait(&mut state);
            } else if self.changed.wait_for(&mut state, TICK).timed_out() {
                break;
            }
        }
        state.woken = false;
        scans.append(&mut state.scans);
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
    let mut scans: Vec<Arc<Scan>> = Vec::new();
    let mut threads = Threads::default();
    let mut roots = Roots::default();
    while shared.timer.wait(watching, &mut scans) {
        let now = Instant::now();
        watching = threads.look(shared, now);
        roots.look(shared);
        scans.retain(|scan| {
            // Before it is looked at: what happens from here on is seen by the next look.
            scan.watched.swap(false, Ordering::AcqRel);
            let looked = AssertUnwindSafe(|| look(shared, scan, now, &mut roots));
            let again = catch_unwind(looked).unwrap_or_else(|_| {
                scan.end_panicked();
                shared.enqueue(scan);
                false
            });
            // It may be on the way to be watched again already.
            again && !scan.watched.swap(true, Ordering::AcqRel)
        });
        watching |= !scans.is_empty();
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

/// What is remembered from look to look of scans that wait for their roots to be opened again.
#[derive(Default)]
struct Roots {
    /// How many may be.
    room: usize,
    /// Whether any waited at the last look, and at this one.
    waited: bool,
    wait: bool,
}

impl Roots {
    fn look(&mut self, shared: &Shared) {
        self.waited = std::mem::take(&mut self.wait);
        if self.waited {
            self.room = shared.budget.room_to_reopen();
        }
    }

    /// Whether a scan has to go on waiting.
    fn keeps(&mut self, shared: &Shared, scan: &Scan, now: Instant) -> bool {
        let wait = *scan.waits.lock();
        match wait {
            None => false,
            Some(Wait::Mount) => shared.hung.holds_back(scan, false),
            Some(Wait::Root(_)) if !scan.lacks_root() => false,
            Some(Wait::Root(since)) => {
                self.wait = true;
                let is_over = now.saturating_duration_since(since) >= MAX_ROOT_WAIT;
                let is_let_go = self.room > 0 || is_over;
                self.room = self.room.saturating_sub(1);
                !is_let_go
            }
        }
    }
}

/// Looks at one scan; whether it needs another look soon.
fn look(shared: &Arc<Shared>, scan: &Arc<Scan>, now: Instant, roots: &mut Roots) -> bool {
    let mut pace = scan.progress.lock();
    let parked = scan.is_parked();
    // A thread at work on it may find that the last slab was all there was, and that it is complete. Looked at once:
    // one that leaves meanwhile must not send the timer to sleep over a scan that is to be ended.
    let working = scan.attached.load(Ordering::Acquire) > 0;
    if scan.is_stopped() || (parked && scan.cannot_resume() && !working) {
        scan.end(Status::Cancelled, None);
        // A thread of the pool frees what it held: closing may hang, and this thread must not.
        shared.enqueue(scan);
        return false;
    }
    if scan.resumed.swap(false, Ordering::AcqRel) {
        pace.parked = None;
        scan.is_tidy.store(false, Ordering::Release);
    }
    if parked {
        // Progress needs no demand, and nothing is left unsaid: what was found before the scan was parked is told.
        let told = !scan.options.progress || report(scan, &mut pace, now);
        let since = *pace.parked.get_or_insert(now);
        // Not so long where others wait for what it holds.
        let keeps = now.duration_since(since) < PARKED && !roots.waited;
        if keeps || working {
            return true;
        }
        // By a thread of the pool: closing may hang, and this thread must not.
        if !scan.is_tidy.swap(true, Ordering::AcqRel) {
            scan.release_requested.store(true, Ordering::Release);
            shared.enqueue(scan);
        }
        return !told;
    }
    pace.parked = None;
    scan.is_tidy.store(false, Ordering::Release);
    send_aged(scan);
    if roots.keeps(shared, scan, now) {
        return true;
    }
    // An offer made while a thread was being started, or by one that hangs since, may have found nobody.
    // One that waited for its time, as directories that are read once more do, stands in no queue.
    let unattended = scan.attached.load(Ordering::Acquire) == 0;
    if (shared.has_spare() || unattended) && scan.has_room() && scan.frontier.lock().has_work() {
        shared.enqueue(scan);
    }
    if scan.options.progress {
        report(scan, &mut pace, now);
    }
    !scan.is_ended()
}

/// Sends what threads found a few milliseconds ago. Where many threads find little each, that is one slab and not many.
fn send_aged(scan: &Scan) {
    for again in [false, true] {
        let mut gathered: Option<MutexGuard<'_, Slot>> = None;
        // Their locks are held until all is sent: what a thread finds next must not overtake it.
        let mut taken = Vec::new();
        for slot in scan.used_slots() {
            let Some(mut slot) = slot.try_lock() else {
                continue;
            };
            if slot.again != again || slot.builder.is_empty() {
                continue;
            }
            if !std::mem::replace(&mut slot.aged, true) {
                continue;
            }
            match &mut gathered {
                None => gathered = Some(slot),
                Some(into) => {
                    scan.merge(&mut slot, into);
                    taken.push(slot);
                }
            }
        }
        if let Some(mut slot) = gathered {
            scan.emit(&mut slot);
        }
    }
}

/// What is remembered of the threads from look to look.
#[derive(Default)]
struct Threads {
    last: Option<Instant>,
    growth: Growth,
    looks: u32,
    asleep: usize,
    /// What was known of mounts that hang.
    changes: usize,
}

impl Threads {
    /// Looks at the threads: calls those that are slow, counts those that hang as stuck, says how many there may be.
    /// Whether any is at work.
    fn look(&mut self, shared: &Arc<Shared>, now: Instant) -> bool {
        let since = self
            .last
            .map_or(Duration::MAX, |last| now.duration_since(last));
        // A wake-up that comes before its time is no look: it would see threads silent that are not.
        if since < TICK / 2 {
            return true;
        }
        self.last = Some(now);
        let late = since > LATE;
        let beats: Vec<_> = shared.beats.lock().iter().cloned().collect();
        let waiting = shared.has_waiting();
        let ask = self.looks.is_multiple_of(SELDOM) || shared.may_grow();
        self.looks = self.looks.wrapping_add(1);
        let mut found = Sample::default();
        let mut opening = Vec::new();
        for beat in &beats {
            let Some(sign) = beat.look() else { continue };
            found.working += 1;
            // What a thread is at is seen in any case.
            if sign.calls < BUSY {
                beat.call();
                if ask && sys::is_asleep(beat.id()).unwrap_or(sign.calls == 0) {
                    found.asleep += 1;
                }
            } else if waiting {
                beat.call();
            }
            if late {
                beat.excuse();
                continue;
            }
            found.silent += usize::from(sign.silent > 0);
            if sign.silent < SLOW_TO_OPEN {
                continue;
            }
            if sign.silent >= STUCK {
                match sys::is_asleep(beat.id()).unwrap_or(true) {
                    true => shared.replace(beat),
                    // It waits for a processor, or was stopped.
                    false => beat.excuse(),
                }
            } else if let Some(scan) = beat.scan()
                && scan.start.get().is_none()
            {
                let mount = beat.mount().map(hung::by_table);
                opening.push(mount.unwrap_or_else(|| scan.mount_point_by_text()));
            }
        }
        if ask {
            self.asleep = found.asleep;
        }
        found.asleep = self.asleep;
        shared.hung.note_opening(opening);
        let changes = shared.hung.changes();
        if std::mem::replace(&mut self.changes, changes) != changes {
            shared.resume_deferred();
        }
        shared.adjust(&mut self.growth, found);
        found.working > 0
    }
}

/// Reports progress if it is time to; whether all that was found is told.
fn report(scan: &Scan, pace: &mut Pace, now: Instant) -> bool {
    let counts = scan.counts();
    let entries = counts.entries();
    let last = pace.reported.unwrap_or(scan.started);
    let known = pace.samples.back().map_or(0, |(_, entries)| *entries);
    if now.duration_since(last) < REPORT || (scan.is_parked() && known == entries) {
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
