//! What terms and monitors hold. Nothing here waits, and nothing here keeps a scan from ending.

use std::sync::{Arc, Weak};

use aether_core::Scan;
use parking_lot::Mutex;
use rustler::{Env, LocalPid, Monitor, Resource};

/// Whether the summary of a scan, its last message, is sent. Locked while it is: a process that has
/// the message finds this set, one that does not finds it unset.
pub type SummarySent = Arc<Mutex<bool>>;

/// The Elixir term of a scan. Once no process has it, nobody can ask for more.
pub struct ScanHandle {
    /// The scan.
    pub scan: Arc<Scan>,
    /// With an index, when the last commit is in.
    pub summary_sent: SummarySent,
}

#[rustler::resource_impl(name = "handle")]
impl Resource for ScanHandle {}

impl Drop for ScanHandle {
    fn drop(&mut self) {
        self.scan.handle_dropped();
    }
}

/// Monitors the receiver; the scan's sink holds it. It points at the scan weakly: the scan owns it,
/// not it the scan.
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
    /// Says which scan to cancel. The receiver may have died by then, and the scan is not whole
    /// yet: ask [`Watch::is_down`] when it is.
    ///
    /// Then no death is missed. `down` sets the flag under the lock that `is_down` takes, so one
    /// comes before the other. If `down` is first, `is_down` tells. If `is_down` is, then the scan
    /// was named and whole before `down` took the lock, and `down` finds it.
    pub fn arm(&self, scan: &Weak<Scan>) {
        self.0.lock().scan = Weak::clone(scan);
    }

    /// Whether the receiver is dead.
    pub fn is_down(&self) -> bool {
        self.0.lock().is_down
    }
}
