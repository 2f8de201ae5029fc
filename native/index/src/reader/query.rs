//! Every statement that a page runs, so that a test can check the plan of each: none may read a
//! whole table, except the short list of sources.

/// A statement of the list below.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql(pub(super) &'static str);

macro_rules! queries {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(super) const $name: Sql = Sql($sql);)*
        #[cfg(test)]
        const ALL: &[(&str, Sql)] = &[$((stringify!($name), $name)),*];
    };
}

macro_rules! source { ($rest:literal) => { concat!(
    "SELECT id, uuid, root, root_dir, rules, identity, generation, last_scan_at, last_scan_status, last_scan_files,
            last_complete_at, created_at, disk_gen, attributes FROM sources ", $rest) } }

macro_rules! dir { ($rest:literal) => { concat!(
    "SELECT id, name, mtime, status, own_files, own_bytes, file_count, bytes, unknown_below, listed_gen, changed_gen,
            disk, linked, whole, owner FROM dirs ",
    $rest) } }

// Children in the same columns, wherever they come from: name, kind, file_count, bytes, mtime,
// status, unknown_below, disk, unshared disk, nlink, owner.
macro_rules! folders { ($rest:literal) => { concat!(
    "SELECT name, 2, file_count, bytes, mtime, status, unknown_below, disk, disk - linked + whole, NULL,
            owner FROM dirs WHERE parent_id = ?1 ", $rest) } }
macro_rules! files {
    ($rest:literal) => {
        concat!(
            "SELECT name, kind, 1, size, mtime, NULL, NULL, disk, NULL,
                    CASE WHEN disk IS NULL THEN NULL WHEN inode IS NULL THEN 1 ELSE
                    (SELECT i.nlink FROM inodes i WHERE i.device = (SELECT d.device FROM dirs d WHERE d.id = ?1) AND i.inode = f.inode) END,
                    owner
               FROM files f WHERE dir_id = ?1 ",
            $rest
        )
    };
}
macro_rules! imported { ($rest:literal) => { concat!(
    "SELECT name, CASE is_folder WHEN 0 THEN 0 ELSE 2 END, file_count, NULL, NULL, NULL, NULL,
            NULL, NULL, NULL, NULL FROM imported
      WHERE source_id = ?1 AND prefix = ?2 AND is_folder = ?3 ", $rest) } }

// As in the indexes `changes_paths` and `changes_tops`.
macro_rules! path_key {
    () => {
        "replace(path, '/', char(0))"
    };
}

// Bytes in two halves, whose sum may not fit into an i64.
macro_rules! sums {
    ($of:literal) => {
        concat!(
            "sum(",
            $of,
            "d_file_count), sum(",
            $of,
            "added), sum(",
            $of,
            "removed), sum(",
            $of,
            "changed),
     sum(",
            $of,
            "d_bytes >> 32), sum(",
            $of,
            "d_bytes & 4294967295)"
        )
    };
}

queries! {
    SOURCES = source!("ORDER BY id");
    SOURCE = source!("WHERE uuid = ?1");
    SOURCE_AT = source!("WHERE root = ?1");
    SOURCE_OF = source!("WHERE id = ?1");

    DIR = dir!("WHERE id = ?1");
    CHILD_DIR = dir!("WHERE parent_id = ?1 AND name = ?2");
    CHILD_FILE = files!("AND name = ?2");

    FOLDERS_UP = folders!("AND name > ?2 ORDER BY name LIMIT ?3");
    FOLDERS_DOWN = folders!("AND name < ?2 ORDER BY name DESC LIMIT ?3");
    FILES_UP = files!("AND name > ?2 ORDER BY name LIMIT ?3");
    FILES_SIZED = files!("AND name > ?2 AND size BETWEEN ?3 AND ?4 ORDER BY name LIMIT ?5");
    FILES_DATED = files!("AND name > ?2 AND mtime BETWEEN ?3 AND ?4 ORDER BY name LIMIT ?5");
    FILES_ON_DISK = files!("AND name > ?2 AND disk BETWEEN ?3 AND ?4 ORDER BY name LIMIT ?5");
    FILES_OF = "SELECT name, kind, size, mtime, disk, inode,
                       CASE WHEN inode IS NULL THEN NULL ELSE (SELECT device FROM dirs WHERE id = ?1) END, owner
                  FROM files WHERE dir_id = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
    FILES_DOWN = files!("AND name < ?2 ORDER BY name DESC LIMIT ?3");
    IMPORTED_UP = imported!("AND name > ?4 ORDER BY name LIMIT ?5");
    IMPORTED_DOWN = imported!("AND name < ?4 ORDER BY name DESC LIMIT ?5");
    IMPORTED_ONE = "SELECT is_folder, file_count FROM imported WHERE source_id = ?1 AND prefix = ?2 AND name = ?3
                     ORDER BY is_folder DESC";
    IMPORTED_SUM = "SELECT sum(file_count) FROM imported WHERE source_id = ?1 AND prefix = ?2";
    IMPORTED_ANY = "SELECT 1 FROM imported WHERE source_id = ?1 LIMIT 1";

    MISSED = "SELECT since, regained FROM missed WHERE dir_id = ?1";
    SCANS_OF = "SELECT id, depth, status, ended_at, gen, started_at FROM scans WHERE source_id = ?1 AND folder = ?2";
    // A generation is never lower than that of a scan which began before.
    LAST_SCAN = "SELECT id, status FROM scans WHERE source_id = ?1 ORDER BY gen DESC, id DESC LIMIT 1";
    COUNT_FOLDERS = "SELECT count(*) FROM dirs WHERE parent_id = ?1";
    RUNNING = "SELECT uuid, folder FROM scans JOIN sources ON sources.id = source_id WHERE scans.id = ?1 AND status = 0";
    UNKNOWN_AFTER = "SELECT id, name, status, unknown_below FROM dirs WHERE parent_id = ?1 AND name > ?2 ORDER BY name";
    UNKNOWN = "SELECT id, name, status, unknown_below FROM dirs WHERE parent_id = ?1";

    LARGE_FOLDERS = "SELECT id, name, file_count, bytes, disk, own_files, own_bytes, bytes - own_bytes FROM dirs WHERE parent_id = ?1";
    LARGE_FILES = "SELECT name, size, disk FROM files WHERE dir_id = ?1 AND kind = 1 AND size >= ?2";
    // It is not known how deep linked inodes lie.
    FOLDERS_LARGE_ON_DISK = "SELECT id, name, file_count, bytes, disk, own_files, own_disk + min(linked, 9223372036854775807 - own_disk), disk - own_disk FROM dirs WHERE parent_id = ?1";
    FILES_LARGE_ON_DISK = "SELECT name, size, disk FROM files WHERE dir_id = ?1 AND kind = 1 AND disk >= ?2";

    // Not by generation: each has a scan for each folder that was opened since.
    GENERATIONS = "SELECT gen, status, ended_at, id FROM scans INDEXED BY scans_folder WHERE source_id = ?1 AND folder = '' AND +gen > ?2 AND +gen <= ?3
                    AND whole = 1 ORDER BY gen, id";
    HISTORY_FROM = "SELECT history_from FROM sources WHERE id = ?1";
    CHANGE_ROWS = "SELECT dir_id, path, gen, top, d_file_count, added, removed, changed, d_bytes FROM changes
                    WHERE source_id = ?1 AND gen > ?2 AND gen <= ?3";
    // What is in the row of another directory is not counted twice.
    GROWTH_ROWS = "SELECT dir_id, path, d_file_count, d_bytes FROM changes
                    WHERE source_id = ?1 AND gen > ?2 AND gen <= ?3 AND (top IS NULL OR top = dir_id)";
    CHANGE_COUNT = "SELECT count(*) FROM (SELECT 1 FROM changes WHERE source_id = ?1 AND gen > ?2 AND gen <= ?3 LIMIT ?4)";
    CHANGED_GENERATION = "SELECT min(gen) FROM changes WHERE source_id = ?1 AND gen > ?2 AND gen <= ?3";
    CHANGE = "SELECT top, d_file_count, d_bytes, added, removed, changed FROM changes
               WHERE source_id = ?1 AND gen = ?2 AND dir_id = ?3";
    CHILD_DIRS = "SELECT name, id FROM dirs WHERE parent_id = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
    // By path, component by component: `path_key` in changes/cursor.rs.
    REMOVED_PATHS = concat!("SELECT ", path_key!(), ", gen, dir_id FROM changes INDEXED BY changes_paths
                      WHERE path IS NOT NULL AND source_id = ?1 AND ", path_key!(), " >= ?2
                        AND (", path_key!(), ", gen, dir_id) > (?2, ?3, ?4) AND ", path_key!(), " < ?5
                      ORDER BY ", path_key!(), ", gen, dir_id LIMIT ?6");
    REMOVED_AT = concat!("SELECT gen, dir_id FROM changes INDEXED BY changes_paths
                      WHERE path IS NOT NULL AND source_id = ?1 AND ", path_key!(), " = ?2");
    REMOVED_COUNT = concat!("SELECT count(*) FROM (SELECT 1 FROM changes INDEXED BY changes_paths
                      WHERE path IS NOT NULL AND source_id = ?1 AND ", path_key!(), " > ?2 AND ", path_key!(), " < ?3 LIMIT ?4)");
    REMOVED_WITHIN = concat!("SELECT ", path_key!(), ", gen, dir_id FROM changes INDEXED BY changes_paths
                      WHERE path IS NOT NULL AND source_id = ?1 AND ", path_key!(), " > ?2 AND ", path_key!(), " < ?3
                        AND gen = ?4 AND top = ?5 AND dir_id <> ?5");
    CHANGED_BEFORE = concat!("SELECT r.top, ", sums!("c."), " FROM changes c
                CROSS JOIN changes r ON r.source_id = ?1 AND r.gen = ?3 AND r.dir_id = c.dir_id
                WHERE c.source_id = ?1 AND c.gen > ?2 AND c.gen < ?3 AND r.top <> r.dir_id GROUP BY r.top");
    LARGEST_CHANGES = "SELECT dir_id, path, gen, d_file_count, d_bytes, added, removed, changed FROM changes INDEXED BY changes_size
                        WHERE source_id = ?1 AND gen = ?2 AND (top IS NULL OR top = dir_id)
                          AND (-abs(d_bytes), -abs(d_file_count), -(added + removed + changed), dir_id) > (?3, ?4, ?5, ?6)
                        ORDER BY -abs(d_bytes), -abs(d_file_count), -(added + removed + changed), dir_id";
    REMOVED_TOP_KEYS = concat!("SELECT ", path_key!(), ", gen, dir_id FROM changes INDEXED BY changes_tops
                     WHERE source_id = ?1 AND gen = ?2 AND path IS NOT NULL AND (top IS NULL OR top = dir_id) LIMIT ?3");
    CHANGED_NAMES = "SELECT names FROM changes WHERE source_id = ?1 AND gen = ?2 AND dir_id = ?3";
    CHANGED_FILES = "SELECT name, was, kind, d_bytes FROM changed_files WHERE source_id = ?1 AND gen = ?2 AND dir_id = ?3";
    REMOVED = "SELECT path FROM changes WHERE source_id = ?1 AND gen = ?2 AND dir_id = ?3 AND path IS NOT NULL";
    REMOVED_SINCE = concat!("SELECT 1 FROM changes INDEXED BY changes_paths
                      WHERE path IS NOT NULL AND source_id = ?1 AND ", path_key!(), " = ?2 AND gen > ?3 AND dir_id <= ?4");
    NEWEST_DIR = "SELECT max(coalesce((SELECT max(id) FROM dirs), 0),
                             coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'dirs'), 0))";
    GRAVES = "SELECT 1 FROM graveyard WHERE source_id = ?1 LIMIT 1";
    GRAVE = "SELECT path FROM graveyard WHERE dir_id = ?1";
    CHANGED = "SELECT coalesce(sum(added), 0), coalesce(sum(removed), 0), coalesce(sum(changed), 0) FROM changes
                WHERE source_id = ?1 AND gen IN (?2, ?2 + 1) AND dir_id = ?3";
    PARENT = "SELECT parent_id, name FROM dirs WHERE id = ?1";

    LINKED_FILE = "SELECT disk, inode, (SELECT device FROM dirs WHERE id = ?1) FROM files WHERE dir_id = ?1 AND name = ?2";
    DIR_INODE = "SELECT self_disk, device FROM dirs WHERE id = ?1";
    INODE = "SELECT nlink, names FROM inodes WHERE device = ?1 AND inode = ?2";
    CHAINS = "SELECT chain FROM links WHERE device = ?1 AND inode = ?2 AND chain > ?3 ORDER BY chain LIMIT ?4";
    LINKED_NAMES = "SELECT name FROM files WHERE dir_id = ?1 AND inode = ?2 ORDER BY name";
    LINKED_GRAVES = "SELECT g.path FROM graveyard g CROSS JOIN dirs d ON d.id = g.dir_id WHERE g.source_id = ?1 AND d.linked <> 0";

    OWNER = "SELECT mode, uid, gid FROM owners WHERE id = ?1";

    // That of the source itself comes before that of its root.
    INEXACT_FIRST = "SELECT dir_id FROM inexact WHERE source_id = ?1 ORDER BY chain, dir_id LIMIT 1";
    INEXACT_BENEATH = "SELECT 1 FROM inexact WHERE source_id = ?1 AND chain >= ?2 AND chain < ?3 LIMIT 1";

    NOTES = "SELECT key, value FROM notes WHERE dir_id = ?1 AND name = ?2 ORDER BY key";
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::location::Location;
    use crate::open::{create, open_reader};
    use std::time::Duration;

    #[test]
    fn no_page_reads_a_whole_table() {
        let directory = tempfile::tempdir().unwrap();
        let location = Location::resolve(&directory.path().join("index.db")).unwrap();
        create(&location).unwrap();
        let reader = open_reader(&location, Duration::ZERO).unwrap();
        for (name, query) in ALL {
            let sql = format!("EXPLAIN QUERY PLAN {}", query.0);
            let mut statement = reader.prepare(&sql).unwrap();
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(!steps.is_empty());
            for step in steps {
                // A subquery counts up to a limit.
                let is_short = step == "SCAN sources"
                    || step.starts_with("SCAN (subquery")
                    // It has the tops of trees alone, and soon loses them.
                    || (*name == "GRAVES" && step == "SCAN graveyard")
                    || (*name == "LINKED_GRAVES" && step == "SCAN g")
                    // These have a row or a few.
                    || step == "SCAN CONSTANT ROW"
                    || step == "SCAN sqlite_sequence";
                let whole = step.starts_with("SCAN") && !is_short;
                assert!(!whole, "{name}: {step}");
                // Pages come in the order of a key; only history is gathered by another. Nor all of
                // the history.
                let history = step.contains(" changes ") && step.ends_with("(source_id=?)");
                assert!(!history, "{name}: {step}");
                let sorts = step.contains("TEMP B-TREE");
                // Not all scans of a source: there is one for each folder that was ever opened.
                let by_key = step.contains("scans_folder") || step.contains("INTEGER PRIMARY KEY");
                let of_scans = step.contains(" scans ") && !by_key;
                assert!(!of_scans || *name == "LAST_SCAN", "{name}: {step}");
                let gathers = ["CHANGED_BEFORE", "GENERATIONS"].contains(name);
                assert!(!sorts || gathers, "{name}: {step}");
            }
        }
    }
}
