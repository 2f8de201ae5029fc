//! The messages of a scan. Threads of core, of an index's writer and of the index's sink send them,
//! and never a scheduler, which must not wait for a scan's lock.

use std::sync::Arc;

use aether_core::slab::{Builder, set_sequence};
use aether_core::{Error, Identity, Packed, Progress, Sink, Summary};
use aether_index::sink::{Receiver, Written};
use parking_lot::Mutex;
use rustler::{Atom, Encoder, Env, LocalPid, OwnedBinary, ResourceArc, Term};

use super::{SummarySent, Watch};
use crate::atoms;
#[cfg(feature = "fault")]
use crate::fault;
use crate::send::Address;
use crate::terms::{Clock, Failure, ProgressTerm, SummaryTerm};
use crate::to_term::ToTerm;

/// Gets a copy of every summary, for telemetry. If it dies, nothing gets them until it is set again.
pub static OBSERVER: Mutex<Option<LocalPid>> = Mutex::new(None);

/// What the messages of a scan need, until the last one is sent.
pub struct ScanMessages {
    /// The receiver.
    pub address: Address,
    /// The caller, which waits for the message that says whether the root could be opened. `None`
    /// once it has it.
    pub opening: Option<Address>,
    /// Monitors the receiver.
    pub watch: ResourceArc<Watch>,
    /// Path of the root, for the observer.
    pub root: Vec<u8>,
    /// Set with the last message.
    pub summary_sent: SummarySent,
}

/// Sends to the receiver's mailbox.
pub struct MailboxSink(Arc<Mailbox>);

impl MailboxSink {
    pub fn new(messages: ScanMessages, clock: Clock) -> MailboxSink {
        MailboxSink(Arc::new(Mailbox {
            clock,
            messages: Mutex::new(Some(messages)),
            #[cfg(feature = "fault")]
            fault: fault::take(&[fault::Place::PanicWorker, fault::Place::PanicSend]),
        }))
    }
}

/// State shared by all messages of a scan.
///
/// No thread ever waits for the lock in it: messages are sent one at a time under the scan's
/// ordering lock or, with an index, after all of those, for the summary. It is there because an
/// `OwnedEnv` may move between threads but not be shared, and costs some 10 ns per slab.
struct Mailbox {
    clock: Clock,
    /// `None` once the last message is sent, even if the sink is still referenced.
    messages: Mutex<Option<ScanMessages>>,
    #[cfg(feature = "fault")]
    fault: Option<fault::Place>,
}

impl Mailbox {
    fn send(&self, tag: Atom, content: impl for<'e> FnOnce(Env<'e>) -> Term<'e>) {
        if let Some(messages) = &*self.messages.lock() {
            messages.address.send(tag, content);
        }
    }

    fn report(&self, progress: &Progress, written: Option<Written>) {
        let progress = ProgressTerm(progress, written, self.clock);
        self.send(atoms::scan_progress(), |env| progress.to_term(env));
    }
}

impl ScanMessages {
    /// Sends the caller of `start` the identity of the root or why there is no scan, once.
    fn answer_caller(&mut self, answer: Result<[u8; 16], Failure>) {
        if let Some(caller) = self.opening.take() {
            caller.send(atoms::scan_opened(), |env| answer.to_term(env));
        }
    }

    /// For a scan that ended before its root was opened. If it failed, or its receiver is dead, the
    /// caller still waits for the opening message and gets an error instead of a scan: nothing else
    /// is sent. If the caller cancelled the scan, it no longer waits.
    fn never_opened(&mut self, summary: &Summary) -> bool {
        if self.opening.is_none() || (summary.error.is_none() && !self.watch.0.is_down()) {
            return false;
        }
        let reason = summary.error.as_ref().map(Failure::from);
        let noproc = || Failure::new("noproc", "start", &self.root);
        self.answer_caller(Err(reason.unwrap_or_else(noproc)));
        true
    }
}

impl Receiver for MailboxSink {
    fn written_progress(&self, progress: &Progress, written: Written) {
        self.0.report(progress, Some(written));
    }
}

impl Sink for MailboxSink {
    fn opened(&self, result: Result<Identity, &Error>) {
        let mut messages = self.0.messages.lock();
        let answer = result.map(Identity::to_bytes).map_err(Failure::from);
        if let (Ok(_), Some(messages)) = (result, messages.as_mut()) {
            messages.answer_caller(answer);
        } else if let Some(mut messages) = messages.take() {
            let summary_sent = Arc::clone(&messages.summary_sent);
            let mut summary_sent = summary_sent.lock();
            messages.answer_caller(answer);
            *summary_sent = true;
        }
    }

    fn pack(&self, slab: &Builder, _: bool) -> Box<dyn Packed> {
        #[cfg(feature = "fault")]
        fault::strike(self.0.fault, fault::Place::PanicWorker);
        let mut bytes = OwnedBinary::new(slab.encoded_len());
        slab.encode_into(bytes.as_mut_slice());
        Box::new(PackedSlab {
            bytes,
            mailbox: Arc::clone(&self.0),
        })
    }

    fn passive(&self) {
        if let Some(ScanMessages { address, .. }) = &*self.0.messages.lock() {
            address.send_to(address.pid, |env, reference| {
                (atoms::scan_passive(), reference).encode(env)
            });
        }
    }

    fn progress(&self, progress: &Progress) {
        self.0.report(progress, None);
    }

    fn completed(&self, summary: &Summary) {
        let Some(mut messages) = self.0.messages.lock().take() else {
            return;
        };
        let summary_sent = Arc::clone(&messages.summary_sent);
        let mut summary_sent = summary_sent.lock();
        *summary_sent = true;
        if messages.never_opened(summary) {
            return;
        }
        let (address, summary) = (&messages.address, SummaryTerm(summary, self.0.clock));
        // To the observer first: a process that has the summary can rely on the observer having it
        // too.
        let observer = *OBSERVER.lock();
        if let Some(observer) = observer {
            address.send_to(observer, |env, reference| {
                let (root, summary) = (messages.root.to_term(env), summary.to_term(env));
                (atoms::scan_summary(), reference, address.pid, root, summary).encode(env)
            });
        }
        address.send(atoms::scan_completed(), |env| summary.to_term(env));
    }
}

/// A slab in a binary of the VM, written once; sending it copies nothing.
struct PackedSlab {
    bytes: OwnedBinary,
    mailbox: Arc<Mailbox>,
}

impl Packed for PackedSlab {
    fn size(&self) -> usize {
        self.bytes.len()
    }

    fn send(self: Box<Self>, sequence: u32) {
        let PackedSlab { mut bytes, mailbox } = *self;
        #[cfg(feature = "fault")]
        fault::strike(mailbox.fault, fault::Place::PanicSend);
        set_sequence(bytes.as_mut_slice(), sequence);
        mailbox.send(atoms::scan_chunk(), |env| bytes.release(env).to_term(env));
    }
}
