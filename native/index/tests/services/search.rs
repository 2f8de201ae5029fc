//! The search service: one thread, one query after the other, the newest of each session; names
//! that are read when they are needed, and again when they may have changed. What find finds is
//! found.

mod answers;
mod names;
mod queue;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use aether_index::search::service::{
    Request, SearchOutcome, SearchResult, SearchService, SearchSession, ServiceOptions,
};
use aether_index::search::{Failed, Mode, Refused};
use aether_index::{Answer, Index, Readers, Reason};
use tempfile::TempDir;

use crate::support::Fixture;
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
