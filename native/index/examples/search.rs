//! Measures the search on names of a real tree, multiplied with variations up to a number of entries:
//!
//! `cargo run --release -p aether_index --example search -- 1000000 [/usr [cyrillic|accents]]`
//!
//! Rounds are interleaved, and medians are printed. Letters of names and queries can be replaced by
//! Cyrillic ones, or some by letters with accents, in either normal form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use aether_index::search::{
    Builder, Directory, Entry, Mode, Names, Query, SearchRoot, Session, search,
};

const ROUNDS: usize = 15;

/// A folder of the sample: its parent in the sample, its name, and what is in it but folders.
struct Folder {
    parent: usize,
    name: Vec<u8>,
    files: Vec<Vec<u8>>,
}

fn main() {
    let mut args = std::env::args().skip(1);
    let count: usize = args.next().map_or(1_000_000, |n| n.parse().unwrap());
    let root = args.next().unwrap_or_else(|| "/usr".into());
    let script = args.next().unwrap_or_default();
    let sample = sample(Path::new(&root), &script);
    let start = Instant::now();
    let names = build(&sample, count);
    let bytes: usize = names.bytes();
    println!(
        "{} entries in {:?}, {:.1} bytes each, names included",
        names.len(),
        start.elapsed(),
        bytes as f64 / names.len() as f64
    );

    let substring = [
        "e", "in", "main", "config", "README", "lib64", "zzzqqq", "python", ".rs", "_test",
    ];
    let fuzzy = [
        "e",
        "in",
        "mn",
        "main",
        "cfgjs",
        "rdme",
        "README",
        "pyinit",
        "zzqqx",
        "libssl",
        "strconvh",
        "src/main",
        "incllinuxnet",
    ];
    let glob = ["*.h", "lib*.so*", "[A-Z]*", "linux/*.h", "**/test/**"];
    let auto = [
        "e",
        "in",
        "main",
        "config",
        "README",
        "zzzqqq",
        "cfgjs",
        "test main",
        "main !test",
        "src/main.rs:42",
        "*.h",
    ];
    let mut table: Vec<(Mode, String, Vec<f64>)> = Vec::new();
    let mut add = |mode, texts: &[&str]| {
        let texts = texts.iter().map(|text| text_in(&script, text));
        table.extend(texts.map(|text| (mode, text, Vec::new())));
    };
    add(Mode::Substring, &substring);
    add(Mode::Fuzzy, &fuzzy);
    add(Mode::Glob, &glob);
    add(Mode::Auto, &auto);
    let never = AtomicBool::new(false);
    for _ in 0..ROUNDS {
        for (mode, text, times) in &mut table {
            let mut query = Query::new(text.as_bytes());
            query.mode = *mode;
            let start = Instant::now();
            let found = search(&names, &query, None, &never).unwrap();
            times.push(start.elapsed().as_secs_f64() * 1e3);
            std::hint::black_box(found);
        }
    }
    for (mode, text, times) in &mut table {
        let mut query = Query::new(text.as_bytes());
        query.mode = *mode;
        let matched = search(&names, &query, None, &never).unwrap().matched;
        println!(
            "{mode:>10?} {text:<14} {:>8.2} ms  {matched} match",
            median(times)
        );
    }
    for mode in [Mode::Substring, Mode::Fuzzy, Mode::Auto] {
        let mut all: Vec<f64> = table
            .iter()
            .filter(|row| row.0 == mode)
            .map(|row| row.2[ROUNDS / 2])
            .collect();
        let worst = all.iter().copied().fold(0.0, f64::max);
        println!(
            "{mode:?}: median of medians {:.2} ms, worst {worst:.2} ms",
            median(&mut all)
        );
    }
    for (mode, word) in [
        (Mode::Substring, "configure"),
        (Mode::Fuzzy, "configure"),
        (Mode::Fuzzy, "pyinit"),
        (Mode::Auto, "configure"),
        (Mode::Auto, "pyinit"),
    ] {
        let word = text_in(&script, word);
        let ends: Vec<usize> = word
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .collect();
        let mut keys = vec![Vec::new(); ends.len()];
        for _ in 0..ROUNDS {
            let mut session = Session::new();
            for (&end, times) in ends.iter().zip(&mut keys) {
                let mut query = Query::new(&word.as_bytes()[..end]);
                query.mode = mode;
                let start = Instant::now();
                search(&names, &query, Some(&mut session), &never).unwrap();
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
        let keys: Vec<String> = keys
            .iter_mut()
            .map(|times| format!("{:.2}", median(times)))
            .collect();
        println!("typing {word:?} {mode:?}, ms per key: {}", keys.join(" "));
    }
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A text with other letters in place of its own.
fn text_in(script: &str, text: &str) -> String {
    let cyrillic = "абцдефгхийклмнопярстувшыьз";
    let other = |at: usize, c: char| match (script, c) {
        ("cyrillic", 'a'..='z') => cyrillic
            .chars()
            .nth(c as usize - 'a' as usize)
            .map(String::from),
        ("cyrillic", 'A'..='Z') => {
            let small = cyrillic.chars().nth(c as usize - 'A' as usize);
            small.map(|c| c.to_uppercase().collect())
        }
        ("accents", 'a' | 'e' | 'i' | 'o' | 'u') => Some(format!("{c}\u{301}")),
        ("accents", 'E') => Some("É".into()),
        ("accents", 'n') if at.is_multiple_of(2) => Some("ñ".into()),
        _ => None,
    };
    let texts = text.chars().enumerate();
    texts
        .map(|(at, c)| other(at, c).unwrap_or(c.into()))
        .collect()
}

fn sample(root: &Path, script: &str) -> Vec<Folder> {
    let mut sample = vec![Folder {
        parent: 0,
        name: root.file_name().unwrap().as_bytes().to_vec(),
        files: Vec::new(),
    }];
    let mut left = vec![(root.to_path_buf(), 0)];
    while let Some((path, at)) = left.pop() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            let name = match (script, entry.file_name().into_string()) {
                ("", Ok(name)) => name.into_bytes(),
                (_, Ok(name)) => text_in(script, &name).into_bytes(),
                (_, Err(name)) => name.into_vec(),
            };
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                left.push((entry.path(), sample.len()));
                sample.push(Folder {
                    parent: at,
                    name,
                    files: Vec::new(),
                });
            } else {
                sample[at].files.push(name);
            }
        }
    }
    sample
}

