//! Finds the names that contain a short text, in a time that does not depend on how many do: if
//! most do, going from hit to hit takes several times as long. 64 bytes at a time are turned into
//! words of bits that say where the text occurs and where names end.

use wide::u8x16;

use super::shard::END;

pub(super) const STEP: usize = 64;

/// Maximum length of a text; for longer ones this is not worth while.
pub(super) const MAX_TEXT: usize = 8;

/// Sets a bit for each name of a blob that contains the text, 64 names a word. Calls `each` with
/// the number of every name that begins with it.
pub(super) fn find(blob: &[u8], text: &[u8], names: &mut [u64], mut each: impl FnMut(usize)) {
    let mut name = 0;
    let mut is_new = true;
    for from in (0..blob.len()).step_by(STEP) {
        let ends = places(blob, from, END);
        let starts = ends << 1 | u64::from(is_new);
        let hits = text
            .iter()
            .enumerate()
            .fold(!0, |hits, (at, &byte)| hits & places(blob, from + at, byte));
        let mut begins = hits & starts;
        while begins != 0 {
            let at = begins.trailing_zeros();
            let before = ends & ((1 << at) - 1);
            each(name + before.count_ones() as usize);
            begins &= begins - 1;
        }
        let found = with_hit(hits, ends);
        let mut rest = ends;
        while rest != 0 {
            set_if(found & rest & rest.wrapping_neg() != 0, name, names);
            name += 1;
            rest &= rest - 1;
        }
        // The name that reaches into the next step.
        set_if(hits & !up_to_highest(ends) != 0, name, names);
        is_new = ends >> (STEP - 1) != 0;
    }
}

/// Where a name ends in a blob, after skipping the ends of others.
#[inline]
pub(super) fn end(blob: &[u8], mut skip: usize) -> Option<usize> {
    for from in (0..blob.len()).step_by(STEP) {
        let mut ends = places(blob, from, END);
        while ends != 0 {
            if skip == 0 {
                return Some(from + ends.trailing_zeros() as usize);
            }
            skip -= 1;
            ends &= ends - 1;
        }
    }
    None
}

/// How many names end in a blob.
pub(super) fn count_ends(blob: &[u8]) -> usize {
    let (steps, rest) = blob.as_chunks::<STEP>();
    let steps = steps
        .iter()
        .map(|bytes| bits(bytes, END).count_ones() as usize);
    steps.sum::<usize>() + rest.iter().filter(|byte| **byte == END).count()
}

/// Sets a bit, without a branch that would often be mispredicted.
fn set_if(condition: bool, at: usize, bits: &mut [u64]) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= u64::from(condition) << (at % 64);
    }
}

/// The ends of the names that have a hit. Subtracting the bit at which a name starts clears the
/// lowest bit above it: a hit or, if there is none, the end.
fn with_hit(hits: u64, ends: u64) -> u64 {
    // A name that does not end here is handled by the caller.
    let within = up_to_highest(ends);
    let starts = (ends << 1 | 1) & within;
    ends & (hits & within | ends).wrapping_sub(starts)
}

/// All bits up to the highest one that is set; none if none is.
fn up_to_highest(bits: u64) -> u64 {
    u64::MAX
        .checked_shr(bits.leading_zeros())
        .unwrap_or_default()
}

/// A bit for each of 64 places that has this byte. Beyond the blob, every byte is `END`.
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

/// The same for 64 bytes.
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
        fn finds_what_a_look_at_every_name_does(
            names in prop::collection::vec("[ab.]{1,90}|[a-c]{1,9}|.{1,4}", 0..60),
            text in "[ab.]{1,4}|[a-c]{5,8}",
        ) {
            let names: Vec<String> = names.iter().map(|name| name.replace('/', "a")).collect();
            let blob: Vec<u8> = names.iter().flat_map(|name| [name.as_bytes(), &[END]].concat()).collect();
            let mut begin = Vec::new();
            let mut found = [0; 1];
            find(&blob, text.as_bytes(), &mut found, |name| begin.push(name));
            for (at, name) in names.iter().enumerate() {
                prop_assert_eq!(found[0] >> at & 1 == 1, name.contains(&text), "{}", at);
            }
            prop_assert_eq!(found[0].checked_shr(names.len() as u32).unwrap_or_default(), 0);
            let wanted: Vec<usize> = (0..names.len()).filter(|&at| names[at].starts_with(&text)).collect();
            prop_assert_eq!(begin, wanted);
        }
    }
}
