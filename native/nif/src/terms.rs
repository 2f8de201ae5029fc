//! Terms out: the structs and maps that Elixir gets. Elixir owns the definitions; the fields here
//! match them exactly.

use std::collections::BTreeMap;
use std::time::Duration;

use aether_core::{Counts, Demand, Error, Reason, ScanInfo, State, Status};
use rustler::{Atom, Encoder, Env, NewBinary, NifException, NifMap, NifStruct, Reference, Term};

use crate::atoms;

/// Encodes bytes as a binary; Rustler makes a list of a plain slice.
pub struct Bytes<'a>(pub &'a [u8]);

impl Encoder for Bytes<'_> {
    fn encode<'e>(&self, env: Env<'e>) -> Term<'e> {
        NewBinary::from_slice(env, self.0).into()
    }
}

#[derive(NifException)]
#[rustler(encode)]
#[module = "Aether.Error"]
struct ErrorStruct<'a> {
    reason: Atom,
    path: Bytes<'a>,
    operation: Atom,
    detail: Option<Bytes<'a>>,
}

#[derive(NifStruct)]
#[rustler(encode)]
#[module = "Aether.Summary"]
struct SummaryStruct<'a> {
    status: Atom,
    error: Option<Term<'a>>,
    files: u64,
    directories: u64,
    symlinks: u64,
    others: u64,
    bytes: u64,
    errors: Term<'a>,
    vanished: u64,
    unread: u64,
    skipped: u64,
    max_depth: u32,
    first_entry: Option<u64>,
    duration: u64,
    rate: f64,
}

#[derive(NifStruct)]
#[rustler(encode)]
#[module = "Aether.Progress"]
struct ProgressStruct<'a> {
    found: u64,
    persisted: Option<u64>,
    files: u64,
    directories: u64,
    bytes: u64,
    errors: u64,
    new_errors: Vec<Term<'a>>,
    rate: f64,
    expected: Option<u64>,
    current: Term<'a>,
    elapsed: u64,
}

#[derive(NifMap)]
#[rustler(encode)]
struct ErrorsMap<'a> {
    count: u64,
    by_reason: Term<'a>,
    first: Vec<Term<'a>>,
}

#[derive(NifMap)]
#[rustler(encode)]
struct ScanInfoMap {
    status: Atom,
    demand: DemandTerm,
    slabs: u32,
}

#[derive(NifMap)]
#[rustler(encode)]
struct PoolInfoMap {
    running: usize,
    parked: usize,
    threads: usize,
    stuck_threads: usize,
    descriptors: usize,
    native_bytes: usize,
}

struct DemandTerm(Demand);

impl Encoder for DemandTerm {
    fn encode<'e>(&self, env: Env<'e>) -> Term<'e> {
        match self.0 {
            Demand::Unlimited => atoms::infinity().encode(env),
            Demand::Slabs(slabs) => slabs.encode(env),
        }
    }
}

/// `%Aether.Error{}`.
pub fn error<'e>(env: Env<'e>, error: &Error) -> Term<'e> {
    let name = error.reason.name();
    let number = match error.reason {
        // The name says nothing, so give the number.
        Reason::Errno(number) if error.detail.is_none() && name == "unknown_errno" => {
            Some(format!("errno {number}"))
        }
        _ => None,
    };
    let detail = error.detail.as_ref().or(number.as_ref());
    ErrorStruct {
        reason: atom(env, name),
        path: Bytes(&error.path),
        operation: atom(env, error.operation.name()),
        detail: detail.map(|text| Bytes(text.as_bytes())),
    }
    .encode(env)
}

/// `%Aether.Error{}` of an index.
pub fn index_error<'e>(env: Env<'e>, error: &aether_index::Error) -> Term<'e> {
    use aether_index::{Operation, Reason};
    let name = match (error.reason, error.operation) {
        (Reason::Ended, Operation::Maintain) => "cancelled",
        (reason, _) => reason.name(),
    };
    ErrorStruct {
        reason: atom(env, name),
        path: Bytes(&error.path),
        operation: atom(env, error.operation.name()),
        detail: error.detail.as_ref().map(|text| Bytes(text.as_bytes())),
    }
    .encode(env)
}

/// `%Aether.Error{}` for failures on this side of the core, before anything is walked.
pub fn start_error<'e>(env: Env<'e>, reason: Atom, path: &[u8]) -> Term<'e> {
    let error = ErrorStruct {
        reason,
        path: Bytes(path),
        operation: atoms::start(),
        detail: None,
    };
    error.encode(env)
}

/// `%Aether.Error{}` for failures that only this crate knows of.
pub fn own_error<'e>(
    env: Env<'e>,
    reason: Atom,
    operation: Atom,
    path: &[u8],
    detail: Option<&str>,
) -> Term<'e> {
    let detail = detail.map(|text| Bytes(text.as_bytes()));
    let error = ErrorStruct {
        reason,
        path: Bytes(path),
        operation,
        detail,
    };
    error.encode(env)
}

