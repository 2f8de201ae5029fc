//! `aether links`: the other names of a file.

use std::os::unix::ffi::OsStrExt;

use aether_core::printable;
use aether_index::Answer;
use aether_index::reader::Links;

use super::answers;
use super::known::OpenIndex;
use crate::failure::{Done, Exit, Failure};
use crate::messages::shown;
use crate::options;
use crate::output::json::Object;
use crate::output::{self, Stdout};
use crate::place;
use crate::words;

const DIRECTORY: u8 = 2;

/// Lists them, and says how many there are elsewhere.
pub fn run(options: &options::Links) -> Done {
    let index = OpenIndex::entry(&options.known, &options.path)?;
    let (source, path) = index.place(&options.known)?;
    let (pool, uuid) = (index.pool()?, &source.value.uuid);
    let answer = pool.links(uuid, &path, options.limit as usize)?;
    let Some(links) = &answer.value else {
        let found = pool.stat(uuid, &path)?.value;
        return Err(nothing(options, found.map(|found| found.kind)));
    };
    let mut out = Stdout::default();
    if options.format.json {
        let about = Object::default()
            .path("root", &source.value.root)
            .path("path", &path)
            .set("source", uuid.as_str())
            .set("nlink", links.nlink.map(i64::from))
            .set("elsewhere", links.elsewhere.map(i64::from))
            .set("more", links.more)
            .with(answers::object(&answer));
        Object::default().set("answer", about).line(out.buffer());
    }
    for other in &links.paths {
        if options.format.json {
            Object::default().path("path", other).line(out.buffer());
            continue;
        }
        let full = place::full(&source.value.root, other);
        match (options.format.print0, output::is_terminal()) {
            (true, _) => out.buffer().extend([full.as_slice(), b"\0"].concat()),
            (_, true) => out.line(&printable::escape(&full))?,
            (_, false) => out.buffer().extend([full.as_slice(), b"\n"].concat()),
        }
        out.pass()?;
    }
    out.flush()?;
    if !options.format.json {
        output::say(&tail(links, &answer));
    }
    let is_known = links.nlink.is_some();
    Ok(if is_known {
        Exit::COMPLETE
    } else {
        Exit::ERRORS
    })
}

fn nothing(options: &options::Links, kind: Option<u8>) -> Failure {
    let path = shown(options.path.as_bytes());
    Failure::new(match kind {
        Some(DIRECTORY) => format!("\"{path}\" is a folder, and has no other names: give a file"),
        _ => format!(
            "the index has no \"{path}\": it may have been removed, or was never scanned. Scan it, or check the spelling"
        ),
    })
}

fn tail<T>(links: &Links, answer: &Answer<T>) -> String {
    let numbers = match (links.nlink, links.elsewhere) {
        (Some(nlink), elsewhere) => {
            let names = words::counted(u64::from(nlink), "name", "names");
            match elsewhere {
                None | Some(0) => names,
                Some(n) => format!(
                    "{names}, {} of them not in this index",
                    words::count(i64::from(n))
                ),
            }
        }
        (None, _) => answers::NO_DISK.to_owned(),
    };
    let more = if links.more {
        "; more with a higher --limit"
    } else {
        ""
    };
    let doubts = answers::doubts(answer, &[]);
    format!("{numbers}{more}, {}\n{doubts}", answers::age(answer))
}
