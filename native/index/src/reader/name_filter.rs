//! Which of a folder's children a page has, by their names.

use std::fmt;
use std::sync::Arc;

use crate::fnv::fnv;

type Passes = dyn Fn(&[u8]) -> bool + Send + Sync;

/// A condition on names. `search::name_filter` makes one by the rules of a search.
#[derive(Clone)]
pub struct NameFilter {
    text: Vec<u8>,
    passes: Arc<Passes>,
}

impl NameFilter {
    /// Names for which `passes` returns true. `text` stands for the condition: a cursor is only
    /// valid with the text that it came from.
    pub fn new(text: &[u8], passes: impl Fn(&[u8]) -> bool + Send + Sync + 'static) -> NameFilter {
        NameFilter {
            text: text.to_vec(),
            passes: Arc::new(passes),
        }
    }

    pub(super) fn passes(&self, name: &[u8]) -> bool {
        (self.passes)(name)
    }

    /// A number for the filter and a folder's number.
    pub(super) fn key(&self, folder: u64) -> u64 {
        fnv(folder
            .to_le_bytes()
            .into_iter()
            .chain(self.text.iter().copied()))
    }
}

impl fmt::Debug for NameFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NameFilter({})", self.text.escape_ascii())
    }
}
