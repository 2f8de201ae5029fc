//! A sink that keeps everything, and `find` as the oracle.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

pub mod chain;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use aether_core::slab::{Builder, Kind, Slab, set_sequence};
use aether_core::{
    Demand, Error, Identity, Options, Packed, Pool, Progress, Root, Scan, Sink, Status, Summary,
};
use parking_lot::{Condvar, Mutex};

/// One entry, as both the scan and `find` report it: path, kind, size and mtime.
pub type Row = (Vec<u8>, char, Option<(u64, i64)>);

#[derive(Debug)]
pub enum Message {
    Opened(Result<Identity, Error>),
    Slab(Vec<u8>),
    Passive,
    Progress(Progress),
    Completed(Summary),
}

#[derive(Default)]
pub struct Mailbox {
    messages: Mutex<Vec<Message>>,
    changed: Condvar,
}

pub struct Collector(pub Arc<Mailbox>);

struct PackedSlab(Vec<u8>, Arc<Mailbox>);

impl Mailbox {
    pub fn put(&self, message: Message) {
        self.messages.lock().push(message);
        self.changed.notify_all();
    }

    /// Waits for a message that satisfies the predicate.
    pub fn wait(&self, mut found: impl FnMut(&Message) -> bool) {
        let mut messages = self.messages.lock();
        while !messages.iter().any(&mut found) {
            let late = self
                .changed
                .wait_for(&mut messages, Duration::from_secs(60))
                .timed_out();
            assert!(
                !late,
                "no such message within a minute, out of {}",
                messages.len()
            );
        }
    }

    pub fn wait_for_end(&self) {
        self.wait(|m| matches!(m, Message::Completed(_) | Message::Opened(Err(_))));
    }

    /// The outcome of a scan, once it has ended.
    pub fn outcome(&self) -> Outcome {
        self.wait_for_end();
        outcome(self.take()).unwrap()
    }

    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut *self.messages.lock())
    }

    pub fn count(&self, mut what: impl FnMut(&Message) -> bool) -> usize {
        self.messages.lock().iter().filter(|m| what(m)).count()
    }

    pub fn slabs(&self) -> usize {
        self.count(|m| matches!(m, Message::Slab(_)))
    }
}

impl Sink for Collector {
    fn opened(&self, result: Result<Identity, &Error>) {
        self.0.put(Message::Opened(result.map_err(Clone::clone)));
    }
    fn pack(&self, slab: &Builder, _: bool) -> Box<dyn Packed> {
        // Fill with garbage first: every byte must be written.
        let mut bytes = vec![0xaa; slab.encoded_len()];
        slab.encode_into(&mut bytes);
        Box::new(PackedSlab(bytes, self.0.clone()))
    }
    fn passive(&self) {
        self.0.put(Message::Passive);
    }
    fn progress(&self, progress: &Progress) {
        self.0.put(Message::Progress(progress.clone()));
    }
    fn completed(&self, summary: &Summary) {
        self.0.put(Message::Completed(summary.clone()));
    }
}

/// A collector that holds up slabs, and the threads that pack them, while the gate is locked.
pub struct Holding {
    pub gate: Arc<Mutex<()>>,
    /// Number of slabs that reached the gate.
    pub packed: Arc<AtomicUsize>,
    pub collector: Collector,
}

impl Sink for Holding {
    fn opened(&self, result: Result<Identity, &Error>) {
        self.collector.opened(result);
    }
    fn pack(&self, slab: &Builder, again: bool) -> Box<dyn Packed> {
        self.packed.fetch_add(1, Ordering::AcqRel);
        drop(self.gate.lock());
        self.collector.pack(slab, again)
    }
    fn passive(&self) {
        self.collector.passive();
    }
    fn progress(&self, progress: &Progress) {
        self.collector.progress(progress);
    }
    fn completed(&self, summary: &Summary) {
        self.collector.completed(summary);
    }
}

impl Packed for PackedSlab {
    fn size(&self) -> usize {
        self.0.len()
    }
    fn send(mut self: Box<Self>, sequence: u32) {
        set_sequence(&mut self.0, sequence);
        self.1.put(Message::Slab(self.0));
    }
}

pub fn start(pool: &Pool, root: Root, options: Options) -> (Arc<Scan>, Arc<Mailbox>) {
    let mailbox = Arc::new(Mailbox::default());
    let sink = mailbox.clone();
    let scan = pool
        .start(root, options, |_: &Weak<Scan>| Box::new(Collector(sink)))
        .unwrap();
    (scan, mailbox)
}

pub fn root(path: &Path) -> Root {
    Root {
        path: path.as_os_str().as_bytes().to_vec(),
        ..Root::default()
    }
}

pub fn folder(path: &Path, folder: &str) -> Root {
    Root {
        folder: folder.into(),
        ..root(path)
    }
}

/// The outcome of a scan that ran to its end.
#[derive(Debug)]
pub struct Outcome {
    pub rows: Vec<Row>,
    /// Closing status of each directory.
    pub closed: BTreeMap<Vec<u8>, u32>,
    pub summary: Summary,
}

