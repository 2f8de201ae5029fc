//! What the threads of a scan have found and not sent yet: a slot for each thread, and one shared by threads that
//! leave.

use std::sync::atomic::Ordering;

use parking_lot::Mutex;

use super::{FIRST_AGE, FIRST_BYTES, Scan};
use crate::report::Counts;
use crate::slab::Builder;

/// What one thread has found and not sent yet.
pub(crate) struct Slot {
    pub builder: Builder,
    pub counts: Counts,
    /// Whether the timer has seen these entries before: they are a few ms old.
    pub aged: bool,
    /// Whether it holds directories that were read once more.
    pub again: bool,
    /// Heap of the builder as last added to the pool's gauge.
    pub(super) gauged: usize,
}

impl Scan {
    /// Moves what a thread found in a shared directory into the common slot. The thread that closes the directory must
    /// find it there to send it first, and a slab for each thread would mean many small ones.
    pub(crate) fn leave_behind(&self, slot: &Mutex<Slot>) {
        let mut left = slot.lock();
        if left.builder.is_empty() {
            return;
        }
        let common = self.common_slot(left.again).filter(|_| self.has_sent());
        let Some(common) = common else {
            return self.emit(&mut left);
        };
        self.merge(&mut left, &mut common.lock());
    }

    /// Sends the common slot.
    pub(crate) fn emit_common(&self, again: bool) {
        if let Some(common) = self.common_slot(again) {
            self.emit(&mut common.lock());
        }
    }

    /// Moves the contents of one slot into another.
    pub(crate) fn merge(&self, from: &mut Slot, into: &mut Slot) {
        let (mine, others) = (&into.builder, &from.builder);
        let records = mine.entries() + mine.records() + others.entries() + others.records();
        let bytes = mine.len_bound() + others.len_bound();
        if records > self.options.slab_entries as usize || bytes + 512 > crate::slab::MAX_SLAB_BYTES
        {
            self.emit(into);
        }
        into.builder.append(&mut from.builder);
        into.aged |= from.aged;
        from.aged = false;
    }

    pub(super) fn common_slot(&self, again: bool) -> Option<&Mutex<Slot>> {
        let passes = 1 + usize::from(self.options.evidence.is_some());
        self.slot(self.slots.len() / passes - 1, again)
    }

    /// The slot of a thread; with `again`, its slot for directories that are read once more.
    pub(crate) fn slot(&self, thread: usize, again: bool) -> Option<&Mutex<Slot>> {
        let passes = 1 + usize::from(self.options.evidence.is_some());
        let slot = self.slots.get(thread * passes + usize::from(again))?;
        Some(slot.get_or_init(|| {
            Box::new(Mutex::new(Slot {
                builder: self.builder(),
                counts: Counts::default(),
                aged: false,
                again,
                gauged: 0,
            }))
        }))
    }

    pub(super) fn builder(&self) -> Builder {
        let builder = Builder::new(self.options.tag, self.options.metadata);
        match self.options.evidence {
            Some(_) => builder.with_evidence(self.indexed()),
            None => builder,
        }
    }

    /// The slots in use.
    pub(crate) fn used_slots(&self) -> impl Iterator<Item = &Mutex<Slot>> {
        self.slots
            .iter()
            .filter_map(|slot| slot.get())
            .map(|slot| &**slot)
    }

    /// Whether the slab in this slot should be sent now.
    #[inline]
    pub(crate) fn should_flush(&self, builder: &Builder) -> bool {
        let records = builder.entries() + builder.records();
        if records >= self.options.slab_entries as usize {
            return true;
        }
        if builder.is_full() {
            return true;
        }
        !self.has_sent()
            && (builder.len_bound() >= FIRST_BYTES || self.started.elapsed() >= FIRST_AGE)
    }

    /// Counts so far. Takes the slots' locks: do not call it while holding the order's.
    pub(crate) fn counts(&self) -> Counts {
        let mut sum = Counts {
            disk: self.start_disk.load(Ordering::Relaxed),
            ..Counts::default()
        };
        for slot in self.used_slots() {
            let slot = slot.lock();
            // Directories that are read once more are counted already.
            if !slot.again {
                sum.add(&slot.counts);
            }
        }
        sum
    }

    pub(super) fn empty(&self, slot: &mut Slot) {
        slot.builder = self.builder();
        self.gauge(-(slot.gauged as isize));
        slot.gauged = 0;
    }

    pub(super) fn gauge(&self, change: isize) {
        self.native_bytes.fetch_add(change, Ordering::Relaxed);
    }
}
