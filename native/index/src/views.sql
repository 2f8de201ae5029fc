-- Views of the tables in schema.sql. A migration makes them again, whatever they were.

-- The predecessor's columns for any sqlite3 shell. Bind source_id and prefix: everything else is reached by key.
CREATE VIEW scout_sources AS
SELECT s.uuid AS id, s.root AS path, s.generation, d.file_count, d.bytes, s.last_scan_status, s.last_scan_at, s.last_complete_at
  FROM sources s JOIN dirs d ON d.id = s.root_dir;

-- The children of a folder, folders with at least one file and files alike.
CREATE VIEW scout_folders AS
SELECT d.id AS id, s.uuid AS source_id, p.path AS prefix, d.name AS name, d.file_count AS file_count, 1 AS is_folder,
       (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(c.ended_at, c.started_at) / 1000.0, 'unixepoch')
          FROM scans c WHERE c.source_id = s.id AND c.gen = d.changed_gen ORDER BY c.id DESC LIMIT 1) AS updated_at,
       iif(s.disk_gen IS NULL, NULL, d.disk * 512) AS disk
  FROM sources s CROSS JOIN paths p ON p.source_id = s.id CROSS JOIN dirs d ON d.parent_id = p.dir_id
 WHERE d.file_count > 0
   AND NOT EXISTS (WITH RECURSIVE up(id) AS (SELECT p.dir_id UNION ALL
                     SELECT a.parent_id FROM up JOIN dirs a ON a.id = up.id WHERE a.parent_id IS NOT NULL)
                   SELECT 1 FROM up JOIN graveyard g ON g.dir_id = up.id)
UNION ALL
SELECT NULL, s.uuid, p.path, f.name, 1, 0,
       (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(c.ended_at, c.started_at) / 1000.0, 'unixepoch')
          FROM dirs o JOIN scans c ON c.source_id = s.id AND c.gen = o.changed_gen
         WHERE o.id = p.dir_id ORDER BY c.id DESC LIMIT 1),
       iif(s.disk_gen IS NULL, NULL, f.disk * 512)
  FROM sources s CROSS JOIN paths p ON p.source_id = s.id CROSS JOIN files f ON f.dir_id = p.dir_id
 WHERE NOT EXISTS (WITH RECURSIVE up(id) AS (SELECT p.dir_id UNION ALL
                     SELECT a.parent_id FROM up JOIN dirs a ON a.id = up.id WHERE a.parent_id IS NOT NULL)
                   SELECT 1 FROM up JOIN graveyard g ON g.dir_id = up.id);

-- The files of a folder, with sizes and times. mtime is in whole seconds here, as the predecessor and stat have it: the second that
-- has begun, also before 1970.
CREATE VIEW scout_files AS
SELECT s.uuid AS source_id, p.path AS prefix, f.name AS name, rtrim(s.root, '/') || '/' || p.path || f.name AS path,
       p.path || f.name AS rel_path, f.kind AS kind, f.size AS size,
       f.mtime / 1000000000 - (f.mtime % 1000000000 < 0) AS mtime, f.mtime AS mtime_ns,
       iif(s.disk_gen IS NULL, NULL, f.disk * 512) AS disk
  FROM sources s CROSS JOIN paths p ON p.source_id = s.id CROSS JOIN files f ON f.dir_id = p.dir_id
 WHERE NOT EXISTS (WITH RECURSIVE up(id) AS (SELECT p.dir_id UNION ALL
                     SELECT a.parent_id FROM up JOIN dirs a ON a.id = up.id WHERE a.parent_id IS NOT NULL)
                   SELECT 1 FROM up JOIN graveyard g ON g.dir_id = up.id);
