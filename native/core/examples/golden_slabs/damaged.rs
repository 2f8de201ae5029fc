//! Slabs with one defect each, and what a decoder says of it.

use aether_core::slab::{Builder, Groups, Kind, status};

use super::damaged_attributes::damaged_attributes;
use super::{encode, example, known, open};

/// The example with some bytes replaced.
pub fn patched(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut slab = example();
    slab[at..at + bytes.len()].copy_from_slice(bytes);
    slab
}

fn with_name(name: &[u8]) -> Vec<u8> {
    let mut slab = Builder::new(0, Groups::METADATA);
    slab.entry(b"before", Kind::File, known(1, 1).as_ref());
    slab.entry(name, Kind::File, known(1, 1).as_ref());
    slab.entry(b"after", Kind::File, known(1, 1).as_ref());
    encode(&slab, 0)
}

fn with_path(path: &[u8]) -> Vec<u8> {
    let mut slab = Builder::new(0, Groups::METADATA);
    open(&mut slab, b"before");
    slab.close(status::COMPLETE);
    open(&mut slab, path);
    slab.close(status::COMPLETE);
    encode(&slab, 0)
}

/// An odd number of entries and no metadata: there is padding after `name_end`.
fn odd(at_end_of_name_ends: u8) -> Vec<u8> {
    let mut slab = Builder::new(0, Groups::empty());
    slab.entry(b"a", Kind::File, None);
    let mut bytes = encode(&slab, 0);
    bytes[40 + 3 * 8 + 4] = at_end_of_name_ends;
    bytes
}

fn kind_in_names_only(kind: u8) -> Vec<u8> {
    let mut bytes = odd(0);
    bytes[40 + 3 * 8 + 8] = kind;
    bytes
}

fn resized(length: usize) -> Vec<u8> {
    let mut slab = example();
    slab.resize(length, 0);
    slab
}

fn entry_without_record() -> Vec<u8> {
    let mut bytes = odd(0);
    bytes[16] = 0;
    bytes.drain(40..40 + 3 * 8);
    bytes
}

/// Name, bytes, and what a decoder says.
pub type Damaged = (&'static str, Vec<u8>, &'static str);

