//! The numbers that columns hold for kinds, and for the statuses of listings and scans, with the
//! names of those.

/// Values of `files.kind`, as in a slab.
pub mod kind {
    use aether_core::slab::Kind;

    /// It could not be found out.
    pub const UNKNOWN: i64 = Kind::Unknown as i64;
    /// A regular file.
    pub const FILE: i64 = Kind::File as i64;
}

/// Values of `dirs.status` beyond those of a slab's closing records.
pub mod listing {
    use aether_core::slab::status;

    /// Never listed, or never to its end.
    pub const UNREAD: i64 = 0;
    /// Another file system than the stored one lies here now.
    pub const UNMOUNTED: i64 = 6;

    /// Whether a directory with this status may hold things that are not known.
    pub fn is_unknown(value: i64) -> bool {
        let known = [status::COMPLETE, status::OTHER_FILE_SYSTEM, status::LOOP];
        !known.iter().any(|&status| i64::from(status) == value)
    }

    /// Whether a scan that finds this status goes on beneath the directory. An unread directory was
    /// passed on the way to a listed one beneath it.
    pub fn is_entered(value: i64) -> bool {
        let entered = [status::COMPLETE, status::CHANGING];
        value == UNREAD || entered.iter().any(|&status| i64::from(status) == value)
    }

    /// Whether a directory with this status is not to be entered: it lies on another file system, or
    /// is one of its own ancestors.
    pub fn is_left_out(value: i64) -> bool {
        let left_out = [status::OTHER_FILE_SYSTEM, status::LOOP];
        left_out.iter().any(|&status| i64::from(status) == value)
    }

    /// Whether it was read to its end while it kept changing.
    pub fn is_changing(value: i64) -> bool {
        value == i64::from(status::CHANGING)
    }

    /// Whether it could not be opened, or not be read to its end.
    pub fn is_failed(value: i64) -> bool {
        errno(value).is_some()
    }

    /// Why not: the errno of Linux.
    pub fn errno(value: i64) -> Option<i32> {
        u32::try_from(value).ok().and_then(status::to_errno)
    }

    /// The name of a status that is not an errno.
    pub fn name(value: i64) -> &'static str {
        match u32::try_from(value) {
            Ok(status::COMPLETE) => "complete",
            Ok(status::OTHER_FILE_SYSTEM) => "other_file_system",
            Ok(status::LOOP) => "loop",
            Ok(status::VANISHED) => "vanished",
            Ok(status::CHANGING) => "changing",
            _ if value == UNMOUNTED => "unmounted",
            _ => "unread",
        }
    }
}

/// Values of `scans.status` and `sources.last_scan_status`.
pub mod scan_status {
    /// It has not ended, or its writer died before it could say so.
    pub const RUNNING: i64 = 0;
    /// Everything was read.
    pub const COMPLETE: i64 = 1;
    /// Something could not be read.
    pub const PARTIAL: i64 = 2;
    /// Cancelled.
    pub const CANCELLED: i64 = 3;
    /// It failed.
    pub const FAILED: i64 = 4;
    /// Its writer died.
    pub const CRASHED: i64 = 5;

    /// The name of a status.
    pub fn name(value: i64) -> &'static str {
        match value {
            RUNNING => "running",
            COMPLETE => "complete",
            PARTIAL => "partial",
            CANCELLED => "cancelled",
            CRASHED => "crashed",
            _ => "failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{listing, scan_status};
    use aether_core::slab::status;

    #[test]
    fn every_status_has_a_name_of_its_own_or_an_errno() {
        let listings = (0..=6).map(listing::name);
        let names = "unread complete other_file_system loop vanished changing unmounted";
        assert_eq!(listings.collect::<Vec<_>>().join(" "), names);
        let scans = (0..=5).map(scan_status::name);
        let names = "running complete partial cancelled failed crashed";
        assert_eq!(scans.collect::<Vec<_>>().join(" "), names);
        for number in [1, 13, 4095] {
            let value = i64::from(status::errno(number));
            assert_eq!(listing::errno(value), Some(number));
        }
        for value in [-1, 0, 6, 255, 256, 256 + 4096, i64::MAX] {
            assert_eq!(listing::errno(value), None, "{value}");
        }
    }
}
