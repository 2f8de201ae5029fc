//! The columns that hold what lstat says of an entry: the one list of them, in the order of the format. From it come
//! the struct for one entry, the columns under construction, and the columns of a checked slab.

use super::SlabError;
use super::columns::ColumnWriter;
use super::decode::Pieces;
use super::groups::Groups;
use super::layout::padded;

/// Size and mtime of an entry, which is all that most scans ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeAndTime {
    /// st_size in bytes.
    pub size: u64,
    /// Modification time in ns since the epoch, saturating.
    pub mtime: i64,
}

/// The btime of an entry on a file system that keeps none.
pub const NO_BTIME: i64 = i64::MIN;

macro_rules! attributes {
    ($($(#[$doc:meta])* $group:ident $column:ident: $type:ident,)*) => {
        /// What lstat says of an entry. Attributes of a group that was not asked for are 0.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Metadata {
            $($(#[$doc])* pub $column: $type,)*
        }

        /// Columns under construction.
        #[derive(Debug)]
        pub(super) struct Attributes {
            groups: Groups,
            $($column: Vec<$type>,)*
        }

        impl Attributes {
            pub fn new(groups: Groups) -> Attributes {
                Attributes { groups, $($column: Vec::new(),)* }
            }

            /// Adds the columns of an entry behind the first two.
            pub fn push_rest(&mut self, known: &Metadata) {
                $(if Groups::$group != Groups::METADATA && self.groups.contains(Groups::$group) {
                    self.$column.push(known.$column);
                })*
            }

            pub fn reserve(&mut self, entries: usize) {
                $(if self.groups.contains(Groups::$group) {
                    self.$column.reserve(entries);
                })*
            }

            pub fn clear(&mut self) {
                $(self.$column.clear();)*
            }

            pub fn append(&mut self, other: &mut Attributes) {
                $(self.$column.append(&mut other.$column);)*
            }

            pub fn capacity_bytes(&self) -> usize {
                0 $(+ size_of::<$type>() * self.$column.capacity())*
            }

            /// Writes the columns of these groups, all of which must have been collected.
            pub fn encode(&self, groups: Groups, columns: &mut ColumnWriter<'_>) {
                $(if groups.contains(Groups::$group) {
                    columns.put(&self.$column, $type::to_le_bytes);
                })*
            }
        }

        /// Columns of a slab; those of absent groups are empty.
        #[derive(Clone, Copy, Debug, Default)]
        pub(super) struct AttributeViews<'a> {
            $($column: &'a [[u8; size_of::<$type>()]],)*
        }

        impl<'a> AttributeViews<'a> {
            pub fn split(
                groups: Groups,
                entries: u32,
                pieces: &mut Pieces<'a>,
            ) -> Result<AttributeViews<'a>, SlabError> {
                let mut views = AttributeViews::default();
                $(if groups.contains(Groups::$group) {
                    let bytes = pieces.take(stringify!($column), size_of::<$type>() as u32, entries)?;
                    views.$column = bytes.as_chunks().0;
                })*
                Ok(views)
            }

            /// The attributes of an entry.
            #[inline]
            pub fn get(&self, entry: usize) -> Metadata {
                Metadata {
                    $($column: self.$column.get(entry).map_or(0, |bytes| $type::from_le_bytes(*bytes)),)*
                }
            }
        }

        /// Bytes of an entry in the columns of these groups, without padding.
        pub(super) fn width(groups: Groups) -> usize {
            0 $(+ if groups.contains(Groups::$group) { size_of::<$type>() } else { 0 })*
        }

        /// Bytes of the columns of these groups, with padding.
        pub(super) fn columns_len(groups: Groups, entries: u64) -> u64 {
            let column = |group, size: usize| match groups.contains(group) {
                true => padded(size as u64 * entries),
                false => 0,
            };
            0 $(+ column(Groups::$group, size_of::<$type>()))*
        }
    };
}

attributes! {
    /// st_size in bytes.
    METADATA size: u64,
    /// Modification time in ns since the epoch, saturating.
    METADATA mtime: i64,
    /// Allocated bytes: st_blocks × 512.
    DISK disk: u64,
    /// st_ino.
    INODE inode: u64,
    /// Distinguishes the devices of one scan: on Linux the kernel's own number, major << 20 | minor.
    INODE device: u32,
    /// Number of hard links, saturating.
    INODE nlink: u32,
    /// All 16 bits of st_mode.
    MODE mode: u16,
    /// Time of the last change of the inode, in ns since the epoch, saturating.
    TIMES ctime: i64,
    /// Time of birth in ns since the epoch, saturating; [`NO_BTIME`] where the file system keeps none.
    TIMES btime: i64,
    /// st_uid.
    OWNER uid: u32,
    /// st_gid.
    OWNER gid: u32,
}

impl Attributes {
    /// Adds the first two columns of an entry.
    #[inline(always)]
    pub fn push_size_and_time(&mut self, known: SizeAndTime) {
        self.size.push(known.size);
        self.mtime.push(known.mtime);
    }
}
