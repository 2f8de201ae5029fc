//! What is to end at a certain time if nothing has ended it before. One thread for all of it, which sleeps until the next is
//! due and is gone when nothing waits.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::aside;

/// How long each waits. As it is the same for all, the first to come is the first that is due.
const PATIENCE: Duration = Duration::from_millis(50);

static QUEUE: Mutex<Queue> = Mutex::new(Queue {
    waiting: VecDeque::new(),
    is_served: false,
});

struct Queue {
    waiting: VecDeque<(Instant, Box<dyn Send>)>,
    /// There is a thread.
    is_served: bool,
}

/// Drops this after [`PATIENCE`], or at once, and here, if no thread can be had.
pub fn drop_later(thing: impl Send + 'static) {
    let mut queue = QUEUE.lock();
    if !queue.is_served && aside::start("aether-deadline", serve).is_err() {
        drop(queue);
        drop(thing);
        return;
    }
    queue.is_served = true;
    let due = Instant::now() + PATIENCE;
    queue.waiting.push_back((due, Box::new(thing)));
}

fn serve() {
    loop {
        match next() {
            // One that panics must not keep the others waiting.
            Next::Due(thing) => drop(catch_unwind(AssertUnwindSafe(|| drop(thing)))),
            // Nothing that comes meanwhile is due before.
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
    let Some((due, thing)) = queue.waiting.pop_front() else {
        queue.is_served = false;
        return Next::Nothing;
    };
    match due.saturating_duration_since(Instant::now()) {
        Duration::ZERO => Next::Due(thing),
        time => {
            queue.waiting.push_front((due, thing));
            Next::Wait(time)
        }
    }
}
