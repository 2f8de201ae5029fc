//! Asking rules about an entry, file by file, with buffers that each thread keeps.

use std::cell::RefCell;

use super::matcher::{Matcher, Query, Work};

/// A thread's buffers for decisions.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    path: Vec<u8>,
    folded: Vec<u8>,
    /// For the path as it is, and for the folded one.
    work: [Work; 2],
}

thread_local! {
    pub(super) static BUFFERS: RefCell<Buffers> = RefCell::default();
}

/// An entry that is matched, file by file.
pub(super) struct MatchedEntry<'a> {
    pub(super) prefix: &'a [u8],
    pub(super) dir_path: &'a [u8],
    pub(super) name: &'a [u8],
    pub(super) is_dir: bool,
    pub(super) scratch: &'a mut Buffers,
}

impl MatchedEntry<'_> {
    pub(super) fn begin(&mut self) {
        self.scratch.path.clear();
        self.scratch.folded.clear();
        self.scratch.work.iter_mut().for_each(Work::reset);
    }

    /// What a file decides; its patterns are relative to a path of length `base`.
    pub(super) fn ask(&mut self, matcher: &Matcher, base: usize) -> Option<bool> {
        if matcher.is_empty() {
            return None;
        }
        let slash = usize::from(!self.dir_path.is_empty());
        let start = self.prefix.len() + self.dir_path.len() + slash;
        let by_name = matcher.by_name() || base >= start;
        if !by_name || matcher.folds() {
            self.join();
        }
        let Buffers { path, folded, work } = &mut *self.scratch;
        let [plain_work, folded_work] = work;
        let (path, name, work) = if matcher.folds() {
            if folded.is_empty() {
                folded.extend(path.iter().map(u8::to_ascii_lowercase));
            }
            (&*folded, folded.get(start..)?, folded_work)
        } else {
            (&*path, self.name, plain_work)
        };
        let query = Query {
            path: if by_name { name } else { path.get(base..)? },
            name,
            is_dir: self.is_dir,
        };
        matcher.decide(query, work)
    }

    /// Writes the whole path, unless that is done.
    fn join(&mut self) {
        let path = &mut self.scratch.path;
        if path.is_empty() {
            path.extend_from_slice(self.prefix);
            path.extend_from_slice(self.dir_path);
            if !self.dir_path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(self.name);
        }
    }
}
