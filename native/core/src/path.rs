//! Paths as bytes.

/// Bytes compared at a time.
const BLOCK: usize = 64;

/// Length of the common prefix of two byte strings.
pub fn common_len(a: &[u8], b: &[u8]) -> usize {
    let blocks = a
        .as_chunks::<BLOCK>()
        .0
        .iter()
        .zip(b.as_chunks::<BLOCK>().0);
    let from = BLOCK * blocks.take_while(|(a, b)| is_same(a, b)).count();
    let rest = |bytes: &[u8]| bytes.len().min(from);
    let (a, b) = (a.split_at(rest(a)).1, b.split_at(rest(b)).1);
    from + a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Like `==`, but without a call into the C library for each block.
fn is_same(a: &[u8; BLOCK], b: &[u8; BLOCK]) -> bool {
    let words = a.as_chunks().0.iter().zip(b.as_chunks().0);
    let differs = words.map(|(a, b)| u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b));
    differs.fold(0, |all, bits| all | bits) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn common_len_ends_at_the_first_difference(both in prop::collection::vec(0..2u8, 0..200), a in any::<Vec<u8>>(), b in any::<Vec<u8>>()) {
            let (a, b) = ([&both[..], &a].concat(), [&both[..], &b].concat());
            let expected = (0..).find(|at| a.get(*at).is_none() || a.get(*at) != b.get(*at));
            prop_assert_eq!(Some(common_len(&a, &b)), expected);
        }
    }
}
