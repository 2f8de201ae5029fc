//! An index for one search, of a tree that no other index knows. It is gone when the search is over.

use std::fs::DirBuilder;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use aether_core::slab::Slab;
use aether_core::{Options as Walked, Progress, Status};
use aether_index::sink::Written;
use aether_index::{OpenOptions, Rules, ScanSpec};

use super::super::LocalIndex;
use super::super::summary;
use super::walked;
use crate::failure::Failure;
use crate::output;
use crate::output::live::Live;
use crate::scanner::{Observer, Request, Scanner};

/// The index, and its folder.
pub struct Unkept {
    pub state: LocalIndex,
    folder: PathBuf,
}

impl Unkept {
    /// Scans a tree; or the signal that ended that.
    pub fn scan(path: &[u8]) -> Result<Result<Unkept, i32>, Failure> {
        let folder = make_folder()?;
        let unkept = Unkept {
            state: LocalIndex::new(false, usize::MAX),
            folder,
        };
        let file = unkept.folder.join("index.db");
        unkept.state.open(&file, OpenOptions::default())?;
        let writer = unkept.state.writer()?;
        let mut live = Showing(Live::new(true));
        let options = Walked {
            progress: live.0.is_wanted(),
            ..walked()
        };
        let spec = ScanSpec {
            rules: Some(Rules::from(&options)),
            ..ScanSpec::default()
        };
        let mut scanner = Scanner::new(None)?;
        let request = Request {
            path: path.to_vec(),
            entry: None,
            options,
            wants_slabs: false,
            index: Some((&writer, spec)),
        };
        let ended = scanner.run(request, &mut live);
        live.0.clear();
        let summary = ended??;
        if let Some(signal) = scanner.signal {
            return Ok(Err(signal));
        }
        if let (Status::Failed, Some(error)) = (summary.status, &summary.error) {
            return Err(error.clone().into());
        }
        output::say(&summary::errors(b"", &summary.errors));
        Ok(Ok(unkept))
    }
}

impl Drop for Unkept {
    fn drop(&mut self) {
        let _ = self.state.close();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A folder that nobody else can look into.
fn make_folder() -> Result<PathBuf, Failure> {
    let among = std::env::var_os("TMPDIR").filter(|value| !value.is_empty());
    let among = PathBuf::from(among.unwrap_or_else(|| "/var/tmp".into()));
    let mut number = u64::from(std::process::id());
    loop {
        let folder = among.join(format!("aether-{number}"));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1 << 32,
            Err(error) => {
                let folder = folder.as_os_str().as_bytes();
                return Err(Failure::io(&error, "make the folder", folder));
            }
        }
    }
}

struct Showing(Live);

impl Observer for Showing {
    fn slab(&mut self, _: &Slab<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn progress(&mut self, progress: &Progress, written: Option<Written>) {
        self.0.show(progress, written);
    }
}
