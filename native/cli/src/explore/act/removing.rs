//! Removes targets, one after the other. All are counted before the first goes: where anything is not as the question said,
//! nothing is removed, and it is asked again.

use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aether_core::{Reason, mount_points, path};
use rustix::io::Errno;

use super::counted::{Counted, Counting};
use super::delete::{self, Listens, Why};
use super::look::{Look, descend, is_root, look, look_at, open_root};
use super::survey::survey;
use super::{free, trash};
use crate::explore::removal::{How, RemoveWanted, Report, Surveyed, Target};
use crate::explore::state::Place;
use crate::messages;
use crate::place::os;

/// How often is told how far a removal is.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Counts what lies at each target, until it is stopped.
pub fn surveys(targets: &[Target], index: &Path, is_stopped: &dyn Fn() -> bool) -> Vec<Surveyed> {
    counted(targets, index, is_stopped).0
}

/// The same with what was counted of all.
fn counted(
    targets: &[Target],
    index: &Path,
    is_stopped: &dyn Fn() -> bool,
) -> (Vec<Surveyed>, Counted) {
    let index = real(index);
    let mut counting = Counting::default();
    let going = targets.iter().take_while(|_| !is_stopped());
    let surveys = going
        .map(|target| count(target, &index, is_stopped, &mut counting))
        .collect();
    (surveys, counting.finish())
}

/// Removes what is wanted.
pub fn remove(
    wanted: &RemoveWanted,
    index: &Path,
    is_stopped: &dyn Fn() -> bool,
    tell: impl FnMut(u64),
) -> Report {
    let mut report = Report::new(wanted.how);
    let (surveys, counted) = counted(&wanted.targets, index, is_stopped);
    let is_other = |(shown, found): (&Surveyed, &Surveyed)| match (shown, found) {
        (Ok(shown), Ok(found)) => !shown.is_same(found),
        (Err(_), Err(_)) => false,
        _ => true,
    };
    let is_whole = wanted.surveys.len() == surveys.len();
    if !is_stopped() && (!is_whole || wanted.surveys.iter().zip(&surveys).any(is_other)) {
        report.changed = Some(RemoveWanted {
            surveys,
            ..wanted.clone()
        });
        return report;
    }
    let mut removing = Removing {
        report,
        index: real(index),
        is_stopped,
        counted: &counted,
        tell,
        told: Instant::now(),
    };
    // The looking is over.
    (removing.tell)(0);
    let place = wanted.targets.first().map(|target| &target.place);
    let before = place.and_then(free);
    let mut surveys = surveys.into_iter();
    for target in &wanted.targets {
        match (is_stopped(), surveys.next()) {
            (false, Some(survey)) => removing.one(wanted.how, target, survey),
            _ => removing.leave(target, b"", "it was stopped before this".to_owned()),
        }
    }
    let mut report = removing.report;
    report.is_stopped = is_stopped();
    report.freed = place
        .and_then(free)
        .zip(before)
        .map(|(now, then)| now - then);
    report
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

struct Removing<'a, T> {
    report: Report,
    index: PathBuf,
    is_stopped: &'a dyn Fn() -> bool,
    /// What all targets were before the first went.
    counted: &'a Counted,
    tell: T,
    told: Instant,
}

/// A thing that was found where it was shown, as it was shown.
struct FoundTarget {
    folder: OwnedFd,
    look: Look,
    /// The root's full path, as the file system has it.
    root: Vec<u8>,
    /// That of its folder.
    path: Vec<u8>,
    /// Its own.
    whole: Vec<u8>,
}

fn count(
    target: &Target,
    index: &Path,
    is_stopped: &dyn Fn() -> bool,
    counting: &mut Counting,
) -> Surveyed {
    let found = find(target, index)?;
    let name = target.child.name.as_slice();
    survey(
        &found.folder,
        name,
        &found.look,
        (target.seen, target.whole_since),
        is_stopped,
        counting,
    )
    .map_err(why_of)
}

/// Looks for it, and whether it may be removed.
fn find(target: &Target, index: &Path) -> Result<FoundTarget, String> {
    let (root, name) = (&target.place.root, target.child.name.as_slice());
    if name.is_empty() || name.contains(&b'/') || name == b"." || name == b".." {
        return Err("it is the root".to_owned());
    }
    if let Some(stored) = &target.root
        && !open_root(root)
            .and_then(|open| is_root(&open, stored))
            .map_err(said)?
    {
        let why = "another directory lies at the root than the one that was scanned: R scans it";
        return Err(why.to_owned());
    }
    let folder = descend(root, &target.place.folder).map_err(said)?;
    let found = look(&folder, name).map_err(said)?;
    let above = look_at(&folder).map_err(said)?;
    if !found.is_within(&above) {
        return Err(why_of(Why::Mount));
    }
    if !found.is_as_shown(&target.child) {
        return Err(why_of(Why::Changed));
    }
    // Beneath the root no name is a link. A path that is too long for the system is as it was given.
    let real = os(root).canonicalize();
    let root = real.map_or_else(
        |_| root.clone(),
        |root| root.as_os_str().as_bytes().to_vec(),
    );
    let path = joined(&root, &target.place.folder);
    let whole = joined(&path, name);
    let contains = |inner: &[u8]| inner == whole || path::is_within(inner, &whole);
    if contains(index.as_os_str().as_bytes()) {
        return Err("the index that is shown lies in it".to_owned());
    }
    if mount_points().is_some_and(|points| points.iter().any(|point| contains(point))) {
        return Err("a file system is mounted in it".to_owned());
    }
    Ok(FoundTarget {
        folder,
        look: found,
        root,
        path,
        whole,
    })
}

