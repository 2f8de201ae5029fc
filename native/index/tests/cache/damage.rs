//! Caches that are refused: cut off, damaged, lying about their lengths, or too large; and none
//! that does harm.

use std::io::{Read, Write};

use aether_index::cache::{Cache, ImportRefused};
use proptest::prelude::*;

use crate::plain::{NONE, Plain};
use crate::{FIXTURE, rows};

#[test]
fn cut_off_at_any_byte_it_is_refused() {
    for length in 0..FIXTURE.len() {
        assert!(Cache::unpack(&FIXTURE[..length]).is_err(), "at {length}");
    }
    let whole = Plain::sample().bytes();
    for length in 0..whole.len() {
        assert!(
            Cache::decode(whole[..length].to_vec()).is_err(),
            "at {length}"
        );
    }
    Cache::decode(whole).unwrap();
}

#[test]
fn what_does_not_add_up_is_refused() {
    type Damage = fn(&mut Plain);
    let table: &[(&str, Damage)] = &[
        ("a folder is in a circle", |p| p.prefixes[1][1] = 2),
        ("a folder is in a circle", |p| p.prefixes[1][1] = 1),
        ("a folder is above the root", |p| p.prefixes[0][1] = 1),
        ("a folder has no parent", |p| p.prefixes[2][1] = 3),
        ("a folder has no parent", |p| p.prefixes[2][1] = NONE),
        ("a folder has no name, or none that can be", |p| {
            p.prefixes[1][0] = NONE
        }),
        ("a folder has no name, or none that can be", |p| {
            p.prefixes[1][0] = 4
        }),
        ("an entry has no name, or none that can be", |p| {
            p.segments[0] = b"..".to_vec()
        }),
        ("an entry has no name, or none that can be", |p| {
            p.segments[2] = b"x/y".to_vec()
        }),
        ("an entry has no name, or none that can be", |p| {
            p.segments[2] = b"x\0y".to_vec()
        }),
        ("an entry has no name, or none that can be", |p| {
            p.segments[2] = vec![b'x'; 1025]
        }),
        ("an entry has no name, or none that can be", |p| {
            p.entries[3].0 = 4
        }),
        ("an entry is neither file nor folder", |p| {
            p.entries[3].2 = 2
        }),
        ("an entry is not there", |p| p.prefixes[2][5] = 2),
        ("an entry is not there", |p| p.prefixes[2][4] = NONE),
        ("an entry is in no folder", |p| p.prefixes[2][5] = 0),
        ("an entry is in two folders", |p| p.prefixes[2][4] = 2),
        ("a list of children goes beyond the end", |p| {
            p.prefixes[1][3] = 2
        }),
        ("a list of children has one of another", |p| {
            p.prefixes[1][2] = 0
        }),
        ("a list of children has one of another", |p| {
            p.children[1] = 3
        }),
        ("the tags refer to what is not there", |p| p.tags.1[0] = 1),
        ("the tags refer to what is not there", |p| p.tags.3[0] = 2),
        ("the tags have lists of unequal length", |p| {
            p.tags.2.push(1)
        }),
        ("segments is not UTF-8", |p| p.segments[0] = vec![0xff]),
        ("the end is followed by more", |p| p.after.push(0)),
    ];
    for (said, damage) in table {
        let mut plain = Plain::sample();
        damage(&mut plain);
        let refused = Cache::unpack(&plain.packed()).unwrap_err();
        assert_eq!(refused.to_string(), format!("damaged: {said}"));
    }
    let mut newer = Plain::sample();
    newer.version = 4;
    assert_eq!(
        Cache::unpack(&newer.packed()).unwrap_err(),
        ImportRefused::Version(4)
    );
}

#[test]
fn lengths_that_lie_are_refused_at_once() {
    let whole = Plain::sample().bytes();
    for at in 4..whole.len() - 8 {
        for length in [u64::MAX, u64::MAX / 2, 1 << 40, u64::from(u32::MAX)] {
            let mut bytes = whole.clone();
            bytes[at..at + 8].copy_from_slice(&length.to_le_bytes());
            // Not everywhere is a length, but where one is, it is larger than the file.
            if let Ok(cache) = Cache::decode(bytes) {
                assert_eq!(rows(&cache).len(), 4);
            }
        }
    }
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let bomb = zstd::encode_all(std::io::repeat(0).take(1 << 30), 1).unwrap();
    assert!(bomb.len() < 1 << 18, "{}", bomb.len());
    assert_eq!(Cache::unpack(&bomb).unwrap_err(), ImportRefused::TooLarge);
    // A window of 128 MB.
    let mut wide = zstd::Encoder::new(Vec::new(), 3).unwrap();
    wide.window_log(27).unwrap();
    wide.write_all(&Plain::sample().bytes()).unwrap();
    let refused = Cache::unpack(&wide.finish().unwrap()).unwrap_err();
    assert!(matches!(refused, ImportRefused::Zstd(_)), "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bits_never_do_harm(flips in prop::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let mut bytes = Plain::sample().bytes();
        for flip in flips {
            let bit = flip.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        if let Ok(cache) = Cache::decode(bytes) {
            prop_assert_eq!(rows(&cache).len(), 4);
        }
    }

    #[test]
    fn flipped_bits_of_a_packed_one_never_do_harm(flip in 0..FIXTURE.len() * 8) {
        let mut bytes = FIXTURE.to_vec();
        bytes[flip / 8] ^= 1 << (flip % 8);
        if let Ok(cache) = Cache::unpack(&bytes) {
            prop_assert!(rows(&cache).len() <= 100_000);
        }
    }
}
