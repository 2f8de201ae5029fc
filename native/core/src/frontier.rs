//! What a scan has left to do: directories listed in part, and subdirectories not opened yet.
//!
//! The start's children come first (breadth first); everything else is a stack, so that the frontier is about as small
//! as the tree is deep, however large the tree.

mod hand;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use crate::Error;
use crate::dir::{Dir, Listing, Part};
use crate::evidence::Pass;
use crate::slab::Groups;
use hand::take_from;

pub(crate) use hand::{Batch, Hand};

/// Maximum number of batches in the stack before depth comes before breadth again.
const MAX_SHALLOW: usize = 4096;

/// Maximum number of directories that wait to be read once more; the rest stay unproven until the next scan.
const MAX_DEFERRED: usize = 4096;

/// Number of topmost batches that a reopening reconsiders: looking through all of them each time would make a deep tree
/// quadratic.
const NEAR: usize = 512;

/// Number of topmost batches among which a thread looks for a directory that it listed itself.
const OWN: usize = 16;

/// Maximum height of the stack at which a thread without a batch of its own starts at the bottom. In a higher stack it
/// takes from the top: from the bottom, many threads would walk the tree level by level, and a level may be as large as
/// the tree.
const LOW: usize = 64;

/// How many deferred names a thread takes at once, before it is known how slow they are.
const PART_NAMES: usize = 64;

/// A unit of work.
pub(crate) enum Unit {
    /// Open the root and list the start.
    Start,
    /// List the start, or fail: the index has answered.
    Admitted(Result<Groups, Error>),
    /// Take part in the listing of a directory.
    Part(Arc<Dir>, Part),
    /// Open and list a subdirectory of `Hand::parent`; `last` if it is the last one.
    Child { last: bool },
    /// Read a directory once more that changed too recently to be proven.
    Recheck(Arc<Dir>, Pass),
}

/// Whether the index admits the scan.
enum Admitting {
    /// Not asked, or the answer was taken.
    Settled,
    /// Asked, and not answered yet.
    Asked,
    Answered(Result<Groups, Error>),
}

/// Work of one scan. Lock order: the frontier, then a directory's listing.
pub(crate) struct Frontier {
    start: bool,
    /// The start must not be opened yet.
    deferred_start: bool,
    admission: Admitting,
    /// Directories with a part for one more thread.
    listings: Vec<Arc<Dir>>,
    shallow: Option<Batch>,
    stack: Vec<Batch>,
    /// Directories to read once more, and from when on.
    deferred: VecDeque<(Instant, Arc<Dir>, Pass)>,
    /// Units handed out and not done.
    working: usize,
    /// Batches below this index were asked to give their descriptors back.
    released: usize,
}

impl Frontier {
    pub(crate) fn new() -> Frontier {
        Frontier {
            start: true,
            deferred_start: false,
            admission: Admitting::Settled,
            listings: Vec::new(),
            shallow: None,
            stack: Vec::new(),
            deferred: VecDeque::new(),
            working: 0,
            released: 0,
        }
    }

    /// Hands out the next unit.
    pub(crate) fn take(&mut self, hand: &mut Hand) -> Option<Unit> {
        let unit = self.choose(hand)?;
        self.working += 1;
        Some(unit)
    }

    fn choose(&mut self, hand: &mut Hand) -> Option<Unit> {
        if self.may_start() {
            self.start = false;
            return Some(Unit::Start);
        }
        if self.is_answered()
            && let Admitting::Answered(answer) =
                std::mem::replace(&mut self.admission, Admitting::Settled)
        {
            return Some(Unit::Admitted(answer));
        }
        while let Some(dir) = self.listings.last() {
            let mut listing = dir.listing.lock();
            let part = listing.take(hand.most, &mut hand.names);
            let unit = part.map(|part| {
                listing.working += 1;
                Unit::Part(Arc::clone(dir), part)
            });
            listing.offered = listing.has_part();
            let gone = !listing.offered;
            drop(listing);
            if gone {
                self.listings.pop();
            }
            if unit.is_some() {
                return unit;
            }
        }
        if self.stack.len() < MAX_SHALLOW
            && let Some(unit) = take_from(&mut self.shallow, hand)
        {
            return Some(unit);
        }
        let at = self.nearest(hand.thread);
        if let Some(batch) = self.stack.get_mut(at) {
            let unit = batch.take(hand);
            if batch.names.is_empty() {
                self.stack.remove(at);
                self.released -= usize::from(at < self.released);
            }
            return unit;
        }
        if let Some(unit) = take_from(&mut self.shallow, hand) {
            return Some(unit);
        }
        if !self.has_due() {
            return None;
        }
        let (_, dir, proof) = self.deferred.pop_front()?;
        Some(Unit::Recheck(dir, proof))
    }

    /// Index of the batch that a thread takes from: one that it listed itself, else as far from the other threads as
    /// possible, so that they do not contend for one directory's descriptor.
    fn nearest(&self, thread: usize) -> usize {
        let top = self.stack.len().saturating_sub(1);
        let mut near = self.stack.iter().rev().take(OWN);
        match near.position(|batch| batch.thread == thread) {
            Some(above) => top - above,
            None if self.stack.len() <= LOW => 0,
            None => top,
        }
    }

    fn has_due(&self) -> bool {
        let first = self.deferred.front();
        first.is_some_and(|(due, ..)| *due <= Instant::now())
    }

    /// Puts a directory off until it can be proven.
    pub(crate) fn defer(&mut self, due: Instant, dir: Arc<Dir>, proof: Pass) {
        if self.deferred.len() < MAX_DEFERRED {
            self.deferred.push_back((due, dir, proof));
        }
    }

