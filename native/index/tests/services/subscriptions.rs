//! Subscriptions to folders, while the real walker scans: the last message is what sqlite3 finds.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};

use aether_index::reader::FolderTotals;
use aether_index::subscriptions::{Subscriber, Subscriptions};
use aether_index::{Index, OpenOptions, Readers, Reason};
use tempfile::TempDir;

use crate::support::{Fixture, shell, wait_until};
use crate::{PATIENCE, make, receive, scan};

/// Name and number of files of each folder.
type Folders = Vec<(String, i64)>;

/// How often a message was to be made that has a folder of the name "panic", and whether that panics.
static PANICS: (AtomicUsize, AtomicBool) = (AtomicUsize::new(0), AtomicBool::new(true));

/// Before the next message is made that has a folder of the name "slow": sends to the one, and waits
/// for the other.
static SLOW: Mutex<Option<(Sender<()>, Receiver<()>)>> = Mutex::new(None);

/// A subscriber that tells a channel what it is sent.
struct Recorder {
    messages: Sender<Folders>,
}

impl Subscriber for Recorder {
    type Message = Folders;

    fn message(folders: &[FolderTotals]) -> Folders {
        let has = |name: &[u8]| folders.iter().any(|one| one.name == name);
        if has(b"panic") {
            PANICS.0.fetch_add(1, Ordering::AcqRel);
            assert!(!PANICS.1.load(Ordering::Acquire), "a message that panics");
        }
        let slow = has(b"slow").then(|| SLOW.lock().unwrap().take()).flatten();
        if let Some((arrive, release)) = slow {
            arrive.send(()).unwrap();
            release.recv_timeout(PATIENCE).unwrap();
        }
        let name = |one: &FolderTotals| String::from_utf8(one.name.clone()).unwrap();
        let folders = folders.iter();
        folders.map(|one| (name(one), one.file_count)).collect()
    }

    fn send(&self, folders: Folders) {
        let _ = self.messages.send(folders);
    }
}

/// One subscription, seen by its subscriber.
struct Subscribed {
    messages: Receiver<Folders>,
    is_gone: Arc<AtomicBool>,
}

impl Subscribed {
    /// Waits for the message that says this.
    fn expect(&self, expected: &[(&str, i64)]) {
        let owned = |(name, count): &(&str, i64)| (name.to_string(), *count);
        let expected: Folders = expected.iter().map(owned).collect();
        self.expect_rows(&expected);
    }

    fn expect_rows(&self, expected: &[(String, i64)]) {
        while receive(&self.messages) != *expected {}
    }

    /// Though it may get some.
    fn has_no_message(&self) -> bool {
        self.messages.try_recv() == Err(TryRecvError::Empty)
    }

    fn is_over(&self) -> bool {
        self.messages.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Disconnected)
    }
}

struct Setup {
    fixture: Fixture,
    subscriptions: Arc<Subscriptions<Recorder>>,
    directory: TempDir,
}

