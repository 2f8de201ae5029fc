//! Arbitrary bytes as ignore rules and paths to match: a byte that selects the check, lines of patterns, a zero byte,
//! lines of paths. A path that ends in a slash is a directory. Each check compares the rules with another way to the
//! same answer:
//!
//! - a list of patterns answers like the last of them that matches on its own;
//! - a literal answers like a class of it and of a byte that no path has;
//! - an ignore file answers like the list of its lines.

use std::fs::{self, File};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use aether_core::Ignore;
use aether_core::rules::Rules;
use tempfile::TempDir;

/// For rules that read no file.
static ANY_FOLDER: LazyLock<File> = LazyLock::new(|| File::open("/").expect("there is a root"));

/// Small, for more runs per second.
const MAX_PATTERNS: usize = 4;
const MAX_PATHS: usize = 16;
const MAX_LINE: usize = 256;

struct Candidate<'a> {
    directory: Vec<u8>,
    name: &'a [u8],
    is_dir: bool,
}

pub fn run(data: &[u8]) {
    let Some((check, data)) = data.split_first() else {
        return;
    };
    let end = data.iter().position(|&byte| byte == 0);
    let (patterns, paths) = data.split_at(end.unwrap_or(data.len()));
    if patterns
        .split(|&byte| byte == b'\n')
        .any(|line| line.len() > MAX_LINE)
    {
        return;
    }
    let paths: Vec<_> = candidates(paths).take(MAX_PATHS).collect();
    match check % 3 {
        0 => last_match_wins(patterns, &paths),
        1 => spellings_agree(patterns, &paths),
        _ => file_is_list(patterns, &paths),
    }
}

fn last_match_wins(patterns: &[u8], paths: &[Candidate<'_>]) {
    let lines: Vec<_> = lines(patterns).take(MAX_PATTERNS).collect();
    let all = rules_of(&lines);
    let alone: Vec<_> = lines.iter().map(|line| rules_of(&[line])).collect();
    assert_eq!(
        all.is_some(),
        alone.iter().all(Option::is_some),
        "one pattern is broken"
    );
    let Some(all) = all else { return };
    // A pattern with `!` is tested together with one that leaves everything out.
    let shown: Vec<_> = lines
        .iter()
        .zip(alone)
        .map(|(line, rules)| match line.starts_with(b"!") {
            true => (false, rules_of(&[b"*", line])),
            false => (true, rules),
        })
        .collect();
    for path in paths {
        let last = shown.iter().rev().find(|(leaves_out, rules)| {
            rules
                .as_ref()
                .is_some_and(|rules| is_left_out(rules, path) == *leaves_out)
        });
        let expected = last.is_some_and(|(leaves_out, _)| *leaves_out);
        assert_eq!(is_left_out(&all, path), expected, "{}", show(path));
    }
}

/// Compares two spellings of a pattern that are matched differently: literals at an end are compared at once.
fn spellings_agree(patterns: &[u8], paths: &[Candidate<'_>]) {
    let Some(line) = lines(patterns).next() else {
        return;
    };
    if rules_of(&[line]).is_none() {
        return;
    }
    let slash: &[u8] = if line.ends_with(b"/") { b"/" } else { b"" };
    let literal = [line, b"x", slash].concat();
    let class = [line, b"[x\xff]", slash].concat();
    let (Some(by_literal), Some(by_class)) = (rules_of(&[&literal]), rules_of(&[&class])) else {
        panic!("{} was valid without an x", line.escape_ascii());
    };
    for path in paths {
        for name in [path.name.to_vec(), [path.name, b"x"].concat()] {
            let Candidate {
                directory, is_dir, ..
            } = path;
            let path = Candidate {
                directory: directory.clone(),
                name: &name,
                is_dir: *is_dir,
            };
            if !name.contains(&0xff) && !directory.contains(&0xff) {
                let answers = [&by_literal, &by_class].map(|rules| is_left_out(rules, &path));
                assert_eq!(
                    answers[0],
                    answers[1],
                    "{}: {}",
                    literal.escape_ascii(),
                    show(&path)
                );
            }
        }
    }
}

fn file_is_list(patterns: &[u8], paths: &[Candidate<'_>]) {
    let patterns: Vec<_> = patterns
        .split(|&byte| byte == b'\n')
        .take(MAX_PATTERNS)
        .collect();
    let patterns = patterns.join(&b'\n');
    let folder = folder_with(&patterns);
    let handle = File::open(folder.path()).expect("it was just made");
    let path = folder.path().as_os_str().as_encoded_bytes();
    let root = Rules::root(&Ignore::git(), handle.as_fd(), path);
    let (rules, _) = root.expect("a broken line does not break the others");
    let rules = rules.expect("with git there are rules");
    let patterns = patterns.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&patterns);
    let valid: Vec<_> = lines(patterns)
        .filter(|line| rules_of(&[line]).is_some())
        .collect();
    let list = rules_of(&valid).expect("each line is valid");
    for path in paths {
        let expected = path.name == b".git" || is_left_out(&list, path);
        assert_eq!(is_left_out(&rules, path), expected, "{}", show(path));
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
}

fn candidates(text: &[u8]) -> impl Iterator<Item = Candidate<'_>> {
    text.split(|&byte| byte == b'\n')
        .filter(|line| line.len() <= MAX_LINE)
        .filter_map(|line| {
            let is_name = |name: &&[u8]| !matches!(*name, b"" | b"." | b"..") && !name.contains(&0);
            let mut names: Vec<_> = line.split(|&byte| byte == b'/').filter(is_name).collect();
            let name = names.pop()?;
            Some(Candidate {
                directory: names.join(&b'/'),
                name,
                is_dir: line.ends_with(b"/"),
            })
        })
}

/// In memory, if there is such a file system.
fn folder_with(ignore_file: &[u8]) -> TempDir {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() {
        memory.to_path_buf()
    } else {
        std::env::temp_dir()
    };
    let folder = TempDir::new_in(parent).expect("a folder can be made");
    fs::write(folder.path().join(".gitignore"), ignore_file).expect("a file can be written");
    folder
}

/// `None` if a pattern is broken. The comment keeps the list from being empty, which would mean no rules.
fn rules_of(lines: &[&[u8]]) -> Option<Arc<Rules>> {
    let lines = [&[b"#".as_slice()], lines].concat();
    let patterns = Ignore::patterns(lines.iter().map(|line| line.to_vec()).collect());
    let (rules, errors) = Rules::root(&patterns, ANY_FOLDER.as_fd(), b"/").ok()?;
    assert!(errors.is_empty(), "{errors:?}");
    rules
}

fn is_left_out(rules: &Rules, path: &Candidate<'_>) -> bool {
    rules.leaves_out(&path.directory, path.name, path.is_dir)
}

fn show(path: &Candidate<'_>) -> String {
    let Candidate {
        directory,
        name,
        is_dir,
    } = path;
    let slash = if *is_dir { "/" } else { "" };
    format!(
        "{}{slash} in \"{}\"",
        name.escape_ascii(),
        directory.escape_ascii()
    )
}
