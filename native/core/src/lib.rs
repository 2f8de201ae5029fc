//! Walks directory trees on a bounded pool of threads and packs what it finds into slabs.
//!
//! No BEAM and no SQLite here: a scan calls a [`Sink`] and does not know what is behind it.

mod descriptor_table;
mod dir;
mod error;
mod evidence;
mod frontier;
pub mod lines;
mod lock;
mod mounts;
mod options;
pub mod path;
mod pool;
pub mod printable;
mod report;
mod root_path;
pub mod rules;
mod scan;
mod sink;
pub mod slab;
mod sys;
mod timer;
mod walk;

pub use descriptor_table::grow_descriptor_table;
pub use error::{Error, Operation, Reason, errno, errno_name, linux_errno};
pub use evidence::{Attested, Evidence, MountIdentity};
pub use mounts::{mount_of, mount_points};
pub use options::{Demand, GitUser, Identity, Ignore, Options, Root};
pub use pool::Pool;
pub use report::{Counts, ErrorLog, PoolInfo, Progress, ScanInfo, State, Status, Summary};
pub use root_path::RootPath;
pub use scan::{ReceiverMonitor, Scan};
pub use sink::{Admission, Packed, Sink};
