//! Recording the beginning of a scan: the source's row with its rules and identity, and the row in
//! `scans`.

use rusqlite::{Connection, params};

use crate::columns::{DirEntry, DirRow};
use crate::error::Reason;
use crate::identity::StoredIdentity;
use crate::rules::Rules;
use crate::schema::OWNER;
use crate::text::Text;
use crate::values::scan_status;
use crate::writer::options::ScanSpec;
use crate::writer::roots::KnownRoots;
use crate::writer::store::Store;
use crate::writer::store::dir_rows::NewDir;
use crate::writer::store::find_source::{Failure, SourceRow, find, refuse};

/// A source and a scan of it that has just begun.
#[derive(Clone, Debug)]
pub(in crate::writer) struct Begun {
    pub source: i64,
    pub uuid: String,
    pub scan: i64,
    pub generation: i64,
    pub rules: Rules,
    /// Permissions and owners are kept.
    pub owners: bool,
    pub is_whole: bool,
    /// The source, or its root or identity, is new.
    pub is_changed: bool,
    /// The source has other rules than before, or keeps owners from now on, or no longer.
    pub is_switched: bool,
    /// No scan of the source has begun before.
    pub is_first: bool,
}

/// Milliseconds since the epoch.
pub(in crate::writer) fn now() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Finds or creates the source and records that a scan began, within the caller's transaction.
pub(in crate::writer) fn begin(
    store: &mut Store,
    spec: &ScanSpec,
    roots: &KnownRoots,
) -> Result<Begun, Failure> {
    let source = match find(&store.db, spec)? {
        Some(source) => {
            // Even if it is refused: then its rules can be looked up by this path.
            roots.call(spec.called(), source.id);
            adapt(&store.db, spec, source)?
        }
        None => create(store, spec)?,
    };
    let rules = Rules::parse(&source.rules)
        .ok_or_else(|| refuse(spec, Reason::Corrupt, "rules that cannot be read"))?;
    let is_whole = spec.folder.is_empty() && spec.depth.is_none();
    let generation = source.generation + i64::from(is_whole);
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
        is_whole,
        source.rules,
        scan_status::RUNNING,
        now(),
    ];
    let scan = store.db.prepare_cached(sql)?.insert(values)?;
    let SourceRow {
        id,
        uuid,
        owners,
        is_changed,
        is_switched,
        is_scanned,
        ..
    } = source;
    Ok(Begun {
        owners,
        is_changed,
        is_switched,
        is_first: !is_scanned,
        source: id,
        uuid,
        scan,
        generation,
        rules,
        is_whole,
    })
}

/// Creates a source, or gives the one with this root the id.
pub(in crate::writer) fn add(store: &mut Store, spec: &ScanSpec) -> Result<(), Failure> {
    match find(&store.db, spec)? {
        Some(source) => adapt(&store.db, spec, source)?,
        None => create(store, spec)?,
    };
    Ok(())
}

/// Checks the scan against the rules and identity of its source.
fn adapt(db: &Connection, spec: &ScanSpec, mut source: SourceRow) -> Result<SourceRow, Failure> {
    if let Some(rules) = &spec.rules {
        let text = rules.to_text();
        let same = Rules::parse(&source.rules).as_ref() == Some(rules);
        if !same && !spec.replace_rules && source.is_scanned {
            let detail = format!(
                "the source has \"{}\", the scan \"{text}\"; rules: :replace takes the new ones",
                source.rules
            );
            return Err(refuse(spec, Reason::RulesChanged, &detail).into());
        }
        source.is_switched = !same;
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
    let owners = spec.owners.unwrap_or(source.owners);
    source.is_switched |= owners != source.owners;
    source.owners = owners;
    // Write only what differs: this row would be in every scan's log.
    let sql = "UPDATE sources SET uuid = ?2, root = ?3, rules = ?4, identity = ?5, attributes = ?6
                WHERE id = ?1 AND (uuid, root, rules, identity, attributes) IS NOT (?2, ?3, ?4, ?5, ?6)";
    let (root, attributes) = (Text(&source.root), attributes(source.owners));
    let values = params![source.id, uuid, root, source.rules, identity, attributes];
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
    let sql = "INSERT INTO sources (uuid, root, root_dir, rules, identity, created_at, attributes)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let identity = StoredIdentity(spec.root_identity);
    let owners = spec.owners == Some(true);
    let (root, attributes) = (Text(&spec.root), attributes(owners));
    let values = params![uuid, root, root_dir, rules, identity, now(), attributes];
    let id = store.db.prepare_cached(sql)?.insert(values)?;
    store.dirs.push(&NewDir {
        id: root_dir,
        source: id,
        parent: None,
        name: b"",
        row: DirRow {
            unknown_below: 1,
            ..DirRow::unread(DirEntry::default())
        },
    });
    store.dirs.push_path(id, b"", root_dir);
    store.flush_dirs()?;
    Ok(SourceRow {
        id,
        uuid,
        root: spec.root.clone(),
        rules,
        identity: None,
        generation: 0,
        owners,
        is_scanned: false,
        is_changed: true,
        is_switched: false,
    })
}

/// What is kept beside the rest, as `sources.attributes` has it.
fn attributes(owners: bool) -> &'static str {
    if owners { OWNER } else { "" }
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

/// Whether a source is there, and not forgotten.
pub(in crate::writer) fn is_known(db: &Connection, source: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM sources WHERE id = ?1")?
        .exists([source])
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
