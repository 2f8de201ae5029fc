//! The one place that sends messages. Threads of core come here, of an index's writer and those aside, never a scheduler: the
//! VM takes messages of an environment of its own only from threads that it does not manage, and a scheduler must not
//! wait for a scan's lock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use aether_core::slab::{Builder, set_sequence};
use aether_core::{Error, Identity, Packed, Progress, Sink, Summary};
use aether_index::reader::FolderTotals;
use parking_lot::Mutex;
use rustler::env::SavedTerm;
use rustler::types::atom::{error, ok};
use rustler::{Encoder, Env, LocalPid, OwnedBinary, OwnedEnv, Reference, ResourceArc, Term};

use crate::atoms;
use crate::cancel::Flag;
use crate::options::encode_identity;
use crate::resources::{Told, Watch};
use crate::terms::{self, Bytes, Clock};

/// Gets a copy of every summary, for telemetry.
static OBSERVER: Mutex<Option<LocalPid>> = Mutex::new(None);

/// Later summaries go to `pid` too. If it dies they go nowhere, until the next one comes.
pub fn observe(pid: LocalPid) {
    *OBSERVER.lock() = Some(pid);
}

/// Whose scan it is, and under which names.
pub struct Address<'a> {
    /// In every message of the scan.
    pub reference: Reference<'a>,
    /// In the message that says whether the root could be opened.
    pub open_reference: Reference<'a>,
    /// Waits for that message.
    pub caller: LocalPid,
    /// Gets all others.
    pub receiver: LocalPid,
    /// For the observer.
    pub root: &'a [u8],
}

/// The receiver's mailbox.
pub struct MailboxSink {
    mailbox: Arc<Mailbox>,
}

impl MailboxSink {
    /// A sink that sends to `address`. The watch is let go when the last message is sent, and with it the monitor.
    /// `told` is set then.
    pub fn new(
        address: &Address<'_>,
        watch: ResourceArc<Watch>,
        clock: Clock,
        told: Told,
    ) -> MailboxSink {
        let names = OwnedEnv::new();
        let letters = Letters {
            reference: names.save(*address.reference),
            open_reference: names.save(*address.open_reference),
            names,
            paper: OwnedEnv::new(),
            caller: Some(address.caller),
            watch,
            root: address.root.to_vec(),
        };
        let letters = Mutex::new(Some(letters));
        MailboxSink {
            mailbox: Arc::new(Mailbox {
                receiver: address.receiver,
                clock,
                letters,
                told,
            }),
        }
    }
}

/// What all messages of a scan are written with.
///
/// The lock around it is never waited for: calls that send come one at a time, under the scan's ordering lock; or, with an
/// index, after all of those, for the summary, by the writer's thread or one aside. It is there because an `OwnedEnv` may move between threads but not be shared by them, and costs some 10 ns a slab.
struct Mailbox {
    receiver: LocalPid,
    clock: Clock,
    /// None when the last message is sent, whoever still holds the sink.
    letters: Mutex<Option<Letters>>,
    told: Told,
}

struct Letters {
    /// Holds the references, so that a message copies three words.
    names: OwnedEnv,
    reference: SavedTerm,
    open_reference: SavedTerm,
    /// Where messages are written; empty between them.
    paper: OwnedEnv,
    /// None when it has been told.
    caller: Option<LocalPid>,
    watch: ResourceArc<Watch>,
    root: Vec<u8>,
}

impl Letters {
    /// Sends what `write` makes of the reference. A dead receiver is no error: its monitor ends the scan.
    fn send(&mut self, to: LocalPid, write: impl for<'e> FnOnce(Env<'e>, Term<'e>) -> Term<'e>) {
        let Letters {
            names,
            reference,
            paper,
            ..
        } = self;
        names.run(|shelf| {
            let reference = reference.load(shelf);
            let _ = paper.send_and_clear(&to, |env| write(env, reference.in_env(env)));
        });
    }

