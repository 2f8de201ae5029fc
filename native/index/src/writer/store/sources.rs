//! The beginning of a scan, as it is written down: the source's row, its rules and identity, the row in `scans`.

use rusqlite::{Connection, params};

use crate::error::Reason;
use crate::identity::StoredIdentity;
use crate::rules::Rules;
use crate::schema::{listing, scan_status};
use crate::text::Text;
use crate::writer::options::ScanSpec;
use crate::writer::roots::KnownRoots;
use crate::writer::store::Store;
use crate::writer::store::find_source::{Failure, SourceRow, find, refuse};
use crate::writer::tree::node::{NONE, Node};

/// A source and a scan of it that has just begun.
#[derive(Clone, Debug)]
pub(in crate::writer) struct Begun {
    pub source: i64,
    pub uuid: String,
    pub scan: i64,
    pub generation: i64,
    pub rules: Rules,
    pub whole: bool,
    /// The source is new, or its root or identity.
    pub is_changed: bool,
}

/// Milliseconds since the epoch.
pub(in crate::writer) fn now() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Finds or makes the source and writes down that a scan began, all within the caller's transaction.
pub(in crate::writer) fn begin(
    store: &mut Store,
    spec: &ScanSpec,
    roots: &KnownRoots,
) -> Result<Begun, Failure> {
    let source = match find(&store.db, spec)? {
        Some(source) => {
            // Also if it is refused: whoever asks for its rules then finds it.
            roots.call(spec.called(), source.id);
            adapt(&store.db, spec, source)?
        }
        None => create(store, spec)?,
    };
    let rules = Rules::parse(&source.rules)
        .ok_or_else(|| refuse(spec, Reason::Corrupt, "rules that cannot be read"))?;
    let whole = spec.folder.is_empty() && spec.depth.is_none();
    let generation = source.generation + i64::from(whole);
    let sql = "UPDATE sources SET generation = ?2, last_scan_status = ?3 WHERE id = ?1";
    store
        .db
        .prepare_cached(sql)?
        .execute(params![source.id, generation, scan_status::RUNNING])?;
    let sql = "INSERT INTO scans (source_id, gen, folder, depth, whole, rules, status, started_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let values = params![
        source.id,
        generation,
        Text(&spec.folder),
        spec.depth,
        whole,
        source.rules,
        scan_status::RUNNING,
        now(),
    ];
    let scan = store.db.prepare_cached(sql)?.insert(values)?;
    let SourceRow {
        id,
        uuid,
        is_changed,
        ..
    } = source;
    Ok(Begun {
        is_changed,
        source: id,
        uuid,
        scan,
        generation,
        rules,
        whole,
    })
}

/// Makes a source, or gives the one with this root its id.
pub(in crate::writer) fn add(store: &mut Store, spec: &ScanSpec) -> Result<(), Failure> {
    match find(&store.db, spec)? {
        Some(source) => adapt(&store.db, spec, source)?,
        None => create(store, spec)?,
    };
    Ok(())
}

/// Holds the scan against what the source was made with.
fn adapt(db: &Connection, spec: &ScanSpec, mut source: SourceRow) -> Result<SourceRow, Failure> {
    if let Some(rules) = &spec.rules {
        let text = rules.to_text();
        let same = Rules::parse(&source.rules).as_ref() == Some(rules);
        if !same && !spec.replace_rules && source.scanned {
            let detail = format!(
                "the source has \"{}\", the scan \"{text}\"; rules: :replace takes the new ones",
                source.rules
            );
            return Err(refuse(spec, Reason::RulesChanged, &detail).into());
        }
        source.rules = text;
    }
    let same = match (source.identity, spec.root_identity) {
        (Some(stored), Some(found)) => stored.is_same(&found),
        _ => true,
    };
    if !same && !spec.accept_root {
        let detail = "another directory or file system lies there; accept_root: true takes it";
        return Err(refuse(spec, Reason::RootChanged, detail).into());
    }
    let identity = StoredIdentity(spec.root_identity.or(source.identity));
    let uuid = spec
        .source_id
        .clone()
        .unwrap_or_else(|| source.uuid.clone());
    // Only what differs is written: this row is in every scan's log.
    let sql = "UPDATE sources SET uuid = ?2, root = ?3, rules = ?4, identity = ?5 WHERE id = ?1
               AND (uuid, root, rules, identity) IS NOT (?2, ?3, ?4, ?5)";
    let values = params![source.id, uuid, Text(&source.root), source.rules, identity];
    source.is_changed = db.execute(sql, values)? > 0;
    source.uuid = uuid;
    Ok(source)
}

fn create(store: &mut Store, spec: &ScanSpec) -> Result<SourceRow, Failure> {
    let rules = spec.rules.clone().unwrap_or_default().to_text();
    let uuid = match &spec.source_id {
        Some(uuid) => uuid.clone(),
        None => random_uuid(&store.db)?,
    };
    let root_dir = store.new_dir();
    let sql = "INSERT INTO sources (uuid, root, root_dir, rules, identity, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let identity = StoredIdentity(spec.root_identity);
    let values = params![uuid, Text(&spec.root), root_dir, rules, identity, now()];
    let id = store.db.prepare_cached(sql)?.insert(values)?;
    let mut root = Node::new(b"", NONE, None);
    root.id = root_dir;
    root.unknown_below = 1;
    root.status = listing::UNREAD;
    store.dirs.push(id, None, &root);
    store.dirs.push_path(id, b"", root_dir);
    store.flush_dirs()?;
    Ok(SourceRow {
        id,
        uuid,
        root: spec.root.clone(),
        rules,
        identity: None,
        generation: 0,
        scanned: false,
        is_changed: true,
    })
}

fn random_uuid(db: &Connection) -> rusqlite::Result<String> {
    // Version 4, variant 1, as RFC 9562 lays it out.
    let sql = "SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-' ||
                      substr('89ab', 1 + abs(random()) % 4, 1) || substr(h, 18, 3) || '-' || substr(h, 21, 12))
                 FROM (SELECT hex(randomblob(16)) AS h)";
    db.query_row(sql, (), |row| row.get(0))
}

/// The generation of a source.
pub(in crate::writer) fn generation(db: &Connection, source: i64) -> rusqlite::Result<i64> {
    let sql = "SELECT generation FROM sources WHERE id = ?1";
    db.query_row(sql, [source], |row| row.get(0))
}

/// The id that callers use.
pub(in crate::writer) fn uuid(db: &Connection, source: i64) -> rusqlite::Result<String> {
    let sql = "SELECT uuid FROM sources WHERE id = ?1";
    db.query_row(sql, [source], |row| row.get(0))
}

/// The generation of every source.
pub(in crate::writer) fn generations(
    db: &Connection,
) -> rusqlite::Result<crate::record::Generations> {
    let mut statement = db.prepare("SELECT uuid, generation FROM sources")?;
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