/// `%Aether.Summary{}`.
pub fn summary<'e>(env: Env<'e>, summary: &aether_core::Summary, clock: Clock) -> Term<'e> {
    let Counts {
        files,
        directories,
        symlinks,
        others,
        bytes,
        ..
    } = summary.counts;
    let Counts {
        vanished,
        unread,
        skipped,
        max_depth,
        ..
    } = summary.counts;
    SummaryStruct {
        status: status(summary.status),
        error: summary.error.as_ref().map(|reason| error(env, reason)),
        files,
        directories,
        symlinks,
        others,
        bytes,
        errors: errors(env, &summary.errors),
        vanished,
        unread,
        skipped,
        max_depth,
        first_entry: summary.first_entry.map(|after| clock.native(after)),
        duration: clock.native(summary.duration),
        rate: finite(summary.rate),
    }
    .encode(env)
}

/// `%Aether.Progress{}`.
pub fn progress<'e>(
    env: Env<'e>,
    progress: &aether_core::Progress,
    persisted: Option<u64>,
    expected: Option<u64>,
    clock: Clock,
) -> Term<'e> {
    ProgressStruct {
        found: progress.counts.entries(),
        persisted,
        files: progress.counts.files,
        directories: progress.counts.directories,
        bytes: progress.counts.bytes,
        errors: progress.errors,
        new_errors: progress
            .new_errors
            .iter()
            .map(|one| error(env, one))
            .collect(),
        rate: finite(progress.rate),
        expected,
        current: Bytes(&progress.current).encode(env),
        elapsed: clock.native(progress.elapsed),
    }
    .encode(env)
}

/// The answer of `scan_info/1`. A scan is running until its summary is sent, which waits until an
/// index has written the rest.
pub fn scan_info<'e>(env: Env<'e>, info: &ScanInfo, is_summary_sent: bool) -> Term<'e> {
    let status = match info.state {
        State::Ended(_) if !is_summary_sent => atoms::running(),
        State::Running => atoms::running(),
        State::Parked => atoms::parked(),
        State::Ended(ended) => status(ended),
    };
    ScanInfoMap {
        status,
        demand: DemandTerm(info.demand),
        slabs: info.slabs,
    }
    .encode(env)
}

/// The answer of `info/0`.
pub fn pool_info<'e>(env: Env<'e>, info: &aether_core::PoolInfo) -> Term<'e> {
    PoolInfoMap {
        running: info.running,
        parked: info.parked,
        threads: info.threads,
        stuck_threads: info.stuck_threads,
        descriptors: info.descriptors,
        native_bytes: info.native_bytes,
    }
    .encode(env)
}

/// The VM's native time unit, which depends on the system.
#[derive(Clone, Copy)]
pub struct Clock {
    /// Native time units per second.
    pub native_per_second: u64,
}

impl Clock {
    fn native(self, duration: Duration) -> u64 {
        let units = duration
            .as_nanos()
            .saturating_mul(u128::from(self.native_per_second));
        u64::try_from(units / 1_000_000_000).unwrap_or(u64::MAX)
    }
}

fn errors<'e>(env: Env<'e>, log: &aether_core::ErrorLog) -> Term<'e> {
    // Different errno numbers can have the same name, and a map cannot be built with a duplicate
    // key.
    let mut named: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, count) in &log.by_reason {
        *named.entry(reason.name()).or_default() += count;
    }
    let pairs: Vec<_> = named
        .iter()
        .map(|(name, count)| (atom(env, name), *count))
        .collect();
    let by_reason = Term::map_from_pairs(env, &pairs).unwrap_or_else(|_| Term::map_new(env));
    let first = log.first.iter().map(|one| error(env, one)).collect();
    ErrorsMap {
        count: log.count,
        by_reason,
        first,
    }
    .encode(env)
}

fn status(status: Status) -> Atom {
    match status {
        Status::Complete => atoms::complete(),
        Status::Partial => atoms::partial(),
        Status::Cancelled => atoms::cancelled(),
        Status::Failed => atoms::failed(),
    }
}

/// Names come from tables in core, so that no input can fill the VM's atom table.
pub fn atom(env: Env<'_>, name: &'static str) -> Atom {
    Atom::from_str(env, name).unwrap_or_else(|_| atoms::unknown_errno())
}

/// A reference as Elixir prints it.
pub fn inspect(reference: Reference<'_>) -> String {
    format!("{:?}", *reference).replacen("#Ref", "#Reference", 1)
}

/// Floats of the BEAM are finite; others would raise an exception instead of becoming a term.
fn finite(number: f64) -> f64 {
    if number.is_finite() { number } else { 0.0 }
}
