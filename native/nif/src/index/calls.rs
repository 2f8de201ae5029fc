//! Calls that are answered by message. Long ones end when cancelled, when the caller dies, or when
//! the index closes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use aether_index::Error;
use aether_index::calls::{self, Call, Calls};
use rustler::types::atom::ok;
use rustler::{Atom, Decoder, Env, LocalPid, Monitor, NifResult, Resource, ResourceArc, Term};

use crate::atoms;
#[cfg(feature = "fault")]
use crate::fault::{self, Place::PanicAnswer};
use crate::send::Address;
use crate::terms::Failure;
use crate::to_term::{Out, ToTerm};

/// A call that was started, and that its caller can stop waiting for.
pub type Started = Out<Result<ResourceArc<Cancel>, Failure>>;

/// The one message that answers a call. As an argument of a NIF, the reference under which the
/// caller waits.
pub struct Answer {
    address: Address,
    /// The call, if its caller may stop waiting.
    call: Option<Arc<Call>>,
}

impl<'a> Decoder<'a> for Answer {
    fn decode(reference: Term<'a>) -> NifResult<Answer> {
        let address = Address::new(reference.decode()?, reference.get_env().pid());
        let call = None;
        Ok(Answer { address, call })
    }
}

impl Answer {
    /// The same, sent only while the caller of this call waits.
    pub fn to(self, call: &Arc<Call>) -> Answer {
        let call = Some(Arc::clone(call));
        Answer { call, ..self }
    }

    /// Sends `{:index_answer, reference, result}`; an error if encoding the result panics. Never
    /// call it from a scheduler.
    pub fn send(self, result: Result<impl ToTerm, impl Into<Failure>>) {
        let result = result.map_err(Into::into);
        if self.call.as_ref().is_some_and(|call| !call.settle()) {
            return;
        }
        let send = || {
            self.address.send(atoms::index_answer(), |env| {
                #[cfg(feature = "fault")]
                fault::strike(fault::take(&[PanicAnswer]), PanicAnswer);
                result.to_term(env)
            });
        };
        // The caller waits and will get no other message.
        if catch_unwind(AssertUnwindSafe(send)).is_err() {
            let failure = Err::<(), _>(Failure::new("panic", "read", &[]));
            let tag = atoms::index_answer();
            self.address.send(tag, |env| failure.to_term(env));
        }
    }
}

/// The Elixir term of a long call. It monitors the caller.
pub struct Cancel(pub Arc<Call>);

#[rustler::resource_impl(name = "cancel")]
impl Resource for Cancel {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        self.0.cancel();
    }
}

impl Cancel {
    /// For the calling process.
    pub fn new(env: Env<'_>, calls: &Calls) -> ResourceArc<Cancel> {
        let cancel = ResourceArc::new(Cancel(calls.begin()));
        if env.monitor(&cancel, &env.pid()).is_none() {
            cancel.0.cancel();
        }
        cancel
    }
}

/// Runs a long call on a thread of its own, which sends the result. `run` gets the flag that ends
/// it.
pub fn in_background<T: ToTerm + 'static, E: From<Error> + Into<Failure> + 'static>(
    cancel: ResourceArc<Cancel>,
    answer: Answer,
    run: impl FnOnce(&Arc<AtomicBool>) -> Result<T, E> + Send + 'static,
) -> Started {
    let answer = answer.to(&cancel.0);
    // Keeps the monitor until the call has ended.
    let kept = cancel.clone();
    let started = calls::run(
        move || run(kept.0.cancel_flag()),
        |result| answer.send(result),
    );
    Out(started.map(|()| cancel).map_err(Failure::no_thread))
}

/// Cancels the call; its answer still comes.
#[rustler::nif]
fn index_cancel(cancel: ResourceArc<Cancel>) -> Atom {
    cancel.0.cancel();
    ok()
}

/// Stops waiting. Returns whether no answer will come; otherwise it was sent, or is about to be.
#[rustler::nif]
fn index_abandon(cancel: ResourceArc<Cancel>) -> bool {
    cancel.0.settle()
}
