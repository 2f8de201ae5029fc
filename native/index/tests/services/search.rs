//! The search service: one thread, one query after the other, the newest of each session; names
//! that are read when they are needed, and again when they may have changed. What find finds is
//! found.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use aether_index::search::service::{
    Request, SearchOutcome, SearchResult, SearchService, SearchSession, ServiceOptions,
};
use aether_index::search::{Failed, Mode, Refused, Roots};
use aether_index::{Answer, Index, Readers, Reason};
use tempfile::TempDir;

use crate::support::{Fixture, wait_until};
use crate::{make, receive, scan};

struct Setup {
    fixture: Fixture,
    readers: Arc<Readers>,
    service: SearchService,
    directory: TempDir,
}

impl Setup {
    /// With names that are always read again before a search.
    fn new() -> Setup {
        Setup::with(ServiceOptions {
            quick: Duration::MAX,
            ..ServiceOptions::default()
        })
    }

    fn with(options: ServiceOptions) -> Setup {
        let fixture = Fixture::new();
        let readers = Arc::new(Readers::new(fixture.pool()));
        let setup = Setup {
            fixture,
            service: SearchService::new(Arc::clone(&readers), options),
            readers,
            directory: tempfile::tempdir().unwrap(),
        };
        let files = ["src/main.rs", "src/a/search.rs", "doc/search.md", "main"];
        make(&setup.root(), &files);
        scan(setup.index(), &setup.root());
        setup
    }

    fn index(&self) -> &Arc<Index> {
        self.fixture.index()
    }

    fn root(&self) -> PathBuf {
        self.directory.path().join("s")
    }

    /// Queues a query; the outcome comes by the channel.
    fn submit(
        &self,
        request: Request,
        session: Option<&Arc<SearchSession>>,
    ) -> Receiver<SearchOutcome> {
        self.submit_until(request, session, Arc::default())
    }

    fn submit_until(
        &self,
        request: Request,
        session: Option<&Arc<SearchSession>>,
        cancel: Arc<AtomicBool>,
    ) -> Receiver<SearchOutcome> {
        let (sender, receiver) = channel();
        let reply = move |_: &Request, outcome: SearchOutcome| drop(sender.send(outcome));
        let session = session.map(Arc::clone);
        self.service
            .submit(request, session, cancel, reply)
            .unwrap();
        receiver
    }

    /// Keeps the service's thread busy until the sender is dropped.
    fn occupy(&self) -> Sender<()> {
        let (release, released) = channel::<()>();
        let (arrive, arrived) = channel();
        let reply = move |_: &Request, _: SearchOutcome| {
            let _ = arrive.send(());
            let _ = released.recv();
        };
        self.service
            .submit(text("main"), None, Arc::default(), reply)
            .unwrap();
        receive(&arrived);
        release
    }

    fn find(&self, request: Request) -> SearchOutcome {
        receive(&self.submit(request, None))
    }

    fn found(&self, text_to_find: &str) -> Answer<SearchResult> {
        self.find(text(text_to_find)).unwrap()
    }

    fn closed(&self) {
        self.service.close();
        self.readers.close();
        self.index().close().unwrap();
    }
}

fn text(text: &str) -> Request {
    Request {
        text: text.as_bytes().to_vec(),
        mode: Mode::Substring,
        limit: 100,
        ..Request::default()
    }
}

fn paths(answer: &Answer<SearchResult>) -> BTreeSet<String> {
    let hits = answer.value.answer.hits.iter();
    let path = |path: &[u8], name: &[u8]| match path {
        b"" => name.to_vec(),
        _ => [path, b"/", name].concat(),
    };
    hits.map(|hit| String::from_utf8(path(&hit.path, &hit.name)).unwrap())
        .collect()
}

/// By find: what has this text in its name.
fn oracle(root: &Path, text: &str) -> BTreeSet<String> {
    let output = Command::new("find")
        .arg(root)
        .args(["-mindepth", "1", "-name", &format!("*{text}*")])
        .args(["-printf", "%P\n"])
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(str::to_owned).collect()
}