    /// Tells the caller of `start`, once, what `write` makes.
    fn tell_caller(&mut self, write: impl for<'e> FnOnce(Env<'e>) -> Term<'e>) {
        let Some(caller) = self.caller.take() else {
            return;
        };
        let Letters {
            names,
            open_reference,
            paper,
            ..
        } = self;
        names.run(|shelf| {
            let open_reference = open_reference.load(shelf);
            let _ = paper.send_and_clear(&caller, |env| {
                (atoms::scan_opened(), open_reference.in_env(env), write(env)).encode(env)
            });
        });
    }

    /// For a scan that ended before its root was opened. If it failed, or has nobody to receive, its caller still waits
    /// to be told so, and will have no scan: no more is said. If the caller cancelled it, it waits no longer.
    fn never_opened(&mut self, summary: &Summary) -> bool {
        if self.caller.is_none() || (summary.error.is_none() && !self.watch.is_down()) {
            return false;
        }
        let root = std::mem::take(&mut self.root);
        self.tell_caller(|env| {
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
    /// Progress, with the entries that an index has written and those that it expects.
    pub fn report(&self, progress: &Progress, persisted: Option<u64>, expected: Option<u64>) {
        let Mailbox {
            receiver, clock, ..
        } = *self.mailbox;
        if let Some(letters) = self.mailbox.letters.lock().as_mut() {
            letters.send(receiver, |env, reference| {
                let progress = terms::progress(env, progress, persisted, expected, clock);
                (atoms::scan_progress(), reference, progress).encode(env)
            });
        }
    }
}

impl Sink for MailboxSink {
    fn opened(&self, result: Result<Identity, &Error>) {
        let mut letters = self.mailbox.letters.lock();
        match result {
            Ok(identity) => {
                if let Some(letters) = letters.as_mut() {
                    letters
                        .tell_caller(|env| (ok(), Bytes(&encode_identity(identity))).encode(env));
                }
            }
            Err(reason) => {
                let mut told = self.mailbox.told.lock();
                if let Some(mut letters) = letters.take() {
                    letters.tell_caller(|env| (error(), terms::error(env, reason)).encode(env));
                    *told = true;
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
        if let Some(letters) = self.mailbox.letters.lock().as_mut() {
            letters.send(receiver, |env, reference| {
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
        let Some(mut letters) = self.mailbox.letters.lock().take() else {
            return;
        };
        let mut told = self.mailbox.told.lock();
        *told = true;
        if letters.never_opened(summary) {
            return;
        }
        // First to the observer: who has seen the end can rely on it that the observer was told.
        let observer = *OBSERVER.lock();
        if let Some(observer) = observer {
            let root = std::mem::take(&mut letters.root);
            letters.send(observer, |env, reference| {
                let summary = terms::summary(env, summary, clock);
                let root = Bytes(&root);
                (atoms::scan_summary(), reference, receiver, root, summary).encode(env)
            });
        }
        letters.send(receiver, |env, reference| {
            (
                atoms::scan_completed(),
                reference,
                terms::summary(env, summary, clock),
            )
                .encode(env)
        });
    }
}

/// The one message that answers a call which runs aside.
pub struct Answer {
    names: OwnedEnv,
    reference: SavedTerm,
    caller: LocalPid,
    settled: Flag,
}

impl Answer {
    /// For `caller`, which waits for `reference`.
    pub fn new(reference: Reference<'_>, caller: LocalPid) -> Answer {
        let names = OwnedEnv::new();
        let reference = names.save(*reference);
        Answer {
            names,
            reference,
            caller,
            settled: Flag::default(),
        }
    }

    /// Not sent if this is set before; set when it is sent.
    pub fn unless(mut self, settled: &Flag) -> Answer {
        self.settled = Flag::clone(settled);
        self
    }

    /// Sends `:ok` or `{:error, error}`, as [`Answer::send`] does.
    pub fn send_result(self, result: Result<(), aether_index::Error>) {
        self.send(|env| match result {
            Ok(()) => ok().encode(env),
            Err(reason) => (error(), terms::index_error(env, &reason)).encode(env),
        });
    }

    /// Sends what `write` makes, as `{:index_answer, reference, it}`; an error, if that panics. Never from a scheduler.
    pub fn send(self, write: impl for<'e> FnOnce(Env<'e>) -> Term<'e>) {
        let Answer {
            names,
            reference,
            caller,
            settled,
        } = self;
        if settled.swap(true, Ordering::AcqRel) {
            return;
        }
        names.run(|shelf| {
            let reference = reference.load(shelf);
            let send = || {
                OwnedEnv::new().send_and_clear(&caller, |env| {
                    #[cfg(feature = "fault")]
                    crate::fault::strike_answer();
                    (atoms::index_answer(), reference.in_env(env), write(env)).encode(env)
                })
            };
            // Nothing else will be sent to who waits.
            if catch_unwind(AssertUnwindSafe(send)).is_err() {
                let (reason, operation) =
                    (aether_index::Reason::Panic, aether_index::Operation::Read);
                let reason = aether_index::Error::new(reason, operation, &[]);
                let _ = OwnedEnv::new().send_and_clear(&caller, |env| {
                    let answer = (error(), terms::index_error(env, &reason));
                    (atoms::index_answer(), reference.in_env(env), answer).encode(env)
                });
            }
        });
    }
}

/// The messages of a subscription.
pub struct Post {
    names: OwnedEnv,
    reference: SavedTerm,
    receiver: LocalPid,
}

/// What a message of a subscription tells, written down already: nobody is to wait for that.
pub struct FoldersLetter {
    paper: OwnedEnv,
    folders: SavedTerm,
}

/// Writes it down.
pub fn folders(folders: &[FolderTotals]) -> FoldersLetter {
    let paper = OwnedEnv::new();
    let folders = paper.run(|env| {
        let term = |one: &FolderTotals| (Bytes(&one.name), one.file_count, one.bytes).encode(env);
        paper.save(folders.iter().map(term).collect::<Vec<_>>())
    });
    FoldersLetter { paper, folders }
}

impl Post {
    /// For `receiver`, under this reference.
    pub fn new(reference: Reference<'_>, receiver: LocalPid) -> Post {
        let names = OwnedEnv::new();
        let reference = names.save(*reference);
        Post {
            names,
            reference,
            receiver,
        }
    }

    /// Sends it. Never from a scheduler.
    pub fn send(&self, letter: FoldersLetter) {
        let FoldersLetter { mut paper, folders } = letter;
        self.names.run(|shelf| {
            let reference = self.reference.load(shelf);
            let _ = paper.send_and_clear(&self.receiver, |env| {
                (
                    atoms::index_folders(),
                    reference.in_env(env),
                    folders.load(env),
                )
                    .encode(env)
            });
        });
    }
}

/// An answer that the index's writer is to give, and that is given whatever becomes of the writer.
pub struct Promise(Option<Answer>);

impl Promise {
    /// For `caller`, which waits for `reference`.
    pub fn new(reference: Reference<'_>, caller: LocalPid) -> Promise {
        Promise(Some(Answer::new(reference, caller)))
    }

    /// Gives it. Never from a scheduler.
    pub fn keep(mut self, result: Result<(), aether_index::Error>) {
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
        // On whatever thread, a scheduler perhaps, the command was dropped on that carried it.
        crate::aside::must_run(move || {
            let (reason, operation) =
                (aether_index::Reason::Closed, aether_index::Operation::Write);
            answer.send_result(Err(aether_index::Error::new(reason, operation, &[])));
        });
    }
}

/// A slab in a binary of the VM, written once: sending hands it over as it is.
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
        if let Some(letters) = mailbox.letters.lock().as_mut() {
            letters.send(mailbox.receiver, |env, reference| {
                (atoms::scan_chunk(), reference, bytes.release(env)).encode(env)
            });
        }
    }
}
