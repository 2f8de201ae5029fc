-- The tables of an index. What each column means is said here and nowhere else.
--
-- Conventions
--   names, paths    storage class TEXT holding raw bytes, BINARY collation; never BLOB. Bind bytes as TEXT (`text.rs`), read them
--                   as ValueRef::Text, never as String: they need not be UTF-8. `/` separates, none leads, none ends, but in `paths`.
--   mtime           nanoseconds since the epoch, may be negative, saturated; NULL where it was never known.
--   *_at            milliseconds since the epoch, UTC, by this machine's clock: for people. Order is by `gen` and `id`.
--   status of a listing (dirs.status)
--                   0 unread: never listed, or never to its end      1 complete
--                   2 not entered, other file system                 3 not entered, one of its own ancestors (both: nothing is
--                   stored beneath)
--                   4 vanished (kept for a root alone)               5 read to its end while it kept changing
--                   6 unmounted: what lies here now is another file system than what is stored, or is not entered any more
--                   256 + errno: could not be opened, or not be read to its end
--                   2 and 3 are known; 0, 4, 5, 6 and errno are unknown, and count in unknown_below.
--   status of a scan (scans.status, sources.last_scan_status)
--                   0 running   1 complete   2 partial   3 cancelled   4 failed   5 crashed (found running by the next writer;
--                   a reader that finds 0 while nobody holds the lock on `<db>-writer` says crashed too)
--   disk, *_disk    512-byte blocks, as st_blocks.
--   kind            0 unknown   1 regular file   3 symbolic link   4 other. Directories (2) are rows of dirs, never of files.

-- One row for each root that was ever scanned. AUTOINCREMENT: rows of a forgotten source wait under its id to be deleted.
CREATE TABLE sources (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid             TEXT NOT NULL UNIQUE,              -- the id that callers use; set by them or made here
  root             TEXT NOT NULL UNIQUE,              -- the root's path as first given by the caller, raw bytes
  root_dir         INTEGER NOT NULL,                  -- dirs.id of the root
  rules            TEXT NOT NULL,                     -- canonical text of hidden, ignore, exclude, same_file_system
  identity         TEXT,                              -- of the root's directory: "inode:birth ns or -:f_fsid in hex or -"
  generation       INTEGER NOT NULL DEFAULT 0,        -- whole-source scans begun so far; 0 before the first
  last_scan_at     INTEGER,                           -- when the last scan ended, however; NULL before
  last_scan_status INTEGER,                           -- of the scan that began or ended last; 0 while one runs
  last_scan_files  INTEGER,                           -- not-directories that the last whole-source scan counted that ran to its end
  last_complete_at INTEGER,                           -- when a whole-source scan last ran to its end (complete or partial)
  created_at       INTEGER NOT NULL,
  history_from     INTEGER NOT NULL DEFAULT 1,        -- from this generation's end on the history has every change; nothing tells
                                                      -- of what was changed before, or forgotten, or written with history: 0
  names_gen        INTEGER NOT NULL DEFAULT 0,        -- the last generation of which changed_files has names
  names            INTEGER NOT NULL DEFAULT 0,        -- how many bytes of them; not many more than 16 MiB
  disk_gen         INTEGER,                           -- the first generation whose whole-source scan ran to its end, with no
                                                      -- file left that has a size and no size on disk, as those have that
                                                      -- an older version stored; NULL before: then no size on disk is told
  attributes       TEXT NOT NULL DEFAULT ''           -- what is kept beside the rest, as the last scan was told: 'owner' or ''
);

