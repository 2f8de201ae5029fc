//! Generates the golden slabs of `test/fixtures/slabs`, which the tests of all languages read: each a slab with its
//! reading in JSON and, in `damaged`, slabs with one defect each and the words that a decoder must use for it.
//!
//! `cargo run -p aether_core --example golden_slabs` writes them again. The cargo tests include this file and compare,
//! so that it, the files and the code cannot diverge.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "made for tests, which may panic"
)]

use std::path::PathBuf;

use aether_core::slab::{Builder, Groups, Kind, Metadata, set_sequence, status};

mod attributes;
mod damaged;
mod damaged_attributes;
mod reading;

pub use damaged::{damage_table, damaged};
pub use reading::reading;

/// Directory of the files.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../test/fixtures/slabs"
    ))
}

fn known(size: u64, mtime: i64) -> Option<Metadata> {
    Some(Metadata {
        size,
        mtime,
        ..Metadata::default()
    })
}

fn encode(builder: &Builder, sequence: u32) -> Vec<u8> {
    let mut slab = vec![0xa5; builder.encoded_len()];
    builder.encode_into(&mut slab);
    set_sequence(&mut slab, sequence);
    slab
}

fn open(builder: &mut Builder, path: &[u8]) {
    builder.open(|buffer| buffer.extend_from_slice(path));
}

/// The slab that the format's description gives byte by byte.
fn example() -> Vec<u8> {
    let mut slab = Builder::new(7, Groups::METADATA);
    open(&mut slab, b"");
    slab.entry(
        b"a.txt",
        Kind::File,
        known(5, 1_700_000_000_123_456_789).as_ref(),
    );
    slab.entry(b"docs", Kind::Directory, known(4096, -500_000_000).as_ref());
    slab.entry(b"l", Kind::Symlink, known(3, 0).as_ref());
    slab.entry(b"\xff\xfe", Kind::File, None);
    slab.entry(b"denied", Kind::Directory, known(4096, 1).as_ref());
    slab.close(status::COMPLETE);
    open(&mut slab, b"docs");
    slab.entry(
        "é.md".as_bytes(),
        Kind::File,
        known(8_589_934_592, 9_007_199_254_740_993).as_ref(),
    );
    open(&mut slab, b"denied");
    slab.close(status::errno(13));
    encode(&slab, 3)
}

fn nothing() -> Vec<u8> {
    encode(&Builder::new(0, Groups::empty()), 0)
}

fn empty_listing() -> Vec<u8> {
    let mut slab = Builder::new(1, Groups::METADATA);
    slab.close(status::COMPLETE);
    encode(&slab, 0)
}

fn names_only() -> Vec<u8> {
    let mut slab = Builder::new(2, Groups::empty());
    slab.entry(b"file", Kind::File, None);
    slab.entry(b"directory", Kind::Directory, None);
    slab.entry(b"symlink", Kind::Symlink, None);
    slab.entry(b"fifo", Kind::Other, None);
    slab.entry(b"who knows", Kind::Unknown, None);
    slab.close(status::COMPLETE);
    open(&mut slab, b"directory");
    slab.entry(b"more", Kind::File, None);
    encode(&slab, 1)
}

/// Bytes that are not UTF-8, and text that must not reach a terminal or a JSON reader unescaped.
fn names() -> Vec<u8> {
    let mut slab = Builder::new(3, Groups::METADATA);
    for byte in (1..=255).filter(|byte| !matches!(byte, b'.' | b'/')) {
        slab.entry(&[byte], Kind::File, known(u64::from(byte), 0).as_ref());
    }
    slab.entry(b"...", Kind::File, known(0, 0).as_ref());
    slab.entry(b"..a", Kind::File, known(0, 0).as_ref());
    slab.entry(&[b'n'; 255], Kind::File, known(0, 0).as_ref());
    slab.entry(b"caf\xc3\xa9 NFC", Kind::File, known(0, 0).as_ref());
    slab.entry(b"cafe\xcc\x81 NFD", Kind::File, known(0, 0).as_ref());
    slab.entry(
        "bidi \u{202e}txt.exe".as_bytes(),
        Kind::File,
        known(0, 0).as_ref(),
    );
    slab.entry(b"\x1b[31mred\x1b[0m", Kind::File, known(0, 0).as_ref());
    slab.entry(b"a\nb\tc\"d\\e", Kind::File, known(0, 0).as_ref());
    slab.entry(b"\xff\xfe", Kind::Directory, known(4096, 0).as_ref());
    slab.close(status::COMPLETE);
    open(&mut slab, b"\xff\xfe");
    slab.entry(b"plain", Kind::File, known(1, 1).as_ref());
    slab.entry(
        b"surrogate \xed\xa0\x80",
        Kind::Directory,
        known(2, 2).as_ref(),
    );
    slab.close(status::COMPLETE);
    open(&mut slab, b"\xff\xfe/surrogate \xed\xa0\x80");
    slab.entry(b"overlong \xc0\xaf", Kind::File, known(3, 3).as_ref());
    slab.close(status::COMPLETE);
    encode(&slab, 0)
}

