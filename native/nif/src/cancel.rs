//! What takes long and can be cancelled: by a call, by the death of who called, by closing the index.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::Error;
use parking_lot::Mutex;
use rustler::types::atom::ok;
use rustler::{Atom, Encoder, Env, LocalPid, Monitor, Reference, Resource, ResourceArc, Term};

use crate::index::{Cell, aside};

/// Set to end what it belongs to, which looks at it again and again.
pub type Flag = Arc<AtomicBool>;

/// What Elixir holds of something that runs. It watches the caller.
pub struct Cancel(pub Flag);

#[rustler::resource_impl(name = "cancel")]
impl Resource for Cancel {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        self.0.store(true, Ordering::Release);
    }
}

impl Cancel {
    /// For the process that calls.
    pub fn new(env: Env<'_>, running: &Running) -> ResourceArc<Cancel> {
        let flag = Flag::default();
        running.add(&flag);
        let cancel = ResourceArc::new(Cancel(flag));
        if env.monitor(&cancel, &env.pid()).is_none() {
            cancel.0.store(true, Ordering::Release);
        }
        cancel
    }
}

/// Everything that runs on one index.
#[derive(Default)]
pub struct Running(Mutex<Vec<Flag>>);

impl Running {
    fn add(&self, flag: &Flag) {
        let mut flags = self.0.lock();
        // What nobody else has any more has ended.
        flags.retain(|flag| Arc::strong_count(flag) > 1);
        flags.push(Arc::clone(flag));
    }

    /// Ends all of it, soon.
    pub fn cancel(&self) {
        for flag in self.0.lock().drain(..) {
            flag.store(true, Ordering::Release);
        }
    }
}

/// Runs something on a thread of its own, as [`aside`] does. Gives `{:ok, cancel}`.
pub fn cancellable<'a, T: 'static>(
    env: Env<'a>,
    reference: Reference<'a>,
    cell: &Arc<Cell>,
    run: impl FnOnce(&Cell, &Flag) -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Term<'a> {
    let cancel = Cancel::new(env, &cell.running);
    let (cell, held) = (Arc::clone(cell), cancel.clone());
    // Held until it has ended, and with it the monitor.
    let started = aside(env, reference, move || run(&cell, &held.0), write);
    match started {
        Ok(()) => (ok(), cancel).encode(env),
        Err(failed) => failed,
    }
}

/// Ends it; its answer still comes.
#[rustler::nif]
fn index_cancel(cancel: ResourceArc<Cancel>) -> Atom {
    cancel.0.store(true, Ordering::Release);
    ok()
}
