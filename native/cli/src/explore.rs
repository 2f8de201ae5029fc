//! `aether explore`: a tree on the whole screen, from its index, while it is scanned and afterwards.
//!
//! The main thread has the state ([`state`]) and changes it by one pure function ([`update`]); it never waits for a file
//! system or for SQLite. Others do: [`ask`] reads the index, [`scan`] scans, and their answers come as messages.

mod act;
mod ask;
mod driver;
mod editor;
mod export;
mod input;
mod layer;
mod measure;
mod message;
mod ncdu;
mod once;
mod open;
mod order;
mod page;
mod quote;
mod removal;
mod scan;
mod shared;
mod signal;
mod state;
mod terminal;
mod theme;
mod update;
mod view;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;

use rustix::termios::isatty;

use self::driver::Driver;
use self::scan::ScanSetup;
use self::state::Settings;
use crate::commands::scan::walked;
use crate::failure::{Done, Failure};
use crate::options::{ColorWhen, Explore};
use crate::output;

/// The size of the screen that `--once` prints, unless another is given.
const SIZE: (u16, u16) = (100, 30);

/// Shows it, or prints one screen of it.
pub fn run(options: &Explore) -> Done {
    let keys = options.once.as_deref().map(keys).transpose()?;
    if keys.is_none() && options.output.is_none() {
        check_terminal()?;
    }
    let opened = open::open(options)?;
    let is_attached = opened.only_reads.is_some();
    let settings = Settings {
        ascii: options.ascii || !is_utf8(),
        color: match options.color {
            ColorWhen::Auto => std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            ColorWhen::Always => true,
            ColorWhen::Never => false,
        },
        only_reads: opened.only_reads,
        is_unkept: opened.temporary.is_some(),
        is_attached,
        is_once: keys.is_some() || options.output.is_some(),
        is_still: std::env::var_os("AETHER_NOW").is_some(),
        may_delete: options.allow_delete,
    };
    let walk = &options.walk;
    let how = ScanSetup {
        walked: walked(walk),
        has_rules: walk.no_hidden
            || walk.one_file_system
            || walk.git_ignore
            || !walk.exclude.is_empty(),
    };
    let size = options.size.unwrap_or(SIZE);
    let fixed = std::env::var("AETHER_NOW")
        .ok()
        .and_then(|now| now.parse::<i64>().ok());
    let fixed = fixed.map(|seconds| seconds.saturating_mul(1000));
    let mut driver = Driver::start(&opened, settings, how, size, fixed)?;
    if !options.no_scan && !is_attached && opened.is_there {
        driver.scan();
    }
    if !opened.is_there {
        let text = "it is not there any more: this is what was known of it";
        driver.state.notice = Some(text.to_owned());
    }
    let exit = match (keys, &options.output) {
        (_, Some(file)) => export::run(&mut driver, file),
        (Some(keys), None) => once::run(&mut driver, &keys, options.live),
        (None, None) => terminal::run(&mut driver, !options.no_mouse),
    };
    let printed = driver.state.printed.take();
    let ended = driver.end(&opened);
    let exit = exit?;
    ended?;
    printed.map_or(Ok(()), |folder| print(&folder))?;
    Ok(exit)
}

fn keys(text: &str) -> Result<Vec<input::Key>, Failure> {
    input::parse(text).map_err(|wrong| {
        let wrong = aether_core::printable::escape(wrong.as_bytes());
        Failure::usage(format!(
            "--once has a key that there is not: \"{wrong}\". Keys are named as for tmux, apart by spaces: j Enter C-p Escape PageDown"
        ))
    })
}

/// The folder that was left with `Q`: for a person as a shell reads it, for a program as it is.
fn print(folder: &[u8]) -> Result<(), Failure> {
    let mut out = output::Stdout::default();
    match output::is_terminal() {
        true => out.buffer().extend(quote::quoted(folder)),
        false => out.buffer().extend_from_slice(folder),
    }
    out.buffer().push(b'\n');
    out.flush()
}

fn check_terminal() -> Result<(), Failure> {
    let once = "or print one screen of it with --once=KEYS";
    let has_screen = output::is_terminal() || isatty(rustix::stdio::stderr());
    if !has_screen || !isatty(rustix::stdio::stdin()) {
        return Err(Failure::usage(format!(
            "explore needs a terminal for keys and screen: run it in one, {once}"
        )));
    }
    let term = std::env::var_os("TERM").filter(|term| !term.is_empty());
    if term.is_none_or(|term| term == "dumb") {
        return Err(Failure::usage(format!(
            "this terminal cannot place text (TERM is dumb or not set): use another, {once}"
        )));
    }
    Ok(())
}

/// Whether the locale says that the terminal shows UTF-8. Where nothing says anything, it does.
fn is_utf8() -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let mut set = names.iter().filter_map(std::env::var_os);
    let set = set.find(|value| !value.is_empty());
    let set = set.map(|value| value.to_string_lossy().to_ascii_lowercase());
    set.is_none_or(|value| value.contains("utf-8") || value.contains("utf8"))
}
