//! The tree of a cache's folders, made from what each says its parent is: all must descend
//! from the root, or the cache is damaged. The cache also has lists of children, which must agree with
//! that.

use super::ImportRefused;
use super::lists::{Lists, NONE, is_name};

/// Maximum length of a path: the limits of operating systems are lower.
const MAX_PATH: usize = 1 << 16;

/// Children of all folders in one list.
#[derive(Debug)]
pub(super) struct Tree {
    /// Where the children of each folder end.
    ends: Vec<u32>,
    children: Vec<u32>,
}

impl Tree {
    pub(super) fn new(lists: &Lists) -> Result<Tree, ImportRefused> {
        let count = lists.folders();
        let damaged = |why| ImportRefused::Damaged("a folder", why);
        let parents = || (0..count).map(|folder| lists.u32(lists.prefix_parent, folder));
        // Counts of children, then where each folder's begin, and when all are in place, where they
        // end.
        let mut ends = vec![0_u32; count];
        for (folder, parent) in parents().enumerate() {
            let segment = lists.segment(lists.u32(lists.prefix_segment, folder));
            match (folder, ends.get_mut(parent as usize)) {
                (0, _) if parent == NONE => {}
                (0, _) => return Err(damaged("is above the root")),
                (_, Some(children)) if is_name(segment) => *children += 1,
                (_, Some(_)) => return Err(damaged("has no name, or none that can be")),
                (_, None) => return Err(damaged("has no parent")),
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut children = vec![NONE; sum as usize];
        for (folder, parent) in parents().enumerate().skip(1) {
            if let Some(end) = ends.get_mut(parent as usize)
                && let Some(place) = children.get_mut(*end as usize)
            {
                *place = folder as u32;
                *end += 1;
            }
        }
        let tree = Tree { ends, children };
        let mut reached = 0;
        tree.walk(lists, |_, prefix| {
            reached += 1;
            match prefix.len() > MAX_PATH {
                true => Err(damaged("has too long a path")),
                false => Ok(()),
            }
        })?;
        match reached == count {
            true => Ok(tree),
            false => Err(damaged("is in a circle")),
        }
    }

    fn children(&self, folder: usize) -> &[u32] {
        let end = |at: usize| self.ends.get(at).map_or(0, |&end| end as usize);
        let start = folder.checked_sub(1).map_or(0, end);
        self.children.get(start..end(folder)).unwrap_or_default()
    }

    /// Goes through all folders from the root on, each with its prefix.
    pub(super) fn walk<E>(
        &self,
        lists: &Lists,
        mut visit: impl FnMut(usize, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut prefix = Vec::new();
        let mut left: Vec<(u32, usize)> = Vec::new();
        if !self.ends.is_empty() {
            left.push((0, 0));
        }
        while let Some((folder, length)) = left.pop() {
            prefix.truncate(length);
            // The root has no name in paths, whatever it is called in the cache.
            if folder > 0 {
                let segment = lists.u32(lists.prefix_segment, folder as usize);
                prefix.extend_from_slice(lists.segment(segment));
                prefix.push(b'/');
            }
            visit(folder as usize, &prefix)?;
            let children = self.children(folder as usize).iter();
            left.extend(children.map(|&child| (child, prefix.len())));
        }
        Ok(())
    }
}

/// Whether the children that the cache lists for each folder call it their parent.
pub(super) fn check_children(lists: &Lists) -> Result<(), ImportRefused> {
    for folder in 0..lists.folders() {
        let (start, length) = lists.children(folder);
        if length > 0 && start.saturating_add(length) > lists.children.len {
            return Err(ImportRefused::Damaged(
                "a list of children",
                "goes beyond the end",
            ));
        }
        for at in start..start.saturating_add(length) {
            let child = lists.u32(lists.children, at) as usize;
            if child >= lists.folders() || lists.u32(lists.prefix_parent, child) as usize != folder
            {
                return Err(ImportRefused::Damaged(
                    "a list of children",
                    "has one of another",
                ));
            }
        }
    }
    Ok(())
}
