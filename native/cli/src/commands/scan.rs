//! `aether scan`: lists and counts what lies beneath PATHs, and keeps it in an index where that is wanted.

pub mod keeping;
mod list;
pub mod target;

use std::os::unix::ffi::OsStrExt;

use aether_core::lines::Style;
use aether_core::slab::Groups;
use aether_core::{Counts, Error, GitUser, Ignore, Options as Walked, Status, Summary};

use self::keeping::Keeping;
use self::list::{Lister, Matcher};
use self::target::ScanTarget;
use super::summary::{self, Shown};
use crate::failure::{Done, Exit, Failure};
use crate::options::{Format, Group, Scan, Walk};
use crate::output::live::Live;
use crate::output::{self, Stdout};
use crate::scanner::{Request, Scanner};

/// How a scan ended, where it began, and what was listed of it, if that was counted here.
type Ended = (Result<Summary, Error>, ScanTarget, Option<Counts>);

/// Scans each PATH in turn.
pub fn run(options: &Scan) -> Done {
    check(options)?;
    let mut scanner = Scanner::new(options.walk.threads.map(|n| n as usize))?;
    let mut command = ScanRun {
        options,
        style: style(&options.format),
        matcher: Matcher::new(&options.filter),
        out: Stdout::default(),
        total: Counts::default(),
        exit: Exit::COMPLETE,
    };
    let here = ["."].map(Into::into);
    let paths = match options.path.as_slice() {
        [] => here.as_slice(),
        paths => paths,
    };
    for path in paths {
        command.scan(&mut scanner, path.as_bytes())?;
        if let Some(signal) = scanner.signal {
            // What is in the buffer by now is of no interest.
            return Ok(Exit::Signal(signal));
        }
    }
    if paths.len() > 1 && command.style.is_none() && !options.quiet {
        let text = summary::total(paths.len(), &command.total, !options.no_metadata);
        command.out.text(&text)?;
    }
    command.out.flush()?;
    Ok(command.exit)
}

struct ScanRun<'a> {
    options: &'a Scan,
    style: Option<Style>,
    matcher: Matcher,
    out: Stdout,
    total: Counts,
    exit: Exit,
}

