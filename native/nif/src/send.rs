//! Messages: every one that this library sends is sent here. Never from a scheduler: the VM accepts
//! messages from an environment of its own only from threads that it does not manage.

use rustler::env::SavedTerm;
use rustler::{Atom, Encoder, Env, LocalPid, OwnedEnv, Reference, Term};

/// A process, and the reference in the messages to it.
pub struct Address {
    /// Created once, so that a message copies the reference's three words.
    reference_env: OwnedEnv,
    reference: SavedTerm,
    pub pid: LocalPid,
}

impl Address {
    pub fn new(reference: Reference<'_>, pid: LocalPid) -> Address {
        let reference_env = OwnedEnv::new();
        Address {
            reference: reference_env.save(*reference),
            reference_env,
            pid,
        }
    }

    /// Sends `{tag, reference, content}`. Sending to a dead process has no effect: its monitor ends
    /// what the messages are about.
    pub fn send(&self, tag: Atom, content: impl for<'e> FnOnce(Env<'e>) -> Term<'e>) {
        self.send_to(self.pid, OwnedEnv::new(), |env, reference| {
            (tag, reference, content(env)).encode(env)
        });
    }

    /// Sends another process, too, what `write` makes of the reference in this environment.
    pub fn send_to(
        &self,
        pid: LocalPid,
        mut scratch_env: OwnedEnv,
        write: impl for<'e> FnOnce(Env<'e>, Term<'e>) -> Term<'e>,
    ) {
        self.reference_env.run(|env| {
            let reference = self.reference.load(env);
            let _ = scratch_env.send_and_clear(&pid, |env| write(env, reference.in_env(env)));
        });
    }
}
