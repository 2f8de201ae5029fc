//! Every entry, as the shell tells it, as find does, and as listings have it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use aether_core::slab::Kind;

use super::{BENEATH, Listing, shell, unhex};

/// Kind (2 for a directory), size and mtime as text, empty where they are NULL; a directory has its status for a size.
pub type Row = (i64, String, String);

pub fn rows(database: &Path) -> BTreeMap<Vec<u8>, Row> {
    rows_beneath(database, BENEATH)
}

/// Of one source alone.
pub fn rows_of(database: &Path, uuid: &str) -> BTreeMap<Vec<u8>, Row> {
    let of_one = format!("FROM sources WHERE uuid = '{uuid}'");
    rows_beneath(database, &BENEATH.replacen("FROM sources", &of_one, 1))
}

fn rows_beneath(database: &Path, beneath: &str) -> BTreeMap<Vec<u8>, Row> {
    let sql = format!(
        "{beneath}
         SELECT hex(b.path || f.name), f.kind, f.size, f.mtime FROM beneath b JOIN files f ON f.dir_id = b.id
         UNION ALL SELECT hex(rtrim(b.path, '/')), 2, d.status, d.mtime FROM beneath b JOIN dirs d ON d.id = b.id WHERE b.path <> ''"
    );
    let mut found = BTreeMap::new();
    for line in shell(database, &sql).lines() {
        let fields: Vec<&str> = line.split('|').collect();
        let row = (
            fields[1].parse().unwrap(),
            fields[2].to_owned(),
            fields[3].to_owned(),
        );
        let twice = found.insert(unhex(fields[0]), row);
        assert!(twice.is_none(), "a name is there twice");
    }
    found
}

/// As `rows`, but by `find`.
pub fn find(root: &Path) -> BTreeMap<Vec<u8>, (i64, String, String)> {
    let output = Command::new("find")
        .arg(root)
        .args(["-mindepth", "1", "-printf", r"%P\0%y\0%s\0%T@\0"])
        .output()
        .unwrap();
    let fields: Vec<&[u8]> = output.stdout.split(|byte| *byte == 0).collect();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    fields
        .chunks_exact(4)
        .map(|entry| {
            let kind = match entry[1] {
                b"f" => 1,
                b"d" => 2,
                b"l" => 3,
                _ => 4,
            };
            let time = text(entry[3]);
            let (seconds, fraction) = time.split_once('.').unwrap();
            let nanos = seconds.parse::<i64>().unwrap() * 1_000_000_000
                + fraction[..9].parse::<i64>().unwrap();
            // A directory that was read to its end has status 1 where its size would be.
            let size = if kind == 2 {
                "1".to_owned()
            } else {
                text(entry[2])
            };
            (entry[0].to_vec(), (kind, size, nanos.to_string()))
        })
        .collect()
}

/// The same of what is stored.
pub fn stored(database: &Path) -> BTreeMap<Vec<u8>, String> {
    let size = |row: Row| if row.0 == 2 { String::new() } else { row.1 };
    rows(database)
        .into_iter()
        .map(|(path, row)| (path, size(row)))
        .collect()
}

/// What a whole scan of these listings leaves, as `rows` tells it: paths and, of files, sizes.
pub fn expected(listings: &[Listing]) -> BTreeMap<Vec<u8>, String> {
    let mut found = BTreeMap::new();
    for listing in listings {
        for (name, (kind, known)) in &listing.entries {
            let path = match listing.path.is_empty() {
                true => name.clone(),
                false => [&listing.path, &b"/"[..], name].concat(),
            };
            let size = match kind {
                Kind::Directory => String::new(),
                _ => known.map(|(size, _)| size.to_string()).unwrap_or_default(),
            };
            found.insert(path, size);
        }
    }
    found
}
