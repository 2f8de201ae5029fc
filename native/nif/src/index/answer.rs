//! Answers by message, one for each call of an index that does not answer at once. Only threads of
//! this library send them: the VM accepts messages from an environment of its own only from threads
//! that it does not manage.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::{Error, Operation, Reason, background};
use rustler::env::SavedTerm;
use rustler::types::atom::{error, ok};
use rustler::{Encoder, Env, LocalPid, OwnedEnv, Reference, Term};

use crate::{atoms, terms};

/// `{:error, %Aether.Error{}}`.
pub fn failed<'a>(env: Env<'a>, reason: &Error) -> Term<'a> {
    (error(), terms::index_error(env, reason)).encode(env)
}

/// `{:error, %Aether.Error{}}` if no thread can be started.
pub fn no_thread(env: Env<'_>) -> Term<'_> {
    (error(), terms::start_error(env, atoms::eagain(), &[])).encode(env)
}

/// The one message that answers a call.
pub struct Answer {
    reference_env: OwnedEnv,
    reference: SavedTerm,
    caller: LocalPid,
    is_settled: Arc<AtomicBool>,
}

impl Answer {
    /// For `caller`, which waits for `reference`.
    pub fn new(reference: Reference<'_>, caller: LocalPid) -> Answer {
        let reference_env = OwnedEnv::new();
        let reference = reference_env.save(*reference);
        Answer {
            reference_env,
            reference,
            caller,
            is_settled: Arc::default(),
        }
    }

    /// Makes the answer depend on a flag: not sent if it is set already, and set when it is sent.
    pub fn unless(mut self, is_settled: &Arc<AtomicBool>) -> Answer {
        self.is_settled = Arc::clone(is_settled);
        self
    }

    /// Sends `:ok` or `{:error, error}`, as [`Answer::send`] does.
    pub fn send_result(self, result: Result<(), Error>) {
        self.send(|env| match result {
            Ok(()) => ok().encode(env),
            Err(reason) => failed(env, &reason),
        });
    }

    /// Sends `{:index_answer, reference, answer}`, where `write` makes the answer; an error if it
    /// panics. Never call it from a scheduler.
    pub fn send(self, write: impl for<'e> FnOnce(Env<'e>) -> Term<'e>) {
        if self.is_settled.swap(true, Ordering::AcqRel) {
            return;
        }
        self.reference_env.run(|env| {
            let reference = self.reference.load(env);
            let send = || {
                OwnedEnv::new().send_and_clear(&self.caller, |env| {
                    #[cfg(feature = "fault")]
                    crate::fault::strike_answer();
                    (atoms::index_answer(), reference.in_env(env), write(env)).encode(env)
                })
            };
            // The caller waits and will get no other message.
            if catch_unwind(AssertUnwindSafe(send)).is_err() {
                let reason = Error::new(Reason::Panic, Operation::Read, &[]);
                let _ = OwnedEnv::new().send_and_clear(&self.caller, |env| {
                    let answer = failed(env, &reason);
                    (atoms::index_answer(), reference.in_env(env), answer).encode(env)
                });
            }
        });
    }
}

/// An answer owed by the writer. If it is dropped, the answer is that the index is closed.
pub struct Promise(Option<Answer>);

impl Promise {
    /// For `caller`, which waits for `reference`.
    pub fn new(reference: Reference<'_>, caller: LocalPid) -> Promise {
        Promise(Some(Answer::new(reference, caller)))
    }

    /// Sends the answer. Never call it from a scheduler.
    pub fn keep(mut self, result: Result<(), Error>) {
        if let Some(answer) = self.0.take() {
            answer.send_result(result);
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        let Some(answer) = self.0.take() else {
            return;
        };
        // The command that carries it may be dropped on any thread, even a scheduler.
        background::must_run(move || {
            answer.send_result(Err(Error::new(Reason::Closed, Operation::Write, &[])));
        });
    }
}

/// Runs a long call on a thread of its own. The answer is what `write` makes, or `{:error, error}`.
/// Returns the error if no thread can be started.
pub fn in_background<'a, T: 'static>(
    env: Env<'a>,
    answer: Answer,
    run: impl FnOnce() -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Result<(), Term<'a>> {
    let started = background::spawn(move || {
        // Nothing that panicked is used again.
        let result = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err(Error::new(Reason::Panic, Operation::Maintain, &[])));
        answer.send(|env| match result {
            Ok(value) => write(env, value),
            Err(reason) => failed(env, &reason),
        });
    });
    started.map_err(|_| no_thread(env))
}
