//! Long calls for an index as a whole: check, backup, restore, vacuum, import of legacy caches.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aether_core::Reason as CoreReason;
use aether_index::cache::{self, Imported, Outcome, Refused};
use aether_index::maintenance::{self, CheckOptions, Finding, Problem, Report, Task};
use aether_index::{Error, background};
use rustler::types::atom::{error, nil, ok};
use rustler::{Atom, Binary, Encoder, Env, NifMap, NifStruct, Reference, Term};

use super::cancel::{Flag, Running, cancellable};
use super::cell::{IndexHandle, IndexState};
use crate::terms::{self, Bytes};

mod word {
    rustler::atoms! {
        own_files, own_bytes, file_count, bytes, unknown_below, orphan, circle, other_source,
        not_text, path, lost_files,
        lost_path, lost_notes, lost_grave, lost_root,

        cancelled, cache_damaged, cache_version, cache_other_source, cache_no_root, import,
    }
}

#[derive(NifStruct)]
#[rustler(encode)]
#[module = "Aether.Index.Report"]
struct ReportStruct<'a> {
    pages: Vec<&'a str>,
    findings: Vec<FindingMap<'a>>,
    count: u64,
    directories: u64,
    files: u64,
}

#[derive(NifMap)]
#[rustler(encode)]
struct FindingMap<'a> {
    problem: Atom,
    path: Option<Bytes<'a>>,
    stored: i64,
    counted: i64,
}

#[derive(NifMap)]
#[rustler(encode)]
struct VacuumedMap {
    before: u64,
    after: u64,
}

#[derive(NifMap)]
#[rustler(encode)]
struct OutcomeMap<'a> {
    migrated: Vec<Term<'a>>,
    needs_rescan: Vec<Term<'a>>,
    failed: Vec<Term<'a>>,
}

#[derive(NifMap)]
#[rustler(encode)]
struct MigratedMap<'a> {
    id: &'a str,
    rows: u64,
    outdated: bool,
}

/// Checks the index for damage.
#[rustler::nif]
fn index_check<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
    thorough: bool,
) -> Term<'a> {
    let check = move |state: &IndexState, cancel: &Flag| {
        let pool = state.readers()?;
        let (location, gate) = (pool.location(), pool.gate());
        let options = CheckOptions { thorough };
        maintenance::check(location, gate, options, &mut watch(cancel, &mut |_| ()))
    };
    with_state(env, reference, handle, check, |env, found| {
        (ok(), report(env, &found)).encode(env)
    })
}

fn watch<'a>(cancel: &Flag, progress: &'a mut dyn FnMut(maintenance::Progress)) -> Task<'a> {
    let cancel = Flag::clone(cancel);
    Task { cancel, progress }
}

fn report<'a>(env: Env<'a>, report: &Report) -> Term<'a> {
    ReportStruct {
        pages: report.pages.iter().map(String::as_str).collect(),
        findings: report.findings.iter().map(finding).collect(),
        count: report.count,
        directories: report.directories,
        files: report.files,
    }
    .encode(env)
}

fn finding(finding: &Finding) -> FindingMap<'_> {
    FindingMap {
        problem: problem(finding.problem),
        path: finding.path.as_deref().map(Bytes),
        stored: finding.stored,
        counted: finding.counted,
    }
}

fn problem(problem: Problem) -> Atom {
    match problem {
        Problem::OwnFiles => word::own_files(),
        Problem::OwnBytes => word::own_bytes(),
        Problem::FileCount => word::file_count(),
        Problem::Bytes => word::bytes(),
        Problem::UnknownBelow => word::unknown_below(),
        Problem::Orphan => word::orphan(),
        Problem::Circle => word::circle(),
        Problem::OtherSource => word::other_source(),
        Problem::NotText => word::not_text(),
        Problem::Path => word::path(),
        Problem::LostFiles => word::lost_files(),
        Problem::LostPath => word::lost_path(),
        Problem::LostNotes => word::lost_notes(),
        Problem::LostGrave => word::lost_grave(),
        Problem::LostRoot => word::lost_root(),
    }
}

/// Copies it, as of one moment, to a new file.
#[rustler::nif]
fn index_backup<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
    to: Binary<'a>,
) -> Term<'a> {
    let to = path(&to);
    let backup = move |state: &IndexState, cancel: &Flag| {
        let readers = state.readers()?;
        readers.check_place()?;
        let location = readers.location();
        maintenance::backup(location, &to, &mut watch(cancel, &mut |_| ()))
    };
    with_state(env, reference, handle, backup, |env, copied| {
        (ok(), copied.bytes).encode(env)
    })
}

/// Puts a backup in the place of an index that nobody writes.
#[rustler::nif]
fn index_restore<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    backup: Binary<'a>,
    to: Binary<'a>,
    busy_timeout: u64,
) -> Term<'a> {
    let (backup, to) = (path(&backup), path(&to));
    let wait = Duration::from_millis(busy_timeout);
    let restore = move |cancel: &Flag| {
        // That index may still be waiting to be closed.
        background::catch_up();
        maintenance::restore(&backup, &to, wait, &mut watch(cancel, &mut |_| ()))
    };
    // No index is open, so only the caller can cancel it.
    let running = Running::default();
    cancellable(env, reference, &running, restore, |env, copied| {
        (ok(), copied.bytes).encode(env)
    })
}

