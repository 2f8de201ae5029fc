//! Splits a slab into its columns. Everything that the format requires is checked here, once, so that reading needs no
//! checks. Nothing is copied or allocated.

use super::attributes::{AttributeViews, Metadata};
use super::groups::Groups;
use super::layout::{HEADER, KIND_NO_METADATA, MAGIC, Shape, VERSION, padded};
use super::{Kind, SlabError, status};
use crate::path::common_len;

/// A checked slab. Borrows its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Slab<'a> {
    pub(super) tag: u32,
    pub(super) sequence: u32,
    pub(super) groups: Groups,
    pub(super) attributes: AttributeViews<'a>,
    /// Empty without [`Groups::TARGET`].
    pub(super) target_ends: &'a [[u8; 4]],
    pub(super) entries_ends: &'a [[u8; 4]],
    pub(super) path_ends: &'a [[u8; 4]],
    pub(super) statuses: &'a [[u8; 4]],
    pub(super) name_ends: &'a [[u8; 4]],
    pub(super) kinds: &'a [u8],
    pub(super) paths: &'a [u8],
    pub(super) names: &'a [u8],
    pub(super) targets: &'a [u8],
}

impl<'a> Slab<'a> {
    /// Checks the bytes against the format and finds the columns in them.
    pub fn decode(bytes: &'a [u8]) -> Result<Slab<'a>, SlabError> {
        let header = Header::read(bytes)?;
        let expected = header.shape.total();
        if bytes.len() as u64 != expected {
            return Err(SlabError::Length {
                length: bytes.len(),
                expected,
            });
        }
        let slab = Slab::split(&header, bytes)?;
        check_ends("target_end", slab.target_ends, header.shape.target_bytes)?;
        check_ends("dir_entries_end", slab.entries_ends, header.shape.entries)?;
        check_ends("dir_path_end", slab.path_ends, header.shape.path_bytes)?;
        check_ends("name_end", slab.name_ends, header.shape.name_bytes)?;
        slab.check_statuses()?;
        slab.check_kinds()?;
        slab.check_targets()?;
        slab.check_paths()?;
        slab.check_names()?;
        Ok(slab)
    }

    fn split(header: &Header, bytes: &'a [u8]) -> Result<Slab<'a>, SlabError> {
        let Shape {
            groups,
            records,
            entries,
            path_bytes,
            name_bytes,
            target_bytes,
        } = header.shape;
        let linked = match groups.contains(Groups::TARGET) {
            true => entries,
            false => 0,
        };
        let mut columns = Pieces {
            rest: bytes.get(HEADER..).unwrap_or_default(),
        };
        Ok(Slab {
            tag: header.tag,
            sequence: header.sequence,
            groups,
            attributes: AttributeViews::split(groups, entries, &mut columns)?,
            target_ends: columns.take("target_end", 4, linked)?.as_chunks().0,
            entries_ends: columns.take("dir_entries_end", 4, records)?.as_chunks().0,
            path_ends: columns.take("dir_path_end", 4, records)?.as_chunks().0,
            statuses: columns.take("dir_status", 4, records)?.as_chunks().0,
            name_ends: columns.take("name_end", 4, entries)?.as_chunks().0,
            kinds: columns.take("kind", 1, entries)?,
            paths: columns.take("paths", 1, path_bytes)?,
            names: columns.take("names", 1, name_bytes)?,
            targets: columns.take("targets", 1, target_bytes)?,
        })
    }

    fn check_statuses(&self) -> Result<(), SlabError> {
        let statuses = self.statuses.iter().map(|bytes| u32::from_le_bytes(*bytes));
        for (record, status) in statuses.enumerate() {
            if !status::is_known(status) {
                return Err(SlabError::Status { record, status });
            }
        }
        Ok(())
    }

    fn check_kinds(&self) -> Result<(), SlabError> {
        for (entry, &kind) in self.kinds.iter().enumerate() {
            if kind <= Kind::Other as u8 {
                continue;
            }
            if self.groups.is_empty() || kind & !KIND_NO_METADATA > Kind::Other as u8 {
                return Err(SlabError::Kind { entry, kind });
            }
            if self.attributes.get(entry) != Metadata::default() {
                return Err(SlabError::NotZero { entry });
            }
        }
        Ok(())
    }

    fn check_targets(&self) -> Result<(), SlabError> {
        let mut start = 0;
        for (entry, (end, &kind)) in self.target_ends.iter().zip(self.kinds).enumerate() {
            let end = u32::from_le_bytes(*end) as usize;
            let target = self.targets.get(start..end).unwrap_or_default();
            if !target.is_empty() && (kind != Kind::Symlink as u8 || target.contains(&0)) {
                return Err(SlabError::Target { entry });
            }
            start = end;
        }
        Ok(())
    }

    fn check_paths(&self) -> Result<(), SlabError> {
        let mut before: &[u8] = b"";
        for (at, record) in self.records().enumerate() {
            // The part in common with the previous path was checked with that: nearly everything, in a deep tree.
            let path = record.path;
            let same = common_len(before, path);
            let seen = path.get(..same).unwrap_or_default();
            let slash = seen.iter().rposition(|byte| *byte == b'/');
            let rest = path.get(slash.map_or(0, |slash| slash + 1)..);
            if !path.is_empty() && !rest.is_some_and(has_names) {
                return Err(SlabError::Path { record: at });
            }
            before = path;
        }
        Ok(())
    }

    fn check_names(&self) -> Result<(), SlabError> {
        // One pass over the whole table is much faster than one per name, and nearly always enough.
        let clean = !self
            .names
            .iter()
            .fold(false, |bad, &byte| bad | matches!(byte, 0 | b'/'));
        let is_bad = |name: &[u8]| is_dots(name) || (!clean && !is_name(name));
        let mut start = 0;
        for (entry, end) in self.name_ends.iter().enumerate() {
            let end = u32::from_le_bytes(*end) as usize;
            if is_bad(self.names.get(start..end).unwrap_or_default()) {
                return Err(SlabError::Name { entry });
            }
            start = end;
        }
        Ok(())
    }
}

/// The header's fields except the magic.
struct Header {
    tag: u32,
    sequence: u32,
    shape: Shape,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Header, SlabError> {
        let words: Option<&[[u8; 4]; HEADER / 4]> = bytes.as_chunks().0.first_chunk();
        let Some([magic, version, tag, sequence, d, n, p, m, t, reserved]) = words else {
            return Err(SlabError::TooShort {
                length: bytes.len(),
            });
        };
        let [version_low, version_high, flags_low, flags_high] = *version;
        let version = u16::from_le_bytes([version_low, version_high]);
        let flags = u16::from_le_bytes([flags_low, flags_high]);
        if *magic != MAGIC {
            return Err(SlabError::Magic);
        }
        if version != VERSION {
            return Err(SlabError::Version(version));
        }
        let groups = Groups::from_flags(flags);
        let Some(groups) = groups else {
            return Err(SlabError::Flags(flags));
        };
        let target_bytes = u32::from_le_bytes(*t);
        let is_reserved = !groups.contains(Groups::TARGET);
        if *reserved != [0; 4] || is_reserved && target_bytes != 0 {
            return Err(SlabError::Reserved);
        }
        Ok(Header {
            tag: u32::from_le_bytes(*tag),
            sequence: u32::from_le_bytes(*sequence),
            shape: Shape {
                groups,
                records: u32::from_le_bytes(*d),
                entries: u32::from_le_bytes(*n),
                path_bytes: u32::from_le_bytes(*p),
                name_bytes: u32::from_le_bytes(*m),
                target_bytes,
            },
        })
    }
}

/// The part of the slab that is not split into columns yet.
pub(super) struct Pieces<'a> {
    rest: &'a [u8],
}

impl<'a> Pieces<'a> {
    /// The slab's length was checked against the same counts, so there are always enough bytes.
    pub fn take(
        &mut self,
        column: &'static str,
        size: u32,
        count: u32,
    ) -> Result<&'a [u8], SlabError> {
        let length = u64::from(size) * u64::from(count);
        let (padded, rest) = self
            .rest
            .split_at_checked(padded(length) as usize)
            .unwrap_or_default();
        let (values, padding) = padded.split_at_checked(length as usize).unwrap_or_default();
        if padding.iter().any(|&byte| byte != 0) {
            return Err(SlabError::Padding { column });
        }
        self.rest = rest;
        Ok(values)
    }
}