impl ScanRun<'_> {
    fn scan(&mut self, scanner: &mut Scanner, path: &[u8]) -> Result<(), Failure> {
        let mut walked = walked(&self.options.walk);
        walked.max_errors = if self.options.errors {
            usize::MAX
        } else {
            walked.max_errors
        };
        walked.metadata = self.groups();
        let keeping = Keeping::open(&self.options.keep, &self.options.walk, path, &mut walked);
        let mut keeping = match keeping {
            Err(failure) if failure.exit != Exit::USAGE => return self.fail(failure),
            keeping => keeping?,
        };
        let target = ScanTarget::directory(path);
        let (mut ended, mut target, counted) = self.walk(scanner, target, &walked, &keeping)?;
        let mut tally = counted;
        if let (Err(error), None, Some(entry)) = (&ended, &keeping, ScanTarget::entry(path))
            && target::may_be_entry(error)
            && let (Ok(summary), of_entry, counted) = self.walk(scanner, entry, &walked, &None)?
        {
            (ended, target, tally) = (Ok(summary), of_entry, counted);
        }
        let closed = keeping.as_mut().map_or(Ok(()), Keeping::close);
        self.said(scanner, path, &target, ended, tally, keeping.as_ref())?;
        closed.or_else(|failure| self.fail(failure))
    }

    /// One scan.
    fn walk(
        &mut self,
        scanner: &mut Scanner,
        target: ScanTarget,
        walked: &Walked,
        keeping: &Option<Keeping>,
    ) -> Result<Ended, Failure> {
        // No live line between the entries themselves.
        let is_mixed = self.style.is_some() && output::is_terminal();
        let mut live = Live::new(!is_mixed && !self.options.quiet);
        let request = Request {
            path: target.path.clone(),
            entry: target.entry.clone(),
            options: Walked {
                progress: live.is_wanted(),
                ..walked.clone()
            },
            wants_slabs: self.style.is_some()
                || !self.matcher.takes_all()
                || target.entry.is_some(),
            index: keeping.as_ref().map(Keeping::parts).transpose()?,
        };
        let counts_here = !self.matcher.takes_all() || target.entry.is_some();
        let mut lister = Lister::new(
            self.style,
            &target.prefix,
            &self.matcher,
            &mut self.out,
            &mut live,
        );
        let ended = scanner.run(request, &mut lister);
        let counts = lister.counts;
        live.clear();
        Ok((ended?, target, counts_here.then_some(counts)))
    }

    /// Says how it ended.
    fn said(
        &mut self,
        scanner: &Scanner,
        path: &[u8],
        target: &ScanTarget,
        ended: Result<Summary, Error>,
        tally: Option<Counts>,
        keeping: Option<&Keeping>,
    ) -> Result<(), Failure> {
        let summary = match ended {
            Ok(summary) => summary,
            Err(error) => {
                return self.fail(
                    Error {
                        path: path.to_vec(),
                        ..error
                    }
                    .into(),
                );
            }
        };
        if let (Status::Failed, Some(error)) = (summary.status, &summary.error) {
            self.fail(error.clone().into())?;
        }
        let counts = tally.unwrap_or(summary.counts);
        self.total.add(&counts);
        let shown = Shown {
            path,
            counts: &counts,
            is_filtered: !self.matcher.takes_all(),
            has_metadata: !self.options.no_metadata,
            kept_in: keeping.map(|keeping| keeping.file.as_path()),
            all_errors: self.options.errors,
        };
        let text = summary::text(&shown, &summary);
        if self.style.is_none() && !self.options.quiet {
            self.out.text(&text)?;
            self.out.flush()?;
        } else {
            if scanner.signal.is_none() {
                self.out.flush()?;
            }
            match is_terminal_to_read() && !self.options.quiet {
                true => output::say(&text),
                false => output::say(&summary::errors(&target.prefix, &summary.errors)),
            }
        }
        if summary.status != Status::Complete || summary.errors.count > 0 {
            self.exit = Exit::ERRORS;
        }
        Ok(())
    }

    /// This PATH cannot be scanned; others can.
    fn fail(&mut self, failure: Failure) -> Result<(), Failure> {
        self.out.flush()?;
        self.exit = failure.exit;
        output::say(&format!(
            "aether: {}\n",
            failure.message.unwrap_or_default()
        ));
        Ok(())
    }

    /// What is read of each entry.
    fn groups(&self) -> Groups {
        let options = self.options;
        let group = |group: &Group| match group {
            Group::Disk => Groups::DISK,
            Group::Inode => Groups::INODE,
            Group::Mode => Groups::MODE,
            Group::Times => Groups::TIMES,
            Group::Target => Groups::TARGET,
            Group::Owner => Groups::OWNER,
        };
        let wanted = options.attributes.iter().map(group).collect::<Groups>();
        let names_alone = matches!(self.style, Some(Style::Plain | Style::Print0));
        let is_kept = options.keep.index.is_some() || options.keep.keep;
        // Nothing is read that nobody sees.
        let is_seen = !names_alone || is_kept || self.matcher.wants_metadata();
        match options.no_metadata || !is_seen {
            true => wanted,
            false => wanted | Groups::METADATA,
        }
    }
}

fn is_terminal_to_read() -> bool {
    rustix::termios::isatty(rustix::stdio::stderr())
}

fn check(options: &Scan) -> Result<(), Failure> {
    let keep = &options.keep;
    let is_kept = keep.index.is_some() || keep.keep;
    let needless = [
        (keep.id.is_some(), "--id"),
        (keep.replace_rules, "--replace-rules"),
        (keep.accept_root, "--accept-root"),
    ];
    if let Some((_, name)) = needless.iter().find(|(is_given, _)| *is_given && !is_kept) {
        return Err(Failure::usage(format!(
            "{name} goes with --index or --keep"
        )));
    }
    if keep.id.is_some() && options.path.len() > 1 {
        return Err(Failure::usage("--id names one root: give one PATH"));
    }
    let is_filtered = !Matcher::new(&options.filter).takes_all();
    if is_kept && is_filtered && style(&options.format).is_none() {
        return Err(Failure::usage(
            "an index keeps everything: --type, --extension, --larger and --newer choose what --list, --print0 or --json write",
        ));
    }
    Ok(())
}

fn style(format: &Format) -> Option<Style> {
    match format {
        Format { json: true, .. } => Some(Style::Json),
        Format { print0: true, .. } => Some(Style::Print0),
        Format { list: true, .. } => Some(Style::Plain),
        _ => None,
    }
}

/// The walker's options.
pub fn walked(walk: &Walk) -> Walked {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let bytes = |name: &str| set(name).map(|value| value.as_bytes().to_vec());
    let user = GitUser {
        home: bytes("HOME"),
        config_home: bytes("XDG_CONFIG_HOME"),
    };
    let patterns = walk.exclude.iter().map(|glob| glob.as_bytes().to_vec());
    Walked {
        depth: walk.depth,
        hidden: !walk.no_hidden,
        same_file_system: walk.one_file_system,
        ignore: Ignore {
            git: walk.git_ignore,
            git_user: walk.git_ignore.then_some(user),
            patterns: patterns.collect(),
        },
        threads: walk.threads.map(|threads| threads as usize),
        ..Walked::default()
    }
}
