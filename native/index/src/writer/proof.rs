//! What a listing proves: what it may not delete, and what later listings make of it.

pub(super) mod missed;
pub(super) mod mounts;
pub(super) mod stamps;
