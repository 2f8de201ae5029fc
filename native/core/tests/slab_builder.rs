//! The builder's bytes, compared with the slab that the format's description gives byte by byte.

use aether_core::slab::{Builder, Groups, Kind, Metadata, set_sequence, status};

const EXAMPLE: &[u8] = include_bytes!("../../../test/fixtures/slabs/slab-v1.bin");

fn known(size: u64, mtime: i64) -> Option<Metadata> {
    Some(Metadata {
        size,
        mtime,
        ..Metadata::default()
    })
}

fn encode(builder: &Builder) -> Vec<u8> {
    let mut slab = vec![0xa5; builder.encoded_len()];
    builder.encode_into(&mut slab);
    slab
}

fn fill_with_example(builder: &mut Builder) {
    builder.open(|path| path.clear());
    builder.entry(
        b"a.txt",
        Kind::File,
        known(5, 1_700_000_000_123_456_789).as_ref(),
    );
    builder.entry(b"docs", Kind::Directory, known(4096, -500_000_000).as_ref());
    builder.entry(b"l", Kind::Symlink, known(3, 0).as_ref());
    builder.entry(b"\xff\xfe", Kind::File, None);
    builder.entry(b"denied", Kind::Directory, known(4096, 1).as_ref());
    builder.close(status::COMPLETE);
    builder.open(|path| path.extend_from_slice(b"docs"));
    let size = 8_589_934_592;
    builder.entry(
        "é.md".as_bytes(),
        Kind::File,
        known(size, 9_007_199_254_740_993).as_ref(),
    );
    builder.open(|path| path.extend_from_slice(b"denied"));
    builder.close(status::errno(13));
}

#[test]
fn writes_the_example_byte_by_byte() {
    let mut builder = Builder::new(7, Groups::METADATA);
    fill_with_example(&mut builder);
    let mut slab = encode(&builder);
    set_sequence(&mut slab, 3);
    assert_eq!(slab, EXAMPLE);
    assert_eq!((builder.records(), builder.entries()), (3, 6));
}

#[test]
fn a_cleared_builder_writes_the_same_again() {
    let mut builder = Builder::new(7, Groups::METADATA);
    fill_with_example(&mut builder);
    let first = encode(&builder);
    let held = builder.capacity_bytes();
    builder.clear();
    assert!(builder.is_empty());
    assert_eq!(builder.encoded_len(), 40);
    assert_eq!(builder.path(), b"denied");
    fill_with_example(&mut builder);
    assert_eq!(encode(&builder), first);
    assert_eq!(builder.capacity_bytes(), held);
}

#[test]
fn holds_no_memory_until_it_is_used() {
    let mut builder = Builder::new(0, Groups::METADATA);
    assert_eq!(builder.capacity_bytes(), 0);
    builder.entry(b"a", Kind::File, None);
    assert!(builder.capacity_bytes() > 0);
}

#[test]
fn a_path_of_megabytes_is_not_kept() {
    let mut builder = Builder::new(0, Groups::empty());
    builder.open(|path| path.resize(4 << 20, b'a'));
    builder.close(status::COMPLETE);
    builder.clear();
    builder.open(|path| path.push(b'b'));
    builder.clear();
    assert!(
        builder.capacity_bytes() < 1 << 20,
        "{} bytes held",
        builder.capacity_bytes()
    );
}

#[test]
fn set_sequence_does_not_touch_what_is_too_short() {
    let mut short = [7; 39];
    set_sequence(&mut short, 1);
    assert_eq!(short, [7; 39]);
}
