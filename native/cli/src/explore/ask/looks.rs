//! What the index says of entries that are to be removed, and of the tree that they are in.

use aether_core::path;
use aether_index::Error;

use super::super::measure::Measure;
use super::super::removal::{Looked, Target};
use crate::commands::LocalIndex as Index;

/// Looks at each; where the index fails, nothing is known.
pub fn look(index: &Index, root: &[u8], targets: &[Target]) -> Looked {
    let mut looked = Looked::default();
    // Nothing can be done about it here, and what is not known is not removed.
    let _ = fill(index, root, targets, &mut looked);
    looked.targets.resize(targets.len(), None);
    looked
}

fn fill(index: &Index, root: &[u8], targets: &[Target], looked: &mut Looked) -> Result<(), Error> {
    let pool = index.pool()?;
    if let Some(source) = pool.source_at(root, None)? {
        let totals = pool.totals(&source.value.uuid, b"")?.value;
        looked.whole = Measure::of(&totals, false).total(&totals);
        looked.is_pending = totals.disk_pending;
    }
    for target in targets {
        let source = pool.source_at(&target.place.root, None)?;
        let at = path::join(&target.place.folder, &target.child.name);
        let found = match &source {
            Some(source) => Some(pool.stat(&source.value.uuid, &at)?),
            None => None,
        };
        let whole_since = match &source {
            Some(source) => pool.whole_since(&source.value.uuid, &at)?,
            None => None,
        };
        looked.whole_since.push(whole_since);
        looked
            .roots
            .push(source.and_then(|source| source.value.identity));
        looked
            .seen
            .push(found.as_ref().and_then(|found| found.scanned_at));
        looked.targets.push(found.and_then(|found| found.value));
    }
    Ok(())
}
