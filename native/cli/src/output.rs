//! Stdout and stderr as they are: written at once, and the first failure counts. JSON, the live line and LS_COLORS have
//! files of their own.

pub mod colors;
pub mod json;
pub mod live;

use std::os::fd::BorrowedFd;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::io::Errno;

use crate::failure::Failure;

/// Bytes gathered before they are written.
const ENOUGH: usize = 64 * 1024;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);
/// Since when a write has been waiting: ms since the start, and 1; 0 if none is.
static WAITING: AtomicU64 = AtomicU64::new(0);

/// How long a write has been waiting for whoever reads.
pub fn blocked_for() -> Duration {
    match WAITING.load(Ordering::Acquire) {
        0 => Duration::ZERO,
        since => START.elapsed().saturating_sub(Duration::from_millis(since)),
    }
}

/// Stdout, buffered.
#[derive(Default)]
pub struct Stdout {
    buffer: Vec<u8>,
}

impl Stdout {
    /// Where to add bytes; [`Stdout::pass`] then writes what is enough.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.buffer.extend_from_slice(text.as_bytes());
        self.pass()
    }

    /// Adds a text and a newline.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.buffer.extend_from_slice(text.as_bytes());
        self.buffer.push(b'\n');
        self.pass()
    }

    /// Writes, if there is enough.
    pub fn pass(&mut self) -> Result<(), Failure> {
        match self.buffer.len() < ENOUGH {
            true => Ok(()),
            false => self.flush(),
        }
    }

    /// Writes all there is.
    pub fn flush(&mut self) -> Result<(), Failure> {
        let written = write_all(rustix::stdio::stdout(), &self.buffer);
        self.buffer.clear();
        written.map_err(Failure::output)
    }
}

/// Says something on stderr. If that fails there is nobody to tell.
pub fn say(text: &str) {
    let _ = write_all(rustix::stdio::stderr(), text.as_bytes());
}

fn write_all(to: BorrowedFd<'_>, mut bytes: &[u8]) -> Result<(), Errno> {
    let now = u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX);
    WAITING.store(now.saturating_add(1), Ordering::Release);
    let mut write = || {
        while !bytes.is_empty() {
            match rustix::io::write(to, bytes) {
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    // Somebody else made it non-blocking.
                    let mut wait = [rustix::event::PollFd::new(
                        &to,
                        rustix::event::PollFlags::OUT,
                    )];
                    rustix::event::poll(&mut wait, None)?;
                }
                Err(errno) => return Err(errno),
            }
        }
        Ok(())
    };
    let result = write();
    WAITING.store(0, Ordering::Release);
    result
}

/// Whether stdout is a terminal.
pub fn is_terminal() -> bool {
    rustix::termios::isatty(rustix::stdio::stdout())
}

/// Whether control sequences may go to the terminal.
pub fn may_escape() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("TERM")
        && std::env::var_os("TERM").is_some_and(|term| term != "dumb")
        && !is_set("NO_COLOR")
}
