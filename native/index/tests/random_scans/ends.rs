//! What is stored at the ends of two generations, and the changes between them compared with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aether_index::reader::{Change as Told, ChangesOptions, Pool};
use proptest::prelude::*;

use crate::model::is_within;
use crate::support::*;

type Totals = BTreeMap<Vec<u8>, (i64, i64)>;

/// What lies beneath the root of a source.
fn beneath(source: &str) -> String {
    format!(
        "WITH RECURSIVE beneath(id, path) AS (SELECT root_dir, '' FROM sources WHERE uuid = '{source}'
           UNION ALL SELECT d.id, iif(b.path = '', d.name, b.path || '/' || d.name) FROM beneath b JOIN dirs d ON d.parent_id = b.id)"
    )
}

/// Every folder with its files and bytes.
fn totals(database: &Path, source: &str) -> Totals {
    let sql = "SELECT hex(path), file_count, bytes FROM beneath JOIN dirs USING (id)";
    let rows = shell(database, &format!("{} {sql}", beneath(source)));
    let row = |line: &str| {
        let fields: Vec<_> = line.split('|').collect();
        let totals = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        (unhex(fields[0]), totals)
    };
    rows.lines().map(row).collect()
}

/// The files of each directory, by id: kind, and what they add to its bytes.
type Files = BTreeMap<i64, BTreeMap<Vec<u8>, (u8, i64)>>;

/// Each folder's id, by its path; and its files.
fn files(database: &Path, source: &str) -> (BTreeMap<Vec<u8>, i64>, Files) {
    let sql = "SELECT beneath.id, hex(path), hex(name), kind, iif(kind = 1, coalesce(size, 0), 0)
                 FROM beneath LEFT JOIN files ON dir_id = beneath.id";
    let (mut ids, mut files) = (BTreeMap::new(), Files::new());
    for line in shell(database, &format!("{} {sql}", beneath(source))).lines() {
        let fields: Vec<_> = line.split('|').collect();
        let id = fields[0].parse().unwrap();
        ids.insert(unhex(fields[1]), id);
        let own = files.entry(id).or_default();
        if !fields[3].is_empty() {
            let file = (fields[3].parse().unwrap(), fields[4].parse().unwrap());
            own.insert(unhex(fields[2]), file);
        }
    }
    (ids, files)
}

/// The end of a generation.
pub struct End {
    totals: Totals,
    ids: BTreeMap<Vec<u8>, i64>,
    files: Files,
}

impl End {
    pub fn now(database: &Path, source: &str) -> End {
        let (ids, files) = files(database, source);
        End {
            totals: totals(database, source),
            ids,
            files,
        }
    }

    fn files(&self, id: i64) -> BTreeMap<Vec<u8>, (u8, i64)> {
        self.files.get(&id).cloned().unwrap_or_default()
    }
}

/// Checks changes of single files against what was stored at both ends.
fn check_files(row: &Told, before: &End, after: &End) -> Result<(), TestCaseError> {
    let told = row.files.as_ref().unwrap();
    prop_assert_eq!(told.complete, !row.gone);
    if row.gone {
        prop_assert!(told.files.is_empty());
        return Ok(());
    }
    let id = after.ids[&row.path];
    let (before, after) = (before.files(id), after.files(id));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for name in names {
        let (old, new) = (before.get(name), after.get(name));
        let found = told.files.iter().find(|file| file.name == *name);
        let Some(file) = found else {
            prop_assert_eq!(old, new, "{:?} in {:?}", name, row);
            continue;
        };
        prop_assert_eq!(file.was, old.is_some(), "{:?} in {:?}", name, row);
        prop_assert_eq!(file.kind, new.map(|new| new.0), "{:?} in {:?}", name, row);
        let bytes = |file: Option<&(u8, i64)>| file.map_or(0, |file| file.1);
        prop_assert_eq!(
            file.bytes,
            bytes(new) - bytes(old),
            "{:?} in {:?}",
            name,
            row
        );
    }
    // And of nothing else.
    for file in &told.files {
        prop_assert!(before.contains_key(&file.name) || after.contains_key(&file.name));
    }
    Ok(())
}

/// All pages, and whether something is missing. Small pages may be read in another way than one that has all.
pub fn changes(pool: &Pool, source: &str, from: i64, to: i64, folder: &[u8]) -> (Vec<Told>, bool) {
    let (found, pruned) = pages(pool, source, (from, to), folder, 3);
    let (all, _) = pages(pool, source, (from, to), folder, 10_000);
    // The largest first, they may be too many for that.
    let by_path = |mut rows: Vec<Told>| {
        rows.sort_by_key(|row| (parts(row), row.gone, row.generation, row.bytes));
        rows
    };
    match from + 1 == to && found != all && found.is_sorted_by_key(parts) {
        true => assert_eq!(by_path(found.clone()), by_path(all), "{from}..{to}"),
        false => assert_eq!(found, all, "{from}..{to}"),
    }
    (found, pruned)
}

