//! A slab's entries as text for other programs: JSON lines, or paths that end in NUL. Written in pieces, so that each
//! call is short. `json` escapes strings; text for people is made elsewhere.

pub mod json;

use std::io::Write;

use crate::path;
use crate::slab::{Entry, Groups, Kind, Metadata, NO_BTIME, Slab};

/// Maximum number of entries in a piece.
const ENTRIES: usize = 2000;
/// Size at which a piece ends, after the entry that reaches it.
const BYTES: usize = 256 * 1024;

/// How an entry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One object per line: `path`, or `path_base64` for a path that is not UTF-8, `kind`, `size`, `mtime_ns`, then the
    /// attributes that the slab has: `disk`, `inode`, `device`, `nlink`, `mode`, `uid`, `gid`, `ctime_ns`, `btime_ns`,
    /// `target`, or `target_base64` for one that is not UTF-8. What is not known is null.
    Json,
    /// The path and a NUL, as `find -printf '%P\0'` does.
    Print0,
    /// The path and a newline, as `find -printf '%P\n'` does.
    Plain,
}

/// Appends entries to `out` from number `from` on: at most 2,000, and little more than 256 KiB. Returns the number of
/// the entry to continue with, or `None` after the last.
pub fn format(slab: &Slab<'_>, from: usize, style: Style, out: &mut Vec<u8>) -> Option<usize> {
    let enough = out.len() + BYTES;
    let mut lines = Lines::new(slab, style, b"");
    for (entry, next) in slab.entries_from(from).zip(from..) {
        if next - from == ENTRIES || out.len() >= enough {
            return Some(next);
        }
        lines.write(&entry, out);
    }
    None
}

/// Writes entries of one slab, one by one.
pub struct Lines<'a> {
    style: Style,
    groups: Groups,
    prefix: &'a [u8],
    directory: Directory<'a>,
}

impl<'a> Lines<'a> {
    /// For entries of this slab. The prefix stands before each path, and ends in a slash if it is not empty.
    pub fn new(slab: &Slab<'a>, style: Style, prefix: &'a [u8]) -> Lines<'a> {
        let mut directory = Directory {
            prefix,
            path: b"",
            escaped: Vec::new(),
            is_utf8: true,
        };
        directory.escape();
        Lines {
            style,
            groups: slab.groups(),
            prefix,
            directory,
        }
    }

    /// Appends an entry.
    pub fn write(&mut self, entry: &Entry<'a>, out: &mut Vec<u8>) {
        let end = match self.style {
            Style::Json => return json_line(entry, self.groups, &mut self.directory, out),
            Style::Print0 => 0,
            Style::Plain => b'\n',
        };
        out.extend_from_slice(self.prefix);
        write_path(entry, out);
        out.push(end);
    }
}

/// A directory's path, escaped once for all of its entries.
struct Directory<'a> {
    prefix: &'a [u8],
    path: &'a [u8],
    escaped: Vec<u8>,
    is_utf8: bool,
}

impl<'a> Directory<'a> {
    fn set(&mut self, path: &'a [u8]) {
        // Entries of one record share the same bytes, so comparing addresses is enough.
        if std::ptr::eq(self.path, path) {
            return;
        }
        self.path = path;
        self.escape();
    }

    fn escape(&mut self) {
        self.escaped.clear();
        self.is_utf8 = json::escape(self.prefix, &mut self.escaped)
            && json::escape(self.path, &mut self.escaped);
        if !self.path.is_empty() {
            self.escaped.push(b'/');
        }
    }
}

fn json_line<'a>(
    entry: &Entry<'a>,
    groups: Groups,
    directory: &mut Directory<'a>,
    out: &mut Vec<u8>,
) {
    directory.set(entry.directory);
    let start = out.len();
    out.extend_from_slice(b"{\"path\":\"");
    out.extend_from_slice(&directory.escaped);
    if !(directory.is_utf8 && json::escape(entry.name, out)) {
        out.truncate(start);
        out.extend_from_slice(b"{\"path_base64\":\"");
        let path = path::join(entry.directory, entry.name);
        json::base64(&[directory.prefix, &path].concat(), out);
    }
    out.extend_from_slice(match entry.kind {
        Kind::Unknown => b"\",\"kind\":\"unknown\",\"size\":".as_slice(),
        Kind::File => b"\",\"kind\":\"file\",\"size\":",
        Kind::Directory => b"\",\"kind\":\"directory\",\"size\":",
        Kind::Symlink => b"\",\"kind\":\"symlink\",\"size\":",
        Kind::Other => b"\",\"kind\":\"other\",\"size\":",
    });
    match entry.metadata {
        // Writing to a Vec cannot fail.
        Some(known) => drop(write!(out, "{},\"mtime_ns\":{}", known.size, known.mtime)),
        None => out.extend_from_slice(b"null,\"mtime_ns\":null"),
    }
    if !Groups::METADATA.contains(groups) {
        attributes(entry, groups, out);
    }
    out.extend_from_slice(b"}\n");
}

fn attributes(entry: &Entry<'_>, groups: Groups, out: &mut Vec<u8>) {
    type Attribute = (Groups, &'static str, fn(&Metadata) -> Option<i128>);
    const ATTRIBUTES: [Attribute; 9] = [
        (Groups::DISK, "disk", |of| Some(of.disk.into())),
        (Groups::INODE, "inode", |of| Some(of.inode.into())),
        (Groups::INODE, "device", |of| Some(of.device.into())),
        (Groups::INODE, "nlink", |of| Some(of.nlink.into())),
        (Groups::MODE, "mode", |of| Some(of.mode.into())),
        (Groups::OWNER, "uid", |of| Some(of.uid.into())),
        (Groups::OWNER, "gid", |of| Some(of.gid.into())),
        (Groups::TIMES, "ctime_ns", |of| Some(of.ctime.into())),
        (Groups::TIMES, "btime_ns", |of| {
            (of.btime != NO_BTIME).then_some(of.btime.into())
        }),
    ];
    for (group, name, value) in ATTRIBUTES {
        if groups.contains(group) {
            // Writing to a Vec cannot fail.
            drop(match entry.metadata.as_ref().and_then(value) {
                Some(value) => write!(out, ",\"{name}\":{value}"),
                None => write!(out, ",\"{name}\":null"),
            });
        }
    }
    if groups.contains(Groups::TARGET) {
        target(entry.target, out);
    }
}

fn target(target: &[u8], out: &mut Vec<u8>) {
    if target.is_empty() {
        out.extend_from_slice(b",\"target\":null");
        return;
    }
    let start = out.len();
    out.extend_from_slice(b",\"target\":\"");
    if !json::escape(target, out) {
        out.truncate(start);
        out.extend_from_slice(b",\"target_base64\":\"");
        json::base64(target, out);
    }
    out.push(b'"');
}

/// Appends an entry's path to what is in the buffer.
fn write_path(entry: &Entry<'_>, out: &mut Vec<u8>) {
    if !entry.directory.is_empty() {
        out.extend_from_slice(entry.directory);
        out.push(b'/');
    }
    out.extend_from_slice(entry.name);
}
