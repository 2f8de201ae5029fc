//! Trees that change while they are read: roots and directories that disappear or become something else.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aether_core::slab::{Groups, status};
use aether_core::{Options, Pool, State, Status};
use tempfile::TempDir;

use crate::support::*;

#[test]
fn a_root_deleted_during_the_scan_fails_it() {
    let dir = TempDir::new().unwrap();
    let top = dir.path().join("top");
    for n in 0..50 {
        fs::create_dir_all(top.join(format!("{n}/sub"))).unwrap();
    }
    let pool = Pool::new(2);
    let options = Options {
        slab_entries: 5,
        ..slabs(1)
    };
    let (scan, mailbox) = start(&pool, root(&top), options);
    mailbox.wait(|m| matches!(m, Message::Passive));
    fs::remove_dir_all(&top).unwrap();
    scan.ask(u64::MAX);
    let found = mailbox.outcome();
    assert_eq!(found.summary.status, Status::Failed);
    assert_eq!(found.summary.error.unwrap().reason.name(), "enoent");
    assert_eq!(scan.info().state, State::Ended(Status::Failed));
}

#[test]
fn directories_that_vanish_or_turn_into_links_are_not_errors() {
    let dir = TempDir::new().unwrap();
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret"), b"").unwrap();
    for n in 0..30 {
        fs::create_dir_all(dir.path().join(format!("{n}/sub"))).unwrap();
    }
    let pool = Pool::new(1);
    let options = Options {
        slab_entries: 1,
        metadata: Groups::empty(),
        ..slabs(1)
    };
    let (scan, mailbox) = start(&pool, root(dir.path()), options);
    mailbox.wait(|m| matches!(m, Message::Passive));
    // The root's names were read in one piece, without metadata; none of its directories is open yet.
    for n in 0..30 {
        let sub = dir.path().join(n.to_string());
        fs::remove_dir_all(&sub).unwrap();
        match n % 3 {
            0 => {}
            1 => symlink(outside.path(), &sub).unwrap(),
            _ => fs::write(&sub, b"").unwrap(),
        }
    }
    scan.ask(u64::MAX);
    let found = mailbox.outcome();
    found.assert_complete();
    assert_eq!(found.summary.counts.vanished, 30);
    assert_eq!(
        found
            .closed
            .values()
            .filter(|s| **s == status::VANISHED)
            .count(),
        30
    );
    assert!(!found.rows.iter().any(|row| row.0.ends_with(b"secret")));
}

/// One thread swaps directories for links to the outside and back, moves, creates and removes: what stays is found
/// exactly once, and nothing from outside ever.
#[test]
fn churn() {
    let dir = TempDir::new().unwrap();
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret"), b"").unwrap();
    let at = |path: &str| dir.path().join(path);
    for d in 0..20 {
        fs::create_dir_all(at(&format!("stable{d}"))).unwrap();
        fs::create_dir_all(at(&format!("swap{d}/in"))).unwrap();
        for f in 0..50 {
            fs::write(at(&format!("stable{d}/keep{f}")), b"").unwrap();
        }
    }
    let stop = Arc::new(AtomicBool::new(false));
    let churning = {
        let (stop, top, outside) = (
            stop.clone(),
            dir.path().to_owned(),
            outside.path().to_owned(),
        );
        std::thread::spawn(move || {
            for round in 0.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let d = round % 20;
                let swap = top.join(format!("swap{d}"));
                let aside = top.join("aside");
                fs::rename(&swap, &aside).unwrap();
                symlink(&outside, &swap).unwrap();
                fs::remove_file(&swap).unwrap();
                fs::rename(&aside, &swap).unwrap();
                let stable = top.join(format!("stable{d}"));
                let (one, two) = (stable.join("moving"), top.join("stable0/moved"));
                fs::create_dir(&one).unwrap();
                fs::write(one.join("x"), b"").unwrap();
                fs::rename(&one, &two).unwrap();
                fs::remove_dir_all(&two).unwrap();
                fs::write(&two, b"").unwrap();
                fs::remove_file(&two).unwrap();
            }
        })
    };
    let pool = Pool::new(4);
    let seconds = if std::env::var_os("AETHER_FULL").is_some() {
        25
    } else {
        3
    };
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut scans = 0;
    while Instant::now() < until || scans < 4 {
        let found = run(&pool, root(dir.path()), Options::default()).unwrap();
        found.assert_complete();
        let kept = found.rows.iter().filter(|row| row.0.starts_with(b"stable"));
        let kept = kept
            .filter(|row| row.0.windows(5).any(|w| w == b"/keep"))
            .count();
        assert_eq!(kept, 1000);
        assert!(!found.rows.iter().any(|row| row.0.ends_with(b"secret")));
        scans += 1;
    }
    stop.store(true, Ordering::Relaxed);
    churning.join().unwrap();
}
