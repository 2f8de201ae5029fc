//! What writing leaves behind beside the entries: the log, the history, notes, graves; long listings and deep trees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aether_core::Status;
use aether_core::slab::{Kind, status};
use aether_index::{OpenOptions, PushError, ScanCounts, ScanSpec};
use support::*;

/// A tree of so many directories with so many files.
fn tree(directories: u64, files: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..directories).map(|at| dir(&format!("d{at}"))).collect();
    let mut listings = vec![listing("", &names, 1)];
    for at in 0..directories {
        let files: Vec<_> = (0..files)
            .map(|name| file(&format!("f{name}"), name, at as i64))
            .collect();
        listings.push(listing(&format!("d{at}"), &files, 1));
    }
    listings
}

#[test]
fn a_listing_too_long_for_memory_is_merged_in_pieces() {
    const LONG: u64 = 150_000;
    let fixture = Fixture::new();
    // The names of getdents come in no order.
    let mut entries: Vec<_> = (0..LONG)
        .map(|at| file(&format!("file {}", (at * 7919) % LONG), at % 10, 1))
        .collect();
    entries.extend((0..10).map(|at| dir(&format!("dir {at}"))));
    let scan_long = |entries: &[(Vec<u8>, Entry)], closing: u32| {
        let long = listing("long", entries, closing);
        let scan = fixture.begin(spec());
        let root = listing("", &[dir("long")], 1);
        push(&scan, batch(&[(&root, 0, 1, true)]));
        for from in (0..entries.len()).step_by(1000) {
            let to = (from + 1000).min(entries.len());
            push(&scan, batch(&[(&long, from, to, to == entries.len())]));
        }
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        fixture.recount();
        fixture.shell("SELECT file_count, bytes, unknown_below FROM dirs WHERE name = 'long'")
    };
    let bytes = |entries: &[(Vec<u8>, Entry)]| -> u64 {
        entries
            .iter()
            .filter(|(_, entry)| entry.0 == Kind::File)
            .map(|(_, entry)| entry.1.unwrap().0)
            .sum()
    };
    let told = |entries: &[(Vec<u8>, Entry)]| {
        let files = entries
            .iter()
            .filter(|(_, entry)| entry.0 == Kind::File)
            .count();
        let dirs = entries.len() - files;
        format!("{files}|{}|{dirs}\n", bytes(entries))
    };
    assert_eq!(scan_long(&entries, 1), told(&entries));
    assert_eq!(scan_long(&entries, 1), told(&entries));
    // Some gone, some new, some changed, one a directory now, one directory a file.
    let gone = entries.split_off(140_000);
    entries.extend(gone.into_iter().skip(5000).step_by(2));
    entries.push(file("brand new", 77, 1));
    entries[5].1 = (Kind::File, Some((1 << 33, 2)));
    entries[6].1 = (Kind::Directory, Some((0, 2)));
    entries.push((b"dir 1".to_vec(), (Kind::File, Some((3, 3)))));
    let mut seen = std::collections::BTreeSet::new();
    entries.reverse();
    entries.retain(|(name, _)| seen.insert(name.clone()));
    // Not proven to be whole: nothing goes.
    let before: u64 = fixture
        .shell("SELECT file_count FROM dirs WHERE name = 'long'")
        .trim()
        .parse()
        .unwrap();
    let after = scan_long(&entries, status::CHANGING);
    assert!(after.split('|').next().unwrap().parse::<u64>().unwrap() >= before - 1);
    assert_eq!(scan_long(&entries, 1), told(&entries));
    fixture.index().settle().unwrap();
    assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
}

