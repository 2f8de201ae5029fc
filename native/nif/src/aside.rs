//! Threads of this library's own, for what may take its time. No scheduler waits for one, or does its work where none can be had.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use parking_lot::Mutex;

type Task = Box<dyn FnOnce() + Send>;

/// What must be done and no thread could be had for. The next that can be had does it.
static LEFT: Mutex<Vec<Task>> = Mutex::new(Vec::new());

/// Starts a thread. If it cannot be had, `body` is dropped here.
pub fn start(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let named = thread::Builder::new().name(name.into());
    let caught = move || {
        // Who had to be told of a panic has been, further in.
        drop(catch_unwind(AssertUnwindSafe(body)));
        catch_up();
    };
    named.spawn(caught).map(drop)
}

/// Starts a thread for one call that takes its time.
pub fn thread(body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    start("aether-aside", body)
}

/// Does it on a thread. If none can be had, it waits for the next that can: a scheduler must neither do it nor drop it.
pub fn must_run(task: impl FnOnce() + Send + 'static) {
    let task: Arc<Mutex<Option<Task>>> = Arc::new(Mutex::new(Some(Box::new(task))));
    let take = |task: &Mutex<Option<Task>>| task.lock().take();
    let theirs = Arc::clone(&task);
    let run = move || {
        if let Some(task) = take(&theirs) {
            task();
        }
    };
    if thread(run).is_err() {
        LEFT.lock().extend(take(&task));
    }
}

/// Does what no thread could be had for. Never on a scheduler.
pub fn catch_up() {
    // A function, so that the lock is not held meanwhile.
    let next = || LEFT.lock().pop();
    while let Some(task) = next() {
        drop(catch_unwind(AssertUnwindSafe(task)));
    }
}
