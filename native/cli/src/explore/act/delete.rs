//! Deletes a directory with all that is in it: by descriptors, never through a link, never into another file system. Two
//! descriptors at a time, however deep it is: the way up is `..`, and has to lead to where one came from.

use std::collections::HashSet;
use std::ffi::CStr;
use std::os::fd::{AsFd, OwnedFd};

use aether_core::path;
use rustix::fs::{AtFlags, Dir, unlinkat};
use rustix::io::Errno;

use super::counted::Counted;
use super::look::{Look, look, look_at, open_folder};

/// Names that are read at a time, before any of them is deleted.
const BATCH: usize = 4_096;

/// Why something is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is another thing than before.
    Changed,
    /// A file system is mounted there.
    Mount,
    /// It came, or changed, after all was counted.
    Uncounted,
    /// The user stopped it.
    Stopped,
    System(Errno),
}

/// What a deletion tells while it runs.
pub trait Listens {
    /// An entry is deleted.
    fn deleted(&mut self);
    /// One is left: its path relative to what was to be deleted.
    fn left(&mut self, path: Vec<u8>, why: Why);
}

/// A directory that is being emptied.
struct Level {
    name: Vec<u8>,
    look: Look,
    /// Directories in it, to be emptied first.
    pending: Vec<Vec<u8>>,
    /// What cannot be deleted.
    left: HashSet<Vec<u8>>,
    /// What was gone when its turn came. A damaged file system may list it for ever.
    gone: HashSet<Vec<u8>>,
}

struct Emptying<'a, L> {
    levels: Vec<Level>,
    counted: &'a Counted,
    is_stopped: &'a dyn Fn() -> bool,
    listens: &'a mut L,
}

/// Deletes the directory of that name, which is what `shown` was a look at. Whether it is gone.
pub fn delete<L: Listens>(
    folder: impl AsFd,
    name: &[u8],
    shown: &Look,
    counted: &Counted,
    is_stopped: &dyn Fn() -> bool,
    listens: &mut L,
) -> bool {
    let mut emptying = Emptying {
        levels: Vec::new(),
        counted,
        is_stopped,
        listens,
    };
    let at = match emptying.enter(&folder, name, shown) {
        Ok(at) => at,
        Err(why) => {
            emptying.listens.left(Vec::new(), why);
            return false;
        }
    };
    let has_emptied = emptying.run(at);
    match has_emptied.then(|| unlinkat(&folder, name, AtFlags::REMOVEDIR)) {
        Some(Ok(())) => emptying.listens.deleted(),
        Some(Err(error)) => emptying.listens.left(Vec::new(), Why::System(error)),
        None => {}
    }
    matches!(look(&folder, name), Err(Errno::NOENT))
}

/// Deletes a target that is no directory, if it still is what was counted. Whether it is gone.
pub fn delete_file<L: Listens>(
    folder: impl AsFd,
    name: &[u8],
    counted: &Counted,
    listens: &mut L,
) -> bool {
    let gone = match look(&folder, name) {
        Ok(found) if found.is_directory() || !counted.has(0, name, &found) => Err(Why::Uncounted),
        Ok(_) => unlinkat(&folder, name, AtFlags::empty()).map_err(Why::System),
        Err(error) => Err(Why::System(error)),
    };
    match gone {
        Ok(()) => listens.deleted(),
        Err(why) => listens.left(Vec::new(), why),
    }
    gone.is_ok()
}

