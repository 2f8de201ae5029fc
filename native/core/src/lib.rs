//! Walks directory trees on a bounded pool of threads and packs what it finds into slabs.
//!
//! No BEAM and no SQLite live here: a scan speaks to a [`Sink`], and never knows who is behind it.

mod error;
mod options;
mod report;
pub mod rules;
mod sink;
pub mod slab;

pub use error::{Error, Operation, Reason};
pub use options::{Demand, Identity, Ignore, Options, Root};
pub use report::{Counts, ErrorLog, PoolInfo, Progress, ScanInfo, State, Status, Summary};
pub use sink::{Packed, Sink};
