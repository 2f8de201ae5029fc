//! The folders of one PATH, with what each holds; and what was counted already.

use std::collections::{BTreeMap, HashMap, HashSet};

use aether_core::path;
use aether_core::slab::{Entry, Kind, Metadata};

use crate::failure::Failure;

/// Device and inode.
type Identity = (u32, u64);

/// What was counted: with several PATHs everything, with one only what has several names.
pub struct Seen {
    all: bool,
    identities: HashSet<Identity>,
}

impl Seen {
    /// Nothing yet.
    pub fn new(all: bool) -> Seen {
        Seen {
            all,
            identities: HashSet::new(),
        }
    }

    /// Whether it was not counted before, of what may come again.
    fn is_new(&mut self, known: &Metadata) -> bool {
        !self.all || self.identities.insert((known.device, known.inode))
    }

    fn contains(&self, identity: Identity) -> bool {
        self.all && self.identities.contains(&identity)
    }
}

/// A line of the output.
pub struct Line<'a> {
    /// Relative to PATH; empty for PATH itself.
    pub path: &'a [u8],
    pub depth: u32,
    pub size: u64,
}

/// A file with several names, under the first of them.
struct Linked {
    path: Vec<u8>,
    size: u64,
}

#[derive(Default)]
struct FolderNode {
    size: u64,
    /// Counted with an earlier PATH, with all beneath it.
    is_seen: bool,
    /// Folders and, where they are wanted, files: the number of a folder, or a size.
    children: BTreeMap<Vec<u8>, Child>,
}

enum Child {
    Folder(usize),
    File(u64),
}

/// What lies beneath one PATH.
pub struct Tree {
    lists_files: bool,
    is_apparent: bool,
    root: Metadata,
    folders: Vec<FolderNode>,
    numbers: HashMap<Vec<u8>, usize>,
    linked: HashMap<Identity, Linked>,
}

impl Tree {
    /// With PATH alone.
    pub fn new(lists_files: bool, root: Metadata, is_apparent: bool) -> Tree {
        Tree {
            lists_files,
            is_apparent,
            root,
            folders: vec![FolderNode::default()],
            numbers: HashMap::from([(Vec::new(), 0)]),
            linked: HashMap::new(),
        }
    }

    /// The device that PATH lies on.
    pub fn device(&self) -> u32 {
        self.root.device
    }

    /// Adds an entry. Folders may come before those around them.
    pub fn add(&mut self, entry: &Entry<'_>, seen: &mut Seen) {
        let known = entry.metadata.unwrap_or_default();
        let size = self.size(&known);
        let parent = self.number(entry.directory);
        if entry.kind == Kind::Directory {
            let number = self.number(&path::join(entry.directory, entry.name));
            if let Some(folder) = self.folders.get_mut(number) {
                folder.is_seen = entry.metadata.is_some_and(|known| !seen.is_new(&known));
                folder.size = folder.size.saturating_add(size);
            }
            return;
        }
        if known.nlink > 1 {
            let identity = (known.device, known.inode);
            if seen.contains(identity) {
                return;
            }
            // Counts at the first of its names, in whatever order they come.
            let path = path::join(entry.directory, entry.name);
            match self.linked.get_mut(&identity) {
                Some(linked) if linked.path > path => linked.path = path,
                Some(_) => {}
                None => drop(self.linked.insert(identity, Linked { path, size })),
            }
        } else if entry.metadata.is_none_or(|known| seen.is_new(&known)) {
            self.add_file(parent, entry.name, size);
        }
    }

    fn add_file(&mut self, parent: usize, name: &[u8], size: u64) {
        if let Some(folder) = self.folders.get_mut(parent) {
            folder.size = folder.size.saturating_add(size);
            if self.lists_files {
                folder.children.insert(name.to_vec(), Child::File(size));
            }
        }
    }

    fn size(&self, known: &Metadata) -> u64 {
        match self.is_apparent {
            true => known.size,
            false => known.disk,
        }
    }

    /// The number of a folder, which is made with those around it if it is new.
    fn number(&mut self, folder: &[u8]) -> usize {
        if let Some(number) = self.numbers.get(folder) {
            return *number;
        }
        let mut made = folder;
        let mut child = None;
        let mut number = None;
        loop {
            let found = self.numbers.get(made).copied();
            let this = found.unwrap_or(self.folders.len());
            if found.is_none() {
                self.folders.push(FolderNode::default());
                self.numbers.insert(made.to_vec(), this);
            }
            number.get_or_insert(this);
            if let Some((name, child)) = child.take()
                && let Some(parent) = self.folders.get_mut(this)
            {
                parent.children.insert(name, Child::Folder(child));
            }
            if found.is_some() {
                return number.unwrap_or(this);
            }
            let (parent, name) = path::split(made);
            child = Some((name.to_vec(), this));
            made = parent;
        }
    }

    /// Writes all lines, those of a folder before its own. Returns the size of it all.
    pub fn finish(
        mut self,
        seen: &mut Seen,
        write: &mut impl FnMut(Line<'_>) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let own = self.size(&self.root);
        let identity = (self.root.device, self.root.inode);
        let is_seen = seen.all && !seen.identities.insert(identity);
        if is_seen {
            return Ok(0);
        }
        for (identity, linked) in std::mem::take(&mut self.linked) {
            if seen.identities.insert(identity) {
                let (folder, name) = path::split(&linked.path);
                let folder = self.number(folder);
                self.add_file(folder, name, linked.size);
            }
        }
        if let Some(root) = self.folders.first_mut() {
            root.size = root.size.saturating_add(own);
        }
        self.write(write)
    }

    /// In post-order, without recursion: a tree may be deeper than a stack.
    fn write(
        mut self,
        write: &mut impl FnMut(Line<'_>) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let mut path = Vec::new();
        let mut way = vec![Step::new(&mut self.folders, 0, 0)];
        loop {
            let depth = u32::try_from(way.len()).unwrap_or(u32::MAX);
            let Some(step) = way.last_mut() else {
                return Ok(0);
            };
            if let Some((name, child)) = step.children.next() {
                let before = path.len();
                match child {
                    Child::Folder(number) => {
                        let next = Step::new(&mut self.folders, number, before);
                        if !next.is_seen {
                            path::push(&mut path, &name);
                            way.push(next);
                        }
                    }
                    Child::File(size) => {
                        path::push(&mut path, &name);
                        let line = Line {
                            path: &path,
                            depth,
                            size,
                        };
                        write(line)?;
                        path.truncate(before);
                    }
                }
                continue;
            }
            let size = step.size;
            let before = step.before;
            write(Line {
                path: &path,
                depth: depth - 1,
                size,
            })?;
            path.truncate(before);
            way.pop();
            match way.last_mut() {
                Some(parent) => parent.size = parent.size.saturating_add(size),
                None => return Ok(size),
            }
        }
    }
}

/// A folder on the way to the one that is being written.
struct Step {
    children: std::collections::btree_map::IntoIter<Vec<u8>, Child>,
    size: u64,
    is_seen: bool,
    /// Length of the path before its name was added.
    before: usize,
}

impl Step {
    fn new(folders: &mut [FolderNode], number: usize, before: usize) -> Step {
        let folder = folders
            .get_mut(number)
            .map(std::mem::take)
            .unwrap_or_default();
        Step {
            children: folder.children.into_iter(),
            size: folder.size,
            is_seen: folder.is_seen,
            before,
        }
    }
}
