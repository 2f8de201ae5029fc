//! The identity of a root or a mount point as a column holds it: `inode:birth:file_system`, with
//! `-` for a part that is not known.

use std::fmt;

use aether_core::MountIdentity;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::text::bytes;

/// The value of such a column. A text that cannot be read counts as NULL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoredIdentity(pub Option<MountIdentity>);

impl FromSql for StoredIdentity {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<StoredIdentity> {
        match value {
            ValueRef::Null => Ok(StoredIdentity(None)),
            value => Ok(StoredIdentity(parse(bytes(value)?))),
        }
    }
}

impl ToSql for StoredIdentity {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = self.0.map(|identity| IdentityText(identity).to_string());
        Ok(ToSqlOutput::Owned(text.into()))
    }
}

/// Reads what `IdentityText` shows.
fn parse(text: &[u8]) -> Option<MountIdentity> {
    let mut parts = std::str::from_utf8(text).ok()?.split(':');
    let inode = parts.next()?.parse().ok()?;
    let birth = match parts.next()? {
        "-" => None,
        birth => Some(birth.parse().ok()?),
    };
    let file_system = match parts.next()? {
        "-" => None,
        file_system => Some(u64::from_str_radix(file_system, 16).ok()?),
    };
    let identity = MountIdentity {
        inode,
        birth,
        file_system,
    };
    parts.next().is_none().then_some(identity)
}

struct IdentityText(MountIdentity);

impl fmt::Display for IdentityText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.0.inode)?;
        match self.0.birth {
            Some(birth) => write!(f, "{birth}:")?,
            None => write!(f, "-:")?,
        }
        match self.0.file_system {
            Some(file_system) => write!(f, "{file_system:x}"),
            None => write!(f, "-"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_column_gives_back_what_was_written() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let stored = |value: &dyn ToSql| -> StoredIdentity {
            let row = db.query_row("SELECT ?1", [value], |row| row.get(0));
            row.unwrap()
        };
        for (birth, file_system) in [(None, None), (Some(-1), Some(0xff)), (Some(7), None)] {
            let identity = StoredIdentity(Some(MountIdentity {
                inode: 2,
                birth,
                file_system,
            }));
            assert_eq!(stored(&identity), identity);
        }
        for text in ["", "2", "2:-", "2:-:x", "2:-:-:-"] {
            assert_eq!(stored(&text), StoredIdentity(None), "{text}");
        }
        assert_eq!(stored(&StoredIdentity(None)), StoredIdentity(None));
    }
}