/// Rewrites the file without free pages.
#[rustler::nif]
fn index_vacuum<'a>(env: Env<'a>, reference: Reference<'a>, handle: &IndexHandle) -> Term<'a> {
    let vacuum = |state: &IndexState, cancel: &Flag| {
        let flag = Flag::clone(cancel);
        let vacuum = move |connection: &mut _| maintenance::vacuum(connection, &flag);
        state.writer()?.with_connection_until(cancel, vacuum)
    };
    with_state(env, reference, handle, vacuum, |env, done| {
        let (before, after) = (done.before, done.after);
        (ok(), VacuumedMap { before, after }).encode(env)
    })
}

/// Imports all caches in a folder; those of unknown roots need their paths.
#[rustler::nif]
fn index_import<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
    directory: Binary<'a>,
    roots: Vec<(String, Binary<'a>)>,
) -> Term<'a> {
    let directory = path(&directory);
    let roots: Vec<_> = roots
        .into_iter()
        .map(|(id, root)| (id, root.to_vec()))
        .collect();
    let from = directory.clone();
    let import = move |state: &IndexState, cancel: &Flag| {
        let (writer, pool) = (|| state.writer(), state.readers()?);
        Ok(cache::import_all(&writer, pool, &from, roots, cancel))
    };
    with_state(env, reference, handle, import, move |env, outcome| {
        imported(env, &directory, &outcome)
    })
}

fn imported<'a>(env: Env<'a>, directory: &Path, outcome: &Result<Outcome, Refused>) -> Term<'a> {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(reason) => return (error(), refused(env, directory, reason)).encode(env),
    };
    let reason = |(id, reason): &(String, Refused)| {
        let at = cache::file(directory, id).unwrap_or_default();
        (id.encode(env), refused(env, &at, reason)).encode(env)
    };
    let done = outcome.migrated.iter();
    let map = OutcomeMap {
        migrated: done.map(|(id, done)| migrated(env, id, *done)).collect(),
        needs_rescan: outcome.needs_rescan.iter().map(reason).collect(),
        failed: outcome.failed.iter().map(reason).collect(),
    };
    (ok(), map).encode(env)
}

/// Imports the cache of one known source, if there is one. The answer is a map, or nil.
#[rustler::nif]
fn index_import_one<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
    directory: Binary<'a>,
    id: String,
) -> Term<'a> {
    let directory = path(&directory);
    let (from, name) = (directory.clone(), id.clone());
    let import = move |state: &IndexState, cancel: &Flag| {
        let (writer, pool) = (|| state.writer(), state.readers()?);
        Ok(cache::import_source(&writer, pool, &from, &name, cancel))
    };
    with_state(env, reference, handle, import, move |env, imported| {
        let at = cache::file(&directory, &id).unwrap_or_default();
        match imported {
            Ok(None) => (ok(), nil()).encode(env),
            Ok(Some(done)) => (ok(), migrated(env, &id, done)).encode(env),
            Err(reason) => (error(), refused(env, &at, &reason)).encode(env),
        }
    })
}

/// Runs a call on a thread of its own and keeps the index open for it.
fn with_state<'a, T: 'static>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
    run: impl FnOnce(&IndexState, &Flag) -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Term<'a> {
    let state = Arc::clone(&handle.0);
    let run = move |cancel: &Flag| run(&state, cancel);
    cancellable(env, reference, &handle.0.running, run, write)
}

/// Whether to try the existing cache of this source: true the first time only.
#[rustler::nif]
fn index_claim_cache(handle: &IndexHandle, id: String) -> bool {
    handle.0.caches.lock().insert(id)
}

fn migrated<'a>(env: Env<'a>, id: &str, done: Imported) -> Term<'a> {
    let Imported { rows, outdated } = done;
    MigratedMap { id, rows, outdated }.encode(env)
}

/// `%Aether.Error{}` for a cache that was not imported.
fn refused<'a>(env: Env<'a>, at: &Path, reason: &Refused) -> Term<'a> {
    let name = match reason {
        Refused::Index(error) => return terms::index_error(env, error),
        Refused::Io(number, _) => terms::atom(env, CoreReason::Errno(*number).name()),
        Refused::Zstd(_) | Refused::TooLarge | Refused::Damaged(..) => word::cache_damaged(),
        Refused::Version(_) => word::cache_version(),
        Refused::OtherSource(_) => word::cache_other_source(),
        Refused::NoRoot => word::cache_no_root(),
        Refused::Cancelled => word::cancelled(),
    };
    let detail = reason.to_string();
    let path = at.as_os_str().as_bytes();
    terms::own_error(env, name, word::import(), path, Some(&detail))
}

fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}
