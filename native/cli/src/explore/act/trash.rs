//! The trash, as FreeDesktop's specification 1.0 has it: the home trash for what lies on its file system, otherwise one at the
//! top of the file system that a thing lies on. Never a copy: what cannot be renamed is left where it is.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use aether_core::path;
use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, RenameFlags, mkdirat, openat, renameat, renameat_with, unlinkat,
};
use rustix::io::{Errno, write};
use rustix::process::getuid;

use super::look::{Look, look, look_at, open_way};
use crate::{os, place};

const PRIVATE: Mode = Mode::RWXU;
/// The longest name that file systems take, less what the file beside it has behind its own.
const LONGEST: usize = 255 - INFO.len();
const INFO: &str = ".trashinfo";
const STICKY: u32 = 0o1000;
/// Levels that are gone up to find the top of a file system.
const LEVELS: usize = 10_000;

/// Why a thing was not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no trash that it could be renamed into.
    NoTrash(Errno),
    /// It is another thing than the one that was looked at; it is where it was.
    Changed,
}

/// A trash that is open: where files go, where is told what they were, and in front of which path that is written.
pub struct Trash {
    pub files: OwnedFd,
    pub info: OwnedFd,
    pub path: Vec<u8>,
    /// Its own full path.
    pub at: Vec<u8>,
}

/// Where a thing is by now: the full path of the trash, and its name in there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trashed {
    pub trash: Vec<u8>,
    pub name: Vec<u8>,
}

/// Whether something at this path is a trash, or lies in one, or has the user's own in it.
pub fn concerns(whole: &[u8]) -> bool {
    let own = data_home().map(|data| data.join("Trash"));
    let own = own.map(|own| own.canonicalize().unwrap_or(own));
    let is_own = own.is_some_and(|own| {
        let own = own.as_os_str().as_bytes();
        path::is_within(own, whole) || path::is_within(whole, own)
    });
    let names_one = |name: &[u8]| name == b".Trash" || name.starts_with(b".Trash-");
    is_own || whole.split(|byte| *byte == b'/').any(names_one)
}

/// Moves a thing into the trash. `path` is the full path of `folder`; `shown` was a look at the thing.
pub fn trash(folder: &OwnedFd, path: &[u8], name: &[u8], shown: &Look) -> Result<Trashed, Refused> {
    let homely = home(folder, path).and_then(|trash| put(&trash, folder, name, shown));
    match homely {
        // Also where only the mount differs.
        Err(Refused::NoTrash(Errno::XDEV | Errno::NOENT)) => {}
        done => return done,
    }
    let found = topmost(folder, path).map_err(Refused::NoTrash)?;
    put(&found, folder, name, shown)
}

/// The user's own, made if it is not there.
fn home(folder: &OwnedFd, path: &[u8]) -> Result<Trash, Refused> {
    let at = data_home()
        .ok_or(Refused::NoTrash(Errno::NOENT))?
        .join("Trash");
    let open = || {
        std::fs::create_dir_all(at.parent().unwrap_or(&at)).map_err(errno)?;
        make(CWD, at.as_os_str().as_bytes())?;
        let open = open_way(CWD, at.as_os_str().as_bytes())?;
        if look_at(&open)?.identity.0 != look_at(folder)?.identity.0 {
            return Err(Errno::XDEV);
        }
        let at = at.canonicalize().map_err(errno)?;
        within(&open, at.into_os_string().into_vec(), path)
    };
    open().map_err(Refused::NoTrash)
}

/// `$XDG_DATA_HOME`; with sudo that of root, as with the state folder.
fn data_home() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let is_root = rustix::process::geteuid().is_root();
    let from_environment = !is_root || set("SUDO_UID").is_none();
    let data = set("XDG_DATA_HOME").map(PathBuf::from);
    let data = data.filter(|data| from_environment && data.is_absolute());
    data.or_else(|| Some(place::home()?.join(".local/share")))
}

/// One at the top of the file system that a folder lies on.
fn topmost(folder: &OwnedFd, path: &[u8]) -> Result<Trash, Errno> {
    let (top, levels) = top_of(folder)?;
    let names = path
        .split(|byte| *byte == b'/')
        .filter(|name| !name.is_empty());
    let names = names.collect::<Vec<_>>();
    let beneath = names
        .get(names.len().saturating_sub(levels)..)
        .unwrap_or_default();
    let path = beneath.join(&b'/');
    let above = names.get(..names.len().saturating_sub(levels));
    let above = above.unwrap_or_default().iter();
    let above = above.fold(Vec::new(), |above, name| {
        [above.as_slice(), b"/", name].concat()
    });
    let user = getuid().as_raw().to_string();
    if let Ok(shared) = open_way(&top, b".Trash")
        && look_at(&shared).is_ok_and(|shared| shared.mode & STICKY != 0)
        && let Ok(trash) = own(
            &shared,
            user.as_bytes(),
            &[&above, b"/.Trash".as_slice()].concat(),
            &path,
        )
    {
        return Ok(trash);
    }
    own(&top, format!(".Trash-{user}").as_bytes(), &above, &path)
}

