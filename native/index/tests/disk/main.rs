//! Sizes on disk and owners, as the index has them of real trees, against `du` of each folder alone
//! and `find`.
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
mod exact;
mod forgotten;
mod handmade;
mod links;
mod owners;
mod plain;
mod random;
#[path = "../support/mod.rs"]
mod support;
mod synthetic;
mod tools;
#[path = "../support/walker.rs"]
mod walker;
