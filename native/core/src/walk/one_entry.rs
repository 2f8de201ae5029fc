//! Looking at one entry instead of listing its folder. It passes the filters of a listing: what a scan leaves out counts
//! as missing.

use std::ffi::CString;
use std::sync::Arc;

use rustix::io::Errno;

use super::Worker;
use super::details::is_no_link;
use super::enter::mount_at;
use super::filter::is_left_out;
use super::read::note_stat;
use super::room::make_room;
use crate::dir::{Descriptor, Dir};
use crate::path;
use crate::scan::Scan;
use crate::slab::{Groups, Kind, Metadata};
use crate::sys;
use crate::{Error, Operation, Reason};

/// What stands for the name of the folder itself, which has none.
const SELF: &[u8] = b".self";

/// The one entry that was asked for.
pub(crate) struct OneEntry {
    name: Vec<u8>,
    kind: Kind,
    metadata: Metadata,
    target: Vec<u8>,
}

/// Looks at an entry of a folder, or at the folder itself if the name is empty.
pub(super) fn one_entry(
    scan: &Scan,
    worker: &Worker,
    dir: &Arc<Dir>,
    descriptor: &Descriptor,
    folder: &[u8],
    name: &[u8],
) -> Result<OneEntry, Error> {
    let options = &scan.options;
    if name.is_empty() {
        let found = sys::stat_open(descriptor.fd(), scan.wanted_metadata());
        let (kind, metadata) = found.map_err(|errno| failed(errno, folder, b""))?;
        return Ok(OneEntry {
            name: SELF.to_vec(),
            kind,
            metadata,
            target: Vec::new(),
        });
    }
    let failed = |errno| failed(errno, folder, name);
    if matches!(name, b"." | b"..") || name.contains(&b'/') {
        return Err(Error::new(Reason::OutsideRoot, Operation::Stat, name));
    }
    let text = CString::new(name).map_err(|_| failed(Errno::INVAL))?;
    let leaves_out = |is_dir| is_left_out(options, dir.rules.as_deref(), folder, name, is_dir);
    // What is left out, whatever it is, is not looked at.
    if leaves_out(true) && leaves_out(false) {
        return Err(failed(Errno::NOENT));
    }
    // The root of another file system: if that hangs, it says nothing of the one around it.
    if let Ok(entry) = sys::peek(descriptor.fd(), &text)
        && dir.identity().is_some_and(|own| own.device != entry.device)
    {
        let mount = mount_at(scan, descriptor.fd(), &text, &path::join(folder, name));
        worker.cross(&mount).map_err(failed)?;
    }
    let found = sys::stat_more_at(descriptor.fd(), &text, scan.wanted_metadata());
    let (kind, metadata) = found.map_err(failed)?;
    if leaves_out(kind == Kind::Directory) {
        return Err(failed(Errno::NOENT));
    }
    let reads_target = options.metadata.contains(Groups::TARGET) && kind == Kind::Symlink;
    let target = match reads_target {
        true => sys::read_link_at(descriptor.fd(), &text),
        false => Ok(Vec::new()),
    };
    let target = target.unwrap_or_else(|errno| {
        if !is_no_link(errno) {
            note_stat(scan, folder, name, errno);
        }
        Vec::new()
    });
    Ok(OneEntry {
        name: name.to_vec(),
        kind,
        metadata,
        target,
    })
}

fn failed(errno: Errno, folder: &[u8], name: &[u8]) -> Error {
    let path = match name.is_empty() {
        true => folder.to_vec(),
        false => path::join(folder, name),
    };
    Error::from_errno(errno, Operation::Stat, &path)
}

impl Worker {
    /// Writes the entry into a record of its folder, to which `path` is already set.
    pub(super) fn write_entry(&self, scan: &Scan, entry: &OneEntry) {
        let Some(slot) = scan.slot(self.number, false) else {
            return;
        };
        let mut slot = slot.lock();
        make_room(scan, &mut slot, self.path.len());
        slot.builder.open(|path| path.extend_from_slice(&self.path));
        let metadata = (!scan.options.metadata.is_empty()).then_some(&entry.metadata);
        slot.builder.entry(&entry.name, entry.kind, metadata);
        if !entry.target.is_empty() {
            slot.builder.target(&entry.target);
        }
    }
}