/// The original's gap 002: what was derived from a file goes when the file changes.
#[test]
fn gap_scan_002_a_changed_file_loses_its_notes() {
    let fixture = Fixture::new();
    let names = ["same", "size", "mtime", "gone", "kind", "unknown"];
    let files: Vec<_> = names.iter().map(|name| file(name, 1, 1)).collect();
    fixture.scan(&[listing("", &[dir("d")], 1), listing("d", &files, 1)]);
    let source = fixture.shell("SELECT uuid FROM sources");
    let source = source.trim();
    for name in names {
        fixture
            .index()
            .put_note(source, b"d", name.as_bytes(), b"lines", Some(b"\x00\xff"))
            .unwrap();
    }
    fixture
        .index()
        .put_note(source, b"", b"d", b"colour", Some(b"red"))
        .unwrap();
    assert_eq!(
        fixture
            .index()
            .put_note(source, b"d", b"none", b"k", Some(b"v"))
            .unwrap_err()
            .reason
            .name(),
        "no_folder"
    );
    let changed = [
        file("same", 1, 1),
        file("size", 2, 1),
        file("mtime", 1, 2),
        dir("kind"),
        (b"unknown".to_vec(), (Kind::File, None)),
    ];
    fixture.scan(&[listing("", &[dir("d")], 1), listing("d", &changed, 1)]);
    let left = fixture.shell("SELECT name, key, hex(value) FROM notes ORDER BY name");
    assert_eq!(
        left,
        "d|colour|726564\nsame|lines|00FF\nunknown|lines|00FF\n"
    );
}

