//! Ignore rules compared with git's own answers, on seeded random trees with random rules.
//!
//! `AETHER_RULES_TREES` is the number of trees (default 40), `AETHER_RULES_SEED` the first seed. A failure prints the
//! seed, the tree's rules and the paths that differ.

// Clippy's exception for tests does not cover their helper functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod random;
mod repositories;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use aether_core::rules::Rules;
use aether_core::{GitUser, Ignore, Reason};

use random::*;
use repositories::all_dirs;

type Paths = BTreeSet<Vec<u8>>;

/// All paths except `.git` and what is in it, parents before children.
fn list(dir: &Path, prefix: &[u8], into: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_vec();
        if name == b".git" {
            continue;
        }
        let path = join(prefix, &name);
        into.push(path.clone());
        if entry.file_type().unwrap().is_dir() {
            list(&entry.path(), &path, into);
        }
    }
}

fn join(dir: &[u8], name: &[u8]) -> Vec<u8> {
    if dir.is_empty() {
        name.to_vec()
    } else {
        [dir, b"/", name].concat()
    }
}

fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root).env_clear().env("HOME", root);
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

fn init(root: &Path) {
    let done = git(root)
        .args(["init", "-q", "--template="])
        .status()
        .expect("git is needed");
    assert!(done.success());
}

/// What git leaves out: what it says it ignores, and everything beneath.
fn left_out_by_git(root: &Path, scratch: &Path) -> Paths {
    let mut paths = Vec::new();
    list(root, b"", &mut paths);
    let questions = scratch.join("questions");
    // The dot keeps git from reading a leading colon as pathspec magic.
    let asked: Vec<u8> = paths
        .iter()
        .flat_map(|path| [b"./", &path[..], b"\0"].concat())
        .collect();
    fs::write(&questions, asked).unwrap();
    let output = git(root)
        .args(["check-ignore", "--no-index", "-z", "--stdin"])
        .stdin(Stdio::from(File::open(&questions).unwrap()))
        .output()
        .unwrap();
    let code = output.status.code();
    assert!(
        matches!(code, Some(0 | 1)),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers = output.stdout.split(|&byte| byte == 0);
    let said: Paths = answers
        .filter_map(|path| path.strip_prefix(b"./"))
        .map(Vec::from)
        .collect();
    let beneath = |path: &Vec<u8>| {
        let mut slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        said.contains(path) || slashes.any(|(at, _)| said.contains(&path[..at]))
    };
    paths.into_iter().filter(beneath).collect()
}

/// What these rules leave out, and everything beneath.
fn left_out_by_rules(root: &Path, ignore: &Ignore) -> Paths {
    let fd = File::open(root).unwrap();
    let path = root.as_os_str().as_bytes();
    let (rules, errors) = Rules::root(ignore, fd.as_fd(), path).unwrap();
    assert!(
        errors
            .iter()
            .all(|error| error.reason == Reason::BadPattern),
        "{errors:?}"
    );
    let mut left_out = Paths::new();
    visit(root, b"", &rules.unwrap(), &mut left_out);
    left_out
}

fn visit(dir: &Path, dir_path: &[u8], rules: &Arc<Rules>, left_out: &mut Paths) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_vec();
        let is_dir = entry.file_type().unwrap().is_dir();
        let path = join(dir_path, &name);
        if name == b".git" {
            continue;
        }
        if rules.leaves_out(dir_path, &name, is_dir) {
            let mut beneath = Vec::new();
            if is_dir {
                list(&entry.path(), &path, &mut beneath);
            }
            left_out.extend(beneath);
            left_out.insert(path);
        } else if is_dir {
            let fd = File::open(entry.path()).unwrap();
            let (inner, _) = rules.enter(fd.as_fd(), &path);
            visit(&entry.path(), &path, &inner, left_out);
        }
    }
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(otherwise)
}

