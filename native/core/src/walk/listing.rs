//! A thread's part in listing a directory, from the opening record to leaving or closing it. A listing belongs to one
//! thread until others can help; `read.rs` looks at the entries.

use std::sync::Arc;

use parking_lot::Mutex;
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::Errno;

use super::Worker;
use super::errors::failed_with;
use super::read::{Found, Reading};
use super::room::{free_descriptor, make_room};
use crate::dir::{Descriptor, Dir, Facts, Listing, Names, Part, Source};
use crate::evidence::{Pass, Verdict};
use crate::frontier::Batch;
use crate::scan::{Scan, Slot};
use crate::slab::status;
use crate::sys::{self, ReadOutcome};
use crate::{Error, Operation, linux_errno};

/// A directory just opened, which no other thread knows of.
pub(super) struct Fresh {
    pub fd: OwnedFd,
    pub reader: sys::Reader,
    pub facts: Facts,
    pub proof: Option<Pass>,
}

/// How a listing ended, and what is left to do beneath.
struct Closing {
    failed: Option<u32>,
    subdirs: Names,
    proof: Option<Pass>,
}

impl Worker {
    /// Lists a subdirectory of the parent in `hand`, or as much of it as this thread may. `path` is already set.
    pub(super) fn list_fresh(&mut self, scan: &Arc<Scan>, fresh: Fresh) -> Option<Batch> {
        self.beat.read(true);
        let slot = scan.slot(self.number, false)?;
        self.open_record(scan, slot, fresh.proof);
        let mut found = Found::default();
        let (piece, failed) = loop {
            let reading = Reading {
                scan,
                fd: fresh.fd.as_fd(),
                depth: fresh.facts.depth,
                rules: fresh.facts.rules.as_deref(),
                slot,
                again: false,
                begun: false,
                dir: None,
            };
            let piece = self.read(&reading, &fresh.reader, &mut found);
            self.end_first_turn(scan);
            if piece == Ok(ReadOutcome::Broken) {
                return None;
            }
            let failed = piece.err().map(|errno| self.read_failed(scan, errno));
            let more = piece == Ok(ReadOutcome::More) && found.unseen.is_empty();
            if !more || self.must_leave(scan) {
                break (piece, failed);
            }
        };
        let ended = piece != Ok(ReadOutcome::More);
        if ended && found.unseen.is_empty() {
            let closing = Closing {
                failed,
                subdirs: found.subdirs,
                proof: fresh.proof,
            };
            let batch = self.close_fresh(scan, slot, fresh, closing);
            self.beat.read(false);
            return batch;
        }
        // From here on other threads know of it.
        let Fresh {
            fd,
            reader,
            facts,
            proof,
        } = fresh;
        let dir = self.child_in_hand(facts)?;
        let descriptor = Descriptor::new(fd, self.shared.budget);
        self.beat.read(false);
        self.pace(&found);
        {
            let mut listing = dir.listing.lock();
            listing.source = Some(Arc::new(Source { descriptor, reader }));
            listing.begun = true;
            listing.ended = ended;
            listing.failed = failed;
            listing.subdirs = found.subdirs;
            listing.proof = proof;
            listing.working = 1;
            listing.put(found.unseen);
        }
        self.go_to(&dir);
        self.go_on_listing(scan, &dir, slot, None)
    }

    /// Takes part in a listing.
    pub(super) fn list(&mut self, scan: &Arc<Scan>, dir: &Arc<Dir>, part: Part) -> Option<Batch> {
        self.go_to(dir);
        let proof = match scan.options.evidence {
            Some(_) => dir.listing.lock().proof,
            None => None,
        };
        let again = proof.is_some_and(|proof| proof.pass > 0);
        let slot = scan.slot(self.number, again)?;
        self.open_record(scan, slot, proof);
        self.go_on_listing(scan, dir, slot, Some(part))
    }

    fn open_record(&mut self, scan: &Scan, slot: &Mutex<Slot>, proof: Option<Pass>) {
        let mut slot = slot.lock();
        make_room(scan, &mut slot, self.path.len());
        slot.builder.open(|path| path.extend_from_slice(&self.path));
        if let Some(proof) = proof {
            slot.builder.attest(proof.attested());
        }
    }

    /// Takes one part after another, while there are any and this thread may stay.
    fn go_on_listing(
        &mut self,
        scan: &Arc<Scan>,
        dir: &Arc<Dir>,
        slot: &Mutex<Slot>,
        mut part: Option<Part>,
    ) -> Option<Batch> {
        loop {
            if part.is_none() {
                self.offer_listing(scan, dir);
                if !self.must_leave(scan) {
                    part = scan.frontier.lock().take_part(dir, &mut self.hand);
                }
            }
            let Some(taken) = part.take() else {
                return self.leave(scan, dir, slot);
            };
            if self.take_part(scan, dir, slot, taken) == ReadOutcome::Broken {
                return None;
            }
        }
    }

