//! Ignore rules: what a scan leaves out, by git's rules or by a list of patterns.
//!
//! The lines of an ignore file are read as git reads them (`line`) and matched by `matcher`, with
//! `positions` for the few that need more than a look at a text's ends. Opening and reading the
//! files is `file`'s business. Nothing here walks: the walker calls
//! [`Rules::root`] once, [`Rules::enter`] for each directory on the way down, and
//! [`Rules::leaves_out`] for each entry. It does not enter what is left out, so that, as with git,
//! nothing beneath it can be brought back.
//!
//! # With `Ignore::Git`
//!
//! The oracle is `git check-ignore --no-index`. `.gitignore` files count from the root down, the
//! nearest first, then `.git/info/exclude` of the root; within a file the later line wins. `.git`
//! itself, directory or file, is left out at every level. They count whether the root is a
//! repository or not. In a repository within the root (submodule or not) the rules of the
//! directories above hold and its own `.gitignore` files add to them, as git itself answers (`rg`
//! and `fd` forget the outer rules there); its `info/exclude` is not read.
//!
//! On purpose not read, for the answer depends on the tree and not on who asks or where the root
//! lies within something else: the user's `core.excludesFile`, `core.ignoreCase` (case always
//! matters), `.gitignore` files above the root, and `info/exclude` where `.git` is a file that
//! points elsewhere, or a link.
//!
//! # With `Ignore::Globs`
//!
//! Each pattern is one line of a `.gitignore` file in the root, with all that follows: one that
//! begins with `#` is a comment. No file is read, and `.git` is nothing special.
//!
//! # Where git is silent, and we are not
//!
//! A pattern that can never match, because `[` is not closed, a class has an unknown name or a
//! backslash has nothing to escape, is no error for git; it is reported here, and otherwise
//! changes nothing. So are ignore files that are links or no regular files: none of them is used.
//! git does the same with links; it follows one at `info/exclude`. Of a file over 1 MiB the whole
//! lines of the first are used, where git reads up to 100 MB.
//!
//! What matching one name can cost is bounded, by about a millisecond ([`matcher::MAX_COST`]). A
//! file is used up to the line that would go beyond that, beside all rules in effect above it; a
//! list that would is refused. So is a pattern with more than 4,096 pieces from its first `*` to
//! its last. What is not used is reported. All else agrees with git, as `tests/rules_git.rs` has it.

mod block;
mod file;
mod line;
mod literals;
mod matcher;
mod positions;
mod set;

use std::cell::RefCell;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use crate::{Error, Ignore, Operation, Reason};
use matcher::{Builder, MAX_COST, Matcher, Query, Refusal, Work};

/// The rules in effect in one directory. Immutable; a chain from there up to the root, shared by
/// all directories beneath that bring none of their own.
#[derive(Debug)]
pub struct Rules {
    git: bool,
    /// Length of the path that this directory's patterns are relative to, its slash included.
    base: usize,
    matcher: Matcher,
    /// Lower precedence.
    outer: Option<Arc<Rules>>,
    /// What it can cost to ask these and all of lower precedence.
    cost: u32,
}

