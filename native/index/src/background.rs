//! Threads for work that may take long or hang. If no thread can be started, work that must run
//! waits for the next one: the caller may be a scheduler of the BEAM, which must neither do it nor
//! drop it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use parking_lot::Mutex;

type BoxedTask = Box<dyn FnOnce() + Send>;

/// Tasks for which no thread could be started. The next thread runs them.
static LEFT_OVER: Mutex<Vec<BoxedTask>> = Mutex::new(Vec::new());

/// Starts a thread with this name. If that fails, `body` is dropped here.
pub fn spawn_named(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let caught = move || {
        // A caller that waits for the outcome learns of a panic in `body` itself.
        drop(catch_unwind(AssertUnwindSafe(body)));
        catch_up();
    };
    let thread = thread::Builder::new().name(name.into());
    thread.spawn(caught).map(drop)
}

/// Starts a thread for one call that may take long.
pub fn spawn(body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    spawn_named("aether-aside", body)
}

/// Runs the task on a thread. If none can be started, the next one runs it.
pub fn must_run(task: impl FnOnce() + Send + 'static) {
    let task: Arc<Mutex<Option<BoxedTask>>> = Arc::new(Mutex::new(Some(Box::new(task))));
    let take = |task: &Mutex<Option<BoxedTask>>| task.lock().take();
    let theirs = Arc::clone(&task);
    let run = move || {
        if let Some(task) = take(&theirs) {
            task();
        }
    };
    if spawn(run).is_err() {
        LEFT_OVER.lock().extend(take(&task));
    }
}

/// Runs the tasks for which no thread could be started. Never on a scheduler.
pub fn catch_up() {
    // A function, so that the lock is not held while a task runs.
    let next = || LEFT_OVER.lock().pop();
    while let Some(task) = next() {
        drop(catch_unwind(AssertUnwindSafe(task)));
    }
}
