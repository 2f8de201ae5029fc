//! Trees deeper than any path that the system accepts: created and removed step by step.

use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, renameat, unlinkat};
use tempfile::TempDir;

fn open(at: impl std::os::fd::AsFd, path: &Path) -> OwnedFd {
    openat(
        at,
        path,
        OFlags::DIRECTORY | OFlags::NOFOLLOW,
        Mode::empty(),
    )
    .unwrap()
}

/// A directory for a chain, on tmpfs where there is one: ext4 searches long for an inode that was not freed a moment ago.
pub fn directory() -> TempDir {
    TempDir::new_in("/dev/shm").unwrap_or_else(|_| TempDir::new().unwrap())
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

/// Removes a chain from its top: what is beneath the first directory takes its place. From the bottom, or with std, the
/// kernel walks all that was removed before for each further directory.
pub fn remove_chain(top: &Path, link: &str, beside: usize) {
    let top = open(CWD, top);
    let remove_beside = |at: &OwnedFd| {
        for n in 0..beside {
            // The last link has none.
            let _ = unlinkat(at, format!("x{n}"), AtFlags::REMOVEDIR);
        }
    };
    remove_beside(&top);
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
    while let Ok(first) = openat(&top, link, flags, Mode::empty()) {
        let more = renameat(&first, link, &top, "next").is_ok();
        remove_beside(&first);
        unlinkat(&top, link, AtFlags::REMOVEDIR).unwrap();
        if more {
            renameat(&top, "next", &top, link).unwrap();
        }
    }
}
