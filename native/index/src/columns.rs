//! The columns of `files` and `dirs` that describe an entry, apart from its keys: the one list of
//! them, as the writer reads and writes them. Statements for pages name the columns that they need.
//! `schema.sql` says what each of them means.

use rusqlite::{Row, Statement};

use crate::identity::StoredIdentity;
use crate::values::{kind, listing};

/// Declares a row by its columns: the struct, their names in SQL, and how they are read and bound.
macro_rules! columns {
    ($(#[$about:meta])* $name:ident { $first:ident: $first_type:ty, $($column:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct $name {
            pub $first: $first_type,
            $(pub $column: $type,)*
        }

        impl $name {
            /// The columns, for SELECT and INSERT.
            pub const COLUMNS: &str = concat!(stringify!($first), $(", ", stringify!($column)),*);
            /// A parameter for each, for INSERT.
            pub const PARAMETERS: &str = concat!("?", $(columns!(@parameter $column)),*);
            /// The columns set to parameters, for UPDATE.
            pub const ASSIGNMENTS: &str =
                concat!(stringify!($first), " = ?", $(", ", stringify!($column), " = ?"),*);
            /// How many there are.
            pub const COUNT: usize = [stringify!($first), $(stringify!($column)),*].len();

            /// Reads the columns, beginning at `first`.
            #[inline]
            pub fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<$name> {
                let mut columns = first..;
                let mut next = || columns.next().unwrap_or_default();
                Ok($name {
                    $first: row.get(next())?,
                    $($column: row.get(next())?,)*
                })
            }

            /// Binds the columns, the first to the parameter `first`. What is NULL needs no binding:
            /// a statement comes with none.
            #[inline]
            pub fn bind(&self, statement: &mut Statement<'_>, first: usize) -> rusqlite::Result<()> {
                self.$first.bind(statement, first)?;
                let mut _parameter = first;
                $(
                    _parameter += 1;
                    self.$column.bind(statement, _parameter)?;
                )*
                Ok(())
            }
        }
    };
    (@parameter $column:ident) => { ",?" };
}

trait BindColumn {
    fn bind(&self, statement: &mut Statement<'_>, parameter: usize) -> rusqlite::Result<()>;
}

impl BindColumn for i64 {
    #[inline]
    fn bind(&self, statement: &mut Statement<'_>, parameter: usize) -> rusqlite::Result<()> {
        statement.raw_bind_parameter(parameter, *self)
    }
}

impl BindColumn for Option<i64> {
    #[inline]
    fn bind(&self, statement: &mut Statement<'_>, parameter: usize) -> rusqlite::Result<()> {
        match self {
            Some(value) => value.bind(statement, parameter),
            None => Ok(()),
        }
    }
}

impl BindColumn for StoredIdentity {
    fn bind(&self, statement: &mut Statement<'_>, parameter: usize) -> rusqlite::Result<()> {
        match self.0 {
            Some(_) => statement.raw_bind_parameter(parameter, self),
            None => Ok(()),
        }
    }
}

columns! {
    /// A row of `files`, without its key: `dir_id` and `name`.
    FileRow {
        kind: i64,
        size: Option<i64>,
        mtime: Option<i64>,
        disk: Option<i64>,
        inode: Option<i64>,
        owner: Option<i64>,
    }
}

columns! {
    /// A row of `dirs`, without its key, `id`, and its place: `source_id`, `parent_id` and `name`.
    DirRow {
        mtime: Option<i64>,
        status: i64,
        own_files: i64,
        own_bytes: i64,
        file_count: i64,
        bytes: i64,
        unknown_below: i64,
        listed_gen: i64,
        changed_gen: i64,
        mount: StoredIdentity,
        device: Option<i64>,
        self_disk: Option<i64>,
        own_disk: i64,
        disk: i64,
        linked: i64,
        whole: i64,
        owner: Option<i64>,
    }
}

impl FileRow {
    /// The columns without `owner`, the last of the list, which is NULL in most indexes: nothing is
    /// bound for it then. And a parameter for each of them.
    pub fn unowned() -> (&'static str, &'static str) {
        let columns = FileRow::COLUMNS.strip_suffix(", owner");
        let parameters = FileRow::PARAMETERS.strip_suffix(",?");
        (columns.unwrap_or_default(), parameters.unwrap_or_default())
    }

    /// What it adds to `own_bytes` of its directory.
    pub fn bytes(&self) -> i64 {
        match self.kind {
            kind::FILE => self.size.unwrap_or(0),
            _ => 0,
        }
    }

    /// What it adds to `own_disk` of its directory.
    pub fn own_disk(&self) -> i64 {
        match self.inode {
            None => self.disk.unwrap_or(0),
            Some(_) => 0,
        }
    }

    /// Whether this is the same entry, as far as notes and the history are about it.
    pub fn is_unaltered(&self, other: &FileRow) -> bool {
        (self.kind, self.size, self.mtime) == (other.kind, other.size, other.mtime)
    }
}

/// What its parent's listing says of a directory: these columns of its row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DirEntry {
    pub mtime: Option<i64>,
    pub self_disk: Option<i64>,
    pub owner: Option<i64>,
}

impl DirEntry {
    /// The columns set to parameters, for UPDATE.
    pub const ASSIGNMENTS: &str = "mtime = ?, self_disk = ?, owner = ?";