fn joined(above: &[u8], beneath: &[u8]) -> Vec<u8> {
    match (above, beneath) {
        (above, b"") => above.to_vec(),
        (b"/", beneath) => [b"/", beneath].concat(),
        (above, beneath) => path::join(above, beneath),
    }
}

impl<T: FnMut(u64)> Removing<'_, T> {
    fn one(&mut self, how: How, target: &Target, survey: Surveyed) {
        let found = match survey.and_then(|_| find(target, &self.index)) {
            Ok(found) => found,
            Err(why) => return self.leave(target, b"", why),
        };
        let name = target.child.name.as_slice();
        if !self.counted.has(0, name, &found.look) {
            return self.leave(target, b"", why_of(Why::Uncounted));
        }
        let before = self.report.left_count;
        let has_entries = self.report.entries;
        let is_gone = match how {
            How::Trash => self.trash(target, &found),
            How::Delete => self.delete(target, &found),
        };
        let has_changed = self.report.entries > has_entries || before == self.report.left_count;
        if has_changed {
            self.again(target, is_gone);
        }
        if is_gone {
            self.report.gone.push(target.clone());
        }
    }

    fn removed_one(&mut self) {
        self.report.entries += 1;
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            (self.tell)(self.report.entries);
        }
    }

    fn trash(&mut self, target: &Target, found: &FoundTarget) -> bool {
        if trash::concerns(&found.whole) {
            let why = "it belongs to a trash, which the desktop empties: D deletes it";
            self.leave(target, b"", why.to_owned());
            return false;
        }
        match trash::trash(&found.folder, &found.path, &target.child.name, &found.look) {
            Ok(at) => {
                self.removed_one();
                self.trashed(target, found, &at);
                true
            }
            Err(trash::Refused::Changed) => {
                self.leave(target, b"", why_of(Why::Changed));
                false
            }
            Err(trash::Refused::NoTrash(error)) => {
                let why = format!("no trash takes it: {}", said(error));
                self.leave(target, b"", why);
                self.report.untrashed.push(target.clone());
                false
            }
        }
    }

    fn delete(&mut self, target: &Target, found: &FoundTarget) -> bool {
        let name = target.child.name.as_slice();
        let (counted, is_stopped) = (self.counted, self.is_stopped);
        let mut listens = Of {
            removing: self,
            target,
        };
        let (folder, shown) = (&found.folder, &found.look);
        match shown.is_directory() {
            true => delete::delete(folder, name, shown, counted, is_stopped, &mut listens),
            false => delete::delete_file(folder, name, counted, &mut listens),
        }
    }

    /// What has to be listed again. The folder's own time has changed as well, which the folder above it tells.
    fn again(&mut self, target: &Target, is_gone: bool) {
        if !is_gone {
            self.list(target, &target.path(), None);
        }
        let folder = &target.place.folder;
        self.list(target, folder, Some(1));
        if !folder.is_empty() {
            self.list(target, path::split(folder).0, Some(1));
        }
    }

    /// A trash beneath the same root is listed as well, from the root down, since it may be new.
    fn trashed(&mut self, target: &Target, found: &FoundTarget, at: &trash::Trashed) {
        if !path::is_within(&at.trash, &found.root) {
            return;
        }
        let prefix = if found.root == b"/" {
            1
        } else {
            found.root.len() + 1
        };
        let trash = at.trash.get(prefix..).unwrap_or_default();
        let mut above = Vec::new();
        self.list(target, &above, Some(1));
        for name in path::names(trash) {
            above = path::join(&above, name);
            self.list(target, &above, Some(1));
        }
        for part in ["info", "files"] {
            self.list(target, &path::join(trash, part.as_bytes()), Some(1));
        }
        if found.look.is_directory() {
            let moved = path::join(&path::join(trash, b"files"), &at.name);
            self.list(target, &moved, None);
        }
    }

    fn list(&mut self, target: &Target, folder: &[u8], depth: Option<u32>) {
        let place = Place {
            root: target.place.root.clone(),
            folder: folder.to_vec(),
        };
        let wanted = (place, depth);
        if !self.report.again.contains(&wanted) {
            self.report.again.push(wanted);
        }
    }

    fn leave(&mut self, target: &Target, beneath: &[u8], why: String) {
        let mut path = joined(&target.place.root, &target.path());
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
        self.removing.removed_one();
    }

    fn left(&mut self, path: Vec<u8>, why: Why) {
        self.removing.leave(self.target, &path, why_of(why));
    }
}

fn why_of(why: Why) -> String {
    match why {
        Why::Changed => "it is not what was shown any more: r looks again".to_owned(),
        Why::Mount => "a file system is mounted there".to_owned(),
        Why::Uncounted => "the question did not count it as it is now".to_owned(),
        Why::Stopped => "it was stopped here: the rest of it stays".to_owned(),
        Why::System(error) => said(error),
    }
}

fn said(error: Errno) -> String {
    messages::short(Reason::Errno(error.raw_os_error()))
}
