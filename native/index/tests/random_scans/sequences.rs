//! Everything that may happen to an index, in any order, on real directories under the real walker:
//! changes, whole and partial scans, overlapping roots, scans held while others run and files
//! change, scans cut off or killed; the index closed, moved, linked, restored, forgotten. Every
//! total is recounted after every commit, the history of all pairs of generations is compared with
//! what was stored at their ends, and what whole scans leave with `find`.

mod mishaps;
mod run;
mod scans;
mod steps;

use std::path::Path;
use std::sync::Arc;

use aether_core::Pool as Walkers;
use aether_index::Index;
use proptest::prelude::*;

use self::run::{Run, options, spec_of, walk_options};
use self::steps::{Step, apply, step};
use crate::ends::check;
use crate::support::*;
use crate::walker;

/// The whole tree, and a root within it.
const ROOTS: [(&str, &str); 2] = [("outer", ""), ("inner", "a")];

impl Run {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Change(change) => apply(&self.tree(), change),
            Step::Scan { root, cut } => self.scan(*root, b"", None, *cut),
            Step::Expand {
                root,
                folder,
                depth,
                cut,
            } => self.scan(*root, folder, *depth, *cut),
            Step::Held {
                slabs,
                changes,
                folder,
                more,
            } => self.hold(*slabs, changes, folder, more),
            Step::Kill(micros) => self.kill(*micros),
            Step::Forget { root, folder } => self.forget(*root, folder.as_deref()),
            Step::Reopen => {
                self.close();
                self.open();
            }
            Step::Backup => self.back_up(),
            Step::Restore => self.restore(),
            Step::Move => self.move_away(),
            Step::Hardlink => self.link(),
            Step::Settle => self.index().settle().unwrap(),
        }
    }

    fn check_history(&self) -> Result<(), TestCaseError> {
        let pool = self.pool();
        for (from, before) in &self.ends {
            for (to, after) in self.ends.range(from + 1..) {
                check(&pool, ROOTS[0].0, (*from, before), (*to, after), true)?;
            }
        }
        Ok(())
    }
}

/// The process that is killed: scans and expands for as long as it lives.
#[test]
fn writer_of_sequences() {
    let (Some(database), Some(tree)) = (
        std::env::var_os("INDEX_TO_WRITE"),
        std::env::var_os("TREE_TO_SCAN"),
    ) else {
        return;
    };
    let (database, tree) = (Path::new(&database), Path::new(&tree));
    let index = Arc::new(Index::open(database, options(None, database)).unwrap());
    let walkers = Walkers::new(2);
    loop {
        for root in ROOTS {
            let folder = if root.0 == "outer" { &b""[..] } else { b"b" };
            let spec = spec_of(tree, root, folder);
            let _ = walker::walk(&walkers, Some(&index), spec, walk_options(None), None);
        }
    }
}

/// Few with the real limits, which such trees do not reach; with the feature `small` they do.
fn cases() -> u32 {
    match (is_full(), cfg!(feature = "small")) {
        (true, true) => 2000,
        (false, false) => 20,
        _ => 100,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_adds_up_and_agrees_with_find_whatever_happens(steps in prop::collection::vec(step(), 10..40)) {
        let mut run = Run::new();
        for step in &steps {
            run.take(step);
            let wrong = std::mem::take(&mut *run.recounts.wrong.lock());
            prop_assert_eq!(wrong, Vec::<String>::new(), "after {:?}", step);
        }
        run.scan(0, b"", None, None);
        run.scan(1, b"", None, None);
        run.index().settle().unwrap();
        run.check_history()?;
        let database = run.database();
        run.close();
        check_clean(&database);
        prop_assert_eq!(leftovers(&database), NOTHING_LEFT);
    }
}
