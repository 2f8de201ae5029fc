//! What an index gets beside the slabs: stamps, proven statuses, mount points, and directories read once more.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod sink;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aether_core::slab::{Builder, Groups, Slab, status};
use aether_core::{
    Admission, Demand, Error, Evidence, Identity, MountIdentity, Operation, Options, Packed, Pool,
    Progress, Reason, Root, Scan, Sink, State, Status, Summary,
};
use parking_lot::Mutex;
use sink::*;
use support::{Collector, Mailbox, Message, find, outcome, root, wait_until};
use tempfile::TempDir;

/// What an index makes of its slabs: for each directory the names of its newest listing, and how that ended.
type Listings = BTreeMap<Vec<u8>, (u64, BTreeSet<Vec<u8>>, u32)>;

fn listings(index_slabs: &IndexSlabs) -> Listings {
    let mut listings = Listings::new();
    for index_slab in index_slabs.lock().iter() {
        let slab = Slab::decode(&index_slab.slab).unwrap();
        let entries: Vec<_> = slab.entries().collect();
        assert_eq!(index_slab.evidence.stamps.len(), slab.record_count());
        for (record, stamp) in slab.records().zip(&index_slab.evidence.stamps) {
            let (newest, names, status) = listings.entry(record.path.to_vec()).or_default();
            assert!(*stamp >= *newest, "an older listing after a newer one");
            if stamp > newest {
                (*newest, *status) = (*stamp, 0);
                names.clear();
            }
            assert_eq!(*status, 0, "a record after the closing one");
            *status = record.status;
            let found = &entries[record.entries.clone()];
            names.extend(found.iter().map(|entry| entry.name.to_vec()));
        }
    }
    listings
}

fn tree() -> TempDir {
    let dir = TempDir::new().unwrap();
    for sub in ["a", "b/c", "many"] {
        fs::create_dir_all(dir.path().join(sub)).unwrap();
    }
    for n in 0..200 {
        fs::write(dir.path().join(format!("many/{n}")), b"").unwrap();
    }
    fs::write(dir.path().join("b/c/file"), b"1").unwrap();
    dir
}

#[test]
fn an_unchanged_tree_is_proven_once_it_is_old_enough() {
    let dir = tree();
    let expected = find(dir.path(), &[]);
    // The first scan comes within the clock's tick, the second after it.
    for _ in 0..2 {
        let (_pool, _scan, mailbox, index_slabs) = start(root(dir.path()), options(), |_, _| ());
        let found = mailbox.outcome();
        assert_eq!(found.rows, expected);
        found.assert_complete();
        let listings = listings(&index_slabs);
        let paths: Vec<_> = listings.keys().map(|path| &path[..]).collect();
        assert_eq!(paths, [&b""[..], b"a", b"b", b"b/c", b"many"]);
        for (path, (stamp, names, ended)) in &listings {
            assert_eq!(*ended, status::COMPLETE, "{path:?}");
            let here = expected.iter().filter(|row| {
                let at = row.0.iter().rposition(|byte| *byte == b'/');
                row.0[..at.unwrap_or(0)] == path[..]
            });
            assert_eq!(names.len(), here.count(), "{path:?}");
            assert!(*stamp > 0);
        }
    }
}

#[test]
fn a_directory_that_changes_is_read_again_for_the_index_only() {
    // How many passes are disturbed, and how the last listing ends.
    for (disturbed, ended) in [(1, status::COMPLETE), (3, status::CHANGING)] {
        let dir = tree();
        let many = dir.path().join("many");
        let made = AtomicUsize::new(0);
        let passes = Mutex::new(BTreeSet::<u64>::new());
        let (_pool, _scan, mailbox, index_slabs) =
            start(root(dir.path()), options(), move |slab, _| {
                let evidence = slab.evidence().unwrap();
                let mut passes = passes.lock();
                if slab.path() == b"many" {
                    passes.extend(evidence.stamps.last().copied());
                    if passes.len() <= disturbed {
                        let name = format!("new-{}", made.fetch_add(1, Ordering::Relaxed));
                        fs::write(many.join(name), b"").unwrap();
                    }
                }
            });
        let found = mailbox.outcome();
        found.assert_complete();
        assert_eq!(found.closed[&b"many"[..]], status::COMPLETE);
        let sent = found.rows.iter().filter(|row| row.1 == 'f').count() as u64;
        assert_eq!(
            found.summary.counts.files, sent,
            "only the first pass counts"
        );
        let listings = listings(&index_slabs);
        let (_, names, status) = &listings[&b"many"[..]];
        assert_eq!(*status, ended);
        assert!(index_slabs.lock().iter().any(|index_slab| index_slab.again));
        if ended == status::COMPLETE {
            let now: BTreeSet<_> = fs::read_dir(dir.path().join("many"))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_encoded_bytes())
                .collect();
            assert_eq!(*names, now);
        }
    }
}

