//! Our own scans: started, cancelled and written on a thread of their own.

use std::sync::{Arc, Weak};
use std::thread;

use aether_core::slab::Builder;
use aether_core::{Error, Identity, Options, Packed, Pool, Progress, Root, Scan, Sink, Summary};
use aether_index::sink::{IndexSink, Receiver, Receives, Written, scan_error};
use aether_index::{Rules, ScanProgress, ScanSpec};
use crossbeam_channel::{Sender, unbounded};

use super::input::Key;
use super::message::{Message, ScanWanted};
use super::shared::Shared;
use crate::commands::LocalIndex as Index;
use crate::commands::scan::keeping::go_by;

/// Threads where the file system is slow; as many as cores compute.
const THREADS: usize = 32;

/// What the thread is to do.
pub enum ScanAct {
    Scan(ScanWanted),
    Cancel,
    /// Write the index, if nobody else does any more: for this key.
    Own(Key),
}

/// How scans go.
#[derive(Clone)]
pub struct ScanSetup {
    pub walked: Options,
    /// The rules are the user's, and not those that the index has.
    pub has_rules: bool,
}

/// Starts the thread.
pub fn start(
    shared: Arc<Shared>,
    how: ScanSetup,
    to_main: Sender<Message>,
) -> std::io::Result<Sender<ScanAct>> {
    let (sender, acts) = unbounded();
    let named = thread::Builder::new().name("explore-scan".to_owned());
    named.spawn(move || {
        let pool = Pool::new(how.walked.threads.unwrap_or(THREADS));
        let mut running = Weak::<Scan>::new();
        for act in acts {
            match act {
                ScanAct::Cancel => {
                    if let Some(scan) = running.upgrade() {
                        scan.cancel();
                    }
                }
                ScanAct::Own(key) => drop(to_main.send(Message::Owned(key, shared.own()))),
                ScanAct::Scan(wanted) => {
                    match begin(&shared.index(), &pool, &how, wanted, &to_main) {
                        Ok(scan) => running = Arc::downgrade(&scan),
                        Err(error) => drop(to_main.send(Message::Ended(Box::new(Err(error))))),
                    }
                }
            }
        }
    })?;
    Ok(sender)
}

fn begin(
    index: &Arc<Index>,
    pool: &Pool,
    how: &ScanSetup,
    wanted: ScanWanted,
    to_main: &Sender<Message>,
) -> Result<Arc<Scan>, Error> {
    let mut walked = how.walked.clone();
    let place = &wanted.place;
    let stored = index.rules(&place.root, None);
    let stored = stored.map_err(|error| scan_error(&error))?;
    let rules = match stored {
        Some(stored) if !how.has_rules => {
            go_by(&stored.rules, &mut walked);
            stored.rules
        }
        _ => Rules::from(&walked),
    };
    walked.depth = wanted.depth.or(walked.depth);
    walked.progress = true;
    let receives = Receives::prepare(&mut walked, false);
    let spec = ScanSpec {
        root: place.root.clone(),
        folder: place.folder.clone(),
        depth: walked.depth,
        rules: Some(rules),
        replace_rules: wanted.replace_rules,
        accept_root: wanted.accept_root,
        tag: format!("process {}", std::process::id()),
        ..ScanSpec::default()
    };
    let root = Root {
        path: place.root.clone(),
        folder: place.folder.clone(),
        ..Root::default()
    };
    let index = Arc::clone(index);
    let writer = Box::new(move || index.writer());
    let sink = ToMain(to_main.clone());
    pool.start(root, walked, |scan: &Weak<Scan>| -> Box<dyn Sink> {
        Box::new(IndexSink::new(sink, receives, writer, spec, scan))
    })
}

struct ToMain(Sender<Message>);

impl ToMain {
    fn tell(&self, message: Message) {
        // At the end nobody listens.
        let _ = self.0.send(message);
    }

    fn report(&self, progress: &Progress, written: Option<Written>) {
        let message = ScanProgress {
            found: progress.counts.entries(),
            kept: written.map_or(0, |written| written.entries),
            expected: written.and_then(|written| written.expected),
            errors: progress.errors,
            elapsed: progress.elapsed,
            current: progress.current.clone(),
        };
        self.tell(Message::Progress(message, progress.rate));
    }
}

impl Sink for ToMain {
    fn opened(&self, result: Result<Identity, &Error>) {
        if let Err(error) = result {
            self.tell(Message::Ended(Box::new(Err(error.clone()))));
        }
    }

    fn pack(&self, _slab: &Builder, _again: bool) -> Box<dyn Packed> {
        Box::new(Nothing)
    }

    fn passive(&self) {}

    fn progress(&self, progress: &Progress) {
        self.report(progress, None);
    }

    fn completed(&self, summary: &Summary) {
        self.tell(Message::Ended(Box::new(Ok(summary.clone()))));
    }
}

impl Receiver for ToMain {
    fn written_progress(&self, progress: &Progress, written: Written) {
        self.report(progress, Some(written));
    }
}

/// A slab that nobody looks at.
struct Nothing;

impl Packed for Nothing {
    fn size(&self) -> usize {
        0
    }

    fn send(self: Box<Self>, _sequence: u32) {}
}
