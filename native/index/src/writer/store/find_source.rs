//! Finding the source of a scan. One directory has one source, by whatever path it is called: two
//! paths are the same only if both lead to it now. A stored identity proves nothing, since a copy
//! of a disk has the same.

use aether_core::MountIdentity;
use aether_core::path::is_plain;
use rusqlite::{Connection, OptionalExtension};

use crate::error::{Error, Operation, Reason};
use crate::identity::StoredIdentity;
use crate::schema::OWNER;
use crate::text::{Bytes, Text};
use crate::writer::options::ScanSpec;
use crate::writer::roots::AtRoot;

/// What is needed of a source's row.
pub(in crate::writer) struct SourceRow {
    pub id: i64,
    pub uuid: String,
    pub root: Vec<u8>,
    pub rules: String,
    pub identity: Option<MountIdentity>,
    pub generation: i64,
    /// Permissions and owners are kept.
    pub owners: bool,
    /// A scan of it has begun. Until then nothing depends on its rules.
    pub is_scanned: bool,
    /// The row is new or was changed.
    pub is_changed: bool,
    /// It got other rules, or keeps owners from now on, or no longer.
    pub is_switched: bool,
}

/// Why a scan cannot begin: it is refused, or the database failed.
pub(in crate::writer) enum Failure {
    Refused(Error),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        Failure::Sqlite(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Refused(error)
    }
}

pub(in crate::writer) fn refuse(spec: &ScanSpec, reason: Reason, detail: &str) -> Error {
    Error::new(reason, Operation::Scan, spec.called()).with(detail)
}

/// The source with the root or id of the spec, and with the root that it should have from now on.
pub(in crate::writer) fn find(
    db: &Connection,
    spec: &ScanSpec,
) -> Result<Option<SourceRow>, Failure> {
    let here = find_here(db, spec)?;
    let named = match &spec.source_id {
        Some(id) => find_by(db, "uuid", id.as_bytes())?,
        None => None,
    };
    let is_here = |source: &SourceRow| here.iter().any(|other| other.id == source.id);
    let source = match named {
        Some(source) if is_here(&source) => Some(source),
        Some(source) if !here.is_empty() => {
            let detail = format!("{} is the id of another root", source.uuid);
            return Err(refuse(spec, Reason::IdTaken, &detail).into());
        }
        Some(source) => return move_here(spec, source).map(Some),
        // An unknown id is that of a new source, if there is none here.
        None if here.is_empty() && spec.source_id.is_none() => return find_moved(db, spec),
        None => here.into_iter().next(),
    };
    let Some(mut source) = source else {
        return Ok(None);
    };
    // Earlier versions stored a root relative to their working directory.
    if !is_normal(&source.root) && find_by(db, "root", &spec.root)?.is_none() {
        source.root.clone_from(&spec.root);
    }
    Ok(Some(source))
}

/// Sources whose root lies there now: by its path, by the path that the caller used, and by other
/// paths that lead there.
fn find_here(db: &Connection, spec: &ScanSpec) -> rusqlite::Result<Vec<SourceRow>> {
    let others = spec.others.iter();
    let others = others.filter(|(_, found)| *found == AtRoot::Same);
    let others = others.map(|(root, _)| root.as_slice());
    let paths = [spec.root.as_slice(), spec.called()].into_iter();
    let mut found: Vec<SourceRow> = Vec::new();
    for path in paths.chain(others) {
        let source = find_by(db, "root", path)?;
        found.extend(source.filter(|source| found.iter().all(|other| other.id != source.id)));
    }
    Ok(found)
}

/// A source whose root no longer exists, and whose directory lies at this path now.
fn find_moved(db: &Connection, spec: &ScanSpec) -> Result<Option<SourceRow>, Failure> {
    for (root, found) in &spec.others {
        if *found == AtRoot::Nothing
            && let Some(source) = find_by(db, "root", root)?
            && is_it(spec, &source)
        {
            return move_here(spec, source).map(Some);
        }
    }
    Ok(None)
}

/// Moves a source to this root, if the caller accepts that.
fn move_here(spec: &ScanSpec, source: SourceRow) -> Result<SourceRow, Failure> {
    if spec.accept_root {
        let root = spec.root.clone();
        return Ok(SourceRow { root, ..source });
    }
    let is_gone =
        |(root, found): &(Vec<u8>, AtRoot)| *root == source.root && *found == AtRoot::Nothing;
    let (old, new) = (source.root.escape_ascii(), spec.root.escape_ascii());
    if spec.others.iter().any(is_gone) && is_it(spec, &source) {
        let detail = format!("it was {old}, where nothing is now, and is {new}");
        return Err(refuse(spec, Reason::RootMoved, &detail).into());
    }
    let detail = format!(
        "{} is the id of {old}; accept_root moves it here",
        source.uuid
    );
    Err(refuse(spec, Reason::RootChanged, &detail).into())
}

/// Whether the directory to be scanned may be that of the source.
fn is_it(spec: &ScanSpec, source: &SourceRow) -> bool {
    let found = source.identity.zip(spec.root_identity);
    found.is_some_and(|(stored, found)| stored.is_same(&found))
}

/// Whether a path is absolute and every component is a name.
fn is_normal(path: &[u8]) -> bool {
    path.strip_prefix(b"/").is_some_and(is_plain)
}

fn find_by(db: &Connection, column: &str, value: &[u8]) -> rusqlite::Result<Option<SourceRow>> {
    let sql = format!(
        "SELECT id, uuid, root, rules, identity, generation, last_scan_status IS NOT NULL, attributes FROM sources WHERE {column} = ?1"
    );
    let read = |row: &rusqlite::Row<'_>| {
        Ok(SourceRow {
            id: row.get(0)?,
            uuid: row.get(1)?,
            root: row.get::<_, Bytes>(2)?.0,
            rules: row.get(3)?,
            identity: row.get::<_, StoredIdentity>(4)?.0,
            generation: row.get(5)?,
            is_scanned: row.get(6)?,
            owners: row.get::<_, Bytes>(7)?.0 == OWNER.as_bytes(),
            is_changed: false,
            is_switched: false,
        })
    };
    let mut statement = db.prepare_cached(&sql)?;
    statement.query_row([Text(value)], read).optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_stored_absolute_and_plain() {
        for (path, expected) in [
            ("/", true),
            ("/a", true),
            ("/a/b.c", true),
            ("a", false),
            ("", false),
            ("/a/", false),
            ("//a", false),
            ("/a/./b", false),
            ("/a/../b", false),
        ] {
            assert_eq!(is_normal(path.as_bytes()), expected, "{path}");
        }
    }
}
