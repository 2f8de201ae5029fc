//! Third-party walkers behind the command line of the floor program. Prints the same line.
//!
//!     peers (zlob|ignore|jwalk|walkdir) [--threads N] [--names] DIRECTORY
//!
//! Each is used in the way that its documentation calls fastest; entries are visited on its own threads if it has any,
//! nothing is filtered, and links are not followed. With metadata, size and mtime of every entry are read.

use std::env;
use std::fs::Metadata;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// Counts of one thread, in cache lines of their own, so that counting does not slow other threads down.
#[repr(align(128))]
#[derive(Default)]
struct Shard {
    entries: AtomicU64,
    bytes: AtomicU64,
    errors: AtomicU64,
}

impl Shard {
    fn entry(&self, bytes: u64) {
        self.entries.store(self.entries.load(Relaxed) + 1, Relaxed);
        self.bytes.store(self.bytes.load(Relaxed) + bytes, Relaxed);
    }

    fn error(&self) {
        self.errors.fetch_add(1, Relaxed);
    }
}

/// Settings for every walker, and its counters. The last shard is for walkers without threads of their own.
struct Walk {
    path: PathBuf,
    threads: usize,
    metadata: bool,
    started: Instant,
    first_ns: AtomicU64,
    shards: Vec<Shard>,
}

impl Walk {
    fn shard(&self, worker: usize) -> &Shard {
        &self.shards[worker % self.shards.len()]
    }

    fn found(&self, shard: &Shard, bytes: u64) {
        if shard.entries.load(Relaxed) == 0 {
            self.first_ns
                .fetch_min(self.started.elapsed().as_nanos() as u64, Relaxed);
        }
        shard.entry(bytes);
    }

    fn found_with(&self, shard: &Shard, metadata: Option<Metadata>) {
        let bytes = metadata.map_or(0, |m| {
            let _ = black_box(m.modified());
            if m.is_file() { m.len() } else { 0 }
        });
        self.found(shard, bytes);
    }
}

#[cfg(feature = "zlob")]
fn zlob(walk: &Walk) -> Result<(), String> {
    use zlob::walk::{WalkBuilder, WalkEntry, WalkFlags, WalkMetadata, WalkState};
    let mut builder = WalkBuilder::new(&walk.path).map_err(|e| e.to_string())?;
    builder.options(WalkFlags::empty()).threads(walk.threads);
    if walk.metadata {
        builder.metadata(WalkMetadata::SIZE | WalkMetadata::MTIME);
    }
    let visit = |entry: WalkEntry<'_>| {
        let bytes = match entry.is_file() {
            true => entry.size().unwrap_or(0),
            false => 0,
        };
        black_box(entry.modified_ns());
        walk.found(walk.shard(entry.worker_id()), bytes);
        WalkState::Continue
    };
    builder.run(visit).map(drop).map_err(|e| e.to_string())
}

#[cfg(not(feature = "zlob"))]
fn zlob(_: &Walk) -> Result<(), String> {
    Err("built without zlob".into())
}

fn ignore(walk: &Walk) -> Result<(), String> {
    use ignore::{WalkBuilder, WalkState};
    let mut builder = WalkBuilder::new(&walk.path);
    builder.standard_filters(false).threads(walk.threads);
    let next = AtomicU64::new(0);
    builder.build_parallel().run(|| {
        let shard = walk.shard(next.fetch_add(1, Relaxed) as usize);
        Box::new(move |entry| {
            match entry {
                Ok(entry) if entry.depth() == 0 => {}
                Ok(entry) if walk.metadata => walk.found_with(shard, entry.metadata().ok()),
                Ok(_) => walk.found(shard, 0),
                Err(_) => shard.error(),
            }
            WalkState::Continue
        })
    });
    Ok(())
}

fn jwalk(walk: &Walk) -> Result<(), String> {
    use jwalk::{Parallelism, WalkDirGeneric};
    let parallelism = match walk.threads {
        1 => Parallelism::Serial,
        n => Parallelism::RayonNewPool(n),
    };
    let metadata = walk.metadata;
    // Metadata is read on jwalk's threads, not on the iterating one.
    let entries = WalkDirGeneric::<((), Option<Metadata>)>::new(&walk.path)
        .skip_hidden(false)
        .follow_links(false)
        .parallelism(parallelism)
        .process_read_dir(move |_, _, _, children| {
            for child in children.iter_mut().flatten().filter(|_| metadata) {
                child.client_state = child.metadata().ok();
            }
        });
    let shard = walk.shard(0);
    for entry in entries.try_into_iter().map_err(|e| e.to_string())? {
        match entry {
            Ok(entry) if entry.depth == 0 => {}
            Ok(entry) => walk.found_with(shard, entry.client_state),
            Err(_) => shard.error(),
        }
    }
    Ok(())
}

fn walkdir(walk: &Walk) -> Result<(), String> {
    let shard = walk.shard(0);
    for entry in walkdir::WalkDir::new(&walk.path).min_depth(1) {
        match entry {
            Ok(entry) if walk.metadata => walk.found_with(shard, entry.metadata().ok()),
            Ok(_) => walk.found(shard, 0),
            Err(_) => shard.error(),
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let started = Instant::now();
    let Some((walker, threads, metadata, path)) = arguments() else {
        eprintln!("usage: peers (zlob|ignore|jwalk|walkdir) [--threads N] [--names] DIRECTORY");
        return ExitCode::from(2);
    };
    let shards = (0..threads + 1).map(|_| Shard::default()).collect();
    let first_ns = AtomicU64::new(u64::MAX);
    let walk = Walk {
        path,
        threads,
        metadata,
        started,
        first_ns,
        shards,
    };
    let walking = Instant::now();
    let result = match walker.as_str() {
        "zlob" => zlob(&walk),
        "ignore" => ignore(&walk),
        "jwalk" => jwalk(&walk),
        _ => walkdir(&walk),
    };
    let walked = walking.elapsed();
    if let Err(why) = result {
        eprintln!("peers: {walker}: {why}");
        return ExitCode::FAILURE;
    }
    let sum = |count: fn(&Shard) -> &AtomicU64| -> u64 {
        walk.shards
            .iter()
            .map(|shard| count(shard).load(Relaxed))
            .sum()
    };
    println!(
        "entries={} bytes={} errors={} walk_ns={} total_ns={} first_ns={}",
        sum(|s| &s.entries),
        sum(|s| &s.bytes),
        sum(|s| &s.errors),
        walked.as_nanos(),
        started.elapsed().as_nanos(),
        walk.first_ns.load(Relaxed),
    );
    ExitCode::SUCCESS
}

/// The walker, its threads, whether with metadata, and the directory.
fn arguments() -> Option<(String, usize, bool, PathBuf)> {
    let (mut threads, mut metadata, mut path) = (1, true, None);
    let mut rest = env::args_os().skip(1);
    let walker = rest.next()?.into_string().ok()?;
    if !["zlob", "ignore", "jwalk", "walkdir"].contains(&walker.as_str()) {
        return None;
    }
    while let Some(argument) = rest.next() {
        match argument.to_str() {
            Some("--threads") => {
                threads = rest.next()?.to_str()?.parse().ok().filter(|&n| n > 0)?
            }
            Some("--names") => metadata = false,
            _ => path = Some(PathBuf::from(argument)),
        }
    }
    Some((walker, threads, metadata, path?))
}
