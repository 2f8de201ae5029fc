//! Ignore rules: what a scan leaves out, by git's rules and by patterns.
//!
//! This file decides which ignore files apply; `repository`, `above` and `user` find them. The lines of an ignore file
//! are parsed as git parses them (`line`) and matched by `matcher`, with `positions` for the few that need more than
//! comparing a text's beginning and end. Nothing here walks: the walker calls [`Rules::root`] once, [`Rules::enter`]
//! for each directory on the way down, and [`Rules::leaves_out`] for each entry. It does not enter what is left out, so
//! that, as with git, nothing beneath can be brought back.
//!
//! # With `git`
//!
//! The oracle is `git check-ignore --no-index`, run in the work tree that an entry lies in. `.gitignore` files apply
//! from the top of the work tree down, the nearest winning, and after them `info/exclude` of the repository; within a
//! file the later line wins. If the root lies within a work tree, the files above the root apply as well. `.git`
//! itself, directory or file, is left out at every level.
//!
//! A repository within the root has only its own rules, whether it is a submodule, a work tree or neither; the rules of
//! the directories above decide whether it is shown at all. As for git, a directory is the top of a repository if it
//! has a `.git` with a head, objects and refs, or one that points to such a directory. `core.ignoreCase` of its
//! configuration applies. Outside of all repositories `.gitignore` files apply from the root down, and so does
//! `info/exclude` of a `.git` in the root that is not a repository.
//!
//! The names of the root and of the directories above it are not matched: a scan of an ignored directory shows what is
//! in it.
//!
//! Deliberately not read: git's index, so that a tracked file is left out if a rule matches it; included configuration
//! files and the system's; a pointer to a directory of another owner; links within a git directory.
//!
//! # With `git_user`
//!
//! The user's own excludes file applies last: `core.excludesFile` of `~/.gitconfig` or of `git/config` in
//! `$XDG_CONFIG_HOME` (`~/.config`); without that, `git/ignore` there.
//!
//! # With `patterns`
//!
//! Each is one line of a `.gitignore` file in the root that takes precedence over all others, with all that this
//! implies: one that begins with `#` is a comment, and one with `!` brings back what a file leaves out. They are
//! always case-sensitive.
//!
//! # Where we report and git does not
//!
//! A pattern that can never match, because `[` is not closed, a class has an unknown name or a backslash has nothing to
//! escape, is no error for git; here it is reported, and changes nothing else. The same goes for ignore files that are
//! links or not regular files: none of them is used. git does not use links either, except that it follows one at
//! `info/exclude`. Of a file over 1 MiB the complete lines of the first MiB are used, where git reads up to 100 MB.
//!
//! The cost of matching one name is bounded, by about a millisecond (`MAX_COST`). A file is used up to the line that
//! would exceed it, together with all rules in effect above; a list of patterns that would exceed it is refused. So is
//! a pattern with more than 4,096 pieces from its first `*` to its last. What is not used is reported. Everything else
//! agrees with git, as `tests/rules_git` checks.

mod above;
mod asked;
mod block;
mod builder;
mod config;
mod file;
mod line;
mod literals;
mod matcher;
mod positions;
mod repository;
mod set;
mod user;

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, OnceLock};

use crate::{Error, Ignore, Operation, Reason};
use above::Level;
use asked::{BUFFERS, Buffers, MatchedEntry};
use builder::{MAX_COST, MatcherBuilder, Refusal};
use file::{Content, Links};
use matcher::Matcher;
use repository::Repository;

/// The rules in effect in one directory. An immutable chain up to the top of a repository, or to the root, shared by
/// all directories beneath that add none of their own.
#[derive(Debug)]
pub struct Rules {
    scan: Arc<OfScan>,
    /// Whether files of this repository ignore case.
    fold: bool,
    /// Length of the path that these patterns are relative to, including its slash; see [`OfScan::prefix`].
    base: usize,
    matcher: Arc<Matcher>,
    /// Rules of lower precedence.
    outer: Option<Arc<Rules>>,
    /// What matching can cost with these, all of lower precedence, and the list.
    cost: u32,
    /// Whether none of them has a pattern.
    is_empty: bool,
}