#[test]
fn a_slow_index_only_parks_the_scan() {
    let dir = tree();
    let few = Options {
        evidence: Some(2),
        ..options()
    };
    let (_pool, scan, mailbox, index_slabs) = start(root(dir.path()), few, |_, _| ());
    // Nobody can ask for more slabs; the index still can.
    scan.handle_dropped();
    let mut given = 2;
    while scan.info().state != State::Ended(Status::Complete) {
        if index_slabs.lock().len() == given && scan.info().state == State::Parked {
            given += 1;
            scan.credit(1);
        }
        assert!(index_slabs.lock().len() <= given, "more than it can take");
        std::thread::yield_now();
    }
    mailbox.wait_for_end();
    assert_eq!(mailbox.count(|m| matches!(m, Message::Passive)), 0);
    let found = outcome(mailbox.take()).unwrap();
    assert_eq!(found.rows, find(dir.path(), &[]));
}

#[test]
fn demand_and_credit_are_both_needed() {
    let dir = tree();
    let options = Options {
        evidence: Some(u64::MAX),
        demand: Demand::Slabs(1),
        ..options()
    };
    let (_pool, scan, mailbox, index_slabs) = start(root(dir.path()), options, |_, _| ());
    mailbox.wait(|message| matches!(message, Message::Passive));
    scan.credit(5);
    assert_eq!(scan.info().state, State::Parked);
    assert_eq!(index_slabs.lock().len(), 1);
    scan.ask(u64::MAX);
    mailbox.outcome().assert_complete();
}

#[test]
fn a_root_that_the_index_refuses_is_not_scanned() {
    let dir = tree();
    let refused = start_or_refuse(root(dir.path()), options(), Box::new(|_, _| ()), Answer::No);
    let (pool, _scan, mailbox, index_slabs) = refused;
    mailbox.wait_for_end();
    let error = outcome(mailbox.take()).unwrap_err();
    assert_eq!(error.reason, Reason::RootChanged);
    assert!(index_slabs.lock().is_empty());
    wait_until(|| pool.info().descriptors == 0);
}

#[test]
fn an_index_says_what_it_keeps_when_it_admits_a_scan() {
    let dir = tree();
    let expected = find(dir.path(), &[]);
    for (answer, kept) in [
        (Answer::Yes, Groups::INDEXED),
        (Answer::Owned, Groups::INDEXED | Groups::OWNED),
    ] {
        let (_pool, _scan, mailbox, index_slabs) =
            start_or_refuse(root(dir.path()), options(), Box::new(|_, _| ()), answer);
        let found = mailbox.outcome();
        assert_eq!(found.rows, expected);
        let index_slabs = index_slabs.lock();
        assert!(!index_slabs.is_empty());
        for index_slab in index_slabs.iter() {
            let slab = Slab::decode(&index_slab.slab).unwrap();
            assert_eq!(slab.groups(), kept);
            let entries: Vec<_> = slab.entries().collect();
            for record in slab.records() {
                for entry in &entries[record.entries.clone()] {
                    let [folder, name] = [record.path, entry.name].map(OsStr::from_bytes);
                    let found = fs::symlink_metadata(dir.path().join(folder).join(name));
                    let mode = match answer {
                        Answer::Owned => found.unwrap().mode(),
                        _ => 0,
                    };
                    assert_eq!(u32::from(entry.metadata.unwrap().mode), mode);
                }
            }
        }
    }
}

