//! A live SQLite picture of every tree that was scanned.
//!
//! One file, one writer thread, readers anywhere. This crate knows nothing of the BEAM and does not
//! walk: the walker's slabs come in through [`Index::begin_with`], and answers are read from the tables
//! that `schema.sql` describes.

mod answer;
mod background;
mod batch;
pub mod cache;
pub mod calls;
mod columns;
mod connection;
mod error;
mod fnv;
mod gate;
mod guard;
mod identity;
mod immutable;
mod location;
mod lock;
pub mod maintenance;
mod open;
mod owner;
mod read_threads;
pub mod reader;
mod readers;
mod record;
mod registry;
mod rules;
mod scan_progress;
mod schema;
pub mod search;
pub mod sink;
mod state;
pub mod subscriptions;
mod temporary;
#[cfg(not(feature = "test-support"))]
mod text;
#[cfg(feature = "test-support")]
pub mod text;
mod token;
mod unclosed;
mod unfinished;
mod values;
mod writer;

pub use aether_core::MountIdentity;
pub use answer::{Answer, Newer, Unreadable};
pub use batch::Batch;
pub use connection::Connection;
pub use error::{Error, Operation, Reason};
pub use gate::Gate;
pub use location::Location;
#[cfg(feature = "test-support")]
pub use lock::WriterLock;
#[cfg(feature = "test-support")]
pub use open::{create, open_reader, open_writer};
pub use owner::Owner;
pub use readers::Readers;
pub use rules::Rules;
pub use scan_progress::ScanProgress;
#[cfg(feature = "test-support")]
pub use schema::VERSION;
pub use state::{IndexInfo, IndexState, StoredRules, restore};
pub use values::{kind, listing, scan_status};
pub use writer::{
    AtRoot, Expected, Index, LogState, NewNote, OnCommit, OnPersisted, OpenOptions, Persisted,
    PushError, ScanCounts, ScanSpec, ScanWriter, Started,
};
