//! Inserting many rows with one statement, which shares its cost among them.

use std::fmt::Write;

use rusqlite::{Connection, Statement};

/// A statement in several sizes: rows that do not fill a large one go by smaller ones.
#[derive(Debug)]
pub(in crate::writer) struct Chunks {
    columns: usize,
    /// Number of rows and SQL, the largest first.
    sizes: Vec<(usize, String)>,
}

impl Chunks {
    /// `head`, then `values` once per row, then `tail`.
    pub fn new(head: &str, values: &str, tail: &str, sizes: &[usize]) -> Chunks {
        let columns = values.matches('?').count();
        let text = |rows: usize| {
            let mut text = head.to_owned();
            for row in 0..rows {
                let comma = if row == 0 { "" } else { "," };
                // Writing to a String cannot fail.
                let _ = write!(text, "{comma}{values}");
            }
            text + tail
        };
        let sizes = sizes.iter().map(|&rows| (rows, text(rows))).collect();
        Chunks { columns, sizes }
    }

    /// Rows in the largest statement.
    pub fn max_rows(&self) -> usize {
        self.sizes.first().map_or(1, |(rows, _)| *rows)
    }

    /// Executes it for all rows. `bind` gets the number of a row's first parameter; `done` gets
    /// each statement's rows and how many of them it changed.
    pub fn execute<T>(
        &self,
        db: &Connection,
        mut rows: &[T],
        mut bind: impl FnMut(&mut Statement<'_>, usize, &T) -> rusqlite::Result<()>,
        mut done: impl FnMut(&[T], usize),
    ) -> rusqlite::Result<()> {
        while !rows.is_empty() {
            let fits = |(size, _): &&(usize, String)| *size <= rows.len();
            let Some((size, sql)) = self.sizes.iter().find(fits) else {
                break;
            };
            let (now, later) = rows.split_at(*size);
            let mut statement = db.prepare_cached(sql)?;
            for (row, at) in now.iter().zip((1..).step_by(self.columns)) {
                bind(&mut statement, at, row)?;
            }
            done(now, statement.raw_execute()?);
            rows = later;
        }
        Ok(())
    }
}