fn show(paths: &Paths, but: &Paths) -> Vec<String> {
    let depth = |path: &&Vec<u8>| path.iter().filter(|byte| **byte == b'/').count();
    let mut paths: Vec<_> = paths.difference(but).collect();
    paths.sort_by_key(depth);
    paths
        .iter()
        .take(3)
        .map(|path| path.escape_ascii().to_string())
        .collect()
}

#[test]
fn random_trees_agree_with_git() {
    let first = number("AETHER_RULES_SEED", 1);
    let (mut hits, mut misses) = (0, 0);
    for seed in first..first + number("AETHER_RULES_TREES", 40) {
        let random = &mut Random(seed);
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("root");
        fs::create_dir(&root).unwrap();
        init(&root);
        let mut rules_of = Vec::new();
        fill(random, &root, 0, &mut rules_of);
        if random.one_in(2) {
            let content = rules(random);
            fs::create_dir_all(root.join(".git/info")).unwrap();
            fs::write(root.join(".git/info/exclude"), &content).unwrap();
            rules_of.push((root.join(".git/info"), content));
        }
        let expected = left_out_by_git(&root, temp.path());
        let got = left_out_by_rules(&root, &Ignore::git());
        let shown: Vec<_> = rules_of
            .iter()
            .map(|(dir, content)| {
                let dir = dir
                    .strip_prefix(&root)
                    .unwrap()
                    .as_os_str()
                    .as_bytes()
                    .escape_ascii();
                format!("  {dir}: {}", content.escape_ascii())
            })
            .collect();
        assert!(
            expected == got,
            "seed {seed}\nrules:\n{}\nonly git leaves out {:#?}\nonly we leave out {:#?}",
            shown.join("\n"),
            show(&expected, &got),
            show(&got, &expected),
        );
        let mut all = Vec::new();
        list(&root, b"", &mut all);
        hits += expected.len();
        misses += all.len() - expected.len();
    }
    // A generator whose rules match nothing, or everything, would prove nothing.
    assert!(hits > 500 && misses > 500, "{hits} left out, {misses} not");
}

#[test]
fn random_pattern_lists_agree_with_git() {
    let first = number("AETHER_RULES_SEED", 1);
    for seed in first..first + number("AETHER_RULES_TREES", 40) / 4 {
        let random = &mut Random(seed ^ 0x5eed_0000);
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("root");
        fs::create_dir(&root).unwrap();
        init(&root);
        fill(random, &root, 0, &mut Vec::new());
        for path in [&b""[..]]
            .into_iter()
            .chain(all_dirs(&root).iter().map(Vec::as_slice))
        {
            let _ = fs::remove_file(root.join(OsStr::from_bytes(path)).join(".gitignore"));
        }
        // A broken pattern refuses a whole list; in a file it is skipped.
        let fd = File::open(&root).unwrap();
        let globs: Vec<Vec<u8>> = (0..1 + random.below(6))
            .map(|_| pattern(random))
            .filter(|line| !line.contains(&b'\n') && !line.ends_with(b"\r"))
            .filter(|line| list_of(vec![line.clone()], &fd).is_ok())
            .collect();
        // Begin with an empty line, so that a byte order mark at the start of a pattern is not taken for the file's.
        fs::write(
            root.join(".gitignore"),
            [&b"\n"[..], &globs.join(&b'\n')].concat(),
        )
        .unwrap();
        let expected = left_out_by_git(&root, temp.path());
        let got = left_out_by_rules(&root, &Ignore::patterns(globs.clone()));
        assert!(
            expected == got,
            "seed {seed}\n{:?}\nonly git leaves out {:#?}\nonly we leave out {:#?}",
            globs
                .iter()
                .map(|glob| glob.escape_ascii().to_string())
                .collect::<Vec<_>>(),
            show(&expected, &got),
            show(&got, &expected),
        );
    }
}

fn list_of(globs: Vec<Vec<u8>>, root: &File) -> Result<Option<Arc<Rules>>, aether_core::Error> {
    Rules::root(&Ignore::patterns(globs), root.as_fd(), b"/").map(|(rules, _)| rules)
}