pub fn parts(row: &Told) -> Vec<Vec<u8>> {
    let parts = row.path.split(|byte| *byte == b'/');
    parts.map(<[u8]>::to_vec).collect()
}

fn pages(
    pool: &Pool,
    source: &str,
    (from, to): (i64, i64),
    folder: &[u8],
    limit: usize,
) -> (Vec<Told>, bool) {
    let mut options = ChangesOptions {
        folder: folder.to_vec(),
        limit,
        after: None,
        files: true,
    };
    let mut found = Vec::new();
    loop {
        let page = pool.changes(source, from, to, &options).unwrap().value;
        found.extend(page.folders);
        if page.next.is_none() {
            return (found, page.pruned);
        }
        options.after = page.next;
    }
}

fn sum<'a>(changes: impl Iterator<Item = &'a Told>) -> (i64, i64) {
    changes.fold((0, 0), |sum, change| {
        (sum.0 + change.file_count, sum.1 + change.bytes)
    })
}

/// Compares the growth of each folder in a folder with their totals.
fn check_growth(
    pool: &Pool,
    source: &str,
    folder: &[u8],
    (from, before): (i64, &Totals),
    (to, after): (i64, &Totals),
) -> Result<(), TestCaseError> {
    let growth = pool.growth(source, folder, from, to).unwrap().value;
    if growth.was_removed {
        return Ok(());
    }
    let mut sum = (growth.own_files, growth.own_bytes);
    let mut told = BTreeMap::new();
    for child in growth.children {
        sum = (sum.0 + child.file_count, sum.1 + child.bytes);
        let path = match folder {
            [] => child.name,
            folder => [folder, b"/", &child.name].concat(),
        };
        told.insert(path, (child.file_count, child.bytes));
    }
    let of = |totals: &Totals, path: &[u8]| totals.get(path).copied().unwrap_or((0, 0));
    let expected = |path: &[u8]| {
        let (old, new) = (of(before, path), of(after, path));
        (new.0 - old.0, new.1 - old.1)
    };
    prop_assert_eq!(sum, expected(folder), "{:?}: {:?}", folder, told);
    for path in before.keys().chain(after.keys()).chain(told.keys()) {
        let is_child = match path.iter().rposition(|byte| *byte == b'/') {
            Some(at) => path[..at] == *folder,
            None => folder.is_empty() && !path.is_empty(),
        };
        if is_child {
            let found = told.get(path).copied().unwrap_or((0, 0));
            prop_assert_eq!(found, expected(path), "{:?} of {}..{}", path, from, to);
        }
    }
    Ok(())
}

/// Compares changes between two generations with their totals. Without `settled`, changes in
/// removed folders are part of the row of these.
pub fn check(
    pool: &Pool,
    source: &str,
    (from, before): (i64, &End),
    (to, after): (i64, &End),
    settled: bool,
) -> Result<bool, TestCaseError> {
    let (rows, pruned) = changes(pool, source, from, to, b"");
    if pruned {
        return Ok(false);
    }
    // What was expanded since the newest end is stored already, and recorded later.
    if settled {
        for row in &rows {
            check_files(row, before, after)?;
        }
    }
    let (before, after) = (&before.totals, &after.totals);
    let newest = pool.source(source).unwrap().value.generation;
    if (from + 1, to) != (newest, newest) {
        prop_assert!(rows.is_sorted_by_key(parts), "{:?}", rows);
    }
    let mut told = BTreeSet::new();
    for row in &rows {
        prop_assert!(told.insert((row.path.clone(), row.gone, row.generation)) || row.gone);
    }
    let folders: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for folder in folders {
        let of = |totals: &Totals| totals.get(folder).copied().unwrap_or((0, 0));
        let (old, new) = (of(before), of(after));
        let expected = (new.0 - old.0, new.1 - old.1);
        let shown = folder.escape_ascii().to_string();
        let in_removed =
            |row: &Told| row.gone && row.path != *folder && is_within(folder, &row.path);
        let is_told_above = rows.iter().any(in_removed);
        if !is_told_above || (settled && after.contains_key(folder)) {
            let beneath = rows.iter().filter(|row| is_within(&row.path, folder));
            prop_assert_eq!(
                sum(beneath),
                expected,
                "{} of {}..{}: {:?}",
                shown,
                from,
                to,
                rows
            );
        }
        check_growth(pool, source, folder, (from, before), (to, after))?;
        if settled {
            let (rows, _) = changes(pool, source, from, to, folder);
            prop_assert_eq!(
                sum(rows.iter()),
                expected,
                "in {} of {}..{}: {:?}",
                shown,
                from,
                to,
                rows
            );
        }
    }
    Ok(true)
}
