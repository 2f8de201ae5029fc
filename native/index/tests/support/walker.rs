//! The real walker, with the sink of an index around one that counts. For tests and for examples.
#![allow(dead_code)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use aether_core::slab::Builder;
use aether_core::{
    Error, Identity, Operation, Options, Packed, Pool, Progress, Reason, Root, Scan, Sink, Status,
    Summary,
};
use aether_index::sink::{IndexRef, IndexSink, Receives, Written};
use aether_index::{Index, ScanSpec};

/// How a walk ended.
pub type Walked = Result<Summary, Error>;

/// What the receiver of a scan gets.
#[derive(Debug)]
pub enum Event {
    /// So many slabs have come.
    Slab(u64),
    Passive,
    /// With how far the writer is, if there is one.
    Progress(Option<Written>),
    Ended(Box<Walked>),
}

/// A receiver that tells a channel what it gets.
pub struct Events {
    sender: Arc<Mutex<Sender<Event>>>,
    slabs: Arc<AtomicU64>,
}

impl Events {
    pub fn new() -> (Events, Receiver<Event>) {
        let (sender, receiver) = channel();
        let events = Events {
            sender: Arc::new(Mutex::new(sender)),
            slabs: Arc::default(),
        };
        (events, receiver)
    }

    fn tell(&self, event: Event) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody listens any more where the walk was given up.
        let _ = sender.send(event);
    }
}

impl Sink for Events {
    fn opened(&self, result: Result<Identity, &Error>) {
        if let Err(error) = result {
            self.tell(Event::Ended(Box::new(Err(error.clone()))));
        }
    }

    fn pack(&self, slab: &Builder, _again: bool) -> Box<dyn Packed> {
        let events = Events {
            sender: self.sender.clone(),
            slabs: self.slabs.clone(),
        };
        Box::new(Slab(slab.encoded_len(), events))
    }

    fn passive(&self) {
        self.tell(Event::Passive);
    }

    fn progress(&self, _: &Progress) {
        self.tell(Event::Progress(None));
    }

    fn completed(&self, summary: &Summary) {
        self.tell(Event::Ended(Box::new(Ok(summary.clone()))));
    }
}

impl aether_index::sink::Receiver for Events {
    fn written_progress(&self, _: &Progress, written: Written) {
        self.tell(Event::Progress(Some(written)));
    }
}

struct Slab(usize, Events);

impl Packed for Slab {
    fn size(&self) -> usize {
        self.0
    }

    fn send(self: Box<Self>, _sequence: u32) {
        let slabs = self.1.slabs.fetch_add(1, Ordering::Relaxed) + 1;
        self.1.tell(Event::Slab(slabs));
    }
}

/// Holds an index for a scan.
pub fn index_ref(index: &Arc<Index>) -> IndexRef {
    let index = index.clone();
    Box::new(move || Ok(index.clone()))
}

/// Starts a scan into an index.
pub fn start(
    pool: &Pool,
    index: IndexRef,
    mut spec: ScanSpec,
    mut options: Options,
) -> Result<(Arc<Scan>, Receiver<Event>), Error> {
    let root = root(&spec);
    spec.depth = options.depth;
    let receives = Receives::prepare(&mut options, true);
    let (events, receiver) = Events::new();
    let scan = pool.start(root, options, |scan| {
        Box::new(IndexSink::new(events, receives, index, spec, scan))
    })?;
    Ok((scan, receiver))
}

/// Walks, into the index if there is one, and cancels after so many slabs if that is asked for.
/// Answers when the last commit is in.
pub fn walk(
    pool: &Pool,
    index: Option<&Arc<Index>>,
    spec: ScanSpec,
    options: Options,
    stop: Option<u64>,
) -> Walked {
    let (scan, events) = match index {
        Some(index) => start(pool, index_ref(index), spec, options)?,
        None => {
            let (events, receiver) = Events::new();
            let scan = pool.start(root(&spec), options, |_| Box::new(events))?;
            (scan, receiver)
        }
    };
    let summary = loop {
        match events.recv() {
            Ok(Event::Slab(count)) if stop == Some(count) => scan.cancel(),
            Ok(Event::Ended(ended)) => break (*ended)?,
            Ok(_) => {}
            Err(_) => {
                let reason = Reason::Index("sink_dropped");
                return Err(Error::new(reason, Operation::Index, &[]));
            }
        }
    };
    if let Some(index) = index
        && summary.status == Status::Cancelled
    {
        // The summary of a cancelled scan does not wait for the writer; this does.
        let _ = index.with_connection(|_| Ok(()));
    }
    match summary.error {
        Some(error) if summary.status == Status::Failed => Err(error),
        _ => Ok(summary),
    }
}

fn root(spec: &ScanSpec) -> Root {
    Root {
        path: spec.root.clone(),
        folder: spec.folder.clone(),
        entry: None,
        identity: None,
    }
}
