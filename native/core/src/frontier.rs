//! What a scan has still to do: directories listed halfway, and subdirectories not opened yet.
//!
//! The start's children come first (shallow first); all else is a stack, so that the frontier stays about as small as
//! the tree is deep.

use std::collections::VecDeque;
use std::ffi::CString;
use std::sync::Arc;
use std::time::Instant;

use crate::Error;
use crate::dir::{Dir, Names};
use crate::evidence::Proof;

/// Above so many listed directories with children pending, depth comes before breadth again.
const MAX_SHALLOW: usize = 4096;

/// At most so many directories wait to be read once more; beyond, they stay unproven until the next scan.
const MAX_DEFERRED: usize = 4096;

/// Among so many of the stack's topmost is what a reopening takes up again: looking through all of them each time
/// would make a deep tree quadratic.
const NEAR: usize = 512;

/// The next thing to do.
pub(crate) enum Unit {
    /// Open the root and list the start.
    Start,
    /// List the start, or give up: what the index says of it.
    Admitted(Result<(), Error>),
    /// Read on in a directory.
    Piece(Arc<Dir>),
    /// Open and list a subdirectory; `last` if it is its parent's last.
    Child {
        parent: Arc<Dir>,
        name: CString,
        last: bool,
    },
    /// Read a directory once more that had changed too lately to be proven.
    Again(Arc<Dir>, Proof),
}

/// Subdirectories of one directory.
pub(crate) struct Batch {
    pub dir: Arc<Dir>,
    pub names: Names,
}

impl Batch {
    fn take(&mut self) -> Option<Unit> {
        let name = self.names.pop()?;
        let (parent, last) = (self.dir.clone(), self.names.is_empty());
        Some(Unit::Child { parent, name, last })
    }
}

/// Whether the index takes a scan.
enum Admission {
    /// Nobody was asked, or the answer was heard.
    Settled,
    /// It has not said so yet.
    Asked,
    Answered(Result<(), Error>),
}

/// Work of one scan. Whoever holds its lock may lock a directory, not the other way round.
pub(crate) struct Frontier {
    start: bool,
    admission: Admission,
    listings: Vec<Arc<Dir>>,
    shallow: Option<Batch>,
    stack: Vec<Batch>,
    /// What is to be read once more, and not before when.
    deferred: VecDeque<(Instant, Arc<Dir>, Proof)>,
    /// Units handed out and not done.
    working: usize,
    /// Batches below were asked to give their descriptors back.
    given_back: usize,
}

impl Frontier {
    pub(crate) fn new() -> Frontier {
        Frontier {
            start: true,
            admission: Admission::Settled,
            listings: Vec::new(),
            shallow: None,
            stack: Vec::new(),
            deferred: VecDeque::new(),
            working: 0,
            given_back: 0,
        }
    }

    /// Hands out the next unit.
    pub(crate) fn take(&mut self) -> Option<Unit> {
        let unit = self.choose()?;
        self.working += 1;
        Some(unit)
    }

    fn choose(&mut self) -> Option<Unit> {
        if std::mem::take(&mut self.start) {
            return Some(Unit::Start);
        }
        if self.is_answered()
            && let Admission::Answered(answer) =
                std::mem::replace(&mut self.admission, Admission::Settled)
        {
            return Some(Unit::Admitted(answer));
        }
        while let Some(dir) = self.listings.last() {
            let mut listing = dir.listing.lock();
            if !listing.finished {
                listing.working += 1;
                return Some(Unit::Piece(dir.clone()));
            }
            drop(listing);
            self.listings.pop();
        }
        if self.stack.len() < MAX_SHALLOW
            && let Some(unit) = take_from(&mut self.shallow)
        {
            return Some(unit);
        }
        if let Some(batch) = self.stack.last_mut() {
            let unit = batch.take();
            if batch.names.is_empty() {
                self.stack.pop();
                self.given_back = self.given_back.min(self.stack.len());
            }
            return unit;
        }
        if let Some(unit) = take_from(&mut self.shallow) {
            return Some(unit);
        }
        if !self.has_due() {
            return None;
        }
        let (_, dir, proof) = self.deferred.pop_front()?;
        Some(Unit::Again(dir, proof))
    }