impl Outcome {
    pub fn assert_complete(&self) {
        let Summary { status, errors, .. } = &self.summary;
        assert_eq!(*status, Status::Complete, "{errors:?}");
    }
}

/// Runs a scan to its end and checks what holds for every scan: sequence numbers without a gap, one closing record per
/// directory, as its last record, and the summary as the last message.
pub fn run(pool: &Pool, root: Root, options: Options) -> Result<Outcome, Error> {
    let (_scan, mailbox) = start(pool, root, options);
    mailbox.wait_for_end();
    outcome(mailbox.take())
}

pub fn outcome(messages: Vec<Message>) -> Result<Outcome, Error> {
    let mut rows = Vec::new();
    let mut closed: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let mut sequence = 0;
    let mut summary = None;
    for message in messages {
        assert!(summary.is_none(), "a message after the summary");
        match message {
            Message::Opened(Ok(_)) | Message::Progress(_) | Message::Passive => {}
            Message::Opened(Err(error)) => return Err(error),
            Message::Completed(end) => summary = Some(end),
            Message::Slab(bytes) => {
                let slab = Slab::decode(&bytes).unwrap();
                assert_eq!(slab.sequence(), sequence);
                sequence += 1;
                for record in slab.records() {
                    let path = record.path.to_vec();
                    assert!(
                        !closed.contains_key(&path),
                        "a record after the closing one"
                    );
                    if record.status != 0 {
                        closed.insert(path, record.status);
                    }
                }
                for entry in slab.entries() {
                    let kind = match entry.kind {
                        Kind::File => 'f',
                        Kind::Directory => 'd',
                        Kind::Symlink => 'l',
                        Kind::Other => 'o',
                        Kind::Unknown => 'u',
                    };
                    let metadata = entry.metadata.map(|m| (m.size, m.mtime));
                    rows.push((join(entry.directory, entry.name), kind, metadata));
                }
            }
        }
    }
    rows.sort();
    Ok(Outcome {
        rows,
        closed,
        summary: summary.expect("a summary"),
    })
}

pub fn join(dir: &[u8], name: &[u8]) -> Vec<u8> {
    if dir.is_empty() {
        name.to_vec()
    } else {
        [dir, b"/", name].concat()
    }
}

/// What `find` says of the same tree.
pub fn find(root: &Path, arguments: &[&str]) -> Vec<Row> {
    let output = Command::new("find")
        .arg(root)
        .args(["-mindepth", "1"])
        .args(arguments)
        .args(["-printf", r"%P\0%y\0%s\0%T@\0"])
        .output()
        .unwrap();
    let mut fields = output.stdout.split(|byte| *byte == 0);
    let mut rows = Vec::new();
    while let (Some(path), Some(kind), Some(size), Some(time)) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    {
        let kind = match kind {
            b"f" => 'f',
            b"d" => 'd',
            b"l" => 'l',
            _ => 'o',
        };
        let size = std::str::from_utf8(size).unwrap().parse().unwrap();
        rows.push((path.to_vec(), kind, Some((size, instant(time)))));
    }
    rows.sort();
    rows
}

/// `find` prints tv_sec and tv_nsec with a point in between: half a second before the epoch is `-1.5000000000`.
fn instant(text: &[u8]) -> i64 {
    let text = std::str::from_utf8(text).unwrap();
    let (seconds, fraction) = text.split_once('.').unwrap();
    let seconds: i128 = seconds.parse().unwrap();
    let nanos: i128 = fraction[..9].parse().unwrap();
    let instant = seconds * 1_000_000_000 + nanos;
    instant
        .clamp(i64::MIN.into(), i64::MAX.into())
        .try_into()
        .unwrap()
}

pub fn name(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}

pub fn slabs(n: u64) -> Options {
    Options {
        demand: Demand::Slabs(n),
        ..Options::default()
    }
}

/// Waits for something that happens without a call.
pub fn wait_until(mut done: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "did not happen within a minute"
        );
        std::thread::yield_now();
    }
}

/// A test's name in the harness, for tests that run themselves again.
pub fn test_name<T: Fn()>(_: &T) -> &'static str {
    let (_binary, name) = std::any::type_name::<T>().split_once("::").unwrap();
    name
}

/// Runs a test again in a mount namespace of its own, where it may mount; skipped where the system forbids that.
pub fn in_mount_namespace(test: impl Fn()) -> bool {
    if std::env::var_os("AETHER_MOUNTS").is_some() {
        return true;
    }
    let arguments = match rustix::process::geteuid().is_root() {
        true => &["--mount", "--"][..],
        false => &["--mount", "--map-root-user", "--"],
    };
    let possible = Command::new("unshare").args(arguments).arg("true").status();
    if !possible.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no mount namespaces here");
        return false;
    }
    let output = Command::new("unshare")
        .args(arguments)
        .arg(std::env::current_exe().unwrap())
        .args([test_name(&test), "--exact"])
        .env("AETHER_MOUNTS", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    false
}

pub fn mount(arguments: &[&str]) {
    let status = Command::new("mount").args(arguments).status();
    assert!(status.unwrap().success(), "{arguments:?}");
}
