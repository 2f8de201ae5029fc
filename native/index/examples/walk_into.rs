//! The walker with an index behind it, beside the walker alone.
//!
//!     walk_into [--threads N] [--database FILE] [--rounds N] [--rescans N] [--once] DIRECTORY
//!
//! With `--once` it is one scan into the index, which is made if it is not there, and stays.
//! In turns: the scan without an index, the first scan into an index, rescans of the same tree (their median is told). Each line has the entries and the
//! milliseconds to the summary, the last commit included, the checkpoint after it apart; then processor time, ratios, the frames that the
//! rescan put into the log, the database's bytes for each entry, and names' mean length.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use aether_core::{Options, Pool};
use aether_index::{Index, LogState, OpenOptions, ScanSpec};

#[path = "../tests/support/walker.rs"]
mod walker;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A scan to its end: entries, milliseconds.
fn scan(
    pool: &Pool,
    path: &OsString,
    threads: usize,
    index: Option<&Arc<Index>>,
) -> Result<(u64, f64)> {
    let begun = Instant::now();
    let spec = ScanSpec {
        root: path.as_bytes().to_vec(),
        ..ScanSpec::default()
    };
    let options = Options {
        threads: Some(threads),
        ..Options::default()
    };
    let summary = walker::walk(pool, index, spec, options, None)?;
    let spent = begun.elapsed().as_secs_f64() * 1000.0;
    Ok((summary.counts.entries(), spent))
}

/// Processor time of this process so far, in ms.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        * 10.0
}

fn remove(database: &Path) {
    for suffix in ["", "-wal", "-shm", "-writer"] {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        let _ = std::fs::remove_file(name);
    }
}

/// Mean length of all names.
fn mean_name(index: &Index) -> Result<f64> {
    Ok(index.with_connection(|db| {
        let sql = "SELECT avg(n) FROM (SELECT length(CAST(name AS BLOB)) AS n FROM files
                   UNION ALL SELECT length(CAST(name AS BLOB)) FROM dirs)";
        Ok(db.query_row(sql, (), |row| row.get(0)).unwrap_or_default())
    })?)
}

fn run(path: &OsString, threads: usize, rounds: u32, rescans: u32, database: &Path) -> Result<()> {
    let pool = Pool::new(threads);
    scan(&pool, path, threads, None)?;
    for round in 0..rounds {
        let before = processor();
        let alone = scan(&pool, path, threads, None)?;
        let alone_cpu = processor() - before;
        let log = Arc::new(OnceLock::<Arc<LogState>>::new());
        let longest = Arc::new(AtomicU64::new(0));
        let (place, seen) = (log.clone(), longest.clone());
        let options = OpenOptions {
            on_commit: Some(Arc::new(move |_: &[i64]| {
                let bytes = place.get().map_or(0, |log| log.wal_bytes());
                seen.fetch_max(bytes, Ordering::Relaxed);
            })),
            ..OpenOptions::default()
        };
        let index = Arc::new(Index::open(database, options)?);
        let _ = log.set(index.log().clone());
        let before = processor();
        let first = scan(&pool, path, threads, Some(&index))?;
        let settled = Instant::now();
        index.settle()?;
        index.with_connection(|_| Ok(()))?;
        let first_cpu = processor() - before;
        let checkpoint = settled.elapsed().as_secs_f64() * 1000.0;
        longest.store(0, Ordering::Relaxed);
        let before = processor();
        let mut times = Vec::new();
        for _ in 0..rescans {
            times.push(scan(&pool, path, threads, Some(&index))?.1);
        }
        times.sort_by(f64::total_cmp);
        let again = times.get(times.len() / 2).copied().unwrap_or_default();
        let again_cpu = (processor() - before) / f64::from(rescans);
        let frames = longest.load(Ordering::Relaxed) / 4120;
        let name = mean_name(&index)?;
        index.close()?;
        let size = std::fs::metadata(database)?.len();
        println!(
            "round={round} entries={} alone_ms={:.0} first_ms={:.0} checkpoint_ms={checkpoint:.0} again_ms={:.0} alone_cpu={alone_cpu:.0} first_cpu={first_cpu:.0} again_cpu={again_cpu:.0} first_ratio={:.2} again_ratio={:.2} again_frames={frames} bytes_per_entry={:.1} mean_name={name:.1}",
            first.0,
            alone.1,
            first.1,
            again,
            first.1 / alone.1,
            again / alone.1,
            size as f64 / first.0 as f64,
        );
        remove(database);
    }
    Ok(())
}

/// One scan into an index, as a program that keeps one would do it.
fn once(path: &OsString, threads: usize, database: &Path) -> Result<()> {
    let pool = Pool::new(threads);
    let index = Arc::new(Index::open(database, OpenOptions::default())?);
    let (entries, ms) = scan(&pool, path, threads, Some(&index))?;
    index.close()?;
    println!("entries={entries} scan_ms={ms:.1}");
    Ok(())
}

fn main() -> ExitCode {
    let (mut threads, mut rounds, mut rescans, mut path) = (2_usize, 3_usize, 1_usize, None);
    let mut only_once = false;
    let mut database = std::env::temp_dir().join(format!("walk-into-{}.db", std::process::id()));
    let mut rest = std::env::args_os().skip(1);
    while let Some(argument) = rest.next() {
        let mut number = || rest.next()?.to_str()?.parse().ok();
        match argument.to_str() {
            Some("--threads") => threads = number().unwrap_or(threads),
            Some("--rounds") => rounds = number().unwrap_or(rounds),
            Some("--rescans") => rescans = number().unwrap_or(rescans),
            Some("--once") => only_once = true,
            Some("--database") => database = rest.next().map(PathBuf::from).unwrap_or(database),
            _ => path = Some(argument),
        }
    }
    let Some(path) = path else {
        eprintln!(
            "usage: walk_into [--threads N] [--database FILE] [--rounds N] [--rescans N] [--once] DIRECTORY"
        );
        return ExitCode::from(2);
    };
    let result = if only_once {
        once(&path, threads, &database)
    } else {
        run(&path, threads, rounds as u32, rescans as u32, &database)
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("walk_into: {why}");
            ExitCode::FAILURE
        }
    }
}
