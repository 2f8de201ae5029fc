//! Connects folders once all are there: their parents, depths, and whether they are shown.

use super::Builder;
use crate::search::folders::{Folder, FolderState, Folders, NONE};
use crate::search::nested_sources;
use crate::search::row_chunks::Row;

impl Builder {
    /// Gives every folder its parent, and finds which can be reached from a root.
    pub(super) fn settle(&mut self) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        let unsettled = std::mem::take(&mut self.unsettled);
        for (at, unsettled) in unsettled.into_iter().enumerate() {
            let parent = unsettled.parent.and_then(|id| self.folder_of(id));
            let parent = parent.unwrap_or(NONE);
            let Some(folder) = self.folders.get_mut(at) else {
                continue;
            };
            folder.parent = parent;
            // Entries without a folder are never shown.
            if folder.name != NONE && parent != NONE {
                self.rows.push(Row {
                    name: folder.name,
                    folder: parent,
                    kind_mtime: unsettled.kind_mtime,
                });
            }
        }
        let order = self.descend();
        let sources = std::mem::take(&mut self.sources);
        if !sources.is_empty() {
            for place in nested_sources::covered(self, &sources) {
                if let Some(folder) = self.folders.get_mut(place as usize) {
                    folder.state = FolderState::Covered;
                }
            }
        }
        let folders = std::mem::take(&mut self.folders);
        self.names.plain = folders.iter().all(|f| f.state == FolderState::Shown);
        self.names.folders = Folders::new(&folders, &order);
    }

    /// From the roots down: depths, what can be reached, and an order in which parents come first.
    fn descend(&mut self) -> Vec<u32> {
        let count = self.folders.len();
        let mut known = vec![false; count];
        let mut sorted = true;
        let mut chain = Vec::new();
        for start in 0..count {
            let mut at = start;
            // Up to a folder whose state is known. Afterwards all of these are known, so the whole
            // is linear.
            while known.get(at) == Some(&false) {
                if let Some(known) = known.get_mut(at) {
                    *known = true;
                }
                chain.push(at);
                match self.folders.get(at) {
                    Some(folder) if folder.parent != NONE => at = folder.parent as usize,
                    _ => break,
                }
            }
            sorted &= chain.len() <= 1;
            while let Some(at) = chain.pop() {
                self.state(at);
            }
        }
        let mut order = Vec::new();
        if !sorted {
            order.extend(0..count as u32);
            order.sort_by_key(|&f| self.folder(f).map_or(0, |folder| folder.depth));
        }
        order
    }

    /// Derives a folder's state from its parent's. Folders in a cycle remain `Gone`.
    fn state(&mut self, at: usize) {
        let Some(&folder) = self.folders.get(at) else {
            return;
        };
        let root = self.is_root(&folder);
        let (depth, state) = match self.folder(folder.parent) {
            _ if root => (0, FolderState::Shown),
            Some(parent) if parent.source == folder.source => {
                let depth = parent.depth.saturating_add(1);
                (depth, parent.state)
            }
            _ => (0, FolderState::Gone),
        };
        if let Some(folder) = self.folders.get_mut(at) {
            folder.depth = depth;
            folder.state = state;
            if root {
                folder.parent = NONE;
            }
        }
    }

    fn is_root(&self, folder: &Folder) -> bool {
        let source = self.names.sources.get(folder.source as usize);
        let root = source.and_then(|source| self.roots.get(source));
        root.is_some_and(|&(_, root)| root == folder.id)
    }
}
