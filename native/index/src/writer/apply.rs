//! What one listing changes in the database: `job` decides, `read_ahead` and `compare` look at what
//! is stored, `merge`, `long_listing` and `delete_missing` write the difference.

pub(super) mod compare;
mod contradict;
pub(super) mod delete_missing;
pub(super) mod job;
pub(super) mod long_listing;
pub(super) mod merge;
pub(super) mod read_ahead;
