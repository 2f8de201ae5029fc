//! Checks that the files that a writer has open are still those at its path, and that nobody else has
//! written to them. This is done at the beginning and at the end of each transaction, and before each
//! checkpoint: nothing is written to a file that was moved away, and no scan that went into one is
//! called complete.

use std::fs::File;
use std::io;

use rusqlite::{Connection, ffi};

use crate::location::Location;
use crate::registry::{Claim, FileId, Stamp};
use crate::token;

#[derive(Debug)]
pub(crate) struct Guard {
    claim: Claim,
    location: Location,
    /// Only checkpoints of this writer alter it.
    stamp: Option<Stamp>,
    /// The token's page, and the tokens of which it must have one. The stamp alone does not show a
    /// write of the same length within one tick of the clock.
    token: (u32, Vec<String>),
    log: Option<FileId>,
    shared_memory: Option<FileId>,
    /// SQLite's counter of other connections' commits.
    version: i64,
}

impl Guard {
    /// A guard for a connection that has just been opened.
    pub fn new(claim: Claim, location: Location, db: &Connection) -> rusqlite::Result<Guard> {
        let mut guard = Guard {
            claim,
            stamp: None,
            token: (0, Vec::new()),
            log: FileId::at(&location.log()),
            shared_memory: FileId::at(&location.shared_memory()),
            location,
            version: 0,
        };
        guard.checkpointed();
        guard.renew(db)?;
        Ok(guard)
    }

    /// Whether the file at the path was found to be another one.
    pub fn is_moved(&self) -> bool {
        self.claim.is_moved()
    }

    /// Fails unless all files are those that were opened.
    pub fn check(&mut self) -> rusqlite::Result<()> {
        self.check_place()?;
        self.check_stamp()?;
        let log = FileId::at(&self.location.log());
        let shared_memory = FileId::at(&self.location.shared_memory());
        // SQLite creates these when it first needs them.
        self.log = self.log.or(log);
        self.shared_memory = self.shared_memory.or(shared_memory);
        match self.log == log && self.shared_memory == shared_memory {
            true => Ok(()),
            false => Err(self.moved("its log or shared memory was removed or replaced")),
        }
    }

    /// Fails if anybody else has committed since the last transaction.
    pub fn check_version(&self, db: &Connection) -> rusqlite::Result<()> {
        match version(db)? == self.version {
            true => Ok(()),
            false => Err(self.moved("another program wrote to it")),
        }
    }

    /// Fails if anybody else has written to the database file. It need not lie at its path any more:
    /// what was committed still belongs in it, or it would be half a checkpoint without its log.
    pub fn check_stamp(&self) -> rusqlite::Result<()> {
        let (page, tokens) = &self.token;
        match self.claim.stamp() == self.stamp && self.has_token(*page, tokens) {
            true => Ok(()),
            false => Err(self.moved("another program wrote to the file or cut it off")),
        }
    }

    /// Where the file's first hole is: truncating the file makes a new one, a checkpoint does not.
    #[cfg(target_os = "linux")]
    pub fn first_gap(&self) -> Option<u64> {
        use rustix::fs::{SeekFrom, seek};
        let find = |file: &File| Ok(seek(file, SeekFrom::Hole(0))?);
        self.claim.with_file(find).ok()
    }

    #[cfg(not(target_os = "linux"))]
    pub fn first_gap(&self) -> Option<u64> {
        None
    }

    /// Called after a checkpoint: fails if there is a hole where there was none before.
    pub fn check_gap(&self, before: Option<u64>) -> rusqlite::Result<()> {
        match self.first_gap() >= before {
            true => Ok(()),
            false => Err(self.moved("another program cut the file off during a checkpoint")),
        }
    }

    /// Called after a checkpoint: fails unless the database file has one of these tokens, if there are
    /// any.
    pub fn check_token(&mut self, page: u32, tokens: Vec<String>) -> rusqlite::Result<()> {
        if !self.has_token(page, &tokens) {
            return Err(self.moved("another program wrote to the file during a checkpoint"));
        }
        self.token = (page, tokens);
        Ok(())
    }

    /// Called before a checkpoint, which may be cut short: from now on the file may have this token.
    pub fn allow_token(&mut self, token: &str) {
        let (_, tokens) = &mut self.token;
        if !tokens.is_empty() && !tokens.iter().any(|other| other == token) {
            tokens.push(token.to_owned());
        }
    }

    fn has_token(&self, page: u32, tokens: &[String]) -> bool {
        let is_there = |file: &File| Ok(token::is_in_page(file, page, tokens));
        tokens.is_empty() || self.claim.with_file(is_there).unwrap_or(false)
    }

    fn check_place(&self) -> rusqlite::Result<()> {
        match self.claim.moved(&self.location.database) {
            None => Ok(()),
            Some(why) => Err(failure(why)),
        }
    }

    /// Syncs the database file.
    pub fn sync(&self) -> rusqlite::Result<()> {
        let synced = self.claim.with_file(File::sync_data);
        synced.map_err(|error| not_synced(&error))
    }

    /// The connection was lent out, and may have made a checkpoint.
    pub fn lent(&mut self) {
        self.checkpointed();
        self.token = (0, Vec::new());
    }

    /// Called after a checkpoint, whether or not it was completed.
    pub fn checkpointed(&mut self) {
        self.stamp = self.claim.stamp();
    }

    /// Called after what may look like another program's commit: an error, or a VACUUM on this
    /// connection.
    pub fn renew(&mut self, db: &Connection) -> rusqlite::Result<()> {
        self.version = version(db)?;
        Ok(())
    }

    fn moved(&self, why: &str) -> rusqlite::Error {
        failure(self.claim.set_moved(why.to_owned()))
    }
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("PRAGMA data_version")?
        .query_row((), |row| row.get(0))
}

pub(crate) fn not_synced(error: &io::Error) -> rusqlite::Error {
    let code = ffi::Error::new(ffi::SQLITE_IOERR_FSYNC);
    rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
}

/// An error as SQLite itself would return it.
fn failure(why: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_READONLY_DBMOVED), Some(why))
}
