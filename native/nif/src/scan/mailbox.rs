//! The messages of a scan. Threads of core, of an index's writer and of the index's sink send them,
//! and never a scheduler: the VM accepts messages from an environment of its own only from threads
//! that it does not manage, and a scheduler must not wait for a scan's lock.

use std::sync::Arc;

use aether_core::slab::{Builder, set_sequence};
use aether_core::{Error, Identity, Packed, Progress, Sink, Summary};
use aether_index::sink::{Receiver, Written};
use parking_lot::Mutex;
use rustler::env::SavedTerm;
use rustler::types::atom::{error, ok};
use rustler::{Encoder, Env, LocalPid, OwnedBinary, OwnedEnv, Reference, ResourceArc, Term};

use super::options::encode_identity;
use super::resources::{SummarySent, Watch};
use crate::atoms;
use crate::terms::{self, Bytes, Clock};

/// Gets a copy of every summary, for telemetry.
static OBSERVER: Mutex<Option<LocalPid>> = Mutex::new(None);

/// Makes `pid` get later summaries too. If it dies, nothing gets them until the next call.
pub fn observe(pid: LocalPid) {
    *OBSERVER.lock() = Some(pid);
}

/// The processes and references of a scan.
pub struct Address<'a> {
    /// In every message of the scan.
    pub reference: Reference<'a>,
    /// In the message that says whether the root could be opened.
    pub open_reference: Reference<'a>,
    /// Waits for that message.
    pub caller: LocalPid,
    /// Gets all other messages.
    pub receiver: LocalPid,
    /// Path of the root, for the observer.
    pub root: &'a [u8],
}

/// Sends to the receiver's mailbox.
pub struct MailboxSink {
    mailbox: Arc<Mailbox>,
}

impl MailboxSink {
    /// A sink that sends to `address`. With the last message it drops the watch, and so the
    /// monitor, and sets `summary_sent`.
    pub fn new(
        address: &Address<'_>,
        watch: ResourceArc<Watch>,
        clock: Clock,
        summary_sent: SummarySent,
    ) -> MailboxSink {
        let reference_env = OwnedEnv::new();
        let messages = ScanMessages {
            reference: reference_env.save(*address.reference),
            open_reference: reference_env.save(*address.open_reference),
            reference_env,
            scratch_env: OwnedEnv::new(),
            caller: Some(address.caller),
            watch,
            root: address.root.to_vec(),
        };
        MailboxSink {
            mailbox: Arc::new(Mailbox {
                receiver: address.receiver,
                clock,
                messages: Mutex::new(Some(messages)),
                summary_sent,
            }),
        }
    }
}

/// State shared by all messages of a scan.
///
/// No thread ever waits for the lock in it: messages are sent one at a time under the scan's
/// ordering lock or, with an index, after all of those, for the summary. It is there because an
/// `OwnedEnv` may move between threads but not be shared, and costs some 10 ns per slab.
struct Mailbox {
    receiver: LocalPid,
    clock: Clock,
    /// `None` once the last message is sent, even if the sink is still referenced.
    messages: Mutex<Option<ScanMessages>>,
    summary_sent: SummarySent,
}

struct ScanMessages {
    /// Holds the references, so that a message copies three words.
    reference_env: OwnedEnv,
    reference: SavedTerm,
    open_reference: SavedTerm,
    /// Where messages are written; empty in between.
    scratch_env: OwnedEnv,
    /// `None` once it has its message.
    caller: Option<LocalPid>,
    watch: ResourceArc<Watch>,
    root: Vec<u8>,
}

impl ScanMessages {
    /// Sends what `write` makes of the reference. A dead receiver is no error: its monitor ends the
    /// scan.
    fn send(&mut self, to: LocalPid, write: impl for<'e> FnOnce(Env<'e>, Term<'e>) -> Term<'e>) {
        let scratch_env = &mut self.scratch_env;
        self.reference_env.run(|env| {
            let reference = self.reference.load(env);
            let _ = scratch_env.send_and_clear(&to, |env| write(env, reference.in_env(env)));
        });
    }

