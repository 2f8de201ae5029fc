//! Writing: one thread per database merges listings with what is stored and keeps every directory's
//! totals right in each commit.
//!
//! `api` and `scan_writer` are what users see, `thread` is the loop, `engine` has the transactions.
//! `intake` takes batches apart into listings, `apply` says what a listing changes, `proof` what it
//! may not change. `tree` caches directories, and `store` reaches the database.

mod api;
mod apply;
mod command;
mod engine;
mod intake;
mod limits;
mod links;
mod log;
mod options;
mod path_map;
mod progress_file;
mod proof;
mod purge;
mod roots;
mod scan_writer;
mod store;
mod thread;
mod tree;

pub(crate) use links::{MAX_DEPTH, chain};

pub use api::Index;
pub use log::LogState;
pub use options::{
    Expected, NewNote, OnCommit, OnPersisted, OpenOptions, Persisted, PushError, ScanCounts,
    ScanSpec, Started,
};
pub use roots::AtRoot;
pub use scan_writer::ScanWriter;
