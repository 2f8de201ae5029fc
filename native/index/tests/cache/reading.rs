//! Caches that are read: a true one, and some written by hand.

use std::collections::HashMap;

use aether_index::cache::{Cache, ImportRefused};

use crate::plain::{NONE, Plain};
use crate::{FIXTURE, Row, rows};

const EXPECTED: &str = include_str!("../fixtures/folders_demo-source.expected.json");

#[test]
fn a_true_cache_holds_what_is_known_of_it() {
    let cache = Cache::unpack(FIXTURE).unwrap();
    let expected: serde_json::Value = serde_json::from_str(EXPECTED).unwrap();
    let rows = rows(&cache);
    assert_eq!(cache.source_id(), expected["source_id"]);
    assert_eq!(cache.total_files(), expected["total_files"]);
    assert!(cache.built_at().starts_with("2026-11-20T11:52:35"));
    let files = rows.iter().filter(|row| !row.3).count();
    assert_eq!(files, expected["total_files"]);
    assert_eq!(rows.iter().filter(|row| row.3).count(), expected["folders"]);
    let at_root: Vec<&Row> = rows.iter().filter(|row| row.0.is_empty()).collect();
    assert_eq!(at_root.len(), expected["root_entries"]);
    let full = |row: &Row| String::from_utf8([&row.0[..], &row.1, b"/"].concat()).unwrap();
    let counts: HashMap<String, u32> = rows
        .iter()
        .filter(|row| row.3)
        .map(|row| (full(row), row.2))
        .collect();
    for (folder, example) in expected["examples"].as_object().unwrap() {
        assert_eq!(counts[folder], example["count"], "{folder}");
    }
    let mut largest: Vec<(u32, String)> = at_root
        .iter()
        .map(|row| (row.2, String::from_utf8(row.1.clone()).unwrap()))
        .collect();
    largest.sort_by(|a, b| b.cmp(a));
    let known = expected["largest_at_root"].as_object().unwrap();
    for (count, name) in &largest[..known.len()] {
        assert_eq!(*count, known[name], "{name}");
    }
}

#[test]
fn the_counts_of_a_true_cache_add_up() {
    let rows = rows(&Cache::unpack(FIXTURE).unwrap());
    let mut beneath: HashMap<Vec<u8>, u32> = HashMap::new();
    for (prefix, _, count, _) in &rows {
        *beneath.entry(prefix.clone()).or_default() += count;
    }
    for (prefix, name, count, is_folder) in &rows {
        let own = [&prefix[..], name, b"/"].concat();
        match is_folder {
            true => assert_eq!(beneath[&own], *count, "{}", own.escape_ascii()),
            false => assert_eq!((beneath.get(&own), *count), (None, 1)),
        }
    }
}

#[test]
fn a_cache_written_by_hand_is_read() {
    let cache = Cache::unpack(&Plain::sample().packed()).unwrap();
    let row = |prefix: &str, name: &str, count, is_folder| {
        (
            prefix.as_bytes().to_vec(),
            name.as_bytes().to_vec(),
            count,
            is_folder,
        )
    };
    let expected = [
        row("", "a", 2, true),
        row("a/", "b", 1, true),
        row("a/", "x.txt", 1, false),
        row("a/b/", "é", 1, false),
    ];
    assert_eq!(rows(&cache), expected);
}

/// As deep as folders can be named: no recursion, and no path that grows without bound.
#[test]
fn a_chain_of_folders_is_read_until_its_path_is_too_long() {
    let chain = |depth: u32| {
        let mut plain = Plain::sample();
        plain.prefixes.truncate(1);
        plain.prefixes[0] = [NONE, NONE, 0, 0, 0, 0];
        plain
            .prefixes
            .extend((0..depth).map(|parent| [0, parent, 0, 0, 0, 0]));
        plain.prefixes[depth as usize][5] = 4;
        plain.packed()
    };
    let cache = Cache::unpack(&chain(30_000)).unwrap();
    assert_eq!(rows(&cache)[0].0.len(), 60_000);
    let refused = Cache::unpack(&chain(300_000)).unwrap_err();
    assert_eq!(
        refused,
        ImportRefused::Damaged("a folder", "has too long a path")
    );
}
