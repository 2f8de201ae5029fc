//! Writing: one thread for a database, which merges listings with what is stored and keeps every directory's totals right in each
//! commit. `api` and `scan_writer` are the face, `thread` the loop, `engine` the transactions; `scan` takes batches apart into jobs,
//! `job` says what one does, `bulk` and `compare` look, `merge`, `large` and `sweep` do it; `tree` and `node` hold directories in
//! hand, `store`, `rows` and `dir_rows` reach the database.

mod api;
mod bulk;
mod chunks;
mod command;
mod compare;
mod dir_rows;
mod ends;
mod engine;
mod find_source;
mod follow;
mod gone;
mod hash;
mod job;
mod large;
mod listing;
mod log;
mod merge;
mod missed;
mod mounts;
mod node;
mod options;
mod path_map;
mod reap;
mod remembered;
mod roots;
mod rows;
mod scan;
mod scan_writer;
mod sources;
mod stamps;
mod store;
mod sweep;
mod thread;
mod tree;

/// Whether limits are so small that a few entries go beyond them: for tests.
const SMALL: bool = cfg!(feature = "small");

pub use api::Index;
pub use log::LogState;
pub use options::{
    Expected, NewNote, OnCommit, OnPersisted, OpenOptions, Persisted, PushError, ScanCounts,
    ScanSpec, Started,
};
pub use roots::AtRoot;
pub use scan_writer::ScanWriter;
