//! Chains: ids of directories from below the root down, in LEB128. No id is the beginning of another,
//! so that bytes that two chains share are ids that they share.

/// The bit of a byte that another one of the same id follows.
const MORE: u8 = 0x80;

/// Adds an id at the end.
pub(crate) fn push(chain: &mut Vec<u8>, id: i64) {
    let mut rest = id.unsigned_abs();
    while rest >= u64::from(MORE) {
        chain.push(rest as u8 | MORE);
        rest >>= 7;
    }
    chain.push(rest as u8);
}

/// The ids, from the top.
pub(crate) fn ids(chain: &[u8]) -> impl Iterator<Item = i64> {
    chain.split_inclusive(|byte| byte & MORE == 0).map(|bytes| {
        let digits = bytes.iter().rev();
        digits.fold(0, |id, byte| id << 7 | i64::from(byte & !MORE))
    })
}

/// How many ids it has: levels below the root.
pub(crate) fn depth(chain: &[u8]) -> usize {
    chain.iter().filter(|byte| *byte & MORE == 0).count()
}

/// Its first ids, up to so many.
pub(crate) fn first(chain: &[u8], levels: usize) -> &[u8] {
    let mut ends = chain.iter().zip(1..).filter(|(byte, _)| **byte & MORE == 0);
    let end = levels.checked_sub(1).map(|last| ends.nth(last));
    let end = end.map_or(0, |end| end.map_or(chain.len(), |(_, end)| end));
    chain.get(..end).unwrap_or_default()
}

/// The first bytes behind all chains that begin with this one, which is not empty: the last byte of an
/// id is never the largest.
pub(crate) fn end(chain: &[u8]) -> Vec<u8> {
    let mut end = chain.to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

/// How many ids two chains share from the top.
pub(crate) fn common_depth(one: &[u8], other: &[u8]) -> usize {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b);
    same.filter(|(byte, _)| *byte & MORE == 0).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chain(ids: &[i64]) -> Vec<u8> {
        let mut chain = Vec::new();
        ids.iter().for_each(|id| push(&mut chain, *id));
        chain
    }

    fn some_ids() -> impl Strategy<Value = Vec<i64>> {
        let id = prop::sample::select(vec![1, 2, 127, 128, 129, 300, 16_383, 16_384, i64::MAX]);
        prop::collection::vec(id, 0..6)
    }

    proptest! {
        #[test]
        fn bytes_that_are_shared_are_ids_that_are_shared(one in some_ids(), other in some_ids()) {
            let (a, b) = (chain(&one), chain(&other));
            prop_assert_eq!(ids(&a).collect::<Vec<_>>(), one.clone());
            prop_assert_eq!(depth(&a), one.len());
            prop_assert_eq!(first(&a, 2), chain(&one[..one.len().min(2)]));
            prop_assert!(first(&a, 0).is_empty());
            let shared = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
            prop_assert_eq!(common_depth(&a, &b), shared);
            prop_assert_eq!(b.starts_with(&a), other.starts_with(&one));
            if !one.is_empty() {
                prop_assert_eq!(b.starts_with(&a), b >= a && b < end(&a));
            }
        }
    }
}