    /// Reads on, or looks at the names in `hand`, and adds the results to the listing.
    fn take_part(
        &mut self,
        scan: &Arc<Scan>,
        dir: &Arc<Dir>,
        slot: &Mutex<Slot>,
        part: Part,
    ) -> ReadOutcome {
        let mut found = Found::default();
        let (source, again, begun) = {
            let listing = dir.listing.lock();
            let again = listing.proof.is_some_and(|proof| proof.pass > 0);
            (listing.source.clone(), again, listing.begun)
        };
        let piece = match source.map_or_else(|| self.reopen(scan, dir), Ok) {
            Err(error) if again => Err(Some(failed_with(&error))),
            Err(error) => Err(Some(self.status_of(scan, error))),
            Ok(source) => {
                let reading = source.reading(scan, dir, slot, again, begun);
                match part {
                    Part::Look => Ok(self.look(&reading, &mut found)),
                    Part::Read => {
                        self.read(&reading, &source.reader, &mut found)
                            .map_err(|errno| match again {
                                true => Some(status::errno(linux_errno(errno.raw_os_error()))),
                                false => Some(self.read_failed(scan, errno)),
                            })
                    }
                }
            }
        };
        self.end_first_turn(scan);
        if piece == Ok(ReadOutcome::Broken) {
            return ReadOutcome::Broken;
        }
        self.pace(&found);
        let mut listing = dir.listing.lock();
        if part == Part::Read {
            listing.reading &= found.passed_on;
            listing.begun = true;
            listing.ended |= piece != Ok(ReadOutcome::More);
        }
        if let Err(failed) = piece {
            // Names already read cannot be looked at without the directory.
            listing.failed = listing.failed.or(failed);
            listing.ended = true;
            if listing.source.is_none() {
                listing.unseen.clear();
            }
        }
        listing.subdirs.append(found.subdirs);
        listing.put(found.unseen);
        ReadOutcome::More
    }

    /// Reopens a directory that was closed while the scan was parked.
    #[cold]
    fn reopen(&mut self, scan: &Arc<Scan>, dir: &Arc<Dir>) -> Result<Arc<Source>, Error> {
        let source = self.retrying(scan, |worker| {
            let failed = |errno| Error::from_errno(errno, Operation::Open, &dir.path());
            let descriptor = dir.reopen(worker.shared.budget).map_err(failed)?;
            let reader = sys::Reader::new(descriptor.fd(), dir.marks_end).map_err(failed)?;
            if let Some((position, was)) = dir.listing.lock().position {
                if sys::mount_identity(descriptor.fd()).map_err(failed)? != was {
                    return Err(failed(Errno::NOENT));
                }
                reader.go_to(descriptor.fd(), position).map_err(failed)?;
            }
            Ok(Arc::new(Source { descriptor, reader }))
        })?;
        let mut listing = dir.listing.lock();
        listing.position = None;
        // Another thread may have been first.
        Ok(Arc::clone(listing.source.get_or_insert(source)))
    }

    /// Sets how many names to take at once, after some were put off.
    fn pace(&mut self, found: &Found) {
        if found.slow {
            self.hand.most = 1;
        }
    }

    /// Lets others take part, if there is something for them to do.
    fn offer_listing(&self, scan: &Arc<Scan>, dir: &Arc<Dir>) {
        if scan.has_room() && self.shared.has_spare() && scan.frontier.lock().offer(dir) {
            self.shared.enqueue(scan);
        }
    }

    /// Leaves a listing: to others if it is not finished, and closing it if it is and no other thread takes part.
    fn leave(&mut self, scan: &Arc<Scan>, dir: &Arc<Dir>, slot: &Mutex<Slot>) -> Option<Batch> {
        // A directory's entries must be sent before its closing record.
        scan.leave_behind(slot);
        let left = scan.frontier.lock().leave(dir);
        let closed = left.ok()?;
        self.close_shared(scan, dir, slot, closed)
    }

