//! An index from opening to closing, with everything that it serves, and without a VM.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use aether_index::calls::{self, Call};
use aether_index::reader::FolderTotals;
use aether_index::search::service::Request;
use aether_index::subscriptions::Subscriber;
use aether_index::{
    Error, IndexState, NewNote, OpenOptions, Operation, Reason, Rules, StoredRules, restore,
};
use tempfile::TempDir;

use crate::support::{shell, wait_until};
use crate::{PATIENCE, hold, make, receive, scan};

/// A subscriber that sends a channel how many folders there are.
struct Counter(Sender<usize>);

impl Subscriber for Counter {
    type Message = usize;

    fn message(folders: &[FolderTotals]) -> usize {
        folders.len()
    }

    fn send(&self, count: usize) {
        let _ = self.0.send(count);
    }
}

type State = IndexState<Counter>;

struct Setup {
    directory: TempDir,
    state: Arc<State>,
}

impl Setup {
    /// An open index with one source.
    fn new() -> Setup {
        let directory = tempfile::tempdir().unwrap();
        let state = Arc::new(State::new(false, usize::MAX));
        let setup = Setup { directory, state };
        setup.state.open(&setup.path(), options()).unwrap();
        make(&setup.root(), &["a/1", "b/c/2"]);
        scan(&setup.state.writer().unwrap(), &setup.root());
        setup
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("index.db")
    }

    fn root(&self) -> PathBuf {
        self.directory.path().join("root")
    }

    /// The same index in a second state, for reading.
    fn read_only(&self) -> State {
        let state = State::new(true, usize::MAX);
        state.open(&self.path(), options()).unwrap();
        state
    }
}

fn options() -> OpenOptions {
    OpenOptions {
        // Longer than any other program holds the database here.
        busy_timeout: Duration::from_secs(600),
        ..OpenOptions::default()
    }
}

fn note(key: &str) -> NewNote {
    NewNote {
        source: "root".into(),
        folder: b"a".into(),
        name: b"1".into(),
        key: key.into(),
        value: Some(b"value".into()),
        ..NewNote::default()
    }
}

fn reason<T: std::fmt::Debug>(result: Result<T, Error>) -> Reason {
    result.unwrap_err().reason
}

fn flag() -> Arc<AtomicBool> {
    Arc::default()
}

#[test]
fn commits_reach_subscribers_and_searches() {
    let setup = Setup::new();
    let (sender, messages) = channel();
    let subscribe = setup
        .state
        .subscribe("key".into(), "root", b"", flag(), Counter(sender));
    subscribe.unwrap();
    make(&setup.root(), &["d/3"]);
    scan(&setup.state.writer().unwrap(), &setup.root());
    while receive(&messages) != 3 {}
    assert_eq!(setup.state.info().subscriptions, 1);
    setup.state.unsubscribe("key");
    assert_eq!(setup.state.info().subscriptions, 0);

    let (sender, found) = channel();
    let request = Request {
        text: b"3".into(),
        limit: 10,
        ..Request::default()
    };
    let reply = move |_: &Request, outcome| sender.send(outcome).unwrap();
    setup
        .state
        .searches
        .submit(request, None, flag(), reply)
        .unwrap();
    let hits = receive(&found).unwrap().value.answer.hits;
    let hits: Vec<_> = hits.iter().map(|hit| hit.name.as_slice()).collect();
    assert_eq!(hits, [b"3"]);
    assert!(setup.state.info().search_bytes > 0);
}

#[test]
fn rules_are_found_by_the_root_and_by_the_id() {
    let setup = Setup::new();
    let root = setup.root();
    let root = root.as_os_str().as_encoded_bytes();
    let expected = Some(StoredRules {
        rules: Rules::default(),
        uuid: "root".to_owned(),
    });
    // A source that is known by its root takes over an id that is not known.
    for id in [None, Some("root"), Some("other")] {
        assert_eq!(setup.state.rules(root, id), Ok(expected.clone()));
    }
    assert_eq!(
        setup.state.rules(b"/no/such/root", Some("root")),
        Ok(expected)
    );
    assert_eq!(setup.state.rules(b"/no/such/root", None), Ok(None));
    assert_eq!(setup.state.source_at(b"/no/such/root"), Ok(None));
    setup.state.close().unwrap();
    assert_eq!(
        reason(setup.state.rules(root, Some("root"))),
        Reason::Closed
    );
}

