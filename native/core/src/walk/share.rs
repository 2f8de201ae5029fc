//! Leaving a listing to other threads, in part or altogether.

use std::sync::Arc;
use std::time::Instant;

use super::QUANTUM;
use super::heartbeat::Heartbeat;
use crate::dir::Dir;
use crate::pool::Shared;
use crate::scan::Scan;

/// Responds to the timer's call. Returns whether to put off the remaining names, for other threads or because this one
/// must leave.
#[cold]
#[inline(never)]
pub(super) fn notice(
    scan: &Scan,
    beat: &Heartbeat,
    shared: &Shared,
    began: Instant,
    sharable: bool,
) -> bool {
    beat.answer();
    let waited_for = shared.has_waiting() && began.elapsed() >= QUANTUM;
    let must_leave = scan.is_parked() || beat.is_replaced() || waited_for;
    must_leave || (sharable && scan.has_room() && shared.has_spare())
}

/// Result of offering a listing to other threads.
pub(super) enum Offer {
    No,
    /// They read on.
    Read,
    /// They look at what is put off, as no other thread knows of the directory yet.
    PutOff,
}

/// Offers part of many entries to other threads.
#[cold]
#[inline(never)]
pub(super) fn share(
    scan: &Arc<Scan>,
    shared: &Arc<Shared>,
    dir: Option<&Arc<Dir>>,
    passed_on: bool,
) -> Offer {
    let spare = scan.has_room() && shared.has_spare();
    let Some(dir) = dir else {
        return if spare { Offer::PutOff } else { Offer::No };
    };
    if !passed_on {
        // A thread that takes part and reaches the end of its names can then read on, and need not leave and come back.
        dir.listing.lock().reading = false;
    }
    if spare && scan.frontier.lock().offer(dir) {
        shared.enqueue(scan);
    }
    Offer::Read
}
