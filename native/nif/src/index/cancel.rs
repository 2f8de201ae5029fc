//! Long calls that end when cancelled, when the caller dies, or when the index closes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::Error;
use parking_lot::Mutex;
use rustler::types::atom::ok;
use rustler::{Atom, Encoder, Env, LocalPid, Monitor, Reference, Resource, ResourceArc, Term};

use super::answer::{Answer, in_background};

/// Set to end what it belongs to, which looks at it again and again.
pub type Flag = Arc<AtomicBool>;

/// The Elixir term of a long call. It monitors the caller.
pub struct Cancel {
    pub flag: Flag,
    /// Set by whichever comes first: the answer that is sent, or the caller that waits no longer.
    pub is_settled: Flag,
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
        let is_settled = Flag::default();
        let cancel = ResourceArc::new(Cancel { flag, is_settled });
        if env.monitor(&cancel, &env.pid()).is_none() {
            cancel.flag.store(true, Ordering::Release);
        }
        cancel
    }
}

/// The long calls of one index.
#[derive(Default)]
pub struct Running(Mutex<Vec<Flag>>);

impl Running {
    fn add(&self, flag: &Flag) {
        let mut flags = self.0.lock();
        // A flag that nobody else holds is one of a call that has ended.
        flags.retain(|flag| Arc::strong_count(flag) > 1);
        flags.push(Arc::clone(flag));
    }

    /// Ends all of them, soon.
    pub fn cancel(&self) {
        for flag in self.0.lock().drain(..) {
            flag.store(true, Ordering::Release);
        }
    }
}

/// Runs something on a thread of its own, as [`in_background`] does. Gives `{:ok, cancel}`.
pub fn cancellable<'a, T: 'static>(
    env: Env<'a>,
    reference: Reference<'a>,
    running: &Running,
    run: impl FnOnce(&Flag) -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Term<'a> {
    let cancel = Cancel::new(env, running);
    let answer = Answer::new(reference, env.pid()).unless(&cancel.is_settled);
    // Kept until it has ended, and with it the monitor.
    let kept = cancel.clone();
    match in_background(env, answer, move || run(&kept.flag), write) {
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
    !cancel.is_settled.swap(true, Ordering::AcqRel)
}
