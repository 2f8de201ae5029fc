//! Keeping `touched` for readers that follow the index. Triggers of this connection alone see every
//! row that is written, whatever writes it. An index that is not followed has none and pays
//! nothing.

use rusqlite::{Connection, TransactionBehavior, params};

use crate::writer::store::sources::now;

/// Maximum number of rows of `touched`; beyond, it is emptied, and readers start over.
const MAX_ROWS: i64 = 1_000_000;

/// Gives a directory a new number with its first change in a transaction: readers may have seen an
/// older one already.
const TOUCH: &str = "INSERT INTO touched (dir_id, seq)
    SELECT {dir}, 1 + max(floor, coalesce((SELECT max(seq) FROM touched), 0)) FROM state
     WHERE NOT EXISTS (SELECT 1 FROM touched WHERE dir_id = {dir} AND seq > (SELECT last FROM temp.committed))
    ON CONFLICT (dir_id) DO UPDATE SET seq = excluded.seq;";

/// Events, and the directories that they touch.
const TRIGGERS: [(&str, &[&str]); 7] = [
    ("INSERT ON main.files", &["new.dir_id"]),
    ("UPDATE ON main.files", &["new.dir_id"]),
    ("DELETE ON main.files", &["old.dir_id"]),
    ("INSERT ON main.dirs", &["new.id"]),
    ("DELETE ON main.dirs", &["old.id"]),
    ("UPDATE OF id ON main.dirs WHEN old.id <> new.id", &["old.id", "new.id"]),
    (
        "UPDATE OF status, mount, parent_id ON main.dirs
         WHEN old.status <> new.status OR old.mount IS NOT new.mount OR old.parent_id IS NOT new.parent_id",
        &["new.id"],
    ),
];

/// The triggers, and when rows have to be counted next.
pub(in crate::writer) struct Follow {
    max_rows: i64,
    /// There cannot be too many rows before this number is given out.
    count_at: i64,
}

impl Follow {
    /// Records in the file whether it is followed from now on. If that changes, changes were
    /// missed, and all cursors are too old. So they are if the file was put back in time: numbers
    /// were given that it does not know. Each takes more than a microsecond, so the time of day is
    /// above them.
    pub fn open(
        db: &mut Connection,
        follow: bool,
        is_back: bool,
    ) -> rusqlite::Result<Option<Follow>> {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let follows: bool =
            transaction.query_row("SELECT follows FROM state", (), |row| row.get(0))?;
        if follow != follows || follow && is_back {
            let above = if is_back { now() * 1000 } else { 0 };
            let sql = "UPDATE state SET follows = ?1,
                              floor = 1 + max(floor, ?2, coalesce((SELECT max(seq) FROM touched), 0))";
            transaction.execute(sql, params![follow, above])?;
            transaction.execute("DELETE FROM touched", ())?;
        }
        transaction.commit()?;
        if !follow {
            return Ok(None);
        }
        db.execute_batch("CREATE TEMP TABLE committed (last INTEGER NOT NULL); INSERT INTO committed VALUES (0);")?;
        for (at, (event, dirs)) in TRIGGERS.iter().enumerate() {
            let touch: String = dirs.iter().map(|dir| TOUCH.replace("{dir}", dir)).collect();
            let sql = format!("CREATE TEMP TRIGGER touch_{at} AFTER {event} BEGIN {touch} END");
            db.execute_batch(&sql)?;
        }
        Ok(Some(Follow {
            max_rows: MAX_ROWS,
            count_at: 0,
        }))
    }

    /// Begins a transaction.
    pub fn begin(&self, db: &Connection) -> rusqlite::Result<()> {
        let sql = "UPDATE committed SET last = coalesce((SELECT max(seq) FROM touched), 0)";
        db.prepare_cached(sql)?.execute(()).map(drop)
    }