/// What is the same in all of a scan.
#[derive(Debug)]
struct OfScan {
    git: bool,
    /// The path from the top of the work tree down to the root, with a trailing slash; empty if the root is the top.
    /// All paths begin with it.
    prefix: Vec<u8>,
    /// The list of patterns, which takes precedence over all files.
    patterns: Matcher,
    cost: u32,
    user: Option<User>,
}

/// A user's own excludes file.
#[derive(Debug)]
struct User {
    content: Content,
    path: Vec<u8>,
    /// The matchers that respect and ignore case, with their costs.
    matchers: [OnceLock<(Arc<Matcher>, u32)>; 2],
}

impl Rules {
    /// The rules in effect in the root, whose path is as the caller gave it; `None` if nothing is to be ignored. Errors
    /// in ignore files are returned beside the usable rules; one in the list of patterns is an `Err`.
    pub fn root(
        ignore: &Ignore,
        root: BorrowedFd<'_>,
        path: &[u8],
    ) -> Result<(Option<Arc<Rules>>, Vec<Error>), Error> {
        let mut errors = Vec::new();
        if ignore.is_none() {
            return Ok((None, errors));
        }
        let (patterns, cost) = matcher_of(&ignore.patterns)?;
        let mut repository = None;
        let mut levels = Vec::new();
        if ignore.git {
            repository = repository::find(root, b"", &mut errors);
            if repository.is_none() {
                match above::find(root, path, &mut errors) {
                    Some(found) => (repository, levels) = (Some(found.repository), found.levels),
                    None => repository = repository::find_broken(root, b"", &mut errors),
                }
            }
        }
        let user = ignore
            .git_user
            .as_ref()
            .and_then(|user| user::excludes(user, &mut errors));
        let scan = Arc::new(OfScan {
            git: ignore.git,
            prefix: levels
                .iter()
                .flat_map(|level| [&level.name[..], b"/"].concat())
                .collect(),
            patterns,
            cost,
            user: user.map(|(content, path)| User {
                content,
                path,
                matchers: Default::default(),
            }),
        });
        let top = levels.first().map_or(&b""[..], |level| &level.path);
        let mut rules = Rules::bottom(&scan, 0, repository, top, &mut errors);
        let mut base = 0;
        for Level { fd, path, name } in &levels {
            rules = rules.with_file(fd.as_fd(), path, base, &mut errors);
            base += name.len() + 1;
        }
        if ignore.git {
            rules = rules.with_file(root, b"", base, &mut errors);
        }
        Ok((Some(rules), errors))
    }

    /// The rules in effect in a directory: these with its own `.gitignore`, or those of the repository that begins
    /// there. `path` is relative to the root, without a trailing slash.
    pub fn enter(self: &Arc<Rules>, dir: BorrowedFd<'_>, path: &[u8]) -> (Arc<Rules>, Vec<Error>) {
        let mut errors = Vec::new();
        if !self.scan.git {
            return (Arc::clone(self), errors);
        }
        let base = self.scan.prefix.len() + join(path, b"").len();
        let rules = match repository::find(dir, path, &mut errors) {
            Some(found) => Rules::bottom(&self.scan, base, Some(found), path, &mut errors),
            None => Arc::clone(self),
        };
        (rules.with_file(dir, path, base, &mut errors), errors)
    }

    /// The rules of lowest precedence, of a repository or outside of all: the user's own file, then `info/exclude`.
    /// `path` is that of the repository's top, for errors.
    fn bottom(
        scan: &Arc<OfScan>,
        base: usize,
        repository: Option<Repository>,
        path: &[u8],
        errors: &mut Vec<Error>,
    ) -> Arc<Rules> {
        let fold = repository.as_ref().is_some_and(|found| found.fold);
        let (matcher, cost) = match &scan.user {
            Some(user) => user.matcher(fold, MAX_COST.saturating_sub(scan.cost), errors),
            None => Default::default(),
        };
        let user = Arc::new(Rules {
            is_empty: scan.patterns.is_empty() && matcher.is_empty(),
            scan: Arc::clone(scan),
            fold,
            base,
            matcher,
            outer: None,
            cost: scan.cost.saturating_add(cost),
        });
        let of_file = || join(path, b".git/info/exclude");
        match repository.and_then(|found| found.exclude) {
            Some(content) => user.with(&content, base, of_file, errors),
            None => user,
        }
    }

