//! Terms of scans: errors, summaries, progress, states.

use std::fmt::Display;
use std::time::Duration;

use aether_core::{Demand, ErrorLog, PoolInfo, Progress, ScanInfo, Summary};
use aether_index::sink::Written;
use rustler::{Reference, Term};

use crate::atoms;
use crate::to_term::{Word, plain, to_term};

/// What becomes an `%Aether.Error{}`, from wherever it comes.
pub struct Failure {
    pub reason: &'static str,
    pub operation: &'static str,
    pub path: Vec<u8>,
    pub detail: Option<String>,
}

impl Failure {
    /// A failure on this side of core and index.
    pub fn new(reason: &'static str, operation: &'static str, path: &[u8]) -> Failure {
        Failure {
            reason,
            operation,
            path: path.to_vec(),
            detail: None,
        }
    }

    /// The same, with more about it.
    pub fn with(self, detail: impl Display) -> Failure {
        let detail = Some(detail.to_string());
        Failure { detail, ..self }
    }

    /// No thread can be started.
    pub fn no_thread<E>(_: E) -> Failure {
        Failure::new("eagain", "start", &[])
    }
}

impl From<&aether_core::Error> for Failure {
    fn from(error: &aether_core::Error) -> Failure {
        Failure {
            detail: error.detail.clone().or_else(|| error.reason.number()),
            ..Failure::new(error.reason.name(), error.operation.name(), &error.path)
        }
    }
}

impl From<aether_index::Error> for Failure {
    fn from(error: aether_index::Error) -> Failure {
        Failure {
            detail: error.detail.clone(),
            ..Failure::new(error.name(), error.operation.name(), &error.path)
        }
    }
}

/// The number of the VM's native time units per second, which depends on the system.
#[derive(Clone, Copy)]
pub struct Clock(pub u64);

impl Clock {
    fn native(self, duration: Duration) -> u64 {
        let per_second = u128::from(self.0);
        let units = duration.as_nanos().saturating_mul(per_second);
        u64::try_from(units / 1_000_000_000).unwrap_or(u64::MAX)
    }
}

/// A summary, by this clock.
pub struct SummaryTerm<'a>(pub &'a Summary, pub Clock);

/// A report, with how far the writer is, by this clock.
pub struct ProgressTerm<'a>(pub &'a Progress, pub Option<Written>, pub Clock);

to_term! {
    Failure: "Elixir.Aether.Error" |it| {
        [path, detail] of it;
        __exception__: true, reason: Word(it.reason), operation: Word(it.operation),
    }

    SummaryTerm<'_>: "Elixir.Aether.Summary" |it| {
        [files, directories, symlinks, others, bytes, vanished, unread, skipped, max_depth]
            of it.0.counts;
        [errors, rate, disk] of it.0;
        disk_exact: it.0.is_disk_exact,
        status: Word(it.0.status.name()),
        error: it.0.error.as_ref().map(Failure::from),
        first_entry: it.0.first_entry.map(|after| it.1.native(after)),
        duration: it.1.native(it.0.duration),
    }

    ProgressTerm<'_>: "Elixir.Aether.Progress" |it| {
        [files, directories, bytes] of it.0.counts;
        [errors, rate, current] of it.0;
        found: it.0.counts.entries(),
        persisted: it.1.map(|written| written.entries),
        expected: it.1.and_then(|written| written.expected),
        new_errors: it.0.new_errors.iter().map(Failure::from).collect::<Vec<_>>(),
        elapsed: it.2.native(it.0.elapsed),
    }

    ErrorLog: |it| {
        [count] of it;
        by_reason: ByReason(it),
        first: it.first.iter().map(Failure::from).collect::<Vec<_>>(),
    }

    ScanInfo: |it| { [demand, slabs] of it; status: Word(it.state.name()) }

    PoolInfo: |it| { [running, parked, threads, stuck_threads, descriptors, native_bytes] of it; }
}

plain!(Demand: |it, env| match it {
    Demand::Unlimited => atoms::infinity().to_term(env),
    Demand::Slabs(slabs) => slabs.to_term(env),
});

struct ByReason<'a>(&'a ErrorLog);

plain!(ByReason<'_>: |it, env| {
    let named = it.0.by_name().into_iter();
    let pairs: Vec<_> = named
        .map(|(name, count)| (Word(name).to_term(env), count))
        .collect();
    Term::map_from_pairs(env, &pairs).unwrap_or_else(|_| Term::map_new(env))
});

/// A reference as Elixir prints it.
pub fn inspect(reference: Reference<'_>) -> String {
    format!("{:?}", *reference).replacen("#Ref", "#Reference", 1)
}
