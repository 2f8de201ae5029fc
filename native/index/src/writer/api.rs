//! What the writer's users see: the index. Nothing here touches the database; all of it is messages to the writer's thread.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread;

use crossbeam_channel::{Sender, bounded, unbounded};
use parking_lot::Mutex;

use crate::error::{Error, Operation, Reason};
use crate::gate::Gate;
use crate::location::Location;
use crate::lock::WriterLock;
use crate::open;
use crate::record::Generations;
use crate::writer::command::Command;
use crate::writer::engine::Engine;
use crate::writer::log::LogState;
use crate::writer::options::{NewNote, OnPersisted, OpenOptions, ScanSpec, Started};
use crate::writer::roots::KnownRoots;
use crate::writer::scan_writer::{ScanWriter, Shared};
use crate::writer::thread as worker;
use aether_core::MountIdentity;

mod connection;

/// A database with its writer. Dropping it closes it in the background.
pub struct Index {
    commands: Sender<Command>,
    location: Location,
    gate: Arc<Gate>,
    log: Arc<LogState>,
    roots: Arc<KnownRoots>,
    queued: Arc<AtomicU32>,
    queue: u32,
    keys: AtomicU64,
    commits: Arc<AtomicU64>,
    closing: Arc<AtomicBool>,
    stalled: Arc<Mutex<Option<Error>>>,
    remembered: Arc<Generations>,
}

