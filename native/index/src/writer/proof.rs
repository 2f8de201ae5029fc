//! What a listing proves: what it may not delete, and what a later listing makes of it.

pub(super) mod devices;
pub(super) mod missed;
pub(super) mod mounts;
pub(super) mod scope;
pub(super) mod stamps;
