//! Reading one piece of a directory into a thread's slab: filters first, then metadata, then one append.

use std::ffi::CStr;
use std::ops::ControlFlow;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use rustix::fd::BorrowedFd;
use rustix::io::Errno;

use super::Worker;
use super::filter::{is_hidden, is_left_out};
use crate::dir::{Dir, Names, Source, write_child_path};
use crate::scan::{Scan, Slot};
use crate::slab::{self, Kind};
use crate::sys::{self, Piece};
use crate::{Error, Operation};

/// Entries between two looks at the cancel flag and at who could help.
const GRAIN: u32 = 64;

/// A listing with more entries than this is worth sharing.
const SHARE: u32 = 256;

impl Worker {
    /// Reads the next piece. No lock is held across a system call, so that the timer can send what is there.
    pub(super) fn read_piece(
        &mut self,
        scan: &Arc<Scan>,
        dir: &Arc<Dir>,
        source: &Source,
        slot: &Mutex<Slot>,
        subdirs: &mut Names,
        again: bool,
    ) -> Result<Piece, Errno> {
        let options = &scan.options;
        let rules = dir.rules.as_deref();
        let descend = !again && options.depth.is_none_or(|depth| dir.depth < depth);
        let Worker {
            shared,
            beat,
            scratch,
            path,
            ..
        } = self;
        let fd = source.descriptor.fd();
        let mut offered = again;
        let mut seen = 0_u32;
        let mut guard: Option<MutexGuard<'_, Slot>> = None;
        let visit = |name: &CStr, kind: Kind| {
            seen += 1;
            if seen.is_multiple_of(GRAIN) {
                if scan.is_stopped() {
                    return ControlFlow::Break(());
                }
                if !offered && seen >= SHARE && scan.has_room() && shared.has_spare() {
                    guard = None;
                    dir.listing.lock().shared = true;
                    scan.frontier.lock().share(dir);
                    shared.enqueue(scan);
                    offered = true;
                }
            }
            let bytes = name.to_bytes();
            let hidden = is_hidden(options, bytes);
            let mut found = Found {
                kind,
                metadata: None,
                failed: None,
            };
            // Where the listing does not tell the kind, only a stat can say which rules apply.
            let unknown = !hidden && kind == Kind::Unknown;
            if unknown {
                guard = None;
                beat.beat();
                match ask(fd, name, kind, options.metadata) {
                    Some(answer) => found = answer,
                    None => return ControlFlow::Continue(()),
                }
            }
            let is_dir = found.kind == Kind::Directory;
            let left_out = hidden || is_left_out(options, rules, path, bytes, is_dir);
            if options.metadata && !left_out && !unknown {
                guard = None;
                beat.beat();
                match ask(fd, name, kind, true) {
                    Some(answer) => found = answer,
                    None => return ControlFlow::Continue(()),
                }
            }
            let Found {
                kind,
                metadata,
                failed,
            } = found;
            let slot = guard.get_or_insert_with(|| slot.lock());
            if left_out {
                slot.counts.skipped += 1;
                return ControlFlow::Continue(());
            }
            slot.builder.entry(bytes, kind, metadata);
            count(slot, kind, metadata, dir.depth);
            if kind == Kind::Directory {
                if descend {
                    subdirs.push(name);
                } else {
                    slot.counts.unread += 1;
                }
            }
            if scan.is_due(&slot.builder) {
                scan.emit(slot);
            }
            if let Some(errno) = failed
                && !again
            {
                guard = None;
                note_stat(scan, dir, bytes, errno);
            }
            ControlFlow::Continue(())
        };
        beat.beat();
        source.reader.read(fd, scratch, scan.is_fresh(), visit)
    }
}

struct Found {
    kind: Kind,
    metadata: Option<slab::Metadata>,
    failed: Option<Errno>,
}

/// What lstat says of an entry; none if it is gone. One that cannot be asked keeps the kind that the listing gave.
#[inline(always)]
fn ask(fd: BorrowedFd<'_>, name: &CStr, kind: Kind, metadata: bool) -> Option<Found> {
    match sys::stat_at(fd, name) {
        Ok(stat) => {
            let metadata = metadata.then_some(stat.metadata);
            Some(Found {
                kind: stat.kind,
                metadata,
                failed: None,
            })
        }
        Err(Errno::NOENT) => None,
        Err(errno) => Some(Found {
            kind,
            metadata: None,
            failed: Some(errno),
        }),
    }
}

fn count(slot: &mut Slot, kind: Kind, metadata: Option<slab::Metadata>, depth: u32) {
    let counts = &mut slot.counts;
    match kind {
        Kind::File => {
            counts.files += 1;
            if let Some(metadata) = metadata {
                counts.bytes = counts.bytes.saturating_add(metadata.size);
            }
        }
        Kind::Directory => counts.directories += 1,
        Kind::Symlink => counts.symlinks += 1,
        Kind::Other | Kind::Unknown => counts.others += 1,
    }
    counts.max_depth = counts.max_depth.max(depth);
}

fn note_stat(scan: &Scan, dir: &Dir, name: &[u8], errno: Errno) {
    let mut path = Vec::new();
    write_child_path(dir, name, &mut path);
    scan.errors
        .lock()
        .push(Error::from_errno(errno, Operation::Stat, &path));
}
