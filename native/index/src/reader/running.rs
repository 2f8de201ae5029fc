//! Scans that run now, whoever runs them, and how far they are.

use super::pool::Pool;
use super::query;
use crate::error::Error;
use crate::scan_progress::{SLOT, ScanProgress};
use crate::text::Bytes;

/// A scan that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningScan {
    /// The source's id.
    pub source: String,
    /// Where it began, relative to the root.
    pub folder: Vec<u8>,
    /// How far it is: at most a quarter of a second old while its writer is not held up.
    pub progress: ScanProgress,
}

impl Pool {
    /// The running scans whose progress the writer reports. One that has only just begun, or
    /// whose writer could not make the file for it, is missing: `scanning` of answers knows of it.
    pub fn running(&self) -> Result<Vec<RunningScan>, Error> {
        let slots = std::fs::read(self.location().progress()).unwrap_or_default();
        let slots: Vec<_> = slots
            .chunks(SLOT)
            .filter_map(ScanProgress::decode)
            .collect();
        if slots.is_empty() {
            return Ok(Vec::new());
        }
        self.page(|txn| {
            let mut found = Vec::new();
            for (scan, progress) in &slots {
                let row = txn.first(query::RUNNING, [scan], |row| {
                    Ok((row.get(0)?, row.get::<_, Bytes>(1)?.0))
                })?;
                if let Some((source, folder)) = row
                    && txn.liveness.runs(*scan)
                {
                    found.push(RunningScan {
                        source,
                        folder,
                        progress: progress.clone(),
                    });
                }
            }
            Ok(found)
        })
    }
}