-- Every directory, empty and unread ones too. An id grows with the time of the first listing, and changes once at most: a row
-- that was never listed takes a new id when its first listing comes (nothing but its `paths` row points to it until then).
CREATE TABLE dirs (
  id            INTEGER PRIMARY KEY,                  -- never used again after its row is gone: the greatest of those that were
                                                      -- deleted is in sqlite_sequence, as 'dirs'
  source_id     INTEGER NOT NULL,
  parent_id     INTEGER,                              -- NULL for a root (sources.root_dir) and for what is in the graveyard
  name          TEXT NOT NULL,                        -- '' for a root
  mtime         INTEGER,                              -- from its entry in the parent's listing; NULL for a root, and for the
                                                      -- directory that holds this very file
  status        INTEGER NOT NULL,
  own_files     INTEGER NOT NULL,                     -- rows in files under this id
  own_bytes     INTEGER NOT NULL,                     -- sum of size over those of kind 1, saturated
  file_count    INTEGER NOT NULL,                     -- own_files + file_count of all child directories
  bytes         INTEGER NOT NULL,                     -- own_bytes + bytes of all child directories, saturated at 2^63-1
  unknown_below INTEGER NOT NULL,                     -- directories of the subtree, this one included, whose status is unknown:
                                                      -- 0 means exhaustive, otherwise the totals read "at least"
  listed_gen    INTEGER NOT NULL,                     -- generation of a listing that closed here, written only where the row
                                                      -- changes anyway: at least this new. When it was last seen is told by scans. -1:
                                                      -- forgotten, and not listed since: what is found then is no change. Also of an
                                                      -- unread directory, if `changes` has a row of it: it keeps its id then
  changed_gen   INTEGER NOT NULL,                     -- generation in which its entries or its totals last changed
  mount         TEXT,                                 -- identity, as sources.identity, if it was a mount point when listed
  device        INTEGER,                              -- devices.device of what lies in it. Set where it has names in links, which are
                                                      -- there by this number; for a root; and where it is another than that of the
                                                      -- nearest directory above that has one. Otherwise NULL, or the same
  self_disk     INTEGER,                              -- its own blocks, from its entry in the parent's listing; NULL unknown
  own_disk      INTEGER NOT NULL DEFAULT 0,           -- sum of disk over its files without inode, saturated
  disk          INTEGER NOT NULL DEFAULT 0,           -- self_disk + own_disk + what names in links add here + disk of all child
                                                      -- directories, saturated: each inode counts once, as du counts
  linked        INTEGER NOT NULL DEFAULT 0,           -- the part of disk that comes from links: for each inode with a row at or beneath
                                                      -- it, links.disk of the first. Those of removed directories count until their
                                                      -- rows are deleted
  whole         INTEGER NOT NULL DEFAULT 0,           -- the part of linked of inodes of which all names lie beneath
  owner         INTEGER                               -- owners.id, from its entry in the parent's listing; NULL where the last scan
                                                      -- that saw it kept none, and unknown
);
-- Children by name: keyset pages, and the way down to any directory. What is reached from a root through this index is never in
-- the graveyard.
CREATE UNIQUE INDEX dirs_child ON dirs (parent_id, name);
CREATE INDEX dirs_mount ON dirs (source_id) WHERE mount IS NOT NULL;

-- Directories by path, kept apart so that a path is stored once. For the views, and for a quick way in: a row counts only if no
-- ancestor of dir_id, itself included, is in the graveyard. Several rows of one path wait side by side until they are purged.
-- Directories whose path is longer than 4,096 bytes have no row: they are reached by name from their parent. Neither need those
-- known only from their parent's listing, unread and with nothing beneath them: no view has anything to show of them.
CREATE TABLE paths (
  source_id INTEGER NOT NULL,
  path      TEXT NOT NULL,                            -- the prefix form: '' for the root, otherwise ending in '/'
  dir_id    INTEGER NOT NULL,
  PRIMARY KEY (source_id, path, dir_id)
) WITHOUT ROWID;

-- Everything that is not a directory.
CREATE TABLE files (
  dir_id INTEGER NOT NULL,
  name   TEXT NOT NULL,
  kind   INTEGER NOT NULL,
  size   INTEGER,                                     -- st_size; NULL with mtime where stat failed and nothing was known before
  mtime  INTEGER,
  disk   INTEGER,                                     -- st_blocks; NULL unknown
  inode  INTEGER,                                     -- st_ino of a name in links; NULL for what counts by itself: with one name alone,
                                                      -- on another device than its directory, or more than 800 levels deep
  owner  INTEGER,                                     -- owners.id; NULL where the last scan that saw it kept none, and unknown
  PRIMARY KEY (dir_id, name)
) WITHOUT ROWID;

-- Permissions and owners, each combination once. Rows stay, also when nothing has them any more.
CREATE TABLE owners (
  id   INTEGER PRIMARY KEY,
  mode INTEGER NOT NULL,                              -- st_mode, all 16 bits
  uid  INTEGER NOT NULL,
  gid  INTEGER NOT NULL,
  UNIQUE (mode, uid, gid)
);

-- Names of inodes that have several, a row for each inode and directory. They are neighbours in the order of the key, and so are
-- those beneath any folder: the first of them counts there, the others are taken off where they meet (`writer/links.rs`).
CREATE TABLE links (
  device INTEGER NOT NULL,
  inode  INTEGER NOT NULL,
  chain  BLOB NOT NULL,                               -- ids of the directories from below the root down to this one, LEB128
  disk   INTEGER NOT NULL,                            -- st_blocks as last seen in this directory
  names  INTEGER NOT NULL,                            -- in this directory
  PRIMARY KEY (device, inode, chain)
) WITHOUT ROWID;

