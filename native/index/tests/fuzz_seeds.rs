//! The fuzz targets on their seeds: what once crashed one of them is among these.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::fs;
use std::path::Path;

#[path = "../../fuzz/src/cache.rs"]
mod cache;
#[path = "../../fuzz/src/cursor.rs"]
mod cursor;
mod support;

/// Gives every file of a folder to a target; a panic says which it was.
fn run_all(folder: &str, target: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut count = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        println!("{}", path.display());
        target(&fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count > 0, "no seeds in {}", folder.display());
}

#[test]
fn cursor_takes_all_its_seeds() {
    let folder = cursor::Folder::new();
    run_all("../fuzz/seeds/cursor", |data| folder.run(data));
}

#[test]
fn cache_takes_all_its_seeds() {
    run_all("../fuzz/seeds/cache", cache::run);
    cache::run(include_bytes!("fixtures/folders_demo-source.bin.zst"));
}
