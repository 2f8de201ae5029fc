//! The history of any two generations adds up to the difference of the totals that the shell read
//! at their ends: for every folder, whatever was scanned, expanded, cut off, removed, created again
//! or forgotten between them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aether_core::Status;
use aether_index::reader::{Change as Told, ChangesOptions, Pool};
use aether_index::{OpenOptions, ScanCounts, ScanSpec, ScanWriter};
use proptest::prelude::*;

use crate::model::*;
use crate::support::*;

#[derive(Clone, Debug)]
enum Step {
    Change(Change),
    Scan {
        /// Where an expansion starts; a whole scan has none.
        folder: Option<Vec<usize>>,
        depth: Option<u32>,
        seed: u64,
        /// After how many percent it is cut off.
        cut: u8,
        /// Whether it ends only after the next step that scans.
        held: bool,
    },
    Forget(Vec<usize>),
    Reopen,
    Settle,
}

fn few() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..3usize, 1..5)
}

fn change_of_few() -> impl Strategy<Value = Change> {
    let kind = prop_oneof![2 => Just(1u8), 3 => Just(2), 1 => Just(3)];
    let put = (few(), kind, 0u64..9, -2i64..3);
    let put = put.prop_map(|(way, kind, size, mtime)| Change::Put {
        way,
        kind,
        size,
        mtime,
    });
    prop_oneof![2 => put, 1 => few().prop_map(|way| Change::Delete { way })]
}

fn step() -> impl Strategy<Value = Step> {
    let cut = || prop_oneof![3 => Just(100u8), 1 => 0u8..100];
    let whole = (any::<u64>(), cut()).prop_map(|(seed, cut)| Step::Scan {
        folder: None,
        depth: None,
        seed,
        cut,
        held: false,
    });
    let depth = prop_oneof![3 => Just(None), 1 => (1u32..3).prop_map(Some)];
    let part = (few(), depth, any::<u64>(), cut(), any::<bool>()).prop_map(
        |(folder, depth, seed, cut, held)| Step::Scan {
            folder: Some(folder),
            depth,
            seed,
            cut,
            held,
        },
    );
    prop_oneof![
        24 => change_of_few().prop_map(Step::Change),
        6 => whole,
        4 => part,
        1 => few().prop_map(Step::Forget),
        1 => Just(Step::Reopen),
        2 => Just(Step::Settle),
    ]
}

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

