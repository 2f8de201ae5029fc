//! What a file of version 3 lacks to tell sizes on disk. Columns that are added rewrite no row: sizes
//! are not known until a whole scan has seen everything.

use rusqlite::Transaction;

pub(super) fn add(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "ALTER TABLE sources ADD COLUMN disk_gen INTEGER;
         ALTER TABLE dirs ADD COLUMN device INTEGER;
         ALTER TABLE dirs ADD COLUMN self_disk INTEGER;
         ALTER TABLE dirs ADD COLUMN own_disk INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE dirs ADD COLUMN disk INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE dirs ADD COLUMN linked INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE dirs ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE files ADD COLUMN disk INTEGER;
         ALTER TABLE files ADD COLUMN inode INTEGER;
         ALTER TABLE graveyard ADD COLUMN chain BLOB;
         CREATE INDEX graveyard_chain ON graveyard (source_id, chain);
         CREATE TABLE links (device INTEGER NOT NULL, inode INTEGER NOT NULL, chain BLOB NOT NULL, disk INTEGER NOT NULL,
                             names INTEGER NOT NULL, PRIMARY KEY (device, inode, chain)) WITHOUT ROWID;
         CREATE TABLE inodes (device INTEGER NOT NULL, inode INTEGER NOT NULL, nlink INTEGER NOT NULL, names INTEGER NOT NULL,
                              PRIMARY KEY (device, inode)) WITHOUT ROWID;
         CREATE TABLE devices (source_id INTEGER NOT NULL, place TEXT NOT NULL, identity TEXT NOT NULL, device INTEGER NOT NULL,
                               PRIMARY KEY (source_id, place, identity)) WITHOUT ROWID;",
    )
}
