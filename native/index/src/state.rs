//! An index as a program holds it, from opening to closing: its writer, its readers and its
//! services. It may be dropped on any thread: files are closed elsewhere.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aether_core::RootPath;
use parking_lot::Mutex;

use crate::answer::Answer;
use crate::background;
use crate::cache::{self, ImportRefused, Imported, Outcome};
use crate::calls::{self, Call, Calls, Promise};
use crate::error::{Error, Operation, Reason};
use crate::maintenance::{self, CheckOptions, Copied, Report, Task, Vacuumed};
use crate::read_threads::ReadThreads;
use crate::reader::{
    Breakdown, BreakdownBy, Place, Pool, PoolOptions, Source, above, beneath, full,
};
use crate::readers::Readers;
use crate::rules::Rules;
use crate::search::service::{SearchService, ServiceOptions};
use crate::subscriptions::{Subscriber, Subscriptions};
use crate::writer::{Index, NewNote, OpenOptions};

/// No longer path can be given to the system, so that none is a root's.
const PATH_MAX: usize = 4096;

/// An index, open or not.
pub struct IndexState<S: Subscriber> {
    /// `None` before it is opened, after it is closed, and if it is read-only.
    writer: Mutex<Option<Arc<Index>>>,
    readers: Arc<Readers>,
    reads: Arc<ReadThreads>,
    /// Result of closing. Locked while closing, so that a second call waits.
    end: Mutex<Option<Result<(), Error>>>,
    is_read_only: bool,
    /// Ids of the sources whose caches of the predecessor were claimed.
    claimed_caches: Mutex<HashSet<String>>,
    /// Its long calls.
    pub calls: Calls,
    /// Its searches.
    pub searches: SearchService,
    subscriptions: Arc<Subscriptions<S>>,
}

/// How a root is indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRules {
    /// What scans leave out.
    pub rules: Rules,
    /// The source's id, as callers know it.
    pub uuid: String,
}

/// What an index says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexInfo {
    /// Bytes in the log.
    pub wal_bytes: u64,
    /// Since when a reader elsewhere keeps the log from starting over, in ms since the epoch.
    pub wal_blocked_since: Option<i64>,
    /// Why the writer cannot go on just now.
    pub stalled: Option<Error>,
    /// Bytes that the names for searches take in memory.
    pub search_bytes: usize,
    /// Number of subscriptions.
    pub subscriptions: usize,
}

impl<S: Subscriber> IndexState<S> {
    /// An index that is not open yet. `search_memory` is about how many bytes the names for
    /// searches may take.
    pub fn new(is_read_only: bool, search_memory: usize) -> IndexState<S> {
        let readers = Arc::<Readers>::default();
        let options = ServiceOptions {
            memory: search_memory,
            ..ServiceOptions::default()
        };
        IndexState {
            writer: Mutex::default(),
            end: Mutex::default(),
            is_read_only,
            claimed_caches: Mutex::default(),
            calls: Calls::default(),
            subscriptions: Arc::new(Subscriptions::new(Arc::clone(&readers))),
            searches: SearchService::new(Arc::clone(&readers), options),
            readers,
            reads: Arc::default(),
        }
    }

    /// Opens or creates it; opens an existing one if it is read-only.
    pub fn open(&self, path: &Path, options: OpenOptions) -> Result<(), Error> {
        // This very file may still be waiting to be closed.
        background::catch_up();
        if self.is_read_only {
            self.readers.open(Pool::open(path, PoolOptions::default())?);
            return Ok(());
        }
        let subscriptions = Arc::clone(&self.subscriptions);
        let on_commit = move |sources: &[i64]| subscriptions.on_commit(sources);
        let index = Index::open(
            path,
            OpenOptions {
                // Each scan is bounded by its own credit.
                #[cfg(feature = "test-support")]
                queue: u32::MAX,
                on_commit: Some(Arc::new(on_commit)),
                ..options
            },
        )?;
        let (location, gate) = (index.location().clone(), Arc::clone(index.gate()));
        let pool = Pool::new(location, gate, PoolOptions::default());
        self.readers.open(pool);
        *self.writer.lock() = Some(Arc::new(index));
        Ok(())
    }

