//! `du --known`: the same lines from an index, which knows what each folder takes up with all beneath it.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use aether_core::path;
use aether_index::reader::{Child, ChildrenOptions, Cursor, Pool};
use aether_index::{Answer, Error, Reason};

use super::super::answers;
use super::super::known::OpenIndex;
use super::lines::{self, Lines};
use crate::cells;
use crate::failure::{Done, Exit, Failure};
use crate::messages::shown;
use crate::options::{Du, Known};
use crate::output;
use crate::place;

/// Children asked for at a time.
const PAGE: usize = 1000;
const DIRECTORY: u8 = 2;

/// Answers for each PATH in turn.
pub fn run(options: &Du, paths: &[OsString]) -> Done {
    let known = Known {
        index: options.index.clone(),
        source: options.source.clone(),
    };
    let mut lines = Lines::new(options);
    let mut counted = KnownTotals::default();
    let mut exit = Exit::COMPLETE;
    for path in paths {
        let told = OpenIndex::entry(&known, path).and_then(|index| {
            tell(
                options,
                &known,
                &index,
                path.as_bytes(),
                &mut lines,
                &mut counted,
            )
        });
        match told {
            Ok(is_complete) if is_complete => {}
            Ok(_) => exit = Exit::ERRORS,
            // The other PATHs may be known.
            Err(Failure {
                message: Some(message),
                exit: Exit::Status(_),
            }) if paths.len() > 1 => {
                lines.flush()?;
                output::say(&format!("aether: {message}\n"));
                exit = Exit::ERRORS;
            }
            Err(failure) => return Err(failure),
        }
    }
    lines.add(counted.total());
    lines.finish()?;
    if options.total && counted.shared > 1 && !options.bytes {
        output::say(
            "  ! the total reads \"at most\": what has names in several PATHs is in each of them\n",
        );
    }
    Ok(exit)
}

/// What the sum of all PATHs is of.
#[derive(Default)]
struct KnownTotals {
    /// From the top, with all beneath.
    paths: Vec<(Vec<u8>, u64)>,
    /// How many have something with names elsewhere.
    shared: usize,
}

impl KnownTotals {
    /// Without those that are beneath another, or the same.
    fn total(&self) -> u64 {
        let mut total = 0_u64;
        for (number, (path, size)) in self.paths.iter().enumerate() {
            let mut others = self.paths.iter().enumerate();
            let is_counted = others.any(|(at, (other, _))| match path == other {
                true => at < number,
                false => path::is_within(path, other),
            });
            if !is_counted {
                total = total.saturating_add(*size);
            }
        }
        total
    }
}

/// Says what is known of a PATH. Returns whether that is all there is.
fn tell(
    options: &Du,
    known: &Known,
    index: &OpenIndex,
    said: &[u8],
    lines: &mut Lines,
    counted: &mut KnownTotals,
) -> Result<bool, Failure> {
    let (source, at) = index.place(known)?;
    let (pool, uuid) = (index.pool()?, source.value.uuid.as_str());
    let answer = pool.stat(uuid, &at)?;
    let Some(child) = &answer.value else {
        return Err(Failure::new(format!(
            "the index has no \"{}\": it may have been removed, or was never scanned. Leave out --known to look",
            shown(said)
        )));
    };
    let is_apparent = options.bytes;
    let Some(size) = size(child, is_apparent) else {
        let why = match is_apparent {
            true => "its size is not known",
            false => answers::NO_DISK,
        };
        return Err(Failure::new(format!(
            "cannot tell what \"{}\" takes up: {why}. Leave out --known, or scan it",
            shown(said)
        )));
    };
    let (own, prefix) = lines::names(said);
    let mut is_pending = false;
    if child.kind == DIRECTORY {
        is_pending = pool.totals(uuid, &at)?.value.disk_pending && !is_apparent;
        let mut tree = KnownTree {
            pool,
            uuid,
            options,
            prefix: &prefix,
            lines,
        };
        tree.beneath(at.clone())?;
    }
    lines.write(0, size, &own)?;
    let full = place::full(&source.value.root, &at);
    let is_shared = match child.kind {
        DIRECTORY => child.disk_unshared < child.disk,
        _ => child.nlink.is_some_and(|nlink| nlink > 1),
    };
    counted.shared += usize::from(is_shared);
    counted.paths.push((full, size));
    lines.flush()?;
    output::say(&note(&answer, &own, child.unknown_below, is_pending));
    Ok(answer.exhaustive && answer.unreadable.count == 0)
}