impl<L: Listens> Emptying<'_, L> {
    /// Opens a directory, if it is the one that was looked at.
    fn enter(&mut self, folder: impl AsFd, name: &[u8], shown: &Look) -> Result<OwnedFd, Why> {
        let open = open_folder(folder, name).map_err(|error| match error {
            Errno::LOOP | Errno::NOTDIR => Why::Changed,
            error => Why::System(error),
        })?;
        let look = look_at(&open).map_err(Why::System)?;
        // Nothing in it can be reached, nor what is above it, without the right to search it.
        self::look(&open, b".").map_err(Why::System)?;
        if look.is_mount {
            return Err(Why::Mount);
        }
        if look.identity != shown.identity {
            return Err(Why::Changed);
        }
        self.levels.push(Level {
            name: name.to_vec(),
            look,
            pending: Vec::new(),
            left: HashSet::new(),
            gone: HashSet::new(),
        });
        Ok(open)
    }

    /// Deletes all that is in it. Whether nothing is left.
    fn run(&mut self, mut at: OwnedFd) -> bool {
        loop {
            if (self.is_stopped)() {
                self.listens.left(Vec::new(), Why::Stopped);
                return false;
            }
            let Some(level) = self.levels.last_mut() else {
                return true;
            };
            if let Some(name) = level.pending.pop() {
                let parent = level.look;
                match self.enter_beneath(&at, &name, &parent) {
                    Ok(open) => at = open,
                    Err(Why::System(Errno::NOENT)) => self.note_gone(name),
                    Err(why) => self.leave(name, why),
                }
                continue;
            }
            let is_read = match self.pass(&at) {
                Ok(true) => continue,
                Ok(false) => true,
                Err(error) => {
                    self.leave_here(Why::System(error));
                    false
                }
            };
            let Some(done) = self.levels.pop() else {
                return true;
            };
            let Some(above) = self.levels.last() else {
                return done.left.is_empty() && is_read;
            };
            let expected = above.look.identity;
            match up(&at) {
                Ok((open, look)) if look.identity == expected => at = open,
                Ok(_) => {
                    self.leave(done.name, Why::Changed);
                    return false;
                }
                Err(error) => {
                    self.leave(done.name, Why::System(error));
                    return false;
                }
            }
            // What is left in it has been told.
            if !done.left.is_empty() || !is_read {
                self.keep(done.name);
                continue;
            }
            self.unlink(&at, done.name, AtFlags::REMOVEDIR);
        }
    }

    fn enter_beneath(&mut self, at: &OwnedFd, name: &[u8], above: &Look) -> Result<OwnedFd, Why> {
        let found = look(at, name).map_err(Why::System)?;
        if !found.is_directory() {
            return Err(Why::Changed);
        }
        if !found.is_within(above) {
            return Err(Why::Mount);
        }
        if !self.counted.has(above.identity.1, name, &found) {
            return Err(Why::Uncounted);
        }
        self.enter(at, name, &found)
    }

    /// Reads it from its start to its end, and deletes what can be at once. Whether there was any name that was not met
    /// before: where names go meanwhile, a file system may pass over others, which another reading finds.
    fn pass(&mut self, at: &OwnedFd) -> Result<bool, Errno> {
        let mut dir = Dir::read_from(at)?;
        let mut has_any = false;
        loop {
            let names = self.next_names(&mut dir)?;
            if names.is_empty() {
                return Ok(has_any);
            }
            has_any = true;
            for name in names {
                if (self.is_stopped)() {
                    return Ok(true);
                }
                self.one(at, name);
            }
        }
    }

    /// Names that were not met before; none at the end.
    fn next_names(&self, dir: &mut Dir) -> Result<Vec<Vec<u8>>, Errno> {
        let mut names: Vec<Vec<u8>> = Vec::new();
        while names.len() < BATCH {
            let Some(entry) = dir.read() else {
                break;
            };
            let entry = entry?;
            let name = CStr::to_bytes(entry.file_name());
            let is_left = self
                .levels
                .last()
                .is_some_and(|level| level.left.contains(name) || level.gone.contains(name));
            if !is_left && name != b"." && name != b".." {
                names.push(name.to_vec());
            }
        }
        Ok(names)
    }

    fn one(&mut self, at: &OwnedFd, name: Vec<u8>) {
        let here = self.levels.last().map_or(0, |level| level.look.identity.1);
        let found = match look(at, &name) {
            Ok(found) => found,
            Err(Errno::NOENT) => return self.note_gone(name),
            Err(error) => return self.leave(name, Why::System(error)),
        };
        if !self.counted.has(here, &name, &found) {
            return self.leave(name, Why::Uncounted);
        }
        if !found.is_directory() {
            return self.unlink(at, name, AtFlags::empty());
        }
        // Most of the smallest are empty by then; what is not says so.
        match unlinkat(at, &name, AtFlags::REMOVEDIR) {
            Ok(()) => self.listens.deleted(),
            Err(Errno::NOTEMPTY | Errno::EXIST) => {
                if let Some(level) = self.levels.last_mut() {
                    level.pending.push(name);
                }
            }
            Err(Errno::NOENT) => self.note_gone(name),
            Err(Errno::BUSY) => self.leave(name, Why::Mount),
            Err(error) => self.leave(name, Why::System(error)),
        }
    }

    fn unlink(&mut self, at: &OwnedFd, name: Vec<u8>, flags: AtFlags) {
        match unlinkat(at, &name, flags) {
            Ok(()) => self.listens.deleted(),
            // Somebody else was faster.
            Err(Errno::NOENT) => self.note_gone(name),
            Err(Errno::BUSY) => self.leave(name, Why::Mount),
            Err(error) => self.leave(name, Why::System(error)),
        }
    }

    fn leave(&mut self, name: Vec<u8>, why: Why) {
        let path = path::join(&self.here(), &name);
        self.listens.left(path, why);
        self.keep(name);
    }

    fn leave_here(&mut self, why: Why) {
        let here = self.here();
        self.listens.left(here, why);
    }

    fn note_gone(&mut self, name: Vec<u8>) {
        if let Some(level) = self.levels.last_mut() {
            level.gone.insert(name);
        }
    }

    /// A name that stays is not tried again.
    fn keep(&mut self, name: Vec<u8>) {
        if let Some(level) = self.levels.last_mut() {
            level.left.insert(name);
        }
    }

    /// The path of the directory that is being emptied, beneath the first.
    fn here(&self) -> Vec<u8> {
        let names = self.levels.iter().skip(1);
        names.fold(Vec::new(), |path, level| path::join(&path, &level.name))
    }
}

/// The directory above one, by which one came.
pub fn up(at: &OwnedFd) -> Result<(OwnedFd, Look), Errno> {
    let open = open_folder(at, b"..")?;
    let look = look_at(&open)?;
    Ok((open, look))
}
