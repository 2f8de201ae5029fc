//! `aether du`: what takes up space, as du says it.

mod known;
mod lines;
mod tree;
mod unit;

use std::os::unix::ffi::OsStrExt;

use aether_core::slab::{Entry, Groups, Kind, Metadata, Slab};
use aether_core::{Options as Walked, Progress, Status, Summary};
use aether_index::sink::Written;

use self::lines::Lines;
use self::tree::{Line, Seen, Tree};
use super::scan::target::{ScanTarget, may_be_entry};
use super::{scan, summary};
use crate::failure::{Done, Exit, Failure};
use crate::options::{Du, Walk};
use crate::output;
use crate::output::live::Live;
use crate::scanner::{Observer, Request, Scanner};

/// Adds up each PATH in turn.
pub fn run(options: &Du) -> Done {
    let here = ["."].map(Into::into);
    let paths = match options.path.as_slice() {
        [] => here.as_slice(),
        paths => paths,
    };
    if options.known {
        return known::run(options, paths);
    }
    let mut command = DuRun {
        options,
        scanner: Scanner::new(options.threads.map(|n| n as usize))?,
        // What one PATH had, another has not again.
        seen: Seen::new(paths.len() > 1),
        lines: Lines::new(options),
        exit: Exit::COMPLETE,
    };
    for path in paths {
        command.path(path.as_bytes())?;
        if let Some(signal) = command.scanner.signal {
            command.lines.finish()?;
            return Ok(Exit::Signal(signal));
        }
    }
    command.lines.finish()?;
    Ok(command.exit)
}

struct DuRun<'a> {
    options: &'a Du,
    scanner: Scanner,
    seen: Seen,
    lines: Lines,
    exit: Exit,
}

impl DuRun<'_> {
    fn path(&mut self, path: &[u8]) -> Result<(), Failure> {
        let Some(root) = self.look(path)? else {
            return Ok(());
        };
        let mut tree = Tree::new(self.options.all, root.1, self.lines.unit.is_apparent());
        if root.0 == Kind::Directory {
            self.walk(path, &mut tree)?;
        }
        let (own, prefix) = lines::names(path);
        let lines = &mut self.lines;
        let mut write = |line: Line<'_>| match line.path {
            [] => lines.write(line.depth, line.size, &own),
            path => lines.write(line.depth, line.size, &[&prefix, path].concat()),
        };
        let total = tree.finish(&mut self.seen, &mut write)?;
        self.lines.add(total);
        self.lines.flush()
    }

    /// What PATH itself is; a link is not followed, unless a slash stands behind it.
    fn look(&mut self, path: &[u8]) -> Result<Option<(Kind, Metadata)>, Failure> {
        let mut found = FoundRoot::default();
        let folder = ScanTarget::directory(path);
        let mut targets = ScanTarget::entry(path).into_iter().collect::<Vec<_>>();
        let is_dots = path.ends_with(b".")
            && ScanTarget::entry(path)
                .is_some_and(|target| matches!(target.entry.as_deref(), Some(b"." | b"..")));
        if targets.is_empty() || is_dots {
            targets = vec![ScanTarget {
                entry: Some(Vec::new()),
                ..folder
            }];
        }
        for target in targets {
            let request = Request {
                path: target.path,
                entry: target.entry,
                options: self.walked(),
                wants_slabs: true,
                index: None,
            };
            if let Err(error) = self.scanner.run(request, &mut found)? {
                let path = path.to_vec();
                self.fail(aether_core::Error { path, ..error })?;
                return Ok(None);
            }
        }
        Ok(found.0)
    }

    fn walk(&mut self, path: &[u8], tree: &mut Tree) -> Result<(), Failure> {
        let live = Live::new(true);
        let mut adder = Adder {
            tree,
            seen: &mut self.seen,
            same_device: self.options.one_file_system,
            live,
        };
        let request = Request {
            path: path.to_vec(),
            entry: None,
            options: Walked {
                progress: adder.live.is_wanted(),
                ..walked(self.options)
            },
            wants_slabs: true,
            index: None,
        };
        let ended = self.scanner.run(request, &mut adder);
        adder.live.clear();
        match ended? {
            Ok(summary) => self.said(path, &summary),
            Err(error) if may_be_entry(&error) => Ok(()),
            Err(error) => {
                let path = path.to_vec();
                self.fail(aether_core::Error { path, ..error })
            }
        }
    }

    fn said(&mut self, path: &[u8], summary: &Summary) -> Result<(), Failure> {
        if let (Status::Failed, Some(error)) = (summary.status, &summary.error) {
            self.fail(error.clone())?;
        }
        if summary.status != Status::Complete || summary.errors.count > 0 {
            self.exit = Exit::ERRORS;
        }
        output::say(&summary::errors(
            &ScanTarget::directory(path).prefix,
            &summary.errors,
        ));
        Ok(())
    }

    fn fail(&mut self, error: aether_core::Error) -> Result<(), Failure> {
        self.lines.flush()?;
        self.exit = Exit::ERRORS;
        let message = Failure::from(error).message.unwrap_or_default();
        output::say(&format!("aether: {message}\n"));
        Ok(())
    }

    fn walked(&self) -> Walked {
        Walked {
            metadata: Groups::METADATA | Groups::DISK | Groups::INODE,
            ..Walked::default()
        }
    }
}

fn walked(options: &Du) -> Walked {
    let walked = scan::walked(&Walk {
        one_file_system: options.one_file_system,
        exclude: options.exclude.clone(),
        threads: options.threads,
        ..Walk::default()
    });
    Walked {
        metadata: Groups::METADATA | Groups::DISK | Groups::INODE,
        ..walked
    }
}

/// The one entry that was looked at.
#[derive(Default)]
struct FoundRoot(Option<(Kind, Metadata)>);

impl Observer for FoundRoot {
    fn slab(&mut self, slab: &Slab<'_>) -> Result<(), Failure> {
        let known = |entry: Entry<'_>| Some((entry.kind, entry.metadata?));
        self.0 = slab.entries().find_map(known).or(self.0);
        Ok(())
    }

    fn progress(&mut self, _: &Progress, _: Option<Written>) {}
}

/// Adds entries to a tree.
struct Adder<'a> {
    tree: &'a mut Tree,
    seen: &'a mut Seen,
    same_device: bool,
    live: Live,
}

impl Observer for Adder<'_> {
    fn slab(&mut self, slab: &Slab<'_>) -> Result<(), Failure> {
        for entry in slab.entries() {
            let known = entry.metadata;
            let is_elsewhere = |known: &Metadata| known.device != self.tree.device();
            if self.same_device && known.as_ref().is_some_and(is_elsewhere) {
                continue;
            }
            self.tree.add(&entry, self.seen);
        }
        Ok(())
    }

    fn progress(&mut self, progress: &Progress, written: Option<Written>) {
        self.live.show(progress, written);
    }
}