    /// Writes the closing record of a directory.
    fn close(
        &mut self,
        scan: &Scan,
        slot: &Mutex<Slot>,
        depth: u32,
        closing: &Closing,
        verdict: Verdict,
    ) {
        let Closing { failed, proof, .. } = closing;
        let begins_device = proof.is_some_and(|proof| proof.begins_device());
        let mut slot = slot.lock();
        let status = failed.unwrap_or(status::COMPLETE);
        slot.builder
            .close_as(status, failed.unwrap_or(verdict.status()));
        // The start's own entries do not wait for what lies beneath, nor a directory's for its next pass.
        if depth == 1 || verdict.is_open() || begins_device || scan.should_flush(&slot.builder) {
            scan.emit(&mut slot);
        }
    }

    /// Closes a listing that only this thread knew of, and hands its subdirectories on.
    fn close_fresh(
        &mut self,
        scan: &Arc<Scan>,
        slot: &Mutex<Slot>,
        fresh: Fresh,
        closing: Closing,
    ) -> Option<Batch> {
        let Fresh {
            fd, reader, facts, ..
        } = fresh;
        let verdict = match (closing.proof, closing.failed) {
            (Some(proof), None) => self.judge(fd.as_fd(), proof),
            _ => Verdict::Proven,
        };
        self.close(scan, slot, facts.depth, &closing, verdict);
        if let (Some(proof), true) = (closing.proof, verdict.is_open()) {
            let dir = self.child_in_hand(facts)?;
            let descriptor = Descriptor::new(fd, self.shared.budget);
            let source = Arc::new(Source { descriptor, reader });
            self.schedule_recheck(scan, &dir, &source, proof, verdict);
            let descriptor = Arc::clone(&source.descriptor);
            return self.hand_on(scan, dir, closing.subdirs, Ok(descriptor));
        }
        if closing.subdirs.is_empty() {
            return None;
        }
        let dir = self.child_in_hand(facts)?;
        self.hand_on(scan, dir, closing.subdirs, Err(fd))
    }

    fn close_shared(
        &mut self,
        scan: &Arc<Scan>,
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
        let verdict = match (proof, failed, &source) {
            (Some(proof), None, Some(source)) => self.judge(source.descriptor.fd(), proof),
            (Some(_), None, None) => Verdict::Unproven,
            _ => Verdict::Proven,
        };
        let closing = Closing {
            failed,
            subdirs,
            proof,
        };
        scan.emit_common(proof.is_some_and(|proof| proof.pass > 0));
        self.close(scan, slot, dir.depth, &closing, verdict);
        if let (Some(proof), Some(source), true) = (proof, &source, verdict.is_open()) {
            self.schedule_recheck(scan, dir, source, proof, verdict);
        }
        match source {
            Some(source) => {
                let descriptor = Arc::clone(&source.descriptor);
                drop(source);
                self.hand_on(scan, Arc::clone(dir), closing.subdirs, Ok(descriptor))
            }
            None if closing.subdirs.is_empty() => None,
            // It is reopened when its turn comes.
            None => {
                dir.expect_children(None);
                Some(Batch {
                    dir: Arc::clone(dir),
                    names: closing.subdirs,
                    thread: self.number,
                })
            }
        }
    }

    /// Hands subdirectories on to be entered, and keeps the descriptor for them, if need be in place of the one that is
    /// needed last.
    fn hand_on(
        &mut self,
        scan: &Scan,
        dir: Arc<Dir>,
        names: Names,
        descriptor: Result<Arc<Descriptor>, OwnedFd>,
    ) -> Option<Batch> {
        if names.is_empty() {
            return None;
        }
        // The start keeps its descriptor anyway.
        if !dir.is_held() {
            let budget = self.shared.budget;
            let kept = match descriptor {
                Ok(shared) if shared.has_budget() => Some(shared),
                Ok(shared) => {
                    free_descriptor(scan);
                    dir.identify(shared.fd());
                    shared.has_budget().then_some(shared)
                }
                Err(fd) => Descriptor::kept(fd, budget)
                    .or_else(|fd| {
                        free_descriptor(scan);
                        Descriptor::kept(fd, budget)
                    })
                    // If another scan took the room first, the directory is reopened when its turn comes.
                    .map_err(|fd| dir.identify(fd.as_fd()))
                    .ok(),
            };
            dir.expect_children(kept);
        }
        let thread = self.number;
        Some(Batch { dir, names, thread })
    }

    /// Makes a `Dir` of the subdirectory in `hand`, for everything that needs it after its listing.
    fn child_in_hand(&self, facts: Facts) -> Option<Arc<Dir>> {
        let parent = self.hand.parent.as_ref()?;
        Some(Dir::child(parent, self.hand.name(), facts))
    }

    #[cold]
    fn read_failed(&mut self, scan: &Arc<Scan>, errno: Errno) -> u32 {
        let error = Error::from_errno(errno, Operation::Read, &self.path);
        self.status_of(scan, error)
    }
}
