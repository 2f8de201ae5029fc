//! The table `touched`, for readers that follow the index: what changed between two looks is in it,
//! whatever changed it, and what did not change is not. The oracle is a comparison of all rows by
//! the shell.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use aether_index::OpenOptions;
use support::*;

fn followed() -> Fixture {
    Fixture::with(OpenOptions {
        follow: true,
        ..OpenOptions::default()
    })
}

/// Each directory's status, mount, parent and files.
fn look(fixture: &Fixture) -> BTreeMap<i64, String> {
    let sql = "SELECT d.id, d.status || ' ' || coalesce(d.mount, '') || ' ' || coalesce(d.parent_id, '') || ' ' || coalesce(
                      (SELECT group_concat(quote(name) || kind || quote(size) || quote(mtime)) FROM files f WHERE f.dir_id = d.id), '')
                 FROM dirs d ORDER BY d.id";
    let said = fixture.shell(sql);
    let rows = said.lines().map(|line| line.split_once('|').unwrap());
    rows.map(|(id, rest)| (id.parse().unwrap(), rest.to_owned()))
        .collect()
}

fn number(fixture: &Fixture, sql: &str) -> i64 {
    fixture.shell(sql).trim().parse().unwrap()
}

fn cursor(fixture: &Fixture) -> i64 {
    number(
        fixture,
        "SELECT max(floor, coalesce((SELECT max(seq) FROM touched), 0)) FROM state",
    )
}

/// Does something and returns what it touched; asserts that this is exactly what differs.
fn touched_by(fixture: &Fixture, act: impl FnOnce(&Fixture)) -> BTreeSet<i64> {
    let (before, since) = (look(fixture), cursor(fixture));
    act(fixture);
    fixture.index().settle().unwrap();
    let after = look(fixture);
    let ids = before.keys().chain(after.keys());
    let differ: BTreeSet<i64> = ids
        .copied()
        .filter(|id| before.get(id) != after.get(id))
        .collect();
    let said = fixture.shell(&format!(
        "SELECT dir_id FROM touched WHERE seq > {since} ORDER BY seq"
    ));
    let touched: BTreeSet<i64> = said.lines().map(|line| line.parse().unwrap()).collect();
    assert!(
        touched.is_superset(&differ),
        "{differ:?} differ, {touched:?} are touched"
    );
    // Rows that came and went in between may be touched as well.
    let lasting: Vec<_> = touched
        .difference(&differ)
        .filter(|id| after.contains_key(id))
        .collect();
    assert!(
        lasting.is_empty(),
        "{lasting:?} are touched and did not change"
    );
    touched
}

fn tree(files: u64, size: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..files)
        .map(|at| file(&format!("f{at}"), size, 1))
        .collect();
    vec![
        listing("", &[dir("a"), dir("b"), file("x", 1, 1)], 1),
        listing("a", &names, 1),
        listing("b", &[dir("c")], 1),
        listing("b/c", &[file("deep", size, 1)], 1),
    ]
}

#[test]
fn what_changes_is_touched_and_nothing_else() {
    let fixture = followed();
    assert_eq!(
        touched_by(&fixture, |fixture| fixture.scan(&tree(3, 1))).len(),
        4
    );
    // An unchanged rescan.
    assert_eq!(
        touched_by(&fixture, |fixture| fixture.scan(&tree(3, 1))).len(),
        0
    );
    // Files of two directories, of one; a directory that goes with what is beneath it; one that
    // comes.
    assert_eq!(
        touched_by(&fixture, |fixture| fixture.scan(&tree(3, 2))).len(),
        2
    );
    assert_eq!(
        touched_by(&fixture, |fixture| fixture.scan(&tree(4, 2))).len(),
        1
    );
    let without = [
        listing("", &[dir("a"), file("x", 1, 1)], 1),
        tree(4, 2)[1].clone(),
    ];
    assert_eq!(
        touched_by(&fixture, |fixture| fixture.scan(&without)).len(),
        2
    );
    assert!(touched_by(&fixture, |fixture| fixture.scan(&tree(4, 2))).len() >= 2);
    // Forgotten, a note, and the whole source.
    let uuid = fixture.uuid();
    touched_by(&fixture, |fixture| {
        fixture.index().forget(&uuid, Some(b"b")).unwrap()
    });
    touched_by(&fixture, |fixture| fixture.scan(&tree(4, 2)));
    let note = |fixture: &Fixture| {
        let note = note_of(&uuid, (b"a", b"f0"), b"key", Some(b"value"));
        fixture.index().put_note(note).unwrap();
    };
    assert_eq!(touched_by(&fixture, note).len(), 0);
    assert!(
        touched_by(&fixture, |fixture| fixture
            .index()
            .forget(&uuid, None)
            .unwrap())
        .len()
            >= 4
    );
}

#[test]
fn a_gap_makes_cursors_too_old() {
    let mut fixture = followed();
    fixture.scan(&tree(3, 1));
    let read = cursor(&fixture);
    // Followed on: nothing was missed.
    fixture.reopen();
    assert!(number(&fixture, "SELECT floor FROM state") <= read);
    fixture.options.follow = false;
    fixture.reopen();
    assert_eq!(number(&fixture, "SELECT follows FROM state"), 0);
    fixture.scan(&tree(3, 2));
    assert_eq!(number(&fixture, "SELECT count(*) FROM touched"), 0);
    fixture.options.follow = true;
    fixture.reopen();
    assert_eq!(number(&fixture, "SELECT follows FROM state"), 1);
    assert!(number(&fixture, "SELECT floor FROM state") > read);
}
