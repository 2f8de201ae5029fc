//! Shapes of trees: names with every byte, great depth and breadth, mounts, links, special files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aether_core::slab::{Builder, Slab, status};
use aether_core::{Error, Identity, Options, Packed, Pool, Progress, Root, Sink, Status, Summary};
use support::chain::{self, chain, remove_chain};
use support::*;
use tempfile::TempDir;

#[test]
fn every_byte_but_slash_is_a_name() {
    let dir = TempDir::new().unwrap();
    let mut expected = BTreeSet::new();
    for byte in 1..=255_u8 {
        if byte != b'/' && byte != b'.' {
            fs::write(dir.path().join(name(&[byte])), b"").unwrap();
            expected.insert(vec![byte]);
        }
    }
    let found = run(&Pool::new(2), root(dir.path()), Options::default()).unwrap();
    assert_eq!(
        found
            .rows
            .iter()
            .map(|row| row.0.clone())
            .collect::<BTreeSet<_>>(),
        expected
    );
    assert_eq!(found.rows.len(), expected.len());
}

#[test]
fn any_depth() {
    for (levels, link, beside) in [(3_000, "dir", 1), (40, &*"n".repeat(255), 2)] {
        let dir = chain::directory();
        chain(dir.path(), levels, link, beside);
        let found = run(&Pool::new(2), root(dir.path()), Options::default()).unwrap();
        found.assert_complete();
        assert_eq!(
            found.summary.counts.directories as usize,
            levels * (1 + beside)
        );
        assert_eq!(found.summary.counts.max_depth as usize, levels);
        let deepest = found.rows.iter().map(|row| row.0.len()).max().unwrap();
        assert_eq!(deepest, levels * (link.len() + 1) - 1);
        assert_eq!(found.closed.len(), levels * (1 + beside) + 1);
        remove_chain(dir.path(), link, beside);
    }
}

/// All paths together take 400 MB here: they are counted, not kept.
#[test]
fn twenty_thousand_levels() {
    let levels = 20_000;
    let dir = chain::directory();
    chain(dir.path(), levels, "d", 0);
    let pool = Pool::new(2);
    let mailbox = Arc::new(Mailbox::default());
    let sink = Counter {
        mailbox: mailbox.clone(),
        closed: Arc::default(),
    };
    let closed = sink.closed.clone();
    let _scan = pool
        .start(root(dir.path()), Options::default(), |_| Box::new(sink))
        .unwrap();
    let found = mailbox.outcome();
    found.assert_complete();
    assert_eq!(found.summary.counts.directories as usize, levels);
    assert_eq!(closed.load(Ordering::Relaxed), levels + 1);
    remove_chain(dir.path(), "d", 0);
}

/// Counts the directories closed, and keeps no slab.
struct Counter {
    mailbox: Arc<Mailbox>,
    closed: Arc<AtomicUsize>,
}

struct Nothing(usize);

impl Packed for Nothing {
    fn size(&self) -> usize {
        self.0
    }
    fn send(self: Box<Self>, _: u32) {}
}

impl Sink for Counter {
    fn opened(&self, result: Result<Identity, &Error>) {
        self.mailbox
            .put(Message::Opened(result.map_err(Clone::clone)));
    }
    fn pack(&self, slab: &Builder, _: bool) -> Box<dyn Packed> {
        let mut bytes = vec![0; slab.encoded_len()];
        slab.encode_into(&mut bytes);
        let slab = Slab::decode(&bytes).unwrap();
        let closed = slab
            .records()
            .filter(|record| record.status != status::MORE)
            .count();
        self.closed.fetch_add(closed, Ordering::Relaxed);
        Box::new(Nothing(bytes.len()))
    }
    fn passive(&self) {}
    fn progress(&self, _: &Progress) {}
    fn completed(&self, summary: &Summary) {
        self.mailbox.put(Message::Completed(summary.clone()));
    }
}

#[test]
fn links_and_special_files_are_only_entries() {
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path);
    fs::create_dir(at("sub")).unwrap();
    fs::write(at("sub/file"), b"12345").unwrap();
    fs::hard_link(at("sub/file"), at("hard")).unwrap();
    for (link, target) in [
        ("self", "self"),
        ("up", ".."),
        ("slash", "/"),
        ("dangling", "no"),
        ("a", "b"),
        ("b", "a"),
    ] {
        std::os::unix::fs::symlink(target, at(link)).unwrap();
    }
    assert!(
        Command::new("mkfifo")
            .arg(at("fifo"))
            .status()
            .unwrap()
            .success()
    );
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    let found = run(&Pool::new(4), root(dir.path()), Options::default()).unwrap();
    assert_eq!(found.rows, find(dir.path(), &[]));
    let counts = found.summary.counts;
    assert_eq!(
        (
            counts.files,
            counts.symlinks,
            counts.others,
            counts.directories
        ),
        (2, 6, 2, 1)
    );
    // A hard link counts each time.
    assert_eq!(counts.bytes, 10);
    found.assert_complete();
}

