//! Unpacks a cache file, within limits that do not depend on what the file says about itself.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::{Cache, ImportRefused};

/// 8 MB, as much as zstd uses at its usual levels; the decoder allocates what the file asks for up
/// to this.
const WINDOW_LOG: u32 = 23;

/// Caches unpack to four times their size or so; no true one comes near to this.
const RATIO: u64 = 256;

const MOST: u64 = 2 << 30;

/// Reads a cache file.
pub fn read(path: &Path) -> Result<Cache, ImportRefused> {
    // A FIFO would wait for somebody to write.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(ImportRefused::Io(22, "no regular file".into()));
    }
    Cache::decode(inflate(file, metadata.len())?)
}

/// Unpacks zstd of this many bytes.
pub(super) fn inflate(packed: impl Read, length: u64) -> Result<Vec<u8>, ImportRefused> {
    let zstd = |error: std::io::Error| match error.raw_os_error() {
        Some(_) => ImportRefused::from(error),
        None => ImportRefused::Zstd(error.to_string()),
    };
    let most = length
        .saturating_mul(RATIO)
        .saturating_add(1 << 16)
        .min(MOST);
    let mut decoder = zstd::Decoder::new(packed).map_err(zstd)?;
    decoder.window_log_max(WINDOW_LOG).map_err(zstd)?;
    let mut raw = Vec::new();
    decoder
        .take(most.saturating_add(1))
        .read_to_end(&mut raw)
        .map_err(zstd)?;
    match raw.len() as u64 > most {
        true => Err(ImportRefused::TooLarge),
        false => Ok(raw),
    }
}