    /// Ends all calls, writes what is queued and closes the file. A second call waits for the
    /// first.
    pub fn close(&self) -> Result<(), Error> {
        // First, so that no more reads begin.
        self.readers.close();
        self.reads.close();
        self.calls.cancel();
        self.searches.close();
        self.subscriptions.close();
        let mut end = self.end.lock();
        let close = || {
            let writer = self.writer.lock().take();
            writer.map_or(Ok(()), |writer| writer.close())
        };
        end.get_or_insert_with(close).clone()
    }

    /// The writer, if it is open.
    pub fn writer(&self) -> Result<Arc<Index>, Error> {
        let writer = self.writer.lock().clone();
        writer.ok_or_else(|| match self.is_read_only {
            true => Error::new(Reason::ReadOnly, Operation::Write, self.readers.path())
                .with("it was opened with mode: :read"),
            false => Error::new(Reason::Closed, Operation::Write, self.readers.path()),
        })
    }

    /// The pool of readers, if it is open.
    pub fn pool(&self) -> Result<&Pool, Error> {
        self.readers.pool()
    }

    /// Has something short read on a thread of the index, which calls `reply` once, unless the call is
    /// cancelled before. Returns at once; fails if no thread can be started, and drops both.
    pub fn read<T>(
        self: &Arc<Self>,
        call: &Arc<Call>,
        read: impl FnOnce(&IndexState<S>) -> Result<T, Error> + Send + 'static,
        reply: impl FnOnce(Result<T, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        let this = Arc::clone(self);
        let run = move |why_not: Result<(), Reason>| {
            let error = |reason| Error::new(reason, Operation::Read, this.readers.path());
            reply(match why_not {
                Ok(()) => calls::caught(Operation::Read, || read(&this)),
                Err(reason) => Err(error(reason).with("all threads that read are in use")),
            });
        };
        let started = self.reads.run(call, run);
        started.map_err(|reason| Error::new(reason, Operation::Read, self.readers.path()))
    }

    /// What there is to say about it. Reads no file.
    pub fn info(&self) -> IndexInfo {
        let services = IndexInfo {
            search_bytes: self.searches.bytes(),
            subscriptions: self.subscriptions.count(),
            ..IndexInfo::default()
        };
        match self.writer() {
            Ok(writer) => IndexInfo {
                wal_bytes: writer.log().wal_bytes(),
                wal_blocked_since: writer.log().wal_blocked_since(),
                stalled: writer.stalled(),
                ..services
            },
            Err(_) => services,
        }
    }

    /// The source of a root, by whatever path it is given.
    pub fn source_at(&self, root: &[u8]) -> Result<Option<Answer<Source>>, Error> {
        let writer = self.writer().ok();
        let called = writer.and_then(|writer| writer.source_called(root));
        self.pool()?.source_at(root, called)
    }

    /// The source whose scan was the last to see a path, which may be gone by now. Links on
    /// the way are followed as far as that cannot hang. None if no root is there or above.
    pub fn place(&self, path: &[u8]) -> Result<Option<Place>, Error> {
        let pool = self.pool()?;
        let resolve = |path: &[u8]| {
            let literally = || (path.to_vec(), path.to_vec());
            RootPath::resolve_locally(path).map_or_else(literally, |found| (found.path, found.real))
        };
        let (resolved, _) = resolve(path);
        if let Some(place) = pool.place(&resolved)? {
            return Ok(Some(place));
        }
        // A root may be a link itself, or be known to the writer by another path.
        for root in above(path).filter(|root| root.len() < PATH_MAX) {
            let Some(source) = self.source_at(root)? else {
                continue;
            };
            let (_, real) = resolve(root);
            if above(&resolved).any(|above| above == real) {
                return pool.place(&full(&source.value.root, beneath(&resolved, &real)));
            }
        }
        Ok(None)
    }

    /// How a root is indexed. Looked up as the writer does it: a source that is known by its root
    /// takes over the id.
    pub fn rules(
        &self,
        root: &[u8],
        source_id: Option<&str>,
    ) -> Result<Option<StoredRules>, Error> {
        let found = match source_id.map(|id| self.pool()?.source(id)) {
            Some(Err(error)) if error.reason == Reason::NoSource => self.source_at(root)?,
            Some(found) => Some(found?),
            None => self.source_at(root)?,
        };
        Ok(found.and_then(|answer| {
            Some(StoredRules {
                rules: Rules::from_stored(&answer.value.rules)?,
                uuid: answer.value.uuid,
            })
        }))
    }

    /// Removes a source, or everything known beneath one of its folders. `reply` is called once, on
    /// the writer's thread or another.
    pub fn forget(
        &self,
        source: &str,
        folder: Option<&[u8]>,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) -> Result<(), Error> {
        let (writer, promise) = (self.writer()?, Promise::new(reply));
        writer.forget_with(source, folder, |result| promise.keep(result));
        Ok(())
    }

    /// Attaches a note to an entry, or removes it. `reply` is called once, on the writer's thread
    /// or another.
    pub fn put_note(
        &self,
        note: NewNote,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) -> Result<(), Error> {
        let (writer, promise) = (self.writer()?, Promise::new(reply));
        writer.put_note_with(note, |result| promise.keep(result));
        Ok(())
    }

    /// Subscribes to a folder ([`Subscriptions::subscribe`]).
    pub fn subscribe(
        &self,
        key: String,
        source: &str,
        folder: &[u8],
        is_gone: Arc<AtomicBool>,
        subscriber: S,
    ) -> Result<(), Error> {
        // A read-only index does not learn of commits.
        self.writer()?;
        let subscriptions = &self.subscriptions;
        subscriptions.subscribe(key, source, folder, is_gone, subscriber)
    }

    /// Unsubscribes: when this returns, nothing more is sent under the key.
    pub fn unsubscribe(&self, key: &str) {
        self.subscriptions.unsubscribe(key);
    }

    /// Checks it for damage ([`maintenance::check`]).
    pub fn check(&self, thorough: bool, cancel: &Arc<AtomicBool>) -> Result<Report, Error> {
        let (pool, options) = (self.pool()?, CheckOptions { thorough });
        pool.check_place()?;
        let (location, gate) = (pool.location(), pool.gate());
        maintenance::check(location, gate, options, &mut Task::new(cancel))
    }

    /// What lies beneath a folder, in groups ([`Pool::breakdown`]).
    pub fn breakdown(
        &self,
        source: &str,
        folder: &[u8],
        by: BreakdownBy,
        limit: usize,
        cancel: &AtomicBool,
    ) -> Result<Answer<Breakdown>, Error> {
        let pool = self.pool()?;
        pool.breakdown(source, folder, by, limit, cancel)
    }

    /// Copies it, as of one moment, to a new file ([`maintenance::backup`]).
    pub fn backup(&self, to: &Path, cancel: &Arc<AtomicBool>) -> Result<Copied, Error> {
        let pool = self.pool()?;
        pool.check_place()?;
        maintenance::backup(pool.location(), to, &mut Task::new(cancel))
    }

    /// Rewrites the file without free pages ([`maintenance::vacuum`]).
    pub fn vacuum(&self, cancel: &Arc<AtomicBool>) -> Result<Vacuumed, Error> {
        let flag = Arc::clone(cancel);
        let vacuum = move |connection: &mut _| maintenance::vacuum(connection, &flag);
        self.writer()?.with_connection_until(cancel, vacuum)
    }

    /// Imports all caches in a directory ([`cache::import_all`]).
    pub fn import_all(
        &self,
        directory: &Path,
        roots: Vec<(String, Vec<u8>)>,
        cancel: &Arc<AtomicBool>,
    ) -> Result<Outcome, ImportRefused> {
        cache::import_all(&|| self.writer(), self.pool()?, directory, roots, cancel)
    }

    /// Imports the cache of one source, if there is one ([`cache::import_source`]).
    pub fn import_source(
        &self,
        directory: &Path,
        id: &str,
        cancel: &Arc<AtomicBool>,
    ) -> Result<Option<Imported>, ImportRefused> {
        cache::import_source(&|| self.writer(), self.pool()?, directory, id, cancel)
    }

    /// Whether to try to import the predecessor's cache of this source: true the first time only.
    pub fn claim_cache(&self, id: String) -> bool {
        self.claimed_caches.lock().insert(id)
    }
}

impl<S: Subscriber> Drop for IndexState<S> {
    fn drop(&mut self) {
        self.reads.close();
        self.subscriptions.close();
    }
}

/// Puts a backup in the place of an index that is not open ([`maintenance::restore`]).
pub fn restore(
    backup: &Path,
    to: &Path,
    wait: Duration,
    cancel: &Arc<AtomicBool>,
) -> Result<Copied, Error> {
    // That index may still be waiting to be closed.
    background::catch_up();
    maintenance::restore(backup, to, wait, &mut Task::new(cancel))
}
