//! Slabs made by hand, an index to write them to, and the sqlite3 shell as the oracle of what came of it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

pub mod raw;
pub mod strace;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aether_core::Status;
use aether_core::slab::{Builder, Kind, Metadata};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{
    Batch, Index, MountIdentity, NewNote, OpenOptions, PushError, ScanCounts, ScanSpec, ScanWriter,
};
use rusqlite::Connection;
use tempfile::TempDir;

/// Kind, and size and mtime where they are known.
pub type Entry = (Kind, Option<(u64, i64)>);

/// One listing: a directory, its entries, how it ended, what it is if it is a mount point.
#[derive(Clone, Debug)]
pub struct Listing {
    pub path: Vec<u8>,
    pub entries: Vec<(Vec<u8>, Entry)>,
    pub status: u32,
    pub stamp: u64,
    pub mount: Option<MountIdentity>,
}

static CLOCK: AtomicU64 = AtomicU64::new(1);

/// The VM-wide counter.
pub fn stamp() -> u64 {
    CLOCK.fetch_add(1, Ordering::Relaxed)
}

pub fn file(name: &str, size: u64, mtime: i64) -> (Vec<u8>, Entry) {
    (name.into(), (Kind::File, Some((size, mtime))))
}

pub fn dir(name: &str) -> (Vec<u8>, Entry) {
    (name.into(), (Kind::Directory, Some((4096, 1))))
}

pub fn listing(path: &str, entries: &[(Vec<u8>, Entry)], status: u32) -> Listing {
    Listing {
        path: path.into(),
        entries: entries.to_vec(),
        status,
        stamp: stamp(),
        mount: None,
    }
}

/// Makes a slab of pieces of listings: each with the entries from, to, and whether it closes the listing.
pub fn batch(pieces: &[(&Listing, usize, usize, bool)]) -> Batch {
    let mut builder = Builder::new(0, true);
    let mut batch = Batch::default();
    for (at, (listing, from, to, closes)) in pieces.iter().enumerate() {
        builder.open(|path| path.extend_from_slice(&listing.path));
        for (name, (kind, known)) in &listing.entries[*from..*to] {
            builder.entry(
                name,
                *kind,
                known.map(|(size, mtime)| Metadata { size, mtime }),
            );
        }
        if *closes {
            builder.close(listing.status);
        } else {
            assert!(
                from < to,
                "a piece without entries that closes nothing is no record"
            );
        }
        batch.stamps.push(listing.stamp);
        if let Some(mount) = listing.mount {
            batch.mounts.push((at as u32, mount));
        }
    }
    batch.slab = vec![0; builder.encoded_len()];
    builder.encode_into(&mut batch.slab);
    batch
}

/// Pushes a batch, waiting for room.
pub fn push(scan: &ScanWriter, mut batch: Batch) {
    loop {
        match scan.push(batch) {
            Ok(()) => return,
            Err(PushError::Full(back)) => batch = back,
            Err(PushError::Ended(error)) => panic!("{error}"),
        }
        std::thread::yield_now();
    }
}

/// Pushes a listing in one piece that closes it.
pub fn push_whole(scan: &ScanWriter, listing: &Listing) {
    push(scan, batch(&[(listing, 0, listing.entries.len(), true)]));
}

/// An index in a directory of its own.
pub struct Fixture {
    pub directory: TempDir,
    pub index: Option<Arc<Index>>,
    pub options: OpenOptions,
}

impl Fixture {
    pub fn new() -> Fixture {
        Fixture::with(OpenOptions::default())
    }

