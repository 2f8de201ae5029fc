//! Looking at the entries of a directory, as they are read or after they were put off: filters first, then metadata,
//! then one append to a thread's slab.

use std::ffi::CStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use rustix::fd::BorrowedFd;
use rustix::io::Errno;

use super::Worker;
use super::details::Details;
use super::filter::{is_hidden, is_left_out};
use super::heartbeat::Heartbeat;
use super::share::{Offer, notice, share};
use crate::dir::{Dir, Names, Source, Unseen};
use crate::path;
use crate::pool::Shared;
use crate::rules::Rules;
use crate::scan::{Scan, Slot};
use crate::slab::{Kind, SizeAndTime};
use crate::sys::{self, Amount, ReadOutcome, Step, Visit};
use crate::{Demand, Error, Operation, Options};

/// Number of entries from which a listing is worth sharing.
const SHARE: u32 = 256;

/// How long a thread should take for a part of the names that were put off, and the maximum number of names in it.
const PART: Duration = Duration::from_millis(1);
const MAX_PART: usize = 256;

/// What is read, and for what.
pub(super) struct Reading<'a> {
    pub scan: &'a Arc<Scan>,
    pub fd: BorrowedFd<'a>,
    /// Depth of the entries.
    pub depth: u32,
    pub rules: Option<&'a Rules>,
    pub slot: &'a Mutex<Slot>,
    /// Whether it is read once more, for an index.
    pub again: bool,
    /// Whether anything was read of the directory before.
    pub begun: bool,
    /// The directory, if other threads know of it.
    pub dir: Option<&'a Arc<Dir>>,
}

/// Results of a read, other than the entries in the slab.
#[derive(Default)]
pub(super) struct Found {
    pub subdirs: Names,
    /// Names left for this thread or others to look at.
    pub unseen: Unseen,
    /// Looking takes so long that each name is worth sharing.
    pub slow: bool,
    /// Another thread may already be reading on.
    pub passed_on: bool,
}

impl Worker {
    /// Reads the next piece. Holds no lock across a system call, so that the timer can send what is there.
    #[inline(always)]
    pub(super) fn read(
        &mut self,
        reading: &Reading<'_>,
        source: &sys::Reader,
        found: &mut Found,
    ) -> Result<ReadOutcome, Errno> {
        let scan = reading.scan;
        let amount = match scan.options.demand {
            _ if scan.is_first_turn() => Amount::First,
            Demand::Slabs(_) => Amount::Half,
            Demand::Unlimited => Amount::Full,
        };
        self.beat.beat();
        let mut details = Details::of(reading.scan, &self.shared);
        let mut look = Looking::new(
            reading,
            &self.beat,
            &self.shared,
            &self.path,
            self.began,
            details.as_deref_mut(),
            found,
        );
        source.read(reading.fd, &mut self.scratch, amount, &mut look)
    }

    /// Looks at the names in `hand`; `Broken` if the scan was stopped.
    pub(super) fn look(&mut self, reading: &Reading<'_>, found: &mut Found) -> ReadOutcome {
        let begun = Instant::now();
        let mut looked = 0;
        let mut details = Details::of(reading.scan, &self.shared);
        let mut look = Looking::new(
            reading,
            &self.beat,
            &self.shared,
            &self.path,
            self.began,
            details.as_deref_mut(),
            found,
        );
        // Another thread may be reading on.
        look.until_share = u32::MAX;
        let mut piece = ReadOutcome::More;
        while let Some((kind, name)) = self.hand.names.peek() {
            match look.visit(name, kind) {
                Step::Next => looked += 1,
                Step::PutOff => break,
                Step::Break => {
                    piece = ReadOutcome::Broken;
                    break;
                }
            }
            self.hand.names.skip();
        }
        drop(look);
        let left = std::mem::take(&mut self.hand.names);
        if !left.is_empty() {
            found.unseen = left;
        }
        // Next time, take as many as fit into the time for a part.
        let most = &mut self.hand.most;
        match begun.elapsed() {
            elapsed if elapsed > 2 * PART => *most = (*most / 2).max(1),
            elapsed if elapsed < PART && looked >= *most => *most = (*most * 2).min(MAX_PART),
            _ => {}
        }
        piece
    }
}

/// Looks at one entry after another. What every entry needs is here; rare work is in functions that get no reference to
/// this, so that it stays in registers.
struct Looking<'a> {
    reading: &'a Reading<'a>,
    options: &'a Options,
    beat: &'a Heartbeat,
    shared: &'a Arc<Shared>,
    path: &'a [u8],
    began: Instant,
    found: &'a mut Found,
    guard: Option<MutexGuard<'a, Slot>>,
    metadata: bool,
    /// For more than size and mtime, and while a mount hangs.
    details: Option<&'a mut Details>,
    /// Nothing is left out.
    takes_all: bool,
    descend: bool,
    /// Whether looking at an entry costs enough to share it.
    sharable: bool,
    /// Entries until sharing is worth it.
    until_share: u32,
    /// Only a few have been looked at yet.
    few: bool,
}

