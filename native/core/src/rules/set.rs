//! A set of bytes: what a class in brackets matches.

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Set([u64; 4]);

impl Set {
    pub(super) fn insert(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    /// Adds a range; nothing if it ends before it begins. A folded set is only matched against text
    /// without capitals, so a range of capitals stands for the small letters as well.
    pub(super) fn insert_range(&mut self, first: u8, last: u8, fold: bool) {
        for byte in first..=last {
            self.insert(byte);
            if fold {
                self.insert(byte.to_ascii_lowercase());
            }
        }
    }

    /// Adds a class by its POSIX name, as git defines it: ASCII only, and `space` without vertical
    /// tab and form feed.
    pub(super) fn insert_named(&mut self, name: &[u8], fold: bool) -> Result<(), &'static str> {
        let ranges: &[(u8, u8)] = match name {
            b"alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
            b"alpha" => &[(b'A', b'Z'), (b'a', b'z')],
            b"blank" => &[(b' ', b' '), (b'\t', b'\t')],
            b"cntrl" => &[(0, 0x1f), (0x7f, 0x7f)],
            b"digit" => &[(b'0', b'9')],
            b"graph" => &[(0x21, 0x7e)],
            b"lower" => &[(b'a', b'z')],
            b"print" => &[(0x20, 0x7e)],
            b"punct" => &[(0x21, 0x2f), (0x3a, 0x40), (0x5b, 0x60), (0x7b, 0x7e)],
            b"space" => &[(b' ', b' '), (b'\t', b'\n'), (b'\r', b'\r')],
            b"upper" => &[(b'A', b'Z')],
            b"xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
            _ => return Err("a character class with an unknown name"),
        };
        ranges
            .iter()
            .for_each(|&(first, last)| self.insert_range(first, last, fold));
        Ok(())
    }

    /// The set or its complement, always without the bytes that no name contains.
    pub(super) fn finish(self, negated: bool) -> Set {
        let mut words = if negated {
            self.0.map(|word| !word)
        } else {
            self.0
        };
        if let Some(low) = words.first_mut() {
            *low &= !(1 | 1 << b'/');
        }
        Set(words)
    }

    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0
            .get(usize::from(byte >> 6))
            .is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }
}
