//! Counts the names that have a short text, at the speed of a look at every byte however many have it: where most
//! have, going from hit to hit takes several times as long. 64 bytes at a time become words of bits: where the text
//! is, where names end.

use wide::u8x16;

use super::shard::END;

pub(super) const STEP: usize = 64;

/// Texts beyond this are not for here.
pub(super) const LONGEST: usize = 8;

/// How many names of a blob have the text. Calls `each` with the number of every one
/// that begins with it.
pub(super) fn count(blob: &[u8], text: &[u8], mut each: impl FnMut(usize)) -> u64 {
    let mut counted = 0;
    let mut names = 0;
    let mut open = Open {
        is_new: true,
        has_text: false,
    };
    for from in (0..blob.len()).step_by(STEP) {
        let ends = places(blob, from, END);
        let starts = ends << 1 | u64::from(open.is_new);
        let hits = text
            .iter()
            .enumerate()
            .fold(!0, |hits, (at, &byte)| hits & places(blob, from + at, byte));
        let mut begins = hits & starts;
        while begins != 0 {
            let at = begins.trailing_zeros();
            let before = ends & ((1 << at) - 1);
            each(names + before.count_ones() as usize);
            begins &= begins - 1;
        }
        // The name that reaches into this step has been counted, if it has the text.
        let hits = hits & !(up_to_lowest(ends) & all_if(open.has_text));
        let tail = hits & !up_to_highest(ends);
        counted += u64::from(with_hit(hits, ends).count_ones() + u32::from(tail != 0));
        open = Open {
            is_new: ends >> (STEP - 1) != 0,
            has_text: (tail != 0) | (open.has_text & (ends == 0)),
        };
        names += ends.count_ones() as usize;
    }
    counted
}

/// The name that a step ends in.
struct Open {
    /// It begins with the next step.
    is_new: bool,
    /// It has been counted.
    has_text: bool,
}

/// The ends of those names that have a hit. Taking one from where a name starts clears the lowest bit above it: a hit,
/// or, where there is none, the end.
fn with_hit(hits: u64, ends: u64) -> u64 {
    // What does not end here is not told here.
    let within = up_to_highest(ends);
    let starts = (ends << 1 | 1) & within;
    ends & (hits & within | ends).wrapping_sub(starts)
}

/// All bits, or none: what branches here is mispredicted as often as not.
fn all_if(condition: bool) -> u64 {
    u64::from(condition).wrapping_neg()
}

/// All bits up to the lowest one that is set; all if none is.
fn up_to_lowest(bits: u64) -> u64 {
    bits ^ bits.wrapping_sub(1)
}

/// All bits up to the highest one that is set; none if none is.
fn up_to_highest(bits: u64) -> u64 {
    u64::MAX
        .checked_shr(bits.leading_zeros())
        .unwrap_or_default()
}

/// A bit for each of the 64 places that has this byte. Beyond the blob names go on ending.
#[inline]
fn places(blob: &[u8], from: usize, byte: u8) -> u64 {
    let rest = blob.get(from..).unwrap_or_default();
    match rest.first_chunk() {
        Some(bytes) => bits(bytes, byte),
        None => {
            let mut bytes = [END; STEP];
            bytes
                .iter_mut()
                .zip(rest)
                .for_each(|(to, &byte)| *to = byte);
            bits(&bytes, byte)
        }
    }
}

/// The same of 64 bytes.
#[inline]
pub(super) fn bits(bytes: &[u8; STEP], byte: u8) -> u64 {
    let wanted = u8x16::splat(byte);
    let (lanes, _) = bytes.as_chunks::<16>();
    lanes.iter().rev().fold(0, |bits, lane| {
        bits << 16 | u64::from(u8x16::new(*lane).simd_eq(wanted).to_bitmask())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_as_a_look_at_every_name_does(
            names in prop::collection::vec("[ab.]{1,90}|[a-c]{1,9}|.{1,4}", 0..60),
            text in "[ab.]{1,4}|[a-c]{5,8}",
        ) {
            let names: Vec<String> = names.iter().map(|name| name.replace('/', "a")).collect();
            let blob: Vec<u8> = names.iter().flat_map(|name| [name.as_bytes(), &[END]].concat()).collect();
            let mut begin = Vec::new();
            let counted = count(&blob, text.as_bytes(), |name| begin.push(name));
            prop_assert_eq!(counted as usize, names.iter().filter(|name| name.contains(&text)).count());
            let wanted: Vec<usize> = (0..names.len()).filter(|&at| names[at].starts_with(&text)).collect();
            prop_assert_eq!(begin, wanted);
        }
    }
}
