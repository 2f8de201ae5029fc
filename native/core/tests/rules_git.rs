//! Ignore rules compared with git's own answers, on seeded random trees with random rules.
//!
//! `AETHER_RULES_TREES` is the number of trees (default 40), `AETHER_RULES_SEED` the first seed. A failure prints the
//! seed, the tree's rules and the paths that differ.

// Clippy's exception for tests does not cover their helper functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

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

type Paths = BTreeSet<Vec<u8>>;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

#[rustfmt::skip]
const NAMES: &[&[u8]] = &[
    b"a", b"b", b"c", b"ab", b"abc", b"foo", b"bar", b"foobar", b"foo.o", b"a.o", b".o", b"a.b.o",
    b"a.", b"..a", b"...", b".a", b"A", b"-", b"--", b"]", b"[", b"[a]", b"[a", b"^", b"!", b"!a",
    b"#", b"#a", b"*", b"**", b"?", b"\\", b"a\\", b"\\a", b"a\\b", b"{a,b}", b"a,b", b"{", b"}",
    b"a ", b" a", b" ", b"a  ", b"a\t", b"\ta", b"a\r", b"\r", b"a\nb", b"\n", b"a\n", b"\x01",
    b"\x0b", b"\x0c", b"\x7f", b"5", b"a5", b"~", b":a", b":(top)a", b"\"a\"", b"'", b"$", b"(a)",
    b"a|b", b"a+", b"\xff", b"\xfe", b"a\xff", b"\xffa", b"\xe9", b"caf\xe9", b"caf\xc3\xa9",
    b"\xc3\xa9", b"\xc3", b"\xa9", b"\xef\xbb\xbf", b"\xef\xbb\xbfa", b"\xc2\xa0",
    b"a\xe2\x80\x83", b"a\xc2\x85", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xc0\xaf",
];

#[rustfmt::skip]
const PIECES: &[&[u8]] = &[
    b"*", b"*", b"*", b"?", b"**", b"***", b"/", b"/", b"/", b"**/", b"/**/", b"/**", b"\\",
    b"\\*", b"\\?", b"\\[", b"\\/", b"\\ ", b"\\a", b"\\\\", b"\\!", b"\\#", b" ", b"  ", b"\t",
    b"\r", b"!", b"#", b"[ab]", b"[!a]", b"[^a]", b"[a-c]", b"[c-a]", b"[]]", b"[!]]", b"[]a-]",
    b"[a-]", b"[-a]", b"[!-a]", b"[^!]", b"[!^]", b"[!!]", b"[[]", b"[\\]]", b"[\\a-c]",
    b"[a-\\c]", b"[a\\-c]", b"[!/]", b"[/]", b"[a/]", b"[[:alpha:]]", b"[[:digit:]x]",
    b"[![:alnum:]]", b"[[:space:]]", b"[[:punct:]]", b"[[:cntrl:]]", b"[[:graph:]]",
    b"[[:print:]]", b"[[:upper:]]", b"[[:lower:]]", b"[[:xdigit:]]", b"[[:blank:]]",
    b"[[:nope:]]", b"[[:alpha:]-z]", b"[[:alpha]", b"[[:]", b"[:alpha:]", b"[[a]", b"[", b"]",
    b"[a", b"[!", b"[]", b"[^]", b"[^-]", b"[*]", b"[?]", b"[,]", b"[{}]", b"{", b"}", b",",
    b"{a,b}", b"{a,foo}", b".", b"..", b"\xff", b"\xe9", b"\xc3", b"\xa9", b"\xc3\xa9", b"[\xff]",
    b"[\xc3\xa9]", b"[!\xc3]", b"[\x80-\xff]", b"[a-\xff]", b"[ -~]", b"[+--]", b"\xc2\xa0",
    b"\0", b"\x0b", b"\xe2\x80\x83", b"~", b"-",
];

