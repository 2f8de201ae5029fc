//! Making room: for another descriptor, and for a record in the slab.

use crate::scan::{Scan, Slot};
use crate::slab;

/// Closes the descriptor that is needed last.
#[cold]
pub(super) fn free_descriptor(scan: &Scan) {
    loop {
        let last = scan.frontier.lock().needed_last();
        let Some(last) = last else { return };
        if last.release_fd().is_some() {
            return;
        }
    }
}

/// Sends the slab if a record with a path this long would not fit into it.
#[inline(always)]
pub(super) fn make_room(scan: &Scan, slot: &mut Slot, path_len: usize) {
    if slot.builder.len_bound() + path_len + 512 > slab::MAX_SLAB_BYTES {
        scan.emit(slot);
    }
}
