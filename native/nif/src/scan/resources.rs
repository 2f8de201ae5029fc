//! Resources held by terms and monitors. Nothing here waits, and nothing keeps a scan from ending.

use std::sync::{Arc, Weak};

use aether_core::Scan;
use parking_lot::Mutex;
use rustler::{Env, LocalPid, Monitor, Resource};

/// Whether the summary of a scan, its last message, is sent. Locked while it is sent: a process
/// that has the message finds this set, and one that does not finds it unset.
pub type SummarySent = Arc<Mutex<bool>>;

/// The Elixir term of a scan. Once no process has it, nobody can ask for more slabs.
pub struct ScanHandle {
    /// The scan.
    pub scan: Arc<Scan>,
    /// With an index, set after the last commit.
    pub summary_sent: SummarySent,
}

#[rustler::resource_impl(name = "handle")]
impl Resource for ScanHandle {}

impl Drop for ScanHandle {
    fn drop(&mut self) {
        self.scan.handle_dropped();
    }
}

/// Monitors the receiver. The scan's sink holds it, so it refers to the scan weakly.
#[derive(Default)]
pub struct Watch(Mutex<Watched>);

#[derive(Default)]
struct Watched {
    scan: Weak<Scan>,
    is_down: bool,
}

#[rustler::resource_impl(name = "watch")]
impl Resource for Watch {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        let scan = {
            let mut watched = self.0.lock();
            watched.is_down = true;
            watched.scan.clone()
        };
        if let Some(scan) = scan.upgrade() {
            scan.cancel();
        }
    }
}

impl Watch {
    /// Sets the scan to cancel. The receiver may be dead already, and the scan is not complete yet:
    /// check [`Watch::is_down`] once it is.
    ///
    /// Then no death is missed. `down` sets the flag under the lock that `is_down` takes, so one of
    /// them is first. If `down` is, `is_down` returns true. If `is_down` is, the scan was set and
    /// complete before `down` took the lock, and `down` finds it.
    pub fn arm(&self, scan: &Weak<Scan>) {
        self.0.lock().scan = Weak::clone(scan);
    }

    /// Whether the receiver is dead.
    pub fn is_down(&self) -> bool {
        self.0.lock().is_down
    }
}
