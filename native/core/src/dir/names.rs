//! Names of subdirectories that are still to be entered.

use std::ffi::{CStr, CString};

/// Names with a NUL each in one blob: a directory with a million subdirectories must not make a million allocations.
#[derive(Debug, Default)]
pub(crate) struct Names {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Names {
    pub(crate) fn push(&mut self, name: &CStr) {
        self.bytes.extend_from_slice(name.to_bytes_with_nul());
        self.ends.push(self.bytes.len());
    }

    /// Takes the name pushed last.
    pub(crate) fn pop(&mut self) -> Option<CString> {
        self.ends.pop()?;
        let start = self.ends.last().copied().unwrap_or(0);
        let name = CStr::from_bytes_with_nul(self.bytes.get(start..)?)
            .ok()?
            .to_owned();
        self.bytes.truncate(start);
        Some(name)
    }

    pub(crate) fn append(&mut self, other: Names) {
        if self.ends.is_empty() {
            *self = other;
            return;
        }
        let shift = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| end + shift));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}
