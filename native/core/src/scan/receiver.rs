//! What becomes of a scan whose receiver goes away.

use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::Scan;

/// Cancels a scan when its receiver is down, which may be at any time: before the scan is there,
/// while it starts, or later. Refers to the scan weakly, so the scan's sink may hold it.
#[derive(Default)]
pub struct ReceiverMonitor(Mutex<ReceiverState>);

#[derive(Default)]
struct ReceiverState {
    scan: Weak<Scan>,
    is_down: bool,
}

impl ReceiverMonitor {
    /// Sets the scan to cancel, which need not be complete yet. Call [`ReceiverMonitor::started`]
    /// once it is.
    ///
    /// Then no death is missed. `down` sets its flag under the lock under which `started` reads it,
    /// so one of them is first. If `down` is, `started` cancels the scan. If `started` is, the scan
    /// was set and complete before `down` took the lock, and `down` finds it.
    pub fn arm(&self, scan: &Weak<Scan>) {
        self.0.lock().scan = Weak::clone(scan);
    }

    /// The scan is complete.
    pub fn started(&self, scan: &Arc<Scan>) {
        if self.is_down() {
            scan.cancel();
        }
    }

    /// The receiver is gone.
    pub fn down(&self) {
        let scan = {
            let mut state = self.0.lock();
            state.is_down = true;
            Weak::clone(&state.scan)
        };
        if let Some(scan) = Weak::upgrade(&scan) {
            scan.cancel();
        }
    }

    /// Whether the receiver is gone.
    pub fn is_down(&self) -> bool {
        self.0.lock().is_down
    }
}
