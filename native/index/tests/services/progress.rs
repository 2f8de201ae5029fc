//! What other processes see of scans that run.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use aether_core::{Demand, Options, Pool, Scan};
use aether_index::reader::{Pool as Readers, PoolOptions, RunningScan};

use crate::support::{Fixture, wait_until};
use crate::walker::{self, Event, index_ref};
use crate::{make, receive, spec};

/// A tree, an index elsewhere, and readers as other processes have them.
struct Setup {
    fixture: Fixture,
    pool: Pool,
    directory: tempfile::TempDir,
    readers: Readers,
}

impl Setup {
    fn new() -> Setup {
        let directory = tempfile::tempdir().unwrap();
        for root in ["a", "b"] {
            make(&directory.path().join(root), &["d/e/1", "d/e/2", "d/f/3"]);
        }
        let fixture = Fixture::new();
        let readers = Readers::open(&fixture.path(), PoolOptions::default()).unwrap();
        Setup {
            fixture,
            pool: Pool::new(2),
            directory,
            readers,
        }
    }

    /// A scan that has given three slabs and waits to be asked for more.
    fn park(&self, root: &str) -> (Arc<Scan>, Receiver<Event>) {
        let options = Options {
            slab_entries: 1,
            demand: Demand::Slabs(3),
            ..Options::default()
        };
        let spec = spec(&self.directory.path().join(root));
        let (scan, events) =
            walker::start(&self.pool, index_ref(self.fixture.index()), spec, options).unwrap();
        while !matches!(receive(&events), Event::Passive) {}
        (scan, events)
    }

    /// The running scans, once they are as expected.
    fn running(&self, expected: impl Fn(&[RunningScan]) -> bool) -> Vec<RunningScan> {
        let mut running = Vec::new();
        wait_until(|| {
            running = self.readers.running().unwrap();
            expected(&running)
        });
        running
    }

    fn finish(&self, (scan, events): (Arc<Scan>, Receiver<Event>)) {
        scan.ask(1000);
        while !matches!(receive(&events), Event::Ended(_)) {}
    }

    fn slots(&self) -> Vec<u8> {
        std::fs::read(self.fixture.directory.path().join("index.db-scan")).unwrap()
    }
}

#[test]
fn others_see_how_far_each_scan_is_until_it_ends() {
    let setup = Setup::new();
    assert_eq!(setup.readers.running().unwrap(), []);
    let first = setup.park("a");
    let is_kept = |running: &[RunningScan]| running.len() == 1 && running[0].progress.kept > 0;
    let seen = setup.running(is_kept);
    let uuids = setup.fixture.shell("SELECT uuid FROM sources");
    assert_eq!(format!("{}\n", seen[0].source), uuids);
    assert_eq!(seen[0].folder, b"");
    let progress = &seen[0].progress;
    assert!(
        progress.found >= progress.kept && progress.found < 6,
        "{progress:?}"
    );
    assert_eq!((progress.expected, progress.errors), (None, 0));

    let second = setup.park("b");
    let seen = setup.running(|running| running.len() == 2);
    assert_ne!(seen[0].source, seen[1].source);
    // The receivers did not ask for progress, and got none.
    assert!(
        !first
            .1
            .try_iter()
            .any(|event| matches!(event, Event::Progress(_)))
    );

    setup.finish(first);
    let left = setup.running(|running| running.len() == 1);
    assert_eq!(left[0].source, seen[1].source);
    // A slot that is free is used again.
    let third = setup.park("a");
    let seen = setup.running(|running| running.len() == 2);
    let known = seen.iter().find(|scan| scan.source != left[0].source);
    assert_eq!(known.unwrap().progress.expected, Some(6));
    assert_eq!(setup.slots().len(), 2 * 512);
    setup.finish(second);
    setup.finish(third);
    setup.running(<[RunningScan]>::is_empty);
    assert_eq!(setup.slots(), [0; 2 * 512]);
}

#[test]
fn what_an_ended_scan_has_left_is_not_shown() {
    let setup = Setup::new();
    let scan = setup.park("a");
    setup.running(|running| running.len() == 1);
    let left = setup.slots();
    setup.finish(scan);
    setup.running(<[RunningScan]>::is_empty);
    let file = setup.fixture.directory.path().join("index.db-scan");
    std::fs::write(&file, &left).unwrap();
    assert_eq!(setup.readers.running().unwrap(), []);
    // Nor what is half written, or no such file at all.
    for content in [&left[..100], &[1; 512], b""] {
        std::fs::write(&file, content).unwrap();
        assert_eq!(setup.readers.running().unwrap(), []);
    }
    std::fs::remove_file(&file).unwrap();
    assert_eq!(setup.readers.running().unwrap(), []);
}
