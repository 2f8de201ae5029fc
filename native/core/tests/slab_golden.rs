//! The golden slabs that the tests of all languages read: their generator, the stored files, and the decoder must
//! agree.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic"
)]

use std::fs;

use aether_core::slab::Slab;

#[path = "../examples/golden_slabs/main.rs"]
mod golden;

fn stored(name: &str) -> Vec<u8> {
    let path = golden::folder().join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_builder_makes_the_stored_slabs() {
    for (name, bytes) in golden::slabs() {
        assert_eq!(bytes, stored(&format!("{name}.bin")), "{name}");
    }
}

#[test]
fn the_decoder_agrees_with_the_stored_readings() {
    for (name, _) in golden::slabs() {
        let reading = golden::reading(&stored(&format!("{name}.bin")));
        assert_eq!(
            reading.as_bytes(),
            stored(&format!("{name}.json")),
            "{name}"
        );
    }
}

#[test]
fn each_defect_is_reported_in_its_words() {
    assert_eq!(
        golden::damage_table().as_bytes(),
        stored("damaged/damaged.json")
    );
    for (name, bytes, words) in golden::damaged() {
        assert_eq!(bytes, stored(&format!("damaged/{name}.bin")), "{name}");
        let error = Slab::decode(&bytes).expect_err(name);
        assert_eq!(error.to_string(), words, "{name}");
    }
}

#[test]
fn no_stored_slab_is_left_over() {
    let count = |folder: &str| {
        let files = fs::read_dir(golden::folder().join(folder)).expect("the folder is there");
        files
            .filter(|file| {
                file.as_ref()
                    .is_ok_and(|file| file.path().extension() == Some("bin".as_ref()))
            })
            .count()
    };
    assert_eq!(count("."), golden::slabs().len());
    assert_eq!(count("damaged"), golden::damaged().len());
}

#[test]
fn entries_can_be_read_from_anywhere() {
    for (name, bytes) in golden::slabs() {
        let slab = Slab::decode(&bytes).expect(name);
        let all: Vec<_> = slab.entries().collect();
        for from in 0..=all.len() {
            assert!(
                slab.entries_from(from).eq(all[from..].iter().cloned()),
                "{name} from {from}"
            );
        }
        assert_eq!(slab.entries_from(all.len() + 1).count(), 0, "{name}");
        assert_eq!(slab.entries_from(usize::MAX).count(), 0, "{name}");
    }
}
