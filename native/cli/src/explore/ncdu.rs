//! A tree as ncdu writes and reads it: JSON, folder within folder, while it is read from the index page by page.

use std::io::{self, Write};

use aether_core::path;
use aether_core::slab::status;
use aether_index::reader::{Child, ChildrenOptions, Cursor, Pool, Sort, SortKey};
use aether_index::{Error, Reason, listing};

use super::state::Place;
use crate::place::full;

/// Children read at a time.
const PAGE: usize = 1000;
const FILE: u8 = 1;
const DIRECTORY: u8 = 2;

/// Why it was not written.
pub enum ExportFailed {
    Index(Error),
    Output(io::Error),
}

impl From<Error> for ExportFailed {
    fn from(error: Error) -> ExportFailed {
        ExportFailed::Index(error)
    }
}

impl From<io::Error> for ExportFailed {
    fn from(error: io::Error) -> ExportFailed {
        ExportFailed::Output(error)
    }
}

/// A folder that is being written: what has been read of it, and where reading goes on.
struct ExportLevel {
    folder: Vec<u8>,
    page: std::vec::IntoIter<Child>,
    next: Option<Cursor>,
}

struct ExportWriter<'a, W> {
    pool: &'a Pool,
    source: &'a str,
    out: W,
}

/// Writes a folder with all beneath it, at this time, in seconds since 1970. The index may change meanwhile: what is gone
/// by then is empty.
pub fn write(
    pool: &Pool,
    source: &str,
    place: &Place,
    timestamp: i64,
    out: impl Write,
) -> Result<(), ExportFailed> {
    // Says so where it is no folder.
    pool.totals(source, &place.folder)?;
    let mut writer = ExportWriter { pool, source, out };
    let version = env!("CARGO_PKG_VERSION");
    write!(
        writer.out,
        "[1,2,{{\"progname\":\"aether\",\"progver\":\"{version}\",\"timestamp\":{timestamp}}}"
    )?;
    let Some(top) = pool.stat(source, &place.folder)?.value else {
        return Err(ExportFailed::Output(io::ErrorKind::NotFound.into()));
    };
    let name = full(&place.root, &place.folder);
    let mut levels = vec![writer.open(&place.folder, &name, &top)?];
    while let Some(level) = levels.last_mut() {
        match level.page.next() {
            Some(child) if is_entered(&child) => {
                let folder = path::join(&level.folder, &child.name);
                let inner = writer.open(&folder, &child.name, &child)?;
                levels.push(inner);
            }
            Some(child) => {
                let at = path::join(&level.folder, &child.name);
                writer.out.write_all(b",\n")?;
                writer.entry(&at, &child.name, &child)?;
            }
            None if level.next.is_some() => writer.read(level)?,
            None => {
                writer.out.write_all(b"]")?;
                levels.pop();
            }
        }
    }
    writer.out.write_all(b"]\n")?;
    Ok(writer.out.flush()?)
}

impl<W: Write> ExportWriter<'_, W> {
    /// Begins a folder.
    fn open(
        &mut self,
        folder: &[u8],
        name: &[u8],
        child: &Child,
    ) -> Result<ExportLevel, ExportFailed> {
        self.out.write_all(b",\n[")?;
        self.entry(folder, name, child)?;
        let mut level = ExportLevel {
            folder: folder.to_vec(),
            page: Vec::new().into_iter(),
            next: None,
        };
        self.read(&mut level)?;
        Ok(level)
    }

    fn read(&mut self, level: &mut ExportLevel) -> Result<(), ExportFailed> {
        let options = ChildrenOptions {
            limit: PAGE,
            after: level.next.take(),
            sort: Sort::by(SortKey::Name),
            filter: None,
        };
        let children = self.pool.children(self.source, &level.folder, &options);
        match children {
            Ok(answer) => {
                level.page = answer.value.children.into_iter();
                level.next = answer.value.next;
                Ok(())
            }
            Err(error) if error.reason == Reason::NoFolder => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What is known of an entry itself.
    fn entry(&mut self, at: &[u8], name: &[u8], child: &Child) -> Result<(), ExportFailed> {
        let is_folder = child.kind == DIRECTORY;
        let is_linked = child.nlink > Some(1);
        let stored = match is_folder || is_linked {
            true => self.pool.inode(self.source, at)?,
            false => Default::default(),
        };
        let out = &mut self.out;
        out.write_all(b"{\"name\":\"")?;
        escape(name, out)?;
        out.write_all(b"\"")?;
        if let Some(bytes) = child.bytes.filter(|bytes| !is_folder && *bytes > 0) {
            write!(out, ",\"asize\":{bytes}")?;
        }
        let disk = if is_folder { stored.disk } else { child.disk };
        if let Some(disk) = disk.filter(|disk| *disk > 0) {
            write!(out, ",\"dsize\":{disk}")?;
        }
        if let Some(device) = stored.device.filter(|_| is_folder) {
            write!(out, ",\"dev\":{device}")?;
        }
        if let (Some(inode), Some(nlink)) = (stored.inode, child.nlink) {
            let inode = inode.cast_unsigned();
            write!(out, ",\"ino\":{inode},\"hlnkc\":true,\"nlink\":{nlink}")?;
        }
        if let Some(owner) = child.owner {
            let (uid, gid, mode) = (owner.uid, owner.gid, owner.mode);
            write!(out, ",\"uid\":{uid},\"gid\":{gid},\"mode\":{mode}")?;
        }
        // ncdu knows none before 1970.
        if let Some(mtime) = child.mtime.filter(|mtime| *mtime >= 0) {
            write!(out, ",\"mtime\":{}", mtime / 1_000_000_000)?;
        }
        if child.kind != FILE && !is_folder {
            out.write_all(b",\"notreg\":true")?;
        }
        match child.status {
            Some(status) if is_left_out(status) => out.write_all(b",\"excluded\":\"otherfs\"")?,
            Some(status) if listing::is_unknown(status) => {
                out.write_all(b",\"read_error\":true")?
            }
            _ => {}
        }
        Ok(out.write_all(b"}")?)
    }
}

fn is_entered(child: &Child) -> bool {
    child.kind == DIRECTORY && !child.status.is_some_and(is_left_out)
}

/// On another file system, or one of its own ancestors.
fn is_left_out(status: i64) -> bool {
    let is = |other: u32| status == i64::from(other);
    let is_other = is(status::OTHER_FILE_SYSTEM) || is(status::LOOP);
    status == listing::UNMOUNTED || is_other
}

/// As ncdu does it: bytes beyond ASCII stay what they are, whether or not they are UTF-8.
fn escape(name: &[u8], out: &mut impl Write) -> io::Result<()> {
    for byte in name {
        match byte {
            b'\n' => out.write_all(b"\\n")?,
            b'\r' => out.write_all(b"\\r")?,
            b'\t' => out.write_all(b"\\t")?,
            b'\x08' => out.write_all(b"\\b")?,
            b'\x0c' => out.write_all(b"\\f")?,
            b'"' | b'\\' => out.write_all(&[b'\\', *byte])?,
            ..=0x1f | 0x7f => write!(out, "\\u{byte:04x}")?,
            _ => out.write_all(&[*byte])?,
        }
    }
    Ok(())
}
