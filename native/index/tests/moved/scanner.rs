//! A thread, or a process of its own, that writes the index while its file is moved.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use aether_core::Status;
use aether_index::{Error, Index, OpenOptions, PushError, ScanCounts};
use rustix::process::{Pid, Signal, kill_process};

use super::support::*;

pub fn options() -> OpenOptions {
    OpenOptions {
        batch_entries: 200,
        wal_soft: 3_000_000,
        busy_timeout: Duration::from_millis(500),
        ..OpenOptions::default()
    }
}

/// The tree of one round: each differs from the one before.
pub fn listings(round: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..30)
        .map(|at| dir(&format!("d{}", at + round % 3)))
        .collect();
    let mut listings = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (0..40)
            .map(|at| file(&format!("f{at}"), round, round as i64))
            .collect();
        listings.push(listing(std::str::from_utf8(name).unwrap(), &files, 1));
    }
    listings
}

pub fn scan(index: &Index, round: u64) -> Result<(), Error> {
    let scan = index.begin(spec(), Box::new(|_| {}))?;
    for listing in listings(round) {
        let mut batch = batch(&[(&listing, 0, listing.entries.len(), true)]);
        loop {
            match scan.push(batch) {
                Ok(()) => break,
                Err(PushError::Full(back)) => batch = back,
                Err(PushError::Ended(_)) => break,
            }
            std::thread::yield_now();
        }
    }
    scan.end(Status::Complete, ScanCounts::default())
}

/// What a scanner looks at between rounds.
#[derive(Default)]
pub struct Asked {
    pub stop: AtomicBool,
    /// Say "marked" before the next round.
    pub mark: AtomicBool,
}

/// Scans round after round and says so, until it is to stop or has failed twice.
pub fn scan_rounds(path: &Path, asked: &Asked, mut say: impl FnMut(String)) {
    let index = Index::open(path, options()).unwrap();
    let mut failures = 0;
    for round in 1.. {
        if failures == 2 || asked.stop.load(Ordering::Acquire) {
            break;
        }
        if asked.mark.swap(false, Ordering::AcqRel) {
            say("marked".to_owned());
        }
        say(format!("begin {round}"));
        match scan(&index, round) {
            Ok(()) => say(format!("complete {round}")),
            Err(error) => {
                failures += 1;
                say(format!("failed {}", error.reason.name()));
            }
        }
    }
    // It stays open until the test has looked.
    while !asked.stop.load(Ordering::Acquire) {
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(index.close());
    say("closed".to_owned());
}

/// What the test asks of a scanner.
enum Ask {
    Mark,
    Stop,
    Kill,
}

/// A thread or a process that scans.
pub struct Scanner {
    said: Receiver<String>,
    ask: Box<dyn FnMut(Ask)>,
    thread: Option<JoinHandle<()>>,
    pub last: u64,
    pub failed: Option<String>,
}

impl Scanner {
    pub fn here(path: &Path) -> Scanner {
        let (send, said) = channel();
        let asked = Arc::new(Asked::default());
        let (path, of_thread) = (path.to_owned(), asked.clone());
        let thread = std::thread::spawn(move || {
            scan_rounds(&path, &of_thread, |line| drop(send.send(line)));
        });
        let ask = move |ask| match ask {
            Ask::Mark => asked.mark.store(true, Ordering::Release),
            Ask::Stop => asked.stop.store(true, Ordering::Release),
            Ask::Kill => panic!("a thread cannot be killed"),
        };
        Scanner::new(said, ask, thread)
    }

    pub fn elsewhere(path: &Path) -> Scanner {
        let mut command = child(
            super::files_are_moved_under_scans_of_another_process,
            &[("INDEX_TO_WRITE", path.as_os_str())],
        );
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let (send, said): (Sender<String>, _) = channel();
        let mut stdin = process.stdin.take();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let pid = Pid::from_child(&process);
        let thread = std::thread::spawn(move || {
            for line in lines.map(Result::unwrap) {
                let _ = send.send(line);
            }
            let status = process.wait().unwrap();
            assert!(status.success() || status.signal() == Some(9), "{status}");
        });
        let ask = move |ask| match ask {
            Ask::Mark => stdin.as_mut().unwrap().write_all(b"m").unwrap(),
            Ask::Stop => drop(stdin.take()),
            Ask::Kill => kill_process(pid, Signal::KILL).unwrap(),
        };
        Scanner::new(said, ask, thread)
    }

    fn new(
        said: Receiver<String>,
        ask: impl FnMut(Ask) + 'static,
        thread: JoinHandle<()>,
    ) -> Scanner {
        Scanner {
            said,
            ask: Box::new(ask),
            thread: Some(thread),
            last: 0,
            failed: None,
        }
    }

    /// Until so many more rounds are complete that began after this call, or two scans have failed.
    pub fn go_on(&mut self, rounds: u64) {
        (self.ask)(Ask::Mark);
        let mut failures = 0;
        let mut until = None;
        while until.is_none_or(|until| self.last < until) && failures < 2 {
            let line = self.said.recv_timeout(Duration::from_secs(60)).unwrap();
            // The harness of a child writes on the same line.
            if line.ends_with("marked") {
                until = Some(self.last + rounds);
            }
            failures += u32::from(self.take(&line));
        }
    }

    /// Whether a scan has failed.
    fn take(&mut self, line: &str) -> bool {
        if let Some((_, round)) = line.split_once("complete ") {
            self.last = round.trim().parse().unwrap();
        } else if let Some((_, reason)) = line.split_once("failed ") {
            self.failed = Some(reason.trim().to_owned());
            return true;
        }
        false
    }

    pub fn close(&mut self) {
        self.end(Ask::Stop);
    }

    /// Of a process: kill -9, at whatever it is doing.
    pub fn kill(&mut self) {
        self.end(Ask::Kill);
    }

    fn end(&mut self, how: Ask) {
        (self.ask)(how);
        self.thread.take().unwrap().join().unwrap();
        while let Ok(line) = self.said.try_recv() {
            self.take(&line);
        }
    }
}
