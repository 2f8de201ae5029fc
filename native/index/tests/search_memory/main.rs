//! The names of a search keep to their limit while they are built: a counting allocator says so, in
//! a program of its own, where nothing else allocates.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod counting;

use aether_index::search::{Builder, Directory, Entry, SearchRoot};

const LIMIT: usize = 32 << 20;

struct Case {
    what: &'static str,
    folders: u64,
    name: fn(u64) -> String,
    /// The time of an entry, in seconds.
    time: fn(u64) -> u64,
    /// Minimum part of the limit that is in use in the end, in percent.
    used: usize,
}

/// Numbers in no order.
fn mix(at: u64) -> u64 {
    at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}

fn strewn(at: u64) -> u64 {
    1_600_000_000 + (mix(at) >> 17)
}

fn letters(mut at: u64, from: u32, count: u32) -> String {
    let mut name = String::new();
    while at > 0 {
        let letter = from + (at % u64::from(count)) as u32;
        name.push(char::from_u32(letter).unwrap());
        at /= u64::from(count);
    }
    name
}

#[test]
fn names_keep_to_their_limit_while_they_are_built() {
    let cases = [
        Case {
            what: "one name everywhere",
            folders: 100,
            name: |_| "index.js".into(),
            time: strewn,
            used: 80,
        },
        Case {
            what: "one name in each of many folders",
            folders: 300_000,
            name: |_| "index.js".into(),
            time: strewn,
            used: 50,
        },
        Case {
            what: "all names differ",
            folders: 100,
            name: |at| format!("f{at:x}"),
            time: strewn,
            used: 50,
        },
        Case {
            what: "some names, and few times",
            folders: 1_000,
            name: |at| format!("Name {}", mix(at) % 10_000),
            time: |at| 1_600_000_000 + 1_000 * (mix(at) % 5_000),
            used: 40,
        },
        Case {
            what: "the last time is far from the others",
            folders: 100,
            name: |_| "index.js".into(),
            time: |at| if at > 10_000_000 { 1 } else { 1_600_000_000 },
            used: 20,
        },
        Case {
            what: "Cyrillic names",
            folders: 100,
            name: |at| letters(at, 0x410, 60),
            time: strewn,
            used: 50,
        },
        Case {
            what: "names of syllables",
            folders: 100,
            name: |at| letters(mix(at), 0xac00, 11_000),
            time: strewn,
            used: 50,
        },
        Case {
            what: "ideographs",
            folders: 100,
            name: |at| letters(mix(at), 0x4e00, 20_000),
            time: strewn,
            used: 50,
        },
    ];
    let wrong: Vec<String> = cases.iter().filter_map(|case| built(case).err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn built(case: &Case) -> Result<(), String> {
    let before = counting::restart();
    let mut builder = builder(case.folders);
    let mut at = 0;
    while !builder.is_full() {
        at += 1;
        let name = (case.name)(at);
        let entry = Entry {
            name: name.as_bytes(),
            kind: 1,
            mtime: Some((case.time)(at) as i64 * 1_000_000_000),
        };
        // In the order of their folders, as they are read.
        builder.entry(1 + (at / 40 % case.folders) as i64, entry);
    }
    let names = builder.finish();
    let (held, peak) = counting::held();
    let (held, peak) = (held - before, peak - before);
    let percent = |bytes: usize| bytes * 100 / LIMIT;
    let figures = format!(
        "{}: {} entries, {}% of the limit is held, {} by their own count, and {}% was at most",
        case.what,
        names.len(),
        percent(held),
        percent(names.bytes()),
        percent(peak)
    );
    println!("{figures}");
    let is_right = names.truncated()
        && peak <= LIMIT + LIMIT / 10
        && held <= LIMIT
        && percent(held) >= case.used
        // What they say of themselves is true, too.
        && names.bytes().abs_diff(held) <= held / 20;
    is_right.then_some(()).ok_or(figures)
}

fn builder(folders: u64) -> Builder {
    let source = SearchRoot {
        id: 1,
        root_id: 1,
        root: b"/one".to_vec(),
        rules: Vec::new(),
        looks: Vec::new(),
        missed: Vec::new(),
    };
    let mut builder = Builder::new(vec![source], LIMIT);
    for at in 0..folders as i64 {
        builder.directory(Directory {
            id: at + 1,
            parent: (at > 0).then_some(at / 8 + 1),
            source: 1,
            name: format!("d{}", at % 1_000).as_bytes(),
            mtime: None,
            status: 1,
        });
    }
    builder
}
