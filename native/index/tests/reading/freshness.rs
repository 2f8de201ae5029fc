//! How true an answer says it is, for every way in which a scan can end or fall short.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::{MountIdentity, OpenOptions, ScanCounts, ScanSpec, scan_status};

use crate::support::*;
use crate::{elsewhere, tree};

const FOLDERS: [&str; 4] = ["", "a", "a/b", "c"];

/// When each folder was seen, as the number of the scan: ends of scans are put 1,000 s apart for
/// this.
fn seen(fixture: &Fixture) -> String {
    fixture.sql("UPDATE scans SET ended_at = id * 1000000 WHERE ended_at IS NOT NULL");
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let at = |folder: &&str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert_eq!(answer.age.is_none(), answer.scanned_at.is_none());
        // 1970 is long ago.
        assert!(answer.stale);
        match answer.scanned_at {
            Some(at) => (at / 1_000_000).to_string(),
            None => "-".to_owned(),
        }
    };
    FOLDERS.iter().map(at).collect::<Vec<_>>().join(" ")
}

fn expansion(folder: &str, depth: Option<u32>) -> ScanSpec {
    ScanSpec {
        folder: folder.into(),
        depth,
        ..spec()
    }
}

#[test]
fn a_folder_is_as_fresh_as_the_last_scan_that_listed_it() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "1 1 1 1");

    let all = tree();
    fixture.scan_as(expansion("a", Some(1)), &all[1..2], Status::Complete);
    assert_eq!(seen(&fixture), "1 2 1 1");
    fixture.scan_as(expansion("a", Some(2)), &all[1..3], Status::Complete);
    assert_eq!(seen(&fixture), "1 3 3 1");

    // A cancelled scan makes nothing fresh, nor does one that failed.
    fixture.scan_as(spec(), &tree(), Status::Cancelled);
    fixture.scan_as(spec(), &tree()[..1], Status::Failed);
    assert_eq!(seen(&fixture), "1 3 3 1");

    // One that could not read all makes fresh what it did read.
    let mut some = tree();
    some[3] = listing("c", &[], status::errno(13));
    fixture.scan_as(spec(), &some, Status::Partial);
    assert_eq!(seen(&fixture), "6 6 6 1");

    // An unreadable folder hides what lies beneath it, and makes nothing else stale.
    let mut some = tree();
    some[1] = listing("a", &[], status::errno(13));
    some.remove(2);
    fixture.scan_as(spec(), &some, Status::Partial);
    let seen_now = seen(&fixture);
    assert_eq!(seen_now, "7 1 1 7");

    // What is seen by its own path again is fresh.
    fixture.scan_as(expansion("a/b", None), &tree()[2..3], Status::Complete);
    assert_eq!(seen(&fixture), "7 1 8 7");
}

/// What could not be entered for a while, and is entered again by a scan that goes no further, was
/// not seen beneath by those in between.
#[test]
fn what_lies_beneath_a_folder_that_was_unreadable_is_as_old_as_it_is() {
    let unreadable = || {
        let mut some = tree();
        some[1] = listing("a", &[], status::errno(13));
        some.remove(2);
        some
    };
    let missed = |fixture: &Fixture| fixture.shell("SELECT count(*) FROM missed");
    let mut fixture = Fixture::with(OpenOptions {
        history: 1,
        ..OpenOptions::default()
    });
    fixture.scan(&tree());
    fixture.scan_as(spec(), &unreadable(), Status::Partial);
    fixture.scan_as(spec(), &unreadable(), Status::Partial);
    assert_eq!(seen(&fixture), "3 1 1 3");
    fixture.reopen();
    fixture.scan_as(expansion("a", Some(1)), &tree()[1..2], Status::Complete);
    assert_eq!(seen(&fixture), "3 4 1 3");
    // Once more, without an end.
    fixture.scan_as(spec(), &unreadable(), Status::Partial);
    fixture.scan_as(spec(), &tree()[..2], Status::Cancelled);
    assert_eq!(seen(&fixture), "5 4 1 5");
    fixture.scan_as(expansion("a/b", None), &tree()[2..3], Status::Complete);
    assert_eq!(seen(&fixture), "5 4 7 5");
    assert_eq!(missed(&fixture), "2\n");
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "8 8 8 8");
    fixture.scan(&tree());
    assert_eq!(missed(&fixture), "0\n");
    // Nor is anything left of what goes.
    fixture.scan_as(spec(), &unreadable(), Status::Partial);
    assert_eq!(missed(&fixture), "1\n");
    fixture.scan(&[listing("", &[dir("c")], 1), tree().remove(3)]);
    fixture.index().settle().unwrap();
    assert_eq!(missed(&fixture), "0\n");
}

