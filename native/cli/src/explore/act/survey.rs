//! Counts what lies at a target on the disk, as deletion would find it: by descriptors, through no link, on one file system,
//! two descriptors at a time however deep it is.

use std::collections::HashSet;
use std::ffi::CStr;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::Dir;
use rustix::io::Errno;

use super::counted::Counting;
use super::delete::{Why, up};
use super::look::{Look, look, look_at, open_folder};
use crate::explore::removal::Survey;

/// ns in a ms.
const MS: i64 = 1_000_000;

/// A directory that is being counted.
struct SurveyLevel {
    look: Look,
    /// Directories in it that are still to be counted.
    pending: Vec<Vec<u8>>,
}

struct Surveying<'a> {
    survey: Survey,
    /// When the index saw the target.
    seen: Option<i64>,
    /// When the last scan of all of it began.
    whole_since: Option<i64>,
    levels: Vec<SurveyLevel>,
    /// Inodes of several names that were counted.
    linked: HashSet<(u64, u64)>,
    is_stopped: &'a dyn Fn() -> bool,
    /// Called with each entry.
    counting: &'a mut Counting,
}

/// Counts the thing of that name, which `found` was a look at, and notes all that is counted.
pub fn survey(
    folder: impl AsFd,
    name: &[u8],
    found: &Look,
    (seen, whole_since): (Option<i64>, Option<i64>),
    is_stopped: &dyn Fn() -> bool,
    counting: &mut Counting,
) -> Result<Survey, Why> {
    let mut surveying = Surveying {
        survey: Survey::default(),
        seen,
        whole_since,
        levels: Vec::new(),
        linked: HashSet::new(),
        is_stopped,
        counting,
    };
    surveying.count(0, name, found);
    if found.is_directory()
        && let Some(at) = surveying.enter(&folder, name, found)?
    {
        surveying.run(at)?;
    }
    Ok(surveying.survey)
}

impl Surveying<'_> {
    fn count(&mut self, parent: u64, name: &[u8], found: &Look) {
        let survey = &mut self.survey;
        // In whatever order they are listed.
        survey.digest = survey
            .digest
            .wrapping_add(self.counting.note(parent, name, found));
        let newer = u64::from(self.seen.is_some_and(|seen| found.ctime / MS > seen));
        survey.is_newer_than_whole |= self.whole_since.is_none_or(|at| found.ctime / MS >= at);
        match found.is_directory() {
            true => survey.newer_folders += newer,
            false => {
                survey.files += 1;
                survey.newer += newer;
            }
        }
        if found.kind == Look::FILE {
            survey.bytes = survey.bytes.saturating_add(found.size);
        }
        if found.is_directory() || found.names < 2 || self.linked.insert(found.identity) {
            survey.disk = survey.disk.saturating_add(found.disk);
        }
    }

    /// Opens a directory and counts what is in it; none where it cannot be read.
    fn enter(
        &mut self,
        folder: impl AsFd,
        name: &[u8],
        found: &Look,
    ) -> Result<Option<OwnedFd>, Why> {
        let open = match open_folder(folder, name) {
            Ok(open) => open,
            Err(Errno::ACCESS | Errno::PERM) => {
                self.survey.unread += 1;
                return Ok(None);
            }
            Err(Errno::LOOP | Errno::NOTDIR | Errno::NOENT) => return Err(Why::Changed),
            Err(error) => return Err(Why::System(error)),
        };
        let look = look_at(&open).map_err(Why::System)?;
        if look.identity != found.identity {
            return Err(Why::Changed);
        }
        // Without the right to search it, nothing can be said of what is in it.
        if self::look(&open, b".").is_err() {
            self.survey.unread += 1;
            return Ok(None);
        }
        let mut level = SurveyLevel {
            look,
            pending: Vec::new(),
        };
        for entry in Dir::read_from(&open).map_err(Why::System)? {
            let entry = entry.map_err(Why::System)?;
            let name = CStr::to_bytes(entry.file_name());
            if name == b"." || name == b".." {
                continue;
            }
            if (self.is_stopped)() {
                return Err(Why::Stopped);
            }
            match self::look(&open, name) {
                Ok(found) => {
                    self.count(look.identity.1, name, &found);
                    if found.is_directory() {
                        level.pending.push(name.to_vec());
                    }
                }
                // It has just gone.
                Err(Errno::NOENT) => {}
                Err(error) => return Err(Why::System(error)),
            }
        }
        self.levels.push(level);
        Ok(Some(open))
    }

    fn run(&mut self, mut at: OwnedFd) -> Result<(), Why> {
        loop {
            if (self.is_stopped)() {
                return Err(Why::Stopped);
            }
            let Some(level) = self.levels.last_mut() else {
                return Ok(());
            };
            let above = level.look;
            if let Some(name) = level.pending.pop() {
                let found = match look(&at, &name) {
                    Err(Errno::NOENT) => continue,
                    found => found.map_err(Why::System)?,
                };
                if !found.is_directory() {
                    return Err(Why::Changed);
                }
                if !found.is_within(&above) {
                    return Err(Why::Mount);
                }
                if let Some(open) = self.enter(&at, &name, &found)? {
                    at = open;
                }
                continue;
            }
            self.levels.pop();
            let Some(above) = self.levels.last() else {
                return Ok(());
            };
            let (open, look) = up(&at).map_err(Why::System)?;
            if look.identity != above.look.identity {
                return Err(Why::Changed);
            }
            at = open;
        }
    }
}
