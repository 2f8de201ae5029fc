//! Checks an index: SQLite's own check of its pages, all totals counted again, no row without its
//! directory. Faults are reported, not repaired.
//!
//! After every commit the totals of each directory and its children agree. So the count goes piece
//! by piece, each in a short transaction through the gate: the log can start over in between, and
//! scans go on.

use std::sync::Arc;

use rusqlite::Connection;

use super::report::Report;
use super::{Phase, Task, connect, failed, links, orphans, pages, recount};
use crate::error::Error;
use crate::gate::Gate;
use crate::location::Location;

/// How thorough a check is.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckOptions {
    /// Also compare each index with its table: integrity_check rather than quick_check, at several
    /// times the cost.
    pub thorough: bool,
}

/// Checks an index, even while it is written. The gate is the writer's, if it is in this process.
pub fn check(
    location: &Location,
    gate: &Arc<Gate>,
    options: CheckOptions,
    task: &mut Task<'_>,
) -> Result<Report, Error> {
    let mut connection = {
        let _entered = gate.enter();
        connect(location, task)?
    };
    let failed = |error: rusqlite::Error| failed(location, &error);
    task.tell(Phase::Pages, 0, None);
    let mut report = Report {
        pages: pages::check(&mut connection, gate, options, task).map_err(failed)?,
        ..Report::default()
    };
    if !report.pages.is_empty() {
        return Ok(report);
    }
    let total = {
        let _entered = gate.enter();
        count(&connection).map_err(failed)?
    };
    let mut after = Some(0);
    let mut done = 0;
    while let Some(last) = after {
        task.check(location)?;
        task.tell(Phase::Totals, done, Some(total));
        let piece = {
            let _entered = gate.enter();
            recount::piece(&connection, last, &mut report).map_err(failed)?
        };
        done += piece.directories;
        after = piece.last;
    }
    task.check(location)?;
    task.tell(Phase::Links, 0, None);
    links::check(&connection, gate, task, &mut report).map_err(failed)?;
    let mut next = orphans::Orphans::default();
    let mut done = 0;
    while !next.is_done() {
        task.check(location)?;
        task.tell(Phase::Orphans, done, None);
        let _entered = gate.enter();
        done += next.piece(&connection, &mut report).map_err(failed)?;
    }
    Ok(report)
}

/// At least the number of directories: ids only grow.
fn count(connection: &Connection) -> rusqlite::Result<u64> {
    let last: Option<i64> =
        connection.query_row("SELECT max(id) FROM dirs", (), |row| row.get(0))?;
    Ok(last.unwrap_or(0).max(0).unsigned_abs())
}
