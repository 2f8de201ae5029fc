//! Trees deeper than any path that the system accepts: created and removed step by step.

use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, unlinkat};

fn open(at: impl std::os::fd::AsFd, path: &Path) -> OwnedFd {
    openat(
        at,
        path,
        OFlags::DIRECTORY | OFlags::NOFOLLOW,
        Mode::empty(),
    )
    .unwrap()
}

/// Makes a chain of directories, each with `beside` more next to the next link.
pub fn chain(top: &Path, levels: usize, link: &str, beside: usize) {
    let mut at = open(CWD, top);
    for _ in 0..levels {
        for n in 0..beside {
            mkdirat(&at, format!("x{n}"), Mode::from_raw_mode(0o755)).unwrap();
        }
        mkdirat(&at, link, Mode::from_raw_mode(0o755)).unwrap();
        at = open(&at, Path::new(link));
    }
}

/// Removes a chain by descriptor, down and up; std does it recursively, and by path where it can.
pub fn remove_chain(top: &Path, link: &str, beside: usize) {
    let mut held = vec![open(CWD, top)];
    let mut depth = 0;
    loop {
        let here = held.last().unwrap();
        match openat(
            here,
            link,
            OFlags::DIRECTORY | OFlags::NOFOLLOW,
            Mode::empty(),
        ) {
            Ok(next) => {
                held.push(next);
                depth += 1;
                // Far more levels than a process has descriptors: keep the last ones, and climb
                // with "..".
                if held.len() > 2 {
                    held.remove(0);
                }
            }
            Err(_) => break,
        }
    }
    let mut here = held.pop().unwrap();
    for _ in 0..depth {
        let above = open(&here, Path::new(".."));
        for n in 0..beside {
            unlinkat(&above, format!("x{n}"), AtFlags::REMOVEDIR).unwrap();
        }
        unlinkat(&above, link, AtFlags::REMOVEDIR).unwrap();
        here = above;
    }
}
