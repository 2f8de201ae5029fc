//! Long calls for an index as a whole: check, backup, restore, vacuum, import of the predecessor's caches.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aether_index::cache::{self, ImportRefused, Imported};
use aether_index::calls::Calls;
use aether_index::maintenance::{Copied, Finding, Report, Vacuumed};
use aether_index::reader::BreakdownBy;
use aether_index::{Error, restore};
use rustler::{Binary, Env, NifResult, Term};

use super::calls::{Answer, Cancel, Started, in_background};
use super::{IndexHandle, State, named, path};
use crate::terms::Failure;
use crate::to_term::{ToTerm, Word, plain, to_term};

/// The cache of one source.
struct Migrated((String, Imported));

/// The caches of a directory. Each that was left alone has its id and why.
struct Migration {
    migrated: Vec<Migrated>,
    needs_rescan: Vec<(String, Failure)>,
    failed: Vec<(String, Failure)>,
}

to_term! {
    Report: "Elixir.Aether.Index.Report" |it| { [pages, findings, count, directories, files] of it; }
    Finding: |it| { [path, stored, counted] of it; problem: Word(it.problem.name()) }
    Vacuumed: |it| { [before, after] of it; }
    Migration: |it| { [migrated, needs_rescan, failed] of it; }
    Migrated: |it| { [rows, outdated] of it.0.1; id: it.0.0 }
}

plain!(Copied: |it, env| it.bytes.to_term(env));

/// Runs a call on a thread of its own and keeps the index open for it.
fn with_state<T: ToTerm + 'static, E: From<Error> + Into<Failure> + 'static>(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    run: impl FnOnce(&State, &Arc<AtomicBool>) -> Result<T, E> + Send + 'static,
) -> Started {
    let state = Arc::clone(&handle.0);
    let cancel = Cancel::new(env, &state.calls);
    in_background(cancel, answer, move |cancel| run(&state, cancel))
}

/// Checks the index for damage.
#[rustler::nif]
fn index_check(env: Env<'_>, answer: Answer, handle: &IndexHandle, thorough: bool) -> Started {
    let check = move |state: &State, cancel: &_| state.check(thorough, cancel);
    with_state(env, answer, handle, check)
}

/// Groups the files beneath a folder.
#[rustler::nif]
fn index_breakdown<'a>(
    env: Env<'a>,
    answer: Answer,
    handle: &IndexHandle,
    source: &'a str,
    folder: Binary<'a>,
    by: Term<'a>,
    limit: usize,
) -> NifResult<Started> {
    let by = named(by, BreakdownBy::from_name)?;
    let (source, folder) = (source.to_owned(), folder.to_vec());
    let breakdown = move |state: &State, cancel: &Arc<AtomicBool>| {
        state.breakdown(&source, &folder, by, limit, cancel)
    };
    Ok(with_state(env, answer, handle, breakdown))
}

/// Copies it, as of one moment, to a new file.
#[rustler::nif]
fn index_backup(env: Env<'_>, answer: Answer, handle: &IndexHandle, to: Binary<'_>) -> Started {
    let to = path(to);
    let backup = move |state: &State, cancel: &_| state.backup(&to, cancel);
    with_state(env, answer, handle, backup)
}

/// Puts a backup in the place of an index that nobody writes.
#[rustler::nif]
fn index_restore(
    env: Env<'_>,
    answer: Answer,
    backup: Binary<'_>,
    to: Binary<'_>,
    busy_timeout: u64,
) -> Started {
    let (backup, to) = (path(backup), path(to));
    let wait = Duration::from_millis(busy_timeout);
    // No index is open, so only the caller can cancel it.
    let cancel = Cancel::new(env, &Calls::default());
    in_background(cancel, answer, move |cancel| {
        restore(&backup, &to, wait, cancel)
    })
}

/// Rewrites the file without free pages.
#[rustler::nif]
fn index_vacuum(env: Env<'_>, answer: Answer, handle: &IndexHandle) -> Started {
    with_state(env, answer, handle, State::vacuum)
}

/// Imports all caches in a folder; those of unknown roots need their paths.
#[rustler::nif]
fn index_import(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    directory: Binary<'_>,
    roots: Vec<(String, Binary<'_>)>,
) -> Started {
    let directory = path(directory);
    let roots = roots.into_iter().map(|(id, root)| (id, root.to_vec()));
    let roots = roots.collect();
    with_state(env, answer, handle, move |state, cancel| {
        let imported = state.import_all(&directory, roots, cancel);
        let outcome = imported.map_err(|reason| refused(&directory, reason))?;
        let left = |caches: Vec<(String, ImportRefused)>| {
            let failure = |(id, reason)| refused_one(&directory, id, reason);
            caches.into_iter().map(failure).collect()
        };
        let migrated = outcome.migrated.into_iter().map(Migrated);
        Ok::<_, Failure>(Migration {
            migrated: migrated.collect(),
            needs_rescan: left(outcome.needs_rescan),
            failed: left(outcome.failed),
        })
    })
}

/// Imports the cache of one known source, if there is one. The answer is a map, or nil.
#[rustler::nif]
fn index_import_one(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    directory: Binary<'_>,
    id: String,
) -> Started {
    let directory = path(directory);
    with_state(env, answer, handle, move |state, cancel| {
        match state.import_source(&directory, &id, cancel) {
            Ok(imported) => Ok(imported.map(|imported| Migrated((id, imported)))),
            Err(reason) => Err(refused_one(&directory, id, reason).1),
        }
    })
}

/// Whether to try the existing cache of this source: true the first time only.
#[rustler::nif]
fn index_claim_cache(handle: &IndexHandle, id: String) -> bool {
    handle.0.claim_cache(id)
}

/// Why the cache of this source was not imported.
fn refused_one(directory: &Path, id: String, reason: ImportRefused) -> (String, Failure) {
    let at = cache::file(directory, &id).unwrap_or_default();
    (id, refused(&at, reason))
}

fn refused(at: &Path, reason: ImportRefused) -> Failure {
    match reason {
        ImportRefused::Index(error) => Failure::from(error),
        reason => Failure::new(reason.name(), "import", at.as_os_str().as_bytes()).with(reason),
    }
}
