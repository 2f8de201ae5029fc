//! Which source shows a folder that several nested sources have: of those with the same rules, the
//! one that listed it last; if none has, the innermost. A source that has not listed a folder hides
//! nothing. If a source must have seen a folder and does not have it, its scan proves that the
//! folder is gone.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use aether_core::path;

use super::build::{Builder, SearchRoot};
use super::folders::{FolderState, NONE};
use crate::rules::Rules;
use crate::values::listing;

/// A completed scan, as evidence of which folders were looked at.
#[derive(Clone, Debug)]
pub struct CompletedScan {
    /// The scan; later ones have higher numbers, whatever their sources.
    pub scan: i64,
    /// Where it began, relative to the root.
    pub folder: Vec<u8>,
    /// How many levels it listed from there; all if none is given.
    pub depth: Option<u32>,
}

/// What is known of a folder's own entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Listed,
    /// Listed while it kept changing: entries may be missing.
    Changing,
    /// Passed over on the way down.
    Passed,
    /// Not entered.
    Barred,
}

impl Seen {
    /// From `dirs.status`.
    pub(super) fn new(status: i64) -> Seen {
        match status {
            listing::UNREAD => Seen::Passed,
            1 => Seen::Listed,
            5 => Seen::Changing,
            _ => Seen::Barred,
        }
    }

    fn is_listed(self) -> bool {
        matches!(self, Seen::Listed | Seen::Changing)
    }
}

/// Whether any root lies within another with the same rules.
pub(super) fn overlap(sources: &[SearchRoot]) -> bool {
    let mut roots: Vec<(&[u8], Vec<u8>)> = sources
        .iter()
        .map(|source| (source.rules.as_slice(), prefix(&source.root)))
        .collect();
    roots.sort_unstable();
    // Roots within a root come right after it.
    let pairs = roots.windows(2);
    let is_inner = |pair: &[(&[u8], Vec<u8>)]| match pair {
        [outer, inner] => outer.0 == inner.0 && inner.1.starts_with(&outer.1),
        _ => false,
    };
    pairs.into_iter().any(is_inner)
}

/// A root with a slash at its end.
fn prefix(root: &[u8]) -> Vec<u8> {
    [root.strip_suffix(b"/").unwrap_or(root), b"/"].concat()
}

/// Roots, by the names that lead to them.
#[derive(Debug, Default)]
struct RootTree {
    source: Option<u32>,
    inner: HashMap<Vec<u8>, RootTree>,
}

impl RootTree {
    fn add(&mut self, root: &[u8], source: u32) {
        let mut at = self;
        for name in path::names(root) {
            at = at.inner.entry(name.to_vec()).or_default();
        }
        at.source = Some(source);
    }
}

/// Scans that have come this far down, each with the level at which it ends.
type Open = Rc<[(i64, Option<u32>)]>;

/// A source at some point on the way down.
#[derive(Clone)]
struct Member {
    source: u32,
    /// Its folder there; none if it has none.
    folder: u32,
    seen: Seen,
    /// The last scan that listed it, or 0.
    look: i64,
    open: Open,
    /// Kept only if scans began further down.
    path: Vec<u8>,
    /// It has no folder there, perhaps because of its rules.
    is_left_out: bool,
}

impl Member {
    /// Whether it hides another's folder. The other's root lies within its own, or around it.
    fn covers(&self, other: &Member, is_inner: bool) -> bool {
        if self.look != other.look {
            return self.look > other.look;
        }
        let knows = self.seen.is_listed() || !other.seen.is_listed();
        self.folder != NONE && is_inner && knows
    }
}

/// The way down through all sources with the same rules.
pub(super) struct Cover<'a> {
    builder: &'a Builder,
    rules: Rules,
    /// Scans that began in folders, by source.
    looks: HashMap<u32, HashMap<&'a [u8], Vec<&'a CompletedScan>>>,
    /// Scans that could not enter a directory, by its row.
    missed: HashMap<i64, Vec<&'a Range<i64>>>,
    /// Sources with scans that began below the root.
    deep: HashSet<u32>,
    /// Folders by their parents.
    children: &'a [(u32, u32)],
    covered: Vec<u32>,
}

/// The folders that another source hides.
pub(super) fn covered(builder: &Builder, sources: &[SearchRoot]) -> Vec<u32> {
    let mut by_rules: HashMap<&[u8], Vec<u32>> = HashMap::new();
    for (place, source) in (0..).zip(sources) {
        by_rules.entry(&source.rules).or_default().push(place);
    }
    let folders = &builder.folders;
    let mut children: Vec<(u32, u32)> = (0..)
        .zip(folders)
        .filter(|(_, folder)| folder.parent != NONE && folder.state == FolderState::Shown)
        .map(|(place, folder)| (folder.parent, place))
        .collect();
    children.sort_unstable();
    let mut covered = Vec::new();
    for (text, places) in by_rules {
        let mut roots = RootTree::default();
        let mut looks: HashMap<u32, HashMap<&[u8], Vec<&CompletedScan>>> = HashMap::new();
        let mut deep = HashSet::new();
        let mut missed: HashMap<i64, Vec<&Range<i64>>> = HashMap::new();
        for place in places {
            if let Some(source) = sources.get(place as usize) {
                roots.add(&source.root, place);
                for (dir, scans) in &source.missed {
                    missed.entry(*dir).or_default().push(scans);
                }
                let own = looks.entry(place).or_default();
                for look in &source.looks {
                    if !look.folder.is_empty() {
                        deep.insert(place);
                    }
                    own.entry(&look.folder).or_default().push(look);
                }
            }
        }
        let rules = std::str::from_utf8(text).ok().and_then(Rules::parse);
        let mut cover = Cover {
            builder,
            rules: rules.unwrap_or_default(),
            looks,
            missed,
            deep,
            children: &children,
            covered: Vec::new(),
        };
        cover.descend(&roots);
        covered.append(&mut cover.covered);
    }
    covered
}