/// Copies of the sample side by side, each with a way of its own to vary names.
fn build(sample: &[Folder], count: usize) -> Names {
    let each: usize = sample.iter().map(|folder| folder.files.len() + 1).sum();
    let copies = count.div_ceil(each);
    let source = SearchRoot {
        id: 1,
        root_id: 1,
        root: b"/".to_vec(),
        rules: Vec::new(),
        looks: Vec::new(),
        missed: Vec::new(),
    };
    let mut builder = Builder::new(vec![source], 4 << 30);
    builder.directory(Directory {
        id: 1,
        parent: None,
        source: 1,
        name: b"",
        mtime: None,
        status: 1,
    });
    let id = |copy: usize, folder: usize| (2 + copy * sample.len() + folder) as i64;
    let time =
        |n: usize| Some(1_700_000_000_000_000_000 + (n as i64 * 7919 % 31_000_000) * 1_000_000_000);
    for copy in 0..copies {
        for (at, folder) in sample.iter().enumerate() {
            let name = match at {
                0 => format!("{}-{copy}", String::from_utf8_lossy(&folder.name)).into_bytes(),
                _ => folder.name.clone(),
            };
            let parent = Some(if at == 0 { 1 } else { id(copy, folder.parent) });
            builder.directory(Directory {
                id: id(copy, at),
                parent,
                source: 1,
                name: &name,
                mtime: time(at),
                status: 1,
            });
        }
    }
    let mut left = count.saturating_sub(copies * sample.len());
    for copy in 0..copies {
        for (at, folder) in sample.iter().enumerate() {
            for name in &folder.files {
                if left == 0 {
                    return builder.finish();
                }
                left -= 1;
                let name = vary(name, copy);
                builder.entry(
                    id(copy, at),
                    Entry {
                        name: &name,
                        kind: 1,
                        mtime: time(left),
                    },
                );
            }
        }
    }
    builder.finish()
}

fn vary(name: &[u8], copy: usize) -> Vec<u8> {
    let words = [
        "old", "v2", "draft", "Copy", "final", "win", "x86", "gen", "beta", "main",
    ];
    let word = words[copy / 4 % words.len()].as_bytes();
    let dot = name
        .iter()
        .rposition(|&byte| byte == b'.')
        .unwrap_or(name.len());
    match copy % 4 {
        0 => name.to_vec(),
        1 => [word, b"_", name].concat(),
        2 => [&name[..dot], b"-", word, &name[dot..]].concat(),
        _ => [&name[..dot], copy.to_string().as_bytes(), &name[dot..]].concat(),
    }
}
