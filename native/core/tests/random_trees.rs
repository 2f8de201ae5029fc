//! A few hundred seeded random trees, compared with `find`: hostile names, links, FIFOs, sparse files, odd mtimes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::os::fd::AsFd;
use std::path::Path;

use aether_core::{Options, Pool, Status};
use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, Timespec, Timestamps, UTIME_OMIT, ftruncate, mkdirat, mknodat,
    openat, symlinkat, utimensat,
};
use support::*;

struct Random(u64);

impl Random {
    /// splitmix64, by Sebastiano Vigna.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn name(&mut self) -> Vec<u8> {
        const HOSTILE: [&[u8]; 14] = [
            b"\xff\xfe",
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"new\nline",
            b" leading and trailing ",
            b"--",
            b"*?[x]\\\"'",
            b"...",
            b"..a",
            b"\x1b[31mred",
            "\u{202e}desrever".as_bytes(),
            "e\u{301}".as_bytes(),
            "\u{e9}".as_bytes(),
        ];
        let length = match self.below(20) {
            0 => 255,
            1..4 => return HOSTILE[self.below(14) as usize].to_vec(),
            _ => 1 + self.below(12),
        };
        loop {
            let ascii = self.below(2) == 0;
            let name: Vec<u8> = (0..length)
                .map(|_| {
                    match if ascii {
                        b'a' + self.below(26) as u8
                    } else {
                        self.next() as u8
                    } {
                        0 | b'/' => b'_',
                        byte => byte,
                    }
                })
                .collect();
            if name != b"." && name != b".." {
                return name;
            }
        }
    }

    fn instant(&mut self) -> Timespec {
        let seconds = match self.below(6) {
            0 => -(self.below(1 << 33) as i64),
            1 => 16_725_225_600,
            2 => -5_364_662_400,
            3 => [i64::MAX, i64::MIN, 253_402_300_800, -1][self.below(4) as usize],
            _ => self.below(1 << 31) as i64,
        };
        Timespec {
            tv_sec: seconds,
            tv_nsec: self.below(1_000_000_000) as _,
        }
    }
}

fn fill(random: &mut Random, dir: impl AsFd, depth: u32) {
    let mut made = Vec::new();
    for _ in 0..random.below(if depth == 0 { 30 } else { 10 }) {
        let name = random.name();
        let path = Path::new(support::name(&name));
        let mode = Mode::from_raw_mode(0o755);
        let done = match random.below(12) {
            0..4 if depth < 6 => mkdirat(&dir, path, mode).map(|()| {
                let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
                fill(
                    random,
                    openat(&dir, path, flags, Mode::empty()).unwrap(),
                    depth + 1,
                );
            }),
            4 => symlinkat("..", &dir, path),
            5 => symlinkat(support::name(&random.name()), &dir, path),
            6 => mknodat(&dir, path, FileType::Fifo, mode, 0),
            _ => {
                let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY;
                openat(&dir, path, flags, mode).map(|file| {
                    let size = [0, 1, 4097, 5 << 30, 1 << 40][random.below(5) as usize];
                    ftruncate(file, size).unwrap();
                })
            }
        };
        // An existing name stays as it is.
        if done.is_ok() {
            made.push(name);
        }
    }
    // Last, as creating something in a directory changes its mtime.
    for name in made {
        let last_access = Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        };
        let times = Timestamps {
            last_access,
            last_modification: random.instant(),
        };
        utimensat(
            &dir,
            support::name(&name),
            &times,
            AtFlags::SYMLINK_NOFOLLOW,
        )
        .unwrap();
    }
}

/// A directory on the given file system, or in the usual place if that is missing.
fn place(preferred: &str) -> tempfile::TempDir {
    tempfile::TempDir::new_in(preferred).unwrap_or_else(|_| tempfile::TempDir::new().unwrap())
}

#[test]
fn agree_with_find() {
    let one = Pool::new(1);
    let many = Pool::new(8);
    let mut entries = 0;
    for seed in 0..300 {
        // tmpfs keeps the extremes of i64; another clamps them to what it can store, as `find` sees, but is slow where
        // inodes have just been freed.
        let tree = place(if seed % 16 != 0 { "/dev/shm" } else { "/tmp" });
        let top = openat(
            rustix::fs::CWD,
            tree.path(),
            OFlags::DIRECTORY,
            Mode::empty(),
        )
        .unwrap();
        fill(&mut Random(seed), top, 0);
        let expected = find(tree.path(), &[]);
        entries += expected.len();
        for pool in [&one, &many] {
            let slab_entries = [1000, 3][(seed % 2) as usize];
            let found = run(
                pool,
                root(tree.path()),
                Options {
                    slab_entries,
                    ..Options::default()
                },
            )
            .unwrap();
            assert_eq!(found.summary.status, Status::Complete);
            if let Some((ours, theirs)) = found.rows.iter().zip(&expected).find(|(a, b)| a != b) {
                panic!(
                    "seed {seed}: {} {ours:?}, find says {theirs:?}",
                    ours.0.escape_ascii()
                );
            }
            assert_eq!(found.rows.len(), expected.len(), "seed {seed}");
            let directories = expected.iter().filter(|row| row.1 == 'd').count();
            assert_eq!(found.closed.len(), directories + 1, "seed {seed}");
        }
    }
    assert!(
        entries > 10_000,
        "{entries} entries are too few to mean much"
    );
}