impl<'a> Cover<'a> {
    fn descend(&mut self, roots: &RootTree) {
        let mut stack: Vec<(Option<&RootTree>, Vec<Member>)> = vec![(Some(roots), Vec::new())];
        while let Some((roots, mut members)) = stack.pop() {
            if let Some(source) = roots.and_then(|roots| roots.source) {
                // That another source leaves out a folder proves nothing about a root beneath it.
                members.retain(|member| !member.is_left_out);
                if let Some(root) = self.builder.root_of(source) {
                    members.push(self.enter(source, root, Vec::new(), &Rc::from([])));
                }
            }
            self.decide(&members);
            let is_shared = members.len() > 1;
            let mut names: HashMap<Vec<u8>, Vec<u32>> = HashMap::new();
            if let Some(roots) = roots {
                names.extend(roots.inner.keys().map(|name| (name.clone(), Vec::new())));
            }
            let mut room = Vec::new();
            for member in &members {
                for &child in self.children_of(member.folder) {
                    let name = self.builder.folder_name(child.1, &mut room);
                    match names.get_mut(name) {
                        Some(folders) => folders.push(child.1),
                        None if is_shared => {
                            names.insert(name.to_vec(), vec![child.1]);
                        }
                        None => {}
                    }
                }
            }
            for (name, folders) in names {
                let roots = roots.and_then(|roots| roots.inner.get(&name));
                if folders.is_empty() && roots.is_none() {
                    continue;
                }
                let child = |member: &Member| self.child(member, &name, &folders);
                stack.push((roots, members.iter().map(child).collect()));
            }
        }
    }

    fn children_of(&self, folder: u32) -> &'a [(u32, u32)] {
        let from = self.children.partition_point(|child| child.0 < folder);
        let rest = self.children.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|child| child.0 == folder))
            .unwrap_or_default()
    }

    /// One source in one of its folders.
    fn enter(&self, source: u32, folder: u32, path: Vec<u8>, open: &Open) -> Member {
        let found = self.builder.folder(folder);
        let level = found.map_or(0, |folder| u32::from(folder.depth));
        let seen = found.map_or(Seen::Barred, |folder| folder.seen);
        let own = self.looks.get(&source);
        let begun = own.and_then(|looks| looks.get(path.as_slice()));
        let open = match begun {
            None => Rc::clone(open),
            Some(looks) => {
                let until = |look: &&CompletedScan| {
                    (
                        look.scan,
                        look.depth.map(|depth| level.saturating_add(depth)),
                    )
                };
                open.iter()
                    .copied()
                    .chain(looks.iter().map(until))
                    .collect()
            }
        };
        let missed = found.and_then(|folder| self.missed.get(&folder.id));
        let open = match missed {
            None => open,
            Some(missed) => {
                let has_missed = |scan| missed.iter().any(|scans| scans.contains(scan));
                let others = open.iter().filter(|(scan, _)| !has_missed(scan));
                others.copied().collect()
            }
        };
        let reaches = |(_, until): &&(i64, Option<u32>)| until.is_none_or(|until| level < until);
        let look = open.iter().filter(reaches).map(|(scan, _)| *scan).max();
        Member {
            source,
            folder,
            seen,
            look: look.filter(|_| seen.is_listed()).unwrap_or(0),
            open: match seen {
                Seen::Listed | Seen::Passed => open,
                // No scan is known to have gone further.
                Seen::Changing | Seen::Barred => Rc::from([]),
            },
            path,
            is_left_out: false,
        }
    }

    /// The same source one level further down.
    fn child(&self, member: &Member, name: &[u8], folders: &[u32]) -> Member {
        let is_own = |folder: &&u32| {
            self.builder
                .folder(**folder)
                .is_some_and(|f| f.parent == member.folder)
        };
        if let Some(&folder) = folders.iter().find(is_own)
            && member.folder != NONE
        {
            // Only the root's path is needed where no scan began deeper.
            let path = match self.deep.contains(&member.source) {
                true if member.path.is_empty() => name.to_vec(),
                true => [&member.path, &b"/"[..], name].concat(),
                // A name that no folder has.
                false => b"/".to_vec(),
            };
            return self.enter(member.source, folder, path, &member.open);
        }
        let is_proven = member.folder == NONE || member.seen == Seen::Listed;
        Member {
            source: member.source,
            folder: NONE,
            seen: Seen::Barred,
            look: if is_proven { member.look } else { 0 },
            open: Rc::from([]),
            path: Vec::new(),
            is_left_out: member.is_left_out || self.rules.may_leave_out(name),
        }
    }

    fn decide(&mut self, members: &[Member]) {
        for (at, member) in members.iter().enumerate() {
            let mut others = members.iter().enumerate().filter(|(other, _)| *other != at);
            if member.folder != NONE && others.any(|(other, by)| by.covers(member, other > at)) {
                self.covered.push(member.folder);
            }
        }
    }
}

impl Builder {
    fn root_of(&self, source: u32) -> Option<u32> {
        let id = self.names.sources.get(source as usize)?;
        self.folder_of(self.roots.get(id)?.1)
    }
}
