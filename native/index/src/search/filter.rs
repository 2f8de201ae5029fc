//! What a search filters by besides its text. Kinds and extensions are known in memory; sizes and
//! exact times come from the index.

use super::fold;
use super::kind_mtime;

/// Conditions on entries; by default there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filters {
    /// The low bits of a slab's kind: one of these.
    pub kinds: Vec<u8>,
    /// One of these after the name's last dot.
    pub extensions: Vec<Vec<u8>>,
    /// More bytes than this; for a folder, the sum of everything beneath.
    pub larger: Option<i64>,
    /// Changed after this time, in ns.
    pub newer: Option<i64>,
}

impl Filters {
    /// Whether an entry passes, by what the index knows of it.
    pub(super) fn pass(&self, size: Option<i64>, mtime: Option<i64>) -> bool {
        let is_above = |least: Option<i64>, value: Option<i64>| {
            least.is_none_or(|least| value.is_some_and(|value| value > least))
        };
        is_above(self.larger, size) && is_above(self.newer, mtime)
    }
}

/// The part of the filters that can be checked in memory.
#[derive(Debug)]
pub(super) struct Sieve {
    /// A bit for each kind.
    kinds: u8,
    /// Folded, with their dot.
    extensions: Vec<Vec<u8>>,
    newer: u32,
    pub(super) passes_all: bool,
}

impl Sieve {
    pub(super) fn new(filters: &Filters) -> Sieve {
        let extension = |text: &Vec<u8>| {
            let text = text.strip_prefix(b".").unwrap_or(text);
            [b".", fold::key(text).as_slice()].concat()
        };
        Sieve {
            kinds: filters
                .kinds
                .iter()
                .fold(0, |kinds, kind| kinds | 1 << (kind & 7)),
            extensions: filters.extensions.iter().map(extension).collect(),
            newer: kind_mtime::new(0, filters.newer),
            passes_all: *filters == Filters::default()
                || *filters
                    == Filters {
                        larger: filters.larger,
                        ..Filters::default()
                    },
        }
    }

    /// Whether entries of a name may pass.
    pub(super) fn passes_name(&self, key: &[u8]) -> bool {
        let ends = |extension: &Vec<u8>| key.len() > extension.len() && key.ends_with(extension);
        self.extensions.is_empty() || self.extensions.iter().any(ends)
    }

    /// Whether an entry passes, given that its name does.
    pub(super) fn passes_row(&self, kind_mtime: u32) -> bool {
        (self.kinds == 0 || self.kinds >> kind_mtime::kind(kind_mtime) & 1 == 1)
            && kind_mtime >> 3 >= self.newer >> 3
    }
}
