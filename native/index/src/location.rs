//! Where an index lies, and what that place must be like.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use aether_core::errno;

use crate::error::{Error, Operation, Reason};

/// Maximum number of links followed to a file that does not exist yet, as in the kernel.
const MAX_LINKS: usize = 40;

/// The paths of an index, with links resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The database.
    pub database: PathBuf,
    /// The file beside it with the writer's lock.
    pub sidecar: PathBuf,
}

impl Location {
    /// Resolves links. The directory must exist, the file itself need not.
    pub fn resolve(path: &Path) -> Result<Location, Error> {
        let bytes = path.as_os_str().as_bytes();
        let failed = |error: &std::io::Error| Error::io(error, Operation::Open, bytes);
        let mut path = path.to_path_buf();
        for _ in 0..MAX_LINKS {
            let Ok(target) = std::fs::read_link(&path) else {
                let name = path.file_name().ok_or_else(|| {
                    Error::new(Reason::Errno(errno::ISDIR), Operation::Open, bytes)
                })?;
                let directory = match path.parent() {
                    Some(parent) if !parent.as_os_str().is_empty() => parent,
                    _ => Path::new("."),
                };
                let directory = directory.canonicalize().map_err(|error| failed(&error))?;
                let database = directory.join(name);
                let sidecar = beside(&database, "-writer");
                return Ok(Location { database, sidecar });
            };
            path = match path.parent() {
                Some(parent) => parent.join(target),
                None => target,
            };
        }
        Err(Error::new(
            Reason::Errno(errno::LOOP),
            Operation::Open,
            bytes,
        ))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.database.as_os_str().as_bytes()
    }

    /// The write-ahead log.
    pub(crate) fn log(&self) -> PathBuf {
        beside(&self.database, "-wal")
    }

    /// SQLite's shared memory.
    pub(crate) fn shared_memory(&self) -> PathBuf {
        beside(&self.database, "-shm")
    }

    pub(crate) fn error(&self, reason: Reason) -> Error {
        Error::new(reason, Operation::Open, self.bytes())
    }

    pub(crate) fn io(&self, error: &std::io::Error) -> Error {
        Error::io(error, Operation::Open, self.bytes())
    }

    pub(crate) fn sqlite(&self, error: &rusqlite::Error) -> Error {
        Error::sqlite(error, Operation::Open, self.bytes())
    }

    /// How far scans are: see `scan_progress`.
    pub(crate) fn progress(&self) -> PathBuf {
        beside(&self.database, "-scan")
    }

    /// Checks what can be known of the file without opening it.
    pub(crate) fn check_file(&self) -> Result<(), Error> {
        let metadata = std::fs::metadata(&self.database).map_err(|error| self.io(&error))?;
        if metadata.is_dir() {
            return Err(self.error(Reason::Errno(errno::ISDIR)));
        }
        if !metadata.is_file() {
            let error = self.error(Reason::NotADatabase);
            return Err(error.with("not a regular file"));
        }
        if metadata.len() == 0 {
            let error = self.error(Reason::NotADatabase);
            return Err(error.with("the file is empty"));
        }
        if metadata.nlink() > 1 {
            let detail =
                "the file has another name, a hard link, beside which its log does not lie";
            return Err(self.error(Reason::Linked).with(detail));
        }
        if is_mount_point(&self.database) {
            let detail =
                "the file is mounted by itself, and its log would lie on another file system";
            return Err(self.error(Reason::Linked).with(detail));
        }
        self.check_file_system(&self.database)
    }

    pub(crate) fn check_file_system(&self, path: &Path) -> Result<(), Error> {
        let failed = |error| self.io(&std::io::Error::from(error));
        let kind = rustix::fs::statfs(path).map_err(failed)?.f_type as u32;
        if is_network(kind) {
            let detail = format!("a network file system, type {kind:#x}");
            return Err(self.error(Reason::UnsupportedFs).with(detail));
        }
        Ok(())
    }
}

/// A path with a suffix added to its last name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether something is mounted at exactly this path; known since Linux 5.8.
#[cfg(target_os = "linux")]
fn is_mount_point(path: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags};
    let Ok(found) = rustix::fs::statx(CWD, path, AtFlags::empty(), StatxFlags::empty()) else {
        return false;
    };
    let root = StatxAttributes::MOUNT_ROOT;
    found.stx_attributes_mask.contains(root) && found.stx_attributes.contains(root)
}

#[cfg(not(target_os = "linux"))]
fn is_mount_point(_path: &Path) -> bool {
    false
}

/// Whether other machines may have files of this file system open, by f_type (statfs(2) and
/// linux/magic.h).
fn is_network(kind: u32) -> bool {
    matches!(
        kind,
        0x6969 // nfs
            | 0x517b | 0xff53_4d42 | 0xfe53_4d42 // smb, cifs, smb2
            | 0x0102_1997 // 9p
            | 0x5346_414f | 0x6b41_4653 // afs, both of them
            | 0x7375_7245 // coda
            | 0x564c // ncp
            | 0x00c3_6400 // ceph
            | 0x0bd0_0bd0 // lustre
            | 0x4750_4653 // gpfs
            | 0x0116_1970 // gfs2
            | 0x7461_636f // ocfs2
    )
}

/// Removes a file, if there is one.
pub(crate) fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_network;

    #[test]
    fn file_systems_of_other_machines_are_known() {
        for kind in [0x6969, 0xff53_4d42, 0xfe53_4d42, 0x0102_1997, 0x00c3_6400] {
            assert!(is_network(kind), "{kind:#x}");
        }
        // ext4, xfs, btrfs, tmpfs, overlay, zfs.
        for kind in [
            0xef53,
            0x5846_5342,
            0x9123_683e,
            0x0102_1994,
            0x794c_7630,
            0x2fc1_2fc1,
        ] {
            assert!(!is_network(kind), "{kind:#x}");
        }
    }
}
