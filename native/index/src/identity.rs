//! What makes a file system the same one later: after a reboot st_dev may be another, and another disk may get the same.

use std::fmt;

/// Of a root or a mount point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MountIdentity {
    /// st_ino of the directory.
    pub inode: u64,
    /// Its birth time in ns since the epoch, where the file system keeps one.
    pub birth: Option<i64>,
    /// f_fsid, only from file systems where it is more than the device's number (ext2/3/4, btrfs, tmpfs).
    pub fsid: Option<u64>,
}

impl MountIdentity {
    /// Whether every part that both have is equal.
    pub fn is_same(&self, other: &MountIdentity) -> bool {
        let equal = |a: Option<u64>, b: Option<u64>| a.is_none() || b.is_none() || a == b;
        self.inode == other.inode
            && equal(self.birth.map(|t| t as u64), other.birth.map(|t| t as u64))
            && equal(self.fsid, other.fsid)
    }

    /// Reads what `Display` writes.
    pub fn parse(text: &[u8]) -> Option<MountIdentity> {
        let mut parts = std::str::from_utf8(text).ok()?.split(':');
        let inode = parts.next()?.parse().ok()?;
        let birth = match parts.next()? {
            "-" => None,
            birth => Some(birth.parse().ok()?),
        };
        let fsid = match parts.next()? {
            "-" => None,
            fsid => Some(u64::from_str_radix(fsid, 16).ok()?),
        };
        match parts.next() {
            None => Some(MountIdentity { inode, birth, fsid }),
            Some(_) => None,
        }
    }
}

impl fmt::Display for MountIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.inode)?;
        match self.birth {
            Some(birth) => write!(f, "{birth}:")?,
            None => write!(f, "-:")?,
        }
        match self.fsid {
            Some(fsid) => write!(f, "{fsid:x}"),
            None => write!(f, "-"),
        }
    }
}
