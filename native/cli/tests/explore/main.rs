//! The explorer from end to end: screens as `--once` prints them, for trees that a scan has put into an index before.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

mod disk;
mod export;
mod faults;
mod growth;
mod hostile;
mod removal;
mod safety;
mod screens;
mod sessions;
mod support;
