//! Ignore rules: what a scan leaves out, by git's rules or by a list of patterns.
//!
//! The lines of an ignore file are read as git reads them (`line`), and matched by the `ignore`
//! crate (`matcher`), or byte by byte where that crate cannot hold a line (`wildmatch`). Opening
//! and reading the files is `file`'s business. Nothing here walks: the walker calls
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
//! changes nothing. So are ignore files that are links, no regular files, or over 1 MiB: none of
//! them is used. git does the same with links; it follows one at `info/exclude`, and reads up to
//! 100 MB. A pattern of more than 4,096 pieces that has to be matched byte by byte is refused.
//! All else agrees with git, as `tests/rules_git.rs` has it.

mod file;
mod glob;
mod line;
mod matcher;
mod wildmatch;

use std::cell::RefCell;
use std::os::fd::BorrowedFd;
use std::sync::Arc;

use crate::{Error, Ignore, Operation, Reason};
use matcher::{Matcher, Scratch};

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
        match ignore {
            Ignore::None => Ok((None, Vec::new())),
            Ignore::Globs(globs) => {
                let matcher = matcher_of_globs(globs)?;
                let rules = Rules {
                    git: false,
                    base: 0,
                    matcher,
                    outer: None,
                };
                Ok((Some(Arc::new(rules)), Vec::new()))
            }
            Ignore::Git => {
                let mut errors = Vec::new();
                let exclude = file::exclude(root, &mut errors).unwrap_or_default();
                let rules = Rules {
                    git: true,
                    base: 0,
                    matcher: exclude,
                    outer: None,
                };
                let rules = Arc::new(rules);
                let (rules, more) = rules.enter(root, b"");
                errors.extend(more);
                Ok((Some(rules), errors))
            }
        }
    }

    /// The rules in effect in a directory: these, and what its own `.gitignore` adds. `path` is
    /// relative to the root, without a slash at its end.
    pub fn enter(self: &Arc<Rules>, dir: BorrowedFd<'_>, path: &[u8]) -> (Arc<Rules>, Vec<Error>) {
        let mut errors = Vec::new();
        if !self.git {
            return (Arc::clone(self), errors);
        }
        let rules = match file::gitignore(dir, path, &mut errors) {
            Some(matcher) => Arc::new(Rules {
                git: true,
                base: if path.is_empty() {
                    0
                } else {
                    path.len().saturating_add(1)
                },
                matcher,
                outer: Some(Arc::clone(self)),
            }),
            None => Arc::clone(self),
        };
        (rules, errors)
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
        let mut joined = false;
        let mut level = Some(self);
        while let Some(rules) = level {
            let own = dir_path.len() < rules.base || dir_path.is_empty();
            let decision = if own || rules.matcher.by_name() {
                rules
                    .matcher
                    .decide(name, name, is_dir, &mut scratch.states)
            } else {
                if !joined {
                    scratch.path.clear();
                    scratch.path.extend_from_slice(dir_path);
                    scratch.path.push(b'/');
                    scratch.path.extend_from_slice(name);
                    joined = true;
                }
                let path = scratch.path.get(rules.base..).unwrap_or(name);
                rules
                    .matcher
                    .decide(path, name, is_dir, &mut scratch.states)
            };
            if let Some(left_out) = decision {
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

fn matcher_of_globs(globs: &[Vec<u8>]) -> Result<Matcher, Error> {
    let mut builder = matcher::Builder::default();
    for (at, glob) in globs.iter().enumerate() {
        if glob.contains(&0) {
            return Err(bad_glob(glob, "it contains a zero byte"));
        }
        match line::parse(glob) {
            Ok(Some(pattern)) => builder.add(at, pattern),
            Ok(None) => {}
            Err(why) => return Err(bad_glob(glob, why)),
        }
    }
    let (matcher, refused) = builder.build();
    match refused.first() {
        Some((at, why)) => Err(bad_glob(globs.get(*at).map_or(b"", Vec::as_slice), why)),
        None => Ok(matcher),
    }
}

fn bad_glob(glob: &[u8], why: &str) -> Error {
    let mut error = Error::new(Reason::BadPattern, Operation::Ignore, b"");
    error.detail = Some(format!("pattern \"{}\": {why}", glob.escape_ascii()));
    error
}
