//! Scans for the commands: started one after the other, each with demand, so that whoever reads our output slowly is not
//! buried; and stopped by a signal.

use std::sync::{Arc, Weak};

use aether_core::slab::{Builder, Slab, set_sequence};
use aether_core::{
    Demand, Error, Identity, Options, Packed, Pool, Progress, Root, Scan, Sink, Summary,
};
use aether_index::sink::{IndexSink, Receiver as IndexReceiver, Receives, Written};
use aether_index::{Index, ScanSpec};
use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::failure::Failure;
use crate::signals;

/// Threads where the file system is slow; as many as cores compute.
const THREADS: usize = 32;
/// Slabs on their way, and how many are asked for at a time: enough that the walkers never wait for this thread.
const DEMAND: u64 = 64;
const ASK: u64 = 16;

/// What a scan tells this thread.
enum Event {
    Slab(Vec<u8>),
    Progress(Box<Progress>, Option<Written>),
    Ended(Box<Result<Summary, Error>>),
    Signal(i32),
}

/// One scan.
pub struct Request<'a> {
    /// Where it begins, as the user said it.
    pub path: Vec<u8>,
    /// Instead of listing that folder, only this entry of it.
    pub entry: Option<Vec<u8>>,
    pub options: Options,
    /// Whether entries are of interest, or their number alone.
    pub wants_slabs: bool,
    /// Where to keep what is found.
    pub index: Option<(&'a Arc<Index>, ScanSpec)>,
}

/// What gets a scan's entries.
pub trait Observer {
    /// Takes entries.
    fn slab(&mut self, slab: &Slab<'_>) -> Result<(), Failure>;
    /// Takes a report.
    fn progress(&mut self, progress: &Progress, written: Option<Written>);
}

/// Runs scans.
pub struct Scanner {
    pool: Pool,
    sender: Sender<Event>,
    inbox: Receiver<Event>,
    /// The signal that came.
    pub signal: Option<i32>,
}

impl Scanner {
    /// From now on signals stop scans instead of the program.
    pub fn new(threads: Option<usize>) -> Result<Scanner, Failure> {
        let (sender, inbox) = unbounded();
        let to_inbox = sender.clone();
        let stop = move |signal| drop(to_inbox.send(Event::Signal(signal)));
        signals::handle(stop).map_err(|error| Failure::io(&error, "handle signals", b""))?;
        Ok(Scanner {
            pool: Pool::new(threads.unwrap_or(THREADS)),
            sender,
            inbox,
            signal: None,
        })
    }

    /// Scans to the end, or until a signal comes: then the summary has what was counted. An error says that the scan
    /// could not begin.
    pub fn run(
        &mut self,
        request: Request<'_>,
        observer: &mut impl Observer,
    ) -> Result<Result<Summary, Error>, Failure> {
        let scan = match self.start(request) {
            Ok(scan) => scan,
            Err(error) => return Ok(Err(error)),
        };
        let mut owed = 0;
        loop {
            let Ok(event) = self.inbox.recv() else {
                return Err(Failure::new("a scan ended without a summary"));
            };
            match event {
                Event::Slab(bytes) if self.signal.is_none() => {
                    let slab = Slab::decode(&bytes);
                    let slab = slab.map_err(|error| Failure::new(error.to_string()))?;
                    observer.slab(&slab).inspect_err(|_| scan.cancel())?;
                    owed += 1;
                    if owed == ASK {
                        scan.ask(ASK);
                        owed = 0;
                    }
                }
                // After a signal nobody wants them.
                Event::Slab(_) => {}
                Event::Progress(progress, written) => observer.progress(&progress, written),
                Event::Signal(signal) => {
                    signals::notice();
                    self.signal = Some(signal);
                    scan.cancel();
                }
                Event::Ended(ended) => return Ok(*ended),
            }
        }
    }

    fn start(&self, request: Request<'_>) -> Result<Arc<Scan>, Error> {
        let Request {
            path,
            entry,
            mut options,
            wants_slabs,
            index,
        } = request;
        options.demand = match wants_slabs {
            true => Demand::Slabs(DEMAND),
            false => Demand::Unlimited,
        };
        let root = Root {
            path,
            entry,
            ..Root::default()
        };
        let sink = EventSink {
            sender: self.sender.clone(),
            wants_slabs,
        };
        let Some((index, spec)) = index else {
            return self.pool.start(root, options, |_| Box::new(sink));
        };
        let receives = Receives::prepare(&mut options, wants_slabs);
        let spec = ScanSpec {
            root: root.path.clone(),
            depth: options.depth,
            ..spec
        };
        let index = Arc::clone(index);
        let index = Box::new(move || Ok(Arc::clone(&index)));
        let sink = |scan: &Weak<Scan>| -> Box<dyn Sink> {
            Box::new(IndexSink::new(sink, receives, index, spec, scan))
        };
        self.pool.start(root, options, sink)
    }
}

struct EventSink {
    sender: Sender<Event>,
    wants_slabs: bool,
}

impl EventSink {
    fn tell(&self, event: Event) {
        // Nobody listens any more where the scan was given up.
        let _ = self.sender.send(event);
    }
}

impl Sink for EventSink {
    fn opened(&self, result: Result<Identity, &Error>) {
        if let Err(error) = result {
            self.tell(Event::Ended(Box::new(Err(error.clone()))));
        }
    }

    fn pack(&self, slab: &Builder, _again: bool) -> Box<dyn Packed> {
        if !self.wants_slabs {
            return Box::new(Uncounted);
        }
        let mut bytes = vec![0; slab.encoded_len()];
        slab.encode_into(&mut bytes);
        let sender = self.sender.clone();
        Box::new(PackedSlab { bytes, sender })
    }

    fn passive(&self) {}

    fn progress(&self, progress: &Progress) {
        self.tell(Event::Progress(Box::new(progress.clone()), None));
    }

    fn completed(&self, summary: &Summary) {
        self.tell(Event::Ended(Box::new(Ok(summary.clone()))));
    }
}

impl IndexReceiver for EventSink {
    fn written_progress(&self, progress: &Progress, written: Written) {
        self.tell(Event::Progress(Box::new(progress.clone()), Some(written)));
    }
}

/// A slab that nobody looks at.
struct Uncounted;

impl Packed for Uncounted {
    fn size(&self) -> usize {
        0
    }

    fn send(self: Box<Self>, _sequence: u32) {}
}

struct PackedSlab {
    bytes: Vec<u8>,
    sender: Sender<Event>,
}

impl Packed for PackedSlab {
    fn size(&self) -> usize {
        self.bytes.len()
    }

    fn send(mut self: Box<Self>, sequence: u32) {
        set_sequence(&mut self.bytes, sequence);
        let _ = self.sender.send(Event::Slab(self.bytes));
    }
}
