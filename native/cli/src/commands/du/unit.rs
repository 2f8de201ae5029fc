//! Sizes as du writes them: rounded up, so that nothing that takes up space is 0.

use crate::options::Du;
use crate::output;

/// What sizes are, and how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    apparent: bool,
    written: Written,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Bytes,
    Kib,
    Human,
}

impl Unit {
    /// As the options say; for people on a terminal, in KiB elsewhere.
    pub fn new(options: &Du) -> Unit {
        let written = match options {
            Du {
                human_readable: true,
                ..
            } => Written::Human,
            Du { kib: true, .. } => Written::Kib,
            Du { bytes: true, .. } => Written::Bytes,
            _ if output::is_terminal() => Written::Human,
            _ => Written::Kib,
        };
        Unit {
            apparent: options.bytes,
            written,
        }
    }

    /// Whether a file's size is what it contains, and not what it takes up.
    pub fn is_apparent(self) -> bool {
        self.apparent
    }

    /// A number of bytes.
    pub fn text(self, bytes: u64) -> String {
        match self.written {
            Written::Bytes => bytes.to_string(),
            Written::Kib => bytes.div_ceil(1024).to_string(),
            Written::Human => human(bytes),
        }
    }
}

fn human(bytes: u64) -> String {
    if bytes < 1024 {
        return bytes.to_string();
    }
    let bytes = u128::from(bytes);
    let mut unit = 1024_u128;
    let mut letters = "KMGTPE".chars().peekable();
    while let Some(letter) = letters.next() {
        let whole = bytes.div_ceil(unit);
        let tenths = (bytes * 10).div_ceil(unit);
        if tenths < 100 {
            return format!("{}.{}{letter}", tenths / 10, tenths % 10);
        }
        if whole < 1024 || letters.peek().is_none() {
            return format!("{whole}{letter}");
        }
        unit *= 1024;
    }
    bytes.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As du of GNU writes files of these sizes with -h --apparent-size.
    #[test]
    fn sizes_are_rounded_up() {
        for (bytes, expected) in [
            (0, "0"),
            (1, "1"),
            (1023, "1023"),
            (1024, "1.0K"),
            (1025, "1.1K"),
            (10_188, "10K"),
            (10_240, "10K"),
            (10_241, "11K"),
            (1_047_552, "1023K"),
            (1_047_553, "1.0M"),
            (1_048_577, "1.1M"),
            (3 << 40, "3.0T"),
            (u64::MAX, "16E"),
        ] {
            assert_eq!(human(bytes), expected, "{bytes}");
        }
    }
}