impl Index {
    /// Opens or makes an index, and starts its writer. There is one writer for a file, whatever the process.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Index, Error> {
        let location = Location::resolve(path)?;
        open::check_before_lock(&location, options.busy_timeout)?;
        let lock = WriterLock::take_as(&location.sidecar, options.busy_timeout, options.mode)?;
        let remembered = WriterLock::generations(&location.sidecar);
        let connection = open::open_writer(&location, &lock, options.busy_timeout)?;
        let gate = Arc::new(Gate::default());
        let queued = Arc::new(AtomicU32::new(0));
        let commits = Arc::new(AtomicU64::new(0));
        let closing = Arc::new(AtomicBool::new(false));
        let stalled = Arc::new(Mutex::new(None));
        let queue = options.queue.max(1);
        let engine = Engine::new(connection, lock, location.clone(), options, gate.clone())?;
        let (log, roots) = (engine.log_state(), engine.roots());
        let (commands, receiver) = unbounded();
        let worker = worker::Worker::new(
            engine,
            receiver,
            queued.clone(),
            commits.clone(),
            closing.clone(),
            stalled.clone(),
        );
        let started = thread::Builder::new()
            .name("aether-index".into())
            .spawn(|| worker.run());
        if let Err(error) = started {
            return Err(Error::io(&error, Operation::Open, &[]));
        }
        let keys = AtomicU64::new(1);
        Ok(Index {
            commands,
            location,
            gate,
            log,
            roots,
            queued,
            queue,
            keys,
            commits,
            closing,
            stalled,
            remembered,
        })
    }

    /// Where it lies.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// To be passed for each page that this process reads.
    pub fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    /// The log's length, and whether a reader elsewhere holds it.
    pub fn log(&self) -> &Arc<LogState> {
        &self.log
    }

    /// Roots of other sources that may be a directory with this identity, at this path. What lies there
    /// now is for the caller to find out, who may ask the file system.
    pub fn roots_like(&self, path: &[u8], identity: &MountIdentity) -> Vec<Vec<u8>> {
        self.roots.like(path, identity)
    }

    /// The source of a root, by its number, if a scan has called it by this very path.
    pub fn source_called(&self, path: &[u8]) -> Option<i64> {
        self.roots.called(path)
    }

    /// Commits so far: when it has not moved, nothing has changed.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    /// Why the writer cannot go on just now.
    pub fn stalled(&self) -> Option<Error> {
        self.stalled.lock().clone()
    }

    /// Generations that sources had reached when the index was last written: a lower one in the database was put back in time.
    pub fn remembered(&self) -> &Generations {
        &self.remembered
    }

    /// Starts a scan; the answer comes on the writer's thread.
    pub fn begin_with(
        &self,
        spec: ScanSpec,
        on_persisted: OnPersisted,
        reply: impl FnOnce(Result<ScanWriter, Error>) + Send + 'static,
    ) {
        let shared = Arc::new(Shared {
            key: self.keys.fetch_add(1, Ordering::Relaxed),
            tag: spec.tag.clone(),
            cancelled: AtomicBool::new(false),
            persisted: AtomicU64::new(0),
            error: Mutex::new(None),
        });
        let (commands, queued, queue) = (self.commands.clone(), self.queued.clone(), self.queue);
        let scan = shared.clone();
        let answer = move |begun: Result<Started, Error>| {
            reply(begun.map(|started| ScanWriter {
                commands,
                shared: scan,
                queued,
                queue,
                started,
                ended: false,
            }));
        };
        self.send(Command::Begin(
            Box::new(spec),
            shared,
            on_persisted,
            Box::new(answer),
        ));
    }

    /// Starts a scan and waits for the answer.
    pub fn begin(&self, spec: ScanSpec, on_persisted: OnPersisted) -> Result<ScanWriter, Error> {
        let (send, receive) = bounded(1);
        self.begin_with(spec, on_persisted, move |answer| drop(send.send(answer)));
        receive.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Takes a source out, or what is known beneath one of its folders: that is unread then.
    pub fn forget(&self, source: &str, folder: Option<&[u8]>) -> Result<(), Error> {
        wait(|reply| self.forget_with(source, folder, reply))
    }

    /// The same; the answer comes on the writer's thread. A writer that was closed drops `reply`.
    pub fn forget_with(
        &self,
        source: &str,
        folder: Option<&[u8]>,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) {
        let (source, folder) = (source.to_owned(), folder.map(<[u8]>::to_vec));
        self.send(Command::Forget(source, folder, Box::new(reply)));
    }

    /// Attaches a fact to an entry, or takes it away.
    pub fn put_note(&self, note: NewNote) -> Result<(), Error> {
        wait(|reply| self.put_note_with(note, reply))
    }

    /// The same; the answer comes on the writer's thread. A writer that was closed drops `reply`.
    pub fn put_note_with(
        &self,
        note: NewNote,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) {
        self.send(Command::PutNote(note, Box::new(reply)));
    }

    /// Makes a source that was never scanned, or gives the one with this root its id. Waits for the answer.
    pub fn add_source(&self, root: &[u8], id: &str) -> Result<(), Error> {
        let spec = ScanSpec {
            root: root.to_vec(),
            source_id: Some(id.to_owned()),
            ..ScanSpec::default()
        };
        wait(|reply| self.send(Command::AddSource(Box::new(spec), reply)))
    }

    /// Waits until everything asked for before is done, and what was removed is deleted.
    pub fn settle(&self) -> Result<(), Error> {
        wait(|reply| self.send(Command::Settle(reply)))
    }

    /// Finishes what is queued, ends scans as cancelled, and lets go of the file.
    pub fn close(&self) -> Result<(), Error> {
        self.closing.store(true, Ordering::Release);
        wait(|reply| self.send(Command::Close(reply)))
    }

    fn send(&self, command: Command) {
        // A closed writer drops the command, and with it the sender that the answer would come by.
        drop(self.commands.send(command));
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Release);
        self.send(Command::Close(Box::new(drop)));
    }
}

/// For an answer without a value.
pub(super) type Reply = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// Waits for what is answered on the writer's thread.
fn wait(ask: impl FnOnce(Reply)) -> Result<(), Error> {
    let (send, receive) = bounded(1);
    ask(Box::new(move |answer| drop(send.send(answer))));
    receive.recv().unwrap_or_else(|_| Err(closed()))
}

pub(super) fn closed() -> Error {
    Error::new(Reason::Closed, Operation::Write, &[])
}
