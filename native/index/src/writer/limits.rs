//! Limits that several parts of the writer share.

/// Whether limits are small enough for a few entries to exceed them: for tests.
pub(super) const SMALL: bool = cfg!(feature = "small");

/// Maximum number of rows deleted in one transaction.
pub(super) const MAX_DELETED: usize = if SMALL { 3 } else { 5000 };
