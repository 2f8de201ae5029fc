//! Whose an entry is, and who may do what with it.

/// Permissions, user and group. Few differ in a tree: each is stored once, in the table `owners`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// All 16 bits of st_mode.
    pub mode: u16,
    /// st_uid.
    pub uid: u32,
    /// st_gid.
    pub gid: u32,
}

impl Owner {
    /// From the columns `mode`, `uid` and `gid`.
    pub(crate) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Owner> {
        Ok(Owner {
            mode: row.get(0)?,
            uid: row.get(1)?,
            gid: row.get(2)?,
        })
    }
}

impl From<&aether_core::slab::Metadata> for Owner {
    fn from(known: &aether_core::slab::Metadata) -> Owner {
        Owner {
            mode: known.mode,
            uid: known.uid,
            gid: known.gid,
        }
    }
}
