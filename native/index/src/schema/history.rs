//! A step from version 1 to version 2: a history that adds up.

use rusqlite::Transaction;

/// Adds the new tables. The history that version 1 wrote does not add up and does not know where it
/// is incomplete, so it counts as missing.
pub(super) fn add(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "ALTER TABLE sources ADD COLUMN history_from INTEGER NOT NULL DEFAULT 1;
         UPDATE sources SET history_from = generation + 1;
         ALTER TABLE sources ADD COLUMN names_gen INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE sources ADD COLUMN names INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE changes ADD COLUMN top INTEGER;
         ALTER TABLE changes ADD COLUMN names INTEGER;
         CREATE INDEX changes_gone ON changes (source_id, path) WHERE path IS NOT NULL;
         CREATE INDEX changes_tops ON changes (source_id, gen) WHERE path IS NOT NULL AND (top IS NULL OR top = dir_id);
         CREATE INDEX changes_size ON changes
           (source_id, gen, -abs(d_bytes), -abs(d_file_count), -(added + removed + changed), dir_id)
          WHERE top IS NULL OR top = dir_id;
         CREATE TABLE changed_files (source_id INTEGER NOT NULL, gen INTEGER NOT NULL, dir_id INTEGER NOT NULL,
           name TEXT NOT NULL, was INTEGER NOT NULL, kind INTEGER, d_bytes INTEGER NOT NULL,
           PRIMARY KEY (source_id, gen, dir_id, name)) WITHOUT ROWID;",
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rusqlite::Connection;

    #[test]
    fn a_migrated_database_has_the_columns_of_a_new_one() {
        let shape = |connection: &Connection| -> Vec<String> {
            let sql = "SELECT m.name || '.' || c.name || ' ' || c.type || c.\"notnull\" || coalesce(c.dflt_value, '')
                         FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.name IN ('sources', 'changes', 'changed_files')";
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map((), |row| row.get(0)).unwrap();
            // Columns of later versions keep their place.
            let mut columns: Vec<String> = rows.map(Result::unwrap).collect();
            columns.sort();
            columns
        };
        let mut connection = Connection::open_in_memory().unwrap();
        crate::schema::create(&mut connection).unwrap();
        let expected = shape(&connection);
        let undo = "DROP INDEX changes_paths; DROP INDEX changes_tops; DROP INDEX changes_size; DROP TABLE changed_files;
                    ALTER TABLE changes DROP COLUMN top; ALTER TABLE changes DROP COLUMN names;
                    ALTER TABLE sources DROP COLUMN names; ALTER TABLE sources DROP COLUMN names_gen;
                    ALTER TABLE sources DROP COLUMN history_from;
                    INSERT INTO sources (uuid, root, root_dir, rules, generation, created_at) VALUES ('', '', 1, '', 7, 0)";
        connection.execute_batch(undo).unwrap();
        assert_ne!(shape(&connection), expected);
        let transaction = connection.transaction().unwrap();
        super::add(&transaction).unwrap();
        transaction.commit().unwrap();
        assert_eq!(shape(&connection), expected);
        let from: i64 = connection
            .query_row("SELECT history_from FROM sources", (), |row| row.get(0))
            .unwrap();
        assert_eq!(from, 8);
    }
}
