//! Which characters a name contains, as a mask of 32 bits: a name can only match if it has all
//! characters of the query. Rare characters share bits, and so do letters of other scripts with
//! those of ASCII.

use super::fold;

/// The bit of a byte.
const fn bit(byte: u8) -> u32 {
    1 << match byte {
        b'a'..=b'z' => byte - b'a',
        b'0'..=b'4' => 26,
        b'5'..=b'9' => 27,
        b'.' => 28,
        b'-' => 29,
        b'_' => 30,
        _ => 31,
    }
}

// An index beyond the array would not compile.
#[allow(clippy::indexing_slicing)]
const BITS: [u32; 256] = {
    let mut bits = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        bits[byte] = bit(byte as u8);
        byte += 1;
    }
    bits
};

/// The mask of a folded name, or of a part of a query.
pub(super) fn char_mask(key: &[u8]) -> u32 {
    let ascii = |byte: u8| BITS.get(usize::from(byte)).copied().unwrap_or_default();
    if key.is_ascii() {
        return key.iter().fold(0, |seen, &byte| seen | ascii(byte));
    }
    let mut seen = 0;
    let mut rest = key;
    while let Some((unit, after)) = fold::unit(rest) {
        seen |= match unit {
            [byte] => ascii(*byte),
            // Letters of one alphabet differ in their last byte.
            [.., last] => 1 << (last & 31),
            [] => 0,
        };
        rest = after;
    }
    seen
}

/// Whether all of the wanted bits are set.
pub(super) fn has(mask: u32, wanted: u32) -> bool {
    mask & wanted == wanted
}
