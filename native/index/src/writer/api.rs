//! The index as its users see it. Nothing here touches the database: calls are commands to the
//! writer's thread.

use std::path::Path;
use std::sync::Arc;
#[cfg(feature = "test-support")]
use std::sync::atomic::AtomicU32;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use aether_core::MountIdentity;
use crossbeam_channel::{Sender, bounded, unbounded};
use parking_lot::Mutex;

use crate::error::{Error, Operation};
use crate::gate::Gate;
use crate::location::Location;
use crate::lock::WriterLock;
use crate::open;
#[cfg(feature = "test-support")]
use crate::record::Generations;
use crate::writer::command::{Command, DoneReply, ScanShared, closed};
use crate::writer::engine::Engine;
use crate::writer::log::LogState;
use crate::writer::options::{NewNote, OnPersisted, OpenOptions, ScanSpec, Started};
use crate::writer::roots::KnownRoots;
use crate::writer::scan_writer::ScanWriter;
use crate::writer::thread as worker;

mod connection;
#[cfg(feature = "test-support")]
mod for_tests;

/// A database with its writer. Dropping it closes it in the background.
pub struct Index {
    commands: Sender<Command>,
    location: Location,
    gate: Arc<Gate>,
    log: Arc<LogState>,
    roots: Arc<KnownRoots>,
    #[cfg(feature = "test-support")]
    queued: Arc<AtomicU32>,
    #[cfg(feature = "test-support")]
    queue: u32,
    keys: AtomicU64,
    #[cfg(feature = "test-support")]
    commits: Arc<AtomicU64>,
    closing: Arc<AtomicBool>,
    stalled: Arc<Mutex<Option<Error>>>,
    stall_timeout: Duration,
    #[cfg(feature = "test-support")]
    remembered: Arc<Generations>,
}

impl Index {
    /// Opens or creates an index and starts its writer. A file has one writer in all processes.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Index, Error> {
        let location = Location::resolve(path)?;
        open::check_before_lock(&location, options.busy_timeout)?;
        let lock = WriterLock::take_as(&location.sidecar, options.busy_timeout, options.mode)?;
        #[cfg(feature = "test-support")]
        let remembered = WriterLock::generations(&location.sidecar);
        let connection = open::open_writer(&location, &lock, options.busy_timeout)?;
        let gate = Arc::new(Gate::default());
        #[cfg(feature = "test-support")]
        let queued = Arc::new(AtomicU32::new(0));
        let commits = Arc::new(AtomicU64::new(0));
        let closing = Arc::new(AtomicBool::new(false));
        let stalled = Arc::new(Mutex::new(None));
        #[cfg(feature = "test-support")]
        let queue = options.queue.max(1);
        let stall_timeout = options.stall_timeout;
        let engine = Engine::new(connection, lock, location.clone(), options, gate.clone())?;
        let (log, roots) = (engine.log_state(), engine.roots());
        let (commands, receiver) = unbounded();
        let worker = worker::Worker::new(
            engine,
            receiver,
            #[cfg(feature = "test-support")]
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
            #[cfg(feature = "test-support")]
            queued,
            #[cfg(feature = "test-support")]
            queue,
            keys,
            #[cfg(feature = "test-support")]
            commits,
            closing,
            stalled,
            stall_timeout,
            #[cfg(feature = "test-support")]
            remembered,
        })
    }

    /// Its path and the paths of its other files.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The gate that this process's readers enter for each page.
    pub fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    /// The log's length, and whether a reader in another process keeps it from starting over.
    pub fn log(&self) -> &Arc<LogState> {
        &self.log
    }

    /// Roots of other sources that may be the directory at this path, which has this identity. The
    /// caller has to look at what is there now: it may wait for the file system.
    pub fn roots_like(&self, path: &[u8], identity: &MountIdentity) -> Vec<Vec<u8>> {
        self.roots.like(path, identity)
    }

    /// The source whose root a scan has called by this very path, by number.
    pub fn source_called(&self, path: &[u8]) -> Option<i64> {
        self.roots.called(path)
    }

    /// Why the writer cannot go on at the moment.
    pub fn stalled(&self) -> Option<Error> {
        let stalled = self.stalled.lock().clone();
        // What waits for the log elsewhere, as imports do, is no command yet.
        stalled.or_else(|| self.log.stalled())
    }

    /// How long to wait for what may pass.
    pub(crate) fn stall_timeout(&self) -> Duration {
        self.stall_timeout
    }

    /// Starts a scan. `reply` is called on the writer's thread.
    pub fn begin_with(
        &self,
        spec: ScanSpec,
        on_persisted: OnPersisted,
        reply: impl FnOnce(Result<ScanWriter, Error>) + Send + 'static,
    ) {
        let shared = Arc::new(ScanShared {
            key: self.keys.fetch_add(1, Ordering::Relaxed),
            tag: spec.tag.clone(),
            is_cancelled: AtomicBool::new(false),
            persisted: AtomicU64::new(0),
            error: Mutex::new(None),
            progress: Mutex::new(None),
        });
        let commands = self.commands.clone();
        #[cfg(feature = "test-support")]
        let (queued, queue) = (self.queued.clone(), self.queue);
        let scan = shared.clone();
        let answer = move |begun: Result<Started, Error>| {
            reply(begun.map(|started| ScanWriter {
                commands,
                shared: scan,
                #[cfg(feature = "test-support")]
                queued,
                #[cfg(feature = "test-support")]
                queue,
                started,
                is_ended: false,
            }));
        };
        self.send(Command::Begin(
            Box::new(spec),
            shared,
            on_persisted,
            Box::new(answer),
        ));
    }

    /// Forgets a source, or what is known beneath one of its folders, which becomes unread.
    pub fn forget(&self, source: &str, folder: Option<&[u8]>) -> Result<(), Error> {
        wait(|reply| self.forget_with(source, folder, reply))
    }

    /// The same without waiting: `reply` is called on the writer's thread, or dropped if the index is
    /// closed.
    pub fn forget_with(
        &self,
        source: &str,
        folder: Option<&[u8]>,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) {
        let (source, folder) = (source.to_owned(), folder.map(<[u8]>::to_vec));
        self.send(Command::Forget(source, folder, Box::new(reply)));
    }

    /// Attaches a note to an entry, or removes it. `reply` is called on the writer's thread, or dropped
    /// if the index is closed.
    pub fn put_note_with(
        &self,
        note: NewNote,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) {
        self.send(Command::PutNote(note, Box::new(reply)));
    }

    /// Creates a source that was never scanned, or gives the one with this root the id.
    pub fn add_source(&self, root: &[u8], id: &str) -> Result<(), Error> {
        let spec = ScanSpec {
            root: root.to_vec(),
            source_id: Some(id.to_owned()),
            ..ScanSpec::default()
        };
        wait(|reply| self.send(Command::AddSource(Box::new(spec), reply)))
    }

    /// Writes what is queued, ends running scans as cancelled, and closes the file.
    pub fn close(&self) -> Result<(), Error> {
        self.closing.store(true, Ordering::Release);
        wait(|reply| self.send(Command::Close(reply)))
    }

    fn send(&self, command: Command) {
        // A closed writer drops the command, and with it the sender of the answer.
        drop(self.commands.send(command));
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Release);
        self.send(Command::Close(Box::new(drop)));
    }
}

/// Waits for an answer from the writer's thread.
fn wait(ask: impl FnOnce(DoneReply)) -> Result<(), Error> {
    let (send, receive) = bounded(1);
    ask(Box::new(move |answer| drop(send.send(answer))));
    receive.recv().unwrap_or_else(|_| Err(closed()))
}
