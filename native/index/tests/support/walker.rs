//! The real walker with an index behind it, joined as the NIF joins them: evidence asked for, credit given back with each commit.
//! For tests and for examples.
#![allow(dead_code)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use aether_core::slab::Builder;
use aether_core::{
    Admission, Error, Identity, Operation, Options, Packed, Pool, Progress, Reason, Root, Scan,
    Sink, Status, Summary,
};
use aether_index::{
    Batch, Index, MountIdentity, Persisted, PushError, ScanCounts, ScanSpec, ScanWriter,
};

/// Slabs that may be on their way to the writer.
pub const CREDIT: u64 = 32;

/// How a walk ended.
pub type Walked = std::result::Result<Summary, String>;

enum Event {
    Admit(
        Admission,
        SyncSender<std::result::Result<ScanWriter, Reason>>,
    ),
    Slab(u64),
    Refused(String),
    Ended(Summary),
}

struct Into {
    scan: Weak<Scan>,
    events: Mutex<Sender<Event>>,
    writer: Mutex<Option<ScanWriter>>,
    slabs: AtomicU64,
}

struct Shared(Arc<Into>);

struct Letter(Batch, Arc<Into>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn identity(found: aether_core::MountIdentity) -> MountIdentity {
    MountIdentity {
        inode: found.inode,
        birth: found.birth,
        fsid: found.file_system,
    }
}

impl Into {
    fn tell(&self, event: Event) {
        // Nobody listens any more where the walk was given up.
        let _ = lock(&self.events).send(event);
    }
}

impl Sink for Shared {
    fn admit(&self, scan: &Arc<Scan>, found: &Admission) {
        let (reply, answer) = sync_channel(1);
        self.0.tell(Event::Admit(found.clone(), reply));
        let refused = |reason| Err(Error::new(reason, Operation::Index, &[]));
        scan.admitted(match answer.recv() {
            Ok(Ok(writer)) => {
                *lock(&self.0.writer) = Some(writer);
                Ok(())
            }
            Ok(Err(reason)) => refused(reason),
            Err(_) => refused(Reason::Index("gone")),
        });
    }

    fn opened(&self, result: std::result::Result<Identity, &Error>) {
        if let Err(error) = result {
            self.0.tell(Event::Refused(format!("{:?}", error.reason)));
        }
    }

    fn pack(&self, slab: &Builder, _again: bool) -> Box<dyn Packed> {
        let mut bytes = vec![0; slab.encoded_len()];
        slab.encode_proven_into(&mut bytes);
        let evidence = slab.evidence().cloned().unwrap_or_default();
        let mounts = evidence.mounts.into_iter();
        let batch = Batch {
            slab: bytes,
            stamps: evidence.stamps,
            mounts: mounts.map(|(at, mount)| (at, identity(mount))).collect(),
        };
        Box::new(Letter(batch, self.0.clone()))
    }

    fn passive(&self) {}

    fn progress(&self, _: &Progress) {}

    fn completed(&self, summary: &Summary) {
        self.0.tell(Event::Ended(summary.clone()));
    }
}

impl Packed for Letter {
    fn size(&self) -> usize {
        self.0.slab.len()
    }

    fn send(self: Box<Self>, _sequence: u32) {
        let Letter(batch, into) = *self;
        let pushed = match &*lock(&into.writer) {
            Some(writer) => writer.push(batch),
            None => Ok(()),
        };
        match pushed {
            Ok(()) => {}
            Err(PushError::Ended(_)) => {
                if let Some(scan) = into.scan.upgrade() {
                    scan.give_up();
                }
            }
            // The credit is to be less than the queue.
            Err(PushError::Full(_)) => into.tell(Event::Refused("the queue is full".to_owned())),
        }
        let slabs = into.slabs.fetch_add(1, Ordering::Relaxed) + 1;
        into.tell(Event::Slab(slabs));
    }
}

/// Walks, into the index if there is one, and cancels after so many slabs if that is asked for. Answers when the last commit is in.
pub fn walk(
    pool: &Pool,
    index: Option<&Index>,
    mut spec: ScanSpec,
    options: Options,
    stop: Option<u64>,
) -> Walked {
    let (send, events) = channel();
    let root = Root {
        path: spec.root.clone(),
        folder: spec.folder.clone(),
        identity: None,
    };
    spec.depth = options.depth;
    let options = Options {
        evidence: index.map(|_| CREDIT),
        ..options
    };
    let mut weak = Weak::new();
    let mut into = None;
    let scan = pool
        .start(root, options, |scan| {
            weak = scan.clone();
            let shared = Arc::new(Into {
                scan: scan.clone(),
                events: Mutex::new(send),
                writer: Mutex::new(None),
                slabs: AtomicU64::new(0),
            });
            into = Some(shared.clone());
            Box::new(Shared(shared))
        })
        .map_err(|error| error.to_string())?;
    let into = into.ok_or("no sink was made")?;
    loop {
        match events.recv().map_err(|error| error.to_string())? {
            Event::Admit(found, reply) => {
                spec.root_identity = Some(identity(found.root));
                let way = found.way.iter();
                spec.way = way
                    .map(|(path, mount)| (path.clone(), identity(*mount)))
                    .collect();
                let weak = weak.clone();
                let on_persisted = Box::new(move |persisted: Persisted| {
                    if let Some(scan) = weak.upgrade() {
                        scan.credit(persisted.batches.into());
                    }
                });
                let begun = match index {
                    Some(index) => index.begin(spec.clone(), on_persisted),
                    None => return Err("evidence without an index".to_owned()),
                };
                let _ = reply.send(begun.map_err(|error| Reason::Index(error.reason.name())));
            }
            Event::Slab(count) if stop == Some(count) => scan.cancel(),
            Event::Slab(_) => {}
            Event::Refused(why) => return Err(why),
            Event::Ended(summary) => {
                let Some(writer) = lock(&into.writer).take() else {
                    return Ok(summary);
                };
                if summary.status == Status::Cancelled {
                    writer.cancel();
                }
                let counts = ScanCounts::new(&summary.counts, summary.errors.count);
                return match writer.end(summary.status, counts) {
                    Ok(()) => Ok(summary),
                    Err(error) => Err(error.to_string()),
                };
            }
        }
    }
}
