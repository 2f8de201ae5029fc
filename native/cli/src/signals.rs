//! SIGINT, SIGTERM and SIGHUP: the first one stops what is done, which then says what it has; a second one ends the
//! program at once. What was ignored at start stays ignored.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::os;
use crate::output;

/// `timeout` sends a signal to its child and to its group: that is one signal, not two.
const SAME: Duration = Duration::from_millis(300);
/// How long the output may block after a signal.
const BLOCKED: Duration = Duration::from_millis(300);
/// How long after a signal the program may take to notice it.
const UNNOTICED: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Whether what is done has noticed the signal.
static NOTICED: AtomicBool = AtomicBool::new(false);

/// Calls `stop` with the first signal that comes. It must return at once.
pub fn handle(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    let wanted = [SIGHUP, SIGINT, SIGTERM];
    let wanted = wanted.into_iter().filter(|signal| !os::is_ignored(*signal));
    let mut signals = Signals::new(wanted)?;
    let serve = move || {
        let mut first = None;
        for signal in signals.forever() {
            match first {
                None => {
                    first = Some(Instant::now());
                    stop(signal);
                    // Without a thread to watch, a second signal still ends it.
                    let _ = thread::Builder::new().spawn(move || watch(signal));
                }
                Some(at) if at.elapsed() > SAME => end_by(signal),
                Some(_) => {}
            }
        }
    };
    thread::Builder::new().spawn(serve).map(drop)
}

/// The signal was noticed, and the rest is said.
pub fn notice() {
    NOTICED.store(true, Ordering::Release);
}

/// Ends a program that has been told to stop and cannot: nobody reads its output, or a file system hangs.
fn watch(signal: i32) -> ! {
    let since = Instant::now();
    loop {
        thread::sleep(LOOK_EVERY);
        let is_late = since.elapsed() > UNNOTICED && !NOTICED.load(Ordering::Acquire);
        if is_late || output::blocked_for() > BLOCKED {
            end_by(signal);
        }
    }
}

/// Ends the program as the signal would have.
pub fn end_by(signal: i32) -> ! {
    let _ = emulate_default_handler(signal);
    std::process::exit(128 + signal)
}
