//! Writing: one thread for a database, which merges listings with what is stored and keeps every directory's totals right in each
//! commit. `api` is the face, `thread` the loop, `engine` the transactions; `scan` takes batches apart into jobs, `job` says what
//! one does, `merge` and `large` do it; `tree` and `node` hold directories in hand, `store` and `rows` reach the database.

mod api;
mod bulk;
mod chunks;
mod dir_rows;
mod engine;
mod gone;
mod hash;
mod job;
mod large;
mod listing;
mod log;
mod merge;
mod mounts;
mod node;
mod reap;
mod rows;
mod scan;
mod sources;
mod stamps;
mod store;
mod sweep;
mod thread;
mod tree;

pub use api::{
    Index, OnCommit, OnPersisted, OpenOptions, Persisted, PushError, ScanCounts, ScanSpec,
    ScanWriter, Started,
};
pub use log::LogState;
