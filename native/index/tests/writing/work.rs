//! How much SQLite has to do, in steps of its virtual machine: in proportion to what has changed,
//! not to what is stored. Here a statement that reads too much shows even if its plan looks good.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aether_core::Status;
use aether_index::ScanSpec;

use crate::support::*;

/// An index that counts its writer's steps.
struct Counted {
    fixture: Fixture,
    steps: Arc<AtomicU64>,
}

impl Counted {
    fn new() -> Counted {
        let (fixture, steps) = (Fixture::new(), Arc::<AtomicU64>::default());
        let counter = Arc::clone(&steps);
        let count = move || {
            counter.fetch_add(1, Ordering::Relaxed);
            false
        };
        let set = fixture
            .index()
            .with_connection(move |db| Ok(db.progress_handler(1, Some(count))));
        set.unwrap().unwrap();
        Counted { fixture, steps }
    }

    fn steps(&self, act: impl FnOnce(&Fixture)) -> u64 {
        self.fixture.index().settle().unwrap();
        let before = self.steps.load(Ordering::Relaxed);
        act(&self.fixture);
        self.fixture.index().settle().unwrap();
        self.steps.load(Ordering::Relaxed) - before
    }
}

/// `few` with `d0` to `d9`, each with a file, and `many` with this many folders.
fn tree(many: u64, round: u64) -> Vec<Listing> {
    let names = |count| {
        (0..count)
            .map(|at| dir(&format!("d{at}")))
            .collect::<Vec<_>>()
    };
    let mut listings = vec![
        listing("", &[dir("few"), dir("many")], 1),
        listing("few", &names(10), 1),
        listing("many", &names(many), 1),
    ];
    let folders = (0..10).map(|at| format!("few/d{at}"));
    for path in folders.chain((0..many).map(|at| format!("many/d{at}"))) {
        listings.push(listing(&path, &[file("f", 1, round as i64)], 1));
    }
    listings
}

fn expand(fixture: &Fixture, path: &str, depth: Option<u32>, listings: &[Listing]) {
    let spec = ScanSpec {
        folder: path.into(),
        depth,
        ..spec()
    };
    fixture.scan_as(spec, listings, Status::Complete);
}

#[test]
fn the_cost_of_a_change_does_not_depend_on_what_else_is_stored() {
    type Act = fn(&Fixture);
    let acts: [(&str, Act); 6] = [
        ("a file", |fixture| {
            let changed = listing("few/d1", &[file("f", 2, 9)], 1);
            expand(fixture, "few/d1", Some(1), &[changed]);
        }),
        ("a folder removed", |fixture| {
            let rest: Vec<_> = (0..9).map(|at| dir(&format!("d{at}"))).collect();
            expand(fixture, "few", Some(1), &[listing("few", &rest, 1)]);
        }),
        ("a folder made", |fixture| {
            let all: Vec<_> = (0..9).map(|at| dir(&format!("d{at}"))).collect();
            let all = [all, vec![dir("new")]].concat();
            expand(fixture, "few", Some(1), &[listing("few", &all, 1)]);
        }),
        ("a folder that cannot be read", |fixture| {
            let failed = [listing("few/d2", &[], 256 + 13)];
            expand(fixture, "few/d2", Some(1), &failed);
            expand(fixture, "few/d2", Some(1), &tree(0, 1)[5..6]);
        }),
        ("a note", |fixture| {
            let note = note_of(&fixture.uuid(), (b"few/d3", b"f"), b"key", Some(b"value"));
            fixture.index().put_note(note).unwrap();
        }),
        ("a folder forgotten", |fixture| {
            let uuid = fixture.uuid();
            fixture.index().forget(&uuid, Some(b"few/d4")).unwrap();
        }),
    ];
    let costs = [50, 2000].map(|many| {
        let counted = Counted::new();
        for round in 0..3 {
            counted.fixture.scan(&tree(many, round));
        }
        // Removed folders that the history has.
        counted.fixture.scan(&tree(many / 2, 3));
        acts.map(|(_, act)| counted.steps(act))
    });
    for (((name, _), few), many) in acts.iter().zip(costs[0]).zip(costs[1]) {
        println!("{name}: {few}, {many}");
        assert!(
            few > 0 && many < few + few / 2 + 500,
            "{name}: {few}, {many}"
        );
    }
}

#[test]
fn the_cost_of_removing_depends_on_what_is_removed() {
    let [few, many] = [250, 1000].map(|folders| {
        let counted = Counted::new();
        counted.fixture.scan(&tree(folders, 0));
        counted.steps(|fixture| fixture.scan(&tree(0, 0)))
    });
    println!("{few}, {many}");
    assert!(many < 5 * few, "{few}, {many}");
}