/// Of each folder, by its path: its id. And its files.
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
fn changes(pool: &Pool, source: &str, from: i64, to: i64, folder: &[u8]) -> (Vec<Told>, bool) {
    let (found, pruned) = pages(pool, source, (from, to), folder, 3);
    let (all, _) = pages(pool, source, (from, to), folder, 10_000);
    assert_eq!(found, all, "{from}..{to}");
    (found, pruned)
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
        let by_parts = |row: &Told| -> Vec<Vec<u8>> {
            let parts = row.path.split(|byte| *byte == b'/');
            parts.map(<[u8]>::to_vec).collect()
        };
        prop_assert!(rows.is_sorted_by_key(by_parts), "{:?}", rows);
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

/// A scan that has begun: the batches still to come, and how it ends.
struct Held {
    writer: ScanWriter,
    folder: Vec<u8>,
    listings: Vec<Listing>,
    rest: Vec<Piece>,
    status: Status,
    dice: Dice,
}

impl Held {
    fn end(mut self) {
        send(&self.writer, &self.listings, &self.rest, &mut self.dice);
        let counts = ScanCounts::default();
        self.writer.end(self.status, counts).unwrap();
    }
}

struct History {
    fixture: Fixture,
    tree: Tree,
    held: Option<Held>,
    /// What was stored at the end of each generation, from the first on.
    ends: Vec<End>,
}

impl History {
    fn end_held(&mut self) {
        if let Some(held) = self.held.take() {
            held.end();
        }
    }

    fn run(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Change(change) => apply(&mut self.tree, change),
            Step::Scan {
                folder,
                depth,
                seed,
                cut,
                held,
            } => {
                let earlier = self.held.take();
                let whole = folder.is_none();
                let folder = folder.as_ref().map(|way| nearest(&self.tree, way));
                let folder = folder.unwrap_or_default();
                if earlier.as_ref().is_some_and(|held| held.folder == folder) {
                    self.held = earlier;
                    self.end_held();
                    return self.run(step);
                }
                // From the root without a depth it would be a whole scan.
                let depth = if whole { None } else { depth.or(Some(9)) };
                let spec = ScanSpec {
                    folder: folder.clone(),
                    depth,
                    ..spec()
                };
                let writer = self.fixture.begin(spec);
                let listings = listings(&self.tree, &folder, depth);
                let mut dice = Dice(*seed);
                let mut pieces = pieces(&listings, &mut dice);
                let sent = pieces.len() * usize::from(*cut) / 100;
                let is_cut = sent < pieces.len();
                pieces.truncate(sent);
                let rest = pieces.split_off(if *held { sent / 2 } else { sent });
                send(&writer, &listings, &pieces, &mut dice);
                let status = if is_cut {
                    Status::Cancelled
                } else {
                    Status::Complete
                };
                let scan = Held {
                    writer,
                    folder,
                    listings,
                    rest,
                    status,
                    dice,
                };
                if *held {
                    self.held = Some(scan);
                } else {
                    scan.end();
                }
                if whole {
                    let end = End::now(&self.fixture.path(), &self.fixture.uuid());
                    self.ends.push(end);
                    self.check_newest()?;
                }
                if let Some(earlier) = earlier {
                    earlier.end();
                }
            }
            Step::Forget(way) => {
                self.end_held();
                if !self.ends.is_empty() {
                    let source = self.fixture.uuid();
                    // There may be none.
                    let _ = self.fixture.index().forget(&source, Some(&path(way)));
                }
            }
            Step::Reopen => {
                self.end_held();
                self.fixture.reopen();
            }
            Step::Settle => self.fixture.index().settle().unwrap(),
        }
        Ok(())
    }

    fn check_newest(&self) -> Result<(), TestCaseError> {
        if let [.., before, after] = self.ends.as_slice() {
            let to = self.ends.len() as i64;
            let source = self.fixture.uuid();
            check(
                &self.fixture.pool(),
                &source,
                (to - 1, before),
                (to, after),
                false,
            )?;
        }
        Ok(())
    }

    /// Checks all pairs. Returns how many the history had.
    fn check_all(&mut self) -> Result<usize, TestCaseError> {
        self.end_held();
        self.fixture.index().settle().unwrap();
        let (pool, source) = (self.fixture.pool(), self.fixture.uuid());
        let mut told = 0;
        for (from, before) in (1..).zip(&self.ends) {
            for (to, after) in (1..).zip(&self.ends).skip(from as usize) {
                told += usize::from(check(&pool, &source, (from, before), (to, after), true)?);
            }
        }
        Ok(told)
    }
}

fn run(steps: &[Step], history: u32, forgets: bool) -> Result<(History, usize), TestCaseError> {
    let mut run = History {
        fixture: Fixture::with(OpenOptions {
            history,
            batch_entries: 7,
            ..OpenOptions::default()
        }),
        tree: Tree::new(),
        held: None,
        ends: Vec::new(),
    };
    for step in steps {
        if !forgets && matches!(step, Step::Forget(_)) {
            continue;
        }
        run.run(step)?;
    }
    // At least one, so that there is a source.
    let last = Step::Scan {
        folder: None,
        depth: None,
        seed: 1,
        cut: 100,
        held: false,
    };
    run.run(&last)?;
    let told = run.check_all()?;
    run.fixture.recount();
    prop_assert_eq!(leftovers(&run.fixture.path()), NOTHING_LEFT);
    Ok((run, told))
}

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), most / 2..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if is_full() { 60 } else { 4 }, max_shrink_iters: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// About 40 scans.
    #[test]
    fn changes_add_up_to_the_difference_of_totals(steps in steps(150)) {
        let (run, told) = run(&steps, 1000, false)?;
        let ends = run.ends.len();
        prop_assert_eq!(told, ends * (ends - 1) / 2);
    }

    /// Only pairs with something forgotten between them may be marked as incomplete.
    #[test]
    fn changes_add_up_or_say_that_they_do_not(steps in steps(80), history in prop::sample::select(&[0u32, 1, 3, 1000][..])) {
        let (run, _) = run(&steps, history, true)?;
        let (pool, source) = (run.fixture.pool(), run.fixture.uuid());
        let last = run.ends.len() as i64;
        let is_pruned = |from| changes(&pool, &source, from, last, b"").1;
        for from in 1..last {
            prop_assert!(is_pruned(from) || from >= last - i64::from(history));
        }
    }
}
