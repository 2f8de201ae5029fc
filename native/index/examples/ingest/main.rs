//! How fast entries get into an index, and how large it becomes, without a walker: listings are made up on the way.
//!
//!     ingest ours|rescan|predecessor [--entries N] [--per-directory N] [--fanout N] [--database FILE] [--batch N]
//!
//! `predecessor` writes the same entries by the schema and the statements of the predecessor: the baseline. `rescan` writes
//! them twice and tells of the second time. With `KEEP=1` the database stays. One line: entries, seconds, entries a second
//! by the clock and by processor time (of a rescan: both scans), bytes for each entry, mean length of names, peak memory.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use aether_core::Status;
use aether_core::slab::{Builder, Groups, Kind, Metadata, status};
use aether_index::{Batch, Index, OpenOptions, PushError, ScanCounts, ScanSpec, ScanWriter};
use crossbeam_channel::{Receiver, unbounded};

mod predecessor;

/// The one that everything lies on.
const DEVICE: u32 = 1;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Clone)]
struct Arguments {
    mode: String,
    entries: u64,
    per_directory: u64,
    fanout: u64,
    batch: usize,
    database: PathBuf,
}

/// Takes the directories of a made-up tree, one after the other: a parent before its children, depth first.
trait Visit {
    fn directory(
        &mut self,
        path: &str,
        subdirectories: &[String],
        files: &[(String, u64)],
    ) -> Result<()>;
}

/// Visits a tree with so many entries: directories are numbered as in a heap, so that it is about as deep everywhere.
fn walk(arguments: &Arguments, visit: &mut dyn Visit) -> Result<()> {
    let mut pending = vec![(0, String::new())];
    let mut entries = 0;
    let most = arguments.entries / (arguments.per_directory + 1);
    while let Some((number, path)) = pending.pop() {
        let first = number * arguments.fanout + 1;
        let children = first..(first + arguments.fanout).min(most).max(first);
        let names: Vec<String> = children
            .clone()
            .map(|at| format!("directory_{at:06}"))
            .collect();
        // Spread, so that names do not come in their order.
        let file = |at: u64| {
            let number = (at * 7919) % arguments.per_directory.max(1);
            (
                format!("file_{number:04}_{}.dat", entries % 97),
                entries * 31 + at,
            )
        };
        let files: Vec<(String, u64)> = (0..arguments.per_directory).map(file).collect();
        visit.directory(&path, &names, &files)?;
        entries += (files.len() + names.len()) as u64;
        let prefix = if path.is_empty() { path } else { path + "/" };
        pending.extend(
            children
                .zip(&names)
                .map(|(at, name)| (at, format!("{prefix}{name}"))),
        );
    }
    Ok(())
}

fn mtime(size: u64) -> i64 {
    1_700_000_000_000_000_000 + (size as i64 * 1_000_003) % 10_000_000_000_000_000
}

/// What was written.
#[derive(Default)]
struct Told {
    entries: u64,
    files: u64,
    name_bytes: u64,
}

impl Told {
    fn add(&mut self, subdirectories: &[String], files: &[(String, u64)]) {
        self.entries += (subdirectories.len() + files.len()) as u64;
        self.files += files.len() as u64;
        let names = subdirectories
            .iter()
            .chain(files.iter().map(|(name, _)| name));
        self.name_bytes += names.map(|name| name.len() as u64).sum::<u64>();
    }
}

/// Makes slabs as the walker does and gives them to the index.
struct Slabs<'a> {
    scan: &'a ScanWriter,
    builder: Builder,
    stamp: u64,
    freed: Receiver<()>,
    told: Told,
}

impl Slabs<'_> {
    /// Every entry has an inode of its own.
    fn inode(&self) -> Metadata {
        let told = &self.told;
        Metadata {
            inode: told.entries + self.builder.entries() as u64,
            device: DEVICE,
            ..Metadata::default()
        }
    }

    fn send(&mut self) -> Result<()> {
        let mut slab = vec![0; self.builder.encoded_len()];
        self.builder.encode_into(&mut slab);
        self.builder.clear();
        let records = aether_core::slab::Slab::decode(&slab)?.record_count();
        let mut batch = Batch {
            slab,
            stamps: vec![self.stamp; records],
            devices: vec![DEVICE; records],
            ..Batch::default()
        };
        loop {
            match self.scan.push(batch) {
                Ok(()) => return Ok(()),
                Err(PushError::Full(back)) => batch = back,
                Err(PushError::Ended(error)) => return Err(error.into()),
            }
            // A credit may have come between; then the next one tells.
            let _ = self.freed.recv_timeout(Duration::from_millis(20));
        }
    }

    fn send_if_full(&mut self) -> Result<()> {
        let full = self.builder.entries() + self.builder.records() >= 1000;
        if full { self.send() } else { Ok(()) }
    }
}