/// Ends must not descend, and the last must be the table's length: then every range lies inside.
fn check_ends(column: &'static str, ends: &[[u8; 4]], total: u32) -> Result<(), SlabError> {
    let mut before = 0;
    for (index, end) in ends.iter().enumerate() {
        let end = u32::from_le_bytes(*end);
        if end < before {
            return Err(SlabError::Descending { column, index });
        }
        before = end;
    }
    if before != total {
        return Err(SlabError::LastEnd {
            column,
            end: before,
            total,
        });
    }
    Ok(())
}

/// Whether every component between the slashes is a name. The path of a deep tree may have ten thousand.
fn has_names(path: &[u8]) -> bool {
    let mut start = 0;
    for (at, &byte) in path.iter().enumerate() {
        if byte == b'/' {
            // Anything longer cannot be dots.
            if at - start <= 2 && is_dots(path.get(start..at).unwrap_or_default()) {
                return false;
            }
            start = at + 1;
        } else if byte == 0 {
            return false;
        }
    }
    !is_dots(path.get(start..).unwrap_or_default())
}

fn is_name(name: &[u8]) -> bool {
    !is_dots(name) && !name.iter().any(|byte| matches!(byte, 0 | b'/'))
}

/// Whether it is empty, `.` or `..`, which no name may be.
fn is_dots(name: &[u8]) -> bool {
    matches!(name, b"" | b"." | b"..")
}
