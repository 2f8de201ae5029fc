//! `-o FILE`: scans, if it is to, and writes what is known then.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::ffi::OsStrExt;

use rustix::io::Errno;

use super::driver::Driver;
use super::layer::Layer;
use super::ncdu::{self, ExportFailed};
use super::once;
use crate::failure::{Exit, Failure};
use crate::output;

/// Bytes gathered before they are written.
const ENOUGH: usize = 64 * 1024;

/// Waits for our scan, and writes the folder to a file or, by the name `-`, to stdout.
pub fn run(driver: &mut Driver, file: &OsStr) -> Result<Exit, Failure> {
    if let Some(exit) = once::quiet(driver, false) {
        return Ok(exit);
    }
    let state = &driver.state;
    if let Some(Layer::Dialog(refused)) = state.layers.last() {
        return Err(Failure::new(refused.lines.join(" ")));
    }
    let Some(head) = state.head.as_ref() else {
        let trouble = state.trouble.clone();
        let why = trouble.unwrap_or_else(|| "there is nothing to write: it was not scanned".into());
        return Err(Failure::new(why));
    };
    let seconds = state.now.div_euclid(1000);
    let is_whole = head.totals.exhaustive;
    if head.totals.value.disk.is_none() {
        output::say(
            "  ! sizes on disk are not known before the first whole scan: none are written\n",
        );
    }
    let is_stdout = file == "-";
    let out: Box<dyn Write> = match is_stdout {
        true => Box::new(io::stdout()),
        false => Box::new(File::create(file).map_err(|error| failed(&error, file))?),
    };
    let out = BufWriter::with_capacity(ENOUGH, out);
    let index = driver.index();
    let written = ncdu::write(index.pool()?, &head.source.uuid, &state.place, seconds, out);
    match written {
        Ok(()) => {}
        Err(ExportFailed::Index(error)) => return Err(error.into()),
        Err(ExportFailed::Output(error)) if is_stdout => {
            let errno = error
                .raw_os_error()
                .map_or(Errno::IO, Errno::from_raw_os_error);
            return Err(Failure::output(errno));
        }
        Err(ExportFailed::Output(error)) => return Err(failed(&error, file)),
    }
    if !is_whole {
        let text = "  ! not all could be read, or was: what lacks is marked as read_error\n";
        output::say(text);
        return Ok(Exit::ERRORS);
    }
    Ok(Exit::COMPLETE)
}

fn failed(error: &io::Error, file: &OsStr) -> Failure {
    Failure::io(error, "write", file.as_bytes())
}
