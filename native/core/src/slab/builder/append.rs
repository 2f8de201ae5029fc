//! Joining what two threads collected.

use super::Builder;
use crate::slab::status;

impl Builder {
    /// Moves everything from another builder of the same kind to the end of this one. If the first record there
    /// continues the last directory here, the two records become one.
    pub fn append(&mut self, other: &mut Builder) {
        let (entries, paths, names, targets) = (
            self.kinds.len() as u32,
            self.paths.len() as u32,
            self.names.len() as u32,
            self.targets.len() as u32,
        );
        let joins = usize::from(self.goes_on_in(other));
        let behind = |column: &[u32], by: u32| -> Vec<u32> {
            let column = column.get(joins..).unwrap_or_default();
            column.iter().map(|value| value + by).collect()
        };
        let joined = match joins {
            0 => 0,
            _ => other.path_ends.first().copied().unwrap_or(0),
        };
        self.starts.extend(behind(&other.starts, entries));
        let ends = behind(&other.path_ends, paths);
        self.path_ends.extend(ends.iter().map(|end| end - joined));
        if let (1, Some(status), Some(last)) =
            (joins, other.statuses.first(), self.statuses.last_mut())
        {
            *last = *status;
        }
        self.statuses
            .extend_from_slice(other.statuses.get(joins..).unwrap_or_default());
        self.paths
            .extend_from_slice(other.paths.get(joined as usize..).unwrap_or_default());
        self.attributes.append(&mut other.attributes);
        self.name_ends
            .extend(other.name_ends.iter().map(|end| end + names));
        self.kinds.append(&mut other.kinds);
        self.names.append(&mut other.names);
        self.target_ends
            .extend(other.target_ends.iter().map(|end| end + targets));
        self.targets.append(&mut other.targets);
        if let (Some(mine), Some(others)) = (&mut self.evidence, &mut other.evidence) {
            let by = (mine.found.stamps.len() - joins) as u32;
            if let (1, Some(status), Some(last)) = (
                joins,
                others.found.statuses.first(),
                mine.found.statuses.last_mut(),
            ) {
                *last = *status;
            }
            mine.found
                .stamps
                .extend(others.found.stamps.drain(..).skip(joins));
            mine.found
                .statuses
                .extend(others.found.statuses.drain(..).skip(joins));
            mine.found
                .devices
                .extend(others.found.devices.drain(..).skip(joins));
            // What a joined record is, is recorded here already.
            let join = |mine: &mut Vec<_>, others: &mut Vec<(u32, _)>| {
                let behind = others.drain(..);
                let behind = behind.filter(|(record, _)| *record as usize >= joins);
                mine.extend(behind.map(|(record, identity)| (record + by, identity)));
            };
            join(&mut mine.found.mounts, &mut others.found.mounts);
            join(&mut mine.found.subvolumes, &mut others.found.subvolumes);
        }
        self.recording = false;
        other.clear();
    }

    /// Whether the other's first record continues the directory that the last one here leaves open.
    fn goes_on_in(&self, other: &Builder) -> bool {
        let stamps = match (self.evidence(), other.evidence()) {
            (Some(mine), Some(others)) => mine.stamps.last() == others.stamps.first(),
            _ => true,
        };
        let last = self.starts.len().checked_sub(1);
        self.statuses.last() == Some(&status::MORE)
            && stamps
            && last.and_then(|last| self.path_of(last)) == other.path_of(0)
    }

    fn path_of(&self, record: usize) -> Option<&[u8]> {
        let end = *self.path_ends.get(record)? as usize;
        let before = record
            .checked_sub(1)
            .and_then(|before| self.path_ends.get(before));
        self.paths
            .get(before.map_or(0, |start| *start as usize)..end)
    }
}
