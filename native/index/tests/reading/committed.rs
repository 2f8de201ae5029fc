//! Whether a reader notices that something was committed.

use aether_index::Reason;

use crate::elsewhere;
use crate::support::*;

#[test]
fn each_commit_gives_another_version() {
    let mut fixture = Fixture::new();
    fixture.scan(&crate::tree());
    let pools = [fixture.pool(), elsewhere(&fixture.path())];
    let versions = || pools.each_ref().map(|pool| pool.version().unwrap());
    let mut seen = vec![versions()];
    for size in [7, 8] {
        fixture.scan(&[listing("", &[file("f", size, 1)], 1)]);
        let now = versions();
        for before in &seen {
            assert!(
                before[0] != now[0] && before[1] != now[1],
                "{now:?} of {seen:?}"
            );
        }
        seen.push(now);
    }
    // Nothing is committed any more.
    fixture.index.take().unwrap().close().unwrap();
    let last = versions();
    for pool in &pools {
        pool.sources().unwrap();
    }
    assert_eq!(versions(), last);
    for pool in &pools {
        pool.close();
        assert_eq!(pool.version().unwrap_err().reason, Reason::Closed);
        assert_eq!(pool.connections(), 0);
    }
}

#[test]
fn a_file_that_was_moved_has_no_version() {
    let fixture = Fixture::new();
    fixture.scan(&crate::tree());
    let pool = elsewhere(&fixture.path());
    pool.version().unwrap();
    std::fs::rename(fixture.path(), fixture.directory.path().join("moved")).unwrap();
    assert_eq!(pool.version().unwrap_err().reason, Reason::Moved);
}