fn refused(outcome: SearchOutcome) -> Refused {
    match outcome {
        Err(Failed::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

fn failed(outcome: SearchOutcome) -> Reason {
    match outcome {
        Err(Failed::Index(error)) => error.reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_are_read_with_the_first_query() {
    let setup = Setup::new();
    assert_eq!(setup.service.bytes(), 0);
    for (query, has_loaded) in [("main", true), ("search", false), ("src", false)] {
        let answer = setup.found(query);
        assert_eq!(answer.value.has_loaded, has_loaded, "{query}");
        assert_eq!(paths(&answer), oracle(&setup.root(), query), "{query}");
        assert!(answer.exhaustive && !answer.stale && !answer.scanning);
    }
    assert!(setup.service.bytes() > 0);
}

#[test]
fn pages_filters_and_roots_are_the_request_s() {
    let setup = Setup::new();
    let all = paths(&setup.found("s"));
    let (mut found, mut after) = (BTreeSet::new(), None);
    loop {
        let request = Request {
            limit: 1,
            after,
            ..text("s")
        };
        let page = setup.find(request).unwrap();
        assert_eq!(page.value.answer.matched as usize, all.len());
        after = page.value.answer.next;
        found.extend(paths(&page));
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, all);
    let mut folders = text("s");
    folders.filters.kinds = vec![2];
    let folders = paths(&setup.find(folders).unwrap());
    assert_eq!(folders, BTreeSet::from(["src".to_owned()]));
    let path = setup.root().join("src/main.rs");
    for (roots, count) in [(Roots::Stored, 1), (Roots::Hidden, 0)] {
        let request = Request {
            mode: Mode::Auto,
            roots,
            ..text(path.to_str().unwrap())
        };
        assert_eq!(paths(&setup.find(request).unwrap()).len(), count);
    }
}

#[test]
fn names_that_are_read_quickly_are_read_again_before_a_search() {
    let setup = Setup::new();
    setup.found("main");
    for round in 0..3 {
        make(&setup.root(), &[&format!("src/main{round}.rs")]);
        scan(setup.index(), &setup.root());
        let answer = setup.found("main");
        assert!(answer.value.has_loaded && !answer.value.answer.outdated);
        assert_eq!(paths(&answer), oracle(&setup.root(), "main"));
    }
}

#[test]
fn names_that_are_not_are_read_again_behind_it() {
    let setup = Setup::with(ServiceOptions {
        quick: Duration::ZERO,
        ..ServiceOptions::default()
    });
    let before = paths(&setup.found("main"));
    make(&setup.root(), &["src/main2.rs"]);
    scan(setup.index(), &setup.root());
    let first = setup.found("main");
    assert!(first.value.answer.outdated && !first.value.has_loaded);
    assert_eq!(paths(&first), before);
    wait_until(|| {
        let answer = setup.found("main");
        assert!(!answer.value.has_loaded);
        !answer.value.answer.outdated && paths(&answer) == oracle(&setup.root(), "main")
    });
}

#[test]
fn names_are_freed_when_no_query_comes() {
    let setup = Setup::with(ServiceOptions {
        idle: Duration::ZERO,
        ..ServiceOptions::default()
    });
    for _ in 0..3 {
        assert!(setup.found("main").value.has_loaded);
        wait_until(|| setup.service.bytes() == 0);
    }
}

#[test]
fn names_beyond_the_memory_are_left_out_and_that_is_said() {
    let setup = Setup::with(ServiceOptions {
        memory: 1,
        ..ServiceOptions::default()
    });
    let answer = setup.found("main");
    assert!(answer.value.answer.truncated && !answer.exhaustive);
}

#[test]
fn of_a_session_the_newest_query_is_answered() {
    let setup = Setup::new();
    let (session, other) = (Arc::default(), Arc::default());
    let release = setup.occupy();
    let first = setup.submit(text("m"), Some(&session));
    let second = setup.submit(text("ma"), Some(&session));
    let alone = setup.submit(text("search"), None);
    let others = setup.submit(text("doc"), Some(&other));
    let third = setup.submit(text("mai"), Some(&session));
    drop(release);
    assert_eq!(refused(receive(&first)), Refused::Cancelled);
    assert_eq!(refused(receive(&second)), Refused::Cancelled);
    for (outcome, query) in [(&third, "mai"), (&alone, "search"), (&others, "doc")] {
        let answer = receive(outcome).unwrap();
        assert_eq!(paths(&answer), oracle(&setup.root(), query));
    }
    // And what the session remembers of it is right.
    let longer = receive(&setup.submit(text("main"), Some(&session))).unwrap();
    assert_eq!(paths(&longer), oracle(&setup.root(), "main"));
}

#[test]
fn a_query_that_is_cancelled_before_its_turn_is_not_searched() {
    let setup = Setup::new();
    let release = setup.occupy();
    let cancel = Arc::<AtomicBool>::default();
    let outcome = setup.submit_until(text("main"), None, Arc::clone(&cancel));
    cancel.store(true, Ordering::Release);
    drop(release);
    assert_eq!(refused(receive(&outcome)), Refused::Cancelled);
    assert_eq!(paths(&setup.found("main")), oracle(&setup.root(), "main"));
}

#[test]
fn a_reply_that_panics_is_survived() {
    let setup = Setup::new();
    let release = setup.occupy();
    let reply = |_: &Request, _: SearchOutcome| panic!("a reply that panics");
    let service = &setup.service;
    service
        .submit(text("main"), None, Arc::default(), reply)
        .unwrap();
    let next = setup.submit(text("main"), None);
    drop(release);
    assert_eq!(
        paths(&receive(&next).unwrap()),
        oracle(&setup.root(), "main")
    );
}

#[test]
fn queries_that_wait_when_it_is_closed_are_answered() {
    let setup = Setup::new();
    let release = setup.occupy();
    let waiting: Vec<_> = (0..3).map(|_| setup.submit(text("main"), None)).collect();
    setup.closed();
    drop(release);
    for outcome in waiting {
        assert_eq!(failed(receive(&outcome)), Reason::Closed);
    }
    // Later ones, too.
    assert_eq!(failed(setup.find(text("main"))), Reason::Closed);
    wait_until(|| setup.service.bytes() == 0);
}

#[test]
fn queries_that_wait_when_it_is_dropped_are_answered() {
    let mut setup = Setup::new();
    let release = setup.occupy();
    let waiting: Vec<_> = (0..3).map(|_| setup.submit(text("main"), None)).collect();
    let readers = Arc::clone(&setup.readers);
    setup.service = SearchService::new(readers, ServiceOptions::default());
    drop(release);
    for outcome in waiting {
        let answer = receive(&outcome).unwrap();
        assert_eq!(paths(&answer), oracle(&setup.root(), "main"));
    }
}

#[test]
fn what_cannot_be_searched_is_refused_with_its_reason() {
    let setup = Setup::new();
    let in_source = |source: &str| Request {
        source: Some(source.to_owned()),
        ..text("main")
    };
    let near = |folder: &str| Request {
        near: Some(("s".to_owned(), folder.as_bytes().to_vec())),
        ..text("main")
    };
    assert_eq!(failed(setup.find(in_source("no"))), Reason::NoSource);
    assert_eq!(failed(setup.find(near("no"))), Reason::NoFolder);
    let long = text(&"a".repeat(1001));
    assert_eq!(refused(setup.find(long)), Refused::TooLong);
    let all = oracle(&setup.root(), "main");
    for request in [in_source("s"), near("src")] {
        assert_eq!(paths(&setup.find(request).unwrap()), all);
    }
}

/// Two sources, one of them cut short: the answer over both is no fresher than that one.
#[test]
fn an_answer_over_several_sources_is_as_fresh_as_the_stalest() {
    let setup = Setup::new();
    let other = setup.directory.path().join("other");
    make(&other, &["main.c"]);
    let whole = setup.found("main");
    let spec = crate::spec(&other);
    let begun = setup.fixture.begin(spec);
    let both = setup.found("main");
    assert!(both.scanning && both.stale && !both.exhaustive);
    assert_eq!((both.scanned_at, both.age), (None, None));
    let one = Request {
        source: Some("s".to_owned()),
        ..text("main")
    };
    let one = setup.find(one).unwrap();
    assert_eq!(one.scanned_at, whole.scanned_at);
    assert!(!one.scanning && !one.stale && one.exhaustive);
    drop(begun);
}

/// What keeps a moved file open keeps others from taking away what lies beside the file that is
/// there now.
#[test]
fn a_moved_file_is_closed_without_another_query() {
    let setup = Setup::with(ServiceOptions {
        idle: Duration::from_secs(3_600),
        ..ServiceOptions::default()
    });
    setup.found("main");
    setup.index().close().unwrap();
    let database = setup.fixture.path();
    assert!(is_open(&database));
    let moved = database.with_extension("moved");
    std::fs::rename(&database, &moved).unwrap();
    wait_until(|| !is_open(&moved));
    assert_eq!(failed(setup.find(text("main"))), Reason::Moved);
}

/// Whether this process has a file open.
fn is_open(path: &Path) -> bool {
    let path = path.canonicalize().unwrap();
    let links = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    links
        .filter_map(|link| std::fs::read_link(link.path()).ok())
        .any(|link| link == path)
}
