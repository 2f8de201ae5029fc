//! The state of an index on the BEAM's side, from opening to closing: its writer, its readers and
//! its services.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use aether_index::background;
use aether_index::reader::{Pool, PoolOptions};
use aether_index::search::service::{SearchService, ServiceOptions};
use aether_index::subscriptions::Subscriptions;
use aether_index::{Error, Index, OpenOptions, Operation, Readers, Reason};
use parking_lot::Mutex;
use rustler::Resource;

use super::cancel::Running;
use super::subscriptions::SubscriptionSender;

/// An index, open or not.
pub struct IndexState {
    /// `None` before it is opened, after it is closed, and if it is read-only.
    writer: Mutex<Option<Arc<Index>>>,
    /// For pages, on dirty schedulers, and for the services.
    readers: Arc<Readers>,
    /// Result of closing. Locked while closing, so that a second call waits.
    end: Mutex<Option<Result<(), Error>>>,
    is_read_only: bool,
    /// Ids of the sources whose legacy caches were found: each is tried once.
    pub caches: Mutex<HashSet<String>>,
    /// Its long calls.
    pub running: Running,
    pub subscriptions: Arc<Subscriptions<SubscriptionSender>>,
    pub searches: SearchService,
}

/// The Elixir term of an index.
pub struct IndexHandle(pub Arc<IndexState>);

#[rustler::resource_impl(name = "index")]
impl Resource for IndexHandle {}

impl Drop for IndexHandle {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut self.0, Arc::new(IndexState::new(false, 0)));
        drop(IndexRef(Some(state)));
    }
}

/// A reference to an index that may be dropped on any thread: the files must not be closed by the
/// scheduler that happens to collect the last term, nor by a thread that serves others.
pub struct IndexRef(Option<Arc<IndexState>>);

impl IndexRef {
    pub fn new(state: &Arc<IndexState>) -> IndexRef {
        IndexRef(Some(Arc::clone(state)))
    }

    /// The writer, if it is open.
    pub fn writer(&self) -> Result<Arc<Index>, Error> {
        match &self.0 {
            Some(state) => state.writer(),
            None => Err(Error::new(Reason::Closed, Operation::Scan, &[])),
        }
    }
}

impl Drop for IndexRef {
    fn drop(&mut self) {
        if let Some(state) = self.0.take().and_then(Arc::into_inner) {
            background::must_run(move || drop(state));
        }
    }
}

impl IndexState {
    /// An index that is not open yet.
    pub fn new(is_read_only: bool, search_memory: usize) -> IndexState {
        let readers = Arc::<Readers>::default();
        let options = ServiceOptions {
            memory: search_memory,
            ..ServiceOptions::default()
        };
        IndexState {
            writer: Mutex::default(),
            end: Mutex::default(),
            is_read_only,
            caches: Mutex::default(),
            running: Running::default(),
            subscriptions: Arc::new(Subscriptions::new(Arc::clone(&readers))),
            searches: SearchService::new(Arc::clone(&readers), options),
            readers,
        }
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
    pub fn readers(&self) -> Result<&Pool, Error> {
        self.readers.pool()
    }

    /// Opens or creates it.
    pub fn open(&self, path: &Path, options: OpenOptions) -> Result<(), Error> {
        if self.is_read_only {
            self.readers.open(Pool::open(path, PoolOptions::default())?);
            return Ok(());
        }
        let index = Index::open(path, options)?;
        let (location, gate) = (index.location().clone(), index.gate().clone());
        self.readers
            .open(Pool::new(location, gate, PoolOptions::default()));
        *self.writer.lock() = Some(Arc::new(index));
        Ok(())
    }

    /// Ends all calls, writes what is queued and closes the file.
    pub fn close(&self) -> Result<(), Error> {
        // First, so that no more reads begin.
        self.readers.close();
        self.running.cancel();
        self.searches.close();
        self.subscriptions.close();
        let mut end = self.end.lock();
        let close = || {
            let writer = self.writer.lock().take();
            writer.map_or(Ok(()), |writer| writer.close())
        };
        end.get_or_insert_with(close).clone()
    }
}

impl Drop for IndexState {
    fn drop(&mut self) {
        self.subscriptions.close();
    }
}
