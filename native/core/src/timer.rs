//! The one thread that watches the clock for all scans. It sends slabs that grow old, reports progress, ends cancelled
//! scans, releases descriptors of parked ones and finds threads that hang. It makes no system call that can hang.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::pool::{Growth, Sample, Shared};
use crate::report::Status;
use crate::scan::{Scan, Slot, Wait};
use crate::walk::MAX_ROOT_WAIT;
use crate::{Progress, sys};

/// How long between two ticks, while a scan works. A slab is sent at the second tick that sees it.
const TICK: Duration = Duration::from_millis(4);

/// How long between two progress reports.
const REPORT: Duration = Duration::from_millis(100);

/// Period over which the rate is computed.
const RATE: Duration = Duration::from_secs(5);

/// How long until a parked scan gives its descriptors back; one that is pulled slab by slab keeps them.
const PARKED: Duration = Duration::from_millis(40);

/// Number of ticks in one system call after which a thread counts as stuck. Ticks, however late each is, and not time:
/// where the timer gets no processor, or the process is stopped, threads do not move either.
const STUCK: u32 = 62;

/// Number of ticks after which a root that is still being opened is slow: other starts on its mount wait.
const SLOW_TO_OPEN: u32 = 5;

/// A thread that makes this many calls between two ticks is computing, whatever it does at the moment.
const BUSY: u64 = 100;

/// With the maximum number of threads, how many ticks between two checks whether they sleep.
const SELDOM: u32 = 8;

#[derive(Default)]
pub(crate) struct Timer {
    state: Mutex<Alarm>,
    changed: Condvar,
}

#[derive(Default)]
struct Alarm {
    /// Scans to look at.
    scans: Vec<Arc<Scan>>,
    woken: bool,
    closing: bool,
}

impl Timer {
    /// Makes the timer look at a scan now, and again until only a caller can change anything about it.
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

    /// Waits for the next tick or, with nothing to watch, for a wake-up; false when closing.
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

/// What the timer remembers of one scan.
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
            // Before the look: whatever happens from here on is seen by the next one.
            scan.watched.swap(false, Ordering::AcqRel);
            let looked = AssertUnwindSafe(|| look(shared, scan, now, &mut roots));
            let again = catch_unwind(looked).unwrap_or_else(|_| {
                scan.end_panicked();
                shared.enqueue(scan);
                false
            });
            // Another thread may have asked to watch it again already.
            again && !scan.watched.swap(true, Ordering::AcqRel)
        });
        watching |= !scans.is_empty();
        watching |= shared.spawn_missing();
    }
    end_all(shared);
}

/// The pool closes, and its threads take no more scans.
fn end_all(shared: &Arc<Shared>) {
    let scans = shared.scans.lock().clone();
    for scan in &scans {
        let ended = AssertUnwindSafe(|| scan.end(Status::Cancelled, None));
        // Only the sink's summary can panic here: nothing follows it.
        let _ = catch_unwind(ended);
    }
    // Closing may hang: first let every scan send its summary.
    for scan in &scans {
        shared.retire(scan);
    }
}

/// What is kept between ticks about scans that wait to reopen their roots.
#[derive(Default)]
struct Roots {
    /// How many roots may be opened.
    room: usize,
    /// Whether any scan waited at the last tick, and at this one.
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

/// Looks at one scan; returns whether it needs another look soon.
fn look(shared: &Arc<Shared>, scan: &Arc<Scan>, now: Instant, roots: &mut Roots) -> bool {
    let mut pace = scan.progress.lock();
    let parked = scan.is_parked();
    // A thread still at work may find that the last slab was all there was, and that the scan is complete. Read now,
    // before the decision: if a thread leaves later, the timer must not go to sleep over a scan that it should end.
    let working = scan.attached.load(Ordering::Acquire) > 0;
    if scan.is_stopped() || (parked && scan.cannot_resume() && !working) {
        scan.end(Status::Cancelled, None);
        // A pool thread frees what it held: closing may hang, and this thread must not.
        shared.enqueue(scan);
        return false;
    }
    if scan.resumed.swap(false, Ordering::AcqRel) {
        pace.parked = None;
        scan.is_tidy.store(false, Ordering::Release);
    }
    if parked {
        // Progress needs no demand: all that was found before the scan was parked is reported.
        let reported = !scan.options.progress || report(scan, &mut pace, now);
        let since = *pace.parked.get_or_insert(now);
        // Sooner if other scans wait for its descriptors.
        let keeps = now.duration_since(since) < PARKED && !roots.waited;
        if keeps || working {
            return true;
        }
        // By a pool thread: closing may hang, and this thread must not.
        if !scan.is_tidy.swap(true, Ordering::AcqRel) {
            scan.release_requested.store(true, Ordering::Release);
            shared.enqueue(scan);
        }
        return !reported;
    }
    pace.parked = None;
    scan.is_tidy.store(false, Ordering::Release);
    send_aged(scan);
    if roots.keeps(shared, scan, now) {
        return true;
    }
    // The scan may be in no queue though it has work: when it was offered no thread was free, or the one that took it
    // hangs since; or its directories waited to be read once more.
    let unattended = scan.attached.load(Ordering::Acquire) == 0;
    if (shared.has_spare() || unattended) && scan.has_room() && scan.frontier.lock().has_work() {
        shared.enqueue(scan);
    }
    if scan.options.progress {
        report(scan, &mut pace, now);
    }
    !scan.is_ended()
}

/// Sends what threads found a few ms ago: one slab for all, where many threads find little each.
fn send_aged(scan: &Scan) {
    for again in [false, true] {
        let mut gathered: Option<MutexGuard<'_, Slot>> = None;
        // Hold their locks until all is sent: what a thread finds next must not overtake it.
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

/// What is kept between ticks about the threads.
#[derive(Default)]
struct Threads {
    last: Option<Instant>,
    growth: Growth,
    looks: u32,
    asleep: usize,
    /// The last seen state of hung mounts.
    changes: usize,
}

impl Threads {
    /// Looks at the threads: interrupts slow ones, counts hung ones as stuck, sets how many there may be. Returns
    /// whether any works.
    fn look(&mut self, shared: &Arc<Shared>, now: Instant) -> bool {
        let since = self
            .last
            .map_or(Duration::MAX, |last| now.duration_since(last));
        // An early wake-up is no tick: threads would seem silent that are not.
        if since < TICK / 2 {
            return true;
        }
        self.last = Some(now);
        let heartbeats: Vec<_> = shared.heartbeats.lock().iter().cloned().collect();
        let waiting = shared.has_waiting();
        let ask = self.looks.is_multiple_of(SELDOM) || shared.may_grow();
        self.looks = self.looks.wrapping_add(1);
        let mut found = Sample::default();
        let mut opening = Vec::new();
        for beat in &heartbeats {
            let Some(sign) = beat.look() else { continue };
            found.working += 1;
            if sign.calls < BUSY {
                beat.call();
                if ask && sys::is_asleep(beat.id()).unwrap_or(sign.calls == 0) {
                    found.asleep += 1;
                }
            } else if waiting {
                beat.call();
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
                let mount = beat.mount();
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

/// Reports progress if it is due; returns whether everything found is reported.
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
