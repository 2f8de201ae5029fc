//! The program from end to end: real trees, real descriptors, real signals; find, git, du and sqlite3 as oracles.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

mod current_directory;
mod disk;
mod du;
mod endings;
mod help;
mod index;
mod kept;
mod listing;
mod maintenance;
mod messages;
mod rules;
mod script;
mod support;
mod terminal;
