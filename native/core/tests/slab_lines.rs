//! Entries as JSON lines and as paths with NUL, for the command line.

#![allow(clippy::expect_used, reason = "tests may panic")]

use aether_core::lines::{Style, format};
use aether_core::slab::{Builder, Groups, Kind, Metadata, Slab, status};
use data_encoding::BASE64;

fn encode(builder: &Builder) -> Vec<u8> {
    let mut slab = vec![0xa5; builder.encoded_len()];
    builder.encode_into(&mut slab);
    slab
}

/// All pieces in sequence, and how many there were.
fn formatted(builder: &Builder, style: Style) -> (Vec<u8>, usize) {
    let bytes = encode(builder);
    let slab = Slab::decode(&bytes).expect("the builder's slabs are valid");
    let mut text = Vec::new();
    let mut pieces = 1;
    let mut from = 0;
    while let Some(next) = format(&slab, from, style, &mut text) {
        assert!(next > from, "a piece makes progress");
        from = next;
        pieces += 1;
    }
    (text, pieces)
}

fn line(name: &[u8]) -> String {
    let mut slab = Builder::new(0, Groups::empty());
    slab.entry(name, Kind::File, None);
    String::from_utf8(formatted(&slab, Style::Json).0).expect("JSON is UTF-8")
}

fn path_in(line: &str) -> &str {
    let rest = line.strip_prefix("{\"path\":\"").expect(line);
    rest.strip_suffix("\",\"kind\":\"file\",\"size\":null,\"mtime_ns\":null}\n")
        .expect(line)
}

#[test]
fn a_line_of_each_kind() {
    let mut slab = Builder::new(0, Groups::METADATA);
    let known = Some(Metadata {
        size: 5,
        mtime: 1_700_000_000_123_456_789,
        ..Metadata::default()
    });
    slab.entry(b"a.txt", Kind::File, known.as_ref());
    slab.entry(
        b"d",
        Kind::Directory,
        Some(&Metadata {
            size: u64::MAX,
            mtime: i64::MIN,
            ..Metadata::default()
        }),
    );
    slab.close(status::COMPLETE);
    slab.open(|path| path.extend_from_slice(b"d/e"));
    slab.entry(b"link", Kind::Symlink, None);
    slab.entry(
        b"fifo",
        Kind::Other,
        Some(&Metadata {
            size: 0,
            mtime: -1,
            ..Metadata::default()
        }),
    );
    slab.entry(b"x", Kind::Unknown, None);
    let (text, pieces) = formatted(&slab, Style::Json);
    let expected = concat!(
        r#"{"path":"a.txt","kind":"file","size":5,"mtime_ns":1700000000123456789}"#,
        "\n",
        r#"{"path":"d","kind":"directory","size":18446744073709551615,"mtime_ns":-9223372036854775808}"#,
        "\n",
        r#"{"path":"d/e/link","kind":"symlink","size":null,"mtime_ns":null}"#,
        "\n",
        r#"{"path":"d/e/fifo","kind":"other","size":0,"mtime_ns":-1}"#,
        "\n",
        r#"{"path":"d/e/x","kind":"unknown","size":null,"mtime_ns":null}"#,
        "\n",
    );
    assert_eq!(String::from_utf8_lossy(&text), expected);
    assert_eq!(pieces, 1);
    assert_eq!(
        formatted(&slab, Style::Print0).0,
        b"a.txt\0d\0d/e/link\0d/e/fifo\0d/e/x\0"
    );
}

