//! The walker with an index behind it, beside the walker alone.
//!
//!     walk_into [--threads N] [--database FILE] [--rounds N] DIRECTORY
//!
//! In turns: the scan without an index, the first scan into an index, a rescan of the same tree. Each line has the entries and the
//! milliseconds to the summary, the last commit included; the last has the database's bytes for each entry, and names' mean length.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Instant;

use aether_core::slab::{Builder, Slab, set_sequence};
use aether_core::{
    Demand, Error, Identity, Options, Packed, Pool, Progress, Root, Scan, Sink, Summary,
};
use aether_index::{Batch, Index, OpenOptions, ScanCounts, ScanSpec, ScanWriter};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Slabs asked for at a time.
const ACTIVE: u64 = 16;

struct Behind {
    writer: Option<ScanWriter>,
    end: Sender<Result<Summary>>,
    names: AtomicU64,
}

struct Into(Arc<Behind>);

struct Letter(Vec<u8>, Arc<Behind>);

impl Sink for Into {
    fn opened(&self, result: std::result::Result<Identity, &Error>) {
        if let Err(error) = result {
            let _ = self.0.end.send(Err(error.to_string().into()));
        }
    }
    fn pack(&self, slab: &Builder) -> Box<dyn Packed> {
        let mut bytes = vec![0; slab.encoded_len()];
        slab.encode_into(&mut bytes);
        Box::new(Letter(bytes, self.0.clone()))
    }
    fn passive(&self) {}
    fn progress(&self, _: &Progress) {}
    fn completed(&self, summary: &Summary) {
        let _ = self.0.end.send(Ok(summary.clone()));
    }
}

impl Packed for Letter {
    fn size(&self) -> usize {
        self.0.len()
    }
    fn send(mut self: Box<Self>, sequence: u32) {
        set_sequence(&mut self.0, sequence);
        let Some(writer) = &self.1.writer else { return };
        let Ok(slab) = Slab::decode(&self.0) else {
            return;
        };
        let stamps = vec![u64::from(sequence); slab.record_count()];
        let names: usize = slab.entries().map(|entry| entry.name.len()).sum();
        self.1.names.fetch_add(names as u64, Ordering::Relaxed);
        // There is room: no more slabs are asked for than the queue takes.
        let _ = writer.push(Batch {
            slab: self.0,
            stamps,
            mounts: Vec::new(),
        });
    }
}

/// A scan to its end: entries, milliseconds, bytes of names.
fn scan(
    pool: &Pool,
    path: &OsString,
    threads: usize,
    index: Option<&Index>,
) -> Result<(u64, f64, u64)> {
    let begun = Instant::now();
    let (end, ended) = channel();
    let asking: Arc<OnceLock<Weak<Scan>>> = Arc::default();
    let writer = match index {
        Some(index) => {
            let asking = asking.clone();
            let spec = ScanSpec {
                root: path.as_bytes().to_vec(),
                ..ScanSpec::default()
            };
            let on_persisted = Box::new(move |persisted: aether_index::Persisted| {
                if let Some(scan) = asking.get().and_then(Weak::upgrade) {
                    scan.ask(persisted.batches.into());
                }
            });
            Some(index.begin(spec, on_persisted)?)
        }
        None => None,
    };
    let options = Options {
        threads: Some(threads),
        // Alone, nobody else is waited for.
        demand: index.map_or(Demand::Unlimited, |_| Demand::Slabs(ACTIVE)),
        ..Options::default()
    };
    let root = Root {
        path: path.clone().into_vec(),
        ..Root::default()
    };
    let mut kept = None;
    let _scan = pool.start(root, options, |scan| {
        let _ = asking.set(scan.clone());
        let behind = Arc::new(Behind {
            writer,
            end,
            names: AtomicU64::new(0),
        });
        kept = Some(behind.clone());
        Box::new(Into(behind))
    })?;
    let summary = ended.recv()??;
    drop(_scan);
    let behind = kept.take().ok_or("no sink")?;
    let names = behind.names.load(Ordering::Relaxed);
    let mut behind = behind;
    let writer = loop {
        // The pool lets go of the sink a moment after the end.
        match Arc::try_unwrap(behind) {
            Ok(alone) => break alone.writer,
            Err(shared) => behind = shared,
        }
        std::thread::yield_now();
    };
    if let Some(writer) = writer {
        writer.end(
            summary.status,
            ScanCounts::new(&summary.counts, summary.errors.count),
        )?;
    }
    Ok((
        summary.counts.entries(),
        begun.elapsed().as_secs_f64() * 1000.0,
        names,
    ))
}

fn run(path: &OsString, threads: usize, rounds: u32, database: &PathBuf) -> Result<()> {
    let pool = Pool::new(threads);
    scan(&pool, path, threads, None)?;
    for round in 0..rounds {
        let alone = scan(&pool, path, threads, None)?;
        let index = Index::open(database, OpenOptions::default())?;
        let first = scan(&pool, path, threads, Some(&index))?;
        index.settle()?;
        let again = scan(&pool, path, threads, Some(&index))?;
        index.close()?;
        let size = std::fs::metadata(database)?.len();
        println!(
            "round={round} entries={} alone_ms={:.0} first_ms={:.0} again_ms={:.0} first_ratio={:.2} again_ratio={:.2} bytes_per_entry={:.1} mean_name={:.1}",
            first.0,
            alone.1,
            first.1,
            again.1,
            first.1 / alone.1,
            again.1 / alone.1,
            size as f64 / first.0 as f64,
            first.2 as f64 / first.0 as f64,
        );
        for suffix in ["", "-wal", "-shm", "-writer"] {
            let mut name = database.as_os_str().to_owned();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let (mut threads, mut rounds, mut path) = (2_usize, 3_usize, None);
    let mut database = std::env::temp_dir().join(format!("walk-into-{}.db", std::process::id()));
    let mut rest = std::env::args_os().skip(1);
    while let Some(argument) = rest.next() {
        let mut number = || rest.next()?.to_str()?.parse().ok();
        match argument.to_str() {
            Some("--threads") => threads = number().unwrap_or(threads),
            Some("--rounds") => rounds = number().unwrap_or(rounds),
            Some("--database") => database = rest.next().map(PathBuf::from).unwrap_or(database),
            _ => path = Some(argument),
        }
    }
    let Some(path) = path else {
        eprintln!("usage: walk_into [--threads N] [--database FILE] [--rounds N] DIRECTORY");
        return ExitCode::from(2);
    };
    match run(&path, threads, rounds as u32, &database) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("walk_into: {why}");
            ExitCode::FAILURE
        }
    }
}
