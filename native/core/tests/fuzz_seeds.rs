//! The fuzz targets on their seeds, among which is whatever once crashed them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

use std::fs;
use std::path::Path;

#[path = "../../fuzz/src/rules.rs"]
mod rules;
#[path = "../../fuzz/src/slab_decode.rs"]
mod slab_decode;

/// Gives every file of a folder to a target, and prints its name first, in case it panics.
fn run_all(folder: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut count = 0;
    for file in fs::read_dir(&folder).expect("the folder is there") {
        let path = file.expect("the folder can be read").path();
        if path.is_file() {
            println!("{}", path.display());
            target(&fs::read(&path).expect("the file can be read"));
            count += 1;
        }
    }
    assert!(count > 0, "no seeds in {}", folder.display());
}

#[test]
fn slab_decode_passes_on_all_its_seeds() {
    for folder in [
        "../fuzz/seeds/slab_decode",
        "../../test/fixtures/slabs",
        "../../test/fixtures/slabs/damaged",
    ] {
        run_all(folder, slab_decode::run);
    }
}

#[test]
fn rules_pass_on_all_their_seeds() {
    run_all("../fuzz/seeds/rules", rules::run);
}
