//! A file for each command: what is done, and what is said.

pub mod answers;
mod changes;
mod check;
mod du;
mod find;
mod info;
mod known;
mod links;
mod ls;
mod maintain;
mod manual;
pub mod scan;
mod summary;

use aether_index::IndexState;
use aether_index::reader::FolderTotals;
use aether_index::subscriptions::Subscriber;

use crate::explore;
use crate::failure::Done;
use crate::options::Command;

/// Does what a command asks for.
pub fn run(command: Command) -> Done {
    match command {
        Command::Scan(options) => scan::run(&options),
        Command::Du(options) => du::run(&options),
        Command::Ls(options) => ls::run(&options),
        Command::Links(options) => links::run(&options),
        Command::Find(options) => find::run(&options),
        Command::Changes(options) => changes::run(&options),
        Command::Explore(options) => explore::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Info(options) => info::run(&options),
        Command::Forget(options) => maintain::forget(&options),
        Command::Backup(options) => maintain::backup(&options),
        Command::Restore(options) => maintain::put_back(&options),
        Command::Vacuum(options) => maintain::vacuum(&options),
        Command::Completions(options) => manual::completions(&options),
        Command::Man(options) => manual::man(&options),
    }
}

/// An index to which nobody here subscribes.
pub type LocalIndex = IndexState<Nobody>;

/// No subscriber.
pub enum Nobody {}

impl Subscriber for Nobody {
    type Message = ();

    fn message(_folders: &[FolderTotals]) {}

    fn send(&self, _message: ()) {}
}
