//! The original's cache: a true one against what it is known to hold, and false ones of every kind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aether_index::cache::{self, Cache, Imported, Refused};
use aether_index::{Location, Reason, WriterLock, open_reader, open_writer};
use proptest::prelude::*;
use rusqlite::Connection;

static NEVER: AtomicBool = AtomicBool::new(false);
const FIXTURE: &[u8] = include_bytes!("fixtures/folders_demo-source.bin.zst");
const EXPECTED: &str = include_str!("fixtures/folders_demo-source.expected.json");

/// Prefix, name, count, is_folder.
type Row = (Vec<u8>, Vec<u8>, u32, bool);

fn rows(cache: &Cache) -> Vec<Row> {
    let mut rows = Vec::new();
    let push = |row: cache::Row<'_>| {
        rows.push((
            row.prefix.to_vec(),
            row.name.to_vec(),
            row.file_count,
            row.is_folder,
        ));
        Ok::<_, ()>(())
    };
    cache.rows(push).unwrap();
    rows
}

#[test]
fn a_true_cache_holds_what_is_known_of_it() {
    let cache = Cache::unpack(FIXTURE).unwrap();
    let expected: serde_json::Value = serde_json::from_str(EXPECTED).unwrap();
    let rows = rows(&cache);
    assert_eq!(cache.source_id(), expected["source_id"]);
    assert_eq!(cache.total_files(), expected["total_files"]);
    assert!(cache.built_at().starts_with("2026-11-20T11:52:35"));
    let files = rows.iter().filter(|row| !row.3).count();
    assert_eq!(files, expected["total_files"]);
    assert_eq!(rows.iter().filter(|row| row.3).count(), expected["folders"]);
    let at_root: Vec<&Row> = rows.iter().filter(|row| row.0.is_empty()).collect();
    assert_eq!(at_root.len(), expected["root_entries"]);
    let full = |row: &Row| String::from_utf8([&row.0[..], &row.1, b"/"].concat()).unwrap();
    let counts: HashMap<String, u32> = rows
        .iter()
        .filter(|row| row.3)
        .map(|row| (full(row), row.2))
        .collect();
    for (folder, example) in expected["examples"].as_object().unwrap() {
        assert_eq!(counts[folder], example["count"], "{folder}");
    }
    let mut largest: Vec<(u32, String)> = at_root
        .iter()
        .map(|row| (row.2, String::from_utf8(row.1.clone()).unwrap()))
        .collect();
    largest.sort_by(|a, b| b.cmp(a));
    let known = expected["largest_at_root"].as_object().unwrap();
    for (count, name) in &largest[..known.len()] {
        assert_eq!(*count, known[name], "{name}");
    }
}

#[test]
fn the_counts_of_a_true_cache_add_up() {
    let rows = rows(&Cache::unpack(FIXTURE).unwrap());
    let mut beneath: HashMap<Vec<u8>, u32> = HashMap::new();
    for (prefix, _, count, _) in &rows {
        *beneath.entry(prefix.clone()).or_default() += count;
    }
    for (prefix, name, count, is_folder) in &rows {
        let own = [&prefix[..], name, b"/"].concat();
        match is_folder {
            true => assert_eq!(beneath[&own], *count, "{}", own.escape_ascii()),
            false => assert_eq!((beneath.get(&own), *count), (None, 1)),
        }
    }
}

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

/// A cache as the original would write it, before it is packed.
#[derive(Clone)]
struct Plain {
    version: u32,
    source_id: Vec<u8>,
    segments: Vec<Vec<u8>>,
    tags: (Vec<Vec<u8>>, Vec<u32>, Vec<u32>, Vec<u8>),
    /// Segment, parent, first child, children, first entry, entries.
    prefixes: Vec<[u32; 6]>,
    children: Vec<u32>,
    /// Segment, count, is_file.
    entries: Vec<(u32, u32, u8)>,
    after: Vec<u8>,
}

const NONE: u32 = u32::MAX;

