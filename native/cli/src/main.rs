//! `aether`: a program for people in terminals, on top of the walker and the index.

mod cells;
mod commands;
mod explore;
mod failure;
mod messages;
mod options;
mod os;
mod output;
mod place;
mod scanner;
mod signals;
mod words;

use std::process::ExitCode;

use aether_core::{grow_descriptor_table, printable};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::failure::{Done, Exit, Failure};
use crate::options::Options;

fn main() -> ExitCode {
    grow_descriptor_table();
    let done = match Options::try_parse() {
        Ok(options) => commands::run(options.command),
        Err(error) => answer(&error),
    };
    let exit = done.unwrap_or_else(|failure| {
        if let Some(message) = failure.message {
            output::say(&format!("aether: {message}\n"));
        }
        failure.exit
    });
    match exit {
        Exit::Status(status) => ExitCode::from(status),
        Exit::Signal(signal) => signals::end_by(signal),
    }
}

/// What clap has to say: help on stdout, or what is wrong with the words, in one line that is safe to print.
fn answer(error: &clap::Error) -> Done {
    let text = error.render().to_string();
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let mut out = output::Stdout::default();
        out.line(text.trim_end())?;
        out.flush()?;
        return Ok(Exit::COMPLETE);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Err(Failure::usage("a command is missing\nTry 'aether --help'."));
    }
    let what = text.split("\n\nUsage:").next().unwrap_or_default();
    let what = what.split("\n\nFor more").next().unwrap_or_default();
    let what = what.strip_prefix("error: ").unwrap_or(what);
    let lines = what.lines().map(str::trim).filter(|line| !line.is_empty());
    let what = lines.collect::<Vec<_>>().join(" ");
    let what = printable::escape(what.as_bytes());
    Err(Failure::usage(format!(
        "{what}\nTry '{} --help'.",
        command_said()
    )))
}

/// The command that the words are for.
fn command_said() -> String {
    let word = std::env::args_os()
        .nth(1)
        .and_then(|word| word.into_string().ok());
    let command = Options::command();
    let known = word.filter(|word| command.find_subcommand(word).is_some());
    known.map_or("aether".to_owned(), |known| format!("aether {known}"))
}