/// What decisions need room for; one a thread.
#[derive(Debug, Default)]
struct Scratch {
    path: Vec<u8>,
    work: Work,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Rules {
    /// The rules in effect in the root: `None` for [`Ignore::None`]. Errors in ignore files are
    /// returned beside what is usable; one in a list of patterns is an `Err`.
    pub fn root(
        ignore: &Ignore,
        root: BorrowedFd<'_>,
    ) -> Result<(Option<Arc<Rules>>, Vec<Error>), Error> {
        let mut errors = Vec::new();
        let (git, (matcher, cost)) = match ignore {
            Ignore::None => return Ok((None, errors)),
            Ignore::Globs(globs) => (false, matcher_of_globs(globs)?),
            Ignore::Git => (true, exclude(root, &mut errors)),
        };
        let rules = Arc::new(Rules {
            git,
            base: 0,
            matcher,
            outer: None,
            cost,
        });
        let (rules, more) = rules.enter(root, b"");
        errors.extend(more);
        Ok((Some(rules), errors))
    }

    /// The rules in effect in a directory: these, and what its own `.gitignore` adds. `path` is
    /// relative to the root, without a slash at its end.
    pub fn enter(self: &Arc<Rules>, dir: BorrowedFd<'_>, path: &[u8]) -> (Arc<Rules>, Vec<Error>) {
        let mut errors = Vec::new();
        if !self.git {
            return (Arc::clone(self), errors);
        }
        let of_file = || join(path, b".gitignore");
        let content = file::content(dir, b".gitignore", of_file, &mut errors);
        let Some(content) = content else {
            return (Arc::clone(self), errors);
        };
        let room = MAX_COST.saturating_sub(self.cost);
        let (matcher, cost) = file::matcher(&content, room, false, of_file, &mut errors);
        if matcher.is_empty() {
            return (Arc::clone(self), errors);
        }
        let rules = Rules {
            git: true,
            base: join(path, b"").len(),
            matcher,
            outer: Some(Arc::clone(self)),
            cost: self.cost.saturating_add(cost),
        };
        (Arc::new(rules), errors)
    }

    /// Whether an entry is left out. `dir_path` is the path of its directory, in which these rules
    /// are in effect, relative to the root.
    pub fn leaves_out(&self, dir_path: &[u8], name: &[u8], is_dir: bool) -> bool {
        if self.git && name == b".git" {
            return true;
        }
        if self.matcher.is_empty() && self.outer.is_none() {
            return false;
        }
        SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
            Ok(mut scratch) => self.decide(dir_path, name, is_dir, &mut scratch),
            Err(_) => self.decide(dir_path, name, is_dir, &mut Scratch::default()),
        })
    }

    fn decide(&self, dir_path: &[u8], name: &[u8], is_dir: bool, scratch: &mut Scratch) -> bool {
        let Scratch { path, work } = scratch;
        path.clear();
        work.reset();
        let mut level = Some(self);
        while let Some(rules) = level {
            let own = dir_path.len() < rules.base || dir_path.is_empty();
            let text = if own || rules.matcher.by_name() {
                name
            } else {
                if path.is_empty() {
                    path.extend_from_slice(dir_path);
                    path.push(b'/');
                    path.extend_from_slice(name);
                }
                path.get(rules.base..).unwrap_or(name)
            };
            let query = Query {
                path: text,
                name,
                is_dir,
            };
            if let Some(left_out) = rules.matcher.decide(query, work) {
                return left_out;
            }
            level = rules.outer.as_deref();
        }
        false
    }
}

impl Drop for Rules {
    // A chain may be as long as a tree is deep: without this, dropping one recurses as deep.
    fn drop(&mut self) {
        let mut next = self.outer.take();
        while let Some(mut rules) = next.and_then(Arc::into_inner) {
            next = rules.outer.take();
        }
    }
}

fn join(dir: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = dir.to_vec();
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// The root's `.git/info/exclude`, if it has one.
fn exclude(root: BorrowedFd<'_>, errors: &mut Vec<Error>) -> (Matcher, u32) {
    let path = || b".git/info/exclude".to_vec();
    let info = subdirectory(root, ".git").and_then(|git| subdirectory(git.as_fd(), "info"));
    let content = match info {
        Ok(info) => file::content(info.as_fd(), b"exclude", path, errors),
        // No repository, or one whose `.git` is a file or a link.
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => None,
        Err(errno) => {
            errors.push(Error::from_errno(errno, Operation::Ignore, &path()));
            None
        }
    };
    content.map_or_else(Default::default, |content| {
        file::matcher(&content, MAX_COST, false, path, errors)
    })
}

fn subdirectory(dir: BorrowedFd<'_>, name: &str) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(dir, name, flags, Mode::empty())
}

fn matcher_of_globs(globs: &[Vec<u8>]) -> Result<(Matcher, u32), Error> {
    let mut builder = Builder::new(MAX_COST, false);
    for glob in globs {
        if glob.contains(&0) {
            return Err(bad_glob(glob, "it contains a zero byte"));
        }
        match builder.add(glob) {
            Ok(()) => {}
            Err(Refusal::Bad(why)) => return Err(bad_glob(glob, why)),
            Err(Refusal::TooMuch) => {
                return Err(bad_glob(
                    glob,
                    "with those before it, matching would take too long",
                ));
            }
        }
    }
    Ok(builder.build())
}

fn bad_glob(glob: &[u8], why: &str) -> Error {
    let mut error = Error::new(Reason::BadPattern, Operation::Ignore, b"");
    error.detail = Some(format!("pattern \"{}\": {why}", glob.escape_ascii()));
    error
}
