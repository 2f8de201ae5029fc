//! Panics on demand, for tests of what must survive them. Built only with the feature `fault`.

use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_core::slab::Builder;
use aether_core::{Error, Identity, Packed, Progress, Sink, Summary};
use rustler::types::atom::ok;
use rustler::{Encoder, Env, LocalPid, Monitor, NifResult, Resource, ResourceArc, Term};

use crate::scan::mailbox::MailboxSink;

mod kind {
    rustler::atoms! { panic_nif, panic_drop, panic_down, panic_worker, panic_send, panic_answer }
}

/// Prefix of these panics' messages.
const ASKED_FOR: &str = "asked for";

/// Whether the next scan panics when a worker packs a slab, or when it sends one; whether the next
/// answer of an index panics while it is written.
static PANIC_IN_PACK: AtomicBool = AtomicBool::new(false);
static PANIC_IN_SEND: AtomicBool = AtomicBool::new(false);
static PANIC_IN_ANSWER: AtomicBool = AtomicBool::new(false);

/// Keeps panics on demand off stderr, where they would clutter a test's output. Other panics are
/// printed as usual.
pub fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let text = info.payload().downcast_ref::<&str>();
            if !text.is_some_and(|text| text.starts_with(ASKED_FOR)) {
                print(info);
            }
        }));
    });
}

struct PanicsInDrop;

#[rustler::resource_impl(name = "panics_in_drop")]
impl Resource for PanicsInDrop {}

impl Drop for PanicsInDrop {
    #[expect(clippy::panic, reason = "what it is for")]
    fn drop(&mut self) {
        panic!("asked for, in Drop");
    }
}

struct PanicsInDown;

#[rustler::resource_impl(name = "panics_in_down")]
impl Resource for PanicsInDown {
    #[expect(clippy::panic, reason = "what it is for")]
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        panic!("asked for, in down");
    }
}

/// Panics, or creates or arms something that will. A resource that panics in `down` monitors the
/// caller.
#[rustler::nif]
#[expect(clippy::panic, reason = "what it is for")]
fn fault<'a>(env: Env<'a>, wanted: Term<'a>) -> NifResult<Term<'a>> {
    if kind::panic_nif() == wanted {
        panic!("asked for, in a NIF");
    } else if kind::panic_drop() == wanted {
        Ok(ResourceArc::new(PanicsInDrop).encode(env))
    } else if kind::panic_down() == wanted {
        let watch = ResourceArc::new(PanicsInDown);
        let _ = env.monitor(&watch, &env.pid());
        Ok(watch.encode(env))
    } else if kind::panic_worker() == wanted {
        PANIC_IN_PACK.store(true, Ordering::SeqCst);
        Ok(ok().encode(env))
    } else if kind::panic_send() == wanted {
        PANIC_IN_SEND.store(true, Ordering::SeqCst);
        Ok(ok().encode(env))
    } else if kind::panic_answer() == wanted {
        PANIC_IN_ANSWER.store(true, Ordering::SeqCst);
        Ok(ok().encode(env))
    } else {
        Err(rustler::Error::BadArg)
    }
}

/// Panics if armed.
#[expect(clippy::panic, reason = "what it is for")]
pub fn strike_answer() {
    if PANIC_IN_ANSWER.swap(false, Ordering::SeqCst) {
        panic!("asked for, in an answer");
    }
}

/// A sink that panics as armed.
pub struct Armed {
    sink: MailboxSink,
    in_pack: bool,
    in_send: bool,
}

impl Armed {
    /// Takes what is armed, so that it affects one scan only.
    pub fn new(sink: MailboxSink) -> Armed {
        Armed {
            sink,
            in_pack: PANIC_IN_PACK.swap(false, Ordering::SeqCst),
            in_send: PANIC_IN_SEND.swap(false, Ordering::SeqCst),
        }
    }
}

impl Sink for Armed {
    fn opened(&self, result: Result<Identity, &Error>) {
        self.sink.opened(result);
    }

    #[expect(clippy::panic, reason = "what it is for")]
    fn pack(&self, slab: &Builder, again: bool) -> Box<dyn Packed> {
        if self.in_pack {
            panic!("asked for, on a worker");
        }
        if self.in_send {
            return Box::new(PanicsInSend);
        }
        self.sink.pack(slab, again)
    }

    fn passive(&self) {
        self.sink.passive();
    }

    fn progress(&self, progress: &Progress) {
        self.sink.progress(progress);
    }

    fn completed(&self, summary: &Summary) {
        self.sink.completed(summary);
    }
}

struct PanicsInSend;

impl Packed for PanicsInSend {
    fn size(&self) -> usize {
        1
    }

    #[expect(clippy::panic, reason = "what it is for")]
    fn send(self: Box<Self>, _sequence: u32) {
        panic!("asked for, under the scan's lock");
    }
}
