//! From batches to jobs: what belongs to one listing comes together here.

pub(super) mod listing;
pub(super) mod scan;
