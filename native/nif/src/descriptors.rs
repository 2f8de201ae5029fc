//! Makes the table of descriptors large once, at load, instead of while scans run.
//!
//! Linux doubles the table of a process when a descriptor does not fit, and with several threads
//! each doubling waits for an RCU grace period: several ms, in the middle of somebody's open(2).

use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Resource, getrlimit};

/// Descriptors that fit without a doubling. More than a VM with scans has open as a rule; 8 bytes
/// each.
const DESCRIPTORS: u64 = 4096;

/// Opens the highest of so many descriptors, as far as the limit allows, and closes it again. The
/// table never shrinks. Failing is no harm: it will grow when it must.
pub fn grow_table() {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(DESCRIPTORS);
    let highest = i32::try_from(limit.min(DESCRIPTORS)).unwrap_or(i32::MAX) - 1;
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    if let Ok(some) = rustix::fs::openat(CWD, "/", flags, Mode::empty()) {
        // A descriptor that somebody has open already gives the next free one, which is as good.
        drop(fcntl_dupfd_cloexec(&some, highest));
    }
}
