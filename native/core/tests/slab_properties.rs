//! What must hold for every slab: it reads back as it was built, each content has one encoding, and no bytes make the
//! decoder panic or allocate.

#![allow(clippy::expect_used, reason = "tests may panic")]

use aether_core::slab::{Builder, Groups, Kind, Metadata, Slab, SlabError, status};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What a walker may do with a builder.
#[derive(Clone, Debug)]
enum Step {
    Open(Vec<u8>),
    Entry(Vec<u8>, Kind, Option<Metadata>, Vec<u8>),
    Close(u32),
    /// Sends the slab and clears the builder.
    Send,
}

#[derive(Clone, Debug, PartialEq)]
struct Listing {
    path: Vec<u8>,
    status: u32,
    entries: Vec<Found>,
}

/// Name, kind, metadata and target.
type Found = (Vec<u8>, Kind, Option<Metadata>, Vec<u8>);

fn names() -> impl Strategy<Value = Vec<u8>> {
    let byte = any::<u8>().prop_filter("a byte of a name", |byte| !matches!(byte, 0 | b'/'));
    let name = prop_oneof![4 => vec(byte.clone(), 1..12), 1 => vec(byte, 1..300)];
    name.prop_filter("no dots", |name| !matches!(name.as_slice(), b"." | b".."))
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kinds = [
        Kind::Unknown,
        Kind::File,
        Kind::Directory,
        Kind::Symlink,
        Kind::Other,
    ];
    let known = any::<([u64; 3], [i64; 3], [u32; 4], u16)>().prop_map(
        |([size, disk, inode], [mtime, ctime, btime], [device, nlink, uid, gid], mode)| Metadata {
            size,
            mtime,
            disk,
            inode,
            device,
            nlink,
            mode,
            ctime,
            btime,
            uid,
            gid,
        },
    );
    let target = vec(1_u8.., 0..30);
    let statuses = prop_oneof![0..=status::CHANGING, (1..4096).prop_map(status::errno)];
    vec(
        prop_oneof![
            2 => vec(names(), 0..4).prop_map(|names| Step::Open(names.join(&b'/'))),
            8 => (names(), select(kinds.to_vec()), proptest::option::of(known), target)
                .prop_map(|(name, kind, known, target)| Step::Entry(name, kind, known, target)),
            2 => statuses.prop_map(Step::Close),
            1 => Just(Step::Send),
        ],
        0..60,
    )
}

/// Each set of groups that a slab may have.
fn groups() -> impl Strategy<Value = Groups> {
    let all = (0..1_u16 << 7).filter_map(Groups::from_bits);
    select(all.filter(|groups| groups.are_sound()).collect::<Vec<_>>())
}

/// What a slab with these groups keeps of it.
fn kept(known: &Metadata, groups: Groups) -> Option<Metadata> {
    if groups.is_empty() {
        return None;
    }
    let mut kept = Metadata {
        size: known.size,
        mtime: known.mtime,
        ..Metadata::default()
    };
    if groups.contains(Groups::DISK) {
        kept.disk = known.disk;
    }
    if groups.contains(Groups::INODE) {
        (kept.inode, kept.device, kept.nlink) = (known.inode, known.device, known.nlink);
    }
    if groups.contains(Groups::MODE) {
        kept.mode = known.mode;
    }
    if groups.contains(Groups::TIMES) {
        (kept.ctime, kept.btime) = (known.ctime, known.btime);
    }
    if groups.contains(Groups::OWNER) {
        (kept.uid, kept.gid) = (known.uid, known.gid);
    }
    Some(kept)
}

fn encode(builder: &Builder) -> Vec<u8> {
    // Previous contents of the buffer must not show.
    let excess = builder.len_bound().checked_sub(builder.encoded_len());
    assert!(excess.is_some_and(|bytes| bytes <= 80), "{excess:?}");
    let mut slab = vec![0xa5; builder.encoded_len()];
    builder.encode_into(&mut slab);
    slab
}

/// Runs the steps; returns all slabs, including the last, and what each of them must hold.
fn build(tag: u32, groups: Groups, steps: &[Step]) -> (Vec<Vec<u8>>, Vec<Vec<Listing>>) {
    let mut builder = Builder::new(tag, groups);
    let mut path = Vec::new();
    let mut is_open = false;
    let mut slabs = Vec::new();
    let mut models: Vec<Vec<Listing>> = vec![vec![]];
    for step in steps.iter().chain([&Step::Send]) {
        let model = models.last_mut().expect("never empty");
        if !is_open && matches!(step, Step::Entry(..) | Step::Close(_)) {
            model.push(Listing {
                path: path.clone(),
                status: status::MORE,
                entries: vec![],
            });
            is_open = true;
        }
        match step {
            Step::Open(to) => {
                builder.open(|buffer| buffer.extend_from_slice(to));
                path.clone_from(to);
                is_open = false;
            }
            Step::Entry(name, kind, known, target) => {
                builder.entry(name, *kind, known.as_ref());
                let mut led_to = Vec::new();
                if *kind == Kind::Symlink && known.is_some() {
                    builder.target(target);
                    if groups.contains(Groups::TARGET) {
                        led_to.clone_from(target);
                    }
                }
                let known = known.as_ref().and_then(|known| kept(known, groups));
                let listing = model.last_mut().expect("just made");
                listing.entries.push((name.clone(), *kind, known, led_to));
            }
            Step::Close(status) => {
                builder.close(*status);
                model.last_mut().expect("just made").status = *status;
                is_open = false;
            }
            Step::Send => {
                assert_eq!(builder.records(), model.len());
                assert_eq!(
                    builder.entries(),
                    model.iter().map(|one| one.entries.len()).sum()
                );
                assert_eq!(builder.is_empty(), model.is_empty());
                slabs.push(encode(&builder));
                models.push(vec![]);
                builder.clear();
                is_open = false;
            }
        }
        assert_eq!(builder.path(), path);
    }
    (slabs, models)
}

