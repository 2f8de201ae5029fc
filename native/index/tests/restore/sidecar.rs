//! What the sidecar shows of an index that was put back or has lost its last transactions.

use super::*;

/// The sidecar reads as it was written, whatever the ids of sources are.
#[test]
fn no_id_of_a_source_is_read_as_something_else() {
    for id in [
        "database",
        "database 5:6 x open 7",
        "a\ndatabase 5:6 x open 7",
        "-1 a\n\\b 9",
    ] {
        let spec = || ScanSpec {
            source_id: Some(id.to_owned()),
            ..spec()
        };
        let mut fixture = Fixture::with(options());
        let kept = tempfile::tempdir().unwrap();
        let saved = kept.path().join("backup.db");
        fixture.scan_as(spec(), &tree(1), Status::Complete);
        back_up(&fixture, &saved);
        fixture.reopen();
        fixture.scan_as(spec(), &tree(2), Status::Complete);
        fixture.index().settle().unwrap();
        wait_until(|| fixture.index().log().wal_bytes() == 0);
        let reader = fixture.reader_that_stays();
        fixture.scan_as(spec(), &tree(3), Status::Complete);
        assert_eq!(fixture.index().remembered().get(id), Some(&1), "{id:?}");
        let (_directory, path) = crashed(&fixture);
        fs::copy(&saved, &path).unwrap();
        let refused = Index::open(&path, options()).err().expect(id);
        assert_eq!(refused.reason, Reason::Mixed, "{id:?}: {refused}");
        drop(reader);
    }
}

/// Numbers given since the backup was made are given again.
#[test]
fn followers_of_an_index_that_was_put_back_start_over() {
    for by_hand in [false, true] {
        let mut fixture = Fixture::with(OpenOptions {
            follow: true,
            ..options()
        });
        let kept = tempfile::tempdir().unwrap();
        let saved = kept.path().join("backup.db");
        fixture.scan(&tree(1));
        back_up(&fixture, &saved);
        for round in 2..6 {
            fixture.scan(&tree(round));
        }
        let last = "SELECT max(floor, coalesce((SELECT max(seq) FROM touched), 0)) FROM state";
        let number =
            |sql: &str, fixture: &Fixture| -> i64 { fixture.shell(sql).trim().parse().unwrap() };
        let cursor = number(last, &fixture);
        // Restarting the writer loses nothing.
        fixture.reopen();
        assert!(number("SELECT floor FROM state", &fixture) <= cursor);
        fixture.index.take().unwrap().close().unwrap();
        match by_hand {
            true => drop(fs::copy(&saved, fixture.path()).unwrap()),
            false => drop(put_back(&saved, &fixture.path()).unwrap()),
        }
        fixture.reopen();
        assert!(
            number("SELECT floor FROM state", &fixture) > cursor,
            "{by_hand}"
        );
        fixture.scan(&tree(2));
    }
}

/// The same if the machine failed: the last transactions may be lost without a trace.
#[test]
fn followers_of_an_index_that_was_open_when_the_machine_failed_start_over() {
    let following = || OpenOptions {
        follow: true,
        ..options()
    };
    let fixture = Fixture::with(following());
    for round in 1..4 {
        fixture.scan(&tree(round));
    }
    let last = "SELECT max(floor, coalesce((SELECT max(seq) FROM touched), 0)) FROM state";
    let number = |path: &Path, sql: &str| -> i64 { shell(path, sql).trim().parse().unwrap() };
    wait_until(|| fixture.index().log().wal_bytes() == 0);
    for has_restarted in [false, true] {
        let (_directory, path) = crashed(&fixture);
        let cursor = number(&path, last);
        if has_restarted {
            // As written before a reboot, or by a version that did not record the boot id.
            let sidecar = path.with_extension("db-writer");
            let text = fs::read_to_string(&sidecar).unwrap();
            let is_first =
                |line: &&str| line.starts_with("database ") || line.starts_with("update ");
            let line = text.lines().rfind(is_first).unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(words[3], "open");
            fs::write(&sidecar, format!("database {}\n", words[1..5].join(" "))).unwrap();
        }
        Index::open(&path, following()).unwrap().close().unwrap();
        let floor = number(&path, "SELECT floor FROM state");
        assert_eq!(floor > cursor, has_restarted);
    }
}
