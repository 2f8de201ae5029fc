//! The token that ties a database to its log. A new one is drawn each time the log starts over,
//! reaches the database file with the same checkpoint, and is kept in the sidecar: a file that was
//! put beside the log of another one, or of another time, has another token. SQLite itself would
//! replay that log into it.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::os::unix::fs::FileExt;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::{Error, Reason};
use crate::location::Location;
use crate::record::{FileState, Record};
use crate::registry::{Claim, FileId};

/// Bytes of a page.
const PAGE: usize = 4096;
/// How many comparisons of a database with its sidecar must fail before it is refused, and the time
/// between two of them.
const LOOKS: u32 = 3;
const RETRY: Duration = Duration::from_millis(20);

/// Draws a token that was never used before.
pub(crate) fn draw() -> String {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u128(
        std::time::UNIX_EPOCH
            .elapsed()
            .map_or(0, |since| since.as_nanos()),
    );
    format!("{:016x}", hasher.finish())
}

/// Refuses a database beside which another one's log lies. Reads the file without SQLite: it may
/// contain half of a checkpoint.
pub(crate) fn check_log(location: &Location, file: &File) -> Result<(), Error> {
    for _ in 0..LOOKS {
        let has_log = std::fs::metadata(location.log()).is_ok_and(|log| log.len() > 0);
        let record = Record::read(&location.sidecar);
        let is_unknown = record.tokens.is_empty() || record.page == 0;
        let is_its_own = is_unknown || is_in_page(file, record.page, &record.tokens);
        // The log of a file that is being replaced is there until it has been removed.
        let is_old = record.state != FileState::Restoring
            || FileId::of(file).is_ok_and(|file| record.is_of(file, &location.sidecar));
        if !has_log || is_its_own && is_old {
            return Ok(());
        }
        // A writer in another process may have started its log over just then.
        std::thread::sleep(RETRY);
    }
    let name = |path: std::path::PathBuf| {
        path.as_os_str()
            .as_encoded_bytes()
            .escape_ascii()
            .to_string()
    };
    let detail = format!(
        "remove {} and {} to take the file as it is, without what only that log holds",
        name(location.log()),
        name(location.shared_memory()),
    );
    Err(location.error(Reason::Mixed).with(detail))
}

/// Why the file that readers have open is no longer what its writer, if there is one, wrote last.
/// One that was written by another program while there was no writer is read from its opening on.
pub(crate) fn check_open(location: &Location, claim: &Claim) -> Option<String> {
    for _ in 0..LOOKS {
        let record = Record::read(&location.sidecar);
        let is_unknown = record.tokens.is_empty()
            || record.page == 0
            || !record.is_of(claim.id(), &location.sidecar);
        let is_there = |file: &File| Ok(is_in_page(file, record.page, &record.tokens));
        if is_unknown || claim.with_file(is_there).unwrap_or(false) {
            return None;
        }
        // The writer may have started its log over just then.
        std::thread::sleep(RETRY);
    }
    Some("another program wrote to the file or cut it off".to_owned())
}

/// Whether a page contains one of these tokens.
pub(crate) fn is_in_page(file: &File, page: u32, tokens: &[String]) -> bool {
    let mut bytes = [0; PAGE];
    let at = u64::from(page.saturating_sub(1)) * PAGE as u64;
    let is_read = file.read_exact_at(&mut bytes, at).is_ok();
    let has = |token: &String| memchr::memmem::find(&bytes, token.as_bytes()).is_some();
    is_read && tokens.iter().any(has)
}

/// The token of an open database.
pub(crate) fn read(db: &Connection) -> rusqlite::Result<String> {
    db.query_row("SELECT token FROM state", (), |row| row.get(0))
}

/// The number of the page that contains the token.
pub(crate) fn page(db: &Connection) -> rusqlite::Result<u32> {
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'state'";
    db.prepare_cached(sql)?.query_row((), |row| row.get(0))
}
