//! Counts `links` and what comes from it again, from rows of files and directories alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// A directory that is reached from a root, or lies in what was removed.
struct Dir {
    chain: Vec<i64>,
    is_live: bool,
    device: Option<i64>,
    linked: i64,
    whole: i64,
}

/// An inode: the device's number, and its own.
type Inode = (i64, i64);

/// Blocks and names of a row of `links`.
type Row = (i64, i64);

/// Asserts that every name of an inode with several is in `links`, and nothing else, and that the
/// totals of all folders follow from it.
pub fn recount_links(database: &Path) {
    let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    db.execute_batch("BEGIN").unwrap();
    let dirs = dirs(&db);
    let mut names: BTreeMap<(Inode, Vec<i64>), i64> = BTreeMap::new();
    let sql = "SELECT dir_id, inode FROM files WHERE inode IS NOT NULL";
    for_each(&db, sql, |row| {
        let (dir, inode): (i64, i64) = (row.get(0).unwrap(), row.get(1).unwrap());
        let dir = &dirs[&dir];
        let device = dir
            .device
            .expect("a linked name in a directory without a device");
        *names
            .entry(((device, inode), dir.chain.clone()))
            .or_default() += 1;
    });
    let mut rows: BTreeMap<Inode, Vec<(Vec<i64>, Row)>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    let sql = "SELECT device, inode, chain, disk, names FROM links ORDER BY device, inode, chain";
    for_each(&db, sql, |row| {
        let inode = (row.get(0).unwrap(), row.get(1).unwrap());
        let chain = decode(&row.get::<_, Vec<u8>>(2).unwrap());
        let (disk, count): Row = (row.get(3).unwrap(), row.get(4).unwrap());
        found.insert((inode, chain.clone()), count);
        rows.entry(inode).or_default().push((chain, (disk, count)));
    });
    assert_eq!(found, names, "rows of links, and names in files");
    let mut inodes: BTreeMap<Inode, (i64, i64)> = BTreeMap::new();
    for_each(
        &db,
        "SELECT device, inode, nlink, names FROM inodes",
        |row| {
            let inode = (row.get(0).unwrap(), row.get(1).unwrap());
            inodes.insert(inode, (row.get(2).unwrap(), row.get(3).unwrap()));
        },
    );
    let keys = |inodes: BTreeSet<Inode>| inodes;
    assert_eq!(
        keys(inodes.keys().copied().collect()),
        keys(rows.keys().copied().collect())
    );
    for dir in dirs.values().filter(|dir| dir.is_live) {
        let (mut linked, mut whole) = (0, 0);
        for (inode, rows) in &rows {
            let beneath: Vec<_> = rows
                .iter()
                .filter(|(chain, _)| chain.starts_with(&dir.chain))
                .collect();
            let Some((_, (disk, _))) = beneath.first() else {
                continue;
            };
            linked += disk;
            let (nlink, names) = inodes[inode];
            assert_eq!(names, rows.iter().map(|(_, row)| row.1).sum::<i64>());
            if beneath.len() == rows.len() && names >= nlink {
                whole += disk;
            }
        }
        assert_eq!(
            (dir.linked, dir.whole),
            (linked, whole),
            "of {:?}",
            dir.chain
        );
    }
}

fn dirs(db: &Connection) -> BTreeMap<i64, Dir> {
    let mut graves: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for_each(
        db,
        "SELECT dir_id, chain FROM graveyard WHERE chain IS NOT NULL",
        |row| {
            let chain = decode(&row.get::<_, Vec<u8>>(1).unwrap());
            graves.insert(row.get(0).unwrap(), chain);
        },
    );
    let mut found = BTreeMap::new();
    let mut parents: BTreeMap<i64, Option<i64>> = BTreeMap::new();
    let sql = "SELECT id, parent_id, device, linked, whole FROM dirs";
    for_each(db, sql, |row| {
        let id = row.get(0).unwrap();
        parents.insert(id, row.get(1).unwrap());
        let dir = Dir {
            chain: Vec::new(),
            is_live: false,
            device: row.get(2).unwrap(),
            linked: row.get(3).unwrap(),
            whole: row.get(4).unwrap(),
        };
        found.insert(id, dir);
    });
    for (id, dir) in &mut found {
        let (mut at, mut below) = (*id, Vec::new());
        loop {
            match (parents[&at], graves.get(&at)) {
                (_, Some(grave)) => {
                    dir.chain = grave.clone();
                    break;
                }
                (Some(parent), None) => {
                    below.push(at);
                    at = parent;
                }
                (None, None) => {
                    dir.is_live = true;
                    break;
                }
            }
        }
        dir.chain.extend(below.iter().rev());
    }
    found
}

/// LEB128.
fn decode(chain: &[u8]) -> Vec<i64> {
    let (mut ids, mut id, mut shift) = (Vec::new(), 0, 0);
    for byte in chain {
        id |= i64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            ids.push(id);
            (id, shift) = (0, 0);
        }
    }
    ids
}

fn for_each(db: &Connection, sql: &str, mut act: impl FnMut(&rusqlite::Row<'_>)) {
    let mut statement = db.prepare(sql).unwrap();
    let mut rows = statement.query(()).unwrap();
    while let Some(row) = rows.next().unwrap() {
        act(row);
    }
}
