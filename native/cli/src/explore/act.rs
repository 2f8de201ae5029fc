//! What is done to files, on a thread of its own: entries are moved to the trash or deleted. Each is looked at just before,
//! and left where it is another thing than the one that was shown.

mod delete;
mod desktop;
mod look;
mod trash;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;

use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aether_core::{Reason, mount_points, path};
use crossbeam_channel::{Sender, unbounded};
use rustix::fs::{AtFlags, fstatvfs, unlinkat};
use rustix::io::Errno;

use self::delete::{Listens, Why};
use self::look::{Look, descend, look};
use super::message::Message;
use super::removal::{How, RemoveWanted, Report, Target};
use super::state::Place;
use crate::messages;
use crate::place::{full, os};

/// How often is told how far a removal is.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// What it is to do.
pub enum Act {
    Remove(RemoveWanted),
    /// Say how much is free where a folder lies.
    Free(Place),
    /// Let the desktop open a full path.
    Open(Vec<u8>),
}

/// The thread, and what stops what it does.
pub struct Acts {
    sender: Sender<Act>,
    stop: Arc<AtomicBool>,
}

impl Acts {
    /// Starts the thread. The index itself, where it lies, is never removed.
    pub fn start(index: PathBuf, to_main: Sender<Message>) -> std::io::Result<Acts> {
        let (sender, acts) = unbounded::<Act>();
        let stop = Arc::new(AtomicBool::new(false));
        let stops = Arc::clone(&stop);
        let named = thread::Builder::new().name("explore-act".to_owned());
        named.spawn(move || {
            for act in acts {
                let message = match act {
                    Act::Remove(wanted) => {
                        let tell = |entries| drop(to_main.send(Message::Removing(entries)));
                        let report = remove(&wanted, &index, &stops, tell);
                        Some(Message::Removed(Box::new(report)))
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
        Ok(Acts { sender, stop })
    }

    pub fn remove(&self, wanted: RemoveWanted) {
        self.stop.store(false, Ordering::Relaxed);
        self.act(Act::Remove(wanted));
    }

    pub fn act(&self, act: Act) {
        // Its thread lives as long as this channel.
        let _ = self.sender.send(act);
    }

    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// What a user may still write where a folder lies.
fn free(place: &Place) -> Option<i64> {
    let folder = descend(&place.root, &place.folder).ok()?;
    let found = fstatvfs(folder).ok()?;
    i64::try_from(found.f_bavail.saturating_mul(found.f_frsize)).ok()
}

/// Removes what is wanted, one after the other.
fn remove(
    wanted: &RemoveWanted,
    index: &std::path::Path,
    stop: &AtomicBool,
    tell: impl FnMut(u64),
) -> Report {
    let mut removing = Removing {
        report: Report::new(wanted.how),
        index: index.canonicalize().unwrap_or_else(|_| index.to_owned()),
        stop,
        tell,
        told: Instant::now(),
    };
    let place = wanted.targets.first().map(|target| &target.place);
    let before = place.and_then(free);
    for target in &wanted.targets {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        removing.one(wanted.how, target);
    }
    let mut report = removing.report;
    report.is_stopped = stop.load(Ordering::Relaxed);
    report.freed = place
        .and_then(free)
        .zip(before)
        .map(|(now, then)| now - then);
    report
}

struct Removing<'a, T> {
    report: Report,
    index: PathBuf,
    stop: &'a AtomicBool,
    tell: T,
    told: Instant,
}

/// A thing that was found where it was shown, as it was shown.
struct Found {
    folder: OwnedFd,
    look: Look,
    /// The full path of its folder, as the file system has it.
    path: Vec<u8>,
    /// Its own.
    whole: Vec<u8>,
}

impl<T: FnMut(u64)> Removing<'_, T> {
    fn one(&mut self, how: How, target: &Target) {
        let found = match self.find(target) {
            Ok(found) => found,
            Err(why) => return self.leave(target, b"", why),
        };
        let name = target.child.name.as_slice();
        let before = self.report.left_count;
        let has_entries = self.report.entries;
        let is_gone = match how {
            How::Trash if trash::concerns(&found.whole) => {
                let why = "it belongs to a trash, which the desktop empties: D deletes it";
                self.leave(target, b"", why.to_owned());
                false
            }
            How::Trash => match trash::trash(&found.folder, &found.path, name, &found.look) {
                Ok(()) => {
                    self.report.entries += 1;
                    true
                }
                Err(trash::Refused::Changed) => {
                    self.leave(target, b"", changed());
                    false
                }
                Err(trash::Refused::NoTrash(error)) => {
                    let why = format!("no trash takes it: {}", said(error));
                    self.leave(target, b"", why);
                    self.report.untrashed.push(target.clone());
                    false
                }
            },
            How::Delete => self.delete(target, &found),
        };
        self.again(
            target,
            is_gone,
            self.report.entries > has_entries || before == self.report.left_count,
        );
        if is_gone {
            self.report.gone.push(target.clone());
        }
    }

    fn delete(&mut self, target: &Target, found: &Found) -> bool {
        let name = target.child.name.as_slice();
        if found.look.is_directory() {
            let stop = self.stop;
            let mut listens = Of {
                removing: self,
                target,
            };
            return delete::delete(&found.folder, name, &found.look, stop, &mut listens);
        }
        match unlinkat(&found.folder, name, AtFlags::empty()) {
            Ok(()) => {
                self.report.entries += 1;
                true
            }
            Err(error) => {
                self.leave(target, b"", why_of(Why::System(error)));
                false
            }
        }
    }

    /// Looks for it, and whether it may be removed.
    fn find(&self, target: &Target) -> Result<Found, String> {
        let (root, name) = (&target.place.root, target.child.name.as_slice());
        if name.is_empty() || name.contains(&b'/') || name == b"." || name == b".." {
            return Err("it is the root".to_owned());
        }
        let folder = descend(root, &target.place.folder).map_err(said)?;
        let found = look(&folder, name).map_err(said)?;
        let above = look::look_at(&folder).map_err(said)?;
        if !found.is_within(&above) {
            return Err(why_of(Why::Mount));
        }
        if !found.is_as_shown(&target.child) {
            return Err(changed());
        }
        let path = os(&full(root, &target.place.folder)).canonicalize();
        let path = path.map_err(|_| changed())?.as_os_str().as_bytes().to_vec();
        let whole = path::join(&path, name);
        let whole = match path.as_slice() {
            b"/" => [b"/", name].concat(),
            _ => whole,
        };
        let contains = |inner: &[u8]| inner == whole || path::is_within(inner, &whole);
        if contains(self.index.as_os_str().as_bytes()) {
            return Err("the index that is shown lies in it".to_owned());
        }
        if mount_points().is_some_and(|points| points.iter().any(|point| contains(point))) {
            return Err("a file system is mounted in it".to_owned());
        }
        Ok(Found {
            folder,
            look: found,
            path,
            whole,
        })
    }

    /// What has to be listed again. The folder's own time has changed as well, which the folder above it tells.
    fn again(&mut self, target: &Target, is_gone: bool, has_changed: bool) {
        if !has_changed {
            return;
        }
        let mut add = |folder: &[u8], depth| {
            let place = Place {
                root: target.place.root.clone(),
                folder: folder.to_vec(),
            };
            if !self.report.again.contains(&(place.clone(), depth)) {
                self.report.again.push((place, depth));
            }
        };
        if !is_gone {
            add(&target.path(), None);
        }
        add(&target.place.folder, Some(1));
        if !target.place.folder.is_empty() {
            add(path::split(&target.place.folder).0, Some(1));
        }
    }

    fn leave(&mut self, target: &Target, beneath: &[u8], why: String) {
        let mut path = full(&target.place.root, &target.path());
        if !beneath.is_empty() {
            path = path::join(&path, beneath);
        }
        self.report.leave(path, why);
    }
}

/// What is deleted of a target.
struct Of<'a, 'b, T> {
    removing: &'a mut Removing<'b, T>,
    target: &'a Target,
}

impl<T: FnMut(u64)> Listens for Of<'_, '_, T> {
    fn deleted(&mut self) {
        let removing = &mut *self.removing;
        removing.report.entries += 1;
        if removing.told.elapsed() >= TELL_EVERY {
            removing.told = Instant::now();
            (removing.tell)(removing.report.entries);
        }
    }

    fn left(&mut self, path: Vec<u8>, why: Why) {
        self.removing.leave(self.target, &path, why_of(why));
    }
}

fn changed() -> String {
    why_of(Why::Changed)
}

fn why_of(why: Why) -> String {
    match why {
        Why::Changed => "it is not what was shown any more: r looks again".to_owned(),
        Why::Mount => "a file system is mounted there".to_owned(),
        Why::System(error) => said(error),
    }
}

fn said(error: Errno) -> String {
    messages::short(Reason::Errno(error.raw_os_error()))
}
