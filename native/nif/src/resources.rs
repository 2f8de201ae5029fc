//! What terms and monitors hold. Nothing here waits, and nothing here keeps a scan from ending.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use aether_core::Scan;
use parking_lot::Mutex;
use rustler::{Env, LocalPid, Monitor, Resource};

/// Whether the last message of a scan is sent. Locked while it is: who has it finds this set, who does not finds it unset.
pub type Told = Arc<Mutex<bool>>;

/// The Elixir term of a scan. Once no process has it, nobody can ask for more.
pub struct Handle {
    /// The scan.
    pub scan: Arc<Scan>,
    /// Whether its last message is sent: with an index, that is when the last commit is in.
    pub told: Told,
}

#[rustler::resource_impl(name = "handle")]
impl Resource for Handle {}

impl Drop for Handle {
    fn drop(&mut self) {
        self.scan.abandon();
    }
}

/// Watches the receiver; the scan's sink holds it. Both point at the scan weakly: the scan owns them, not they the scan.
#[derive(Default)]
pub struct Watch {
    scan: OnceLock<Weak<Scan>>,
    down: AtomicBool,
}

#[rustler::resource_impl(name = "watch")]
impl Resource for Watch {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        self.down.store(true, Ordering::SeqCst);
        if let Some(scan) = self.scan.get().and_then(Weak::upgrade) {
            scan.cancel();
        }
    }
}

impl Watch {
    /// Says which scan to cancel. The receiver may have died by then: ask [`Watch::is_down`] afterwards. As both sides
    /// write before they read, in one total order, at least one of them sees the other.
    pub fn arm(&self, scan: &Weak<Scan>) {
        // It is armed once; a second time would be for the same scan.
        let _ = self.scan.set(Weak::clone(scan));
    }

    /// Whether the receiver is dead.
    pub fn is_down(&self) -> bool {
        self.down.load(Ordering::SeqCst)
    }
}
