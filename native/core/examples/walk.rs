//! The pool of this crate behind the command line of the floor program. Prints the same line and more.
//!
//!     walk [--threads N] [--pool N] [--names | --all] [--warm] DIRECTORY
//!
//! Slabs are packed as for a mailbox, counted and dropped. `--all` reports all attributes but targets. `--warm` scans one level before the clock starts, so that
//! the pool's threads are running, as in a VM that has scanned before.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use aether_core::slab::{Builder, Groups, set_sequence};
use aether_core::{Error, Identity, Options, Packed, Pool, Progress, Root, Sink, Summary};

#[derive(Default)]
struct Sent {
    slabs: AtomicU64,
    bytes: AtomicU64,
}

struct Counting {
    sent: Arc<Sent>,
    end: Sender<Result<Summary, Error>>,
}

struct Counted {
    bytes: Vec<u8>,
    sent: Arc<Sent>,
}

impl Sink for Counting {
    fn opened(&self, result: Result<Identity, &Error>) {
        if let Err(error) = result {
            let _ = self.end.send(Err(error.clone()));
        }
    }

    fn pack(&self, slab: &Builder, _: bool) -> Box<dyn Packed> {
        let mut bytes = vec![0; slab.encoded_len()];
        slab.encode_into(&mut bytes);
        let sent = Arc::clone(&self.sent);
        Box::new(Counted { bytes, sent })
    }

    fn passive(&self) {}

    fn progress(&self, _: &Progress) {}

    fn completed(&self, summary: &Summary) {
        let _ = self.end.send(Ok(summary.clone()));
    }
}

impl Packed for Counted {
    fn size(&self) -> usize {
        self.bytes.len()
    }

    fn send(mut self: Box<Self>, sequence: u32) {
        set_sequence(&mut self.bytes, sequence);
        self.sent.slabs.fetch_add(1, Relaxed);
        self.sent.bytes.fetch_add(self.bytes.len() as u64, Relaxed);
    }
}

struct Arguments {
    threads: usize,
    pool: usize,
    metadata: Groups,
    warm: bool,
    path: OsString,
}

/// Starts a scan and waits for its end.
fn scan(
    pool: &Pool,
    options: Options,
    path: &OsString,
    sent: &Arc<Sent>,
) -> Result<Summary, String> {
    let (end, ended): (_, Receiver<Result<Summary, Error>>) = channel();
    let root = Root {
        path: path.clone().into_vec(),
        ..Root::default()
    };
    let sink = Counting {
        sent: Arc::clone(sent),
        end,
    };
    let _scan = pool
        .start(root, options, |_| Box::new(sink))
        .map_err(|e| e.to_string())?;
    match ended.recv() {
        Ok(Ok(summary)) => Ok(summary),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the scan ended without a summary".to_owned()),
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let started = Instant::now();
    let pool = Pool::new(arguments.pool);
    let options = Options {
        metadata: arguments.metadata,
        threads: Some(arguments.threads),
        ..Options::default()
    };
    if arguments.warm {
        let shallow = Options {
            depth: Some(1),
            ..options.clone()
        };
        scan(&pool, shallow, &arguments.path, &Arc::default())?;
    }
    let sent = Arc::new(Sent::default());
    let walking = Instant::now();
    let summary = scan(&pool, options, &arguments.path, &sent)?;
    let walked = walking.elapsed();
    println!(
        "entries={} bytes={} errors={} walk_ns={} total_ns={} first_ns={} slabs={} slab_bytes={}",
        summary.counts.entries(),
        summary.counts.bytes,
        summary.errors.count,
        walked.as_nanos(),
        started.elapsed().as_nanos(),
        summary.first_entry.unwrap_or_default().as_nanos(),
        sent.slabs.load(Relaxed),
        sent.bytes.load(Relaxed),
    );
    Ok(())
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!("usage: walk [--threads N] [--pool N] [--names | --all] [--warm] DIRECTORY");
        return ExitCode::from(2);
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("walk: {why}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Option<Arguments> {
    let (mut threads, mut pool, mut metadata, mut warm, mut path) =
        (1, None, Groups::METADATA, false, None);
    let mut rest = std::env::args_os().skip(1);
    while let Some(argument) = rest.next() {
        let mut number = || rest.next()?.to_str()?.parse().ok().filter(|&n| n > 0);
        match argument.to_str() {
            Some("--threads") => threads = number()?,
            Some("--pool") => pool = Some(number()?),
            Some("--names") => metadata = Groups::empty(),
            Some("--all") => metadata = Groups::all() - Groups::TARGET,
            Some("--warm") => warm = true,
            _ => path = Some(argument),
        }
    }
    Some(Arguments {
        threads,
        pool: pool.unwrap_or(threads),
        metadata,
        warm,
        path: path?,
    })
}