impl Setup {
    fn new() -> Setup {
        let readers = Arc::<Readers>::default();
        let subscriptions = Arc::new(Subscriptions::new(Arc::clone(&readers)));
        let theirs = Arc::clone(&subscriptions);
        let fixture = Fixture::with(OpenOptions {
            on_commit: Some(Arc::new(move |sources: &[i64]| theirs.on_commit(sources))),
            ..OpenOptions::default()
        });
        readers.open(fixture.pool());
        Setup {
            fixture,
            subscriptions,
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn index(&self) -> &Arc<Index> {
        self.fixture.index()
    }

    fn root(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn subscribe(&self, key: &str, source: &str, folder: &str) -> Result<Subscribed, Reason> {
        let (sender, messages) = channel();
        let subscribed = Subscribed {
            messages,
            is_gone: Arc::default(),
        };
        let recorder = Recorder { messages: sender };
        let is_gone = Arc::clone(&subscribed.is_gone);
        let folder = folder.as_bytes();
        let subscribe = &self.subscriptions;
        match subscribe.subscribe(key.to_owned(), source, folder, is_gone, recorder) {
            Ok(()) => Ok(subscribed),
            Err(error) => Err(error.reason),
        }
    }
}

impl Drop for Setup {
    fn drop(&mut self) {
        self.subscriptions.close();
    }
}

#[test]
fn the_last_message_is_what_is_there() {
    let setup = Setup::new();
    let root = setup.root("s");
    make(&root, &["a/1", "b/x/2"]);
    scan(setup.index(), &root);
    let top = setup.subscribe("top", "s", "").unwrap();
    let inner = setup.subscribe("inner", "s", "b").unwrap();
    assert_eq!(setup.subscriptions.count(), 2);
    for round in 0..3 {
        let files: Vec<String> = (0..50).map(|n| format!("c{}/{round}-{n}", n % 3)).collect();
        make(&root, &files.iter().map(String::as_str).collect::<Vec<_>>());
        make(&root, &[&format!("b/y{round}/5")]);
        scan(setup.index(), &root);
        for (subscribed, folder) in [(&top, ""), (&inner, "b")] {
            let sql = format!(
                "SELECT d.name, d.file_count FROM dirs d JOIN paths p ON d.parent_id = p.dir_id
                 WHERE p.path = '{}' ORDER BY 1",
                if folder.is_empty() { "" } else { "b/" },
            );
            let rows = shell(&setup.fixture.path(), &sql);
            let row = |line: &str| -> Option<(String, i64)> {
                let (name, count) = line.split_once('|')?;
                Some((name.to_owned(), count.parse().ok()?))
            };
            let rows: Vec<_> = rows.lines().map(|line| row(line).unwrap()).collect();
            assert!(!rows.is_empty(), "{folder}");
            subscribed.expect_rows(&rows);
        }
    }
}

#[test]
fn a_folder_that_does_not_exist_has_none_until_it_does() {
    let setup = Setup::new();
    let root = setup.root("s");
    make(&root, &["a/1"]);
    scan(setup.index(), &root);
    let new = setup.subscribe("new", "s", "new").unwrap();
    scan(setup.index(), &root);
    new.expect(&[]);
    make(&root, &["new/x/1"]);
    scan(setup.index(), &root);
    new.expect(&[("x", 1)]);
    fs::remove_dir_all(root.join("new")).unwrap();
    scan(setup.index(), &root);
    new.expect(&[]);
    // Forgotten and scanned again, it is another source of the same id.
    setup.index().forget("s", None).unwrap();
    make(&root, &["new/y/1"]);
    scan(setup.index(), &root);
    new.expect(&[("y", 1)]);
    make(&root, &["new/y/2"]);
    scan(setup.index(), &root);
    new.expect(&[("y", 2)]);
}

#[test]
fn commits_to_other_sources_are_no_reason_to_read() {
    let setup = Setup::new();
    let (root, other) = (setup.root("s"), setup.root("other"));
    make(&root, &["a/1"]);
    make(&other, &["x/1"]);
    scan(setup.index(), &root);
    scan(setup.index(), &other);
    let quiet = setup.subscribe("quiet", "s", "").unwrap();
    let busy = setup.subscribe("busy", "other", "").unwrap();
    // Of two that are due, either may be read first; by the second time, both have been.
    for count in 2..4 {
        make(&other, &[&format!("x/{count}")]);
        scan(setup.index(), &other);
        busy.expect(&[("x", count)]);
    }
    assert!(quiet.has_no_message());
    scan(setup.index(), &root);
    quiet.expect(&[("a", 1)]);
}

/// Not even a message that was being made. Nor is that waited for.
#[test]
fn nothing_is_sent_after_the_end() {
    let ends: [fn(&Setup); 2] = [
        |setup| setup.subscriptions.unsubscribe("key"),
        |setup| setup.subscriptions.close(),
    ];
    for end in ends {
        let setup = Setup::new();
        let root = setup.root("s");
        make(&root, &["slow/1"]);
        scan(setup.index(), &root);
        let subscribed = setup.subscribe("key", "s", "").unwrap();
        let ((arrive, arrived), (release, released)) = (channel(), channel());
        *SLOW.lock().unwrap() = Some((arrive, released));
        scan(setup.index(), &root);
        receive(&arrived);
        end(&setup);
        assert_eq!(setup.subscriptions.count(), 0);
        release.send(()).unwrap();
        // The subscriber is dropped, and with it the other end of the channel.
        let rest = subscribed.messages.recv_timeout(PATIENCE);
        assert_eq!(rest, Err(RecvTimeoutError::Disconnected));
    }
}

#[test]
fn it_ends_with_the_subscriber_and_with_the_index() {
    let setup = Setup::new();
    let root = setup.root("s");
    make(&root, &["a/1"]);
    scan(setup.index(), &root);
    let gone = setup.subscribe("gone", "s", "").unwrap();
    let stays = setup.subscribe("stays", "s", "").unwrap();
    gone.is_gone.store(true, Ordering::Release);
    scan(setup.index(), &root);
    wait_until(|| setup.subscriptions.count() == 1);
    stays.expect(&[("a", 1)]);
    setup.subscriptions.close();
    assert_eq!(setup.subscriptions.count(), 0);
    make(&root, &["a/2"]);
    scan(setup.index(), &root);
    assert!(stays.is_over());
    assert_eq!(setup.subscribe("late", "s", "").err(), Some(Reason::Closed));
}

/// A message that could not be made is made again, without another commit.
#[test]
fn a_panic_is_survived() {
    let setup = Setup::new();
    let root = setup.root("s");
    make(&root, &["panic/1"]);
    scan(setup.index(), &root);
    let subscribed = setup.subscribe("key", "s", "").unwrap();
    scan(setup.index(), &root);
    let attempts = || PANICS.0.load(Ordering::Acquire);
    let before = attempts();
    wait_until(|| attempts() >= before + 2);
    PANICS.1.store(false, Ordering::Release);
    subscribed.expect(&[("panic", 1)]);
}

#[test]
fn only_what_is_known_can_be_subscribed_to() {
    let setup = Setup::new();
    assert_eq!(
        setup.subscribe("key", "nothing", "").err(),
        Some(Reason::NoSource)
    );
    assert_eq!(setup.subscriptions.count(), 0);
    let unopened = Subscriptions::<Recorder>::new(Arc::default());
    assert_eq!(unopened.count(), 0);
}
