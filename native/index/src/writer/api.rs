//! What the writer's users see: the index, a scan into it, and the words for both. Nothing here touches the database; all of it is
//! messages to the writer's thread.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use aether_core::{Counts, Status};
use crossbeam_channel::{Sender, bounded, unbounded};
use parking_lot::Mutex;

use super::engine::Engine;
use super::log::LogState;
use super::thread::{self as worker, Command};
use crate::batch::Batch;
use crate::error::{Error, Operation, Reason};
use crate::gate::Gate;
use crate::identity::MountIdentity;
use crate::lock::{Generations, WriterLock};
use crate::open::{self, Location};
use crate::rules::Rules;
use crate::schema::scan_status;

/// For who wants to know that something was committed: the ids of the sources that it touched ([`crate::reader::Source::id`]).
pub type OnCommit = Arc<dyn Fn(&[i64]) + Send + Sync>;

/// How an index is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// How long somebody else's lock is waited for.
    pub busy_timeout: Duration,
    /// How long a batch that cannot be written (no space, say) is tried again before its scan fails.
    pub stall_timeout: Duration,
    /// Batches that may wait for the writer, over all scans.
    pub queue: u32,
    /// Entries after which a transaction is committed.
    pub batch_entries: usize,
    /// Generations of which changes are kept; 0 keeps none.
    pub history: u32,
    /// Bytes of log after which it is made to start over.
    pub wal_soft: u64,
    /// Bytes of log at which scans wait.
    pub wal_limit: u64,
    /// Called on the writer's thread after each commit, with the ids of the sources it touched. Must return at once.
    pub on_commit: Option<OnCommit>,
}

impl Default for OpenOptions {
    fn default() -> OpenOptions {
        OpenOptions {
            busy_timeout: Duration::from_secs(5),
            stall_timeout: Duration::from_secs(10),
            queue: 16,
            batch_entries: 1000,
            history: 10,
            wal_soft: 32 << 20,
            wal_limit: 1 << 30,
            on_commit: None,
        }
    }
}

/// What a scan is to be written as.
#[derive(Clone, Debug, Default)]
pub struct ScanSpec {
    /// The root's path: the source is found by it, or by `source_id`.
    pub root: Vec<u8>,
    /// The source's uuid; one is made up for a new source without.
    pub source_id: Option<String>,
    /// Directory beneath the root where the scan starts; empty for the root.
    pub folder: Vec<u8>,
    /// Levels listed from there; `None` for all.
    pub depth: Option<u32>,
    /// `None` takes those of the source, or the default ones.
    pub rules: Option<Rules>,
    /// Whether other rules than the source's replace them.
    pub replace_rules: bool,
    /// What lies at the root now.
    pub root_identity: Option<MountIdentity>,
    /// Mount points on the way from the root to the folder, the folder included: path, identity.
    pub way: Vec<(Vec<u8>, MountIdentity)>,
    /// Whether whatever lies at the root and at mount points is taken for what belongs there.
    pub accept_root: bool,
    /// By which the caller knows this scan; given back in `AlreadyScanning`.
    pub tag: String,
}

/// What the walker counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanCounts {
    /// All that is not a directory.
    pub files: u64,
    /// Directories.
    pub directories: u64,
    /// Sum of the sizes of regular files.
    pub bytes: u64,
    /// What gave errors.
    pub unreadable: u64,
}

impl ScanCounts {
    /// From a summary's numbers.
    pub fn new(counts: &Counts, errors: u64) -> ScanCounts {
        ScanCounts {
            files: counts.files + counts.symlinks + counts.others,
            directories: counts.directories,
            bytes: counts.bytes,
            unreadable: errors,
        }
    }
}

/// Told after a commit, on the writer's thread; must return at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Persisted {
    /// Batches of the scan that left the queue for good: so many more may be pushed.
    pub batches: u32,
    /// Entries of the scan written down so far.
    pub entries: u64,
}

/// See [`Persisted`].
pub type OnPersisted = Box<dyn Fn(Persisted) + Send>;

/// Why a batch was not taken.
#[derive(Debug)]
pub enum PushError {
    /// The queue is full: wait for [`Persisted`] and push it again.
    Full(Batch),
    /// It will never be taken.
    Ended(Error),
}

/// What the writer's thread and a scan's owner share.
#[derive(Debug)]
pub(super) struct Shared {
    pub key: u64,
    pub tag: String,
    pub cancelled: AtomicBool,
    pub persisted: AtomicU64,
    pub error: Mutex<Option<Error>>,
}

/// A database with its writer. Dropping it closes it in the background.
pub struct Index {
    commands: Sender<Command>,
    location: Location,
    gate: Arc<Gate>,
    log: Arc<LogState>,
    queued: Arc<AtomicU32>,
    queue: u32,
    keys: AtomicU64,
    commits: Arc<AtomicU64>,
    closing: Arc<AtomicBool>,
    stalled: Arc<Mutex<Option<Error>>>,
    remembered: Generations,
}

