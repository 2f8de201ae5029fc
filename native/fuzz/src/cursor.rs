//! Arbitrary bytes as a cursor: refused, or encoded again to the same bytes. Whatever it says of the folder that it is of,
//! the page after it is the end of the listing in that order.

use std::time::Duration;

use aether_index::Error;
use aether_index::reader::{
    Child, Children, ChildrenOptions, Cursor, Pool, PoolOptions, Sort, SortKey,
};

use crate::support::{Fixture, dir, file, listing};

const SORTS: [SortKey; 5] = [
    SortKey::Name,
    SortKey::Size,
    SortKey::Count,
    SortKey::Mtime,
    SortKey::Disk,
];

/// Where a cursor's bytes say which folder it is of.
const KEY: std::ops::Range<usize> = 3..11;

/// A folder in an index, which is deleted with it.
pub struct Folder {
    _fixture: Fixture,
    pool: Pool,
    source: String,
    /// By which its cursors are known, and where it is in their bytes.
    key: [u8; 8],
    /// The whole listing in every order.
    orders: Vec<(Sort, Vec<Child>)>,
}

impl Folder {
    pub fn new() -> Folder {
        let fixture = Fixture::new();
        let odd = |name: &[u8]| (name.to_vec(), file("", 3, 1).1);
        let root = [
            dir("a"),
            dir("b"),
            dir("\u{e9}"),
            file("a.txt", 0, 0),
            file("bb", 1 << 40, -5),
            file("c", 7, i64::MAX),
            file("d", u64::MAX, i64::MIN),
            file("e", 3, 1),
            odd(b"\xff"),
            odd(b"\x01"),
            odd(b"a\xff"),
        ];
        fixture.scan(&[
            listing("", &root, 1),
            listing("a", &[file("x", 9, 9), file("y", 1, 1)], 1),
            listing("b", &[], 1),
        ]);
        // Longer than a user would wait: a machine that fuzzes may be too busy.
        let options = PoolOptions {
            limit: Duration::from_secs(600),
            ..PoolOptions::default()
        };
        let (location, gate) = (fixture.index().location(), fixture.index().gate());
        let pool = Pool::new(location.clone(), gate.clone(), options);
        let source = pool.sources().expect("sources").remove(0).value.uuid;
        let mut folder = Folder {
            _fixture: fixture,
            pool,
            source,
            key: [0; 8],
            orders: Vec::new(),
        };
        let first = folder.page(Sort::default(), None, 1).expect("a first page");
        let next = first.next.expect("a cursor").encode();
        folder.key.copy_from_slice(&next[KEY]);
        for key in SORTS {
            for descending in [false, true] {
                let sort = Sort { key, descending };
                let all = folder.page(sort, None, 100).expect("a first page").children;
                assert_eq!(all.len(), root.len());
                folder.orders.push((sort, all));
            }
        }
        folder
    }

    pub fn run(&self, data: &[u8]) {
        let Some(cursor) = Cursor::decode(data) else {
            return;
        };
        assert_eq!(cursor.encode(), data);
        let page = self.page(cursor.sort(), Some(cursor), 1);
        let is_of_it = data[KEY] == self.key;
        assert_eq!(page.is_err(), !is_of_it, "a cursor of another folder");
        let mut data = data.to_vec();
        data[KEY].copy_from_slice(&self.key);
        let cursor = Cursor::decode(&data).expect("a cursor of this folder");
        for (sort, all) in &self.orders {
            if *sort == cursor.sort() {
                let rest = self.page(*sort, Some(cursor.clone()), 100);
                let rest = rest.expect("a page after any cursor").children;
                assert!(all.ends_with(&rest), "not the end of the listing");
            }
        }
        let (key, descending) = (cursor.sort().key, !cursor.sort().descending);
        let other = self.page(Sort { key, descending }, Some(cursor), 100);
        assert!(other.is_err(), "a cursor of another order");
    }

    fn page(&self, sort: Sort, after: Option<Cursor>, limit: usize) -> Result<Children, Error> {
        let options = ChildrenOptions {
            limit,
            after,
            sort,
            filter: None,
        };
        let answer = self.pool.children(&self.source, b"", &options)?;
        Ok(answer.value)
    }
}
