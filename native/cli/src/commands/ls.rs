//! `aether ls`: one folder as the index knows it.

use aether_core::path;
use aether_index::Answer;
use aether_index::reader::{
    Child, Children, ChildrenOptions, Cursor, Sort, SortKey, Source, Totals,
};

use super::answers;
use super::known::OpenIndex;
use crate::cells;
use crate::failure::{Done, Exit, Failure};
use crate::options::{self, Ls};
use crate::output::Stdout;
use crate::output::colors::Colors;
use crate::output::json::Object;
use crate::place;
use crate::words;

/// Children asked for at a time.
const PAGE: usize = 1000;
const DIRECTORY: u8 = 2;

/// Lists a folder, with the totals of each of its folders.
pub fn run(options: &Ls) -> Done {
    let index = OpenIndex::open(&options.known, options.folder.as_deref())?;
    let (source, folder) = index.place(&options.known)?;
    let pool = index.pool()?;
    let mut listing = Listing {
        options,
        apparent: options.apparent,
        colors: Colors::of_terminal(),
        folder: &folder,
        out: Stdout::default(),
    };
    let uuid = &source.value.uuid;
    let totals = pool.totals(uuid, &folder)?;
    listing.apparent |= totals.value.disk.is_none();
    listing.head(&totals, &source.value)?;
    let mut after: Option<Cursor> = None;
    let mut left = options.limit.map(|limit| limit as usize);
    loop {
        let limit = left.map_or(PAGE, |left| left.min(PAGE));
        let page = ChildrenOptions {
            limit,
            after,
            sort: Sort::by(listing.key()),
            filter: None,
        };
        let answer = pool.children(uuid, &folder, &page)?;
        listing.page(&answer.value)?;
        left = left.map(|left| left.saturating_sub(answer.value.children.len()));
        after = answer.value.next;
        match (&after, left) {
            (None, _) => break,
            (Some(_), Some(0)) => {
                listing.more()?;
                break;
            }
            _ => {}
        }
    }
    listing.out.flush()?;
    Ok(Exit::COMPLETE)
}

struct Listing<'a> {
    options: &'a Ls,
    /// Sizes are what files contain: they are to be, or the index has no others.
    apparent: bool,
    colors: Colors,
    folder: &'a [u8],
    out: Stdout,
}

impl Listing<'_> {
    fn key(&self) -> SortKey {
        match (self.options.sort, self.apparent) {
            (options::SortKey::Name, _) => SortKey::Name,
            (options::SortKey::Size, true) => SortKey::Size,
            (options::SortKey::Size, false) | (options::SortKey::Disk, _) => SortKey::Disk,
            (options::SortKey::Count, _) => SortKey::Count,
            (options::SortKey::Mtime, _) => SortKey::Mtime,
        }
    }

    fn head(&mut self, answer: &Answer<Totals>, source: &Source) -> Result<(), Failure> {
        let totals = answer.value;
        if self.options.json {
            let about = Object::default()
                .path("root", &source.root)
                .path("folder", self.folder)
                .set("source", source.uuid.as_str())
                .set("file_count", totals.file_count)
                .set("bytes", totals.bytes)
                .set("disk", answers::on_disk(totals.disk))
                .set("disk_unshared", answers::on_disk(totals.disk_unshared))
                .set("disk_pending", totals.disk_pending)
                .with(answers::object(answer));
            Object::default()
                .set("answer", about)
                .line(self.out.buffer());
            return self.out.pass();
        }
        let place = cells::shown(&place::full(&source.root, self.folder));
        let (size, of) = match self.apparent {
            true => (totals.bytes, "apparent"),
            false => (answers::on_disk(totals.disk), "on disk"),
        };
        let text = answers::totals(totals.file_count, size, answer.exhaustive);
        self.out
            .line(&format!("{place}: {text} {of}, {}", answers::age(answer)))?;
        let lacks_disk = totals.disk.is_none() && !self.options.apparent;
        let own = [
            answers::unknown(totals.unknown_below),
            lacks_disk.then(|| answers::NO_DISK.to_owned()),
            answers::pending(totals.disk_pending && !self.apparent),
        ];
        self.out.text(&answers::doubts(answer, &own))
    }

    fn page(&mut self, page: &Children) -> Result<(), Failure> {
        for child in &page.children {
            match self.options.json {
                true => self.object(child).line(self.out.buffer()),
                false => {
                    let line = self.line(child);
                    self.out.line(&line)?;
                }
            }
            self.out.pass()?;
        }
        Ok(())
    }

    fn object(&self, child: &Child) -> Object {
        let object = Object::default()
            .path("path", &path::join(self.folder, &child.name))
            .set("kind", answers::kind(child.kind))
            .set("file_count", child.file_count)
            .set("bytes", child.bytes)
            .set("mtime_ns", child.mtime);
        let object = object.maybe("status", child.status.map(answers::status));
        let object = object.maybe("unknown_below", child.unknown_below);
        let object = object.maybe("disk", answers::on_disk(child.disk));
        let object = object.maybe("disk_unshared", answers::on_disk(child.disk_unshared));
        let object = object.maybe("nlink", child.nlink);
        object.maybe("imported", child.imported.then_some(true))
    }

    fn line(&self, child: &Child) -> String {
        let count = match child.kind {
            DIRECTORY => words::count(child.file_count),
            _ => String::new(),
        };
        let size = answers::size(match self.apparent {
            true => child.bytes,
            false => answers::on_disk(child.disk),
        });
        let date = words::date(child.mtime, self.options.utc);
        let name = self
            .colors
            .paint(cells::shown(&child.name), &child.name, child.kind);
        let (mark, known) = (answers::mark(child.kind), known(child));
        let links = match child.nlink {
            Some(2..) => 'H',
            _ => ' ',
        };
        format!("{count:>13}{size:>12}  {date} {links} {name}{mark}{known}")
    }

    fn more(&mut self) -> Result<(), Failure> {
        match self.options.json {
            true => Object::default().set("more", true).line(self.out.buffer()),
            false => self.out.line("… and more")?,
        }
        Ok(())
    }
}

/// How far a folder's numbers are known.
fn known(child: &Child) -> String {
    match (child.imported, child.status, child.unknown_below) {
        (true, _, _) => "  (from an old cache)".to_owned(),
        (_, Some(status), _) if !answers::is_complete(status) => {
            format!("  ({})", answers::status_text(status))
        }
        (_, Some(_), Some(1..)) => "  (at least)".to_owned(),
        _ => String::new(),
    }
}
