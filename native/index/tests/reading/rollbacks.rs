//! A database that was put back from an older copy says so.

use aether_core::Status;
use aether_index::ScanSpec;

use crate::support::*;
use crate::{elsewhere, tree};

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
    // A new index is not one that was put back.
    fixture.index().forget("mine", None).unwrap();
    fixture.scan_as(mine(), &tree(), Status::Cancelled);
    assert_eq!(told(&fixture), [false, false]);
}
