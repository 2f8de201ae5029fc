//! Scans and listings that are cut short: existing entries stay, and incomplete folders are marked.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::{OpenOptions, PushError, ScanCounts};

use crate::support::*;
use crate::{SIMPLE, names, simple, tree};

#[test]
fn a_cancelled_scan_drops_waiting_batches_and_keeps_committed_ones() {
    let fixture = Fixture::new();
    let scan = fixture.begin(spec());
    let listings = tree(50, 100);
    for listing in &listings[..20] {
        push_whole(&scan, listing);
    }
    scan.cancel();
    let late = batch(&[(&listings[20], 0, 100, true)]);
    assert!(matches!(scan.push(late), Err(PushError::Ended(_))));
    scan.end(
        Status::Cancelled,
        ScanCounts {
            files: 19,
            ..ScanCounts::default()
        },
    )
    .unwrap();
    fixture.recount();
    assert_eq!(fixture.shell("SELECT status, files FROM scans"), "3|19\n");
    fixture.scan(&listings);
    assert_eq!(
        fixture.shell("SELECT file_count, unknown_below FROM dirs WHERE name = ''"),
        "5000|0\n"
    );
}

/// Gap 004 of the predecessor: incomplete folders are marked, never silently ignored.
#[test]
fn gap_scan_004_incomplete_folders_are_marked() {
    for (closing, told) in [
        (None, "0|1\n"),
        (Some(status::CHANGING), "5|1\n"),
        (Some(status::errno(5)), "261|1\n"),
        (Some(status::errno(13)), "269|1\n"),
        (Some(1), "1|0\n"),
    ] {
        let fixture = Fixture::new();
        let scan = fixture.begin(spec());
        let root = listing("", &[dir("d")], 1);
        let cut = listing("d", &[file("a", 1, 1)], closing.unwrap_or_default());
        push(&scan, batch(&[(&root, 0, 1, true)]));
        push(&scan, batch(&[(&cut, 0, 1, closing.is_some())]));
        scan.end(Status::Partial, ScanCounts::default()).unwrap();
        let sql = "SELECT d.status, r.unknown_below FROM dirs d, dirs r WHERE d.name = 'd' AND r.name = ''";
        assert_eq!(fixture.shell(sql), told, "{closing:?}");
        assert_eq!(
            fixture.shell("SELECT file_count FROM dirs WHERE name = ''"),
            "1\n"
        );
        fixture.recount();
    }
}

/// Cancelled after each batch in turn: existing entries stay, and folders closed before are exact.
#[test]
fn existing_entries_stay_whenever_a_scan_is_cancelled() {
    let old: Vec<_> = (0..6).map(|at| dir(&format!("d{at}"))).collect();
    let files = |from: u64, to: u64| -> Vec<(Vec<u8>, Entry)> {
        (from..to)
            .map(|at| file(&format!("f{at}"), at, 1))
            .collect()
    };
    let tree = |names: &[(Vec<u8>, Entry)], from, to| {
        let mut listings = vec![listing("", names, 1)];
        for (name, _) in names {
            let name = std::str::from_utf8(name).unwrap();
            listings.push(listing(name, &files(from, to), 1));
        }
        listings
    };
    let before = tree(&old, 0, 8);
    // One directory was removed, one is new; in each, files were added and removed.
    let now: Vec<_> = (1..7).map(|at| dir(&format!("d{at}"))).collect();
    let after = tree(&now, 3, 11);
    let still = expected(&after);
    let pieces: Vec<(usize, usize, usize, bool)> = (0..after.len())
        .flat_map(|at| {
            let count = after[at].entries.len();
            [(at, 0, count / 2, false), (at, count / 2, count, true)]
        })
        .collect();
    for sent in 0..=pieces.len() {
        let fixture = Fixture::with(OpenOptions {
            batch_entries: 1,
            ..OpenOptions::default()
        });
        fixture.scan(&before);
        let there: Vec<_> = stored(&fixture.path())
            .into_keys()
            .filter(|path| still.contains_key(path))
            .collect();
        let scan = fixture.begin(spec());
        for (at, from, to, closes) in &pieces[..sent] {
            push(&scan, batch(&[(&after[*at], *from, *to, *closes)]));
        }
        fixture.index().settle().unwrap();
        scan.cancel();
        scan.end(Status::Cancelled, ScanCounts::default()).unwrap();
        fixture.recount();
        let found = stored(&fixture.path());
        for path in &there {
            assert!(
                found.contains_key(path),
                "{sent}: {:?} is gone",
                path.escape_ascii()
            );
        }
        for (at, ..) in pieces[..sent].iter().filter(|piece| piece.3) {
            let own = |all: &std::collections::BTreeMap<Vec<u8>, String>| -> Vec<Vec<u8>> {
                let beneath = |path: &&Vec<u8>| {
                    let parent = path
                        .iter()
                        .rposition(|byte| *byte == b'/')
                        .map_or(&b""[..], |end| &path[..end]);
                    parent == after[*at].path
                };
                all.keys().filter(beneath).cloned().collect()
            };
            assert_eq!(
                own(&found),
                own(&still),
                "{sent}: {:?}",
                after[*at].path.escape_ascii()
            );
        }
        assert_eq!(fixture.shell("SELECT last_scan_status FROM sources"), "3\n");
        fixture.scan(&after);
        assert_eq!(stored(&fixture.path()), still);
    }
}

