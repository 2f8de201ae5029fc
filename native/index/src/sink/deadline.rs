//! Values that are dropped at a deadline, if their other owners have not finished with them before.
//! One thread serves all: it sleeps until the next is due, and ends when none is left.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::background;

/// How long each value is kept. The same for all, so the first in the queue is due first.
const PATIENCE: Duration = Duration::from_millis(50);

static QUEUE: Mutex<DeadlineQueue> = Mutex::new(DeadlineQueue {
    waiting: VecDeque::new(),
    has_thread: false,
});

struct DeadlineQueue {
    waiting: VecDeque<(Instant, Box<dyn Send>)>,
    has_thread: bool,
}

/// Drops the value after [`PATIENCE`]; at once, and on this thread, if none can be started.
pub fn drop_later(value: impl Send + 'static) {
    let mut queue = QUEUE.lock();
    if !queue.has_thread && background::spawn_named("aether-deadline", serve).is_err() {
        drop(queue);
        drop(value);
        return;
    }
    queue.has_thread = true;
    let due = Instant::now() + PATIENCE;
    queue.waiting.push_back((due, Box::new(value)));
}

fn serve() {
    loop {
        match next() {
            // A value that panics must not keep the others waiting.
            Next::Due(value) => drop(catch_unwind(AssertUnwindSafe(|| drop(value)))),
            // Values added during the sleep are due later.
            Next::Wait(time) => thread::sleep(time),
            Next::Nothing => return,
        }
    }
}

enum Next {
    Due(Box<dyn Send>),
    Wait(Duration),
    /// The thread is to end.
    Nothing,
}

fn next() -> Next {
    let mut queue = QUEUE.lock();
    let Some((due, value)) = queue.waiting.pop_front() else {
        queue.has_thread = false;
        return Next::Nothing;
    };
    match due.saturating_duration_since(Instant::now()) {
        Duration::ZERO => Next::Due(value),
        time => {
            queue.waiting.push_front((due, value));
            Next::Wait(time)
        }
    }
}