/// A folder is entered again by a scan that began before the one that missed it.
#[test]
fn what_a_scan_missed_it_did_not_see_though_an_older_one_comes_after_it() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let older = fixture.begin(expansion("a", Some(1)));
    let mut unreadable = tree();
    unreadable[1] = listing("a", &[], status::errno(13));
    unreadable.remove(2);
    fixture.scan_as(spec(), &unreadable, Status::Partial);
    assert_eq!(seen(&fixture), "3 1 1 3");
    push_whole(&older, &tree()[1]);
    older.end(Status::Complete, ScanCounts::default()).unwrap();
    let seen_now = seen(&fixture);
    assert!(seen_now.ends_with(" 1 3"), "{seen_now}");
}

/// The same where another disk lay there, which is no error of the scan.
#[test]
fn what_lies_beneath_a_mount_point_of_another_disk_is_as_old_as_it_is() {
    let disk = |inode| {
        Some(MountIdentity {
            inode,
            birth: Some(1),
            file_system: None,
        })
    };
    let with = |inode| {
        let mut all = tree();
        all[1].mount = disk(inode);
        all
    };
    let fixture = Fixture::new();
    fixture.scan(&with(7));
    let mut other = with(9);
    other[1].entries.clear();
    other.remove(2);
    fixture.scan(&other);
    let way = vec![(b"a".to_vec(), disk(7).unwrap())];
    let spec = ScanSpec {
        way,
        ..expansion("a", Some(1))
    };
    fixture.scan_as(spec, &with(7)[1..2], Status::Complete);
    assert_eq!(seen(&fixture), "2 3 1 2");
}

/// Nor by the time that they say they ended at: clocks go wrong, and are put right.
#[test]
fn of_two_scans_the_later_is_the_one_that_began_later() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    fixture.sql("UPDATE scans SET ended_at = (unixepoch('subsec') + 86400) * 1000");
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let answer = |folder: &str| pool.totals(&source, folder.as_bytes()).unwrap();
    assert!(answer("").stale && answer("").age.is_none());
    fixture.scan_as(expansion("a", None), &tree()[1..3], Status::Complete);
    for (folder, is_stale) in [("", true), ("a", false), ("a/b", false), ("c", true)] {
        let answer = answer(folder);
        assert_eq!(
            (answer.stale, answer.age.is_none()),
            (is_stale, is_stale),
            "{folder}"
        );
    }
}

/// A partial end tells when it saw what it saw, and not of the rest.
#[test]
fn what_a_partial_scan_did_not_come_to_is_as_old_as_it_is() {
    let fixture = Fixture::new();
    fixture.scan_as(spec(), &tree()[..1], Status::Cancelled);
    fixture.scan_as(expansion("c", None), &tree()[3..], Status::Complete);
    fixture.scan_as(expansion("a", None), &tree()[1..3], Status::Complete);
    assert_eq!(seen(&fixture), "- 3 3 2");
    let mut some = tree();
    some[3] = listing("c", &[], status::errno(13));
    fixture.scan_as(spec(), &some, Status::Partial);
    assert_eq!(seen(&fixture), "4 4 4 2");
    // The other expansion tells nothing that is not told by the partial scan.
    assert_eq!(
        fixture.shell("SELECT folder FROM scans WHERE whole = 0"),
        "c\n"
    );
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "5 5 5 5");
    assert_eq!(
        fixture.shell("SELECT count(*) FROM scans WHERE whole = 0"),
        "0\n"
    );
}

/// A listing of a directory that kept changing may lack what is there: that was not entered.
#[test]
fn what_a_changing_folder_did_not_show_grows_old() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let mut some = tree();
    some[0] = listing("", &[dir("a"), file("f", 1, 1)], status::CHANGING);
    some.pop();
    fixture.scan_as(spec(), &some, Status::Complete);
    assert_eq!(seen(&fixture), "2 2 2 1");
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "3 3 3 3");
}

/// What was stored before the source's rules kept scans out of it is as old as it is, and no total
/// is exact above it.
#[test]
fn what_scans_do_not_enter_any_more_grows_old() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let mut some = tree();
    some[1] = listing("a", &[], status::OTHER_FILE_SYSTEM);
    some.remove(2);
    fixture.scan(&some);
    assert_eq!(seen(&fixture), "2 1 1 2");
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    for (folder, is_exhaustive) in [("", false), ("a", false), ("c", true)] {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert_eq!(answer.exhaustive, is_exhaustive, "{folder}");
        let kept: &[&[u8]] = if is_exhaustive { &[] } else { &[b"a"] };
        assert_eq!(answer.unreadable.first, kept, "{folder}");
    }
}

#[test]
fn a_folder_that_was_only_heard_of_was_never_seen() {
    let fixture = Fixture::new();
    fixture.scan_as(
        expansion("", Some(1)),
        &[listing("", &[dir("a"), dir("c")], 1)],
        Status::Complete,
    );
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let root = pool.totals(&source, b"").unwrap();
    assert!(root.scanned_at.is_some() && !root.stale && !root.exhaustive);
    assert_eq!(root.value.unknown_below, 2);
    assert_eq!(root.unreadable.count, 0);
    let a = pool.totals(&source, b"a").unwrap();
    assert!(a.scanned_at.is_none() && a.stale && !a.exhaustive && !a.scanning);
}