/// One of this user alone.
fn own(folder: &OwnedFd, name: &[u8], above: &[u8], path: &[u8]) -> Result<Trash, Errno> {
    make(folder, name)?;
    let open = open_way(folder, name)?;
    if look_at(&open)?.uid != getuid().as_raw() {
        return Err(Errno::ACCESS);
    }
    within(&open, [above, b"/", name].concat(), path)
}

fn within(trash: &OwnedFd, at: Vec<u8>, path: &[u8]) -> Result<Trash, Errno> {
    let part = |name: &[u8]| {
        make(trash, name)?;
        open_way(trash, name)
    };
    Ok(Trash {
        files: part(b"files")?,
        info: part(b"info")?,
        path: path.to_vec(),
        at,
    })
}

fn make(folder: impl AsFd, name: &[u8]) -> Result<(), Errno> {
    match mkdirat(folder, name, PRIVATE) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The top of the file system that a folder lies on, and how many levels above it that is.
fn top_of(folder: &OwnedFd) -> Result<(OwnedFd, usize), Errno> {
    let mut at = open_way(folder, b".")?;
    let mut here = look_at(&at)?;
    for levels in 0..LEVELS {
        let above = open_way(&at, b"..")?;
        let look = look_at(&above)?;
        let is_top = here.is_mount || look.identity.0 != here.identity.0;
        if is_top || look.identity == here.identity {
            return Ok((at, levels));
        }
        (at, here) = (above, look);
    }
    Err(Errno::LOOP)
}

pub fn put(trash: &Trash, folder: &OwnedFd, name: &[u8], shown: &Look) -> Result<Trashed, Refused> {
    let text = info(&trash.path, name);
    let mut number = 1_u32;
    loop {
        let taken = named(name, number);
        let beside = [taken.as_slice(), INFO.as_bytes()].concat();
        number += 1;
        match write_new(&trash.info, &beside, &text) {
            Ok(()) => {}
            Err(Errno::EXIST) if number < 1_000_000 => continue,
            Err(error) => return Err(Refused::NoTrash(error)),
        }
        let moved = rename(folder, name, &trash.files, &taken);
        let undo = || {
            let _ = unlinkat(&trash.info, &beside, AtFlags::empty());
        };
        match moved {
            Ok(()) => {}
            // Left behind by somebody without its file.
            Err(Errno::EXIST | Errno::NOTEMPTY) if number < 1_000_000 => {
                undo();
                continue;
            }
            Err(Errno::NOENT) => {
                undo();
                return Err(Refused::Changed);
            }
            Err(error) => {
                undo();
                return Err(Refused::NoTrash(error));
            }
        }
        // What was exchanged between the look and the move goes back.
        let is_other = |found: Look| found.identity != shown.identity;
        if look(&trash.files, &taken).is_ok_and(is_other)
            && rename(&trash.files, &taken, folder, name).is_ok()
        {
            undo();
            return Err(Refused::Changed);
        }
        return Ok(Trashed {
            trash: trash.at.clone(),
            name: taken,
        });
    }
}

/// A name in the trash: the thing's own, with a number from the second on.
fn named(name: &[u8], number: u32) -> Vec<u8> {
    let number = match number {
        1 => String::new(),
        number => format!(".{number}"),
    };
    let room = name.len().min(LONGEST - number.len());
    let (kept, _) = name.split_at(room);
    [kept, number.as_bytes()].concat()
}

/// Never over something that is there.
fn rename(from: &OwnedFd, name: &[u8], to: &OwnedFd, taken: &[u8]) -> Result<(), Errno> {
    match renameat_with(from, name, to, taken, RenameFlags::NOREPLACE) {
        // Not every file system knows this.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => match look(to, taken) {
            Err(Errno::NOENT) => renameat(from, name, to, taken),
            Ok(_) => Err(Errno::EXIST),
            Err(error) => Err(error),
        },
        done => done,
    }
}

fn write_new(folder: &OwnedFd, name: &[u8], text: &[u8]) -> Result<(), Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = openat(folder, name, flags, Mode::RUSR | Mode::WUSR)?;
    let mut rest = text;
    while !rest.is_empty() {
        match write(&file, rest) {
            Ok(written) => rest = rest.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(error) => {
                let _ = unlinkat(folder, name, AtFlags::empty());
                return Err(error);
            }
        }
    }
    Ok(())
}

/// What a thing was and when it was moved, as a desktop entry.
fn info(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let path = match folder {
        [] => name.to_vec(),
        [.., b'/'] => [folder, name].concat(),
        folder => [folder, b"/", name].concat(),
    };
    let mut text = String::from("[Trash Info]\nPath=");
    for byte in path {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = now.map_or(0, |now| now.as_secs().cast_signed());
    if let Some(at) = os::calendar(seconds, false) {
        text.push_str(&format!(
            "\nDeletionDate={:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            at.year, at.month, at.day, at.hour, at.minute, at.second
        ));
    }
    text.push('\n');
    text.into_bytes()
}

fn errno(error: std::io::Error) -> Errno {
    Errno::from_io_error(&error).unwrap_or(Errno::IO)
}
