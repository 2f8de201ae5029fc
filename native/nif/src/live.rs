//! Live totals: who watches a folder is told after commits what the folders in it hold, at most four times a second. One thread
//! for an index does it, as long as anybody watches.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use aether_index::reader::FolderTotals;
use aether_index::{Error, Operation, Reason};
use parking_lot::{Condvar, Mutex};
use rustler::types::atom::{error, ok};
use rustler::{
    Atom, Binary, Encoder, Env, LocalPid, Monitor, Reference, Resource, ResourceArc, Term,
};

use crate::aside;
use crate::index::{Cell, Handle};
use crate::read::failed;
use crate::send::Post;
use crate::{atoms, terms};

/// Between two messages of a subscription, and two looks at its folder.
const PAUSE: Duration = Duration::from_millis(250);

/// Watches one who watches.
#[derive(Default)]
pub struct Witness {
    is_dead: AtomicBool,
}

#[rustler::resource_impl(name = "witness")]
impl Resource for Witness {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        // The thread takes it out after the next commit.
        self.is_dead.store(true, Ordering::Release);
    }
}

/// A folder that is watched.
struct Watched {
    source: String,
    folder: Vec<u8>,
    /// Held for as long as it is to be watched.
    witness: ResourceArc<Witness>,
    /// None when nothing is to be sent any more.
    post: Mutex<Option<Post>>,
    /// What was told last; of interest to the thread alone.
    told: Mutex<Option<Vec<FolderTotals>>>,
}

/// What the thread knows of it.
struct Seen {
    watched: Arc<Watched>,
    /// The number of its source, by which commits name it. None while that is not known, or being read: any commit may be of it.
    source: Option<i64>,
    /// There was a commit since it was looked at.
    is_due: bool,
    at: Option<Instant>,
}

/// All who watch one index.
#[derive(Default)]
pub struct Live {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// By the text of their references.
    seen: HashMap<String, Seen>,
    /// There is a thread.
    is_awake: bool,
    is_closed: bool,
}

impl Live {
    /// After a commit to these sources, on the writer's thread.
    pub fn touch(&self, sources: &[i64]) {
        if sources.is_empty() {
            return;
        }
        let mut state = self.state.lock();
        let mut is_any_due = false;
        for seen in state.seen.values_mut() {
            let is_its = seen.source.is_none_or(|source| sources.contains(&source));
            seen.is_due |= is_its;
            is_any_due |= is_its;
        }
        if is_any_due {
            self.changed.notify_one();
        }
    }

    /// How many watch.
    pub fn count(&self) -> usize {
        self.state.lock().seen.len()
    }

    /// Nothing is sent any more.
    pub fn close(&self) {
        let seen = {
            let mut state = self.state.lock();
            state.is_closed = true;
            std::mem::take(&mut state.seen)
        };
        self.changed.notify_all();
        for seen in seen.into_values() {
            drop(seen.watched.post.lock().take());
        }
    }

    fn add(
        self: &Arc<Self>,
        cell: &Arc<Cell>,
        key: String,
        watched: Watched,
    ) -> Result<Arc<Watched>, Reason> {
        let mut state = self.state.lock();
        if state.is_closed {
            return Err(Reason::Closed);
        }
        if !state.is_awake {
            let (live, cell) = (Arc::clone(self), Arc::downgrade(cell));
            aside::thread(move || live.run(&cell)).map_err(|_| Reason::Errno(11))?;
            state.is_awake = true;
        }
        // Those that died since the last commit.
        let is_alive = |seen: &mut Seen| !seen.watched.witness.is_dead.load(Ordering::Acquire);
        state.seen.retain(|_, seen| is_alive(seen));
        let watched = Arc::new(watched);
        let seen = Seen {
            watched: Arc::clone(&watched),
            source: None,
            is_due: false,
            at: None,
        };
        state.seen.insert(key, seen);
        Ok(watched)
    }

    /// When this returns, nothing more is sent.
    fn remove(&self, key: &str) {
        let seen = {
            let mut state = self.state.lock();
            let seen = state.seen.remove(key);
            if state.seen.is_empty() {
                self.changed.notify_all();
            }
            seen
        };
        if let Some(seen) = seen {
            drop(seen.watched.post.lock().take());
        }
    }

