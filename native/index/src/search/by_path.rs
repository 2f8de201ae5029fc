//! Tests entries against a query for paths. How much of the query each folder has matched is known,
//! so only an entry's own name is tested.

use std::sync::atomic::AtomicBool;

use super::Refused;
use super::by_name::prefer;
use super::char_mask::has;
use super::collector::Collector;
use super::names::Names;
use super::path::{self, PathName, Steps};
use super::pattern::Pattern;
use super::rank::Fit;
use super::shard::Shard;

/// Folders are grouped by the mask that names in them must have. In the first group no name matches,
/// in the last one any may.
const NEVER: u8 = 0;
const ANY: u8 = 63;

pub(super) struct PathTest<'a, S: Steps> {
    names: &'a Names,
    steps: &'a S,
    pattern: &'a Pattern,
    /// How much of the query each folder has matched, and its group.
    at: Vec<S::At>,
    groups: Vec<u8>,
    /// The masks of the groups between the first and the last.
    wanted: Vec<u32>,
    /// The mask that any name must have, whatever its folder.
    least: u32,
    weight: usize,
}

impl<'a, S: Steps> PathTest<'a, S> {
    pub(super) fn new(
        names: &'a Names,
        steps: &'a S,
        pattern: &'a Pattern,
        cancel: &AtomicBool,
    ) -> Result<PathTest<'a, S>, Refused> {
        let at = path::stand(names, steps, cancel)?;
        let mut wanted: Vec<u32> = Vec::new();
        let mut has_any = false;
        let mut group = |at: &S::At| {
            let Some(mask) = steps.wanted(*at) else {
                return NEVER;
            };
            if let Some(known) = wanted.iter().position(|known| *known == mask) {
                return known as u8 + 1;
            }
            if wanted.len() + 1 < usize::from(ANY) {
                wanted.push(mask);
                return wanted.len() as u8;
            }
            has_any = true;
            ANY
        };
        let groups = at.iter().map(&mut group).collect();
        let least = wanted.iter().fold(u32::MAX, |least, mask| least & mask);
        Ok(PathTest {
            names,
            steps,
            pattern,
            at,
            groups,
            wanted,
            least: if has_any { 0 } else { least },
            weight: steps.weight() + pattern.weight(),
        })
    }

    /// A bit for each group of folders in which a name with this mask may match.
    fn groups_for(&self, mask: u32) -> u64 {
        let wanted = (1..).zip(&self.wanted);
        wanted.fold(1 << ANY, |groups, (group, wanted)| {
            groups | u64::from(has(mask, *wanted)) << group
        })
    }

    /// All entries whose names are in a shard.
    pub(super) fn all(&self, shard: &Shard, found: &mut Collector<'_>) {
        let masks = shard.masks(0, shard.len()).iter();
        for (name, (&mask, rows)) in masks.zip(shard.each_rows()).enumerate() {
            if !has(mask, self.least) {
                continue;
            }
            if !found.work.spend(1) {
                return;
            }
            let groups = self.groups_for(mask);
            let step = PathName::new(shard, name);
            // The last result for this name, and the state of the folder it was for.
            let mut last: Option<(S::At, Option<Fit>)> = None;
            for row in rows {
                if !found.work.spend(1) {
                    return;
                }
                let folder = self.names.rows.folder(row) as usize;
                let group = self.groups.get(folder).copied().unwrap_or(NEVER);
                if groups >> (group % 64) & 1 == 0 {
                    continue;
                }
                let Some(&at) = self.at.get(folder) else {
                    continue;
                };
                let fit = match last {
                    Some((same, fit)) if same == at => fit,
                    _ => {
                        let fit = self.steps.matches(at, &step);
                        if !found.work.spend(step.steps(self.weight)) {
                            return;
                        }
                        fit
                    }
                };
                last = Some((at, fit));
                if let Some(fit) = fit {
                    let fit = prefer(self.pattern, shard, name, fit, found);
                    found.take_row(shard, name, row, fit);
                }
            }
        }
    }
}
