//! Entries on their way to stdout: those that are wanted, counted.

use std::os::unix::ffi::OsStrExt;
use std::time::{SystemTime, UNIX_EPOCH};

use aether_core::lines::{Lines, Style};
use aether_core::slab::{self, Entry, Slab};
use aether_core::{Counts, Progress, path, printable};
use aether_index::sink::Written;

use crate::failure::Failure;
use crate::options::{Filter, Kind};
use crate::output::live::Live;
use crate::output::{self, Stdout};
use crate::scanner::Observer;

/// Which entries are wanted.
#[derive(Default)]
pub struct Matcher {
    kinds: Vec<Kind>,
    /// With their dots, in lower case.
    endings: Vec<Vec<u8>>,
    larger: Option<u64>,
    /// In ns since the epoch.
    newer: Option<i64>,
}

impl Matcher {
    /// As the options say.
    pub fn new(filter: &Filter) -> Matcher {
        let ending = |text: &std::ffi::OsString| {
            let text = text.as_bytes().to_ascii_lowercase();
            [b".", text.strip_prefix(b".").unwrap_or(&text)].concat()
        };
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let since = |age| i64::try_from(now.saturating_sub(age).as_nanos()).unwrap_or(i64::MAX);
        Matcher {
            kinds: filter.kind.clone(),
            endings: filter.extension.iter().map(ending).collect(),
            larger: filter.larger,
            newer: filter.newer.map(since),
        }
    }

    /// Whether nothing is left out.
    pub fn takes_all(&self) -> bool {
        self.kinds.is_empty() && self.endings.is_empty() && !self.wants_metadata()
    }

    /// Whether it has to know sizes or times.
    pub fn wants_metadata(&self) -> bool {
        self.larger.is_some() || self.newer.is_some()
    }

    fn takes(&self, entry: &Entry<'_>) -> bool {
        let kind = match entry.kind {
            slab::Kind::File => Some(Kind::File),
            slab::Kind::Directory => Some(Kind::Directory),
            slab::Kind::Symlink => Some(Kind::Symlink),
            slab::Kind::Other => Some(Kind::Other),
            slab::Kind::Unknown => None,
        };
        let is_kind = self.kinds.is_empty() || kind.is_some_and(|kind| self.kinds.contains(&kind));
        let ends = |ending: &Vec<u8>| {
            let at = entry
                .name
                .len()
                .checked_sub(ending.len())
                .filter(|at| *at > 0);
            let end = at.and_then(|at| entry.name.get(at..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(ending))
        };
        let is_named = self.endings.is_empty() || self.endings.iter().any(ends);
        is_kind && is_named && self.takes_metadata(entry)
    }

    fn takes_metadata(&self, entry: &Entry<'_>) -> bool {
        let known = entry.metadata.as_ref();
        let is_larger = self.larger.is_none_or(|least| {
            entry.kind != slab::Kind::Directory && known.is_some_and(|known| known.size > least)
        });
        let is_newer = self
            .newer
            .is_none_or(|since| known.is_some_and(|known| known.mtime > since));
        is_larger && is_newer
    }
}

/// Writes entries, and counts them.
pub struct Lister<'a> {
    style: Option<Style>,
    /// Names are escaped where a terminal shows them.
    is_for_eyes: bool,
    prefix: &'a [u8],
    matcher: &'a Matcher,
    out: &'a mut Stdout,
    live: &'a mut Live,
    pub counts: Counts,
}

impl<'a> Lister<'a> {
    /// Without a style, entries are only counted.
    pub fn new(
        style: Option<Style>,
        prefix: &'a [u8],
        matcher: &'a Matcher,
        out: &'a mut Stdout,
        live: &'a mut Live,
    ) -> Lister<'a> {
        Lister {
            style,
            is_for_eyes: style == Some(Style::Plain) && output::is_terminal(),
            prefix,
            matcher,
            out,
            live,
            counts: Counts::default(),
        }
    }

    fn count(&mut self, entry: &Entry<'_>) {
        let counts = &mut self.counts;
        match entry.kind {
            slab::Kind::File => counts.files += 1,
            slab::Kind::Directory => counts.directories += 1,
            slab::Kind::Symlink => counts.symlinks += 1,
            slab::Kind::Other | slab::Kind::Unknown => counts.others += 1,
        }
        if entry.kind == slab::Kind::File
            && let Some(known) = &entry.metadata
        {
            counts.bytes = counts.bytes.saturating_add(known.size);
        }
    }
}

impl Observer for Lister<'_> {
    fn slab(&mut self, slab: &Slab<'_>) -> Result<(), Failure> {
        let style = self.style.unwrap_or(Style::Plain);
        let mut lines = Lines::new(slab, style, self.prefix);
        for entry in slab.entries() {
            if !self.matcher.takes(&entry) {
                continue;
            }
            self.count(&entry);
            if self.is_for_eyes {
                let path = path::join(entry.directory, entry.name);
                let path = [self.prefix, &path].concat();
                self.out.line(&printable::escape(&path))?;
            } else if self.style.is_some() {
                lines.write(&entry, self.out.buffer());
                self.out.pass()?;
            }
        }
        // A person, or a program behind a pipe, sees entries as they are found.
        match self.style {
            Some(_) => self.out.flush(),
            None => Ok(()),
        }
    }

    fn progress(&mut self, progress: &Progress, written: Option<Written>) {
        self.live.show(progress, written);
    }
}
