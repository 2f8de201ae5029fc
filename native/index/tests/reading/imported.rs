//! Counts of the predecessor's cache, in place of what no scan has listed yet.

use aether_core::Status;
use aether_index::reader::{ChildrenOptions, Sort, SortKey};
use aether_index::{Reason, ScanCounts};

use crate::support::*;
use crate::{elsewhere, tree};

#[test]
fn counts_of_the_old_cache_stand_in_until_a_folder_is_listed() {
    let fixture = Fixture::new();
    let scan = fixture.begin(spec());
    fixture.sql("INSERT INTO imported SELECT id, column1, column2, column3, column4 FROM sources JOIN (VALUES
           ('', 'a', 1, 70), ('', 'c', 1, 5), ('', 'f', 0, 1), ('a/', 'b', 1, 70), ('a/b/', 'x', 0, 1), ('a/b/', 'y', 1, 69))",
    );
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let children = |folder: &str, sort| {
        let options = ChildrenOptions {
            limit: 1,
            after: None,
            sort: Sort::by(sort),
            ..ChildrenOptions::default()
        };
        let (mut options, mut told, mut any) = (options, Vec::new(), false);
        loop {
            let answer = pool.children(&source, folder.as_bytes(), &options).unwrap();
            any |= answer.imported;
            for child in answer.value.children {
                let name = String::from_utf8(child.name).unwrap();
                let mark = if child.imported { "?" } else { "" };
                told.push(format!("{name}:{}{mark}", child.file_count));
            }
            let Some(next) = answer.value.next else {
                return (told.join(" "), any);
            };
            options.after = Some(next);
        }
    };
    let total = |folder: &str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        (answer.value.file_count, answer.imported)
    };
    use SortKey::{Count, Name};
    assert_eq!(children("", Name), ("a:70? c:5? f:1?".into(), true));
    assert_eq!(children("", Count), ("a:70? c:5? f:1?".into(), true));
    // Folders that no scan has even heard of.
    assert_eq!(children("a/b", Name), ("y:69? x:1?".into(), true));
    assert_eq!(total(""), (76, true));
    assert_eq!(total("a/b"), (70, true));
    let stat = pool.stat(&source, b"a/b/x").unwrap();
    assert!(stat.imported && stat.stale && stat.scanned_at.is_none() && !stat.exhaustive);
    assert_eq!(stat.value.unwrap().file_count, 1);
    let no = pool.totals(&source, b"a/no").unwrap_err().reason;
    assert_eq!(no, Reason::NoFolder);

    // The root is listed: it tells the truth, and the counts stand in for the folders in it that
    // are not.
    let all = tree();
    for listing in &all[..1] {
        push_whole(&scan, listing);
    }
    fixture.index().settle().unwrap();
    assert_eq!(children("", Name), ("a:70? c:5? f:1".into(), true));
    assert_eq!(total(""), (1, false));
    assert_eq!(total("a"), (70, true));
    assert_eq!(children("a", Name), ("b:70?".into(), true));
    for listing in &all[1..2] {
        push_whole(&scan, listing);
    }
    fixture.index().settle().unwrap();
    assert_eq!(children("", Name), ("a:0 c:5? f:1".into(), true));
    let gone = pool.children(&source, b"a/gone", &ChildrenOptions::default());
    assert_eq!(gone.unwrap_err().reason, Reason::NoFolder);
    for listing in &all[2..] {
        push_whole(&scan, listing);
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(children("", Name), ("a:1 c:1 f:1".into(), false));
    assert_eq!(total(""), (3, false));
}
