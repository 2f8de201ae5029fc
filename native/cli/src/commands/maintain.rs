//! `aether forget`, `backup`, `restore` and `vacuum`.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use aether_index::{Error, OpenOptions, restore};

use super::LocalIndex;
use super::known::OpenIndex;
use crate::cells;
use crate::failure::{Done, Exit, Failure};
use crate::options::{Backup, Forget, Restore, Vacuum};
use crate::output::Stdout;
use crate::place::{self, Folder};
use crate::signals;
use crate::words;

/// How long to wait for whoever has the index open.
const WAIT: Duration = Duration::from_secs(5);

/// Removes what an index knows of a root, or beneath a folder.
pub fn forget(options: &Forget) -> Done {
    let index = OpenIndex::open(&options.known, Some(&options.folder))?;
    let (source, folder) = index.place(&options.known)?;
    let uuid = source.value.uuid;
    let totals = index.pool()?.totals(&uuid, &folder)?;
    let state = LocalIndex::new(false, 0);
    state.open(&index.file, OpenOptions::default())?;
    let whole = folder.is_empty();
    state.writer()?.forget(&uuid, (!whole).then_some(&folder))?;
    state.close()?;
    let place = cells::shown(&place::full(&source.value.root, &folder));
    let files = words::counted(
        totals.value.file_count.max(0).unsigned_abs(),
        "file",
        "files",
    );
    say(&format!("{place}: forgotten, with {files}"))
}

/// Copies an index.
pub fn backup(options: &Backup) -> Done {
    let index = OpenIndex::at(&options.at)?;
    let to = Path::new(&options.to);
    let copied = interruptible(|cancel| index.state.backup(to, cancel))?;
    say(&format!(
        "{}: {} copied",
        shown(to),
        words::size(copied.bytes)
    ))
}

/// Puts a backup in the place of an index.
pub fn put_back(options: &Restore) -> Done {
    let folder = Folder::new(options.at.folder.as_deref())?;
    let Some(file) = place::index_of(&folder, options.at.index.as_deref())? else {
        return Err(OpenIndex::missing(options.at.folder.as_deref()));
    };
    let backup = Path::new(&options.backup);
    let copied = interruptible(|cancel| restore(backup, &file, WAIT, cancel))?;
    say(&format!(
        "{}: {} put back",
        shown(&file),
        words::size(copied.bytes)
    ))
}

/// Rewrites an index.
pub fn vacuum(options: &Vacuum) -> Done {
    let file = OpenIndex::at(&options.at)?.file;
    let state = LocalIndex::new(false, 0);
    state.open(&file, OpenOptions::default())?;
    let done = interruptible(|cancel| state.vacuum(cancel))?;
    state.close()?;
    let (before, after) = (words::size(done.before), words::size(done.after));
    say(&format!("{}: {before} before, {after} after", shown(&file)))
}

/// Does something that a signal ends before its time.
pub fn interruptible<T>(
    run: impl FnOnce(&Arc<AtomicBool>) -> Result<T, Error>,
) -> Result<T, Failure> {
    let (cancel, came) = (Arc::<AtomicBool>::default(), Arc::<AtomicI32>::default());
    let (flag, signal) = (Arc::clone(&cancel), Arc::clone(&came));
    let stop = move |number| {
        signal.store(number, Ordering::Release);
        flag.store(true, Ordering::Release);
        signals::notice();
    };
    signals::handle(stop).map_err(|error| Failure::io(&error, "handle signals", b""))?;
    let result = run(&cancel);
    match came.load(Ordering::Acquire) {
        0 => Ok(result?),
        signal => Err(Failure::signal(signal)),
    }
}

fn shown(file: &Path) -> String {
    cells::shown(file.as_os_str().as_bytes())
}

fn say(text: &str) -> Done {
    let mut out = Stdout::default();
    out.line(text)?;
    out.flush()?;
    Ok(Exit::COMPLETE)
}
