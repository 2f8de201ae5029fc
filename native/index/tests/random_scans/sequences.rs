//! Everything that may happen to an index, in any order, on real directories under the real walker:
//! changes, whole and partial scans, overlapping roots, scans held while others run and files
//! change, scans cut off or killed; the index closed, moved, linked, restored, forgotten. Every
//! total is recounted after every commit, the history of all pairs of generations is compared with
//! what was stored at their ends, and what whole scans leave with `find`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use aether_core::{Demand, Options, Pool as Walkers, Reason as WalkReason, Status};
use aether_index::maintenance::{Task, backup, restore};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, OpenOptions, Reason, ScanSpec};
use parking_lot::Mutex;
use proptest::prelude::*;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::sums::{End, check};
use crate::support::*;
use crate::walker::{self, Event, index_ref};

/// The whole tree, and a root within it.
const ROOTS: [(&str, &str); 2] = [("outer", ""), ("inner", "a")];

#[derive(Clone, Debug)]
enum Change {
    Write(Vec<u8>, usize),
    Symlink(Vec<u8>),
    Link(Vec<u8>, Vec<u8>),
    Mkdir(Vec<u8>),
    Remove(Vec<u8>),
    Rename(Vec<u8>, Vec<u8>),
}

#[derive(Clone, Debug)]
enum Step {
    Change(Change),
    Scan {
        root: usize,
        cut: Option<u64>,
    },
    Expand {
        root: usize,
        folder: Vec<u8>,
        depth: Option<u32>,
        cut: Option<u64>,
    },
    /// A whole scan that waits after this many slabs, while things change and a folder is expanded.
    Held {
        slabs: u64,
        changes: Vec<Change>,
        folder: Vec<u8>,
        more: Vec<Change>,
    },
    /// A writer in another process, killed after this many microseconds.
    Kill(u64),
    Forget {
        root: usize,
        folder: Option<Vec<u8>>,
    },
    Reopen,
    Backup,
    Restore,
    Move,
    Hardlink,
    Settle,
}

