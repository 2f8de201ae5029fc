//! The history of any two generations adds up to the difference of the totals that the shell read
//! at their ends: for every folder, whatever was scanned, expanded, cut off, removed, created again
//! or forgotten between them.

use aether_core::Status;
use aether_index::{OpenOptions, ScanCounts, ScanSpec, ScanWriter};
use proptest::prelude::*;

use crate::ends::{End, changes, check};
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

fn cut() -> impl Strategy<Value = u8> {
    prop_oneof![3 => Just(100u8), 1 => 0u8..100]
}

fn whole() -> impl Strategy<Value = Step> {
    (any::<u64>(), cut()).prop_map(|(seed, cut)| Step::Scan {
        folder: None,
        depth: None,
        seed,
        cut,
        held: false,
    })
}

/// Anything but a whole scan.
fn between() -> impl Strategy<Value = Step> {
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
        4 => part,
        1 => few().prop_map(Step::Forget),
        1 => Just(Step::Reopen),
        2 => Just(Step::Settle),
    ]
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
    // The last, so that there is a source whatever the steps are.
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

/// So many whole scans, with some steps before each.
fn steps(scans: usize) -> impl Strategy<Value = Vec<Step>> {
    let generation = (prop::collection::vec(between(), 0..9), whole());
    let generations = prop::collection::vec(generation, scans);
    generations.prop_map(|generations| {
        let steps = generations.into_iter();
        steps
            .flat_map(|(between, whole)| between.into_iter().chain([whole]))
            .collect()
    })
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_iters: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(if is_full() { 15 } else { 1 }))]

    /// Histories of 40 whole scans, and all of their 780 pairs.
    #[test]
    fn changes_add_up_to_the_difference_of_totals(steps in steps(39)) {
        let (run, told) = run(&steps, 1000, false)?;
        let ends = run.ends.len();
        prop_assert!(ends >= 40, "{}", ends);
        prop_assert_eq!(told, ends * (ends - 1) / 2);
    }

}

proptest! {
    #![proptest_config(config(if is_full() { 60 } else { 4 }))]

    /// Only pairs with something forgotten between them may be marked as incomplete.
    #[test]
    fn changes_add_up_or_say_that_they_do_not(steps in steps(10), history in prop::sample::select(&[0u32, 1, 3, 1000][..])) {
        let (run, _) = run(&steps, history, true)?;
        let (pool, source) = (run.fixture.pool(), run.fixture.uuid());
        let last = run.ends.len() as i64;
        let is_pruned = |from| changes(&pool, &source, from, last, b"").1;
        for from in 1..last {
            prop_assert!(is_pruned(from) || from >= last - i64::from(history));
        }
    }
}