#[test]
fn answers_grow_old() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    for (minutes, stale) in [(0, false), (59, false), (61, true), (-5, true)] {
        let change =
            format!("UPDATE scans SET ended_at = (unixepoch('subsec') - {minutes} * 60) * 1000");
        fixture.sql(&change);
        let answer = pool.totals(&source, b"a").unwrap();
        assert_eq!(answer.stale, stale, "{minutes} minutes");
        // By a clock that was put back nobody knows how old it is.
        let age = answer.age.map(|age| age.as_secs());
        let least = u64::try_from(minutes * 60).ok();
        let is_so = |least: u64| age.is_some_and(|age| (least..least + 60).contains(&age));
        assert!(least.map_or(age.is_none(), is_so), "{age:?}");
    }
}

#[test]
fn a_running_scan_is_seen_where_it_goes() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let scanning = || {
        let of = |folder: &&str| {
            let answer = pool.totals(&source, folder.as_bytes()).unwrap();
            assert_eq!(answer.stale, answer.scanning);
            u8::from(answer.scanning)
        };
        FOLDERS.iter().map(of).collect::<Vec<_>>()
    };
    let status = || pool.source(&source).unwrap().value.last_scan_status;
    assert_eq!(scanning(), [0, 0, 0, 0]);
    let one = fixture.begin(expansion("a", Some(1)));
    assert_eq!(scanning(), [0, 1, 0, 0]);
    assert_eq!(status(), Some(scan_status::RUNNING));
    let all = fixture.begin(spec());
    assert_eq!(scanning(), [1, 1, 1, 1]);
    one.end(Status::Complete, ScanCounts::default()).unwrap();
    all.end(Status::Cancelled, ScanCounts::default()).unwrap();
    assert_eq!(scanning(), [0, 0, 0, 0]);
    assert_eq!(status(), Some(scan_status::CANCELLED));
}

#[test]
fn a_database_that_was_put_back_gives_itself_away() {
    let mut fixture = Fixture::new();
    fixture.scan(&tree());
    fixture.index.take().unwrap().close().unwrap();
    let copy = std::fs::read(fixture.path()).unwrap();
    fixture.reopen();
    fixture.scan(&tree());
    let source = fixture.uuid();
    let rolled_back = |fixture: &Fixture| {
        let pool = elsewhere(&fixture.path());
        pool.totals(&source, b"").unwrap().rolled_back
    };
    assert!(!rolled_back(&fixture));
    fixture.index.take().unwrap().close().unwrap();
    std::fs::write(fixture.path(), copy).unwrap();
    assert!(rolled_back(&fixture));
}

/// Of each source, until a whole scan of it has run to its end.
#[test]
fn a_source_that_was_put_back_says_so_until_it_is_scanned_whole() {
    let mut fixture = Fixture::new();
    let other = || ScanSpec {
        root: b"/no/other/root".to_vec(),
        source_id: Some("other".into()),
        ..ScanSpec::default()
    };
    let mine = || ScanSpec {
        source_id: Some("mine".into()),
        ..spec()
    };
    fixture.scan_as(mine(), &tree(), Status::Complete);
    fixture.scan_as(other(), &tree(), Status::Complete);
    fixture.index.take().unwrap().close().unwrap();
    let copy = std::fs::read(fixture.path()).unwrap();
    fixture.reopen();
    for _ in 0..2 {
        fixture.scan_as(mine(), &tree(), Status::Complete);
        fixture.scan_as(other(), &tree(), Status::Complete);
    }
    fixture.index.take().unwrap().close().unwrap();
    std::fs::write(fixture.path(), copy).unwrap();
    fixture.reopen();
    let told = |fixture: &Fixture| {
        let pool = elsewhere(&fixture.path());
        ["mine", "other"].map(|source| pool.totals(source, b"").unwrap().rolled_back)
    };
    assert_eq!(told(&fixture), [true, true]);
    // However many scans break off: then it has had as many as before.
    for _ in 0..3 {
        fixture.scan_as(mine(), &tree()[..1], Status::Cancelled);
        let folder = ScanSpec {
            folder: b"a".to_vec(),
            ..mine()
        };
        fixture.scan_as(folder, &tree()[1..3], Status::Complete);
        fixture.reopen();
    }
    assert_eq!(told(&fixture), [true, true]);
    fixture.scan_as(other(), &tree(), Status::Partial);
    assert_eq!(told(&fixture), [true, false]);
    // What is made anew is nothing that was put back.
    fixture.index().forget("mine", None).unwrap();
    fixture.scan_as(mine(), &tree(), Status::Cancelled);
    assert_eq!(told(&fixture), [false, false]);
}

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
