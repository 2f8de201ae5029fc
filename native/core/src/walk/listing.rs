//! A thread's part in the listing of a directory: from its first record to leaving it to others or closing it. How a
//! piece of it is read stands in `piece.rs`.

use std::sync::Arc;

use parking_lot::Mutex;

use super::Worker;
use crate::dir::{Descriptor, Dir, Listing, Names, Source};
use crate::evidence::Verdict;
use crate::frontier::Batch;
use crate::scan::{Scan, Slot};
use crate::slab::{self, status};
use crate::sys::Piece;
use crate::{Error, Operation};

impl Worker {
    /// Lists a directory, or as much of it as this thread may.
    pub(super) fn list(
        &mut self,
        scan: &Arc<Scan>,
        dir: &Arc<Dir>,
        source: &Source,
    ) -> Option<Batch> {
        let proof = match scan.options.evidence {
            Some(_) => dir.listing.lock().proof,
            None => None,
        };
        let again = proof.is_some_and(|proof| proof.pass > 0);
        let slot = scan.slot(self.number, again)?;
        dir.write_path_after(self.at.as_ref(), &mut self.path);
        self.at = Some(dir.clone());
        {
            let mut slot = slot.lock();
            make_room(scan, &mut slot, dir.path_len());
            slot.builder.open(|path| path.extend_from_slice(&self.path));
            if let Some(proof) = proof {
                slot.builder.attest(proof.stamp, proof.mount);
            }
        }
        loop {
            let mut subdirs = Names::default();
            let piece = self.read_piece(scan, dir, source, slot, &mut subdirs, again);
            self.end_freshness(scan);
            let failed = match piece {
                Ok(Piece::Broken) => return None,
                Ok(_) => None,
                Err(errno) if again => Some(status::errno(errno.raw_os_error())),
                Err(errno) => {
                    let error = Error::from_errno(errno, Operation::Read, &dir.path());
                    Some(self.status_of(scan, error))
                }
            };
            let shared = {
                let mut listing = dir.listing.lock();
                listing.subdirs.append(subdirs);
                listing.finished |= failed.is_some() || piece == Ok(Piece::End);
                listing.failed = listing.failed.or(failed);
                if !listing.finished && !self.must_leave(scan) {
                    continue;
                }
                listing.shared || !listing.finished
            };
            return self.leave(scan, dir, slot, shared);
        }
    }

    /// Leaves a listing: to others if it is not finished; closed if it is, and nobody else works on it.
    fn leave(
        &mut self,
        scan: &Arc<Scan>,
        dir: &Arc<Dir>,
        slot: &Mutex<Slot>,
        shared: bool,
    ) -> Option<Batch> {
        if shared {
            // Whoever closes the directory must find its entries sent.
            scan.emit(&mut slot.lock());
        }
        let mut listing = dir.listing.lock();
        listing.working = listing.working.saturating_sub(1);
        if !listing.finished {
            listing.shared = true;
            drop(listing);
            let mut frontier = scan.frontier.lock();
            // Another thread may have read it to its end by now.
            if !dir.listing.lock().finished {
                frontier.share(dir);
            }
            return None;
        }
        let closed = (listing.working == 0).then(|| std::mem::take(&mut *listing));
        listing.finished = true;
        drop(listing);
        if shared {
            scan.frontier.lock().unshare(dir);
        }
        self.close(scan, dir, slot, closed?)
    }

    /// Writes the closing record of a directory, and hands its subdirectories on.
    fn close(
        &mut self,
        scan: &Scan,
        dir: &Arc<Dir>,
        slot: &Mutex<Slot>,
        closed: Listing,
    ) -> Option<Batch> {
        let Listing {
            source,
            failed,
            subdirs,
            proof,
            ..
        } = closed;
        let verdict = match proof {
            Some(proof) if failed.is_none() => self.judge(source.as_deref(), proof),
            _ => Verdict::Proven,
        };
        let unsettled = matches!(verdict, Verdict::Again | Verdict::After(_));
        // An index hears of a mount point before it hears of what lies beneath.
        let mount = proof.is_some_and(|proof| proof.mount.is_some());
        {
            let mut slot = slot.lock();
            let status = failed.unwrap_or(status::COMPLETE);
            slot.builder
                .close_as(status, failed.unwrap_or(verdict.status()));
            // The start's own entries do not wait for what lies beneath, nor those of a directory for its next pass.
            if dir.depth == 1 || unsettled || mount || scan.is_due(&slot.builder) {
                scan.emit(&mut slot);
            }
        }
        if let (Some(proof), Some(source), true) = (proof, &source, unsettled) {
            self.read_again(scan, dir, source, proof, verdict);
        }
        if subdirs.is_empty() {
            return None;
        }
        if let Some(source) = source {
            self.keep(scan, dir, &source.descriptor);
        }
        Some(Batch {
            dir: dir.clone(),
            names: subdirs,
        })
    }

    /// Keeps a directory's descriptor for its children, if need be in place of the one that is needed last.
    fn keep(&self, scan: &Scan, dir: &Dir, descriptor: &Arc<Descriptor>) {
        // The start keeps its descriptor anyway.
        if dir.is_held() || dir.expect_children(descriptor.clone()).is_ok() {
            return;
        }
        loop {
            let last = scan.frontier.lock().needed_last();
            let Some(last) = last else { break };
            if last.give_back().is_some() {
                break;
            }
        }
        if dir.keep(descriptor.clone()).is_err() {
            // If another scan was faster, the directory is reopened when its turn comes.
            dir.identify(descriptor.fd());
        }
    }
}

/// Sends what is there if a record with so long a path would not fit beside it.
pub(super) fn make_room(scan: &Scan, slot: &mut Slot, path_len: usize) {
    if slot.builder.encoded_len() + path_len + 512 > slab::MAX_BYTES {
        scan.emit(slot);
    }
}
