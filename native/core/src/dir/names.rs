//! Names of subdirectories that are still to be entered.

use std::ffi::{CStr, CString};

/// Names with a NUL each in one blob: a directory with a million subdirectories must not make a million allocations.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<u8>);

impl Names {
    pub(crate) fn push(&mut self, name: &CStr) {
        self.0.extend_from_slice(name.to_bytes_with_nul());
    }

    /// Takes the name pushed last.
    pub(crate) fn pop(&mut self) -> Option<CString> {
        let (_, before) = self.0.split_last()?;
        let start = before.iter().rposition(|byte| *byte == 0);
        let start = start.map_or(0, |end| end + 1);
        let name = CStr::from_bytes_with_nul(self.0.get(start..)?)
            .ok()?
            .to_owned();
        self.0.truncate(start);
        Some(name)
    }

    pub(crate) fn append(&mut self, other: Names) {
        if self.is_empty() {
            *self = other;
        } else {
            self.0.extend_from_slice(&other.0);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