impl Plain {
    /// `a/` with `b/` and a file, which has a file.
    fn sample() -> Plain {
        Plain {
            version: 3,
            source_id: b"demo".to_vec(),
            segments: ["a", "b", "x.txt", "é"]
                .map(|s| s.as_bytes().to_vec())
                .to_vec(),
            tags: (vec![b"tag".to_vec()], vec![0], vec![7], vec![1]),
            prefixes: vec![
                [NONE, NONE, 0, 1, 0, 1],
                [0, 0, 1, 1, 1, 2],
                [1, 1, 0, 0, 3, 1],
            ],
            children: vec![1, 2],
            entries: vec![(0, 2, 0), (1, 1, 0), (2, 1, 1), (3, 1, 1)],
            after: Vec::new(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = self.version.to_le_bytes().to_vec();
        let long = |out: &mut Vec<u8>, n: usize| out.extend((n as u64).to_le_bytes());
        let text = |out: &mut Vec<u8>, text: &[u8]| {
            long(out, text.len());
            out.extend(text);
        };
        let texts = |out: &mut Vec<u8>, list: &[Vec<u8>]| {
            long(out, list.len());
            list.iter().for_each(|t| text(out, t));
        };
        let words = |out: &mut Vec<u8>, list: &mut dyn ExactSizeIterator<Item = u32>| {
            long(out, list.len());
            list.for_each(|n| out.extend(n.to_le_bytes()));
        };
        let shorts = |out: &mut Vec<u8>, list: &mut dyn ExactSizeIterator<Item = u32>| {
            long(out, list.len());
            list.for_each(|n| out.extend((n as u16).to_le_bytes()));
        };
        let column = |at: usize| self.prefixes.iter().map(move |prefix| prefix[at]);
        text(&mut out, &self.source_id);
        long(&mut out, 2);
        text(&mut out, b"2026-01-01T00:00:00+00:00");
        texts(&mut out, &self.segments);
        texts(&mut out, &self.tags.0);
        words(&mut out, &mut self.tags.1.iter().copied());
        words(&mut out, &mut self.tags.2.iter().copied());
        text(&mut out, &self.tags.3);
        words(&mut out, &mut column(0));
        words(&mut out, &mut column(1));
        words(&mut out, &mut column(2));
        shorts(&mut out, &mut column(3));
        words(&mut out, &mut column(4));
        shorts(&mut out, &mut column(5));
        words(&mut out, &mut self.children.iter().copied());
        words(&mut out, &mut self.entries.iter().map(|entry| entry.0));
        words(&mut out, &mut self.entries.iter().map(|entry| entry.1));
        long(&mut out, self.entries.len());
        out.extend(self.entries.iter().map(|entry| entry.2));
        out.extend(&self.after);
        out
    }

    fn packed(&self) -> Vec<u8> {
        zstd::encode_all(&self.bytes()[..], 3).unwrap()
    }
}

#[test]
fn a_cache_written_by_hand_is_read() {
    let cache = Cache::unpack(&Plain::sample().packed()).unwrap();
    let row = |prefix: &str, name: &str, count, is_folder| {
        (
            prefix.as_bytes().to_vec(),
            name.as_bytes().to_vec(),
            count,
            is_folder,
        )
    };
    let expected = [
        row("", "a", 2, true),
        row("a/", "b", 1, true),
        row("a/", "x.txt", 1, false),
        row("a/b/", "é", 1, false),
    ];
    assert_eq!(rows(&cache), expected);
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
        Refused::Version(4)
    );
}

/// As deep as folders can be named: no recursion, and no path that grows without bound.
#[test]
fn a_chain_of_folders_is_read_until_its_path_is_too_long() {
    let chain = |depth: u32| {
        let mut plain = Plain::sample();
        plain.prefixes.truncate(1);
        plain.prefixes[0] = [NONE, NONE, 0, 0, 0, 0];
        plain
            .prefixes
            .extend((0..depth).map(|parent| [0, parent, 0, 0, 0, 0]));
        plain.prefixes[depth as usize][5] = 4;
        plain.packed()
    };
    let cache = Cache::unpack(&chain(30_000)).unwrap();
    assert_eq!(rows(&cache)[0].0.len(), 60_000);
    let refused = Cache::unpack(&chain(300_000)).unwrap_err();
    assert_eq!(refused, Refused::Damaged("a folder", "has too long a path"));
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
    assert_eq!(Cache::unpack(&bomb).unwrap_err(), Refused::TooLarge);
    // A window of 128 MB.
    let mut wide = zstd::Encoder::new(Vec::new(), 3).unwrap();
    wide.window_log(27).unwrap();
    wide.write_all(&Plain::sample().bytes()).unwrap();
    let refused = Cache::unpack(&wide.finish().unwrap()).unwrap_err();
    assert!(matches!(refused, Refused::Zstd(_)), "{refused}");
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

struct Index {
    directory: tempfile::TempDir,
    location: Location,
    writer: Connection,
    _lock: WriterLock,
}

impl Index {
    fn new() -> Index {
        let directory = tempfile::tempdir().unwrap();
        let location = Location::resolve(&directory.path().join("index.db")).unwrap();
        let lock = lock(&location);
        let writer = open_writer(&location, &lock, Duration::from_millis(50)).unwrap();
        for (id, uuid) in [(1, "demo-source"), (2, "demo")] {
            writer
                .execute(
                    "INSERT INTO sources (id, uuid, root, root_dir, rules, created_at) VALUES (?1, ?2, ?2, ?1, '', 0)",
                    (id, uuid),
                )
                .unwrap();
        }
        Index {
            directory,
            location,
            writer,
            _lock: lock,
        }
    }

    fn cache_dir(&self) -> &Path {
        self.directory.path()
    }

    fn put(&self, id: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = cache::file(self.cache_dir(), id).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn shell(&self, sql: &str) -> String {
        let output = Command::new("sqlite3")
            .arg(&self.location.database)
            .arg(sql)
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }
}

fn lock(location: &Location) -> WriterLock {
    WriterLock::take(&location.sidecar, Duration::ZERO).unwrap()
}

fn import_file(
    connection: &Connection,
    directory: &Path,
    id: &str,
    source: i64,
    cancel: &AtomicBool,
) -> Result<Option<Imported>, Refused> {
    cache::of_source(directory, id)?
        .map(|cache| cache::take_over(connection, directory, source, &cache, cancel))
        .transpose()
}

#[test]
fn a_cache_is_imported_and_its_file_removed() {
    let index = Index::new();
    let path = index.put("demo-source", FIXTURE);
    let import = || import_file(&index.writer, index.cache_dir(), "demo-source", 1, &NEVER);
    let imported = import().unwrap().unwrap();
    assert_eq!(
        imported,
        Imported {
            rows: 5816 + 1181,
            outdated: false
        }
    );
    assert!(!path.exists());
    let sums = "SELECT count(*), sum(is_folder), sum(file_count) FILTER (WHERE prefix = ''),
                sum(typeof(prefix) = 'text' AND typeof(name) = 'text') FROM imported WHERE source_id = 1";
    assert_eq!(index.shell(sums), "6997|1181|5816|6997\n");
    assert_eq!(
        index.shell("SELECT file_count FROM imported WHERE prefix = '' AND name = 'git'"),
        "597\n"
    );
    // Again: nothing there any more, and the same rows if it is.
    assert_eq!(import().unwrap(), None);
    index.put("demo-source", FIXTURE);
    let before = index.writer.total_changes();
    assert_eq!(import().unwrap().unwrap(), imported);
    assert_eq!(index.writer.total_changes(), before);
    assert_eq!(index.shell(sums), "6997|1181|5816|6997\n");
}

#[test]
fn a_cache_stays_while_its_rows_may_still_be_lost() {
    let index = Index::new();
    let path = index.put("demo-source", FIXTURE);
    // A reader in an old state of the index keeps the log from being copied.
    let reader = open_reader(&index.location, Duration::from_millis(50)).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM imported")
        .unwrap();
    let import = || import_file(&index.writer, index.cache_dir(), "demo-source", 1, &NEVER);
    let refused = import().unwrap_err();
    assert!(
        matches!(&refused, Refused::Index(error) if error.reason == Reason::Busy),
        "{refused}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), FIXTURE);
    reader.execute_batch("COMMIT").unwrap();
    import().unwrap().unwrap();
    assert!(!path.exists());
    // The rows are in the file itself, without its log.
    let copy = index.directory.path().join("copy.db");
    std::fs::copy(&index.location.database, &copy).unwrap();
    let output = Command::new("sqlite3")
        .arg(copy)
        .arg("SELECT count(*) FROM imported")
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"6997\n");
    let synchronous: i64 = index
        .writer
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .unwrap();
    assert_eq!(synchronous, 1);
}

#[test]
fn a_cache_that_cannot_be_imported_is_left_as_it_was() {
    let index = Index::new();
    let sources = HashMap::from([
        ("demo".to_owned(), 2),
        ("demo-source".to_owned(), 1),
        ("other".to_owned(), 3),
    ]);
    let newer = Plain {
        version: 4,
        ..Plain::sample()
    }
    .packed();
    let files = [
        index.put("demo", &FIXTURE[..1000]),
        index.put("other", &Plain::sample().packed()),
        index.put("nobody", &Plain::sample().packed()),
    ];
    let before: Vec<Vec<u8>> = files
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    index.put("demo-source", FIXTURE);
    let outcome = cache::import_dir(index.cache_dir(), &sources, |id, source| {
        import_file(&index.writer, index.cache_dir(), id, source, &NEVER)
    })
    .unwrap();
    let ids =
        |list: &[(String, Refused)]| list.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    assert_eq!(
        outcome.migrated,
        [(
            "demo-source".to_owned(),
            Imported {
                rows: 6997,
                outdated: false
            }
        )]
    );
    assert_eq!(
        outcome.needs_rescan,
        [("nobody".to_owned(), Refused::NoRoot)]
    );
    assert_eq!(ids(&outcome.failed), ["demo", "other"]);
    assert!(matches!(&outcome.failed[0].1, Refused::Zstd(_)));
    assert_eq!(outcome.failed[1].1, Refused::OtherSource("demo".to_owned()));
    for (path, before) in files.iter().zip(before) {
        assert_eq!(std::fs::read(path).unwrap(), before);
    }
    let path = index.put("demo", &newer);
    let outcome = cache::import_dir(index.cache_dir(), &sources, |id, source| {
        import_file(&index.writer, index.cache_dir(), id, source, &NEVER)
    })
    .unwrap();
    assert!(
        outcome
            .needs_rescan
            .contains(&("demo".to_owned(), Refused::Version(4)))
    );
    assert!(path.exists());
}

#[test]
fn what_is_no_regular_file_is_not_waited_for() {
    let index = Index::new();
    let path = index.cache_dir().join("folders_demo-source.bin.zst");
    let status = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(status.success());
    let import = || import_file(&index.writer, index.cache_dir(), "demo-source", 1, &NEVER);
    assert!(matches!(import(), Err(Refused::Io(22, _))));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(import(), Err(Refused::Io(22, _))));
    assert!(path.exists());
}

#[test]
fn a_cancelled_import_is_taken_up_again() {
    let index = Index::new();
    let path = index.put("demo-source", FIXTURE);
    let import = |cancel: &AtomicBool| {
        import_file(&index.writer, index.cache_dir(), "demo-source", 1, cancel)
    };
    assert_eq!(import(&AtomicBool::new(true)), Err(Refused::Cancelled));
    assert!(path.exists() && index.writer.is_autocommit());
    assert!(import(&NEVER).unwrap().is_some() && !path.exists());
}

#[test]
fn nothing_is_taken_for_a_source_that_was_scanned_to_its_end() {
    let index = Index::new();
    index
        .writer
        .execute("UPDATE sources SET last_complete_at = 1 WHERE id = 1", ())
        .unwrap();
    let path = index.put("demo-source", FIXTURE);
    let imported = import_file(&index.writer, index.cache_dir(), "demo-source", 1, &NEVER);
    assert_eq!(
        imported,
        Ok(Some(Imported {
            rows: 0,
            outdated: true
        }))
    );
    assert!(!path.exists());
    assert_eq!(index.shell("SELECT count(*) FROM imported"), "0\n");
}