    fn run(&self, cell: &Weak<Cell>) {
        while let Some(watched) = self.next() {
            let look = || {
                let cell = cell.upgrade()?;
                let pool = cell.readers().ok()?;
                // Each time: forgotten and scanned again, a source has another number.
                let source = pool.source(&watched.source);
                let source = found(source)?.map(|source| source.value.id());
                let folders = pool.folders(&watched.source, &watched.folder);
                watched.tell(found(folders)?.unwrap_or_default());
                Some(source)
            };
            let looked = catch_unwind(AssertUnwindSafe(look)).ok().flatten();
            self.note(&watched, looked);
        }
    }

    /// Before the first look: the number of the source.
    fn name(&self, watched: &Arc<Watched>, source: i64) {
        let mut state = self.state.lock();
        for seen in state.seen.values_mut() {
            if Arc::ptr_eq(&seen.watched, watched) && seen.at.is_none() {
                seen.source = Some(source);
            }
        }
    }

    /// After a look: the number of the source, if there is such a source. If the look failed, there is to be another after the
    /// pause, for this may have been the last commit.
    fn note(&self, watched: &Arc<Watched>, looked: Option<Option<i64>>) {
        let mut state = self.state.lock();
        for seen in state.seen.values_mut() {
            if Arc::ptr_eq(&seen.watched, watched) {
                match looked {
                    Some(source) => seen.source = source,
                    None => seen.is_due = true,
                }
            }
        }
    }

    /// The next folder to look at. None when nobody watches any more, and the thread is to end.
    fn next(&self) -> Option<Arc<Watched>> {
        let mut state = self.state.lock();
        loop {
            state
                .seen
                .retain(|_, seen| !seen.watched.witness.is_dead.load(Ordering::Acquire));
            if state.seen.is_empty() {
                state.is_awake = false;
                return None;
            }
            let now = Instant::now();
            let waiting = state.seen.iter_mut().filter(|(_, seen)| seen.is_due);
            let due = |seen: &Seen| seen.at.map_or(now, |at| at + PAUSE);
            match waiting.min_by_key(|(_, seen)| due(seen)) {
                None => self.changed.wait(&mut state),
                Some((_, seen)) if due(seen) > now => {
                    let until = due(seen);
                    self.changed.wait_until(&mut state, until);
                }
                Some((_, seen)) => {
                    (seen.source, seen.is_due, seen.at) = (None, false, Some(now));
                    return Some(Arc::clone(&seen.watched));
                }
            }
        }
    }
}

/// What was read; none if it is not there, or not any more.
fn found<T>(read: Result<T, Error>) -> Option<Option<T>> {
    match read {
        Ok(value) => Some(Some(value)),
        Err(error) if matches!(error.reason, Reason::NoFolder | Reason::NoSource) => Some(None),
        Err(_) => None,
    }
}

impl Watched {
    /// Sends it, if it is not what was sent last.
    fn tell(&self, folders: Vec<FolderTotals>) {
        let mut told = self.told.lock();
        if told.as_ref() == Some(&folders) {
            return;
        }
        let letter = crate::send::folders(&folders);
        *told = Some(folders);
        if let Some(post) = &*self.post.lock() {
            post.send(letter);
        }
    }
}

/// Has the caller told of what the folders of a folder hold, under this reference.
#[rustler::nif(schedule = "DirtyIo")]
fn index_subscribe<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &Handle,
    source: String,
    folder: Binary<'a>,
) -> Term<'a> {
    let cell = &handle.0;
    // Who reads alone does not learn of commits.
    let known = cell
        .with(|_| ())
        .and_then(|()| cell.readers()?.source(&source));
    if let Err(reason) = known {
        return failed(env, &reason);
    }
    let witness = ResourceArc::new(Witness::default());
    if env.monitor(&witness, &env.pid()).is_none() {
        return (error(), terms::start_error(env, atoms::noproc(), &[])).encode(env);
    }
    let watched = Watched {
        source,
        folder: folder.to_vec(),
        witness,
        post: Mutex::new(Some(Post::new(reference, env.pid()))),
        told: Mutex::default(),
    };
    match cell.live.add(cell, terms::inspect(reference), watched) {
        Ok(watched) => {
            // Read again: a commit to whatever source that comes in between is looked at.
            let source = cell.readers().and_then(|pool| pool.source(&watched.source));
            if let Ok(source) = source {
                cell.live.name(&watched, source.value.id());
            }
            ok().encode(env)
        }
        Err(reason) => failed(env, &Error::new(reason, Operation::Read, &folder)),
    }
}

/// When this returns, nothing more is sent under the reference.
#[rustler::nif]
fn index_unsubscribe(handle: &Handle, reference: Reference<'_>) -> Atom {
    handle.0.live.remove(&terms::inspect(reference));
    ok()
}
