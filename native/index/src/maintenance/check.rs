//! Checks an index: SQLite's own check of its pages, all totals counted again, no row without its
//! directory. Faults are reported, not repaired.
//!
//! After every commit the totals of each directory and its children agree. So the count goes piece
//! by piece, each in a short transaction through the gate: the log can start over in between, and
//! scans go on.

use std::sync::Arc;

use super::report::Report;
use super::{Task, connect, failed, links, orphans, pages, recount};
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
    task: &mut Task,
) -> Result<Report, Error> {
    let mut connection = {
        let _entered = gate.enter();
        connect(location, task)?
    };
    let failed = |error: rusqlite::Error| failed(location, &error);
    task.step(location)?;
    let mut report = Report {
        pages: pages::check(&mut connection, gate, options, task).map_err(failed)?,
        ..Report::default()
    };
    if !report.pages.is_empty() {
        return Ok(report);
    }
    let mut after = Some(0);
    while let Some(last) = after {
        task.step(location)?;
        let piece = {
            let _entered = gate.enter();
            recount::piece(&connection, last, &mut report).map_err(failed)?
        };
        after = piece.last;
    }
    task.step(location)?;
    links::check(&connection, gate, task, &mut report).map_err(failed)?;
    let mut next = orphans::Orphans::default();
    while !next.is_done() {
        task.step(location)?;
        let _entered = gate.enter();
        next.piece(&connection, &mut report).map_err(failed)?;
    }
    Ok(report)
}
