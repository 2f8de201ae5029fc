//! Subscriptions: after a commit, subscribers get the totals of the watched folder's subfolders, at
//! most four times a second. One thread per index serves them while there are any.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aether_core::errno;
use parking_lot::{Condvar, Mutex};

use crate::background;
use crate::error::{Error, Operation, Reason};
use crate::reader::FolderTotals;
use crate::readers::Readers;

/// How long after one read of a folder the next may begin.
const PAUSE: Duration = Duration::from_millis(250);

/// Where the messages of one subscription go.
pub trait Subscriber: Send + 'static {
    /// A message that is ready to be sent.
    type Message;

    /// Makes a message. May be slow: no lock is held.
    fn message(folders: &[FolderTotals]) -> Self::Message;

    /// Sends a message. Must return at once: [`Subscriptions::unsubscribe`] may be waiting.
    fn send(&self, message: Self::Message);
}

/// A folder that has a subscriber.
struct WatchedFolder<S> {
    source: String,
    folder: Vec<u8>,
    /// Set from outside when the subscriber is gone.
    is_gone: Arc<AtomicBool>,
    /// None once nothing more may be sent.
    subscriber: Mutex<Option<S>>,
    /// What was sent last. Only the thread uses it.
    sent: Mutex<Option<Vec<FolderTotals>>>,
}

/// A watched folder, and whether it is to be read.
struct Subscription<S> {
    watched: Arc<WatchedFolder<S>>,
    /// Row of its source, as commits name it. `None` while it is unknown or being read: then any
    /// commit may concern the folder.
    source: Option<i64>,
    /// Whether there was a commit since the folder was read.
    is_due: bool,
    read_at: Option<Instant>,
}

/// All subscriptions to one index.
pub struct Subscriptions<S> {
    readers: Arc<Readers>,
    state: Mutex<SubscriptionState<S>>,
    changed: Condvar,
}

struct SubscriptionState<S> {
    by_key: HashMap<String, Subscription<S>>,
    has_thread: bool,
    is_closed: bool,
}

