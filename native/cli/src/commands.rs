//! A file for each command: what is done, and what is said.

mod answers;
mod known;
mod ls;
mod scan;
mod summary;

use aether_index::IndexState;
use aether_index::reader::FolderTotals;
use aether_index::subscriptions::Subscriber;

use crate::failure::Done;
use crate::options::Command;

/// Does what a command asks for.
pub fn run(command: Command) -> Done {
    match command {
        Command::Scan(options) => scan::run(&options),
        Command::Ls(options) => ls::run(&options),
    }
}

/// An index to which nobody here subscribes.
pub type State = IndexState<Nobody>;

/// No subscriber.
pub enum Nobody {}

impl Subscriber for Nobody {
    type Message = ();

    fn message(_folders: &[FolderTotals]) {}

    fn send(&self, _message: ()) {}
}
