//! Why a command ends early: what is said on stderr, and the exit status.

use aether_index::search::Failed;
use rustix::io::Errno;
use signal_hook::consts::SIGPIPE;

use crate::messages;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0 complete, 1 errors or nothing found, 2 wrong usage.
    Status(u8),
    /// As the signal would have ended it.
    Signal(i32),
}

impl Exit {
    pub const COMPLETE: Exit = Exit::Status(0);
    pub const ERRORS: Exit = Exit::Status(1);
    pub const USAGE: Exit = Exit::Status(2);
}

/// What a command ends with.
pub type Done = Result<Exit, Failure>;

/// Why there is no answer, or only a part of one.
#[derive(Debug)]
pub struct Failure {
    /// What to say; nothing if nobody is there to read it. Safe to print.
    pub message: Option<String>,
    pub exit: Exit,
}

impl Failure {
    /// It could not be done.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure {
            message: Some(message.into()),
            exit: Exit::ERRORS,
        }
    }

    /// What was asked for makes no sense.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure {
            message: Some(message.into()),
            exit: Exit::USAGE,
        }
    }

    /// A signal came.
    pub fn signal(signal: i32) -> Failure {
        Failure {
            message: None,
            exit: Exit::Signal(signal),
        }
    }

    /// The output could not be written. A closed pipe is not worth a word.
    pub fn output(errno: Errno) -> Failure {
        match errno {
            Errno::PIPE => Failure::signal(SIGPIPE),
            errno => Failure::new(messages::output(errno)),
        }
    }

    /// Something at a path could not be done.
    pub fn io(error: &std::io::Error, verb: &str, path: &[u8]) -> Failure {
        Failure::new(messages::io(error, verb, path))
    }
}

impl From<aether_core::Error> for Failure {
    fn from(error: aether_core::Error) -> Failure {
        Failure::new(messages::scan(&error))
    }
}

impl From<aether_index::Error> for Failure {
    fn from(error: aether_index::Error) -> Failure {
        Failure::new(messages::index(&error))
    }
}

impl From<Failed> for Failure {
    fn from(failed: Failed) -> Failure {
        match failed {
            Failed::Index(error) => error.into(),
            Failed::Refused(refused) => Failure::new(messages::search(&refused)),
        }
    }
}