/// The original's gaps 005, 006 and 008: what is persisted is told apart from what was found, entry by entry, directories too.
#[test]
fn gap_scan_005_006_008_entries_are_told_when_they_are_in() {
    let told = Arc::new(AtomicU64::new(0));
    let fixture = Fixture::new();
    let heard = told.clone();
    let on_persisted = Box::new(move |persisted: aether_index::Persisted| {
        heard.store(persisted.entries, Ordering::SeqCst)
    });
    let scan = fixture.index().begin(spec(), on_persisted).unwrap();
    let root = listing("", &[dir("d"), file("a", 1, 1), file("b", 1, 1)], 1);
    push(&scan, batch(&[(&root, 0, 2, false)]));
    // A Settle comes after all that was pushed.
    fixture.index().settle().unwrap();
    assert_eq!(scan.persisted(), 0, "a listing that is open is not in");
    push(&scan, batch(&[(&root, 2, 3, true)]));
    fixture.index().settle().unwrap();
    assert_eq!((scan.persisted(), told.load(Ordering::SeqCst)), (3, 3));
    assert_eq!(
        fixture.shell("SELECT count(*) FROM dirs WHERE name = 'd'"),
        "1\n"
    );
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

/// The original's gap 007, and 003 and 009: 64-bit sizes, slashes, kinds as they are.
#[test]
fn gap_scan_003_007_009_sizes_paths_and_kinds_are_exact() {
    let fixture = Fixture::new();
    let link = (b"link".to_vec(), (Kind::Symlink, Some((3, -1))));
    let pipe = (b"a\\b".to_vec(), (Kind::Other, Some((0, i64::MIN))));
    fixture.scan(&[
        listing("", &[dir("d")], 1),
        listing("d", &[file("big", 1 << 42, i64::MAX), link, pipe], 1),
    ]);
    let rows = fixture.shell("SELECT prefix, name, kind, size, mtime_ns FROM scout_files WHERE prefix = 'd/' ORDER BY name");
    assert_eq!(
        rows,
        format!(
            "d/|a\\b|4|0|{}\nd/|big|1|{}|{}\nd/|link|3|3|-1\n",
            i64::MIN,
            1_u64 << 42,
            i64::MAX
        )
    );
    assert_eq!(
        fixture.shell("SELECT bytes FROM dirs WHERE name = ''"),
        format!("{}\n", 1_u64 << 42)
    );
}

#[test]
fn the_history_says_what_changed_between_two_scans() {
    let fixture = Fixture::with(OpenOptions {
        history: 2,
        ..OpenOptions::default()
    });
    let one = [
        listing("", &[dir("d"), dir("e"), file("a", 1, 1)], 1),
        listing("d", &[file("x", 5, 1), file("y", 6, 1)], 1),
        listing("e", &[file("z", 7, 1)], 1),
    ];
    fixture.scan(&one);
    assert_eq!(
        fixture.shell("SELECT count(*) FROM changes"),
        "0\n",
        "a first load is no change"
    );
    fixture.scan(&[
        listing("", &[dir("d"), file("a", 1, 2)], 1),
        listing("d", &[file("x", 9, 1), file("new", 1, 1)], 1),
    ]);
    let told =
        "SELECT c.gen, coalesce(c.path, d.name), d_file_count, d_bytes, added, removed, changed
                  FROM changes c LEFT JOIN dirs d ON d.id = c.dir_id ORDER BY 1, 2";
    assert_eq!(
        fixture.shell(told),
        "2||0|0|0|1|1\n2|d|0|-1|1|1|1\n2|e|-1|-7|0|0|0\n"
    );
    for size in 0..3 {
        fixture.scan(&[listing("d", &[file("x", size, 9)], 1)]);
    }
    fixture.index().settle().unwrap();
    assert_eq!(fixture.shell("SELECT DISTINCT gen FROM changes"), "4\n5\n");
    assert_eq!(
        fixture.shell("SELECT count(DISTINCT gen) FROM scans"),
        "2\n"
    );
}

#[test]
fn what_was_forgotten_is_out_of_sight_at_once_and_deleted_later() {
    let fixture = Fixture::new();
    fixture.scan(&tree(30, 400));
    let source = fixture.shell("SELECT uuid FROM sources");
    let source = source.trim();
    let seen = || {
        fixture.shell(&format!(
            "SELECT count(*) FROM scout_files WHERE source_id = '{source}' AND prefix = 'd7/'"
        ))
    };
    assert_eq!(seen(), "400\n");
    fixture.index().forget(source, Some(b"d7")).unwrap();
    assert_eq!(seen(), "0\n");
    assert_eq!(
        fixture.shell("SELECT file_count, unknown_below FROM dirs WHERE name = ''"),
        "11600|1\n"
    );
    fixture.recount();
    assert_eq!(
        fixture
            .index()
            .forget(source, Some(b"none"))
            .unwrap_err()
            .reason
            .name(),
        "no_folder"
    );
    fixture.index().forget(source, None).unwrap();
    assert_eq!(
        fixture
            .index()
            .forget(source, None)
            .unwrap_err()
            .reason
            .name(),
        "no_source"
    );
    assert_eq!(fixture.shell("SELECT count(*) FROM scout_sources"), "0\n");
    fixture.index().settle().unwrap();
    assert_eq!(fixture.shell("SELECT (SELECT count(*) FROM dirs) + (SELECT count(*) FROM files) + (SELECT count(*) FROM paths)"), "0\n");
    // Its place is free again.
    fixture.scan(&tree(2, 2));
    fixture.recount();
}

#[test]
fn a_tree_of_3000_levels_with_paths_beyond_4096_bytes() {
    let fixture = Fixture::new();
    let mut listings = Vec::new();
    let mut path = String::new();
    for _ in 0..3000 {
        listings.push(listing(&path, &[dir("dd"), file("f", 1, 1)], 1));
        path = if path.is_empty() {
            "dd".into()
        } else {
            format!("{path}/dd")
        };
    }
    listings.push(listing(&path, &[file("f", 1, 1)], 1));
    for _ in 0..2 {
        fixture.scan(&listings);
        assert_eq!(
            fixture.shell("SELECT file_count, bytes, unknown_below FROM dirs WHERE name = ''"),
            "3001|3001|0\n"
        );
    }
    assert_eq!(
        fixture.shell("SELECT max(length(path)) FROM paths"),
        "4095\n"
    );
    // A change at the bottom reaches the top.
    let bottom = ScanSpec {
        folder: path.clone().into_bytes(),
        ..spec()
    };
    fixture.scan_as(
        bottom,
        &[listing(&path, &[file("f", 5, 1)], 1)],
        Status::Complete,
    );
    assert_eq!(
        fixture.shell("SELECT file_count, bytes FROM dirs WHERE name = ''"),
        "3001|3005\n"
    );
    fixture.scan(&[listing("", &[], 1)]);
    fixture.index().settle().unwrap();
    assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
}

#[test]
fn the_index_in_the_scanned_tree_is_no_part_of_it() {
    let fixture = Fixture::new();
    let root = std::fs::canonicalize(fixture.directory.path())
        .unwrap()
        .parent()
        .unwrap()
        .to_path_buf();
    let holder = fixture
        .directory
        .path()
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let own = [
        "index.db",
        "index.db-wal",
        "index.db-shm",
        "index.db-writer",
    ]
    .map(|name| file(name, 5, 5));
    let inner: Vec<_> = own.into_iter().chain([file("mine", 1, 1)]).collect();
    let root = ScanSpec {
        root: std::os::unix::ffi::OsStrExt::as_bytes(root.as_os_str()).to_vec(),
        ..ScanSpec::default()
    };
    fixture.scan_as(
        root,
        &[listing("", &[dir(&holder)], 1), listing(&holder, &inner, 1)],
        Status::Complete,
    );
    let rows: Vec<_> = fixture
        .rows()
        .into_iter()
        .map(|(path, row)| (String::from_utf8(path).unwrap(), row.2))
        .collect();
    assert_eq!(
        rows,
        [
            (holder.clone(), String::new()),
            (format!("{holder}/mine"), "1".to_owned())
        ]
    );
}

#[test]
fn a_cancelled_scan_drops_what_waits_and_keeps_what_is_in() {
    let fixture = Fixture::new();
    let scan = fixture.begin(spec());
    let listings = tree(50, 100);
    for listing in &listings[..20] {
        push(&scan, batch(&[(listing, 0, listing.entries.len(), true)]));
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

#[test]
fn bytes_that_are_no_slab_end_the_scan_and_nothing_else() {
    let fixture = Fixture::new();
    let scan = fixture.begin(spec());
    let bad = aether_index::Batch {
        slab: b"ASLB nonsense".to_vec(),
        ..aether_index::Batch::default()
    };
    push(&scan, bad);
    let error = scan
        .end(Status::Complete, ScanCounts::default())
        .unwrap_err();
    assert_eq!(error.reason.name(), "bad_slab");
    assert_eq!(fixture.shell("SELECT status FROM scans"), "4\n");
    fixture.scan(&tree(2, 2));
    fixture.recount();
}

#[test]
fn a_reader_elsewhere_that_stays_is_told_and_does_not_stop_the_scan() {
    let options = OpenOptions {
        wal_soft: 200_000,
        ..OpenOptions::default()
    };
    let fixture = Fixture::with(options);
    fixture.scan(&tree(3, 3));
    let reader = rusqlite::Connection::open(fixture.path()).unwrap();
    reader
        .execute_batch("BEGIN; SELECT * FROM sources")
        .unwrap();
    fixture.scan(&tree(200, 100));
    assert!(fixture.index().log().wal_bytes() > 200_000);
    assert!(fixture.index().log().wal_blocked_since().is_some());
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    fixture.scan(&tree(201, 100));
    fixture.index().settle().unwrap();
    fixture.recount();
}

#[test]
fn own_readers_keep_the_log_short() {
    // The log's file at its longest.
    let (longest, log) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(OnceLock::<std::path::PathBuf>::new()),
    );
    let (seen, place) = (longest.clone(), log.clone());
    let look = move |_: &[i64]| {
        let length = place
            .get()
            .and_then(|log| std::fs::metadata(log).ok())
            .map_or(0, |log| log.len());
        seen.fetch_max(length, Ordering::SeqCst);
    };
    let options = OpenOptions {
        wal_soft: 400_000,
        on_commit: Some(Arc::new(look)),
        ..OpenOptions::default()
    };
    let fixture = Fixture::with(options);
    log.set(fixture.directory.path().join("index.db-wal"))
        .unwrap();
    fixture.scan(&tree(3, 3));
    let gate = fixture.index().gate().clone();
    let path = fixture.path();
    let stop = Arc::new(AtomicU64::new(0));
    // Readers overlap, so that one always reads: only the gate makes a gap.
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (gate, path, stop) = (gate.clone(), path.clone(), stop.clone());
            std::thread::spawn(move || {
                let reader = rusqlite::Connection::open(path).unwrap();
                while stop.load(Ordering::SeqCst) == 0 {
                    let _page = gate.enter();
                    reader
                        .query_row("SELECT count(*) FROM files", (), |_| Ok(()))
                        .unwrap();
                }
            })
        })
        .collect();
    for files in 100..110 {
        fixture.scan(&tree(100, files));
    }
    stop.store(1, Ordering::SeqCst);
    for reader in readers {
        reader.join().unwrap();
    }
    let length = longest.load(Ordering::SeqCst);
    assert!(length < 2_000_000, "{length} bytes of log");
    fixture.recount();
}

/// The original's gap 004: what is not whole is marked, and never passed over in silence.
#[test]
fn gap_scan_004_what_was_cut_off_is_marked() {
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

/// Cancelled after each batch in turn: nothing goes that is still there, and what was closed before is exact.
#[test]
fn cancelled_at_every_batch_what_is_there_stays() {
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
    // One directory is gone, one is new; in each, files went and came.
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