    /// Sends the caller of `start` what `write` makes, once.
    fn answer_caller(&mut self, write: impl for<'e> FnOnce(Env<'e>) -> Term<'e>) {
        let Some(caller) = self.caller.take() else {
            return;
        };
        let scratch_env = &mut self.scratch_env;
        self.reference_env.run(|env| {
            let open_reference = self.open_reference.load(env);
            let _ = scratch_env.send_and_clear(&caller, |env| {
                (atoms::scan_opened(), open_reference.in_env(env), write(env)).encode(env)
            });
        });
    }

    /// For a scan that ended before its root was opened. If it failed, or its receiver is dead, the
    /// caller still waits for the opening message and gets an error instead of a scan: nothing else
    /// is sent. If the caller cancelled the scan, it no longer waits.
    fn never_opened(&mut self, summary: &Summary) -> bool {
        if self.caller.is_none() || (summary.error.is_none() && !self.watch.is_down()) {
            return false;
        }
        let root = std::mem::take(&mut self.root);
        self.answer_caller(|env| {
            let reason = match &summary.error {
                Some(reason) => terms::error(env, reason),
                None => terms::start_error(env, atoms::noproc(), &root),
            };
            (error(), reason).encode(env)
        });
        true
    }
}

impl MailboxSink {
    fn report(&self, progress: &Progress, persisted: Option<u64>, expected: Option<u64>) {
        let Mailbox {
            receiver, clock, ..
        } = *self.mailbox;
        if let Some(messages) = self.mailbox.messages.lock().as_mut() {
            messages.send(receiver, |env, reference| {
                let progress = terms::progress(env, progress, persisted, expected, clock);
                (atoms::scan_progress(), reference, progress).encode(env)
            });
        }
    }
}

impl Receiver for MailboxSink {
    fn written_progress(&self, progress: &Progress, written: Written) {
        self.report(progress, Some(written.entries), written.expected);
    }
}

impl Sink for MailboxSink {
    fn opened(&self, result: Result<Identity, &Error>) {
        let mut messages = self.mailbox.messages.lock();
        match result {
            Ok(identity) => {
                if let Some(messages) = messages.as_mut() {
                    messages
                        .answer_caller(|env| (ok(), Bytes(&encode_identity(identity))).encode(env));
                }
            }
            Err(reason) => {
                let mut summary_sent = self.mailbox.summary_sent.lock();
                if let Some(mut messages) = messages.take() {
                    messages.answer_caller(|env| (error(), terms::error(env, reason)).encode(env));
                    *summary_sent = true;
                }
            }
        }
    }

    fn pack(&self, slab: &Builder, _: bool) -> Box<dyn Packed> {
        let mut bytes = OwnedBinary::new(slab.encoded_len());
        slab.encode_into(bytes.as_mut_slice());
        Box::new(PackedSlab {
            bytes,
            mailbox: Arc::clone(&self.mailbox),
        })
    }

    fn passive(&self) {
        let receiver = self.mailbox.receiver;
        if let Some(messages) = self.mailbox.messages.lock().as_mut() {
            messages.send(receiver, |env, reference| {
                (atoms::scan_passive(), reference).encode(env)
            });
        }
    }

    fn progress(&self, progress: &Progress) {
        self.report(progress, None, None);
    }

    fn completed(&self, summary: &Summary) {
        let Mailbox {
            receiver, clock, ..
        } = *self.mailbox;
        let Some(mut messages) = self.mailbox.messages.lock().take() else {
            return;
        };
        let mut summary_sent = self.mailbox.summary_sent.lock();
        *summary_sent = true;
        if messages.never_opened(summary) {
            return;
        }
        // To the observer first: a process that has the summary can rely on the observer having it
        // too.
        let observer = *OBSERVER.lock();
        if let Some(observer) = observer {
            let root = std::mem::take(&mut messages.root);
            messages.send(observer, |env, reference| {
                let summary = terms::summary(env, summary, clock);
                let root = Bytes(&root);
                (atoms::scan_summary(), reference, receiver, root, summary).encode(env)
            });
        }
        messages.send(receiver, |env, reference| {
            (
                atoms::scan_completed(),
                reference,
                terms::summary(env, summary, clock),
            )
                .encode(env)
        });
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
        set_sequence(bytes.as_mut_slice(), sequence);
        if let Some(messages) = mailbox.messages.lock().as_mut() {
            messages.send(mailbox.receiver, |env, reference| {
                (atoms::scan_chunk(), reference, bytes.release(env)).encode(env)
            });
        }
    }
}
