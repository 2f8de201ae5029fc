//! An answer, and how fresh and complete it is: when its content was seen, what it does not know,
//! and what it rests on. `reader/freshness.rs` finds this out.

use std::time::Duration;

/// Older answers are stale.
pub const STALE_AFTER: Duration = Duration::from_secs(60 * 60);

/// A value with its age and its gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// When this folder was last seen: ms since the epoch of the end of the latest scan that covers
    /// it within its depth, and listed it. None if none did.
    pub scanned_at: Option<i64>,
    /// Since then, by this machine's clock. None if that was never, or is in the future because the
    /// clock was set back.
    pub age: Option<Duration>,
    /// It is older than `STALE_AFTER`, of no known age, or being scanned.
    pub stale: bool,
    /// A scan that covers this folder is running.
    pub scanning: bool,
    /// Nothing beneath is unknown. Otherwise totals read "at least".
    pub exhaustive: bool,
    /// What could not be read beneath.
    pub unreadable: Unreadable,
    /// Some of it comes from the predecessor's cache, and no scan has seen it.
    pub imported: bool,
    /// The database is older than this machine has seen it before: it was restored from a copy, or
    /// lost its log.
    pub rolled_back: bool,
    /// Another source, whose root lies within this one's or around it, has looked at this folder
    /// since.
    pub newer: Option<Newer>,
}

/// Another source that has seen the folder more recently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newer {
    /// The other source's id.
    pub source: String,
    /// The folder, relative to its root.
    pub folder: Vec<u8>,
    /// When it looked; ms since the epoch.
    pub scanned_at: Option<i64>,
}

impl<T> Answer<T> {
    /// The same about another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            value: change(self.value),
            scanned_at: self.scanned_at,
            age: self.age,
            stale: self.stale,
            scanning: self.scanning,
            exhaustive: self.exhaustive,
            unreadable: self.unreadable,
            imported: self.imported,
            rolled_back: self.rolled_back,
            newer: self.newer,
        }
    }
}

/// Directories beneath a folder that could not be listed, or not to their end, the folder included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    /// How many were met.
    pub count: u64,
    /// There may be more: looking for them was cut short.
    pub at_least: bool,
    /// The paths of the first of them, relative to the source's root.
    pub first: Vec<Vec<u8>>,
}
