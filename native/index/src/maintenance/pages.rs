//! SQLite's own check of its pages. It is one statement whose time grows with the file, and the log
//! cannot start over until it ends. So it breaks off when the writer waits, and begins again;
//! during a scan, where it would never finish, it goes table by table.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, ErrorCode};

use super::Task;
use super::check::CheckOptions;
use crate::gate::Gate;

/// Instructions of SQLite, or pages, between two looks at the gate.
const OPS: i32 = 250;
/// How often it breaks off at most; then the writer waits, or goes on without.
const GIVES_WAY: u32 = 3;

/// PageCheck, each through the gate.
struct PageCheck<'a> {
    connection: &'a Connection,
    gate: &'a Gate,
    pragma: &'static str,
    /// It may break off; and has.
    may_break: Arc<AtomicBool>,
    has_broken: Arc<AtomicBool>,
}

/// What is wrong with the pages. Beside a scan not all is looked at that belongs to no table, as
/// the list of free pages.
pub(super) fn check(
    connection: &mut Connection,
    gate: &Arc<Gate>,
    options: CheckOptions,
    task: &Task,
) -> rusqlite::Result<Vec<String>> {
    let (may_break, has_broken) = (
        Arc::new(AtomicBool::new(false)),
        Arc::<AtomicBool>::default(),
    );
    let (breaks, broken) = (Arc::clone(&may_break), Arc::clone(&has_broken));
    let (cancel, theirs) = (Arc::clone(&task.cancel), Arc::clone(gate));
    let handler = move || {
        if breaks.load(Ordering::Relaxed) && theirs.is_wanted() {
            broken.store(true, Ordering::Relaxed);
            return true;
        }
        cancel.load(Ordering::Relaxed)
    };
    connection.progress_handler(OPS, Some(handler))?;
    let looks = PageCheck {
        connection,
        gate,
        pragma: match options.thorough {
            true => "integrity_check",
            false => "quick_check",
        },
        may_break,
        has_broken,
    };
    let found = looks.look_at_all();
    task.attach_to(connection)?;
    found
}

impl PageCheck<'_> {
    fn look_at_all(&self) -> rusqlite::Result<Vec<String>> {
        for _ in 0..GIVES_WAY {
            if let Some(said) = self.look("100", true)? {
                return Ok(said);
            }
        }
        let tables = {
            let _entered = self.gate.enter();
            let sql = "SELECT name FROM sqlite_schema WHERE type = 'table'";
            let mut statement = self.connection.prepare(sql)?;
            let names = statement.query_map((), |row| row.get::<_, String>(0))?;
            names.collect::<rusqlite::Result<Vec<_>>>()?
        };
        let mut said = Vec::new();
        for table in tables {
            said.extend(self.look_at(&format!("'{}'", table.replace('\'', "''")))?);
        }
        Ok(said)
    }

    fn look_at(&self, table: &str) -> rusqlite::Result<Vec<String>> {
        for _ in 0..GIVES_WAY {
            if let Some(said) = self.look(table, true)? {
                return Ok(said);
            }
        }
        Ok(self.look(table, false)?.unwrap_or_default())
    }

    /// None if it broke off.
    fn look(&self, argument: &str, may_break: bool) -> rusqlite::Result<Option<Vec<String>>> {
        let _entered = self.gate.enter();
        self.has_broken.store(false, Ordering::Relaxed);
        self.may_break.store(may_break, Ordering::Relaxed);
        let look = || {
            let sql = format!("PRAGMA {}({argument})", self.pragma);
            let mut statement = self.connection.prepare(&sql)?;
            let said = statement.query_map((), |row| row.get::<_, String>(0))?;
            said.collect::<rusqlite::Result<Vec<_>>>()
        };
        let said = look();
        self.may_break.store(false, Ordering::Relaxed);
        match said {
            Ok(said) => Ok(Some(said.into_iter().filter(|line| line != "ok").collect())),
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
                    && self.has_broken.load(Ordering::Relaxed) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