fn read(slab: &Slab<'_>) -> Vec<Listing> {
    let mut entries = slab.entries();
    slab.records()
        .map(|record| Listing {
            path: record.path.to_vec(),
            status: record.status,
            entries: entries
                .by_ref()
                .take(record.entries.len())
                .inspect(|entry| assert_eq!(entry.directory, record.path))
                .map(|entry| {
                    let target = entry.target.to_vec();
                    (entry.name.to_vec(), entry.kind, entry.metadata, target)
                })
                .collect(),
        })
        .collect()
}

/// Builds what was read once more. There is one encoding of each content, so the bytes must be the same.
fn rebuild(slab: &Slab<'_>) -> Vec<u8> {
    let mut builder = Builder::new(slab.tag(), slab.groups());
    for listing in read(slab) {
        builder.open(|path| path.extend_from_slice(&listing.path));
        for (name, kind, known, target) in &listing.entries {
            builder.entry(name, *kind, known.as_ref());
            builder.target(target);
        }
        builder.close(listing.status);
    }
    let mut bytes = encode(&builder);
    aether_core::slab::set_sequence(&mut bytes, slab.sequence());
    bytes
}

/// Arbitrary bytes: refused, or read and encoded again to the same.
fn check_any(bytes: &[u8]) -> Result<(), SlabError> {
    let slab = Slab::decode(bytes)?;
    assert_eq!(rebuild(&slab), bytes);
    Ok(())
}

proptest! {
    #[test]
    fn a_slab_reads_back_as_it_was_built(
        tag: u32, sequence: u32, groups in groups(), steps in steps()
    ) {
        let (slabs, models) = build(tag, groups, &steps);
        for (mut bytes, model) in slabs.into_iter().zip(models) {
            aether_core::slab::set_sequence(&mut bytes, sequence);
            let slab = Slab::decode(&bytes).expect("what is built is valid");
            prop_assert_eq!((slab.tag(), slab.sequence()), (tag, sequence));
            prop_assert_eq!(slab.groups(), groups);
            prop_assert_eq!(read(&slab), model);
            prop_assert_eq!(rebuild(&slab), bytes);
        }
    }

    #[test]
    fn wherever_slabs_are_cut_the_listings_are_the_same(groups in groups(), steps in steps()) {
        let uncut: Vec<Step> =
            steps.iter().filter(|step| !matches!(step, Step::Send)).cloned().collect();
        let contents = |steps: &[Step]| {
            let (slabs, _) = build(0, groups, steps);
            let mut entries = Vec::new();
            let mut closings = Vec::new();
            for bytes in slabs {
                let slab = Slab::decode(&bytes).expect("what is built is valid");
                for listing in read(&slab) {
                    closings.extend((listing.status != 0).then(|| (listing.path.clone(), listing.status)));
                    entries.extend(listing.entries.into_iter().map(|entry| (listing.path.clone(), entry)));
                }
            }
            (entries, closings)
        };
        prop_assert_eq!(contents(&steps), contents(&uncut));
    }

    #[test]
    fn a_changed_byte_is_refused_or_read(
        groups in groups(), steps in steps(), at: Index, value: u8
    ) {
        for mut bytes in build(1, groups, &steps).0 {
            let at = at.index(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
            let _ = check_any(&bytes);
        }
    }

    #[test]
    fn another_length_is_refused(groups in groups(), steps in steps(), cut: Index, more in 1..64_usize) {
        for bytes in build(1, groups, &steps).0 {
            let cut = bytes.get(..cut.index(bytes.len())).expect("inside");
            prop_assert!(Slab::decode(cut).is_err());
            let longer = [bytes.as_slice(), &vec![0; more]].concat();
            prop_assert_eq!(
                Slab::decode(&longer).err(),
                Some(SlabError::Length { length: longer.len(), expected: bytes.len() as u64 })
            );
        }
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in vec(any::<u8>(), 0..200)) {
        let _ = check_any(&bytes);
        let _ = check_any(&[b"ASLB\x01\0\0\0".as_slice(), &bytes].concat());
    }
}

/// Every bit of the example, one at a time.
#[test]
fn every_flipped_bit_of_the_example_is_refused_or_read() {
    let example = include_bytes!("../../../test/fixtures/slabs/slab-v1.bin");
    let mut refused = 0;
    for at in 0..example.len() {
        for bit in 0..8 {
            let mut bytes = example.to_vec();
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
            refused += usize::from(check_any(&bytes).is_err());
        }
    }
    assert_eq!(refused, 1026, "as many as the Elixir decoder refuses");
}
