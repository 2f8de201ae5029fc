//! Trees without an index: random ones whose names are few letters in many forms, so that queries
//! match often, and some made by hand.

use std::collections::BTreeSet;

use aether_index::search::{Builder, Directory, Entry, Names, SearchRoot};
use proptest::prelude::*;
use proptest::sample::select;

/// Folders by the place of their parent, 0 the root; then files by the place of their folder.
#[derive(Clone, Debug)]
pub struct Tree {
    pub folders: Vec<(usize, Vec<u8>)>,
    pub files: Vec<(usize, Vec<u8>)>,
    /// The ids of folders go up or down with their depth.
    pub upside_down: bool,
}

impl Tree {
    fn id(&self, place: usize) -> i64 {
        match self.upside_down {
            true => (self.folders.len() + 1 - place) as i64,
            false => place as i64 + 1,
        }
    }

    pub fn names(&self) -> Names {
        let source = source(7, self.id(0), "/root");
        let mut builder = Builder::new(vec![source], usize::MAX);
        let mut rows: Vec<(i64, Option<i64>, &[u8])> = vec![(self.id(0), None, b"")];
        for (place, (parent, name)) in self.folders.iter().enumerate() {
            rows.push((self.id(place + 1), Some(self.id(*parent)), name));
        }
        rows.sort_unstable();
        for (id, parent, name) in rows {
            directory(&mut builder, (id, parent, 7, name));
        }
        for (folder, name) in &self.files {
            file(&mut builder, self.id(*folder), name, Some(1));
        }
        builder.finish()
    }

    /// All entries: the path of their folder with a slash after each name, and their own name.
    fn entries(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut prefixes = vec![Vec::new()];
        let mut entries = Vec::new();
        for (parent, name) in &self.folders {
            entries.push((prefixes[*parent].clone(), name.clone()));
            prefixes.push([&prefixes[*parent][..], name, b"/"].concat());
        }
        let files = self.files.iter();
        entries.extend(files.map(|(folder, name)| (prefixes[*folder].clone(), name.clone())));
        entries
    }

    pub fn paths(&self, matches: impl Fn(&[u8], &[u8]) -> bool) -> BTreeSet<Vec<u8>> {
        let entries = self.entries();
        let found = entries
            .iter()
            .filter(|(prefix, name)| matches(prefix, name));
        found
            .map(|(prefix, name)| [&prefix[..], name].concat())
            .collect()
    }
}

pub fn tree(name: impl Strategy<Value = Vec<u8>> + Clone) -> impl Strategy<Value = Tree> {
    let places = || any::<prop::sample::Index>();
    let folders = prop::collection::vec((places(), name.clone()), 0..12);
    let files = prop::collection::vec((places(), name), 0..25);
    (folders, files, any::<bool>()).prop_map(|(folders, files, upside_down)| {
        let mut taken = BTreeSet::new();
        let mut tree = Tree {
            folders: Vec::new(),
            files: Vec::new(),
            upside_down,
        };
        for (parent, name) in folders {
            let parent = parent.index(tree.folders.len() + 1);
            if taken.insert((parent, name.clone())) {
                tree.folders.push((parent, name));
            }
        }
        for (folder, name) in files {
            let folder = folder.index(tree.folders.len() + 1);
            if taken.insert((folder, name.clone())) {
                tree.files.push((folder, name));
            }
        }
        tree
    })
}

pub fn name() -> impl Strategy<Value = Vec<u8>> + Clone {
    let pieces: &[&[u8]] = &[
        b"a",
        b"b",
        b"c",
        b"e",
        b"A",
        b"B",
        b".",
        b"_",
        b" ",
        "é".as_bytes(),
        "É".as_bytes(),
        "日".as_bytes(),
        b"\xff",
        b"\xc3",
        b"1",
        b"*",
    ];
    named(pieces.to_vec())
}

pub fn ascii_name() -> impl Strategy<Value = Vec<u8>> + Clone {
    named(b"abcAB._1".chunks(1).collect())
}

fn named(pieces: Vec<&'static [u8]>) -> impl Strategy<Value = Vec<u8>> + Clone {
    let name = prop::collection::vec(select(pieces), 1..7).prop_map(|parts| parts.concat());
    name.prop_filter("no name", |name| name != b"." && name != b"..")
}

pub fn flat(names: &[&[u8]]) -> Tree {
    Tree {
        folders: Vec::new(),
        files: names.iter().map(|name| (0, name.to_vec())).collect(),
        upside_down: false,
    }
}

pub fn source(id: i64, root_id: i64, root: &str) -> SearchRoot {
    SearchRoot {
        id,
        root_id,
        root: root.into(),
        rules: Vec::new(),
        looks: Vec::new(),
        missed: Vec::new(),
    }
}

/// Folders: each with its id, its parent's, its source's, and its name.
pub fn directories(builder: &mut Builder, rows: &[(i64, Option<i64>, i64, &str)]) {
    for &(id, parent, source, name) in rows {
        directory(builder, (id, parent, source, name.as_bytes()));
    }
}

fn directory(builder: &mut Builder, (id, parent, source, name): (i64, Option<i64>, i64, &[u8])) {
    builder.directory(Directory {
        id,
        parent,
        source,
        name,
        mtime: None,
        status: 1,
    });
}

pub fn file(builder: &mut Builder, folder: i64, name: &[u8], mtime: Option<i64>) {
    let kind = 1;
    builder.entry(folder, Entry { name, kind, mtime });
}