fn pattern(random: &mut Random) -> Vec<u8> {
    let mut line = Vec::new();
    if random.one_in(4) {
        line.push(b'!');
    }
    if random.one_in(5) {
        line.push(b'/');
    }
    for _ in 0..1 + random.below(4) {
        if random.one_in(2) {
            line.extend_from_slice(random.pick(PIECES));
        } else {
            line.extend_from_slice(random.pick(NAMES));
        }
        if random.one_in(6) {
            line.push(b'/');
        }
    }
    if random.one_in(5) {
        line.push(b'/');
    }
    if random.one_in(8) {
        line.push(b' ');
    }
    line
}

fn rules(random: &mut Random) -> Vec<u8> {
    let mut content = Vec::new();
    if random.one_in(8) {
        content.extend_from_slice(b"\xef\xbb\xbf");
    }
    for _ in 0..1 + random.below(6) {
        content.extend(pattern(random));
        content.extend_from_slice(if random.one_in(6) { b"\r\n" } else { b"\n" });
    }
    if random.one_in(4) {
        content.extend(pattern(random));
    }
    content
}

fn fill(random: &mut Random, dir: &Path, depth: usize, rules_of: &mut Vec<(PathBuf, Vec<u8>)>) {
    if depth == 0 || random.one_in(3) {
        let content = rules(random);
        fs::write(dir.join(".gitignore"), &content).unwrap();
        rules_of.push((dir.to_path_buf(), content));
    }
    for _ in 0..3 + random.below(9) {
        let path = dir.join(OsStr::from_bytes(random.pick(NAMES)));
        if fs::symlink_metadata(&path).is_ok() {
            continue;
        }
        match random.below(8) {
            0..=2 if depth < 3 => {
                fs::create_dir(&path).unwrap();
                if random.one_in(10) {
                    fs::create_dir_all(path.join(".git/x")).unwrap();
                }
                fill(random, &path, depth + 1, rules_of);
            }
            3 => std::os::unix::fs::symlink(".", &path).unwrap(),
            _ => fs::write(&path, b"").unwrap(),
        }
    }
}

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