#[test]
fn a_full_path_leads_to_the_source_that_has_looked_last() {
    let setup = Setup::new();
    let top = setup.directory.path().canonicalize().unwrap();
    let bytes = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
    let place = |path: PathBuf| {
        let place = setup.state.place(&bytes(&path)).unwrap()?;
        Some((place.source, String::from_utf8(place.path).unwrap()))
    };
    let at = |source: &str, path: &str| Some((source.to_owned(), path.to_owned()));
    symlink("root/b", top.join("link")).unwrap();
    symlink(&top, top.join("root/top")).unwrap();
    for (path, expected) in [
        ("root", at("root", "")),
        ("root/a/1", at("root", "a/1")),
        ("root//a/../a/./1/", at("root", "a/1")),
        ("link/c/2", at("root", "b/c/2")),
        ("link/gone/3", at("root", "b/gone/3")),
        // The link is an entry, and what is behind it lies elsewhere.
        ("root/top", at("root", "top")),
        ("root/top/root/b", at("root", "b")),
        ("root/top/other", None),
        ("other", None),
        ("rooted", None),
    ] {
        assert_eq!(place(top.join(path)), expected, "{path}");
    }

    // Another root within this one, which is a link.
    let writer = setup.state.writer().unwrap();
    symlink("b", top.join("root/inner")).unwrap();
    scan(&writer, &top.join("root/inner"));
    assert_eq!(place(top.join("root/inner")), at("inner", ""));
    // Through the link is the directory that it leads to, of which both have a picture.
    assert_eq!(place(top.join("root/inner/c")), at("root", "b/c"));
    writer.forget("root", None).unwrap();
    for path in ["root/inner/c", "root/inner/./c/", "link/../inner/c"] {
        assert_eq!(place(top.join(path)), at("inner", "c"), "{path}");
    }
    assert_eq!(place(top.join("root/b/../inner/../../x")), None);
    setup.state.close().unwrap();
    assert_eq!(reason(setup.state.place(b"/")), Reason::Closed);
}

#[test]
fn what_the_writer_is_asked_for_is_answered() {
    let setup = Setup::new();
    let (sender, answers) = channel();
    let reply = || {
        let sender = sender.clone();
        move |result| sender.send(result).unwrap()
    };
    setup.state.put_note(note("key"), reply()).unwrap();
    assert_eq!(receive(&answers), Ok(()));
    let notes = "SELECT key, value FROM notes";
    assert_eq!(shell(&setup.path(), notes), "key|value\n");
    setup.state.forget("root", Some(b"a"), reply()).unwrap();
    assert_eq!(receive(&answers), Ok(()));
    setup.state.forget("other", None, reply()).unwrap();
    assert_eq!(reason(receive(&answers)), Reason::NoSource);
    // A writer that is closed drops what it is asked for.
    setup.state.writer().unwrap().close().unwrap();
    setup.state.put_note(note("late"), reply()).unwrap();
    assert_eq!(reason(receive(&answers)), Reason::Closed);
    let _ = setup.state.close();
    let refused = setup.state.put_note(note("late"), reply());
    assert_eq!(reason(refused), Reason::Closed);
}

#[test]
fn an_index_that_is_read_only_is_read_only() {
    let setup = Setup::new();
    let state = setup.read_only();
    let error = state.writer().map(drop).unwrap_err();
    assert_eq!(
        (error.reason, error.operation),
        (Reason::ReadOnly, Operation::Write)
    );
    assert_eq!(error.path, setup.path().as_os_str().as_encoded_bytes());
    let (sender, messages) = channel();
    // It does not learn of commits.
    let subscribe = state.subscribe("key".into(), "root", b"", flag(), Counter(sender));
    assert_eq!(reason(subscribe), Reason::ReadOnly);
    assert_eq!(
        messages.recv_timeout(PATIENCE),
        Err(RecvTimeoutError::Disconnected)
    );
    let totals = state.pool().and_then(|pool| pool.totals("root", b""));
    assert_eq!(totals.unwrap().value.file_count, 2);
    assert_eq!(state.check(false, &flag()).unwrap().files, 2);
    assert_eq!(reason(state.vacuum(&flag())), Reason::ReadOnly);
    state.close().unwrap();
    assert_eq!(reason(state.pool().map(drop)), Reason::Closed);
}

