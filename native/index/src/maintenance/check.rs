//! Whether an index is what it should be: SQLite's own look at its pages, all totals counted anew, nothing that belongs to
//! nothing. What is wrong is told, not mended.
//!
//! Whatever is committed adds up, for each directory with its children. So the count goes piece by piece, each piece in a short
//! read of its own through the gate: the log can start over in between, and a scan may go on all the while.

use std::sync::Arc;

use rusqlite::Connection;

use super::{Phase, Watch, connect, failed, pages, recount, strays};
use crate::error::Error;
use crate::gate::Gate;
use crate::location::Location;

/// Findings given.
const FIRST: usize = 100;

/// How closely to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckOptions {
    /// Also whether each index has what its table has: integrity_check rather than quick_check, at several times the cost.
    pub thorough: bool,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// `own_files` is not the number of its rows in files.
    OwnFiles,
    /// `own_bytes` is not the sum of their sizes.
    OwnBytes,
    /// `file_count` is not its own and its children's.
    FileCount,
    /// `bytes` is not its own and its children's.
    Bytes,
    /// `unknown_below` is not its own and its children's.
    UnknownBelow,
    /// It has no parent, is no root and is not in the graveyard; or its parent is not there.
    Orphan,
    /// It lies beneath itself.
    Circle,
    /// Its parent belongs to another source.
    OtherSource,
    /// A name or a path that is not stored as TEXT.
    NotText,
    /// It has no row in paths, or one that names it otherwise.
    Path,
    /// Files of a directory that is not there.
    LostFiles,
    /// A path of a directory that is not there.
    LostPath,
    /// Notes of a directory that is not there.
    LostNotes,
    /// A grave of a directory that is not there, or that still has a parent.
    LostGrave,
    /// A source whose root is not there, or is no root.
    LostRoot,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub problem: Problem,
    /// `dirs.id` of where.
    pub dir: i64,
    /// Where, relative to its source's root, as far as that can be told.
    pub path: Option<Vec<u8>>,
    /// The number that is stored, where it is about one.
    pub stored: i64,
    /// The number that should be.
    pub counted: i64,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What SQLite says is wrong with the file; nothing else is looked at then.
    pub pages: Vec<String>,
    /// The first hundred things that are wrong.
    pub findings: Vec<Finding>,
    /// How many there are.
    pub count: u64,
    /// Directories counted, those waiting to be deleted left out.
    pub directories: u64,
    /// Their entries that are no directories.
    pub files: u64,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.pages.is_empty() && self.count == 0
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.count += 1;
        if self.findings.len() < FIRST {
            self.findings.push(finding);
        }
    }
}

/// Checks an index, also while it is written. The gate is the writer's, where it lives in this process.
pub fn check(
    location: &Location,
    gate: &Arc<Gate>,
    options: CheckOptions,
    watch: &mut Watch<'_>,
) -> Result<Report, Error> {
    let mut connection = {
        let _entered = gate.enter();
        connect(location, watch)?
    };
    let failed = |error: rusqlite::Error| failed(location, &error);
    watch.tell(Phase::Pages, 0, None);
    let mut report = Report {
        pages: pages::check(&mut connection, gate, options, watch).map_err(failed)?,
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
        watch.check(location)?;
        watch.tell(Phase::Totals, done, Some(total));
        let piece = {
            let _entered = gate.enter();
            recount::piece(&connection, last, &mut report).map_err(failed)?
        };
        done += piece.directories;
        after = piece.last;
    }
    let mut next = strays::Strays::default();
    let mut done = 0;
    while !next.is_done() {
        watch.check(location)?;
        watch.tell(Phase::Strays, done, None);
        let _entered = gate.enter();
        done += next.piece(&connection, &mut report).map_err(failed)?;
    }
    Ok(report)
}

/// About how many directories there are: ids only grow, so that this is never too few.
fn count(connection: &Connection) -> rusqlite::Result<u64> {
    let last: Option<i64> =
        connection.query_row("SELECT max(id) FROM dirs", (), |row| row.get(0))?;
    Ok(last.unwrap_or(0).max(0).unsigned_abs())
}
