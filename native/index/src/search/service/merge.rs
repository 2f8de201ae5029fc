//! An answer over several sources is as fresh as the stalest of them.

use crate::answer::{Answer, Unreadable};

/// An answer over these sources, without a value yet.
pub fn merge<T>(mut sources: Vec<Answer<T>>) -> Answer<()> {
    // Paths in several roots would be ambiguous.
    let first = match sources.as_mut_slice() {
        [one] => std::mem::take(&mut one.unreadable.first),
        _ => Vec::new(),
    };
    // None means never, and is older than any age.
    let ages: Option<Vec<_>> = sources.iter().map(|one| one.age).collect();
    let mut merged = Answer {
        value: (),
        scanned_at: sources.iter().map(|one| one.scanned_at).min().flatten(),
        age: ages.and_then(|ages| ages.into_iter().max()),
        stale: sources.is_empty(),
        scanning: false,
        exhaustive: !sources.is_empty(),
        unreadable: Unreadable::default(),
        imported: false,
        rolled_back: false,
        newer: None,
    };
    for one in sources {
        merged.stale |= one.stale;
        merged.scanning |= one.scanning;
        merged.exhaustive &= one.exhaustive;
        merged.rolled_back |= one.rolled_back;
        merged.unreadable.count += one.unreadable.count;
        merged.unreadable.at_least |= one.unreadable.at_least;
    }
    merged.unreadable.first = first;
    merged
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Seen whole, so many seconds ago.
    fn source(age: u64) -> Answer<()> {
        Answer {
            value: (),
            scanned_at: Some(1_000 - age as i64),
            age: Some(Duration::from_secs(age)),
            stale: false,
            scanning: false,
            exhaustive: true,
            unreadable: Unreadable::default(),
            imported: false,
            rolled_back: false,
            newer: None,
        }
    }

    fn unreadable(count: u64, at_least: bool, path: &[u8]) -> Answer<()> {
        let first = vec![path.to_vec()];
        Answer {
            unreadable: Unreadable {
                count,
                at_least,
                first,
            },
            exhaustive: false,
            ..source(1)
        }
    }

    fn never() -> Answer<()> {
        Answer {
            scanned_at: None,
            age: None,
            stale: true,
            exhaustive: false,
            ..source(0)
        }
    }

    #[test]
    fn the_stalest_decides() {
        let scanning = Answer {
            stale: true,
            scanning: true,
            ..source(2)
        };
        let rolled_back = Answer {
            rolled_back: true,
            ..source(2)
        };
        let both = Answer {
            unreadable: Unreadable {
                count: 5,
                at_least: true,
                first: Vec::new(),
            },
            exhaustive: false,
            ..source(1)
        };
        let cases = [
            (vec![], never()),
            (vec![source(3)], source(3)),
            (vec![source(3), source(7), source(5)], source(7)),
            (vec![source(3), never(), source(5)], never()),
            (vec![source(1), scanning.clone()], scanning),
            (vec![rolled_back.clone(), source(1)], rolled_back),
            // One root: the path can only be in that.
            (vec![unreadable(2, false, b"a")], unreadable(2, false, b"a")),
            (
                vec![unreadable(2, true, b"a"), unreadable(3, false, b"b")],
                both,
            ),
        ];
        for (sources, expected) in cases {
            assert_eq!(merge(sources.clone()), expected, "{sources:?}");
        }
    }
}
