//! Repositories of several kinds within one another, and a user's own file.

use super::*;

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

pub fn all_dirs(root: &Path) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    list(root, b"", &mut paths);
    paths.retain(|path| {
        fs::symlink_metadata(root.join(OsStr::from_bytes(path)))
            .unwrap()
            .is_dir()
    });
    paths
}
