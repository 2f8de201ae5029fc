//! The directories that a scan is in, by identity. Where the system cannot tell a mount from a plain directory, one
//! whose identity is not among them cannot be its own ancestor.
//!
//! So a walk finds out in constant time what it would otherwise climb to the root for, in each directory.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::Identity;

/// Identities of directories, each with the number of places where the scan is in it.
#[derive(Default)]
pub(crate) struct Entered(Mutex<HashMap<Identity, usize>>);

/// One place, for as long as the directory entered there is needed.
pub(crate) struct Place {
    entered: Arc<Entered>,
    identity: Identity,
}

impl Entered {
    /// Adds a directory. Also returns whether the scan is in it at another place.
    pub(crate) fn enter(self: &Arc<Self>, identity: Identity) -> (Place, bool) {
        let mut places = self.0.lock();
        let count = places.entry(identity).or_default();
        *count += 1;
        let elsewhere = *count > 1;
        drop(places);
        let entered = self.clone();
        (Place { entered, identity }, elsewhere)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.entered.0.lock();
        if let Some(count) = places.get_mut(&self.identity) {
            *count -= 1;
            if *count == 0 {
                places.remove(&self.identity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_until_it_is_dropped() {
        let entered = Arc::new(Entered::default());
        let at = |inode| Identity { device: 1, inode };
        let (first, elsewhere) = entered.enter(at(1));
        assert!(!elsewhere);
        let (second, elsewhere) = entered.enter(at(1));
        assert!(elsewhere);
        assert!(!entered.enter(at(2)).1);
        drop(first);
        assert!(entered.enter(at(1)).1);
        drop(second);
        assert!(!entered.enter(at(1)).1);
        assert!(entered.0.lock().is_empty());
    }
}
