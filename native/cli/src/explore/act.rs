//! What is done to files, on a thread of its own: entries are moved to the trash or deleted. Each is looked at just before,
//! and left where it is another thing than the one that was shown.

mod counted;
mod delete;
mod desktop;
mod look;
mod removing;
mod survey;
mod trash;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crossbeam_channel::{Sender, unbounded};
use rustix::fs::fstatvfs;

use self::look::descend;
use self::removing::{remove, surveys};
use super::message::Message;
use super::removal::{RemoveWanted, Target};
use super::state::Place;

/// What it is to do.
pub enum Act {
    Remove(RemoveWanted, Turn),
    /// Count what targets hold on disk, for the question of this number.
    Survey(u64, Vec<Target>, Turn),
    /// Say how much is free where a folder lies.
    Free(Place),
    /// Let the desktop open a full path.
    Open(Vec<u8>),
}

/// What may be stopped has a number: it goes on as long as no other is the newest.
type Turn = u64;

/// The thread, and what stops what it does.
pub struct Acts {
    sender: Sender<Act>,
    newest: Arc<AtomicU64>,
}

impl Acts {
    /// Starts the thread. The index itself, where it lies, is never removed.
    pub fn start(index: PathBuf, to_main: Sender<Message>) -> std::io::Result<Acts> {
        let (sender, acts) = unbounded::<Act>();
        let newest = Arc::new(AtomicU64::new(0));
        let turns = Arc::clone(&newest);
        let named = thread::Builder::new().name("explore-act".to_owned());
        named.spawn(move || {
            for act in acts {
                let message = match act {
                    Act::Remove(wanted, turn) => {
                        let is_stopped = || turns.load(Ordering::Relaxed) != turn;
                        let tell = |entries| drop(to_main.send(Message::Removing(entries)));
                        let report = remove(&wanted, &index, &is_stopped, tell);
                        Some(Message::Removed(Box::new(report)))
                    }
                    Act::Survey(number, targets, turn) => {
                        let is_stopped = || turns.load(Ordering::Relaxed) != turn;
                        let surveys = surveys(&targets, &index, &is_stopped);
                        Some(Message::Surveyed(number, surveys))
                    }
                    Act::Free(place) => {
                        let bytes = free(&place).map(|bytes| bytes.max(0).unsigned_abs());
                        Some(Message::Free(place, bytes))
                    }
                    Act::Open(path) => {
                        desktop::open(path, to_main.clone());
                        None
                    }
                };
                // At the end nobody listens.
                let _ = message.map(|message| to_main.send(message));
            }
        })?;
        Ok(Acts { sender, newest })
    }

    pub fn remove(&self, wanted: RemoveWanted) {
        self.act(Act::Remove(wanted, self.turn()));
    }

    pub fn survey(&self, number: u64, targets: Vec<Target>) {
        self.act(Act::Survey(number, targets, self.turn()));
    }

    pub fn act(&self, act: Act) {
        // Its thread lives as long as this channel.
        let _ = self.sender.send(act);
    }

    pub fn stop(&self) {
        self.turn();
    }

    /// The next number, which stops what has another.
    fn turn(&self) -> Turn {
        self.newest.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// What a user may still write where a folder lies.
fn free(place: &Place) -> Option<i64> {
    let folder = descend(&place.root, &place.folder).ok()?;
    let found = fstatvfs(folder).ok()?;
    i64::try_from(found.f_bavail.saturating_mul(found.f_frsize)).ok()
}