impl<S: Subscriber> Subscriptions<S> {
    /// Without subscriptions yet.
    pub fn new(readers: Arc<Readers>) -> Subscriptions<S> {
        Subscriptions {
            readers,
            state: Mutex::new(SubscriptionState {
                by_key: HashMap::new(),
                has_thread: false,
                is_closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Call this after each commit with the sources that it touched ([`crate::OnCommit`]).
    pub fn on_commit(&self, sources: &[i64]) {
        if sources.is_empty() {
            return;
        }
        let mut state = self.state.lock();
        let mut is_any_due = false;
        for subscription in state.by_key.values_mut() {
            let concerns = |source: i64| sources.contains(&source);
            let is_concerned = subscription.source.is_none_or(concerns);
            subscription.is_due |= is_concerned;
            is_any_due |= is_concerned;
        }
        if is_any_due {
            self.changed.notify_one();
        }
    }

    /// Number of subscriptions.
    pub fn count(&self) -> usize {
        self.state.lock().by_key.len()
    }

    /// Ends all of them: when this returns, nothing more is sent.
    pub fn close(&self) {
        let ended = {
            let mut state = self.state.lock();
            state.is_closed = true;
            std::mem::take(&mut state.by_key)
        };
        self.changed.notify_all();
        for subscription in ended.into_values() {
            drop(subscription.watched.subscriber.lock().take());
        }
    }

    /// Subscribes to a folder, which need not exist; its source must. The subscription ends with
    /// [`Subscriptions::unsubscribe`], or with the next commit once `is_gone` is set: set it only
    /// when the subscriber is gone, as one more message may be sent. Reads the index.
    pub fn subscribe(
        self: &Arc<Self>,
        key: String,
        source: &str,
        folder: &[u8],
        is_gone: Arc<AtomicBool>,
        subscriber: S,
    ) -> Result<(), Error> {
        self.readers.pool()?.source(source)?;
        let watched = Arc::new(WatchedFolder {
            source: source.to_owned(),
            folder: folder.to_vec(),
            is_gone,
            subscriber: Mutex::new(Some(subscriber)),
            sent: Mutex::default(),
        });
        self.add(key, &watched)
            .map_err(|reason| Error::new(reason, Operation::Read, folder))?;
        // Read again: until its row is known, every commit counts as one to this source.
        if let Ok(source) = self.readers.pool().and_then(|pool| pool.source(source)) {
            self.name_source(&watched, source.value.id());
        }
        Ok(())
    }

    /// Ends a subscription: when this returns, nothing more is sent.
    pub fn unsubscribe(&self, key: &str) {
        let ended = {
            let mut state = self.state.lock();
            let ended = state.by_key.remove(key);
            if state.by_key.is_empty() {
                self.changed.notify_all();
            }
            ended
        };
        if let Some(subscription) = ended {
            drop(subscription.watched.subscriber.lock().take());
        }
    }

    fn add(self: &Arc<Self>, key: String, watched: &Arc<WatchedFolder<S>>) -> Result<(), Reason> {
        let mut state = self.state.lock();
        if state.is_closed {
            return Err(Reason::Closed);
        }
        if !state.has_thread {
            let this = Arc::clone(self);
            // EAGAIN, as the system says when no thread can be had.
            background::spawn(move || this.run()).map_err(|_| Reason::Errno(errno::AGAIN))?;
            state.has_thread = true;
        }
        state.drop_gone();
        let subscription = Subscription {
            watched: Arc::clone(watched),
            source: None,
            is_due: false,
            read_at: None,
        };
        state.by_key.insert(key, subscription);
        Ok(())
    }

    fn run(&self) {
        while let Some(watched) = self.next() {
            let read = || self.read_and_send(&watched);
            let source = catch_unwind(AssertUnwindSafe(read)).ok().flatten();
            self.note_read(&watched, source);
        }
    }

    /// Row of the source, if it exists. `None` if the index could not be read.
    fn read_and_send(&self, watched: &WatchedFolder<S>) -> Option<Option<i64>> {
        let pool = self.readers.pool().ok()?;
        // Looked up each time: a source that was forgotten and scanned again has another row.
        let source = if_exists(pool.source(&watched.source))?;
        let folders = if_exists(pool.folders(&watched.source, &watched.folder))?;
        watched.send(folders.unwrap_or_default());
        Some(source.map(|source| source.value.id()))
    }

    /// Sets the row of the source, unless the folder has been read already.
    fn name_source(&self, watched: &Arc<WatchedFolder<S>>, source: i64) {
        let mut state = self.state.lock();
        if let Some(subscription) = state.find(watched)
            && subscription.read_at.is_none()
        {
            subscription.source = Some(source);
        }
    }

    /// Notes the outcome of a read. After a failure the folder is read again without waiting for a
    /// commit: there may be no other.
    fn note_read(&self, watched: &Arc<WatchedFolder<S>>, source: Option<Option<i64>>) {
        let mut state = self.state.lock();
        if let Some(subscription) = state.find(watched) {
            match source {
                Some(source) => subscription.source = source,
                None => subscription.is_due = true,
            }
        }
    }

    /// Waits for the next folder to read. `None` when no subscriptions are left: the thread ends.
    fn next(&self) -> Option<Arc<WatchedFolder<S>>> {
        let mut state = self.state.lock();
        loop {
            state.drop_gone();
            if state.by_key.is_empty() {
                state.has_thread = false;
                return None;
            }
            let now = Instant::now();
            let due_at = |one: &Subscription<S>| one.read_at.map_or(now, |at| at + PAUSE);
            let due = state.by_key.values_mut().filter(|one| one.is_due);
            match due.min_by_key(|one| due_at(one)) {
                None => self.changed.wait(&mut state),
                Some(first) if due_at(first) > now => {
                    let until = due_at(first);
                    self.changed.wait_until(&mut state, until);
                }
                Some(first) => {
                    (first.source, first.is_due, first.read_at) = (None, false, Some(now));
                    return Some(Arc::clone(&first.watched));
                }
            }
        }
    }
}

impl<S> SubscriptionState<S> {
    fn drop_gone(&mut self) {
        let is_there = |one: &Subscription<S>| !one.watched.is_gone.load(Ordering::Acquire);
        self.by_key.retain(|_, subscription| is_there(subscription));
    }

    fn find(&mut self, watched: &Arc<WatchedFolder<S>>) -> Option<&mut Subscription<S>> {
        let mut all = self.by_key.values_mut();
        all.find(|subscription| Arc::ptr_eq(&subscription.watched, watched))
    }
}

impl<S: Subscriber> WatchedFolder<S> {
    /// Sends the totals, unless they are what was sent last.
    fn send(&self, folders: Vec<FolderTotals>) {
        let mut sent = self.sent.lock();
        if sent.as_ref() == Some(&folders) {
            return;
        }
        let message = S::message(&folders);
        *sent = Some(folders);
        if let Some(subscriber) = &*self.subscriber.lock() {
            subscriber.send(message);
        }
    }
}

/// What was read; `Some(None)` if it does not exist.
fn if_exists<T>(read: Result<T, Error>) -> Option<Option<T>> {
    match read {
        Ok(value) => Some(Some(value)),
        Err(error) if is_absence(error.reason) => Some(None),
        Err(_) => None,
    }
}

fn is_absence(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::NoFolder | Reason::NoSource | Reason::Errno(errno::NOTDIR)
    )
}