impl<'a> Looking<'a> {
    #[inline(always)]
    fn new(
        reading: &'a Reading<'a>,
        beat: &'a Heartbeat,
        shared: &'a Arc<Shared>,
        path: &'a [u8],
        began: Instant,
        details: Option<&'a mut Details>,
        found: &'a mut Found,
    ) -> Looking<'a> {
        let options = &reading.scan.options;
        let Reading { again, depth, .. } = *reading;
        Looking {
            reading,
            options,
            beat,
            shared,
            path,
            began,
            found,
            guard: None,
            metadata: !options.metadata.is_empty(),
            details,
            takes_all: options.hidden && options.exclude.is_empty() && reading.rules.is_none(),
            descend: !again && options.depth.is_none_or(|most| depth < most),
            sharable: !again && (!options.metadata.is_empty() || reading.rules.is_some()),
            // A directory large enough to be read in pieces is shared at once.
            until_share: if reading.begun { 1 } else { SHARE },
            few: true,
        }
    }

    #[inline(always)]
    fn stat(&mut self, name: &CStr, kind: Kind) -> Option<LookedAt> {
        self.guard = None;
        self.beat.beat();
        let found = match &mut self.details {
            None => sys::stat_at(self.reading.fd, name),
            Some(details) => details.stat_at(self.reading, self.path, name, kind, self.beat),
        };
        match found {
            Ok((kind, known)) => Some(LookedAt {
                kind,
                known: self.metadata.then_some(known),
                failed: None,
            }),
            Err(Errno::NOENT) => None,
            // An entry that cannot be looked at keeps the kind from the listing.
            Err(errno) => Some(LookedAt {
                kind,
                known: None,
                failed: Some(errno),
            }),
        }
    }
}

struct LookedAt {
    kind: Kind,
    known: Option<SizeAndTime>,
    failed: Option<Errno>,
}

impl Visit for Looking<'_> {
    #[inline(always)]
    fn visit(&mut self, name: &CStr, kind: Kind) -> Step {
        let scan = self.reading.scan;
        if scan.is_stopped() {
            return Step::Break;
        }
        if self.beat.is_called() {
            self.guard = None;
            self.found.slow |= self.few;
            if notice(scan, self.beat, self.shared, self.began, self.sharable) {
                return Step::PutOff;
            }
        }
        self.until_share = self.until_share.wrapping_sub(1);
        if self.until_share == 0 && self.sharable {
            self.guard = None;
            // Ask again later: other threads may be idle by then.
            self.until_share = SHARE;
            self.few = self.reading.begun && !self.found.passed_on;
            match share(scan, self.shared, self.reading.dir, self.found.passed_on) {
                Offer::No => {}
                Offer::Read => self.found.passed_on = true,
                Offer::PutOff => return Step::PutOff,
            }
        }
        let options = self.options;
        let bytes = name.to_bytes();
        let hidden = !self.takes_all && is_hidden(options, bytes);
        let mut entry = LookedAt {
            kind,
            known: None,
            failed: None,
        };
        // Without a kind from the listing, only a stat tells which rules apply.
        let unknown = !hidden && kind == Kind::Unknown;
        if unknown {
            self.sharable |= !self.reading.again;
            match self.stat(name, kind) {
                Some(answer) => entry = answer,
                None => return Step::Next,
            }
        }
        let mut left_out = hidden;
        if !self.takes_all && !hidden {
            let rules = self.reading.rules;
            if rules.is_some() {
                // Matching may take a while, and the timer must not wait for it.
                self.guard = None;
            }
            let is_dir = entry.kind == Kind::Directory;
            left_out = is_left_out(options, rules, self.path, bytes, is_dir);
        }
        if self.metadata && !left_out && !unknown {
            match self.stat(name, kind) {
                Some(answer) => entry = answer,
                None => return Step::Next,
            }
        }
        let slot = self.guard.get_or_insert_with(|| self.reading.slot.lock());
        if left_out {
            slot.counts.skipped += 1;
            return Step::Next;
        }
        let LookedAt {
            kind,
            known,
            failed,
        } = entry;
        slot.builder.entry_of(bytes, kind, known);
        count(slot, kind, known, self.reading.depth);
        if let Some(details) = &self.details {
            details.add(scan, slot, kind, known.is_some(), self.reading.again);
        }
        if kind == Kind::Directory {
            if self.descend {
                self.found.subdirs.push(name);
            } else {
                slot.counts.unread += 1;
            }
        }
        if scan.should_flush(&slot.builder) {
            scan.emit(slot);
            if scan.is_parked() {
                // Put off the remaining names now, instead of holding what would be found of them.
                self.beat.call();
            }
        }
        if let Some(errno) = failed
            && !self.reading.again
        {
            self.guard = None;
            note_stat(scan, self.path, bytes, errno);
        }
        Step::Next
    }

    fn put_off(&mut self, name: &CStr, kind: Kind) {
        self.guard = None;
        self.found.unseen.push(name, kind);
    }
}

#[inline(always)]
fn count(slot: &mut Slot, kind: Kind, known: Option<SizeAndTime>, depth: u32) {
    let counts = &mut slot.counts;
    match kind {
        Kind::File => {
            counts.files += 1;
            if let Some(known) = known {
                counts.bytes = counts.bytes.saturating_add(known.size);
            }
        }
        Kind::Directory => counts.directories += 1,
        Kind::Symlink => counts.symlinks += 1,
        Kind::Other | Kind::Unknown => counts.others += 1,
    }
    counts.max_depth = counts.max_depth.max(depth);
}

/// Counts what could not be read of an entry as an error of the scan.
#[cold]
pub(super) fn note_stat(scan: &Scan, dir_path: &[u8], name: &[u8], errno: Errno) {
    let path = path::join(dir_path, name);
    scan.errors
        .lock()
        .push(Error::from_errno(errno, Operation::Stat, &path));
}

impl Source {
    /// How a directory that several threads may list is read.
    pub(super) fn reading<'a>(
        &'a self,
        scan: &'a Arc<Scan>,
        dir: &'a Arc<Dir>,
        slot: &'a Mutex<Slot>,
        again: bool,
        begun: bool,
    ) -> Reading<'a> {
        Reading {
            scan,
            fd: self.descriptor.fd(),
            depth: dir.depth,
            rules: dir.rules.as_deref(),
            slot,
            again,
            begun,
            dir: Some(dir),
        }
    }
}