    /// The index is about to be asked: until it answers there is no work, and yet the scan is not over.
    pub(crate) fn await_admission(&mut self) {
        self.admission = Admitting::Asked;
    }

    /// Takes the index's answer; false if none is awaited.
    pub(crate) fn answer_admission(&mut self, answer: Result<Groups, Error>) -> bool {
        let is_awaited = matches!(self.admission, Admitting::Asked);
        if is_awaited {
            self.admission = Admitting::Answered(answer);
        }
        is_awaited
    }

    /// Whether the start must still be opened, or its result reported: both are due with or without demand.
    pub(crate) fn must_start(&self, stopped: bool) -> bool {
        (self.may_start() || self.is_answered()) && !stopped
    }

    fn may_start(&self) -> bool {
        self.start && !self.deferred_start
    }

    /// Returns the start, to be opened later.
    pub(crate) fn defer_start(&mut self) {
        self.start = true;
        self.deferred_start = true;
    }

    /// Lets the start be tried again.
    pub(crate) fn resume_start(&mut self) {
        self.deferred_start = false;
    }

    fn is_answered(&self) -> bool {
        matches!(self.admission, Admitting::Answered(_))
    }

    /// A unit is done.
    pub(crate) fn done(&mut self) {
        self.working = self.working.saturating_sub(1);
    }

    /// Whether nothing is left and no thread can add more.
    pub(crate) fn is_over(&self) -> bool {
        let is_admitted = !matches!(self.admission, Admitting::Asked);
        let is_begun = !self.start && is_admitted;
        self.working == 0 && is_begun && !self.has_work() && self.deferred.is_empty()
    }

    /// Whether a unit can be taken.
    pub(crate) fn has_work(&self) -> bool {
        self.may_start()
            || self.is_answered()
            || !self.listings.is_empty()
            || self.shallow.is_some()
            || !self.stack.is_empty()
            || self.has_due()
    }

    /// Adds the subdirectories of a directory just listed.
    pub(crate) fn push(&mut self, batch: Batch) {
        if batch.dir.depth == 1 {
            self.shallow = Some(batch);
        } else {
            self.stack.push(batch);
        }
    }

    /// Offers a directory's listing to other threads, if it has a part for one more; returns whether it has.
    pub(crate) fn offer(&mut self, dir: &Arc<Dir>) -> bool {
        let mut listing = dir.listing.lock();
        let has_part = listing.has_part();
        if has_part && !listing.offered {
            listing.offered = true;
            self.listings.push(Arc::clone(dir));
        }
        has_part
    }

    /// The next part of a listing, for a thread that already takes part in it.
    pub(crate) fn take_part(&mut self, dir: &Arc<Dir>, hand: &mut Hand) -> Option<Part> {
        let mut listing = dir.listing.lock();
        let part = listing.take(hand.most, &mut hand.names);
        self.withdraw(dir, &mut listing);
        part
    }

    /// Takes a thread out of a listing. Returns the listing to close if it is over, else whether others can go on with
    /// it.
    pub(crate) fn leave(&mut self, dir: &Arc<Dir>) -> Result<Listing, bool> {
        let mut listing = dir.listing.lock();
        listing.working = listing.working.saturating_sub(1);
        if !listing.is_finished() {
            drop(listing);
            return Err(self.offer(dir));
        }
        self.withdraw(dir, &mut listing);
        if listing.working > 0 {
            return Err(false);
        }
        let over = Listing {
            ended: true,
            ..Listing::default()
        };
        Ok(std::mem::replace(&mut *listing, over))
    }

    fn withdraw(&mut self, dir: &Arc<Dir>, listing: &mut Listing) {
        if listing.offered && !listing.has_part() {
            listing.offered = false;
            self.listings.retain(|other| !Arc::ptr_eq(other, dir));
        }
    }

    /// The pending directory that holds a descriptor and is needed last. Release it outside of the lock.
    pub(crate) fn needed_last(&mut self) -> Option<Arc<Dir>> {
        while let Some(batch) = self.stack.get(self.released) {
            self.released += 1;
            if batch.dir.is_held() {
                return Some(batch.dir.clone());
            }
        }
        None
    }

    /// All pending directories that hold a descriptor. Release them outside of the lock.
    pub(crate) fn held(&self) -> Vec<Arc<Dir>> {
        let pending = self.stack.iter().map(|batch| &batch.dir);
        pending.filter(|dir| dir.is_held()).cloned().collect()
    }

    /// The listings on offer. For a scan that is parked.
    pub(crate) fn listings(&self) -> Vec<Arc<Dir>> {
        self.listings.clone()
    }

    /// Frees spare memory: the scan is parked.
    pub(crate) fn shrink(&mut self) {
        self.stack.iter_mut().for_each(|batch| batch.names.shrink());
        if let Some(batch) = &mut self.shallow {
            batch.names.shrink();
        }
        self.stack.shrink_to_fit();
        self.listings.shrink_to_fit();
    }

    /// Takes everything out: the scan is over. Drop it outside of the lock.
    pub(crate) fn clear(&mut self) -> Frontier {
        let nothing = Frontier {
            start: false,
            ..Frontier::new()
        };
        std::mem::replace(self, nothing)
    }

    /// A descriptor was reopened, and perhaps some of its ancestors': these are near the top.
    pub(crate) fn reopened(&mut self) {
        self.released = self.released.min(self.stack.len().saturating_sub(NEAR));
    }
}

#[cfg(test)]
mod tests;
