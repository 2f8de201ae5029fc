//! The name of a directory, with its NUL.

use std::ffi::{CStr, CString};

/// Maximum length stored inline, including the NUL: most names of directories are shorter.
const INLINE: usize = 47;

/// A name that needs no allocation if it is short.
#[derive(Debug)]
pub(crate) enum Name {
    Short { len: u8, bytes: [u8; INLINE] },
    Long(CString),
}

impl Name {
    pub(crate) fn new(name: &CStr) -> Name {
        let all = name.to_bytes_with_nul();
        let mut bytes = [0; INLINE];
        match (bytes.get_mut(..all.len()), u8::try_from(all.len())) {
            (Some(room), Ok(len)) => {
                room.copy_from_slice(all);
                Name::Short { len, bytes }
            }
            _ => Name::Long(name.to_owned()),
        }
    }

    pub(crate) fn as_cstr(&self) -> &CStr {
        match self {
            Name::Short { len, bytes } => bytes
                .get(..usize::from(*len))
                .and_then(|bytes| CStr::from_bytes_with_nul(bytes).ok())
                .unwrap_or_default(),
            Name::Long(name) => name,
        }
    }

    /// The name without its NUL.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Name::Short { len, bytes } => bytes
                .get(..usize::from(len.saturating_sub(1)))
                .unwrap_or_default(),
            Name::Long(name) => name.to_bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_length_come_back_as_they_were() {
        for len in [0, 1, 45, 46, 47, 255, 1024] {
            let text = CString::new(vec![0xfe; len]).unwrap_or_default();
            let name = Name::new(&text);
            assert_eq!(name.as_cstr(), &*text);
            assert_eq!(name.bytes(), text.to_bytes());
            assert_eq!(matches!(name, Name::Short { .. }), len < INLINE);
        }
    }
}
