//! What an index knows of its sources from before: scans without an end, generations, rules,
//! identities.

use std::fs;

use aether_core::Status;
use aether_index::{Reason, Rules, ScanCounts, ScanSpec};

use crate::open;
use crate::support::*;

#[test]
fn a_scan_that_never_ended_reads_as_crashed() {
    let mut fixture = Fixture::new();
    fixture.scan(&[listing("", &[file("a", 1, 1)], 1)]);
    // As a killed writer leaves it.
    fixture.sql(
        "UPDATE scans SET status = 0, ended_at = NULL; UPDATE sources SET last_scan_status = 0",
    );
    fixture.reopen();
    assert_eq!(
        fixture.shell("SELECT status FROM scans UNION ALL SELECT last_scan_status FROM sources"),
        "5\n5\n"
    );
}

#[test]
fn a_database_put_back_in_time_is_noticed() {
    let mut fixture = Fixture::new();
    let root = [listing("", &[file("a", 1, 1)], 1)];
    fixture.scan(&root);
    fixture.reopen();
    let old = fs::read(fixture.path()).unwrap();
    fixture.scan(&root);
    fixture.reopen();
    drop(fixture.index.take().unwrap().close());
    fs::write(fixture.path(), old).unwrap();
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(fixture.directory.path().join(format!("index.db{suffix}")));
    }
    fixture.index = Some(open(&fixture.path()).unwrap().into());
    let remembered: Vec<i64> = fixture.index().remembered().values().copied().collect();
    assert_eq!(remembered, [2]);
    assert_eq!(fixture.shell("SELECT generation FROM sources"), "1\n");
}

#[test]
fn rules_and_identities_are_checked_against_the_source() {
    use aether_index::MountIdentity;
    let fixture = Fixture::new();
    let identity = |inode| {
        Some(MountIdentity {
            inode,
            birth: None,
            file_system: Some(1),
        })
    };
    let first = ScanSpec {
        root_identity: identity(1),
        ..spec()
    };
    let entries = [file("a", 1, 1)];
    let root = || listing("", &entries, 1);
    fixture.scan_as(first.clone(), &[root()], Status::Complete);
    let begin = |spec: ScanSpec| {
        fixture
            .index()
            .begin(spec, Box::new(|_| {}))
            .map(drop)
            .map_err(|error| error.reason)
    };
    let other = Rules {
        hidden: false,
        ..Rules::default()
    };
    assert_eq!(
        begin(ScanSpec {
            rules: Some(other.clone()),
            ..first.clone()
        }),
        Err(Reason::RulesChanged)
    );
    assert_eq!(
        begin(ScanSpec {
            root_identity: identity(2),
            ..first.clone()
        }),
        Err(Reason::RootChanged)
    );
    assert_eq!(
        begin(ScanSpec {
            source_id: Some("x".into()),
            root: b"/other".to_vec(),
            ..first.clone()
        }),
        Ok(())
    );
    assert_eq!(
        begin(ScanSpec {
            source_id: Some("x".into()),
            ..first.clone()
        }),
        Err(Reason::IdTaken)
    );
    assert_eq!(
        begin(ScanSpec {
            rules: Some(other.clone()),
            replace_rules: true,
            ..first.clone()
        }),
        Ok(())
    );
    // From now on they are the source's own.
    let scan = fixture.begin(first.clone());
    assert_eq!(scan.started().rules, other);
    assert_eq!(begin(first.clone()), Err(Reason::AlreadyScanning));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(
        begin(ScanSpec {
            root_identity: identity(2),
            accept_root: true,
            ..first
        }),
        Ok(())
    );
    assert_eq!(
        fixture.shell("SELECT identity FROM sources WHERE root = '/no/such/root'"),
        "2:-:1\n"
    );
}

#[test]
fn what_a_source_keeps_changes_only_while_none_of_its_scans_runs() {
    let other = Rules {
        hidden: false,
        ..Rules::default()
    };
    let folder = |name: &str| ScanSpec {
        folder: name.into(),
        ..spec()
    };
    let replaced = ScanSpec {
        rules: Some(other),
        replace_rules: true,
        ..folder("a")
    };
    let same = ScanSpec {
        rules: Some(Rules::default()),
        ..replaced.clone()
    };
    let owned = |owners| ScanSpec {
        owners: Some(owners),
        ..folder("a")
    };
    for (kept_before, spec, is_switched) in [
        (false, folder("a"), false),
        (false, same, false),
        (false, owned(false), false),
        (true, owned(true), false),
        (false, replaced, true),
        (false, owned(true), true),
        (true, owned(false), true),
    ] {
        let fixture = Fixture::new();
        let first = ScanSpec {
            owners: Some(kept_before),
            ..folder("")
        };
        fixture.scan_as(
            first,
            &[listing("", &[dir("a"), dir("b")], 1)],
            Status::Complete,
        );
        let kept = || {
            fixture.shell("SELECT hex(rules), attributes, generation FROM sources; SELECT count(*) FROM scans")
        };
        let running = fixture.begin(ScanSpec {
            tag: "the other".into(),
            ..folder("b")
        });
        let before = kept();
        let begin = || fixture.index().begin(spec.clone(), Box::new(|_| {}));
        match begin() {
            Ok(scan) => {
                assert!(!is_switched, "{spec:?}");
                scan.end(Status::Complete, ScanCounts::default()).unwrap();
            }
            Err(error) => {
                assert!(is_switched, "{spec:?}");
                assert_eq!(error.reason, Reason::SourceBusy);
                assert!(error.to_string().contains("the other"), "{error}");
                assert_eq!(kept(), before);
            }
        }
        running
            .end(Status::Complete, ScanCounts::default())
            .unwrap();
        fixture.index().settle().unwrap();
        assert!(begin().is_ok(), "{spec:?}");
    }
}
