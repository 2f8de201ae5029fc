//! Paths of directories, built from their names and their ancestors'.

use std::ffi::CStr;
use std::sync::Arc;

use super::Dir;

impl Dir {
    pub(crate) fn path_len(&self) -> usize {
        self.path_len
    }

    /// Appends the path relative to the root, without a trailing slash.
    pub(crate) fn write_path(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + self.path_len, b'/');
        let Some(mut room) = out.get_mut(start..) else {
            return;
        };
        let mut dir = self;
        while let Some(parent) = &dir.parent {
            let name = dir.name.bytes();
            let Some(at) = room.len().checked_sub(name.len()) else {
                return;
            };
            let (before, own) = room.split_at_mut(at);
            own.copy_from_slice(name);
            // The slash is there already.
            let Some(at) = before.len().checked_sub(1) else {
                return;
            };
            room = before.split_at_mut(at).0;
            dir = parent;
        }
    }

    /// Turns the path of `before`, or one that begins with it, into the path of this directory. A walk mostly goes on
    /// beneath, beside or just above where it was; climbing to the root for each directory would make deep trees
    /// quadratic.
    pub(crate) fn write_path_after(&self, before: Option<&Arc<Dir>>, path: &mut Vec<u8>) {
        let above = before.and_then(|before| before.parent.as_ref());
        if above.is_some_and(|above| std::ptr::eq(&raw const **above, self)) {
            return path.truncate(self.path_len);
        }
        let is_near = |own: &&Arc<Dir>| {
            [before, above]
                .iter()
                .flatten()
                .any(|near| Arc::ptr_eq(near, own))
        };
        let Some(own) = self.parent.as_ref().filter(is_near) else {
            path.clear();
            return self.write_path(path);
        };
        path.truncate(own.path_len);
        own.write_child_name(self.name.bytes(), path);
    }

    /// Appends a name to the path of this directory.
    pub(crate) fn write_child_name(&self, name: &[u8], path: &mut Vec<u8>) {
        if self.parent.is_some() {
            path.push(b'/');
        }
        path.extend_from_slice(name);
    }

    pub(crate) fn path(&self) -> Vec<u8> {
        let mut path = Vec::new();
        self.write_path(&mut path);
        path
    }
}

/// Length of the path of a child.
pub(crate) fn child_path_len(parent: &Dir, name: &CStr) -> usize {
    let slash = usize::from(parent.parent.is_some());
    parent.path_len + slash + name.count_bytes()
}
