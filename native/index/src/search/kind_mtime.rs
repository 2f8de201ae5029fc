//! An entry's kind and time of change in 32 bits: enough to prefer recent entries. Exact times come
//! from the database.

use std::time::{SystemTime, UNIX_EPOCH};

/// The precision of times.
const SECONDS: i64 = 64;

/// Packs a kind and a time of change. An unknown time counts as the oldest.
pub(super) fn new(kind: u8, mtime: Option<i64>) -> u32 {
    let units = mtime.map_or(0, |ns| ns.div_euclid(1_000_000_000) / SECONDS);
    let units = units.clamp(0, i64::from(u32::MAX >> 3)) as u32;
    units << 3 | u32::from(kind & 7)
}

/// The low bits of a slab's kind.
pub(super) fn kind(kind_mtime: u32) -> u8 {
    (kind_mtime & 7) as u8
}

/// The current time, for `worth`.
pub(super) fn now() -> u32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    new(
        0,
        now.ok().and_then(|now| i64::try_from(now.as_nanos()).ok()),
    )
}

/// Maximum of `worth`.
pub(super) const MAX_WORTH: i32 = 12;

/// The worth of being recent: one less with every doubling of the age, from about an hour on.
pub(super) fn worth(kind_mtime: u32, now: u32) -> i32 {
    let age = (now >> 3).saturating_sub(kind_mtime >> 3);
    let doublings = 32_u32.saturating_sub(age.leading_zeros()) as i32;
    (18 - doublings).clamp(0, MAX_WORTH)
}

/// From when to when kinds and times are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    first: u32,
    last: u32,
}

impl Default for Span {
    fn default() -> Span {
        Span {
            first: u32::MAX >> 3,
            last: 0,
        }
    }
}

impl Span {
    /// With one more.
    pub(super) fn with(self, kind_mtime: u32) -> Span {
        // An unknown time is none to count from.
        let before = (kind_mtime >> 3).checked_sub(1);
        Span {
            first: self.first.min(before.unwrap_or(self.first)),
            last: self.last.max(kind_mtime),
        }
    }

    /// The time just before the first that is known.
    pub(super) fn first(self) -> u32 {
        self.first
    }

    /// The largest, counted from the first.
    pub(super) fn largest(self) -> u32 {
        since(self.last, self.first)
    }
}

/// The same with its time counted from `first`. An unknown time remains unknown.
pub(super) fn since(kind_mtime: u32, first: u32) -> u32 {
    (kind_mtime >> 3).saturating_sub(first) << 3 | kind_mtime & 7
}

/// The inverse of `since`.
pub(super) fn later(since: u32, first: u32) -> u32 {
    match since >> 3 {
        0 => since,
        _ => since + (first << 3),
    }
}
