//! What a session keeps from keystroke to keystroke: the names that matched, unless there are too
//! many. A longer query that can only match some of these is tested against these alone.

use super::Query;
use super::filter::Filters;
use super::names::Names;
use super::pattern::Pattern;

/// Maximum number of matching names that are kept; beyond it, the next query tests all names.
pub(super) const MAX_KEPT: usize = 2_000_000;

/// Names of a shard that matched, by their place in it.
pub(super) type Kept = (u32, Vec<u16>);

/// Kept between the queries of one session.
#[derive(Debug, Default)]
pub struct Session {
    last: Option<Last>,
}

#[derive(Debug)]
struct Last {
    serial: u64,
    pattern: Pattern,
    scope: (Option<i64>, bool, Filters),
    kept: Vec<Kept>,
}

impl Session {
    /// An empty session.
    pub fn new() -> Self {
        Session::default()
    }

    /// What it takes in memory.
    pub fn bytes(&self) -> usize {
        let kept = self.last.iter().flat_map(|last| &last.kept);
        kept.map(|(_, places)| places.capacity() * 2 + size_of::<Kept>())
            .sum()
    }

    /// The only names that can match, if known.
    pub(super) fn candidates(
        &self,
        names: &Names,
        query: &Query<'_>,
        pattern: &Pattern,
    ) -> Option<&[Kept]> {
        let last = self.last.as_ref()?;
        let fits = last.serial == names.serial
            && last.scope == scope(query)
            && pattern.extends(&last.pattern);
        fits.then_some(last.kept.as_slice())
    }

    pub(super) fn keep(
        &mut self,
        names: &Names,
        query: &Query<'_>,
        pattern: Pattern,
        kept: Option<Vec<Kept>>,
    ) {
        self.last = kept.map(|mut kept| {
            kept.sort_unstable_by_key(|(shard, _)| *shard);
            Last {
                serial: names.serial,
                pattern,
                scope: scope(query),
                kept,
            }
        });
    }
}

/// What else decides which entries match.
fn scope(query: &Query<'_>) -> (Option<i64>, bool, Filters) {
    (query.source, query.all, query.filters.clone())
}
