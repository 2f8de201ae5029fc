//! Reading a directory once more, for an index that may delete only what is proven to be gone.
//!
//! The receiver's slabs stay as they were: a later pass goes into slabs of its own, and counts nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::fd::BorrowedFd;

use super::Worker;
use crate::dir::{Dir, Listing, Part, Source};
use crate::evidence::{CtimeSample, Pass, Verdict, judge, stamp};
use crate::frontier::Batch;
use crate::scan::Scan;
use crate::{Error, Operation, sys};

impl Worker {
    /// Judges a directory that was just read to its end.
    #[cold]
    pub(super) fn judge(&self, fd: BorrowedFd<'_>, proof: Pass) -> Verdict {
        self.beat.beat();
        let (Some(before), Ok(after)) = (proof.before, CtimeSample::at(fd)) else {
            return Verdict::Unproven;
        };
        judge(before, after, proof.pass, proof.deferred, sys::tick(fd))
    }

    /// Schedules another reading of a directory, now or later. What was found before has been sent.
    #[cold]
    pub(super) fn schedule_recheck(
        &self,
        scan: &Scan,
        dir: &Arc<Dir>,
        source: &Arc<Source>,
        proof: Pass,
        verdict: Verdict,
    ) {
        match verdict {
            Verdict::Proven | Verdict::Unproven => {}
            Verdict::Recheck => {
                if let Ok(listing) = begin(source.clone(), proof) {
                    *dir.listing.lock() = listing;
                    scan.frontier.lock().offer(dir);
                }
            }
            Verdict::After(tick) => {
                // It is reopened by its path, and must be the same.
                dir.identify(source.descriptor.fd());
                // A little more, as clocks do not tick together.
                let due = Instant::now() + tick + Duration::from_millis(1);
                scan.frontier.lock().defer(due, dir.clone(), proof);
            }
        }
    }

    /// Reads a directory whose tick has passed. One that is gone by now stays unproven.
    pub(super) fn recheck(
        &mut self,
        scan: &Arc<Scan>,
        dir: &Arc<Dir>,
        proof: Pass,
    ) -> Option<Batch> {
        let opened = self.retrying(scan, |worker| {
            let failed = |errno| Error::from_errno(errno, Operation::Open, &dir.path());
            let descriptor = dir.reopen(worker.shared.budget).map_err(failed)?;
            let reader = sys::Reader::new(descriptor.fd(), dir.marks_end).map_err(failed)?;
            let source = Arc::new(Source { descriptor, reader });
            let deferred = Pass {
                deferred: true,
                ..proof
            };
            begin(source, deferred).map_err(failed)
        });
        *dir.listing.lock() = Listing {
            working: 1,
            reading: true,
            ..opened.ok()?
        };
        self.list(scan, dir, Part::Read)
    }
}

/// Prepares the next pass over a directory.
fn begin(source: Arc<Source>, before: Pass) -> Result<Listing, rustix::io::Errno> {
    let fd = source.descriptor.fd();
    source.reader.rewind(fd)?;
    let proof = Pass {
        stamp: stamp(),
        before: CtimeSample::at(fd).ok(),
        pass: before.pass + 1,
        ..before
    };
    Ok(Listing {
        source: Some(source),
        proof: Some(proof),
        ..Listing::default()
    })
}