/// An index that is busy, or cannot write for a while, must not take the threads of other scans.
#[test]
fn an_index_that_does_not_answer_holds_no_thread() {
    let dir = tree();
    let expected = find(dir.path(), &[]);
    let pool = Pool::new(1);
    let start = |options: Options| {
        let (mailbox, admitted) = (Arc::new(Mailbox::default()), Arc::default());
        let sink = Indexing {
            receiver: Collector(mailbox.clone()),
            index_slabs: IndexSlabs::default(),
            hook: Box::new(|_, _| ()),
            answer: Answer::Later,
            admitted: Arc::clone(&admitted),
        };
        let scan = pool
            .start(root(dir.path()), options, |_| Box::new(sink))
            .unwrap();
        // Asked, though the scans before have no answer.
        wait_until(|| admitted.lock().is_some());
        (scan, mailbox)
    };
    let [taken, refused, cancelled] = [(); 3].map(|()| start(options()));
    let starved = start(Options {
        demand: Demand::Slabs(0),
        threads: Some(1),
        ..options()
    });
    let beside = support::run(&pool, root(dir.path()), Options::default()).unwrap();
    beside.assert_complete();
    let scans = [&taken, &refused, &cancelled, &starved];
    assert!(
        scans
            .iter()
            .all(|(_, mailbox)| mailbox.count(|_| true) == 0)
    );

    // A cancelled scan ends at once, and the answer comes too late.
    cancelled.0.cancel();
    cancelled.1.wait_for_end();
    cancelled.0.admitted(Ok(Groups::empty()));
    refused.0.admitted(Err(refusal()));
    taken.0.admitted(Ok(Groups::empty()));
    // A second answer has no effect.
    taken.0.admitted(Err(refusal()));
    starved.0.admitted(Ok(Groups::empty()));
    let found = taken.1.outcome();
    assert_eq!(found.rows, expected);
    found.assert_complete();
    refused.1.wait_for_end();
    let error = outcome(refused.1.take()).unwrap_err();
    assert_eq!(error.reason, Reason::RootChanged);
    // The caller learns that the root is open, with or without demand.
    starved
        .1
        .wait(|message| matches!(message, Message::Opened(Ok(_))));
    starved.0.ask(u64::MAX);
    assert_eq!(starved.1.outcome().rows, expected);
    assert_eq!(cancelled.1.count(|_| true), 1);
    wait_until(|| pool.info().descriptors == 0);
}

#[test]
fn mount_points_are_reported_and_the_same_when_mounted_again() {
    if !support::in_mount_namespace(mount_points_are_reported_and_the_same_when_mounted_again) {
        return;
    }
    let dir = tree();
    let point: PathBuf = dir.path().join("a");
    let mounts = |path: &Path, same_file_system| -> BTreeMap<Vec<u8>, MountIdentity> {
        let options = Options {
            same_file_system,
            ..options()
        };
        let (_pool, _scan, mailbox, index_slabs) = start(root(path), options, |_, _| ());
        mailbox.wait_for_end();
        let mut found = BTreeMap::new();
        for index_slab in index_slabs.lock().iter() {
            let slab = Slab::decode(&index_slab.slab).unwrap();
            let records: Vec<_> = slab.records().collect();
            for (record, mount) in &index_slab.evidence.mounts {
                found.insert(records[*record as usize].path.to_vec(), *mount);
            }
        }
        found
    };
    assert_eq!(mounts(dir.path(), false), BTreeMap::new());
    support::mount(&["-t", "tmpfs", "none", point.to_str().unwrap()]);
    let entered = mounts(dir.path(), false);
    let known: Vec<_> = entered.keys().collect();
    assert_eq!(known, [b"a"]);
    // Also if it is not entered: what is known without asking whatever serves the mount.
    let expected = entered.clone().into_iter().map(|(path, mount)| {
        let file_system = None;
        (
            path,
            MountIdentity {
                file_system,
                ..mount
            },
        )
    });
    assert_eq!(mounts(dir.path(), true), expected.collect());

    fs::create_dir(point.join("below")).unwrap();
    let admitted = Arc::default();
    let mailbox = Arc::new(Mailbox::default());
    let sink = Indexing {
        receiver: Collector(mailbox.clone()),
        index_slabs: IndexSlabs::default(),
        hook: Box::new(|_, _| ()),
        answer: Answer::Yes,
        admitted: Arc::clone(&admitted),
    };
    let below = Root {
        folder: b"a/below".to_vec(),
        ..root(dir.path())
    };
    let pool = Pool::new(1);
    let _scan = pool.start(below, options(), |_| Box::new(sink)).unwrap();
    mailbox.wait_for_end();
    let found = admitted.lock().clone().unwrap();
    assert_eq!(found.way, [(b"a".to_vec(), entered[&b"a"[..]])]);
    let root = dir.path().canonicalize().unwrap();
    assert_eq!(found.path.real, root.as_os_str().as_encoded_bytes());
    let there = fs::metadata(&root).unwrap();
    let identity = (found.identity.device, found.identity.inode);
    assert_eq!(identity, (there.dev(), there.ino()));
    // As the mount table says.
    let points = aether_core::mount_points().unwrap();
    assert!(points.contains(&point.as_os_str().as_encoded_bytes().to_vec()));

    // The portable walker knows only the inode number, which is 1 for the root of every tmpfs.
    if cfg!(not(aether_portable)) {
        support::mount(&["-t", "tmpfs", "none", point.to_str().unwrap()]);
        assert_ne!(mounts(dir.path(), false), entered, "another file system");
    }
}