#[test]
fn an_empty_directory_has_one_closing_record() {
    let dir = TempDir::new().unwrap();
    let found = run(&Pool::new(1), root(dir.path()), Options::default()).unwrap();
    assert!(found.rows.is_empty());
    assert_eq!(
        found.closed.into_iter().collect::<Vec<_>>(),
        [(Vec::new(), status::COMPLETE)]
    );
    assert_eq!(found.summary.first_entry, None);
}

#[test]
fn large_and_sparse_files_are_exact_and_sums_saturate() {
    let Ok(dir) = TempDir::new_in("/dev/shm") else {
        eprintln!("skipped: no /dev/shm for files this large");
        return;
    };
    for (name, size) in [
        ("a", i64::MAX as u64),
        ("b", i64::MAX as u64),
        ("c", 16 << 40),
        ("d", 5 << 30),
    ] {
        fs::File::create(dir.path().join(name))
            .unwrap()
            .set_len(size)
            .unwrap();
    }
    let found = run(&Pool::new(1), root(dir.path()), Options::default()).unwrap();
    assert_eq!(found.rows, find(dir.path(), &[]));
    assert_eq!(found.summary.counts.bytes, u64::MAX);
}

/// Pieces of a big directory go to several threads, and its closing record still comes last, as `run` checks.
#[test]
fn a_big_directory_is_shared() {
    let dir = TempDir::new().unwrap();
    for n in 0..20_000 {
        fs::write(dir.path().join(format!("{n}")), b"").unwrap();
        if n % 10 == 0 {
            fs::create_dir(dir.path().join(format!("d{n}"))).unwrap();
        }
    }
    let expected = find(dir.path(), &[]);
    for slab_entries in [1, 100, 1000] {
        let options = Options {
            slab_entries,
            ..Options::default()
        };
        let found = run(&Pool::new(8), root(dir.path()), options).unwrap();
        assert_eq!(found.rows, expected);
        assert_eq!(found.closed.len(), 2001);
    }
}

#[test]
fn proc_ends() {
    let proc = Root {
        path: b"/proc/self".to_vec(),
        ..Root::default()
    };
    let options = Options {
        depth: Some(3),
        ..Options::default()
    };
    let found = run(&Pool::new(4), proc, options).unwrap();
    assert!(matches!(
        found.summary.status,
        Status::Complete | Status::Partial
    ));
    let sys = Root {
        path: b"/sys/kernel".to_vec(),
        ..Root::default()
    };
    let found = run(&Pool::new(4), sys, Options::default()).unwrap();
    assert!(found.summary.counts.entries() > 10);
}

#[test]
fn mounts_are_entered_once_or_not_at_all() {
    if !in_mount_namespace(mounts_are_entered_once_or_not_at_all) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path).to_str().unwrap().to_owned();
    for path in ["a/b", "bound", "tmpfs", "deep/own"] {
        fs::create_dir_all(at(path)).unwrap();
    }
    fs::write(at("a/b/file"), b"").unwrap();
    fs::write(at("deep/below"), b"").unwrap();
    mount(&["--bind", &at("a"), &at("bound")]);
    mount(&["-t", "tmpfs", "none", &at("tmpfs")]);
    mount(&["--bind", &at("deep"), &at("deep/own")]);
    fs::write(at("tmpfs/inside"), b"").unwrap();
    let closed = |options: Options| {
        run(&Pool::new(2), root(dir.path()), options)
            .unwrap()
            .closed
    };
    let all = closed(Options::default());
    assert_eq!(all[&b"bound/b"[..]], status::COMPLETE);
    assert_eq!(all[&b"tmpfs"[..]], status::COMPLETE);
    assert_eq!(all[&b"deep/own"[..]], status::LOOP);
    assert!(!all.contains_key(&b"deep/own/own"[..]));
    let own = run(
        &Pool::new(2),
        root(dir.path()),
        Options {
            same_file_system: true,
            ..Options::default()
        },
    );
    let own = own.unwrap();
    assert_eq!(own.closed[&b"tmpfs"[..]], status::OTHER_FILE_SYSTEM);
    assert!(own.rows.iter().any(|row| row.0 == b"tmpfs"));
    assert!(!own.rows.iter().any(|row| row.0 == b"tmpfs/inside"));
    own.assert_complete();
    for path in ["bound", "tmpfs", "deep/own"] {
        Command::new("umount").arg(at(path)).status().unwrap();
    }
}
