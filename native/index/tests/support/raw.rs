//! An index that is written to by SQL, with the writer's own lock and connection.

use std::time::Duration;

use aether_index::{Connection, Location, WriterLock, open_writer};
use tempfile::TempDir;

pub struct Raw {
    pub directory: TempDir,
    pub location: Location,
    pub writer: Connection,
    _lock: WriterLock,
}

impl Raw {
    pub fn new() -> Raw {
        let directory = tempfile::tempdir().unwrap();
        let location = Location::resolve(&directory.path().join("index.db")).unwrap();
        let lock = WriterLock::take(&location.sidecar, Duration::ZERO).unwrap();
        let writer = open_writer(&location, &lock, Duration::from_millis(50)).unwrap();
        Raw {
            directory,
            location,
            writer,
            _lock: lock,
        }
    }

    pub fn shell(&self, sql: &str) -> String {
        super::shell(&self.location.database, sql)
    }

    pub fn shell_bytes(&self, sql: &str) -> Vec<u8> {
        super::shell_bytes(&self.location.database, sql)
    }
}
