//! Directories that cannot be opened or read: retrying when descriptors have run out, and recording the rest as an
//! error of the scan, as the status that closes the directory, or as the end of the scan.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use rustix::io::Errno;

use super::Worker;
use crate::report::Status;
use crate::scan::Scan;
use crate::slab::status;
use crate::{Error, Operation, Reason, sys};

/// Maximum number of retries after EMFILE or ENFILE, and the delay between them.
const RETRIES: u32 = 24;
const RETRY_AFTER: Duration = Duration::from_millis(4);

impl Worker {
    /// Retries when descriptors run out, after closing those that this scan keeps: other threads will close theirs.
    #[inline(always)]
    pub(super) fn retrying<T>(
        &mut self,
        scan: &Scan,
        mut attempt: impl FnMut(&mut Worker) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut tries = 0;
        loop {
            let error = match attempt(self) {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if !is_exhaustion(&error) || scan.is_stopped() {
                return Err(error);
            }
            self.shared.budget.shrink();
            self.hand.parent_fd = None;
            release_fds(scan);
            tries += 1;
            if tries > RETRIES || (tries > 2 && scan.exhausted.load(Ordering::Relaxed)) {
                scan.exhausted.store(true, Ordering::Relaxed);
                return Err(error);
            }
            // Stagger the threads: one that gets two descriptors can go on, two that get one each cannot.
            let turn = u32::try_from(self.number % 8).unwrap_or(0);
            thread::sleep(RETRY_AFTER + Duration::from_millis(1) * turn);
            self.beat.beat();
        }
    }

    /// Records the error of a directory that could not be opened or read, and returns its status.
    pub(super) fn status_of(&self, scan: &Scan, error: Error) -> u32 {
        let Reason::Errno(number) = error.reason else {
            return status::VANISHED;
        };
        if is_vanished(error.reason) {
            if let Some(slot) = scan.slot(self.number, false) {
                slot.lock().counts.vanished += 1;
            }
            self.fail_if_root_is_gone(scan);
            return status::VANISHED;
        }
        scan.errors.lock().push(error);
        status::errno(number)
    }

    /// Makes the scan fail if its root was deleted, whatever was read before.
    pub(super) fn fail_if_root_is_gone(&self, scan: &Scan) -> bool {
        let Some(start) = scan.start.get() else {
            return false;
        };
        let error = match start.reopen(self.shared.budget) {
            Ok(descriptor) => {
                let unlinked = sys::stat_fd(descriptor.fd()).is_ok_and(|stat| stat.links == 0);
                // Some file systems never count links of directories.
                (unlinked && scan.was_linked.load(Ordering::Relaxed))
                    .then_some(Reason::from_errno(Errno::NOENT))
            }
            // The root was closed while the scan was parked.
            Err(_) if start.root_has_changed() => Some(Reason::RootChanged),
            Err(errno) => {
                is_vanished(Reason::from_errno(errno)).then_some(Reason::from_errno(Errno::NOENT))
            }
        };
        let Some(reason) = error else { return false };
        if !scan.is_stopped() {
            let error = Error::new(reason, Operation::Walk, &scan.root.path);
            scan.end(Status::Failed, Some(error));
        }
        true
    }

    /// Records errors in ignore files.
    pub(super) fn complain(&self, scan: &Scan, complaints: Vec<Error>) {
        if !complaints.is_empty() {
            let mut errors = scan.errors.lock();
            complaints.into_iter().for_each(|error| errors.push(error));
        }
    }
}

/// Whether an error on opening means that the directory is gone, or something else by now.
fn is_vanished(reason: Reason) -> bool {
    [Errno::NOENT, Errno::NOTDIR, Errno::LOOP]
        .map(Reason::from_errno)
        .contains(&reason)
}

/// Closes descriptors that a scan keeps for pending directories: those are reopened when their turn comes.
pub(super) fn release_fds(scan: &Scan) {
    let held = scan.frontier.lock().held();
    for dir in held {
        drop(dir.release_fd());
    }
}

/// Whether the process or the system has no descriptor left.
pub(super) fn is_exhaustion(error: &Error) -> bool {
    let full = [Errno::MFILE, Errno::NFILE].map(Reason::from_errno);
    full.contains(&error.reason)
}

/// The status of a directory that could not be read again.
pub(super) fn failed_with(error: &Error) -> u32 {
    match error.reason {
        crate::Reason::Errno(number) => status::errno(number),
        _ => status::VANISHED,
    }
}
