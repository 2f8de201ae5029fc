//! The floor that walkers are measured against: openat, getdents64, one statx per entry, and nothing else.
//!
//!     floor [--threads N] [--names] DIRECTORY
//!
//! Counts entries and bytes, and prints one line with them and its times. It packs nothing, sends nothing, keeps no
//! paths, and has no rules, limits or cancellation. A directory that fills a buffer is read by all threads.

use std::ffi::CString;
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, StatxFlags, openat, statx};

/// Holds about a thousand names: enough to hide the cost of the call, small enough to stay in the cache.
const BUFFER: usize = 32 * 1024;

/// Number of entries from which a buffer was most likely full, and more follow.
const BIG: u64 = 256;

enum Work {
    /// A directory to open, beneath its parent.
    Open(Arc<OwnedFd>, CString),
    /// An open directory that others read too: the kernel gives each reader the next buffer.
    Help(Arc<OwnedFd>),
}

#[derive(Clone, Copy, Default)]
struct Counts {
    entries: u64,
    bytes: u64,
    errors: u64,
}

/// What threads hand over. `idle` is read without the lock, to see whether handing over is worth it.
struct Shared {
    queue: Mutex<Vec<Work>>,
    wake: Condvar,
    idle: AtomicUsize,
    threads: usize,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Vec<Work>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give(&self, work: impl Iterator<Item = Work>) {
        let mut queue = self.lock();
        queue.extend(work);
        self.wake.notify_all();
    }

    /// Waits for work; `None` when all threads wait.
    fn take(&self) -> Option<Work> {
        let mut queue = self.lock();
        if let Some(work) = queue.pop() {
            return Some(work);
        }
        if self.idle.fetch_add(1, Ordering::Relaxed) + 1 == self.threads {
            self.wake.notify_all();
            return None;
        }
        loop {
            queue = self
                .wake
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
            if let Some(work) = queue.pop() {
                self.idle.fetch_sub(1, Ordering::Relaxed);
                return Some(work);
            }
            if self.idle.load(Ordering::Relaxed) == self.threads {
                return None;
            }
        }
    }
}

struct Worker<'a> {
    shared: &'a Shared,
    stack: Vec<Work>,
    buffer: Vec<MaybeUninit<u8>>,
    counts: Counts,
}

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared) -> Self {
        let buffer = vec![MaybeUninit::uninit(); BUFFER];
        Worker {
            shared,
            stack: Vec::new(),
            buffer,
            counts: Counts::default(),
        }
    }

    fn run<const METADATA: bool>(mut self) -> Counts {
        while let Some(work) = self.stack.pop().or_else(|| self.shared.take()) {
            match work {
                Work::Help(directory) => self.read::<METADATA>(&directory, true),
                Work::Open(parent, name) => {
                    match openat(&*parent, &*name, flags(), Mode::empty()) {
                        Ok(directory) => self.read::<METADATA>(&Arc::new(directory), false),
                        Err(_) => self.counts.errors += 1,
                    }
                }
            }
        }
        self.counts
    }

    fn read<const METADATA: bool>(&mut self, directory: &Arc<OwnedFd>, mut shared: bool) {
        let before = self.counts.entries;
        let mut entries = RawDir::new(directory.as_fd(), &mut self.buffer);
        while let Some(entry) = entries.next() {
            let Ok(entry) = entry else {
                self.counts.errors += 1;
                break;
            };
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            self.counts.entries += 1;
            let mut kind = entry.file_type();
            if METADATA || kind == FileType::Unknown {
                let wanted = StatxFlags::TYPE | StatxFlags::SIZE | StatxFlags::MTIME;
                match statx(directory.as_fd(), name, AtFlags::SYMLINK_NOFOLLOW, wanted) {
                    Ok(found) => {
                        kind = FileType::from_raw_mode(found.stx_mode.into());
                        black_box(found.stx_mtime);
                        if kind == FileType::RegularFile {
                            self.counts.bytes += found.stx_size;
                        }
                    }
                    Err(_) => self.counts.errors += 1,
                }
            }
            if kind == FileType::Directory {
                self.stack
                    .push(Work::Open(Arc::clone(directory), name.to_owned()));
            }
            if entries.is_buffer_empty() && self.shared.idle.load(Ordering::Relaxed) > 0 {
                // Names alone are cheaper to read than to share: the kernel locks the directory's position.
                if METADATA && !shared && self.counts.entries - before >= BIG {
                    shared = true;
                    let helpers = self.shared.threads - 1;
                    self.shared
                        .give((0..helpers).map(|_| Work::Help(Arc::clone(directory))));
                } else if self.stack.len() > 1 {
                    let older = self.stack.len() / 2;
                    self.shared.give(self.stack.drain(..older));
                }
            }
        }
    }
}

fn flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

fn main() -> ExitCode {
    let started = Instant::now();
    let Some((threads, metadata, path)) = arguments() else {
        eprintln!("usage: floor [--threads N] [--names] DIRECTORY");
        return ExitCode::from(2);
    };
    let root = match openat(CWD, &*path, flags() - OFlags::NOFOLLOW, Mode::empty()) {
        Ok(root) => Arc::new(root),
        Err(error) => {
            eprintln!("floor: {error}");
            return ExitCode::FAILURE;
        }
    };
    let shared = Shared {
        queue: Mutex::new(
            (0..threads)
                .map(|_| Work::Help(Arc::clone(&root)))
                .collect(),
        ),
        wake: Condvar::new(),
        idle: AtomicUsize::new(0),
        threads,
    };
    let ready = Barrier::new(threads);
    let work = || {
        let worker = Worker::new(&shared);
        ready.wait();
        let walking = Instant::now();
        let counts = match metadata {
            true => worker.run::<true>(),
            false => worker.run::<false>(),
        };
        (walking, counts)
    };
    let (counts, walked) = std::thread::scope(|scope| {
        // The first works here: in a process with one thread the kernel looks up descriptors without counting
        // references.
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut ends = vec![work()];
        ends.extend(others.into_iter().flat_map(|other| other.join()));
        let first = ends.iter().map(|(walking, _)| *walking).min();
        (ends, first.unwrap_or(started).elapsed())
    });
    let sum = |count: fn(&Counts) -> u64| counts.iter().map(|(_, c)| count(c)).sum::<u64>();
    println!(
        "entries={} bytes={} errors={} walk_ns={} total_ns={} cpu_ms={}",
        sum(|c| c.entries),
        sum(|c| c.bytes),
        sum(|c| c.errors),
        walked.as_nanos(),
        started.elapsed().as_nanos(),
        cpu_ms().unwrap_or_default(),
    );
    ExitCode::SUCCESS
}

/// Processor time of the whole process, which hardly depends on what else the machine does. Its clock ticks every 10
/// ms.
fn cpu_ms() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>());
    ticks.sum::<Result<u64, _>>().ok().map(|ticks| ticks * 10)
}

/// Threads, whether with metadata, and the directory.
fn arguments() -> Option<(usize, bool, CString)> {
    let (mut threads, mut metadata, mut path) = (1, true, None);
    let mut rest = std::env::args_os().skip(1);
    while let Some(argument) = rest.next() {
        match argument.to_str() {
            Some("--threads") => {
                threads = rest.next()?.to_str()?.parse().ok().filter(|&n| n > 0)?
            }
            Some("--names") => metadata = false,
            _ => path = Some(CString::new(argument.into_vec()).ok()?),
        }
    }
    Some((threads, metadata, path?))
}
