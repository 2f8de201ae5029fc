//! Values that are dropped at a deadline, unless their other owners have used them up before. One
//! thread serves all of them: it sleeps until the next is due, and ends when none is left.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::background;

/// How long each waits. As it is the same for all, the first in the queue is the first due.
const PATIENCE: Duration = Duration::from_millis(50);

static QUEUE: Mutex<Queue> = Mutex::new(Queue {
    waiting: VecDeque::new(),
    has_thread: false,
});

struct Queue {
    waiting: VecDeque<(Instant, Box<dyn Send>)>,
    has_thread: bool,
}

/// Drops the value after [`PATIENCE`]; at once, and here, if no thread can be had.
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
            // One that panics must not keep the others waiting.
            Next::Due(value) => drop(catch_unwind(AssertUnwindSafe(|| drop(value)))),
            // Nothing that is added while this sleeps is due before.
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
