//! Sizes on disk, as the index has them of real trees, against `du` of each folder alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod asked;
mod breakdown;
mod count;
mod devices;
mod handmade;
mod links;
mod plain;
mod random;
#[path = "../support/mod.rs"]
mod support;
mod synthetic;
mod tools;
#[path = "../support/walker.rs"]
mod walker;