#[test]
fn controls_and_invisible_characters_are_escaped() {
    let cases = [
        ("plain name", "plain name"),
        ("a\"b\\c", r#"a\"b\\c"#),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\x1b[31m\x01\x1f\x7f", r"\u001b[31m\u0001\u001f\u007f"),
        ("C1 \u{85}\u{9b}", r"C1 \u0085\u009b"),
        ("bidi \u{202e}\u{2066}\u{200f}", r"bidi \u202e\u2066\u200f"),
        ("zero \u{200b}\u{feff}", r"zero \u200b\ufeff"),
        ("line \u{2028}\u{2029}", r"line \u2028\u2029"),
        ("tag \u{e0041}", r"tag \udb40\udc41"),
        ("é 日本語 🎉", "é 日本語 🎉"),
        ("%00", "%00"),
    ];
    for (name, expected) in cases {
        assert_eq!(path_in(&line(name.as_bytes())), expected);
    }
}

#[test]
fn every_control_character_is_escaped() {
    for code in (1..0x20).chain(0x7f..0xa0) {
        let name = char::from_u32(code)
            .expect("a control character")
            .to_string();
        let line = line(name.as_bytes());
        assert!(path_in(&line).starts_with('\\'), "{code:#x}: {line}");
    }
}

#[test]
fn a_path_that_is_not_utf8_is_wholly_in_base64() {
    let mut slab = Builder::new(0, Groups::empty());
    slab.entry(b"\xff\xfe", Kind::Directory, None);
    slab.open(|path| path.extend_from_slice(b"\xff\xfe"));
    slab.entry(b"plain", Kind::File, None);
    slab.open(|path| path.extend_from_slice(b"plain"));
    slab.entry(b"overlong \xc0\xaf", Kind::File, None);
    slab.entry(b"plain", Kind::File, None);
    let base64 = |bytes: &[u8]| BASE64.encode(bytes);
    let rest = "\"size\":null,\"mtime_ns\":null}\n";
    let expected = format!(
        "{{\"path_base64\":\"{}\",\"kind\":\"directory\",{rest}\
         {{\"path_base64\":\"{}\",\"kind\":\"file\",{rest}\
         {{\"path_base64\":\"{}\",\"kind\":\"file\",{rest}\
         {{\"path\":\"plain/plain\",\"kind\":\"file\",{rest}",
        base64(b"\xff\xfe"),
        base64(b"\xff\xfe/plain"),
        base64(b"plain/overlong \xc0\xaf"),
    );
    let expected = expected.as_bytes();
    assert_eq!(formatted(&slab, Style::Json).0, expected);
    let paths = b"\xff\xfe\0\xff\xfe/plain\0plain/overlong \xc0\xaf\0plain/plain\0";
    assert_eq!(formatted(&slab, Style::Print0).0, paths);
}

#[test]
fn pieces_of_two_thousand_entries_add_up() {
    for (entries, expected) in [(0, 1), (1, 1), (2000, 1), (2001, 2), (6001, 4)] {
        let mut slab = Builder::new(0, Groups::empty());
        let mut paths = Vec::new();
        for number in 0..entries {
            slab.entry(number.to_string().as_bytes(), Kind::File, None);
            paths.extend_from_slice(format!("{number}\0").as_bytes());
        }
        assert_eq!(
            formatted(&slab, Style::Print0),
            (paths, expected),
            "{entries} entries"
        );
    }
}

#[test]
fn long_paths_make_small_pieces() {
    let mut slab = Builder::new(0, Groups::empty());
    slab.open(|path| path.resize(100_000, b'd'));
    for _ in 0..10 {
        slab.entry(b"name", Kind::File, None);
    }
    for style in [Style::Json, Style::Print0] {
        let (text, pieces) = formatted(&slab, style);
        assert!(text.len() > 1_000_000);
        assert_eq!(pieces, 4, "three entries pass 256 KiB");
    }
}

#[test]
fn there_is_nothing_beyond_the_end() {
    let mut slab = Builder::new(0, Groups::empty());
    slab.entry(b"a", Kind::File, None);
    let bytes = encode(&slab);
    let slab = Slab::decode(&bytes).expect("valid");
    let mut text = Vec::new();
    assert_eq!(format(&slab, 1, Style::Json, &mut text), None);
    assert_eq!(format(&slab, usize::MAX, Style::Json, &mut text), None);
    assert!(text.is_empty());
}