    fn has_due(&self) -> bool {
        let first = self.deferred.front();
        first.is_some_and(|(due, ..)| *due <= Instant::now())
    }

    /// Puts a directory off until it can be proven.
    pub(crate) fn defer(&mut self, due: Instant, dir: Arc<Dir>, proof: Proof) {
        if self.deferred.len() < MAX_DEFERRED {
            self.deferred.push_back((due, dir, proof));
        }
    }

    /// The index is about to be asked: until it answers there is nothing to do, and yet it is not over.
    pub(crate) fn await_admission(&mut self) {
        self.admission = Admission::Asked;
    }

    /// The index has answered; false if nobody waits for that any more.
    pub(crate) fn answer_admission(&mut self, answer: Result<(), Error>) -> bool {
        let is_awaited = matches!(self.admission, Admission::Asked);
        if is_awaited {
            self.admission = Admission::Answered(answer);
        }
        is_awaited
    }

    /// Whether the start is still to be opened, or who waits for that to be told: it is owed to them, demand or not.
    pub(crate) fn must_start(&self, stopped: bool) -> bool {
        (self.start || self.is_answered()) && !stopped
    }

    fn is_answered(&self) -> bool {
        matches!(self.admission, Admission::Answered(_))
    }

    /// A unit is done.
    pub(crate) fn done(&mut self) {
        self.working = self.working.saturating_sub(1);
    }

    /// Whether nothing is left and nobody can add more.
    pub(crate) fn is_over(&self) -> bool {
        let is_admitted = !matches!(self.admission, Admission::Asked);
        self.working == 0 && is_admitted && !self.has_work() && self.deferred.is_empty()
    }

    /// Whether a unit can be taken.
    pub(crate) fn has_work(&self) -> bool {
        self.start
            || self.is_answered()
            || !self.listings.is_empty()
            || self.shallow.is_some()
            || !self.stack.is_empty()
            || self.has_due()
    }

    /// Subdirectories of a directory just listed.
    pub(crate) fn push(&mut self, batch: Batch) {
        if batch.dir.depth == 1 {
            self.shallow = Some(batch);
        } else {
            self.stack.push(batch);
        }
    }

    /// Lets other threads read on in a directory, or the same one later.
    pub(crate) fn share(&mut self, dir: &Arc<Dir>) {
        if !self.listings.iter().any(|other| Arc::ptr_eq(other, dir)) {
            self.listings.push(dir.clone());
        }
    }

    /// A shared listing has come to its end.
    pub(crate) fn unshare(&mut self, dir: &Arc<Dir>) {
        self.listings.retain(|other| !Arc::ptr_eq(other, dir));
    }

    /// The pending directory that is needed last of those that hold a descriptor. Give it back outside of the lock.
    pub(crate) fn needed_last(&mut self) -> Option<Arc<Dir>> {
        while let Some(batch) = self.stack.get(self.given_back) {
            self.given_back += 1;
            if batch.dir.is_held() {
                return Some(batch.dir.clone());
            }
        }
        None
    }

    /// All pending directories that hold a descriptor. Give them back outside of the lock.
    pub(crate) fn held(&self) -> Vec<Arc<Dir>> {
        let pending = self.stack.iter().map(|batch| &batch.dir);
        pending.filter(|dir| dir.is_held()).cloned().collect()
    }

    /// Takes everything out: the scan is over. Drop it outside of the lock.
    pub(crate) fn abolish(&mut self) -> Frontier {
        let nothing = Frontier {
            start: false,
            ..Frontier::new()
        };
        std::mem::replace(self, nothing)
    }

    /// A descriptor was taken up again, and perhaps some above it: these are near the top.
    pub(crate) fn taken_up(&mut self) {
        self.given_back = self.given_back.min(self.stack.len().saturating_sub(NEAR));
    }

    /// Whether a pending directory holds a descriptor.
    pub(crate) fn is_holding(&self) -> bool {
        self.stack.iter().any(|batch| batch.dir.is_held())
    }
}

fn take_from(batch: &mut Option<Batch>) -> Option<Unit> {
    let unit = batch.as_mut()?.take();
    if batch.as_ref().is_some_and(|b| b.names.is_empty()) {
        *batch = None;
    }
    unit
}
