//! Which size is shown and sorted by: what is taken up on disk, as du counts it, or what files contain.

use aether_index::reader::{Child, LargestBy, Sized, Sort, SortKey, Totals};

/// One of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// Each inode once in a folder.
    #[default]
    Disk,
    /// The sizes of files, with each of their names.
    Apparent,
}

impl Measure {
    /// The one that is wanted, if the index has it: sizes on disk are known after the first whole scan.
    pub fn of(totals: &Totals, is_apparent: bool) -> Measure {
        match totals.disk {
            Some(_) if !is_apparent => Measure::Disk,
            _ => Measure::Apparent,
        }
    }

    pub fn size(self, child: &Child) -> Option<u64> {
        match self {
            Measure::Disk => child.disk,
            Measure::Apparent => contained(child.bytes),
        }
    }

    /// That of a whole folder.
    pub fn total(self, totals: &Totals) -> Option<u64> {
        match self {
            Measure::Disk => totals.disk,
            Measure::Apparent => contained(totals.bytes),
        }
    }

    /// That of one of the largest.
    pub fn sized(self, sized: &Sized) -> Option<u64> {
        match self {
            Measure::Disk => sized.disk,
            Measure::Apparent => contained(Some(sized.bytes)),
        }
    }

    pub fn largest_by(self) -> LargestBy {
        match self {
            Measure::Disk => LargestBy::Disk,
            Measure::Apparent => LargestBy::Bytes,
        }
    }

    /// An order by size is one by this size.
    pub fn order(self, sort: Sort) -> Sort {
        match (sort.key, self) {
            (SortKey::Size, Measure::Disk) => Sort {
                key: SortKey::Disk,
                ..sort
            },
            _ => sort,
        }
    }

    /// As a text says it.
    pub fn said(self) -> &'static str {
        match self {
            Measure::Disk => "on disk",
            Measure::Apparent => "apparent",
        }
    }

    /// As it stands over a column.
    pub fn head(self) -> &'static str {
        match self {
            Measure::Disk => "ON DISK",
            Measure::Apparent => "APPARENT",
        }
    }
}

fn contained(bytes: Option<i64>) -> Option<u64> {
    bytes.map(|bytes| bytes.max(0).unsigned_abs())
}
