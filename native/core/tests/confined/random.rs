//! For random trees, rules and folders, a folder shows what a scan of the root shows beneath it.

use aether_core::slab::Groups;

use super::*;

struct Random(u64);

impl Random {
    /// splitmix64, by Sebastiano Vigna.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> usize {
        usize::try_from(self.next() % n).unwrap()
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64)]
    }
}

const NAMES: &[&str] = &["a", "b", "c", ".a", ".b", ".git", "x.o", "a.c", "new\nline"];
const PATTERNS: &[&str] = &[
    "a", "b/", "/a", "/b/", "a/b", "*.o", "*.c", "!a", "!*.o", ".a", "**/c", "a/**", "*", "!*/",
    "!/a/", "c/a/", "[ab]", "?", "!.git", "/c/*", "!/c/a",
];

fn patterns(random: &mut Random) -> Vec<&'static str> {
    (0..1 + random.below(4))
        .map(|_| random.pick(PATTERNS))
        .collect()
}

fn fill(random: &mut Random, dir: &Path, depth: u32, with_files: bool) {
    for _ in 0..random.below(if depth == 0 { 8 } else { 5 }) {
        let path = dir.join(random.pick(NAMES));
        match random.below(8) {
            0..5 if depth < 4 && fs::create_dir(&path).is_ok() => {
                fill(random, &path, depth + 1, with_files);
            }
            5 => drop(std::os::unix::fs::symlink("..", &path)),
            _ if !path.exists() => fs::write(&path, "x").unwrap(),
            _ => {}
        }
    }
    // The top of a repository, as git sees one.
    if with_files && random.below(6) == 0 && !dir.join(".git").exists() {
        for path in [".git/objects", ".git/refs", ".git/info"] {
            fs::create_dir_all(dir.join(path)).unwrap();
        }
        fs::write(dir.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(dir.join(".git/info/exclude"), patterns(random).join("\n")).unwrap();
    }
    if with_files && random.below(3) == 0 {
        let _ = fs::write(dir.join(".gitignore"), patterns(random).join("\n"));
    }
}

fn options(random: &mut Random, git: bool) -> Options {
    let ignore = Ignore {
        git,
        ..match random.below(3) {
            0 => Ignore::default(),
            _ => globs(&patterns(random)),
        }
    };
    let exclude = (0..random.below(3))
        .map(|_| random.pick(NAMES).into())
        .collect();
    Options {
        hidden: random.below(2) == 0,
        same_file_system: random.below(4) == 0,
        metadata: Groups::empty(),
        ignore,
        exclude,
        ..Options::default()
    }
}

/// Every path of the tree, and some that do not exist.
fn paths(root: &Path) -> BTreeSet<Vec<u8>> {
    let mut paths = BTreeSet::new();
    for (path, _, _) in find(root, &[]) {
        for name in NAMES.iter().take(5) {
            paths.insert(join(&path, name.as_bytes()));
        }
        paths.insert(path);
    }
    paths
}

#[test]
fn a_folder_shows_exactly_what_a_scan_of_the_root_shows_beneath_it() {
    let pool = Pool::new(2);
    let (mut shown, mut refused) = (0, 0);
    for seed in 0..if std::env::var_os("AETHER_FULL").is_some() {
        1_000
    } else {
        150
    } {
        let mut random = Random(seed);
        let dir = TempDir::new().unwrap();
        let git = random.below(2) == 0;
        fill(&mut random, dir.path(), 0, git);
        let options = options(&mut random, git);
        let from_top = run(&pool, root(dir.path()), options.clone()).unwrap();
        for path in paths(dir.path()) {
            let start = Root {
                folder: path.clone(),
                ..root(dir.path())
            };
            let seen = from_top.rows.iter().find(|row| row.0 == path);
            let said = format!("seed {seed}: {} by {options:?}", path.escape_ascii());
            match (run(&pool, start, options.clone()), seen.map(|row| row.1)) {
                (Ok(found), Some('d')) => {
                    let mut prefix = path.clone();
                    prefix.push(b'/');
                    let beneath = |row: &&Row| row.0.starts_with(&prefix);
                    let expected: Vec<_> = from_top.rows.iter().filter(beneath).cloned().collect();
                    assert_eq!(found.rows, expected, "{said}");
                    assert_eq!(found.closed[&path], from_top.closed[&path], "{said}");
                    shown += 1;
                }
                // A directory of this name may be left out where a file is not.
                (Err(error), Some(kind)) => {
                    let reason = error.reason.name();
                    let plain = if kind == 'l' { "eloop" } else { "enotdir" };
                    assert!([plain, "enoent"].contains(&reason), "{said}: {reason}");
                }
                (Err(error), None) => {
                    let reason = error.reason.name();
                    // Beneath a file or link that is shown, this reason reveals nothing new.
                    let above = |row: &&Row| row.1 != 'd' && path.starts_with(&join(&row.0, b""));
                    let is_known = from_top.rows.iter().any(|row| above(&row));
                    let plain = is_known && ["eloop", "enotdir"].contains(&reason);
                    assert!(plain || reason == "enoent", "{said}: {reason}");
                    refused += 1;
                }
                (result, seen) => panic!("{said}: {seen:?}, {:?}", result.map(|found| found.rows)),
            }
        }
    }
    assert!(
        shown > 200 && refused > 1_000,
        "{shown} shown, {refused} refused"
    );
}