/// Makes a repository of one of several kinds, with more rules than its `.gitignore` files.
fn make_repository(random: &mut Random, dir: &Path, scratch: &Path, setup: &mut Vec<String>) {
    let run = |at: &Path, arguments: &[&OsStr]| {
        let done = git(at).args(arguments).output().unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    let text = |text: &'static str| OsStr::new(text);
    let apart = scratch.join(format!("apart-{}", random.0));
    let kind = random.below(4);
    let common = match kind {
        0 | 1 => {
            run(dir, &[text("init"), text("-q"), text("--template=")]);
            dir.join(".git")
        }
        2 => {
            let to = OsStr::from_bytes(apart.as_os_str().as_bytes());
            run(
                dir,
                &[
                    text("init"),
                    text("-q"),
                    text("--template="),
                    text("--separate-git-dir"),
                    to,
                ],
            );
            apart
        }
        // A work tree of a repository that lies elsewhere.
        _ => {
            fs::create_dir(&apart).unwrap();
            run(&apart, &[text("init"), text("-q"), text("--template=")]);
            for (key, value) in [("user.name", "a"), ("user.email", "a@b")] {
                run(&apart, &[text("config"), text(key), text(value)]);
            }
            run(
                &apart,
                &[
                    text("commit"),
                    text("-q"),
                    text("--allow-empty"),
                    text("-m"),
                    text("a"),
                ],
            );
            // git only creates it in an empty directory.
            let empty = apart.with_extension("empty");
            let add = ["worktree", "add", "-q"].map(OsStr::new);
            run(&apart, &[&add[..], &[empty.as_os_str()]].concat());
            fs::copy(empty.join(".git"), dir.join(".git")).unwrap();
            apart.join(".git")
        }
    };
    let folds = random.one_in(3);
    if folds {
        let mut config = fs::read(common.join("config")).unwrap();
        config.extend_from_slice(b"[core]\n\tIgnoreCase = yes # it does\n");
        fs::write(common.join("config"), config).unwrap();
    }
    setup.push(format!(
        "{} is a repository of kind {kind}, {folds}",
        dir.display()
    ));
    if random.one_in(2) {
        let content = rules(random);
        fs::create_dir_all(common.join("info")).unwrap();
        setup.push(format!("  exclude: {}", content.escape_ascii()));
        fs::write(common.join("info/exclude"), content).unwrap();
    }
}

/// Makes some directories of a tree the tops of repositories.
fn found_repositories(
    random: &mut Random,
    dir: &Path,
    scratch: &Path,
    setup: &mut Vec<String>,
) -> Vec<PathBuf> {
    let mut tops = Vec::new();
    for path in all_dirs(dir) {
        let path = dir.join(OsStr::from_bytes(&path));
        if random.one_in(6) && !path.join(".git").exists() {
            make_repository(random, &path, scratch, setup);
            tops.push(path);
        }
    }
    tops
}

/// What git says beneath a root, each entry checked in the work tree that it lies in.
fn left_out_by_each_git(root: &Path, tops: &[PathBuf], home: &Path) -> Paths {
    let mut paths = Vec::new();
    list(root, b"", &mut paths);
    let mut said = Paths::new();
    for top in tops {
        let is_within = |path: &&Vec<u8>| {
            let path = root.join(OsStr::from_bytes(path));
            let work_tree = path
                .ancestors()
                .skip(1)
                .find(|above| tops.iter().any(|top| top == above));
            work_tree == Some(top.as_path())
        };
        let prefix = root
            .strip_prefix(top)
            .unwrap_or(Path::new(""))
            .as_os_str()
            .as_bytes();
        let below = top
            .strip_prefix(root)
            .unwrap_or(Path::new(""))
            .as_os_str()
            .as_bytes();
        let mut asked = Vec::new();
        for path in paths.iter().filter(is_within) {
            let path = path.strip_prefix(below).unwrap();
            let path = path.strip_prefix(b"/").unwrap_or(path);
            asked.extend([b"./", &join(prefix, path)[..], b"\0"].concat());
        }
        for answer in check(top, home, asked) {
            let path = answer.strip_prefix(b"./").unwrap();
            let path = path.strip_prefix(prefix).unwrap();
            let path = path.strip_prefix(b"/").unwrap_or(path);
            said.insert(join(below, path));
        }
    }
    let beneath = |path: &Vec<u8>| {
        let mut slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        said.contains(path) || slashes.any(|(at, _)| said.contains(&path[..at]))
    };
    paths.into_iter().filter(beneath).collect()
}

/// The paths that git ignores, for a user with the given home.
fn check(top: &Path, home: &Path, asked: Vec<u8>) -> Vec<Vec<u8>> {
    let questions = home.join("questions");
    fs::write(&questions, asked).unwrap();
    let output = git(top)
        .env_remove("GIT_CONFIG_GLOBAL")
        .env("HOME", home)
        .args(["check-ignore", "--no-index", "-z", "--stdin"])
        .stdin(Stdio::from(File::open(&questions).unwrap()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    let answers = output.stdout.split(|&byte| byte == 0);
    answers
        .filter(|path| !path.is_empty())
        .map(Vec::from)
        .collect()
}

/// Makes a home with an excludes file, in one of the possible ways.
fn make_home(random: &mut Random, home: &Path, setup: &mut Vec<String>) {
    let content = rules(random);
    setup.push(format!("the user's: {}", content.escape_ascii()));
    fs::create_dir_all(home.join(".config/git")).unwrap();
    match random.below(4) {
        0 => fs::write(home.join(".config/git/ignore"), content).unwrap(),
        1 => {
            fs::write(home.join("my ignores"), content).unwrap();
            let config = "[core]\nexcludesFile = \"~/my ignores\"\n";
            fs::write(home.join(".gitconfig"), config).unwrap();
            fs::write(
                home.join(".config/git/config"),
                "[core]\nexcludesfile = /none\n",
            )
            .unwrap();
        }
        2 => {
            fs::write(home.join("theirs"), content).unwrap();
            let config = format!("[core]\nexcludesfile={}/theirs\n", home.display());
            fs::write(home.join(".config/git/config"), config).unwrap();
        }
        // An empty value: there is none.
        _ => {
            fs::write(home.join(".config/git/ignore"), content).unwrap();
            fs::write(home.join(".gitconfig"), "[core]\nexcludesFile =\n").unwrap();
        }
    }
}

#[test]
fn random_repositories_agree_with_git() {
    let first = number("AETHER_RULES_SEED", 1);
    let (mut hits, mut misses, mut roots, mut folded) = (0, 0, 0, 0);
    for seed in first..first + number("AETHER_RULES_TREES", 40) {
        let random = &mut Random(seed ^ 0xc8_0000_0000);
        let temp = tempfile::tempdir().unwrap();
        // As git prints it.
        let scratch = fs::canonicalize(temp.path()).unwrap();
        let home = scratch.join("home");
        fs::create_dir(&home).unwrap();
        let mut setup = Vec::new();
        make_home(random, &home, &mut setup);
        let outer = scratch.join("outer");
        fs::create_dir(&outer).unwrap();
        let mut rules_of = Vec::new();
        fill(random, &outer, 0, &mut rules_of);
        for (dir, content) in &rules_of {
            setup.push(format!("{}: {}", dir.display(), content.escape_ascii()));
        }
        make_repository(random, &outer, &scratch, &mut setup);
        let mut tops = vec![outer.clone()];
        tops.extend(found_repositories(random, &outer, &scratch, &mut setup));
        folded += setup.iter().filter(|line| line.ends_with("true")).count();
        let with_user = random.one_in(2);
        let git_user = with_user.then(|| GitUser {
            home: Some(home.as_os_str().as_bytes().to_vec()),
            config_home: None,
        });
        let nobody = scratch.join("nobody");
        fs::create_dir(&nobody).unwrap();
        let home = if with_user { &home } else { &nobody };
        let mut starts = vec![outer.clone()];
        let dirs = all_dirs(&outer);
        for _ in 0..4 {
            if !dirs.is_empty() {
                let dir = &dirs[random.below(dirs.len())];
                starts.push(outer.join(OsStr::from_bytes(dir)));
            }
        }
        for root in starts {
            // Unlike git, we do not match the names of the root and of what it lies in.
            let work_tree = root
                .ancestors()
                .find(|above| tops.iter().any(|top| top == above));
            let within = root
                .strip_prefix(work_tree.unwrap())
                .unwrap()
                .as_os_str()
                .as_bytes();
            let asked = [b"./", within, b"\0"].concat();
            if !within.is_empty() && !check(work_tree.unwrap(), home, asked).is_empty() {
                continue;
            }
            let ignore = Ignore {
                git_user: git_user.clone(),
                ..Ignore::git()
            };
            let expected = left_out_by_each_git(&root, &tops, home);
            let got = left_out_by_rules(&root, &ignore);
            assert!(
                expected == got,
                "seed {seed}, root {}, user {with_user}\n{}\nonly git leaves out {:#?}\nonly we leave out {:#?}",
                root.display(),
                setup.join("\n"),
                show(&expected, &got),
                show(&got, &expected),
            );
            let mut all = Vec::new();
            list(&root, b"", &mut all);
            hits += expected.len();
            misses += all.len() - expected.len();
            roots += usize::from(root != outer);
        }
    }
    assert!(hits > 500 && misses > 500, "{hits} left out, {misses} not");
    assert!(
        roots > 10 && folded > 5,
        "{roots} roots beneath a top, {folded} without case"
    );
}

fn all_dirs(root: &Path) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    list(root, b"", &mut paths);
    paths.retain(|path| {
        fs::symlink_metadata(root.join(OsStr::from_bytes(path)))
            .unwrap()
            .is_dir()
    });
    paths
}