impl Index {
    /// Opens or makes an index, and starts its writer. There is one writer for a file, whatever the process.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Index, Error> {
        let location = Location::resolve(path)?;
        open::check_before_lock(&location, options.busy_timeout)?;
        let lock = WriterLock::take(&location.sidecar, options.busy_timeout)?;
        let remembered = WriterLock::generations(&location.sidecar);
        let connection = open::open_writer(&location, &lock, options.busy_timeout)?;
        let gate = Arc::new(Gate::default());
        let queued = Arc::new(AtomicU32::new(0));
        let commits = Arc::new(AtomicU64::new(0));
        let closing = Arc::new(AtomicBool::new(false));
        let stalled = Arc::new(Mutex::new(None));
        let queue = options.queue.max(1);
        let engine = Engine::new(connection, lock, location.clone(), options, gate.clone())?;
        let log = engine.log_state();
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

    /// Attaches a fact to an entry, named by its folder and its name; `None` takes it away.
    pub fn put_note(
        &self,
        source: &str,
        folder: &[u8],
        name: &[u8],
        key: &[u8],
        value: Option<&[u8]>,
    ) -> Result<(), Error> {
        wait(|reply| self.put_note_with(source, folder, name, key, value, reply))
    }

    /// The same; the answer comes on the writer's thread. A writer that was closed drops `reply`.
    pub fn put_note_with(
        &self,
        source: &str,
        folder: &[u8],
        name: &[u8],
        key: &[u8],
        value: Option<&[u8]>,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) {
        let note = Note {
            source: source.to_owned(),
            folder: folder.to_vec(),
            name: name.to_vec(),
            key: key.to_vec(),
            value: value.map(<[u8]>::to_vec),
        };
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

    /// Runs something on the writer's connection, outside of any transaction: for imports and maintenance.
    pub fn with_connection<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut rusqlite::Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (send, receive) = bounded(1);
        self.send(Command::Act(Box::new(move |connection| {
            drop(send.send(act(connection)))
        })));
        receive.recv().unwrap_or_else(|_| Err(closed()))
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

/// Waits for what is answered on the writer's thread.
fn wait(ask: impl FnOnce(Reply)) -> Result<(), Error> {
    let (send, receive) = bounded(1);
    ask(Box::new(move |answer| drop(send.send(answer))));
    receive.recv().unwrap_or_else(|_| Err(closed()))
}

/// For an answer without a value.
pub(super) type Reply = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// A fact about an entry.
#[derive(Debug)]
pub(super) struct Note {
    pub source: String,
    pub folder: Vec<u8>,
    pub name: Vec<u8>,
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
}

/// What a scan learns when it begins.
#[derive(Clone, Debug)]
pub struct Started {
    /// The source's uuid.
    pub source: String,
    /// The source's id in the database.
    pub source_key: i64,
    /// The generation that is written.
    pub generation: i64,
    /// What to walk by.
    pub rules: Rules,
    /// What the last whole scan counted, for a percentage.
    pub expected: Option<u64>,
}

/// A scan that is being written.
pub struct ScanWriter {
    commands: Sender<Command>,
    shared: Arc<Shared>,
    queued: Arc<AtomicU32>,
    queue: u32,
    started: Started,
    ended: bool,
}

impl ScanWriter {
    /// What was found at the beginning.
    pub fn started(&self) -> &Started {
        &self.started
    }

    /// Hands a batch to the writer. Never waits.
    pub fn push(&self, batch: Batch) -> Result<(), PushError> {
        if let Some(error) = self.shared.error.lock().clone() {
            return Err(PushError::Ended(error));
        }
        if self.shared.cancelled.load(Ordering::Acquire) {
            return Err(PushError::Ended(Error::new(
                Reason::Ended,
                Operation::Write,
                &[],
            )));
        }
        let room = |queued| (queued < self.queue).then_some(queued + 1);
        if self
            .queued
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, room)
            .is_err()
        {
            return Err(PushError::Full(batch));
        }
        match self.commands.send(Command::Batch(self.shared.key, batch)) {
            Ok(()) => Ok(()),
            Err(_) => Err(PushError::Ended(closed())),
        }
    }

    /// Entries written down so far.
    pub fn persisted(&self) -> u64 {
        self.shared.persisted.load(Ordering::Acquire)
    }

    /// Batches that wait are dropped, and no more are taken; the scan has still to be ended.
    pub fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::Release);
    }

    /// The walk is over. The answer comes on the writer's thread when the last commit is in.
    pub fn end_with(
        mut self,
        status: Status,
        counts: ScanCounts,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) {
        self.ended = true;
        drop(self.commands.send(Command::End(
            self.shared.key,
            status_number(status),
            counts,
            Box::new(reply),
        )));
    }

    /// The same, waiting for the answer.
    pub fn end(self, status: Status, counts: ScanCounts) -> Result<(), Error> {
        let (send, receive) = bounded(1);
        self.end_with(status, counts, move |answer| drop(send.send(answer)));
        receive.recv().unwrap_or_else(|_| Err(closed()))
    }
}

impl Drop for ScanWriter {
    fn drop(&mut self) {
        if !self.ended {
            let reply = Box::new(drop);
            drop(self.commands.send(Command::End(
                self.shared.key,
                scan_status::FAILED,
                ScanCounts::default(),
                reply,
            )));
        }
    }
}

fn status_number(status: Status) -> i64 {
    match status {
        Status::Complete => scan_status::COMPLETE,
        Status::Partial => scan_status::PARTIAL,
        Status::Cancelled => scan_status::CANCELLED,
        Status::Failed => scan_status::FAILED,
    }
}

fn closed() -> Error {
    Error::new(Reason::Closed, Operation::Write, &[])
}
