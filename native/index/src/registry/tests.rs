//! Who waits for whose file, and who does not.
#![allow(clippy::unwrap_used)]

use std::sync::mpsc::channel;
use std::time::Duration;

use super::*;

/// A disk hangs on which one file lies, while others are opened and closed.
#[test]
fn a_disk_that_hangs_keeps_nobody_from_other_files() {
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
        // Another one is being opened all the while.
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

/// Who waits for another that opens the file has it checked as well, if that one was refused.
#[test]
fn nobody_gets_a_file_that_was_refused() {
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

/// Many threads open and close one file: there is one descriptor of it while one has it open.
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
