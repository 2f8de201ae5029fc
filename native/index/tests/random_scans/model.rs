//! A tree that changes at random, and its listings.

use std::collections::BTreeMap;

use aether_core::slab::Kind;
use aether_index::ScanWriter;
use proptest::prelude::*;

use crate::support::*;

/// What lies at a path: kind, size, mtime.
pub type Thing = (u8, u64, i64);
pub type Tree = BTreeMap<Vec<u8>, Thing>;

pub const NAMES: [&[u8]; 7] = [b"a", b"b", b"a-b", b"\xff\xfe", b"c c", b"-x", b"..a"];

#[derive(Clone, Debug)]
pub enum Change {
    Put {
        way: Vec<usize>,
        kind: u8,
        size: u64,
        mtime: i64,
    },
    Delete {
        way: Vec<usize>,
    },
}

pub fn way() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..NAMES.len(), 1..5)
}

pub fn change() -> impl Strategy<Value = Change> {
    let size = prop_oneof![4 => 0u64..5, 1 => Just(1 << 40)];
    let put = (
        way(),
        prop_oneof![3 => Just(1u8), 4 => Just(2), 1 => Just(3), 1 => Just(4)],
        size,
        -2i64..3,
    )
        .prop_map(|(way, kind, size, mtime)| Change::Put {
            way,
            kind,
            size,
            mtime,
        });
    prop_oneof![4 => put, 1 => way().prop_map(|way| Change::Delete { way })]
}

pub fn path(way: &[usize]) -> Vec<u8> {
    way.iter()
        .map(|at| NAMES[*at])
        .collect::<Vec<_>>()
        .join(&b'/')
}

pub fn is_within(path: &[u8], above: &[u8]) -> bool {
    above.is_empty() || path == above || (path.starts_with(above) && path[above.len()] == b'/')
}

pub fn remove(tree: &mut Tree, path: &[u8]) {
    tree.retain(|other, _| !is_within(other, path));
}

pub fn parent(path: &[u8]) -> &[u8] {
    path.iter()
        .rposition(|byte| *byte == b'/')
        .map_or(b"", |at| &path[..at])
}

pub fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap()
}

pub fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    match folder {
        [] => name.to_vec(),
        folder => [folder, b"/", name].concat(),
    }
}

pub fn apply(tree: &mut Tree, change: &Change) {
    match change {
        Change::Delete { way } => remove(tree, &path(way)),
        Change::Put {
            way,
            kind,
            size,
            mtime,
        } => {
            for end in 1..way.len() {
                let above = path(&way[..end]);
                if tree.get(&above).is_none_or(|thing| thing.0 != 2) {
                    remove(tree, &above);
                    tree.insert(above, (2, 0, 7));
                }
            }
            let path = path(way);
            if *kind != 2 || tree.get(&path).is_none_or(|thing| thing.0 != 2) {
                remove(tree, &path);
            }
            tree.insert(path, (*kind, if *kind == 2 { 0 } else { *size }, *mtime));
        }
    }
}

pub fn children<'a>(
    tree: &'a Tree,
    folder: &'a [u8],
) -> impl Iterator<Item = (&'a Vec<u8>, &'a Thing)> {
    tree.iter()
        .filter(move |(path, _)| !path.is_empty() && parent(path) == folder)
}

/// The listings of a scan from a folder on, to a depth.
pub fn listings(tree: &Tree, folder: &[u8], depth: Option<u32>) -> Vec<Listing> {
    let mut pending = vec![(folder.to_vec(), 1)];
    let mut found = Vec::new();
    while let Some((folder, level)) = pending.pop() {
        let mut entries = Vec::new();
        for (path, thing) in children(tree, &folder) {
            let name = name(path).to_vec();
            let kind = [
                Kind::Unknown,
                Kind::File,
                Kind::Directory,
                Kind::Symlink,
                Kind::Other,
            ][thing.0 as usize];
            entries.push((name, (kind, Some((thing.1, thing.2)))));
            if thing.0 == 2 && depth.is_none_or(|depth| level < depth) {
                pending.push((path.clone(), level + 1));
            }
        }
        found.push(Listing {
            path: folder,
            entries,
            status: 1,
            stamp: stamp(),
            mount: None,
        });
    }
    found
}

/// The directory at the end of a list of names, or the nearest above it.
pub fn nearest(tree: &Tree, way: &[usize]) -> Vec<u8> {
    let mut folder = path(way);
    while !folder.is_empty() && tree.get(&folder).is_none_or(|thing| thing.0 != 2) {
        folder = parent(&folder).to_vec();
    }
    folder
}

/// A part of a listing: its number, its range of entries, and whether it ends there.
pub type Piece = (usize, usize, usize, bool);

/// All listings in pieces: those of one in order, those of different ones in any order.
pub fn pieces(listings: &[Listing], dice: &mut Dice) -> Vec<Piece> {
    let mut next = vec![0; listings.len()];
    let mut open: Vec<usize> = (0..listings.len()).collect();
    let mut pieces = Vec::new();
    while !open.is_empty() {
        let at = dice.below(open.len());
        let listing = open[at];
        let (from, most) = (next[listing], listings[listing].entries.len());
        let to = (from + 1 + dice.below(6)).min(most);
        let closes = to == most && (from == to || dice.below(2) == 0);
        if from < to || closes {
            pieces.push((listing, from, to, closes));
        }
        next[listing] = to;
        if closes {
            open.swap_remove(at);
        }
    }
    pieces
}

/// A few pieces per batch.
pub fn send(writer: &ScanWriter, listings: &[Listing], pieces: &[Piece], dice: &mut Dice) {
    let mut rest = pieces;
    while !rest.is_empty() {
        let (now, later) = rest.split_at((1 + dice.below(4)).min(rest.len()));
        let now = now.iter();
        let now = now.map(|(at, from, to, closes)| (&listings[*at], *from, *to, *closes));
        push(writer, batch(&now.collect::<Vec<_>>()));
        rest = later;
    }
}