    pub fn with(options: OpenOptions) -> Fixture {
        let directory = tempfile::tempdir().unwrap();
        let index = Index::open(&directory.path().join("index.db"), options.clone()).unwrap();
        Fixture {
            directory,
            index: Some(Arc::new(index)),
            options,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("index.db")
    }

    pub fn index(&self) -> &Arc<Index> {
        self.index.as_ref().unwrap()
    }

    pub fn reopen(&mut self) {
        if let Some(index) = self.index.take() {
            index.close().unwrap();
        }
        let index = Index::open(&self.path(), self.options.clone()).unwrap();
        self.index = Some(Arc::new(index));
    }

    pub fn begin(&self, spec: ScanSpec) -> ScanWriter {
        self.index().begin(spec, Box::new(|_| {})).unwrap()
    }

    /// A whole scan of these listings, each in one piece.
    pub fn scan(&self, listings: &[Listing]) {
        self.scan_as(spec(), listings, Status::Complete);
    }

    pub fn scan_as(&self, spec: ScanSpec, listings: &[Listing], status: Status) {
        let scan = self.begin(spec);
        for listing in listings {
            push_whole(&scan, listing);
        }
        scan.end(status, ScanCounts::default()).unwrap();
    }

    pub fn shell(&self, sql: &str) -> String {
        shell(&self.path(), sql)
    }

    /// Changes the database by the writer's own connection.
    pub fn sql(&self, sql: &str) {
        let sql = sql.to_owned();
        let run = move |connection: &mut Connection| {
            connection.execute_batch(&sql).unwrap();
            Ok(())
        };
        self.index().with_connection(run).unwrap();
    }

    /// The one source's.
    pub fn uuid(&self) -> String {
        self.shell("SELECT uuid FROM sources").trim_end().to_owned()
    }

    /// Readers by the gate of the writer.
    pub fn pool(&self) -> Pool {
        let index = self.index();
        let (location, gate) = (index.location().clone(), index.gate().clone());
        Pool::new(location, gate, PoolOptions::default())
    }

    /// Everything that is seen from the root, as the shell tells it.
    pub fn rows(&self) -> BTreeMap<Vec<u8>, Row> {
        rows(&self.path())
    }

    /// Paths alone, of which each is UTF-8.
    pub fn names(&self) -> Vec<String> {
        let paths = self.rows().into_keys();
        paths.map(|path| String::from_utf8(path).unwrap()).collect()
    }

    /// The root's totals: files, bytes, directories of which not all is known.
    pub fn totals(&self) -> String {
        self.shell(
            "SELECT file_count, bytes, unknown_below FROM dirs JOIN sources ON root_dir = dirs.id",
        )
    }

    /// A reader that does not go by the gate, in the midst of a page: the log cannot start over.
    pub fn reader_that_stays(&self) -> Connection {
        let reader = Connection::open(self.path()).unwrap();
        let page = "BEGIN; SELECT * FROM sources";
        reader.execute_batch(page).unwrap();
        reader
    }

    /// Asserts that every total is what a recount gives.
    pub fn recount(&self) {
        recount(&self.path());
    }
}

pub fn spec() -> ScanSpec {
    ScanSpec {
        root: b"/no/such/root".to_vec(),
        ..ScanSpec::default()
    }
}

/// A note about an entry, named by its folder and its name.
pub fn note_of(
    source: &str,
    (folder, name): (&[u8], &[u8]),
    key: &[u8],
    value: Option<&[u8]>,
) -> NewNote {
    NewNote {
        source: source.to_owned(),
        folder: folder.to_vec(),
        name: name.to_vec(),
        key: key.to_vec(),
        value: value.map(<[u8]>::to_vec),
        ..NewNote::default()
    }
}

pub fn shell(database: &Path, sql: &str) -> String {
    let output = shell_bytes(database, sql);
    String::from_utf8(output).unwrap()
}

pub fn shell_bytes(database: &Path, sql: &str) -> Vec<u8> {
    let output = Command::new("sqlite3")
        .arg("-readonly")
        .arg(database)
        .arg(sql)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Kind (2 for a directory), size and mtime as text, empty where they are NULL; a directory has its status for a size.
pub type Row = (i64, String, String);

const BENEATH: &str = "WITH RECURSIVE beneath(id, path) AS (
    SELECT root_dir, '' FROM sources
    UNION ALL SELECT d.id, b.path || d.name || '/' FROM beneath b JOIN dirs d ON d.parent_id = b.id)";

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

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// Directories whose numbers are not what a recount gives, and rows of `paths` that are wrong or missing.
pub fn recount(database: &Path) {
    assert_eq!(shell(database, &wrong()), "");
}

/// The same by a connection, which is quicker: what is wrong.
pub fn recount_by(connection: &Connection) -> Vec<String> {
    let mut statement = connection.prepare_cached(&wrong()).unwrap();
    let rows = statement.query_map((), |row| {
        let id: i64 = row.get(1)?;
        Ok(format!("{} of {id}", row.get::<_, String>(0)?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn wrong() -> String {
    format!(
            "{BENEATH}
             SELECT 'totals', d.id, d.name, d.own_files, d.own_bytes, d.file_count, d.bytes, d.unknown_below FROM beneath b JOIN dirs d ON d.id = b.id
              WHERE d.own_files IS NOT (SELECT count(*) FROM files f WHERE f.dir_id = d.id)
                 OR d.own_bytes IS NOT (SELECT coalesce(sum(f.size), 0) FROM files f WHERE f.dir_id = d.id AND f.kind = 1)
                 OR d.file_count IS NOT d.own_files + (SELECT coalesce(sum(c.file_count), 0) FROM dirs c WHERE c.parent_id = d.id)
                 OR d.bytes IS NOT d.own_bytes + (SELECT coalesce(sum(c.bytes), 0) FROM dirs c WHERE c.parent_id = d.id)
                 OR d.unknown_below IS NOT (d.status NOT IN (1, 2, 3)) + (SELECT coalesce(sum(c.unknown_below), 0) FROM dirs c WHERE c.parent_id = d.id)
             UNION ALL
             SELECT 'no path', b.id, b.path, 0, 0, 0, 0, 0 FROM beneath b WHERE length(CAST(b.path AS BLOB)) <= 4096
                AND NOT EXISTS (SELECT 1 FROM dirs d WHERE d.id = b.id AND d.status = 0 AND NOT EXISTS (SELECT 1 FROM files f WHERE f.dir_id = d.id)
                                   AND NOT EXISTS (SELECT 1 FROM dirs c WHERE c.parent_id = d.id))
                AND NOT EXISTS (SELECT 1 FROM paths p JOIN dirs d ON d.id = b.id WHERE p.source_id = d.source_id AND p.path = b.path AND p.dir_id = b.id)
             UNION ALL
             SELECT 'lost', d.id, d.name, 0, 0, 0, 0, 0 FROM dirs d WHERE d.parent_id IS NULL AND d.name <> ''
                AND d.id NOT IN (SELECT dir_id FROM graveyard)
             UNION ALL
             SELECT 'both', d.id, d.name, 0, 0, 0, 0, 0 FROM dirs d JOIN files f ON f.dir_id = d.parent_id AND f.name = d.name LIMIT 20"
    )
}

/// Asserts that a database is whole: its pages, its indexes, every total, nothing that belongs to nothing.
pub fn check_clean(database: &Path) {
    use aether_index::maintenance::{CheckOptions, Task, check};
    let location = aether_index::Location::resolve(database).unwrap();
    let options = CheckOptions { thorough: true };
    let mut watch = Task {
        cancel: std::sync::Arc::default(),
        progress: &mut |_| {},
    };
    let report = check(&location, &Arc::default(), options, &mut watch).unwrap();
    assert!(report.is_clean(), "{report:?}");
}

/// Whether the long tests were asked for: whole numbers instead of a tenth.
pub fn is_full() -> bool {
    std::env::var_os("AETHER_FULL").is_some_and(|value| value == "1")
}

/// A small generator, so that an order follows from one number.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most.max(1)
    }
}

/// Whether this is root, who may mount and be somebody else; says so of a test that is skipped.
pub fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: needs root");
    }
    is_root
}

/// Waits for something that comes by itself.
pub fn wait_until(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        let waited = begun.elapsed();
        assert!(waited < Duration::from_secs(60), "did not come in a minute");
        std::thread::yield_now();
    }
}

/// The name of a test as the harness knows it, for tests that run themselves again.
pub fn test_name<T: Fn()>(_: &T) -> &'static str {
    let (_binary, name) = std::any::type_name::<T>().split_once("::").unwrap();
    name
}