    /// Their values, in this order.
    pub fn values(self) -> [Option<i64>; 3] {
        let DirEntry {
            mtime,
            self_disk,
            owner,
        } = self;
        [mtime, self_disk, owner]
    }
}

impl DirRow {
    /// A directory that was never listed.
    pub fn unread(entry: DirEntry) -> DirRow {
        DirRow {
            status: listing::UNREAD,
            ..DirRow::default()
        }
        .with(entry)
    }

    pub fn entry(&self) -> DirEntry {
        DirEntry {
            mtime: self.mtime,
            self_disk: self.self_disk,
            owner: self.owner,
        }
    }

    /// The same, as a later listing shows it.
    pub fn with(self, entry: DirEntry) -> DirRow {
        let DirEntry {
            mtime,
            self_disk,
            owner,
        } = entry;
        DirRow {
            mtime,
            self_disk,
            owner,
            ..self
        }
    }

    /// The part of `disk` that is a plain sum.
    pub fn plain_disk(&self) -> i128 {
        i128::from(self.disk) - i128::from(self.linked)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use aether_core::MountIdentity;

    /// The statements as they are put together elsewhere.
    #[test]
    fn a_row_reads_as_it_was_bound() {
        let mut db = rusqlite::Connection::open_in_memory().unwrap();
        crate::schema::create(&mut db).unwrap();
        let files = [
            FileRow::default(),
            FileRow {
                kind: kind::FILE,
                size: Some(1),
                mtime: Some(-2),
                disk: Some(3),
                inode: Some(4),
                owner: Some(5),
            },
        ];
        let insert = format!(
            "INSERT INTO files (dir_id, name, {}) VALUES (1, 'a', {})",
            FileRow::COLUMNS,
            FileRow::PARAMETERS
        );
        let update = format!("UPDATE files SET {} WHERE dir_id = 1", FileRow::ASSIGNMENTS);
        for (sql, row) in [insert, update].iter().zip(files) {
            let mut statement = db.prepare(sql).unwrap();
            row.bind(&mut statement, 1).unwrap();
            assert_eq!(statement.raw_execute().unwrap(), 1);
            let sql = format!("SELECT name, {} FROM files", FileRow::COLUMNS);
            let found = db.query_row(&sql, (), |row| FileRow::read(row, 1));
            assert_eq!(found.unwrap(), row);
        }
        let sql = format!(
            "INSERT INTO files (dir_id, name, {}) VALUES (1, 'b', {}) RETURNING name, {}",
            FileRow::unowned().0,
            FileRow::unowned().1,
            FileRow::COLUMNS
        );
        let mut statement = db.prepare(&sql).unwrap();
        let unowned = FileRow {
            owner: None,
            ..files[1]
        };
        unowned.bind(&mut statement, 1).unwrap();
        let mut rows = statement.raw_query();
        let row = rows.next().unwrap().unwrap();
        assert_eq!(FileRow::read(row, 1).unwrap(), unowned);
        drop(rows);
        drop(statement);
        let identity = MountIdentity {
            inode: 2,
            birth: None,
            file_system: Some(3),
        };
        let row = DirRow {
            mtime: Some(1),
            status: 2,
            own_files: 3,
            own_bytes: 4,
            file_count: 5,
            bytes: 6,
            unknown_below: 7,
            listed_gen: 8,
            changed_gen: 9,
            mount: StoredIdentity(Some(identity)),
            device: Some(10),
            self_disk: Some(11),
            own_disk: 12,
            disk: 13,
            linked: 14,
            whole: 15,
            owner: Some(16),
        };
        let sql = format!(
            "INSERT INTO dirs (id, source_id, name, {}) VALUES (1, 1, '', {})",
            DirRow::COLUMNS,
            DirRow::PARAMETERS
        );
        let mut statement = db.prepare(&sql).unwrap();
        row.bind(&mut statement, 1).unwrap();
        statement.raw_execute().unwrap();
        let sql = format!("SELECT {} FROM dirs", DirRow::COLUMNS);
        let found = db.query_row(&sql, (), |row| DirRow::read(row, 0));
        assert_eq!(found.unwrap(), row);
        let entry = DirEntry {
            mtime: Some(17),
            self_disk: None,
            owner: Some(18),
        };
        let update = format!("UPDATE dirs SET {}", DirEntry::ASSIGNMENTS);
        db.execute(&update, entry.values()).unwrap();
        let found = db.query_row(&sql, (), |row| DirRow::read(row, 0));
        assert_eq!(found, Ok(row.with(entry)));
        assert_eq!(row.with(entry).entry(), entry);
    }

    #[test]
    fn every_column_of_the_tables_is_listed() {
        let mut db = rusqlite::Connection::open_in_memory().unwrap();
        crate::schema::create(&mut db).unwrap();
        let dirs = format!("id, source_id, parent_id, name, {}", DirRow::COLUMNS);
        let files = format!("dir_id, name, {}", FileRow::COLUMNS);
        for (table, listed) in [("dirs", dirs), ("files", files)] {
            let sql = "SELECT group_concat(name, ', ' ORDER BY name) FROM pragma_table_info(?1)";
            let columns: String = db.query_row(sql, [table], |row| row.get(0)).unwrap();
            let mut listed: Vec<&str> = listed.split(", ").collect();
            listed.sort_unstable();
            assert_eq!(columns, listed.join(", "));
        }
    }
}
