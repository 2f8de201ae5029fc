//! Scans that are written while they go on: what the receiver gets, when it gets the end, and what
//! becomes of a scan whose index or whose writer is gone.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use aether_core::{Demand, Options, Pool, Scan, Status, Summary};
use aether_index::sink::IndexRef;
use aether_index::{Error, Index, OpenOptions, Operation, Reason};
use tempfile::TempDir;

use crate::support::{Fixture, recount, wait_until};
use crate::walker::{self, Event, Walked, index_ref};
use crate::{hold, make, receive, scan, spec};

const FILES: usize = 60;

/// A tree, and an index elsewhere.
struct Setup {
    fixture: Fixture,
    pool: Pool,
    root: PathBuf,
    directory: TempDir,
}

impl Setup {
    fn new() -> Setup {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("root");
        let files: Vec<String> = (0..FILES).map(|n| format!("d{}/f{n}", n % 7)).collect();
        make(&root, &files.iter().map(String::as_str).collect::<Vec<_>>());
        Setup {
            fixture: Fixture::with(OpenOptions {
                // Longer than any other program holds the database here.
                busy_timeout: Duration::from_secs(600),
                ..OpenOptions::default()
            }),
            pool: Pool::new(2),
            root,
            directory,
        }
    }

    fn index(&self) -> &Arc<Index> {
        self.fixture.index()
    }

    fn database(&self) -> PathBuf {
        self.fixture.path()
    }

    /// A scan of which so many slabs are asked for.
    fn start(&self, root: &Path, demand: Demand) -> (Arc<Scan>, Receiver<Event>) {
        let options = Options {
            slab_entries: 2,
            demand,
            ..Options::default()
        };
        let index = index_ref(self.index());
        walker::start(&self.pool, index, spec(root), options).unwrap()
    }

    /// A scan that has given one slab and waits to be asked for more.
    fn park(&self, root: &Path) -> (Arc<Scan>, Receiver<Event>) {
        let (scan, events) = self.start(root, Demand::Slabs(1));
        while !matches!(receive(&events), Event::Passive) {}
        (scan, events)
    }

    /// Asserts that a scan of the whole tree goes through.
    fn assert_scannable(&self) {
        // When the writer gets to this, it has begun all earlier scans, and knows of their ends.
        self.index().with_connection(|_| Ok(())).unwrap();
        scan(self.index(), &self.root);
        recount(&self.database());
        let source = "SELECT file_count, unknown_below FROM dirs JOIN sources ON root_dir = dirs.id
                      WHERE uuid = 'root'";
        assert_eq!(self.fixture.shell(source), format!("{FILES}|0\n"));
    }
}

fn end(events: &Receiver<Event>) -> Walked {
    loop {
        if let Event::Ended(ended) = receive(events) {
            return *ended;
        }
    }
}

fn reason(summary: &Summary) -> &'static str {
    summary.error.as_ref().unwrap().reason.name()
}

#[test]
fn a_scan_has_ended_when_all_of_it_can_be_read() {
    let setup = Setup::new();
    let (_scan, events) = setup.start(&setup.root, Demand::Unlimited);
    let mut slabs = 0;
    let summary = loop {
        match receive(&events) {
            Event::Slab(count) => {
                slabs += 1;
                assert_eq!(count, slabs);
            }
            Event::Ended(ended) => break ended.unwrap(),
            _ => {}
        }
    };
    // By another process, at once.
    let scans = setup.fixture.shell("SELECT status, files FROM scans");
    assert_eq!(scans, format!("1|{FILES}\n"));
    assert_eq!(setup.fixture.totals(), format!("{FILES}|0|0\n"));
    assert_eq!(summary.status, Status::Complete);
    assert!(slabs as usize >= FILES / 2, "{slabs}");
}

#[test]
fn a_scan_whose_index_is_not_open_does_not_begin() {
    let setup = Setup::new();
    setup.index().close().unwrap();
    let closed: IndexRef = Box::new(|| Err(Error::new(Reason::Closed, Operation::Write, b"there")));
    let spec = spec(&setup.root);
    for index in [closed, index_ref(setup.index())] {
        let (scan, events) =
            walker::start(&setup.pool, index, spec.clone(), Options::default()).unwrap();
        assert_eq!(end(&events).unwrap_err().reason.name(), "index_closed");
        drop(scan);
    }
}

#[test]
fn a_scan_whose_index_is_closed_fails() {
    let setup = Setup::new();
    let (_scan, events) = setup.park(&setup.root);
    setup.index().close().unwrap();
    let summary = end(&events).unwrap();
    assert_eq!(summary.status, Status::Failed);
    assert_eq!(reason(&summary), "index_closed");
}

/// A scan, and the other program.
type Held = (Arc<Scan>, Receiver<Event>, rusqlite::Connection);

/// Parked, at work, and before the writer has taken it up: while another program has the database.
#[test]
fn a_cancelled_scan_ends_though_the_writer_cannot_write() {
    let setup = Setup::new();
    setup.assert_scannable();
    let ways: [fn(&Setup) -> Held; 3] = [
        |setup| {
            let (scan, events) = setup.park(&setup.root);
            (scan, events, hold(&setup.database()))
        },
        |setup| {
            let (scan, events) = setup.park(&setup.root);
            let other = hold(&setup.database());
            scan.ask(3);
            while !matches!(receive(&events), Event::Passive) {}
            (scan, events, other)
        },
        |setup| {
            let other = hold(&setup.database());
            let (scan, events) = setup.start(&setup.root, Demand::Unlimited);
            (scan, events, other)
        },
    ];
    for way in ways {
        let (scan, events, other) = way(&setup);
        scan.cancel();
        let summary = end(&events).unwrap();
        assert_eq!(summary.status, Status::Cancelled);
        assert_eq!(summary.error, None);
        drop(other);
        // Nothing of it is left that would be in the way of the next.
        setup.assert_scannable();
    }
}

#[test]
fn a_scan_that_has_ended_does_not_hold_its_index() {
    let setup = Setup::new();
    let only = |index: &Arc<Index>| Arc::strong_count(index) == 1;
    let (complete, events) = setup.start(&setup.root, Demand::Unlimited);
    end(&events).unwrap();
    wait_until(|| only(setup.index()));
    let (cancelled, events) = setup.park(&setup.root);
    assert!(!only(setup.index()));
    cancelled.cancel();
    end(&events).unwrap();
    wait_until(|| only(setup.index()));
    let nowhere = spec(Path::new("/no/such/root"));
    let index = index_ref(setup.index());
    let (refused, events) = walker::start(&setup.pool, index, nowhere, Options::default()).unwrap();
    assert_eq!(end(&events).unwrap_err().reason.name(), "enoent");
    wait_until(|| only(setup.index()));
    drop((complete, cancelled, refused));
}

#[test]
fn many_cancelled_scans_wait_on_few_threads() {
    let setup = Setup::new();
    let scans: Vec<_> = (0..20)
        .map(|n| {
            let root = setup.directory.path().join(format!("more/{n}"));
            make(&root, &["a", "b", "c"]);
            setup.park(&root)
        })
        .collect();
    let other = hold(&setup.database());
    for (scan, _) in &scans {
        scan.cancel();
    }
    let mut most = 0;
    for (_, events) in &scans {
        assert_eq!(end(events).unwrap().status, Status::Cancelled);
        most = most.max(threads("aether-deadline"));
    }
    // One, and perhaps one that is about to end.
    assert!(most <= 2, "{most}");
    drop(other);
    setup.assert_scannable();
}

fn threads(name: &str) -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .filter(|comm| comm.trim_end() == name)
        .count()
}
