//! Writes how far scans are to `<db>-scan`, for other processes. Nothing depends on it: where it
//! cannot be written, others see a scan that runs and not how far it is.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::time::{Duration, Instant};

use rustix::fs::OFlags;

use crate::location::Location;
use crate::lock::follow_mode;
use crate::scan_progress::{SLOT, ScanProgress};

/// How long between two writes.
pub(super) const EVERY: Duration = Duration::from_millis(250);

pub(super) struct ProgressFile {
    file: Option<File>,
    slots: Vec<Slot>,
    due: Instant,
}

/// What was written last, and of which scan; None if the slot is free.
struct Slot(Option<(i64, [u8; SLOT])>);

impl ProgressFile {
    /// Begins an empty file, with the permissions of the database.
    pub fn open(location: &Location) -> ProgressFile {
        let open = || {
            let mode = std::fs::metadata(&location.database)?.mode() & 0o777;
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true).mode(mode);
            options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
            let file = options.open(location.progress())?;
            follow_mode(&file, mode)?;
            Ok(file)
        };
        let file: std::io::Result<File> = open();
        ProgressFile {
            file: file.ok(),
            slots: Vec::new(),
            due: Instant::now(),
        }
    }

    /// Whether it is time to write again.
    pub fn is_due(&mut self) -> bool {
        let now = Instant::now();
        let is_due = self.file.is_some() && now >= self.due;
        if is_due {
            self.due = now + EVERY;
        }
        is_due
    }

    /// Writes how far a scan is, if that has changed.
    pub fn write(&mut self, scan: i64, progress: &ScanProgress) {
        let Some(file) = &self.file else { return };
        let bytes = progress.encode(scan);
        let own = |slot: &Slot| slot.0.is_some_and(|(other, _)| other == scan);
        let place = self.slots.iter().position(own);
        let place = place.or_else(|| self.slots.iter().position(|slot| slot.0.is_none()));
        let place = place.unwrap_or(self.slots.len());
        if place == self.slots.len() {
            self.slots.push(Slot(None));
        }
        if let Some(slot) = self.slots.get_mut(place)
            && slot.0 != Some((scan, bytes))
        {
            slot.0 = Some((scan, bytes));
            let _ = file.write_all_at(&bytes, (place * SLOT) as u64);
        }
    }

    /// Frees the slot of a scan that has ended.
    pub fn clear(&mut self, scan: i64) {
        for (place, slot) in self.slots.iter_mut().enumerate() {
            if slot.0.take_if(|(other, _)| *other == scan).is_some()
                && let Some(file) = &self.file
            {
                let _ = file.write_all_at(&[0; SLOT], (place * SLOT) as u64);
            }
        }
    }
}
