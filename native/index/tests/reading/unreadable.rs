//! What could not be read, by its name.

use aether_core::Status;
use aether_core::slab::status;

use crate::elsewhere;
use crate::freshness::expansion;
use crate::support::*;

#[test]
fn what_could_not_be_read_is_named() {
    let fixture = Fixture::new();
    fixture.scan_as(
        spec(),
        &[
            listing("", &[dir("a"), dir("c"), dir("e")], 1),
            listing("a", &[dir("b"), dir("ok"), dir("moving")], 1),
            listing("a/b", &[], status::errno(13)),
            listing("a/ok", &[], 1),
            listing("a/moving", &[], status::CHANGING),
            listing("c", &[], status::errno(5)),
            listing("e", &[], 1),
        ],
        Status::Partial,
    );
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let unreadable = |folder: &str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert!(!answer.unreadable.at_least);
        let first = answer.unreadable.first;
        assert_eq!(first.len() as u64, answer.unreadable.count);
        let text = first.iter().map(|path| String::from_utf8_lossy(path));
        (text.collect::<Vec<_>>().join(" "), answer.exhaustive)
    };
    assert_eq!(unreadable(""), ("a/b c".into(), false));
    assert_eq!(unreadable("a"), ("a/b".into(), false));
    assert_eq!(unreadable("a/b"), ("a/b".into(), false));
    assert_eq!(unreadable("a/moving"), ("".into(), false));
    assert_eq!(unreadable("a/ok"), ("".into(), true));
    assert_eq!(unreadable("e"), ("".into(), true));
}

#[test]
fn looking_for_what_could_not_be_read_is_bounded() {
    let fixture = Fixture::new();
    let names: Vec<_> = (0..3000).map(|at| dir(&format!("d{at:04}"))).collect();
    let mut all = vec![listing("", &names, 1)];
    for at in [0, 2999] {
        all.push(listing(&format!("d{at:04}"), &[], status::errno(13)));
    }
    fixture.scan_as(expansion("", Some(2)), &all, Status::Partial);
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let found = pool.totals(&source, b"").unwrap().unreadable;
    assert_eq!((found.count, found.at_least), (1, true));
    assert_eq!(found.first, [b"d0000".to_vec()]);
}
