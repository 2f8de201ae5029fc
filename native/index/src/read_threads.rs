//! Threads for short reads: a few for an index, so that a disk that hangs holds these, and nothing
//! that others wait for.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aether_core::errno;
use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::background;
use crate::calls::Call;
use crate::error::Reason;

/// As many as a pool has connections.
const MAX_THREADS: usize = 4;
/// How long a thread waits for the next read before it ends.
const IDLE: Duration = Duration::from_secs(10);
/// Reads that wait from which on those that were given up are looked for.
const MANY: usize = if cfg!(test) { 3 } else { 64 };
/// How long a read may wait for a thread.
const MAX_WAIT: Duration = Duration::from_millis(if cfg!(test) { 50 } else { 2000 });

/// A read, called with why it cannot run, if it cannot.
type ReadJob = Box<dyn FnOnce(Result<(), Reason>) + Send>;

struct WaitingRead {
    call: Arc<Call>,
    since: Instant,
    run: ReadJob,
}

#[derive(Default)]
struct State {
    /// The oldest first.
    waiting: VecDeque<WaitingRead>,
    threads: usize,
    idle: usize,
    is_closed: bool,
}

/// The threads of one index.
#[derive(Default)]
pub struct ReadThreads {
    state: Mutex<State>,
    changed: Condvar,
}

impl ReadThreads {
    /// Has `run` called on one of the threads, or dropped once the call is cancelled: its caller no
    /// longer waits. Returns at once; fails if no thread can be started.
    pub fn run(
        self: &Arc<Self>,
        call: &Arc<Call>,
        run: impl FnOnce(Result<(), Reason>) + Send + 'static,
    ) -> Result<(), Reason> {
        let waiting = WaitingRead {
            call: Arc::clone(call),
            since: Instant::now(),
            run: Box::new(run),
        };
        let mut given_up: Vec<WaitingRead> = Vec::new();
        let mut state = self.state.lock();
        // If all threads hang, there would be more and more of them.
        if state.waiting.len() >= MANY {
            let all = std::mem::take(&mut state.waiting);
            let (gone, still): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|one| one.call.is_cancelled());
            (given_up, state.waiting) = (gone, still.into());
        }
        state.waiting.push_back(waiting);
        if state.idle >= state.waiting.len() {
            self.changed.notify_one();
        } else if state.threads < MAX_THREADS {
            state.threads += 1;
            let this = Arc::clone(self);
            if background::spawn_named("aether-read", move || this.serve()).is_err() {
                state.threads -= 1;
                // EAGAIN, as the system says when no thread can be had.
                if state.threads == 0 {
                    given_up.extend(state.waiting.pop_back());
                    return Err(Reason::Errno(errno::AGAIN));
                }
            }
        }
        Ok(())
    }

    /// Ends the threads once nothing waits any more.
    pub fn close(&self) {
        self.state.lock().is_closed = true;
        self.changed.notify_all();
    }

    fn serve(&self) {
        while let Some(next) = self.next() {
            let is_late = next.since.elapsed() > MAX_WAIT;
            let why_not = if is_late { Err(Reason::Busy) } else { Ok(()) };
            // Whoever waits for the outcome learns of a panic by the read itself.
            drop(catch_unwind(AssertUnwindSafe(|| (next.run)(why_not))));
        }
    }

    /// The next read whose caller still waits. None once the thread is to end.
    fn next(&self) -> Option<WaitingRead> {
        let mut state = self.state.lock();
        loop {
            match state.waiting.pop_front() {
                // Whatever it holds is let go of while nobody waits for the lock.
                Some(first) if first.call.is_cancelled() => {
                    MutexGuard::unlocked(&mut state, || drop(first));
                }
                Some(first) => return Some(first),
                None => {
                    state.idle += 1;
                    let is_over =
                        state.is_closed || self.changed.wait_for(&mut state, IDLE).timed_out();
                    state.idle -= 1;
                    if is_over && state.waiting.is_empty() {
                        state.threads -= 1;
                        return None;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Keeps all threads until the senders are dropped.
    fn keep_all(threads: &Arc<ReadThreads>) -> Vec<Sender<()>> {
        let (began, begins) = channel();
        let keep = |_| {
            let (release, released) = channel::<()>();
            let began = began.clone();
            let run = move |_| {
                began.send(()).unwrap();
                let _ = released.recv();
            };
            threads.run(&Arc::default(), run).unwrap();
            release
        };
        let kept: Vec<_> = (0..MAX_THREADS).map(keep).collect();
        kept.iter().for_each(|_| begins.recv().unwrap());
        kept
    }

    #[test]
    fn a_read_that_waits_too_long_is_told_so_and_one_that_is_cancelled_is_dropped() {
        let threads = Arc::<ReadThreads>::default();
        let kept = keep_all(&threads);
        let (answer, answers) = channel();
        let calls: Vec<Arc<Call>> = (0..3).map(|_| Arc::default()).collect();
        for (number, call) in calls.iter().enumerate() {
            let answer = answer.clone();
            let run = move |why_not| answer.send((number, why_not)).unwrap();
            threads.run(call, run).unwrap();
        }
        calls[0].cancel();
        calls[1].cancel();
        // Those that wait are dropped already, with all that they hold.
        let held = Arc::new(());
        let hold = Arc::clone(&held);
        let given_up = Arc::<Call>::default();
        given_up.cancel();
        let last = move |_| drop(hold);
        threads.run(&given_up, last).unwrap();
        assert_eq!(threads.state.lock().waiting.len(), 2);
        std::thread::sleep(2 * MAX_WAIT);
        drop(kept);
        assert_eq!(answers.recv().unwrap(), (2, Err(Reason::Busy)));
        // Nobody else sends.
        drop(answer);
        assert!(answers.recv().is_err());
        while Arc::strong_count(&held) > 1 {
            std::thread::yield_now();
        }
    }

    #[test]
    fn there_are_few_threads_and_they_outlive_panics_until_it_is_closed() {
        let threads = Arc::<ReadThreads>::default();
        let (answer, answers) = channel();
        for number in 0..1000 {
            let answer = answer.clone();
            let run = move |_| {
                answer.send(number).unwrap();
                assert!(number % 10 > 0, "asked for");
            };
            threads.run(&Arc::default(), run).unwrap();
            assert!(threads.state.lock().threads <= MAX_THREADS);
        }
        let mut all: Vec<i32> = answers.iter().take(1000).collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..1000));
        threads.close();
        while threads.state.lock().threads > 0 {
            std::thread::yield_now();
        }
        // A read after that is answered too.
        threads
            .run(&Arc::default(), move |_| answer.send(-1).unwrap())
            .unwrap();
        assert_eq!(answers.iter().next(), Some(-1));
    }
}
