//! Messages: every one that this library sends is sent here. Never from a scheduler: the VM accepts
//! messages from an environment of its own only from threads that it does not manage.

use std::cell::Cell;

use rustler::env::SavedTerm;
use rustler::{Atom, Encoder, Env, LocalPid, OwnedEnv, Reference, Term};

/// A process, and the reference in the messages to it.
pub struct Address {
    /// Created once, so that a message copies the reference's three words.
    reference_env: OwnedEnv,
    reference: SavedTerm,
    /// Where the next message is written, if that is not new. May hold parts of it already.
    pub scratch_env: Cell<Option<OwnedEnv>>,
    pub pid: LocalPid,
}

impl Address {
    pub fn new(reference: Reference<'_>, pid: LocalPid) -> Address {
        let reference_env = OwnedEnv::new();
        Address {
            reference: reference_env.save(*reference),
            reference_env,
            scratch_env: Cell::default(),
            pid,
        }
    }

    /// Sends `{tag, reference, content}`. Sending to a dead process has no effect: its monitor ends
    /// what the messages are about.
    pub fn send(&self, tag: Atom, content: impl for<'e> FnOnce(Env<'e>) -> Term<'e>) {
        self.send_to(self.pid, |env, reference| {
            (tag, reference, content(env)).encode(env)
        });
    }

    /// Sends what `write` makes of the reference, to another process too.
    pub fn send_to(
        &self,
        pid: LocalPid,
        write: impl for<'e> FnOnce(Env<'e>, Term<'e>) -> Term<'e>,
    ) {
        let mut scratch_env = self.scratch_env.take().unwrap_or_default();
        self.reference_env.run(|env| {
            let reference = self.reference.load(env);
            let _ = scratch_env.send_and_clear(&pid, |env| write(env, reference.in_env(env)));
        });
        self.scratch_env.set(Some(scratch_env));
    }
}
