//! Matching full paths segment by segment. How much of the query a folder has matched follows from
//! its parent and its name, so each name is tested once and no path is assembled. An entry matches
//! by its path only if its own name takes part: a folder's name alone finds the folder, not what is
//! in it.

use std::cell::OnceCell;
use std::sync::atomic::AtomicBool;

use super::Refused;
use super::folders::FolderState;
use super::fuzzy::Fuzzy;
use super::names::Names;
use super::rank::{Fit, MatchKind, Spelling};
use super::shard::Shard;
use super::work::Work;

/// A name on the way down. For most names the mask shows that they do not matter, so the name
/// itself is read only when needed.
#[derive(Debug)]
pub(super) struct PathName<'a> {
    shard: &'a Shard,
    name: usize,
    pub(super) mask: u32,
    spelling: OnceCell<Spelling<'a>>,
    marked: OnceCell<Option<Vec<u8>>>,
}

impl<'a> PathName<'a> {
    pub(super) fn new(shard: &'a Shard, name: usize) -> Self {
        PathName {
            shard,
            name,
            mask: shard.mask(name),
            spelling: OnceCell::new(),
            marked: OnceCell::new(),
        }
    }

    pub(super) fn spelling(&self) -> &Spelling<'a> {
        self.spelling
            .get_or_init(|| Spelling::new(self.shard, self.name))
    }

    /// The name in its marked form.
    pub(super) fn marked(&self) -> &[u8] {
        let spelling = self.spelling();
        let marked = self.marked.get_or_init(|| spelling.marked());
        marked.as_deref().unwrap_or(spelling.key)
    }

    /// How many steps testing it against a query of this weight took.
    pub(super) fn steps(&self, weight: usize) -> usize {
        self.spelling.get().map_or(1, |name| name.steps(weight))
    }
}

/// A query that is matched along paths.
pub(super) trait Steps: Sync {
    /// How much of it has matched.
    type At: Copy + PartialEq + Send + Sync;
    /// Nothing below can match.
    const NOWHERE: Self::At;
    /// Maximum number of steps for each byte of a name.
    fn weight(&self) -> usize;
    /// In the root of a source.
    fn root(&self, source: u32) -> Self::At;
    /// In a folder that has this name.
    fn step(&self, at: Self::At, name: &PathName<'_>) -> Self::At;
    /// The mask that an entry's name must have; none if no name can match.
    fn wanted(&self, at: Self::At) -> Option<u32>;
    /// Whether an entry matches, and how well.
    fn matches(&self, at: Self::At, name: &PathName<'_>) -> Option<Fit>;
}

/// How much of the query each folder has matched.
pub(super) fn stand<S: Steps>(
    names: &Names,
    steps: &S,
    cancel: &AtomicBool,
) -> Result<Vec<S::At>, Refused> {
    let mut all = vec![S::NOWHERE; names.folders.len()];
    let mut work = Work::new(cancel);
    let folders = &names.folders;
    for folder in folders.downwards() {
        if !names.plain && folders.state(folder) == FolderState::Gone {
            continue;
        }
        let above = all.get(folders.parent(folder) as usize);
        let at = match (above, names.place(folders.name(folder))) {
            (Some(&at), Some((shard, name))) => {
                let name = PathName::new(shard, name);
                let at = steps.step(at, &name);
                if !work.spend(name.steps(steps.weight())) {
                    return Err(Refused::Cancelled);
                }
                at
            }
            _ => steps.root(folders.source(folder)),
        };
        if let Some(place) = all.get_mut(folder as usize) {
            *place = at;
        }
    }
    Ok(all)
}

/// Letters taken so far, and in how many pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    letters: u8,
    pieces: u8,
}

impl Steps for Fuzzy {
    type At = Taken;
    // The same as at a root: the letters may start at any folder.
    const NOWHERE: Taken = Taken {
        letters: 0,
        pieces: 0,
    };

    fn weight(&self) -> usize {
        self.len()
    }

    fn root(&self, _source: u32) -> Taken {
        Taken {
            letters: self.take_slash(0) as u8,
            pieces: 0,
        }
    }

    fn step(&self, at: Taken, name: &PathName<'_>) -> Taken {
        let from = usize::from(at.letters);
        // Without the next letter the name cannot take any; this rules out most names.
        let mut pieces = at.pieces;
        let reached = match self.may_take(from, name.mask) {
            true => self.take(from, name.spelling()).0,
            false => from,
        };
        // The last letter is for the entry's own name.
        let most = self.len().saturating_sub(1);
        let reached = reached.min(most);
        if reached > from {
            let more = self.pieces(from, reached, name.spelling());
            pieces = pieces.saturating_add(more.min(255) as u8);
        }
        Taken {
            letters: self.take_slash(reached).min(most) as u8,
            pieces,
        }
    }

    fn wanted(&self, at: Taken) -> Option<u32> {
        // If the path took no letters, the name alone was tested already.
        (at.letters > 0).then(|| self.rest_from(usize::from(at.letters)))
    }

    fn matches(&self, at: Taken, name: &PathName<'_>) -> Option<Fit> {
        let from = usize::from(at.letters);
        let take = |from| self.take(from, name.spelling()).0;
        if take(from) < self.len() || take(0) == self.len() {
            return None;
        }
        let pieces = self.pieces(from, self.len(), name.spelling()) + usize::from(at.pieces);
        Some(Fit::new(MatchKind::Path, pieces, name.spelling().key))
    }
}
