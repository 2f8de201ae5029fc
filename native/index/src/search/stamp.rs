//! What an entry is and when it was changed, in 32 bits: enough to prefer what is newer. Exact times come from
//! the database.

use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS: i64 = 8;

/// Kind and time of change; what is not known counts as the oldest.
pub(super) fn new(kind: u8, mtime: Option<i64>) -> u32 {
    let units = mtime.map_or(0, |ns| ns.div_euclid(1_000_000_000) / SECONDS);
    let units = units.clamp(0, i64::from(u32::MAX >> 3)) as u32;
    units << 3 | u32::from(kind & 7)
}

/// The low bits of a slab's kind.
pub(super) fn kind(stamp: u32) -> u8 {
    (stamp & 7) as u8
}

/// The clock, as `worth` takes it.
pub(super) fn now() -> u32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    new(
        0,
        now.ok().and_then(|now| i64::try_from(now.as_nanos()).ok()),
    )
}

/// The most that being new is worth.
pub(super) const NEWEST: i32 = 12;

/// What being new is worth: less by one with every doubling of the age, from an hour on.
pub(super) fn worth(stamp: u32, now: u32) -> i32 {
    let age = (now >> 3).saturating_sub(stamp >> 3);
    let doublings = 32_u32.saturating_sub(age.leading_zeros()) as i32;
    (21 - doublings).clamp(0, NEWEST)
}