/// Runs a test in a process of its own, with something to know.
pub fn child(test: impl Fn(), variables: &[(&str, &std::ffi::OsStr)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let test = test_name(&test);
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.envs(variables.iter().copied());
    command
}

/// The most memory that this process has had, in kB.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.unwrap().split_whitespace().nth(1);
    kilobytes.unwrap().parse().unwrap()
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

/// The same of what is stored.
pub fn stored(database: &Path) -> BTreeMap<Vec<u8>, String> {
    let size = |row: Row| if row.0 == 2 { String::new() } else { row.1 };
    rows(database)
        .into_iter()
        .map(|(path, row)| (path, size(row)))
        .collect()
}

/// What is left in the tables when everything removed has been deleted.
pub fn leftovers(database: &Path) -> String {
    shell(
        database,
        &format!(
            "{BENEATH}
             SELECT 'dirs', count(*) FROM dirs WHERE id NOT IN (SELECT id FROM beneath)
             UNION ALL SELECT 'files', count(*) FROM files WHERE dir_id NOT IN (SELECT id FROM beneath)
             UNION ALL SELECT 'paths', count(*) FROM paths WHERE dir_id NOT IN (SELECT id FROM beneath)
             UNION ALL SELECT 'notes', count(*) FROM notes WHERE dir_id NOT IN (SELECT id FROM beneath)
             UNION ALL SELECT 'graveyard', count(*) FROM graveyard"
        ),
    )
}

pub const NOTHING_LEFT: &str = "dirs|0\nfiles|0\npaths|0\nnotes|0\ngraveyard|0\n";
