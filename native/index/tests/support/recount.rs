//! Whether every total is what the shell counts, and nothing is left that belongs to nothing.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::{BENEATH, shell};

/// Directories whose numbers are not what a recount gives, and rows of `paths` that are wrong or missing.
pub fn recount(database: &Path) {
    assert_eq!(shell(database, &wrong()), "");
}

/// The same by a connection, which is quicker: what is wrong.
pub fn recount_by(connection: &Connection) -> Vec<String> {
    let mut statement = connection.prepare_cached(&wrong()).unwrap();
    let rows = statement.query_map((), |row| {
        let id: i64 = row.get(1)?;
        Ok(format!("{} of {id}", row.get::<_, String>(0)?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn wrong() -> String {
    format!(
            "{BENEATH}
             SELECT 'totals', d.id, d.name, d.own_files, d.own_bytes, d.file_count, d.bytes, d.unknown_below FROM beneath b JOIN dirs d ON d.id = b.id
              WHERE d.own_files IS NOT (SELECT count(*) FROM files f WHERE f.dir_id = d.id)
                 OR d.own_bytes IS NOT (SELECT coalesce(sum(f.size), 0) FROM files f WHERE f.dir_id = d.id AND f.kind = 1)
                 OR d.file_count IS NOT d.own_files + (SELECT coalesce(sum(c.file_count), 0) FROM dirs c WHERE c.parent_id = d.id)
                 OR d.bytes IS NOT d.own_bytes + (SELECT coalesce(sum(c.bytes), 0) FROM dirs c WHERE c.parent_id = d.id)
                 OR d.own_disk IS NOT (SELECT coalesce(sum(f.disk), 0) FROM files f WHERE f.dir_id = d.id AND f.inode IS NULL)
                 OR d.disk - d.linked IS NOT coalesce(d.self_disk, 0) + d.own_disk + (SELECT coalesce(sum(c.disk - c.linked), 0) FROM dirs c WHERE c.parent_id = d.id)
                 OR d.unknown_below IS NOT (d.status NOT IN (1, 2, 3)) + (SELECT coalesce(sum(c.unknown_below), 0) FROM dirs c WHERE c.parent_id = d.id)
             UNION ALL
             SELECT 'no path', b.id, b.path, 0, 0, 0, 0, 0 FROM beneath b WHERE length(CAST(b.path AS BLOB)) <= 4096
                AND NOT EXISTS (SELECT 1 FROM dirs d WHERE d.id = b.id AND d.status = 0 AND NOT EXISTS (SELECT 1 FROM files f WHERE f.dir_id = d.id)
                                   AND NOT EXISTS (SELECT 1 FROM dirs c WHERE c.parent_id = d.id))
                AND NOT EXISTS (SELECT 1 FROM paths p JOIN dirs d ON d.id = b.id WHERE p.source_id = d.source_id AND p.path = b.path AND p.dir_id = b.id)
             UNION ALL
             SELECT 'lost', d.id, d.name, 0, 0, 0, 0, 0 FROM dirs d WHERE d.parent_id IS NULL AND d.name <> ''
                AND d.id NOT IN (SELECT dir_id FROM graveyard)
             UNION ALL
             SELECT 'both', d.id, d.name, 0, 0, 0, 0, 0 FROM dirs d JOIN files f ON f.dir_id = d.parent_id AND f.name = d.name LIMIT 20"
    )
}

/// Asserts that a database is whole: its pages, its indexes, every total, nothing that belongs to nothing.
pub fn check_clean(database: &Path) {
    let report = check(database);
    assert!(report.is_clean(), "{report:?}");
}

/// What a thorough check finds.
pub fn check(database: &Path) -> aether_index::maintenance::Report {
    use aether_index::maintenance::{CheckOptions, Task, check};
    let location = aether_index::Location::resolve(database).unwrap();
    let options = CheckOptions { thorough: true };
    let mut watch = Task::default();
    check(&location, &Arc::default(), options, &mut watch).unwrap()
}

/// What is left in the tables when everything removed has been deleted.
pub fn leftovers(database: &Path) -> String {
    shell(
        database,
        &format!(
            "{BENEATH}
             SELECT 'dirs', count(*) FROM dirs WHERE id NOT IN (SELECT id FROM beneath)
             UNION ALL SELECT 'files', count(*) FROM files WHERE dir_id NOT IN (SELECT id FROM beneath)
             UNION ALL SELECT 'paths', count(*) FROM paths WHERE dir_id NOT IN (SELECT id FROM beneath)
             UNION ALL SELECT 'notes', count(*) FROM notes WHERE dir_id NOT IN (SELECT id FROM beneath)
             UNION ALL SELECT 'graveyard', count(*) FROM graveyard"
        ),
    )
}

pub const NOTHING_LEFT: &str = "dirs|0\nfiles|0\npaths|0\nnotes|0\ngraveyard|0\n";
