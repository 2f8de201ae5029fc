//! What a file of version 4 lacks to tell owners, and which sizes on disk are not exact. No row is
//! rewritten: a source keeps owners once a scan is told to. Which names counted by themselves was not
//! stored: a file on another device than its directory, say, has a row like one with a single name.
//! So of no source is anything said to be exact until a whole scan has read all of it again.

use rusqlite::Transaction;

pub(super) fn add(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "ALTER TABLE sources ADD COLUMN attributes TEXT NOT NULL DEFAULT '';
         ALTER TABLE dirs ADD COLUMN owner INTEGER;
         ALTER TABLE files ADD COLUMN owner INTEGER;
         CREATE TABLE owners (id INTEGER PRIMARY KEY, mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL,
                              UNIQUE (mode, uid, gid));
         CREATE TABLE inexact (dir_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL, chain BLOB NOT NULL);
         CREATE INDEX inexact_chain ON inexact (source_id, chain);
         INSERT INTO inexact SELECT -id, id, x'' FROM sources;",
    )
}
