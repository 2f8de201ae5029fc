//! Grows the process's descriptor table once, at load, instead of while scans run.
//!
//! Linux doubles the table when a descriptor does not fit. With several threads each doubling waits
//! for an RCU grace period: several ms, in the middle of some thread's open(2).

use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Resource, getrlimit};

/// Number of descriptors to make room for, at 8 bytes each: more than a VM with scans usually has
/// open.
const DESCRIPTORS: u64 = 4096;

/// Opens the highest of `DESCRIPTORS` numbers, or of those below the limit, and closes it again;
/// the table never shrinks. A failure does no harm: the table grows when it must.
pub fn grow_descriptor_table() {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(DESCRIPTORS);
    let highest = i32::try_from(limit.min(DESCRIPTORS)).unwrap_or(i32::MAX) - 1;
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    if let Ok(some) = rustix::fs::openat(CWD, "/", flags, Mode::empty()) {
        // If this number is taken, dup gives the next free one, which is as good.
        drop(fcntl_dupfd_cloexec(&some, highest));
    }
}