#[test]
fn a_listing_that_was_cut_short_adds_and_deletes_nothing() {
    let fixture = Fixture::new();
    simple(&fixture);
    let scan = fixture.begin(spec());
    let cut = listing("d", &[file("new", 1, 1)], 1);
    push(&scan, batch(&[(&cut, 0, 1, false)]));
    scan.end(Status::Cancelled, ScanCounts::default()).unwrap();
    assert_eq!(
        names(&fixture),
        ["a", "d", "d/e", "d/e/deep", "d/new", "d/x", "d/y", "z"]
    );
    assert_eq!(fixture.totals(), "6|32|0\n");
    assert_eq!(fixture.shell("SELECT last_scan_status FROM sources"), "3\n");
}

/// Gap 001 of the predecessor: a folder not read to its end keeps all its rows, however the scan
/// ended.
#[test]
fn gap_scan_001_a_listing_without_proof_deletes_nothing() {
    for (closing, is_entered) in [
        (status::CHANGING, true),
        (status::errno(5), true),
        (status::OTHER_FILE_SYSTEM, false),
        (status::LOOP, false),
    ] {
        let fixture = Fixture::new();
        simple(&fixture);
        let entries = if is_entered {
            vec![file("y", 9, 11), file("new", 1, 1)]
        } else {
            vec![]
        };
        fixture.scan_as(spec(), &[listing("d", &entries, closing)], Status::Partial);
        let mut expected = SIMPLE.to_vec();
        if is_entered {
            expected.insert(4, "d/new");
        }
        assert_eq!(names(&fixture), expected, "{closing}");
        assert!(fixture.totals().ends_with("|1\n"), "{closing}");
    }
}

/// Directories that a scan must not enter count as known while nothing is stored in them.
#[test]
fn a_folder_that_is_no_longer_entered_is_kept_and_unknown() {
    for closing in [status::OTHER_FILE_SYSTEM, status::LOOP] {
        let status_of_d = |fixture: &Fixture| {
            names(fixture);
            fixture.shell("SELECT status, unknown_below FROM dirs WHERE name = 'd'")
        };
        let root = || listing("", &[file("a", 1, 10), dir("d"), file("z", 2, 10)], 1);
        let passed_over = || [root(), listing("d", &[], closing)];
        // Directories count as well.
        for within in [vec![file("x", 1, 1)], vec![dir("e")]] {
            let fixture = Fixture::new();
            let e = (within[0].0 == b"e").then(|| listing("d/e", &[], 1));
            let d = [root(), listing("d", &within, 1)];
            fixture.scan(&d.into_iter().chain(e).collect::<Vec<_>>());
            assert_eq!(status_of_d(&fixture), "1|0\n");
            for _ in 0..2 {
                fixture.scan(&passed_over());
                assert_eq!(status_of_d(&fixture), "6|1\n", "{closing}");
                assert_eq!(fixture.names().len(), 4);
            }
            let listed = "SELECT listed_gen FROM dirs WHERE name = 'd'";
            assert_eq!(fixture.shell(listed), "1\n", "it was not listed again");
            // `forget` is the way out.
            fixture.index().forget(&fixture.uuid(), Some(b"d")).unwrap();
            fixture.scan(&passed_over());
            assert_eq!(status_of_d(&fixture), format!("{closing}|0\n"));
            // It can be entered again at any time.
            fixture.scan(&[root(), listing("d", &[file("x", 1, 1)], 1)]);
            assert_eq!(status_of_d(&fixture), "1|0\n");
        }
    }
}
