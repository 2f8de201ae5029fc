//! Long calls that end when cancelled, when the caller dies, or when the index closes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::Error;
use parking_lot::Mutex;
use rustler::types::atom::ok;
use rustler::{Atom, Encoder, Env, LocalPid, Monitor, Reference, Resource, ResourceArc, Term};

use super::answer::{Answer, in_background};

/// Set to end a call, which checks it regularly.
pub type Flag = Arc<AtomicBool>;

/// The Elixir term of a long call. It monitors the caller.
pub struct Cancel {
    pub flag: Flag,
    /// Set by the first of two: the answer is sent, or the caller stops waiting.
    pub is_settled: Flag,
}

#[rustler::resource_impl(name = "cancel")]
impl Resource for Cancel {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        self.flag.store(true, Ordering::Release);
    }
}

impl Cancel {
    /// For the calling process.
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
        // A flag without another owner belongs to a call that has ended.
        flags.retain(|flag| Arc::strong_count(flag) > 1);
        flags.push(Arc::clone(flag));
    }

    /// Makes all of them end soon.
    pub fn cancel(&self) {
        for flag in self.0.lock().drain(..) {
            flag.store(true, Ordering::Release);
        }
    }
}

/// Like [`in_background`], but cancellable: returns `{:ok, cancel}`.
pub fn cancellable<'a, T: 'static>(
    env: Env<'a>,
    reference: Reference<'a>,
    running: &Running,
    run: impl FnOnce(&Flag) -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Term<'a> {
    let cancel = Cancel::new(env, running);
    let answer = Answer::new(reference, env.pid()).unless(&cancel.is_settled);
    // Keeps the monitor until the call has ended.
    let kept = cancel.clone();
    match in_background(env, answer, move || run(&kept.flag), write) {
        Ok(()) => (ok(), cancel).encode(env),
        Err(failed) => failed,
    }
}

/// Cancels the call; its answer still comes.
#[rustler::nif]
fn index_cancel(cancel: ResourceArc<Cancel>) -> Atom {
    cancel.flag.store(true, Ordering::Release);
    ok()
}

/// Stops waiting. Returns whether no answer will come; otherwise it was sent, or is about to be.
#[rustler::nif]
fn index_abandon(cancel: ResourceArc<Cancel>) -> bool {
    !cancel.is_settled.swap(true, Ordering::AcqRel)
}