#[test]
fn maintenance_of_an_open_index() {
    let setup = Setup::new();
    let report = setup.state.check(true, &flag()).unwrap();
    assert_eq!((report.count, report.directories, report.files), (0, 4, 2));
    let copy = setup.directory.path().join("copy.db");
    let copied = setup.state.backup(&copy, &flag()).unwrap();
    assert_eq!(copied.bytes, fs::metadata(&copy).unwrap().len());
    assert_eq!(shell(&copy, "PRAGMA integrity_check"), "ok\n");
    assert_eq!(shell(&copy, "SELECT count(*) FROM files"), "2\n");
    setup.state.vacuum(&flag()).unwrap();
    assert_eq!(shell(&setup.path(), "PRAGMA integrity_check"), "ok\n");
    let cancelled = Arc::new(AtomicBool::new(true));
    let error = setup.state.check(false, &cancelled).unwrap_err();
    assert_eq!((error.reason, error.name()), (Reason::Ended, "cancelled"));
    let aside = setup.directory.path().join("aside.db");
    fs::rename(setup.path(), &aside).unwrap();
    assert_eq!(reason(setup.state.check(false, &flag())), Reason::Moved);
    assert_eq!(reason(setup.state.backup(&copy, &flag())), Reason::Moved);
    fs::rename(&aside, setup.path()).unwrap();
    // Nothing is restored over an index that is open.
    let wait = Duration::ZERO;
    assert_eq!(
        reason(restore(&copy, &setup.path(), wait, &flag())),
        Reason::Busy
    );
    setup.state.close().unwrap();
    restore(&copy, &setup.path(), PATIENCE, &flag()).unwrap();
    assert_eq!(setup.read_only().check(false, &flag()).unwrap().files, 2);
}

#[test]
fn a_cache_is_claimed_once() {
    let setup = Setup::new();
    assert!(setup.state.claim_cache("id".into()));
    assert!(!setup.state.claim_cache("id".into()));
    assert!(setup.state.claim_cache("other".into()));
    let none = setup
        .state
        .import_source(setup.directory.path(), "root", &flag());
    assert_eq!(none, Ok(None));
}

#[test]
fn closing_ends_the_calls_and_a_second_waits_for_the_first() {
    let setup = Setup::new();
    let (ended, running) = (setup.state.calls.begin(), setup.state.calls.begin());
    let ended_flag = Arc::clone(ended.cancel_flag());
    drop(ended);
    let other = hold(&setup.path());
    let (sender, answers) = channel();
    let (first, second) = (sender.clone(), sender);
    // The writer waits for the other program, and closing for the writer.
    let reply = |_| ();
    setup.state.put_note(note("key"), reply).unwrap();
    for sender in [first, second] {
        let state = Arc::clone(&setup.state);
        calls::run(move || state.close(), move |end| sender.send(end).unwrap()).unwrap();
    }
    wait_until(|| running.cancel_flag().load(Ordering::Acquire));
    assert!(!ended_flag.load(Ordering::Acquire));
    assert!(answers.try_recv().is_err());
    drop(other);
    assert_eq!((receive(&answers), receive(&answers)), (Ok(()), Ok(())));
    assert_eq!(shell(&setup.path(), "SELECT key FROM notes"), "key\n");
}

#[test]
fn an_index_that_is_dropped_is_closed() {
    let setup = Setup::new();
    setup
        .state
        .pool()
        .and_then(|pool| pool.totals("root", b""))
        .unwrap();
    let path = setup.path();
    let at_once = || OpenOptions {
        busy_timeout: Duration::ZERO,
        ..OpenOptions::default()
    };
    let second = State::new(false, usize::MAX);
    assert_eq!(reason(second.open(&path, at_once())), Reason::Busy);
    assert!(descriptors(&path) > 0);
    drop(setup.state);
    wait_until(|| descriptors(&path) == 0);
    second.open(&path, at_once()).unwrap();
}

/// Number of descriptors that this process has of a file.
fn descriptors(path: &Path) -> usize {
    let path = fs::canonicalize(path).unwrap();
    let all = fs::read_dir("/proc/self/fd").unwrap();
    all.filter(|fd| fs::read_link(fd.as_ref().unwrap().path()).is_ok_and(|to| to == path))
        .count()
}

#[test]
fn a_call_that_panics_is_answered() {
    let (sender, answers) = channel();
    let reply = move |result: Result<(), Error>| sender.send(result).unwrap();
    calls::run(|| panic!("a call that panics"), reply).unwrap();
    assert_eq!(reason(receive(&answers)), Reason::Panic);
}

#[test]
fn either_the_answer_is_sent_or_the_caller_stops_waiting() {
    let call = Call::default();
    assert!(call.settle());
    assert!(!call.settle());
    call.cancel();
    assert!(call.cancel_flag().load(Ordering::Acquire));
}
