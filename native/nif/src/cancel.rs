//! What takes long and can be cancelled: by a call, by the death of who called, by closing the index.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::Error;
use parking_lot::Mutex;
use rustler::types::atom::ok;
use rustler::{Atom, Encoder, Env, LocalPid, Monitor, Reference, Resource, ResourceArc, Term};

use crate::index::{Cell, run_aside};
use crate::send::Answer;

/// Set to end what it belongs to, which looks at it again and again.
pub type Flag = Arc<AtomicBool>;

/// What Elixir holds of something that runs. It watches the caller.
pub struct Cancel {
    pub flag: Flag,
    /// Set by who comes first: the answer that is sent, or who does not wait for it any longer.
    pub settled: Flag,
}

#[rustler::resource_impl(name = "cancel")]
impl Resource for Cancel {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        self.flag.store(true, Ordering::Release);
    }
}

impl Cancel {
    /// For the process that calls.
    pub fn new(env: Env<'_>, running: &Running) -> ResourceArc<Cancel> {
        let flag = Flag::default();
        running.add(&flag);
        let settled = Flag::default();
        let cancel = ResourceArc::new(Cancel { flag, settled });
        if env.monitor(&cancel, &env.pid()).is_none() {
            cancel.flag.store(true, Ordering::Release);
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

/// Runs something on a thread of its own, as [`run_aside`] does. Gives `{:ok, cancel}`.
pub fn cancellable<'a, T: 'static>(
    env: Env<'a>,
    reference: Reference<'a>,
    cell: &Arc<Cell>,
    run: impl FnOnce(&Cell, &Flag) -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Term<'a> {
    let cancel = Cancel::new(env, &cell.running);
    let (cell, held) = (Arc::clone(cell), cancel.clone());
    let answer = Answer::new(reference, env.pid()).unless(&cancel.settled);
    // Held until it has ended, and with it the monitor.
    let started = run_aside(env, answer, move || run(&cell, &held.flag), write);
    match started {
        Ok(()) => (ok(), cancel).encode(env),
        Err(failed) => failed,
    }
}

/// Ends it; its answer still comes.
#[rustler::nif]
fn index_cancel(cancel: ResourceArc<Cancel>) -> Atom {
    cancel.flag.store(true, Ordering::Release);
    ok()
}

/// Whether its answer will not come any more; otherwise it has come, or is about to.
#[rustler::nif]
fn index_abandon(cancel: ResourceArc<Cancel>) -> bool {
    !cancel.settled.swap(true, Ordering::AcqRel)
}
