//! What terms and monitors hold. Nothing here waits, and nothing here keeps a scan from ending.

use std::sync::{Arc, Weak};

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

/// Watches the receiver; the scan's sink holds it. It points at the scan weakly: the scan owns it, not it the scan.
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
    /// Says which scan to cancel. The receiver may have died by then, and the scan is not whole yet: ask [`Watch::is_down`]
    /// when it is.
    ///
    /// Then no death is missed. `down` sets the flag under the lock that `is_down` takes, so one comes before the other. If
    /// `down` is first, `is_down` tells. If `is_down` is, then the scan was named and whole before `down` took the lock, and
    /// `down` finds it.
    pub fn arm(&self, scan: &Weak<Scan>) {
        self.0.lock().scan = Weak::clone(scan);
    }

    /// Whether the receiver is dead.
    pub fn is_down(&self) -> bool {
        self.0.lock().is_down
    }
}
