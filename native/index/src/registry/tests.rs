//! Which threads wait for a file, and which do not.
#![allow(clippy::unwrap_used)]

use std::sync::mpsc::channel;
use std::time::Duration;

use super::*;
use crate::location::Location;
use crate::reader::{Pool, PoolOptions};
use crate::readers::Readers;

/// The disk of one file hangs while other files are opened and closed.
#[test]
fn a_disk_that_hangs_does_not_block_other_files() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    for name in ["slow", "other", "opening"] {
        std::fs::write(at(name), name).unwrap();
    }
    let slow = Claim::open(&at("slow"), |_| Ok(())).unwrap();
    let again = slow.clone();
    let (send, receive) = channel();
    let other = at("other");
    let use_others = move || {
        drop(again);
        drop(Claim::open(&other, |_| Ok(())).unwrap());
        send.send(()).unwrap();
    };
    slow.with_file(|_| {
        // At the same time another file is being opened.
        let opened = Claim::open(&at("opening"), |_| {
            std::thread::spawn(use_others);
            receive.recv_timeout(Duration::from_secs(20)).unwrap();
            Ok(())
        });
        drop(opened.unwrap());
        Ok(())
    })
    .unwrap();
}

/// Threads that waited while a file was opened and refused check it themselves.
#[test]
fn a_refused_file_is_refused_to_waiting_threads() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    std::fs::write(&path, "").unwrap();
    let refuse = |_: &File| {
        std::thread::yield_now();
        Err(Error::new(
            crate::error::Reason::Mixed,
            Operation::Open,
            b"",
        ))
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..500 {
                    assert!(Claim::open(&path, refuse).is_err());
                }
            });
        }
    });
    assert!(!is_open(FileId::at(&path).unwrap()));
}

/// While any of several threads has the file open, there is exactly one descriptor of it.
#[test]
fn a_file_is_opened_once_and_closed_by_the_last() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    std::fs::write(&path, "").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let claim = Claim::open(&path, |_| Ok(())).unwrap();
                    assert_eq!(claim.entry.files.lock().len(), 1);
                    assert!(is_open(claim.id()));
                }
            });
        }
    });
    assert!(!is_open(FileId::at(&path).unwrap()));
}

/// Dropping readers does not wait until their file is closed.
#[test]
fn readers_are_closed_by_another_thread() {
    let directory = tempfile::tempdir().unwrap();
    let location = Location::resolve(&directory.path().join("index.db")).unwrap();
    crate::open::create(&location).unwrap();
    let id = FileId::at(&location.database).unwrap();
    let readers = Readers::new(Pool::new(location, Arc::default(), PoolOptions::default()));
    assert!(readers.pool().unwrap().sources().unwrap().is_empty());
    assert!(is_open(id));
    let (send, receive) = channel();
    let closing = OPEN.lock();
    std::thread::spawn(move || {
        drop(readers);
        send.send(()).unwrap();
    });
    let is_dropped = receive.recv_timeout(Duration::from_secs(20));
    assert!(closing.contains_key(&id));
    drop(closing);
    is_dropped.unwrap();
    while is_open(id) {
        std::thread::yield_now();
    }
}
