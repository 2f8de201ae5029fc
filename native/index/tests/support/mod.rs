//! Slabs made by hand, an index to write them to, and the sqlite3 shell as the oracle of what came of it.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod dice;
mod fixture;
mod listings;
mod process;
pub mod raw;
mod recount;
mod rows;
mod shell;
pub mod strace;

pub use dice::*;
pub use fixture::*;
pub use listings::*;
pub use process::*;
pub use recount::*;
pub use rows::*;
pub use shell::*;