-- Inodes that have rows in links.
CREATE TABLE inodes (
  device INTEGER NOT NULL,
  inode  INTEGER NOT NULL,
  nlink  INTEGER NOT NULL,                            -- st_nlink as last seen, by whatever name
  names  INTEGER NOT NULL,                            -- sum of links.names
  PRIMARY KEY (device, inode)
) WITHOUT ROWID;

-- Directories with names of inodes that have several, and that count by themselves all the same: too deep, or on a device of which
-- nothing says where it begins, or on another one than the directory. disk of all folders above may be more than du says.
CREATE TABLE inexact (
  dir_id    INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL,
  chain     BLOB NOT NULL                             -- as links.chain, but no more than 800 ids. A row with -source_id and ''
                                                      -- stands for all directories of a source: a file of version 4 did not tell
                                                      -- which had such names. It goes when a whole scan has read all of it
);
CREATE INDEX inexact_chain ON inexact (source_id, chain);

-- Numbers of devices, which stay what they are when st_dev changes, as it does at reboots. No two sources share one. A place where
-- a device begins (a root, a mount point, a subvolume) keeps its number as long as its identity is the same.
CREATE TABLE devices (
  source_id INTEGER NOT NULL,
  place     TEXT NOT NULL,                            -- path of the directory, '' for the root
  identity  TEXT NOT NULL,                            -- "f_fsid in hex" or, where the file system has none, "inode:birth ns or -";
                                                      -- "former:device" in a row that only keeps a number that no other row has
  device    INTEGER NOT NULL,
  PRIMARY KEY (source_id, place, identity)
) WITHOUT ROWID;

-- Scans. A row goes only when a newer end covers its folder and depth, and the last generations of the history stay.
CREATE TABLE scans (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id   INTEGER NOT NULL,
  gen         INTEGER NOT NULL,                       -- the generation it writes under; an expansion shares the current one
  folder      TEXT NOT NULL,                          -- where it started, '' for the root
  depth       INTEGER,                                -- levels listed from there; NULL for all
  whole       INTEGER NOT NULL,                       -- 1: folder '' and all levels, began a generation; 0: an expansion
  rules       TEXT NOT NULL,
  status      INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,                                -- NULL while it runs, and for a crashed one
  files       INTEGER,                                -- what the walker counted, NULL until the end: all that is not a directory
  directories INTEGER,
  bytes       INTEGER,
  unreadable  INTEGER                                 -- directories and entries that gave errors
);
CREATE INDEX scans_source ON scans (source_id, gen);
-- The scans that say something of a folder are those of it and of the folders above it: each is looked up.
CREATE INDEX scans_folder ON scans (source_id, folder);

-- What changed, one row for each directory whose own entries changed in a generation: from the end of its whole-source scan before
-- to its own end, so that what an expansion sees first is told with the whole scan that comes after it. The rows at or beneath a
-- folder add up to the difference of its totals. Not written for a source's first generation, nor for what is forgotten and found
-- again: history_from says so.
-- A removed directory has a row at once for all that was in it. When the rows beneath it are deleted, each directory gets a row for
-- what it had itself, which is in the first one too: `top` is not dir_id there.
CREATE TABLE changes (
  source_id    INTEGER NOT NULL,
  gen          INTEGER NOT NULL,
  dir_id       INTEGER NOT NULL,
  d_file_count INTEGER NOT NULL,                      -- change of own_files; of a removed directory also minus its file_count, and
                                                      -- what had changed beneath it before; and likewise all that follow
  d_bytes      INTEGER NOT NULL,                      -- change of own_bytes; of a removed directory also minus its bytes
  added        INTEGER NOT NULL,                      -- entries that appeared in it, directories too
  removed      INTEGER NOT NULL,                      -- entries that vanished from it
  changed      INTEGER NOT NULL,                      -- files with another kind, size or mtime
  path         TEXT,                                  -- NULL unless the directory was removed: its path then, without a slash
  top          INTEGER,                               -- the directory with which it was removed; NULL for one of which no other
                                                      -- row tells, and where path is NULL
  names        INTEGER,                               -- bytes of the names of files that changed: up to 65,536 all of them are in
                                                      -- changed_files, beyond that some; NULL where that has too many already
  PRIMARY KEY (source_id, gen, dir_id)
) WITHOUT ROWID;
-- Removed directories by path, component by component: a slash sorts before every other byte.
CREATE INDEX changes_paths ON changes (source_id, replace(path, '/', char(0))) WHERE path IS NOT NULL;
CREATE INDEX changes_tops ON changes (source_id, gen) WHERE path IS NOT NULL AND (top IS NULL OR top = dir_id);
-- The largest first. Changes that another directory's row has are not here.
CREATE INDEX changes_size ON changes (source_id, gen, -abs(d_bytes), -abs(d_file_count), -(added + removed + changed), dir_id)
 WHERE top IS NULL OR top = dir_id;

