//! Reading: every answer is one short read transaction on one of a few read-only connections, in
//! the process that writes or in any other. Nothing here changes the database, and nothing here
//! searches it.

mod bounds;
mod breakdown;
mod by_value;
mod changes;
mod children;
mod children_source;
mod cursor;
mod exact;
mod folders;
mod freshness;
mod growth;
mod inode;
mod largest;
mod links;
mod locate;
mod name_filter;
mod notes;
mod overlapping;
mod pool;
mod query;
mod read_txn;
mod roots;
mod rows;
mod running;
mod sources;
mod stat;
mod top_k;
mod unreadable;
mod version;

pub use breakdown::{Breakdown, BreakdownBy, GroupKey, GroupTotals};
pub use changes::{
    Change, ChangedFile, ChangedFiles, Changes, ChangesCursor, ChangesOptions, Generation,
};
pub use children::{Children, ChildrenOptions};
pub use cursor::{Cursor, Sort, SortKey};
pub use folders::FolderTotals;
pub use growth::{Grown, Growth};
pub use inode::StoredInode;
pub use largest::{Largest, LargestBy, Sized};
pub use links::Links;
pub use name_filter::NameFilter;
pub use notes::Note;
pub use overlapping::Place;
pub(crate) use overlapping::{above, beneath, full};
pub use pool::{Pool, PoolOptions};
pub use running::RunningScan;
pub use sources::Source;
pub use stat::{Child, Totals};
pub use unreadable::{UnreadableFolder, UnreadableFolders, UnreadableOptions};
