//! Which letters a name has, as a word of 32 bits: a query can only be in a name that has all of its letters.
//! Capitals count as small letters, and what is rare in names shares bits.

/// The bit of a byte.
const fn bit(byte: u8) -> u32 {
    1 << match byte {
        b'a'..=b'z' => byte - b'a',
        b'A'..=b'Z' => byte - b'A',
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

/// The letters of a name, or of a part of a query.
pub(super) fn letters(name: &[u8]) -> u32 {
    name.iter().fold(0, |seen, &byte| {
        seen | BITS.get(usize::from(byte)).copied().unwrap_or_default()
    })
}

/// Whether all of the wanted letters are there.
pub(super) fn has(letters: u32, wanted: u32) -> bool {
    letters & wanted == wanted
}