fn place() -> impl Strategy<Value = Vec<u8>> {
    const NAMES: [&[u8]; 5] = [b"a", b"b", b"\xff", b"c d", b"new\nline"];
    let way = prop::collection::vec(0..NAMES.len(), 1..5);
    way.prop_map(|way| {
        let names: Vec<_> = way.iter().map(|at| NAMES[*at]).collect();
        names.join(&b'/')
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (place(), 0usize..50).prop_map(|(place, size)| Change::Write(place, size)),
        1 => place().prop_map(Change::Symlink),
        1 => (place(), place()).prop_map(|(from, to)| Change::Link(from, to)),
        4 => place().prop_map(Change::Mkdir),
        2 => place().prop_map(Change::Remove),
        2 => (place(), place()).prop_map(|(from, to)| Change::Rename(from, to)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let cut = || prop_oneof![2 => Just(None), 1 => (1u64..6).prop_map(Some)];
    let root = || prop_oneof![3 => Just(0usize), 1 => Just(1)];
    let changes = || prop::collection::vec(change(), 0..5);
    let depth = prop::option::of(1u32..3);
    let expand = (root(), place(), depth, cut());
    let held = (1u64..6, changes(), place(), changes());
    prop_oneof![
        30 => change().prop_map(Step::Change),
        6 => (root(), cut()).prop_map(|(root, cut)| Step::Scan { root, cut }),
        4 => expand.prop_map(|(root, folder, depth, cut)| Step::Expand { root, folder, depth, cut }),
        3 => held.prop_map(|(slabs, changes, folder, more)| Step::Held { slabs, changes, folder, more }),
        1 => (0u64..30_000).prop_map(Step::Kill),
        1 => (root(), prop::option::weighted(0.8, place())).prop_map(|(root, folder)| Step::Forget { root, folder }),
        1 => Just(Step::Reopen),
        1 => Just(Step::Backup),
        1 => Just(Step::Restore),
        1 => Just(Step::Move),
        1 => Just(Step::Hardlink),
        2 => Just(Step::Settle),
    ]
}

fn at(root: &Path, path: &[u8]) -> PathBuf {
    root.join(std::ffi::OsStr::from_bytes(path))
}

fn is_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// Skips steps that are impossible with the present files.
fn apply(root: &Path, change: &Change) {
    match change {
        Change::Write(path, size) => {
            let _ = fs::create_dir_all(at(root, path).parent().unwrap());
            let _ = fs::write(at(root, path), vec![b'x'; *size]);
        }
        Change::Symlink(path) => {
            let _ = std::os::unix::fs::symlink("anywhere", at(root, path));
        }
        Change::Link(from, to) => {
            let _ = fs::hard_link(at(root, from), at(root, to));
        }
        Change::Mkdir(path) => {
            let _ = fs::create_dir_all(at(root, path));
        }
        Change::Remove(path) => {
            let _ = fs::remove_file(at(root, path));
            let _ = fs::remove_dir_all(at(root, path));
        }
        Change::Rename(from, to) => {
            let _ = fs::rename(at(root, from), at(root, to));
        }
    }
}

/// Recounts after each commit, on a connection of its own.
#[derive(Default)]
struct Recounts {
    connection: Mutex<Option<Connection>>,
    wrong: Mutex<Vec<String>>,
}

impl Recounts {
    fn count(&self, database: &Path) {
        let mut connection = self.connection.lock();
        if connection.is_none() && !database.exists() {
            // The index was moved away just now: nothing is committed.
            return;
        }
        let open = || Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let connection = connection.get_or_insert_with(|| open().unwrap());
        self.wrong.lock().extend(recount_by(connection));
    }

    /// Call before the index is closed or moved: the last connection to close a database cleans up.
    fn let_go(&self) {
        *self.connection.lock() = None;
    }
}

struct Run {
    directory: TempDir,
    index: Option<Arc<Index>>,
    recounts: Arc<Recounts>,
    walkers: Walkers,
    /// What was stored of the outer root, by generation.
    ends: BTreeMap<i64, Rc<End>>,
    /// The generations that the backup has.
    backup: Option<BTreeMap<i64, Rc<End>>>,
}

fn options(recounts: Option<&Arc<Recounts>>, database: &Path) -> OpenOptions {
    let on_commit = recounts.map(|recounts| {
        let (recounts, database) = (Arc::clone(recounts), database.to_owned());
        let count = move |_: &[i64]| recounts.count(&database);
        Arc::new(count) as aether_index::OnCommit
    });
    OpenOptions {
        batch_entries: 5,
        wal_soft: 60_000,
        history: 1000,
        on_commit,
        ..OpenOptions::default()
    }
}

fn spec_of(root: &Path, (name, path): (&str, &str), folder: &[u8]) -> ScanSpec {
    ScanSpec {
        root: at(root, path.as_bytes()).as_os_str().as_bytes().to_vec(),
        source_id: Some(name.to_owned()),
        folder: folder.to_vec(),
        // Directories are created again under their names.
        accept_root: true,
        ..ScanSpec::default()
    }
}

fn walk_options(depth: Option<u32>) -> Options {
    Options {
        depth,
        slab_entries: 3,
        ..Options::default()
    }
}

impl Run {
    fn new() -> Run {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("tree")).unwrap();
        let mut run = Run {
            directory,
            index: None,
            recounts: Arc::default(),
            walkers: Walkers::new(2),
            ends: BTreeMap::new(),
            backup: None,
        };
        run.open();
        run
    }

    fn tree(&self) -> PathBuf {
        self.directory.path().join("tree")
    }

    fn database(&self) -> PathBuf {
        self.directory.path().join("index.db")
    }

    fn backup_path(&self) -> PathBuf {
        self.directory.path().join("backup.db")
    }

    fn open(&mut self) {
        let database = self.database();
        let options = options(Some(&self.recounts), &database);
        self.index = Some(Arc::new(Index::open(&database, options).unwrap()));
    }

    fn close(&mut self) {
        self.recounts.let_go();
        if let Some(index) = self.index.take() {
            index.close().unwrap();
        }
    }

    fn index(&self) -> &Arc<Index> {
        self.index.as_ref().unwrap()
    }

    fn pool(&self) -> Pool {
        let (location, gate) = (self.index().location().clone(), self.index().gate().clone());
        Pool::new(location, gate, PoolOptions::default())
    }

    fn knows(&self, root: usize) -> bool {
        self.pool().source(ROOTS[root].0).is_ok()
    }

    /// Of the outer root.
    fn generation(&self) -> i64 {
        let source = self.pool().source(ROOTS[0].0);
        source.map_or(0, |found| found.value.generation)
    }

    /// A whole scan, or one of a folder.
    fn scan(&mut self, root: usize, folder: &[u8], depth: Option<u32>, cut: Option<u64>) {
        let from = at(&self.tree(), ROOTS[root].1.as_bytes());
        let is_whole = folder.is_empty() && depth.is_none();
        if !is_directory(&at(&from, folder)) || !(is_whole || self.knows(root)) {
            return;
        }
        let spec = spec_of(&self.tree(), ROOTS[root], folder);
        let index = self.index().clone();
        let walked = walker::walk(&self.walkers, Some(&index), spec, walk_options(depth), cut);
        let summary = walked.unwrap();
        assert!(matches!(
            summary.status,
            Status::Complete | Status::Cancelled
        ));
        if is_whole && root == 0 {
            self.ended();
        }
        if is_whole && summary.status == Status::Complete {
            let stored = rows_of(&self.database(), ROOTS[root].0);
            assert_eq!(stored, find(&from), "{}", ROOTS[root].0);
        }
    }

    /// A whole scan of the outer root has ended.
    fn ended(&mut self) {
        let end = End::now(&self.database(), ROOTS[0].0);
        self.ends.insert(self.generation(), Rc::new(end));
    }

    fn hold(&mut self, slabs: u64, changes: &[Change], folder: &[u8], more: &[Change]) {
        let spec = spec_of(&self.tree(), ROOTS[0], b"");
        let options = Options {
            demand: Demand::Slabs(slabs),
            ..walk_options(None)
        };
        let index = index_ref(self.index());
        let (scan, events) = walker::start(&self.walkers, index, spec, options).unwrap();
        let next = || {
            let event = events.recv_timeout(Duration::from_secs(60));
            event.expect("a scan that says nothing any more")
        };
        let mut ended = None;
        while ended.is_none() {
            match next() {
                Event::Passive => break,
                Event::Ended(end) => ended = Some(end),
                _ => {}
            }
        }
        // A small tree has been read by now: these changes come after it.
        let was_over = ended.is_some();
        if was_over {
            self.ended();
        }
        for change in changes {
            apply(&self.tree(), change);
        }
        // It also ends without more demand if all had been read. Whether an expansion belongs to its
        // generation is then not known here, nor what was stored at its end.
        let mut is_end_known = true;
        if self.knows(0) {
            self.scan(0, folder, Some(2), None);
            is_end_known = was_over || self.scans_all();
        }
        for change in more {
            apply(&self.tree(), change);
        }
        scan.ask(u64::MAX);
        while ended.is_none() {
            if let Event::Ended(end) = next() {
                ended = Some(end);
            }
        }
        // The root itself may have been removed.
        assert!(ended.is_some_and(|ended| ended.is_ok()));
        if !was_over && is_end_known {
            self.ended();
        }
    }

    /// Whether a whole scan of the outer root is running.
    fn scans_all(&self) -> bool {
        let sql = format!(
            "SELECT status FROM scans WHERE source_id = (SELECT id FROM sources WHERE uuid = '{}')
                AND whole = 1 ORDER BY id DESC LIMIT 1",
            ROOTS[0].0
        );
        shell(&self.database(), &sql).trim() == "0"
    }

    fn kill(&mut self, micros: u64) {
        self.close();
        let mut command = child(
            writer_of_sequences,
            &[
                ("INDEX_TO_WRITE", self.database().as_os_str()),
                ("TREE_TO_SCAN", self.tree().as_os_str()),
            ],
        );
        let mut writer = command.stdout(Stdio::null()).spawn().unwrap();
        // No event marks the moments within a transaction.
        std::thread::sleep(Duration::from_micros(micros));
        writer.kill().unwrap();
        writer.wait().unwrap();
        check_clean(&self.database());
        self.open();
    }

    fn back_up(&mut self) {
        let _ = fs::remove_file(self.backup_path());
        let mut watch = watch();
        backup(self.index().location(), &self.backup_path(), &mut watch).unwrap();
        self.backup = Some(self.ends.clone());
    }

    fn restore(&mut self) {
        let Some(ends) = self.backup.clone() else {
            return;
        };
        self.close();
        let wait = Duration::from_secs(5);
        restore(&self.backup_path(), &self.database(), wait, &mut watch()).unwrap();
        self.ends = ends;
        self.open();
    }

    /// An index that was moved away is not written any more; moved back, it is unchanged.
    fn move_away(&mut self) {
        self.recounts.let_go();
        let aside = self.directory.path().join("aside.db");
        fs::rename(self.database(), &aside).unwrap();
        let spec = spec_of(&self.tree(), ROOTS[0], b"");
        let index = self.index().clone();
        let walked = walker::walk(&self.walkers, Some(&index), spec, walk_options(None), None);
        let error = walked.unwrap_err();
        assert_eq!(error.reason, WalkReason::Index("index_moved"), "{error:?}");
        drop(index);
        let _ = self.index.take().unwrap().close();
        self.recounts.let_go();
        fs::rename(&aside, self.database()).unwrap();
        self.open();
    }

    /// An index with two names is not opened.
    fn link(&mut self) {
        self.close();
        let other = self.directory.path().join("other.db");
        fs::hard_link(self.database(), &other).unwrap();
        let refused = Index::open(&self.database(), options(None, &self.database()));
        assert_eq!(refused.err().unwrap().reason, Reason::Linked);
        fs::remove_file(&other).unwrap();
        self.open();
    }

    fn forget(&mut self, root: usize, folder: Option<&[u8]>) {
        let _ = self.index().forget(ROOTS[root].0, folder);
        if root == 0 && folder.is_none() {
            self.ends.clear();
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Change(change) => apply(&self.tree(), change),
            Step::Scan { root, cut } => self.scan(*root, b"", None, *cut),
            Step::Expand {
                root,
                folder,
                depth,
                cut,
            } => self.scan(*root, folder, *depth, *cut),
            Step::Held {
                slabs,
                changes,
                folder,
                more,
            } => self.hold(*slabs, changes, folder, more),
            Step::Kill(micros) => self.kill(*micros),
            Step::Forget { root, folder } => self.forget(*root, folder.as_deref()),
            Step::Reopen => {
                self.close();
                self.open();
            }
            Step::Backup => self.back_up(),
            Step::Restore => self.restore(),
            Step::Move => self.move_away(),
            Step::Hardlink => self.link(),
            Step::Settle => self.index().settle().unwrap(),
        }
    }

    fn check_history(&self) -> Result<(), TestCaseError> {
        let pool = self.pool();
        for (from, before) in &self.ends {
            for (to, after) in self.ends.range(from + 1..) {
                check(&pool, ROOTS[0].0, (*from, before), (*to, after), true)?;
            }
        }
        Ok(())
    }
}

fn watch() -> Task<'static> {
    Task {
        cancel: Arc::default(),
        progress: Box::leak(Box::new(|_| ())),
    }
}

/// The process that is killed: scans and expands for as long as it lives.
#[test]
fn writer_of_sequences() {
    let (Some(database), Some(tree)) = (
        std::env::var_os("INDEX_TO_WRITE"),
        std::env::var_os("TREE_TO_SCAN"),
    ) else {
        return;
    };
    let (database, tree) = (Path::new(&database), Path::new(&tree));
    let index = Arc::new(Index::open(database, options(None, database)).unwrap());
    let walkers = Walkers::new(2);
    loop {
        for root in ROOTS {
            let folder = if root.0 == "outer" { &b""[..] } else { b"b" };
            let spec = spec_of(tree, root, folder);
            let _ = walker::walk(&walkers, Some(&index), spec, walk_options(None), None);
        }
    }
}

/// Few with the real limits, which such trees do not reach; with the feature `small` they do.
fn cases() -> u32 {
    match (is_full(), cfg!(feature = "small")) {
        (true, true) => 2000,
        (false, false) => 20,
        _ => 100,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_adds_up_and_agrees_with_find_whatever_happens(steps in prop::collection::vec(step(), 10..40)) {
        let mut run = Run::new();
        for step in &steps {
            run.take(step);
            let wrong = std::mem::take(&mut *run.recounts.wrong.lock());
            prop_assert_eq!(wrong, Vec::<String>::new(), "after {:?}", step);
        }
        run.scan(0, b"", None, None);
        run.scan(1, b"", None, None);
        run.index().settle().unwrap();
        run.check_history()?;
        let database = run.database();
        run.close();
        check_clean(&database);
        prop_assert_eq!(leftovers(&database), NOTHING_LEFT);
    }
}
