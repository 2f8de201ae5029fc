//! What callers do to sources besides scanning them: add, forget, attach notes.

use aether_core::errno;
use aether_core::path::{join, split};
use rusqlite::{OptionalExtension, Row, params};

use super::Engine;
use crate::error::{Error, Operation, Reason};
use crate::text::Text;
use crate::writer::options::{NewNote, ScanSpec};
use crate::writer::store::find_source::Failure;
use crate::writer::store::sources;
use crate::writer::tree::DirTree;
use crate::writer::tree::node::FORGOTTEN;

impl Engine {
    /// Creates a source that was never scanned.
    pub fn add_source(&mut self, spec: &ScanSpec) -> Result<(), Error> {
        let added = self.write(|engine| sources::add(&mut engine.store, spec));
        self.load_roots();
        added.map_err(|failure| match failure {
            Failure::Refused(error) => error,
            Failure::Sqlite(error) => self.error(&error),
        })
    }

    /// Forgets a source, or everything beneath one of its folders.
    pub fn forget(&mut self, uuid: &str, folder: Option<&[u8]>) -> Result<(), Error> {
        let source = self.source(uuid)?;
        let mut running = self.scans.values().filter(|scan| scan.source == source);
        if let Some(scan) = running.next() {
            let error = Error::new(Reason::AlreadyScanning, Operation::Write, uuid.as_bytes());
            return Err(error.with(&scan.shared.tag));
        }
        let found = self.write(|engine| match folder.filter(|folder| !folder.is_empty()) {
            Some(folder) => {
                let found = engine.forget_folder(source, folder)?;
                engine.reap_at_once()?;
                Ok(found)
            }
            None => engine.forget_source(source).map(|()| true),
        });
        let is_file =
            matches!(found, Ok(false)) && self.is_file(source, folder.unwrap_or_default());
        self.purger.bury();
        self.forget_idle_trees(source);
        self.load_roots();
        self.touched.push(source);
        self.touched.extend(self.purger.take_changed());
        self.forget_sources();
        match found {
            Ok(true) => Ok(()),
            Ok(false) => {
                let folder = folder.unwrap_or_default();
                let reason = match is_file {
                    true => Reason::Errno(errno::NOTDIR),
                    false => Reason::NoFolder,
                };
                Err(Error::new(reason, Operation::Write, folder))
            }
            Err(error) => Err(self.error(&error)),
        }
    }

    fn is_file(&mut self, source: i64, path: &[u8]) -> bool {
        let (folder, name) = split(path);
        let Engine { store, trees, .. } = self;
        let tree = trees.entry(source).or_insert_with(|| DirTree::new(source));
        let mut find = || -> rusqlite::Result<bool> {
            let at = tree.find(store, folder)?;
            let Some(node) = at.and_then(|at| tree.node(at)) else {
                return Ok(false);
            };
            Ok(store.load_file(node.id, name)?.is_some())
        };
        find().unwrap_or(false)
    }

    fn forget_source(&mut self, source: i64) -> rusqlite::Result<()> {
        self.trees.remove(&source);
        let root: i64 = self.store.db.query_row(
            "SELECT root_dir FROM sources WHERE id = ?1",
            [source],
            |row| row.get(0),
        )?;
        self.store.bury(source, b"", root, None)?;
        self.store.forget_inexact(-source)?;
        let db = &self.store.db;
        db.execute("DELETE FROM scans WHERE source_id = ?1", [source])?;
        db.execute("DELETE FROM sources WHERE id = ?1", [source])?;
        Ok(())
    }

    /// The folder itself still exists: its row becomes that of a directory that was never listed.
    fn forget_folder(&mut self, source: i64, folder: &[u8]) -> rusqlite::Result<bool> {
        let Engine { store, trees, .. } = self;
        let tree = trees.entry(source).or_insert_with(|| DirTree::new(source));
        tree.generation = sources::generation(&store.db, source)?;
        tree.history.begin(tree.generation + 1, false);
        let Some(at) = tree.find(store, folder)? else {
            return Ok(false);
        };
        let Some(node) = tree.node(at) else {
            return Ok(false);
        };
        let (id, parent, entry) = (node.id, node.parent, node.row.entry());
        tree.forget(store, parent, id, split(folder).1)?;
        let at = tree.add(split(folder).1, parent, entry);
        if let Some(node) = tree.node_mut(at) {
            node.row.listed_gen = FORGOTTEN;
        }
        Ok(true)
    }

    fn source(&self, uuid: &str) -> Result<i64, Error> {
        let sql = "SELECT id FROM sources WHERE uuid = ?1";
        match self.store.db.query_row(sql, [uuid], |row| row.get(0)) {
            Ok(source) => Ok(source),
            Err(rusqlite::Error::QueryReturnedNoRows) => Err(Error::new(
                Reason::NoSource,
                Operation::Write,
                uuid.as_bytes(),
            )),
            Err(error) => Err(self.error(&error)),
        }
    }

    /// Attaches a note to an existing entry, or removes it.
    pub fn put_note(&mut self, note: &NewNote) -> Result<(), Error> {
        let source = self.source(&note.source)?;
        let put = self.write(|engine| engine.write_note(source, note));
        self.forget_idle_trees(source);
        let reason = match put {
            Ok(Put::Done) => return Ok(()),
            Ok(Put::NoEntry) => Reason::NoFolder,
            Ok(Put::Changed) => Reason::EntryChanged,
            Err(error) => return Err(self.error(&error)),
        };
        let path = join(&note.folder, &note.name);
        Err(Error::new(reason, Operation::Write, &path))
    }

    fn write_note(&mut self, source: i64, note: &NewNote) -> rusqlite::Result<Put> {
        let Engine { store, trees, .. } = self;
        let tree = trees.entry(source).or_insert_with(|| DirTree::new(source));
        let Some(at) = tree.find(store, &note.folder)? else {
            return Ok(Put::NoEntry);
        };
        let dir = tree.node(at).map_or(0, |node| node.id);
        let (name, key) = (Text(&note.name), Text(&note.key));
        let sql = "SELECT kind, size, mtime FROM files WHERE dir_id = ?1 AND name = ?2
                   UNION ALL SELECT 2, bytes, mtime FROM dirs WHERE parent_id = ?1 AND name = ?2";
        let is_met = |row: &Row<'_>| {
            Ok(note
                .expected
                .is_met_by(row.get(0)?, row.get(1)?, row.get(2)?))
        };
        let mut entry = store.db.prepare_cached(sql)?;
        match entry.query_row(params![dir, name], is_met).optional()? {
            None => return Ok(Put::NoEntry),
            Some(false) => return Ok(Put::Changed),
            Some(true) => {}
        }
        if let Some(value) = &note.value {
            let sql = "INSERT OR REPLACE INTO notes VALUES (?1, ?2, ?3, ?4)";
            let mut insert = store.db.prepare_cached(sql)?;
            insert.execute(params![dir, name, key, value])?;
            store.has_notes = true;
        } else {
            let sql = "DELETE FROM notes WHERE dir_id = ?1 AND name = ?2 AND key = ?3";
            let mut delete = store.db.prepare_cached(sql)?;
            delete.execute(params![dir, name, key])?;
        }
        Ok(Put::Done)
    }
}

/// What became of a note.
enum Put {
    Done,
    NoEntry,
    Changed,
}