/// How old it is, and what there is to doubt.
fn note(answer: &Answer<Option<Child>>, own: &[u8], unknown: Option<i64>, pending: bool) -> String {
    let doubts = [
        answers::unknown(unknown.unwrap_or(0)),
        answers::pending(pending),
    ];
    let doubts = answers::doubts(answer, &doubts);
    format!("{}: {}\n{doubts}", cells::shown(own), answers::age(answer))
}

/// What takes up space, or with -b what files contain.
fn size(child: &Child, is_apparent: bool) -> Option<u64> {
    match is_apparent {
        // Links and others add nothing: a folder has the sum of its regular files.
        true if child.kind > DIRECTORY => Some(0),
        true => Some(child.bytes?.max(0).unsigned_abs()),
        false => child.disk,
    }
}

struct KnownTree<'a> {
    pool: &'a Pool,
    uuid: &'a str,
    options: &'a Du,
    prefix: &'a [u8],
    lines: &'a mut Lines,
}

/// A folder whose children are written, and the size of its own line.
struct WrittenFolder {
    folder: Vec<u8>,
    size: Option<u64>,
    left: std::vec::IntoIter<Child>,
    next: Option<Cursor>,
}

impl KnownTree<'_> {
    /// All lines beneath a folder, each folder's after those beneath it.
    fn beneath(&mut self, top: Vec<u8>) -> Result<(), Failure> {
        let from = match top.len() {
            0 => 0,
            length => length + 1,
        };
        let mut way = Vec::new();
        if self.is_wanted(1) {
            way.push(self.step(top, None)?);
        }
        while let Some(step) = way.last_mut() {
            let Some(child) = step.left.next() else {
                if let Some(after) = step.next.take() {
                    (step.left, step.next) = self.page(&step.folder, Some(after))?;
                    continue;
                }
                let done = way.pop();
                if let Some(WrittenFolder {
                    folder,
                    size: Some(size),
                    ..
                }) = done
                {
                    self.line(way.len(), size, folder.get(from..).unwrap_or_default())?;
                }
                continue;
            };
            let is_folder = child.kind == DIRECTORY;
            if !is_folder && !self.options.all {
                // Folders come first.
                (step.left, step.next) = (Vec::new().into_iter(), None);
                continue;
            }
            let Some(size) = size(&child, self.options.bytes) else {
                continue;
            };
            let path = path::join(&step.folder, &child.name);
            match is_folder && self.is_wanted(way.len() + 1) {
                true => {
                    let step = self.step(path, Some(size))?;
                    way.push(step);
                }
                false => self.line(way.len(), size, path.get(from..).unwrap_or_default())?,
            }
        }
        Ok(())
    }

    fn is_wanted(&self, depth: usize) -> bool {
        self.lines.most.is_none_or(|most| depth <= most as usize)
    }

    fn line(&mut self, depth: usize, size: u64, path: &[u8]) -> Result<(), Failure> {
        let depth = u32::try_from(depth).unwrap_or(u32::MAX);
        self.lines.write(depth, size, &[self.prefix, path].concat())
    }

    fn step(&self, folder: Vec<u8>, size: Option<u64>) -> Result<WrittenFolder, Failure> {
        let (left, next) = self.page(&folder, None)?;
        Ok(WrittenFolder {
            folder,
            size,
            left,
            next,
        })
    }

    fn page(
        &self,
        folder: &[u8],
        after: Option<Cursor>,
    ) -> Result<(std::vec::IntoIter<Child>, Option<Cursor>), Failure> {
        let page = ChildrenOptions {
            limit: PAGE,
            after,
            ..ChildrenOptions::default()
        };
        match self.pool.children(self.uuid, folder, &page) {
            Ok(answer) => Ok((answer.value.children.into_iter(), answer.value.next)),
            // A scan has removed it since.
            Err(Error {
                reason: Reason::NoFolder,
                ..
            }) => Ok((Vec::new().into_iter(), None)),
            Err(error) => Err(error.into()),
        }
    }
}