/// Slabs with one defect.
pub fn damaged() -> Vec<Damaged> {
    let word = |word: u32| word.to_le_bytes();
    let mut damaged = vec![
        ("empty", vec![], "0 bytes are too short for a header"),
        (
            "header-cut",
            resized(39),
            "39 bytes are too short for a header",
        ),
        ("magic", patched(3, b"C"), "does not begin with ASLB"),
        ("version-0", patched(4, &[0]), "version 0 is not known"),
        ("version-2", patched(4, &[2]), "version 2 is not known"),
        (
            "version-256",
            patched(4, &[0, 1]),
            "version 256 is not known",
        ),
        ("flags-2", patched(6, &[2]), "flags 2 are not known"),
        ("flags-129", patched(6, &[129]), "flags 129 are not known"),
        (
            "flags-high",
            patched(7, &[0x80]),
            "flags 32769 are not known",
        ),
        (
            "reserved-first",
            patched(32, &[1]),
            "the reserved field is not zero",
        ),
        (
            "reserved-last",
            patched(39, &[1]),
            "the reserved field is not zero",
        ),
        (
            "header-only",
            resized(40),
            "40 bytes, where the header's counts make 256",
        ),
        (
            "one-less",
            resized(255),
            "255 bytes, where the header's counts make 256",
        ),
        (
            "one-more",
            resized(257),
            "257 bytes, where the header's counts make 256",
        ),
        (
            "eight-more",
            resized(264),
            "264 bytes, where the header's counts make 256",
        ),
        (
            "flag-missing",
            patched(6, &[0]),
            "256 bytes, where the header's counts make 160",
        ),
        (
            "counts-vast",
            patched(16, &[0xff; 16]),
            "256 bytes, where the header's counts make 150323855384",
        ),
        (
            "padding-dir-entries-end",
            patched(148, &[1]),
            "dir_entries_end: the padding is not zero",
        ),
        (
            "padding-dir-path-end",
            patched(167, &[1]),
            "dir_path_end: the padding is not zero",
        ),
        (
            "padding-dir-status",
            patched(180, &[1]),
            "dir_status: the padding is not zero",
        ),
        (
            "padding-name-end",
            odd(1),
            "name_end: the padding is not zero",
        ),
        (
            "padding-kind",
            patched(214, &[1]),
            "kind: the padding is not zero",
        ),
        (
            "padding-paths",
            patched(226, &[1]),
            "paths: the padding is not zero",
        ),
        (
            "padding-names",
            patched(255, &[1]),
            "names: the padding is not zero",
        ),
        (
            "entries-descend",
            patched(136, &word(7)),
            "dir_entries_end: value 1 is below the one before",
        ),
        (
            "entries-not-reached",
            patched(140, &[word(5), word(5)].concat()),
            "dir_entries_end: ends at 5 instead of 6",
        ),
        (
            "entries-passed",
            patched(144, &word(7)),
            "dir_entries_end: ends at 7 instead of 6",
        ),
        (
            "entries-vast",
            patched(144, &[0xff; 4]),
            "dir_entries_end: ends at 4294967295 instead of 6",
        ),
        (
            "no-record",
            entry_without_record(),
            "dir_entries_end: ends at 0 instead of 1",
        ),
        (
            "paths-descend",
            patched(156, &word(11)),
            "dir_path_end: value 2 is below the one before",
        ),
        (
            "paths-not-reached",
            patched(160, &word(9)),
            "dir_path_end: ends at 9 instead of 10",
        ),
        (
            "paths-passed",
            patched(160, &word(11)),
            "dir_path_end: ends at 11 instead of 10",
        ),
        (
            "names-descend",
            patched(188, &word(4)),
            "name_end: value 1 is below the one before",
        ),
        (
            "names-not-reached",
            patched(204, &word(22)),
            "name_end: ends at 22 instead of 23",
        ),
        (
            "names-passed",
            patched(204, &word(24)),
            "name_end: ends at 24 instead of 23",
        ),
        (
            "status-6",
            patched(168, &word(6)),
            "record 0: status 6 is not known",
        ),
        (
            "status-255",
            patched(172, &word(255)),
            "record 1: status 255 is not known",
        ),
        (
            "status-256",
            patched(176, &word(256)),
            "record 2: status 256 is not known",
        ),
        (
            "status-4352",
            patched(176, &word(4352)),
            "record 2: status 4352 is not known",
        ),
        (
            "status-vast",
            patched(176, &[0xff; 4]),
            "record 2: status 4294967295 is not known",
        ),
        ("kind-5", patched(208, &[5]), "entry 0: kind 5 is not known"),
        (
            "kind-high-bits",
            patched(209, &[0x12]),
            "entry 1: kind 18 is not known",
        ),
        (
            "kind-bit-6",
            patched(211, &[0xc1]),
            "entry 3: kind 193 is not known",
        ),
        (
            "kind-unknown-5",
            patched(211, &[0x85]),
            "entry 3: kind 133 is not known",
        ),
        (
            "kind-unknown-names-only",
            kind_in_names_only(0x81),
            "entry 0: kind 129 is not known",
        ),
        (
            "size-not-known",
            patched(64 + 7, &[1]),
            "entry 3: metadata where none is known",
        ),
        (
            "mtime-not-known",
            patched(112, &[1]),
            "entry 3: metadata where none is known",
        ),
        (
            "path-absolute",
            with_path(b"/a"),
            "record 1: not a relative path",
        ),
        (
            "path-slash",
            with_path(b"/"),
            "record 1: not a relative path",
        ),
        (
            "path-slash-last",
            with_path(b"a/"),
            "record 1: not a relative path",
        ),
        (
            "path-slash-double",
            with_path(b"a//b"),
            "record 1: not a relative path",
        ),
        (
            "path-dot",
            with_path(b"a/./b"),
            "record 1: not a relative path",
        ),
        (
            "path-dot-dot",
            with_path(b"../a"),
            "record 1: not a relative path",
        ),
        (
            "path-dot-dot-last",
            with_path(b"a/.."),
            "record 1: not a relative path",
        ),
        (
            "path-nul",
            with_path(b"a/b\0"),
            "record 1: not a relative path",
        ),
        ("name-empty", with_name(b""), "entry 1: not a file name"),
        ("name-dot", with_name(b"."), "entry 1: not a file name"),
        ("name-dot-dot", with_name(b".."), "entry 1: not a file name"),
        ("name-slash", with_name(b"a/b"), "entry 1: not a file name"),
        (
            "name-slash-alone",
            with_name(b"/"),
            "entry 1: not a file name",
        ),
        ("name-nul", with_name(b"a\0"), "entry 1: not a file name"),
    ];
    damaged.extend(damaged_attributes());
    damaged
}

/// The words for each damaged slab, as one JSON object.
pub fn damage_table() -> String {
    let rows: Vec<String> = damaged()
        .iter()
        .map(|(name, _, words)| format!(" \"{name}\": \"{words}\""))
        .collect();
    format!("{{\n{}\n}}\n", rows.join(",\n"))
}
