//! What the threads of a scan have found and not yet sent: a slot for each, and one for what they leave behind.

use std::sync::atomic::Ordering;

use parking_lot::Mutex;

use super::{FIRST_AGE, FIRST_BYTES, Scan};
use crate::report::Counts;
use crate::slab::Builder;

/// What one thread has found and not yet sent.
pub(crate) struct Slot {
    pub builder: Builder,
    pub counts: Counts,
    /// The timer saw these entries before: they are a few ms old.
    pub aged: bool,
    /// Of directories that are read once more.
    pub again: bool,
    /// Heap of the builder as the pool's gauge knows it.
    pub(super) gauged: usize,
}

impl Scan {
    /// Takes over what a thread has found of a directory that others list too: whoever closes that must find it sent, and
    /// a slab for each thread would be many small ones.
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

    /// Sends what was left behind.
    pub(crate) fn emit_common(&self, again: bool) {
        if let Some(common) = self.common_slot(again) {
            self.emit(&mut common.lock());
        }
    }

    /// Moves what one slot holds into another.
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

    /// The slot of a thread, and its other one for directories that are read once more.
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
            Some(_) => builder.with_evidence(),
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

    /// Whether the slab in this slot should leave now.
    #[inline]
    pub(crate) fn should_flush(&self, builder: &Builder) -> bool {
        let records = builder.entries() + builder.records();
        if records >= self.options.slab_entries as usize {
            return true;
        }
        let bytes = builder.len_bound();
        // The longest entry is a name of 255 bytes and its columns, with their padding.
        if bytes + 512 > crate::slab::MAX_SLAB_BYTES {
            return true;
        }
        !self.has_sent() && (bytes >= FIRST_BYTES || self.started.elapsed() >= FIRST_AGE)
    }

    /// Numbers so far. Takes the slots' locks, so not for who holds the order's.
    pub(crate) fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        for slot in self.used_slots() {
            let slot = slot.lock();
            // What is read once more was counted before.
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
