//! `aether completions` and `aether man`, both from the options themselves.

use clap::CommandFactory;

use crate::failure::{Done, Exit, Failure};
use crate::messages;
use crate::options::{Completions, Man, Options};
use crate::output::Stdout;

/// What a shell needs to complete the commands.
pub fn completions(options: &Completions) -> Done {
    let mut out = Stdout::default();
    clap_complete::generate(
        options.shell,
        &mut Options::command(),
        "aether",
        out.buffer(),
    );
    out.flush()?;
    Ok(Exit::COMPLETE)
}

/// The page of one command, or of all of them one after the other.
pub fn man(options: &Man) -> Done {
    let mut aether = Options::command();
    aether.build();
    let mut out = Stdout::default();
    match &options.command {
        None => {
            render(aether.clone(), &mut out)?;
            for command in aether.get_subcommands() {
                render(command.clone(), &mut out)?;
            }
        }
        Some(name) => {
            let found = aether.find_subcommand(name).cloned();
            let missing = || {
                Failure::usage(format!(
                    "there is no command \"{}\"",
                    messages::shown(name.as_bytes())
                ))
            };
            render(found.ok_or_else(missing)?, &mut out)?;
        }
    }
    out.flush()?;
    Ok(Exit::COMPLETE)
}

fn render(command: clap::Command, out: &mut Stdout) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or("aether").to_owned();
    let page = clap_mangen::Man::new(command).title(name);
    page.render(out.buffer())
        .map_err(|error| Failure::io(&error, "write the page", b""))
}
