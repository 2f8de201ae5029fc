//! What a thread that hangs was asking for. The kernel knows it, so that no thread has to note each name that it looks
//! at, which would cost the walk more than all else that the timer needs.

use std::fs::{File, read_to_string};
use std::os::unix::fs::FileExt;

use crate::sys::PendingCall;

/// The longest name, and its NUL.
const NAME: usize = 256;

/// The directory and the name that a thread's system call was given, while it sleeps in one that takes them: `statx`,
/// `openat` and the like. `None` for other calls, and where the system does not say.
pub(crate) fn asked_of_kernel(thread: i32) -> Option<PendingCall> {
    // The call's number and its arguments, or "running".
    let call = read_to_string(format!("/proc/self/task/{thread}/syscall")).ok()?;
    let mut arguments = call.split(' ').skip(1).map(|argument| {
        let digits = argument.strip_prefix("0x")?;
        u64::from_str_radix(digits, 16).ok()
    });
    let directory = arguments.next()??.try_into().ok()?;
    let address = arguments.next()??;
    // Our own memory, read as a file: the thread may return while it is read, and then it may hold anything.
    let mut name = [0; NAME];
    let memory = File::open("/proc/self/mem").ok()?;
    let read = memory.read_at(&mut name, address).ok()?;
    let name = name.get(..read)?.split(|byte| *byte == 0).next()?;
    (name.len() < read).then(|| PendingCall {
        directory,
        name: name.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;
    use std::sync::mpsc;
    use std::thread;

    use rustix::fs::{CWD, Mode, OFlags, openat};

    use super::*;
    use crate::sys::thread_id;

    /// Opening a pipe that nobody writes to sleeps.
    #[test]
    fn the_name_that_a_sleeping_call_was_given_is_known() {
        let dir = tempfile::TempDir::new().unwrap();
        rustix::fs::mkfifoat(CWD, dir.path().join("pipe"), Mode::RWXU).unwrap();
        let folder = File::open(dir.path()).unwrap();
        let expected = PendingCall {
            directory: folder.as_raw_fd(),
            name: b"pipe".to_vec(),
        };
        let (tell, told) = mpsc::channel();
        let opens = thread::spawn(move || {
            tell.send(thread_id()).unwrap();
            openat(&folder, c"pipe", OFlags::RDONLY, Mode::empty()).unwrap();
        });
        let id = told.recv().unwrap();
        while asked_of_kernel(id).is_none_or(|asked| asked != expected) {
            assert!(!opens.is_finished());
            thread::yield_now();
        }
        drop(
            File::options()
                .write(true)
                .open(dir.path().join("pipe"))
                .unwrap(),
        );
        opens.join().unwrap();
        assert_eq!(asked_of_kernel(id), None);
    }
}