-- The single files that changed in a directory, from the end of one whole-source scan to the end of the next. None of those that
-- went with a removed directory.
CREATE TABLE changed_files (
  source_id INTEGER NOT NULL,
  gen       INTEGER NOT NULL,
  dir_id    INTEGER NOT NULL,
  name      TEXT NOT NULL,
  was       INTEGER NOT NULL,                         -- 1 if there was a file of that name before
  kind      INTEGER,                                  -- of what is there now; NULL if nothing is
  d_bytes   INTEGER NOT NULL,                         -- change of what it adds to its directory's own_bytes
  PRIMARY KEY (source_id, gen, dir_id, name)
) WITHOUT ROWID;

-- Facts that an app derived from an entry (a file or a directory, named in its parent), cleared in the very batch that changes
-- the entry's size or mtime, or removes it.
CREATE TABLE notes (
  dir_id INTEGER NOT NULL,
  name   TEXT NOT NULL,
  key    TEXT NOT NULL,
  value  BLOB NOT NULL,
  PRIMARY KEY (dir_id, name, key)
) WITHOUT ROWID;

-- Removed subtrees: the top directory only. Rows beneath it are deleted in pieces, later.
CREATE TABLE graveyard (
  dir_id    INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL,                         -- may be gone from sources: then the source was forgotten
  path      TEXT NOT NULL,                            -- the path it had, without a slash at its end
  chain     BLOB                                      -- as links.chain; NULL for the root of a forgotten source
);
-- Whether names in links may lie beneath an id that is to be changed.
CREATE INDEX graveyard_chain ON graveyard (source_id, chain);

-- Directories that were not entered for a while: scans from the one that found it so up to the one that entered the directory again
-- have seen none of the entries in it and beneath.
CREATE TABLE missed (
  dir_id   INTEGER NOT NULL,
  since    INTEGER NOT NULL,                          -- scans.id; 0 where it is not known
  regained INTEGER,                                   -- scans.id; NULL as long as it is not entered
  PRIMARY KEY (dir_id, since)
) WITHOUT ROWID;
CREATE INDEX missed_regained ON missed (regained) WHERE regained IS NOT NULL;

-- Counts from the predecessor's cache, shown only for folders not listed yet, deleted in pieces after a source's first complete
-- whole-source scan. Never mixed with dirs or files.
CREATE TABLE imported (
  source_id  INTEGER NOT NULL,
  prefix     TEXT NOT NULL,                           -- '' or ending in '/'
  name       TEXT NOT NULL,
  is_folder  INTEGER NOT NULL,
  file_count INTEGER NOT NULL,
  PRIMARY KEY (source_id, prefix, name, is_folder)
) WITHOUT ROWID;

-- Directories by when rows of files in them, or their id, status or mount, last changed: what a reader that follows the index has to
-- look at. Written only while the index is opened to be followed (state.follows). An unchanged rescan writes nothing.
CREATE TABLE touched (
  dir_id INTEGER PRIMARY KEY,                         -- may be gone from dirs: then the directory is gone
  seq    INTEGER NOT NULL                             -- grows with each change, never given twice; ask for seq > cursor
);
CREATE UNIQUE INDEX touched_seq ON touched (seq);

-- What holds of the whole file, in one row.
CREATE TABLE state (
  only    INTEGER PRIMARY KEY CHECK (only = 1),
  token   TEXT NOT NULL,                              -- drawn each time the log starts over, '' before the first; `<db>-writer` has the
                                                      -- same, unless the file was put here without its log
  follows INTEGER NOT NULL,                           -- 1: touched is kept
  floor   INTEGER NOT NULL                            -- a cursor below it has missed something: read everything again
);
INSERT INTO state VALUES (1, '', 0, 0);
