//! Caches into an index that is open. A cache is read on the caller's thread, and put into the
//! index on the writer's connection, piece by piece, so that scans get their turns between them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aether_core::RootPath;
use rusqlite::Connection;

use super::{ImportRefused, Imported, Outcome, file, import, import_dir, of_source, remove};
use crate::error::{Error, Reason};
use crate::reader::Pool;
use crate::writer::Index;

/// How long between two looks at a log that cannot start over.
const LOOK: Duration = Duration::from_millis(20);

/// The writer of the index, if it is open for writing.
type Writer<'a> = &'a dyn Fn() -> Result<Arc<Index>, Error>;

/// Imports all caches in a directory, after it has made sources of these roots, given by id. Only
/// caches of sources that are known are imported.
pub fn import_all(
    writer: Writer<'_>,
    pool: &Pool,
    directory: &Path,
    roots: Vec<(String, Vec<u8>)>,
    cancel: &Arc<AtomicBool>,
) -> Result<Outcome, ImportRefused> {
    let mut refused = Vec::new();
    for (id, root) in roots {
        // As a scan of it will be stored. What is not there yet is taken as it is.
        let root = RootPath::resolve(&root).map_or(root, |found| found.path);
        if let Err(error) = writer()?.add_source(&root, &id) {
            refused.push((id, ImportRefused::Index(error)));
        }
    }
    let is_refused = |id: &String| refused.iter().any(|(other, _)| other == id);
    let sources = pool.sources()?.into_iter().map(|answer| answer.value);
    let known: HashMap<_, _> = sources
        .map(|source| (source.uuid.clone(), source.id()))
        .filter(|(id, _)| !is_refused(id))
        .collect();
    let mut outcome = import_dir(directory, &known, |id, source| {
        import_cache(writer, directory, id, source, cancel)
    })?;
    // Why they have no root is in `refused`.
    outcome.needs_rescan.retain(|(id, _)| !is_refused(id));
    outcome.failed.append(&mut refused);
    Ok(outcome)
}

/// Imports the cache of one source, if there is one.
pub fn import_source(
    writer: Writer<'_>,
    pool: &Pool,
    directory: &Path,
    id: &str,
    cancel: &Arc<AtomicBool>,
) -> Result<Option<Imported>, ImportRefused> {
    let source = pool.source(id)?.value.id();
    import_cache(writer, directory, id, source, cancel)
}

fn import_cache(
    writer: Writer<'_>,
    directory: &Path,
    id: &str,
    source: i64,
    cancel: &Arc<AtomicBool>,
) -> Result<Option<Imported>, ImportRefused> {
    if cancel.load(Ordering::Acquire) {
        return Err(ImportRefused::Cancelled);
    }
    let Some(cache) = of_source(directory, id)? else {
        return Ok(None);
    };
    let imported = import(&cache, cancel, |piece| {
        wait_for_log(writer, cancel)?;
        act(writer, cancel, move |connection| {
            piece.put(connection, source)
        })
    })?;
    if let Some(path) = file(directory, id) {
        act(writer, cancel, move |connection| remove(connection, &path))?;
    }
    Ok(Some(imported))
}

/// Waits while the log is at its limit: indefinitely for another process's reader; for a failing disk,
/// as long as scans wait.
fn wait_for_log(writer: Writer<'_>, cancel: &AtomicBool) -> Result<(), ImportRefused> {
    let first = writer()?;
    if !first.log().is_at_limit() {
        return Ok(());
    }
    let _waiting = first.log().wait();
    let mut fails_since = None;
    loop {
        // It may have been closed since.
        let writer = writer()?;
        if !writer.log().is_at_limit() {
            return Ok(());
        }
        if cancel.load(Ordering::Acquire) {
            return Err(ImportRefused::Cancelled);
        }
        match writer.log().failed() {
            None => fails_since = None,
            Some(error) => {
                let since = *fails_since.get_or_insert_with(Instant::now);
                if since.elapsed() >= writer.stall_timeout() {
                    return Err(ImportRefused::Index(error));
                }
            }
        }
        std::thread::sleep(LOOK);
    }
}

/// Runs something as one command of the writer.
fn act<T: Send + 'static>(
    writer: Writer<'_>,
    cancel: &Arc<AtomicBool>,
    act: impl FnOnce(&Connection) -> Result<T, ImportRefused> + Send + 'static,
) -> Result<T, ImportRefused> {
    match writer()?.with_connection_until(cancel, |connection| Ok(act(connection))) {
        Ok(done) => done,
        Err(error) if error.reason == Reason::Ended => Err(ImportRefused::Cancelled),
        Err(error) => Err(ImportRefused::Index(error)),
    }
}

impl From<Error> for ImportRefused {
    fn from(error: Error) -> ImportRefused {
        ImportRefused::Index(error)
    }
}