impl Visit for Slabs<'_> {
    fn directory(
        &mut self,
        path: &str,
        subdirectories: &[String],
        files: &[(String, u64)],
    ) -> Result<()> {
        self.told.add(subdirectories, files);
        self.stamp += 1;
        self.builder
            .open(|out| out.extend_from_slice(path.as_bytes()));
        for name in subdirectories {
            let known = Metadata {
                size: 4096,
                mtime: mtime(name.len() as u64),
                disk: 4096,
                nlink: 2,
                ..self.inode()
            };
            self.builder
                .entry(name.as_bytes(), Kind::Directory, Some(&known));
            self.send_if_full()?;
        }
        for (name, size) in files {
            let known = Metadata {
                size: *size,
                mtime: mtime(*size),
                disk: size.next_multiple_of(4096),
                nlink: 1,
                ..self.inode()
            };
            self.builder
                .entry(name.as_bytes(), Kind::File, Some(&known));
            self.send_if_full()?;
        }
        self.builder.close(status::COMPLETE);
        self.send_if_full()
    }
}

fn ours(arguments: &Arguments, rescan: bool) -> Result<(Told, Duration)> {
    let options = OpenOptions {
        batch_entries: arguments.batch,
        ..OpenOptions::default()
    };
    let index = Index::open(&arguments.database, options)?;
    let mut last = (Told::default(), Duration::ZERO);
    for _ in 0..=u8::from(rescan) {
        let (free, freed) = unbounded();
        let spec = ScanSpec {
            root: b"/made/up".to_vec(),
            root_device: DEVICE,
            root_disk: Some(4096),
            ..ScanSpec::default()
        };
        let begun = Instant::now();
        let scan = index.begin(
            spec,
            Box::new(move |_| {
                let _ = free.send(());
            }),
        )?;
        let groups = Groups::INDEXED;
        let builder = Builder::new(0, groups);
        let mut slabs = Slabs {
            scan: &scan,
            builder,
            stamp: 0,
            freed,
            told: Told::default(),
        };
        walk(arguments, &mut slabs)?;
        slabs.send()?;
        let told = slabs.told;
        scan.end(Status::Complete, ScanCounts::default())?;
        last = (told, begun.elapsed());
    }
    index.close()?;
    Ok(last)
}

/// VmHWM of this process, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

/// Processor time of this process so far, in seconds.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-writer"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _ = std::fs::remove_file(name);
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    remove(&arguments.database);
    let before = processor();
    let (told, spent) = match arguments.mode.as_str() {
        "ours" => ours(arguments, false)?,
        "rescan" => ours(arguments, true)?,
        _ => predecessor::ingest(arguments)?,
    };
    let processor = processor() - before;
    let size = std::fs::metadata(&arguments.database)?.len();
    // Directories are entries too; the predecessor has rows for files alone, and is counted by these.
    let entries = if arguments.mode == "predecessor" {
        told.files
    } else {
        told.entries
    };
    writeln!(
        std::io::stdout(),
        "{} entries={entries} seconds={:.3} per_second={:.0} per_cpu_second={:.0} bytes_per_entry={:.1} mean_name={:.1} peak_mb={:.1}",
        arguments.mode,
        spent.as_secs_f64(),
        entries as f64 / spent.as_secs_f64(),
        entries as f64 / processor,
        size as f64 / entries as f64,
        told.name_bytes as f64 / told.entries as f64,
        peak(),
    )?;
    if std::env::var_os("KEEP").is_none() {
        remove(&arguments.database);
    }
    Ok(())
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!(
            "usage: ingest ours|rescan|predecessor [--entries N] [--per-directory N] [--fanout N] [--database FILE] [--batch N]"
        );
        return ExitCode::from(2);
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("ingest: {why}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Option<Arguments> {
    let mut rest = std::env::args().skip(1);
    let mut arguments = Arguments {
        mode: rest
            .next()
            .filter(|mode| matches!(mode.as_str(), "ours" | "rescan" | "predecessor"))?,
        entries: 1_000_000,
        per_directory: 10,
        fanout: 8,
        batch: 1000,
        database: std::env::temp_dir().join(format!("ingest-{}.db", std::process::id())),
    };
    while let Some(argument) = rest.next() {
        let value = rest.next()?;
        match argument.as_str() {
            "--entries" => arguments.entries = value.parse().ok()?,
            "--per-directory" => arguments.per_directory = value.parse().ok()?,
            "--fanout" => arguments.fanout = value.parse().ok()?,
            "--batch" => arguments.batch = value.parse().ok()?,
            "--database" => arguments.database = PathBuf::from(value),
            _ => return None,
        }
    }
    Some(arguments)
}
