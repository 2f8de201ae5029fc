//! Tests entries against a query for paths. How much of the query each folder has matched is known,
//! so only an entry's own name is tested.

use std::sync::atomic::AtomicBool;

use super::Refused;
use super::by_name::prefer;
use super::char_mask::has;
use super::collector::Collector;
use super::names::Names;
use super::path::{self, Step, Steps};
use super::pattern::Pattern;
use super::rank::Fit;
use super::shard::Shard;

/// In place of a mask: no name matches in this folder.
const NEVER: u32 = u32::MAX;

pub(super) struct PathTest<'a, S: Steps> {
    names: &'a Names,
    steps: &'a S,
    pattern: &'a Pattern,
    /// How much of the query each folder has matched, and the mask that names in it must have.
    at: Vec<S::At>,
    wanted: Vec<u32>,
    /// A bit for each folder in which a name can match.
    open: Vec<u64>,
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
        let wanted = |at: &S::At| steps.wanted(*at).map_or(NEVER, |mask| mask.min(NEVER - 1));
        let wanted: Vec<u32> = at.iter().map(wanted).collect();
        let open = wanted.chunks(64).map(|wanted| {
            let wanted = wanted.iter().rev();
            wanted.fold(0, |bits, wanted| bits << 1 | u64::from(*wanted != NEVER))
        });
        Ok(PathTest {
            names,
            steps,
            pattern,
            at,
            // If all are `NEVER`, no name has all bits.
            least: wanted.iter().fold(NEVER, |least, wanted| least & wanted),
            open: open.collect(),
            wanted,
            weight: steps.weight() + pattern.weight(),
        })
    }

    /// All entries whose names are in a shard.
    pub(super) fn all(&self, shard: &Shard, found: &mut Collector<'_>) {
        let masks = shard.masks(0, shard.len()).iter();
        for (name, (&mask, rows)) in masks.zip(shard.each_rows()).enumerate() {
            if !has(mask, self.least) {
                continue;
            }
            if !found.work.spend(rows.len()) {
                return;
            }
            let step = Step::new(shard, name);
            // The last result for this name, and the state of the folder it was for.
            let mut last: Option<(S::At, Option<Fit>)> = None;
            for row in rows {
                let folder = self.names.rows.folder(row) as usize;
                let open = self.open.get(folder / 64).copied().unwrap_or_default();
                if open >> (folder % 64) & 1 == 0 {
                    continue;
                }
                let (Some(&at), Some(&wanted)) = (self.at.get(folder), self.wanted.get(folder))
                else {
                    continue;
                };
                if !has(mask, wanted) {
                    continue;
                }
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
