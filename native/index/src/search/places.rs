//! Where letters occur in a name, as a bit for each place.

use super::swar::{STEP, bits};

/// The first 128 bytes of a name: all of most.
pub(super) struct Places {
    halves: [[u8; STEP]; 2],
    length: usize,
}

impl Places {
    /// All of a name, unless it is long.
    pub(super) fn whole(name: &[u8]) -> Option<Places> {
        (name.len() <= 2 * STEP).then(|| Places::new(name))
    }

    pub(super) fn new(name: &[u8]) -> Places {
        let length = name.len().min(2 * STEP);
        let mut halves = [[0; STEP]; 2];
        for (half, bytes) in halves.iter_mut().zip(name.chunks(STEP)) {
            half.iter_mut()
                .zip(bytes)
                .for_each(|(to, byte)| *to = *byte);
        }
        Places { halves, length }
    }

    /// Where a letter occurs.
    pub(super) fn of(&self, letter: &[u8]) -> u128 {
        let all = u128::MAX
            .checked_shr(128 - self.length as u32)
            .unwrap_or_default();
        let bytes = letter.iter().enumerate();
        bytes.fold(all, |places, (at, &byte)| places & self.byte(byte) >> at)
    }

    /// Takes letters as early as possible, each only at its own permitted places. Returns how many
    /// there were, and where the last one ends.
    pub(super) fn take<'a>(
        &self,
        letters: impl Iterator<Item = (&'a [u8], u128)>,
    ) -> (usize, usize) {
        let (mut left, mut count, mut end) = (!0_u128, 0, 0);
        for (letter, own) in letters {
            let places = self.of(letter) & own & left;
            if places == 0 {
                break;
            }
            count += 1;
            end = places.trailing_zeros() as usize + letter.len();
            left = u128::MAX.checked_shl(end as u32).unwrap_or_default();
        }
        (count, end)
    }

    fn byte(&self, byte: u8) -> u128 {
        let [low, high] = &self.halves;
        match self.length > STEP {
            true => u128::from(bits(low, byte)) | u128::from(bits(high, byte)) << STEP,
            false => u128::from(bits(low, byte)),
        }
    }
}

/// Takes letters of one byte from a name, as early as possible. Returns how many there were, and
/// where the last one ends; none for a long name, which is faster to walk through.
pub(super) fn take(letters: &[u8], name: &[u8]) -> Option<(usize, usize)> {
    let mut bytes = [0; STEP];
    bytes.get_mut(..name.len())?.copy_from_slice(name);
    let (mut left, mut count, mut end) = (!0_u64, 0, 0);
    for &letter in letters {
        let places = bits(&bytes, letter) & left;
        if places == 0 {
            break;
        }
        let first = places.trailing_zeros();
        // In two steps, since a shift by all bits would overflow.
        left = !0 << first << 1;
        count += 1;
        end = first as usize + 1;
    }
    Some((count, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn letters_are_taken_as_early_as_they_come(name in "[abc]{0,70}", letters in "[abcd]{0,9}") {
            let (mut rest, mut count) = (name.as_str(), 0);
            for letter in letters.chars() {
                let Some(at) = rest.find(letter) else {
                    break;
                };
                rest = &rest[at + 1..];
                count += 1;
            }
            let taken = (name.len() <= STEP).then_some((count, name.len() - rest.len()));
            prop_assert_eq!(take(letters.as_bytes(), name.as_bytes()), taken);
        }

        #[test]
        fn are_where_windows_find_a_letter(name in "[abé]{0,90}", letter in "[abé]|") {
            let (name, letter) = (name.as_bytes(), letter.as_bytes());
            let places = Places::new(name).of(letter);
            for at in 0..128 {
                let is_there = at < name.len() && name[at..].starts_with(letter);
                // The last letter may reach beyond what is looked at.
                if at + letter.len() <= 128 {
                    prop_assert_eq!(places >> at & 1 == 1, is_there, "{}", at);
                }
            }
        }
    }
}