fn extremes() -> Vec<u8> {
    let mut slab = Builder::new(u32::MAX, Groups::METADATA);
    let sizes = [
        0,
        1,
        (1 << 32) - 1,
        1 << 32,
        (1 << 53) - 1,
        1 << 53,
        (1 << 53) + 1,
        u64::MAX,
    ];
    for size in sizes {
        slab.entry(
            format!("size {size}").as_bytes(),
            Kind::File,
            known(size, 0).as_ref(),
        );
    }
    let mtimes = [
        i64::MIN,
        -(1 << 53) - 1,
        -1_500_000_000,
        -1,
        1,
        999_999_999,
        i64::MAX,
    ];
    for mtime in mtimes {
        slab.entry(
            format!("mtime {mtime}").as_bytes(),
            Kind::File,
            known(0, mtime).as_ref(),
        );
    }
    slab.entry(b"neither", Kind::Unknown, None);
    slab.close(status::COMPLETE);
    encode(&slab, u32::MAX)
}

/// Every status, empty records between full ones, and a directory with scattered records.
fn many_records() -> Vec<u8> {
    let mut slab = Builder::new(4, Groups::METADATA);
    for status in status::COMPLETE..=status::CHANGING {
        open(&mut slab, format!("status/{status}").as_bytes());
        slab.close(status);
    }
    for errno in [1, 2, 13, 40, 116, 4095] {
        open(&mut slab, format!("errno/{errno}").as_bytes());
        slab.entry(b"before it failed", Kind::File, known(1, 1).as_ref());
        slab.close(status::errno(errno));
    }
    for index in 0..100_u32 {
        open(&mut slab, b"split");
        slab.entry(
            format!("part {index}").as_bytes(),
            Kind::Directory,
            known(4096, 1).as_ref(),
        );
        open(&mut slab, format!("split/part {index}").as_bytes());
        for file in 0..index % 3 {
            slab.entry(
                format!("{file}.txt").as_bytes(),
                Kind::File,
                known(u64::from(file), 2).as_ref(),
            );
        }
        slab.close(status::COMPLETE);
    }
    open(&mut slab, b"split");
    slab.close(status::COMPLETE);
    encode(&slab, 5)
}

/// Every valid slab by name.
pub fn slabs() -> Vec<(&'static str, Vec<u8>)> {
    let mut slabs = vec![
        ("slab-v1", example()),
        ("nothing", nothing()),
        ("empty-listing", empty_listing()),
        ("names-only", names_only()),
        ("names", names()),
        ("extremes", extremes()),
        ("many-records", many_records()),
    ];
    slabs.extend(attributes::slabs());
    slabs
}

#[allow(dead_code, reason = "the tests include this file for its functions")]
fn main() -> std::io::Result<()> {
    let folder = folder();
    std::fs::create_dir_all(folder.join("damaged"))?;
    for (name, bytes) in slabs() {
        std::fs::write(folder.join(format!("{name}.bin")), &bytes)?;
        std::fs::write(folder.join(format!("{name}.json")), reading(&bytes))?;
    }
    for (name, bytes, _) in damaged() {
        std::fs::write(folder.join(format!("damaged/{name}.bin")), bytes)?;
    }
    std::fs::write(folder.join("damaged/damaged.json"), damage_table())
}