    /// Bounds the number of rows, at the end of a transaction.
    pub fn bound(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT coalesce(max(seq), 0) FROM touched";
        let last: i64 = db.prepare_cached(sql)?.query_row((), |row| row.get(0))?;
        if last <= self.count_at {
            return Ok(());
        }
        let rows: i64 = db.query_row("SELECT count(*) FROM touched", (), |row| row.get(0))?;
        if rows > self.max_rows {
            db.execute("UPDATE state SET floor = ?1", [last])?;
            db.execute("DELETE FROM touched", ())?;
        }
        // Each number adds one row at most.
        self.count_at = last + (self.max_rows - rows).max(0);
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::schema;

    fn followed() -> (Connection, Follow) {
        let mut db = Connection::open_in_memory().unwrap();
        schema::create(&mut db).unwrap();
        let follow = Follow::open(&mut db, true, false).unwrap().unwrap();
        (db, follow)
    }

    fn touched(db: &Connection) -> Vec<(i64, i64)> {
        let mut statement = db
            .prepare("SELECT dir_id, seq FROM touched ORDER BY seq")
            .unwrap();
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    fn floor(db: &Connection) -> i64 {
        db.query_row("SELECT floor FROM state", (), |row| row.get(0))
            .unwrap()
    }

    /// Each statement is a transaction of its own, listed with the directories that it touches.
    #[test]
    fn every_change_of_a_directory_touches_it() {
        let (db, mut follow) = followed();
        let cases: [(&str, &[i64]); 12] = [
            (
                "INSERT INTO dirs (id, source_id, name, status, own_files, own_bytes, file_count, bytes, unknown_below,
                                   listed_gen, changed_gen) VALUES (7, 1, '', 0, 0, 0, 0, 0, 1, 0, 0)",
                &[7],
            ),
            (
                "INSERT INTO files (dir_id, name, kind, size, mtime) VALUES (7, 'a', 1, 1, 1), (7, 'b', 1, 1, 1)",
                &[7],
            ),
            (
                "INSERT INTO files (dir_id, name, kind, size, mtime) VALUES (8, 'a', 1, 1, 1), (7, 'c', 1, 1, 1), (8, 'b', 1, 1, 1)",
                &[8, 7],
            ),
            ("UPDATE files SET size = 2 WHERE dir_id = 8", &[8]),
            ("DELETE FROM files WHERE name = 'a'", &[7, 8]),
            ("UPDATE dirs SET status = 1, bytes = 9", &[7]),
            (
                "UPDATE dirs SET status = 1, bytes = 10, listed_gen = 4, mtime = 5",
                &[],
            ),
            ("UPDATE dirs SET mount = '1:-:-'", &[7]),
            ("UPDATE dirs SET id = 9", &[7, 9]),
            ("UPDATE dirs SET parent_id = 3", &[9]),
            ("DELETE FROM dirs", &[9]),
            ("INSERT INTO notes VALUES (7, 'a', 'k', 'v')", &[]),
        ];
        let mut cursor = floor(&db);
        for (sql, expected) in cases {
            db.execute_batch("BEGIN").unwrap();
            follow.begin(&db).unwrap();
            db.execute_batch(sql).unwrap();
            follow.bound(&db).unwrap();
            db.execute_batch("COMMIT").unwrap();
            let news: Vec<(i64, i64)> = touched(&db)
                .into_iter()
                .filter(|(_, seq)| *seq > cursor)
                .collect();
            let dirs: Vec<i64> = news.iter().map(|(dir, _)| *dir).collect();
            assert_eq!(dirs, expected, "{sql}");
            cursor = news.last().map_or(cursor, |(_, seq)| *seq);
        }
    }

    #[test]
    fn beyond_the_maximum_rows_are_dropped_and_cursors_too_old() {
        let (db, mut follow) = followed();
        follow.max_rows = 3;
        for dir in 1..=9 {
            follow.begin(&db).unwrap();
            db.execute(
                "INSERT INTO files (dir_id, name, kind, size, mtime) VALUES (?1, 'a', 1, 1, 1)",
                [dir],
            )
            .unwrap();
            let before: Vec<i64> = touched(&db).into_iter().map(|(_, seq)| seq).collect();
            follow.bound(&db).unwrap();
            let rows = touched(&db).len();
            assert!(rows <= 3);
            if rows == 0 {
                // A reader that has read everything has missed nothing.
                assert_eq!(floor(&db), *before.last().unwrap());
            }
        }
        assert_eq!(touched(&db).len(), 1);
    }

    #[test]
    fn changes_that_were_not_followed_make_all_cursors_too_old() {
        let (mut db, follow) = followed();
        follow.begin(&db).unwrap();
        db.execute(
            "INSERT INTO files (dir_id, name, kind, size, mtime) VALUES (1, 'a', 1, 1, 1)",
            (),
        )
        .unwrap();
        let cursor = touched(&db)[0].1;
        for at in 0..TRIGGERS.len() {
            db.execute_batch(&format!("DROP TRIGGER touch_{at}"))
                .unwrap();
        }
        db.execute_batch("DROP TABLE committed").unwrap();
        assert!(Follow::open(&mut db, false, false).unwrap().is_none());
        db.execute(
            "INSERT INTO files (dir_id, name, kind, size, mtime) VALUES (2, 'a', 1, 1, 1)",
            (),
        )
        .unwrap();
        assert_eq!(touched(&db), []);
        assert!(Follow::open(&mut db, true, false).unwrap().is_some());
        assert!(floor(&db) > cursor);
    }
}