    /// These rules with the `.gitignore` of a directory, whose path is for errors.
    fn with_file(
        self: Arc<Rules>,
        dir: BorrowedFd<'_>,
        path: &[u8],
        base: usize,
        errors: &mut Vec<Error>,
    ) -> Arc<Rules> {
        let of_file = || join(path, b".gitignore");
        match file::content(dir, b".gitignore", Links::Refused, of_file, errors) {
            Some(content) => self.with(&content, base, of_file, errors),
            None => self,
        }
    }

    /// These rules with a file that takes precedence over them.
    fn with(
        self: Arc<Rules>,
        content: &Content,
        base: usize,
        of_file: impl Fn() -> Vec<u8>,
        errors: &mut Vec<Error>,
    ) -> Arc<Rules> {
        let room = MAX_COST.saturating_sub(self.cost);
        let (matcher, cost) = file::matcher(content, room, self.fold, of_file, errors);
        if matcher.is_empty() {
            return self;
        }
        Arc::new(Rules {
            scan: Arc::clone(&self.scan),
            fold: self.fold,
            base,
            matcher: Arc::new(matcher),
            cost: self.cost.saturating_add(cost),
            outer: Some(self),
            is_empty: false,
        })
    }

    /// Whether an entry is left out. `dir_path` is the path of its directory relative to the root; these rules are in
    /// effect in it.
    pub fn leaves_out(&self, dir_path: &[u8], name: &[u8], is_dir: bool) -> bool {
        if self.scan.git && name == b".git" {
            return true;
        }
        if self.is_empty {
            return false;
        }
        BUFFERS.with(|scratch| match scratch.try_borrow_mut() {
            Ok(mut scratch) => self.decide(dir_path, name, is_dir, &mut scratch),
            Err(_) => self.decide(dir_path, name, is_dir, &mut Buffers::default()),
        })
    }

    fn decide(&self, dir_path: &[u8], name: &[u8], is_dir: bool, scratch: &mut Buffers) -> bool {
        let mut entry = MatchedEntry {
            prefix: &self.scan.prefix,
            dir_path,
            name,
            is_dir,
            scratch,
        };
        entry.begin();
        if let Some(left_out) = entry.ask(&self.scan.patterns, self.scan.prefix.len()) {
            return left_out;
        }
        let mut level = Some(self);
        while let Some(rules) = level {
            if let Some(left_out) = entry.ask(&rules.matcher, rules.base) {
                return left_out;
            }
            level = rules.outer.as_deref();
        }
        false
    }
}

impl User {
    /// The matcher, and its cost. Its errors are reported once.
    fn matcher(&self, fold: bool, room: u32, errors: &mut Vec<Error>) -> (Arc<Matcher>, u32) {
        let [plain, folded] = &self.matchers;
        let made = if fold { folded } else { plain }.get_or_init(|| {
            let path = || self.path.clone();
            let mut found = Vec::new();
            let (matcher, cost) = file::matcher(&self.content, room, fold, path, &mut found);
            if [plain, folded].iter().all(|other| other.get().is_none()) {
                errors.append(&mut found);
            }
            (Arc::new(matcher), cost)
        });
        made.clone()
    }
}

impl Drop for Rules {
    // Not by recursion: a chain may be as long as a tree is deep.
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

fn matcher_of(patterns: &[Vec<u8>]) -> Result<(Matcher, u32), Error> {
    if patterns.is_empty() {
        return Ok(Default::default());
    }
    let mut builder = MatcherBuilder::new(MAX_COST, false);
    for pattern in patterns {
        let refused = match builder.add(pattern) {
            _ if pattern.contains(&0) => "it contains a zero byte",
            Ok(()) => continue,
            Err(Refusal::Bad(why)) => why,
            Err(Refusal::TooMuch) => {
                "with the patterns before it, matching would take too long: use fewer wildcards"
            }
        };
        let detail = format!("pattern \"{}\": {refused}", pattern.escape_ascii());
        return Err(Error {
            detail: Some(detail),
            ..Error::new(Reason::BadPattern, Operation::Ignore, b"")
        });
    }
    Ok(builder.build())
}
