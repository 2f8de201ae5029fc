//! Which index is shown, and whether this program may write it.

use std::fs::DirBuilder;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aether_core::RootPath;
use aether_index::{Error, OpenOptions, Reason};

use super::state::Place;
use crate::commands::LocalIndex as Index;
use crate::failure::Failure;
use crate::options::Explore;
use crate::place::{self, Folder};

/// How long another writer is waited for: it is rather looked at. A batch is tried again for longer.
pub const BUSY: Duration = Duration::from_millis(100);

/// Why it cannot be written for as long as somebody else does that.
pub const WRITTEN: &str = "another process writes this index";

/// Its name where it is for this time only.
const TEMPORARY: &str = "index.db";

/// An open index.
pub struct Opened {
    pub index: Arc<Index>,
    pub place: Place,
    /// Where it lies.
    pub file: PathBuf,
    /// Why it cannot be written from here.
    pub only_reads: Option<&'static str>,
    /// Removed at the end.
    pub temporary: Option<PathBuf>,
    /// What lies there can be scanned.
    pub is_there: bool,
}

/// Opens the index of PATH, or makes one.
pub fn open(options: &Explore) -> Result<Opened, Failure> {
    let said = options.path.as_deref();
    let path = said.map_or(b".".as_slice(), |path| path.as_bytes());
    let folder = Folder::new(said)?;
    let found = RootPath::resolve(path);
    let is_there = std::fs::metadata(place::os(path)).is_ok_and(|found| found.is_dir());
    let known = place::index_of(&folder, options.index.as_deref())?;
    let known = known.filter(|file| !options.no_scan || file.exists());
    let file = match (known, &found) {
        (Some(file), _) => file,
        (None, _) if options.no_scan => {
            let shown = folder.shown();
            return Err(Failure::new(format!(
                "nothing is kept of \"{shown}\": start without --no-scan to scan it"
            )));
        }
        (None, Ok(_)) if !is_there => {
            let shown = folder.shown();
            return Err(Failure::usage(format!(
                "\"{shown}\" is not a directory: give the one that contains it"
            )));
        }
        (None, Ok(found)) => place::kept(&found.real)?,
        (None, Err(error)) => return Err(Failure::io(error, "open", path)),
    };
    // A mistyped path must leave no index behind.
    if !is_there && !file.exists() {
        return Err(match found {
            Err(error) => Failure::io(&error, "open", path),
            Ok(_) => Failure::usage(format!(
                "\"{}\" is not a directory: give the one that contains it",
                folder.shown()
            )),
        });
    }
    let (index, only_reads, temporary) = open_at(&file)?;
    let pool = index.pool()?;
    let place = match (place::find(pool, &folder, None), found) {
        (Ok((source, folder)), _) => Place {
            root: source.value.root,
            folder,
        },
        (Err(_), Ok(found)) if is_there && only_reads.is_none() => Place {
            root: found.path,
            folder: Vec::new(),
        },
        (Err(failure), _) => return Err(failure),
    };
    Ok(Opened {
        index: Arc::new(index),
        place,
        file: match &temporary {
            Some(folder) => folder.join(TEMPORARY),
            None => file,
        },
        only_reads,
        temporary,
        is_there,
    })
}

type OpenedFile = (Index, Option<&'static str>, Option<PathBuf>);

fn open_at(file: &Path) -> Result<OpenedFile, Failure> {
    let index = Index::new(false, usize::MAX);
    let options = OpenOptions {
        busy_timeout: BUSY,
        ..OpenOptions::default()
    };
    let refused = match index.open(file, options) {
        Ok(()) => return Ok((index, None, None)),
        Err(error) => error,
    };
    let why = match refused.reason {
        Reason::Busy => Some(WRITTEN),
        _ if is_unwritable(&refused) => Some("the index cannot be written"),
        _ => None,
    };
    let Some(why) = why else {
        return Err(refused.into());
    };
    let reader = Index::new(true, usize::MAX);
    if file.exists() {
        reader.open(file, OpenOptions::default())?;
        return Ok((reader, Some(why), None));
    }
    // There is nothing to read and no place to write it: for this time only.
    let folder = temporary_folder()?;
    let index = Index::new(false, usize::MAX);
    index.open(&folder.join(TEMPORARY), OpenOptions::default())?;
    Ok((index, None, Some(folder)))
}

fn is_unwritable(error: &Error) -> bool {
    matches!(error.reason, Reason::ReadOnly | Reason::UnsupportedFs)
        || ["eacces", "eperm", "erofs"].contains(&error.name())
}

fn temporary_folder() -> Result<PathBuf, Failure> {
    let set = std::env::var_os("TMPDIR").filter(|value| !value.is_empty());
    let above = set.map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
    let mut number = 0;
    loop {
        let folder = above.join(format!("aether-{}-{number}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < 100 => {
                number += 1
            }
            Err(error) => {
                return Err(Failure::io(
                    &error,
                    "make a folder in",
                    above.as_os_str().as_bytes(),
                ));
            }
        }
    }
}
