//! The contents of the sidecar `<db>-writer`: which file its writer has open, which tokens that
//! file may have, and how far each source had come.
//!
//! A record is a line `database DEVICE:INODE TOKEN,TOKEN STATE PAGE NUMBER BOOT`, a line with the
//! generation and the uuid of each source, and a line `end CHECKSUM`. Updates follow it, each with
//! the next number, with `update` instead of `database`, and only with the sources whose generation
//! has changed. When the updates have become long, or a source is dropped, a new record is written.
//! It does not overwrite the last one, so that a complete one exists whenever writing breaks off.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::fnv::fnv;
use crate::registry::FileId;

/// The generation of each source, by uuid.
pub type Generations = BTreeMap<String, i64>;

/// What is known of the file at the path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FileState {
    /// It is `file`, as far as the holder of the lock knows.
    #[default]
    Open,
    /// It is `file`, and everything written to it is on the disk.
    Closed,
    /// The holder of the lock has not opened it yet: `file` is an earlier one.
    Opening,
    /// A backup is being put in place of `file`: the log belongs to `file` alone.
    Restoring,
}

/// What a record and its updates say. Lines that cannot be read are skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// The database that the last writer opened.
    pub file: Option<FileId>,
    /// The database file itself, without its log, has one of these. Empty: it may have any.
    pub tokens: Vec<String>,
    /// The page of the database file that has the token, counted from 1; 0 if unknown.
    pub page: u32,
    pub state: FileState,
    /// The boot id of the machine when this was written.
    pub boot: String,
    pub generations: Arc<Generations>,
}

/// Where in the sidecar the record and its updates lie, and the last number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordPlace {
    from: u64,
    whole: u64,
    to: u64,
    number: u64,
}

impl RecordPlace {
    /// Where the next record of this length goes: never over this one.
    pub fn next(self, length: u64) -> RecordPlace {
        let from = if length <= self.from { 0 } else { self.to };
        RecordPlace {
            from,
            whole: from + length,
            to: from + length,
            number: self.number + 1,
        }
    }

    /// The place after an update of this length.
    pub fn longer(self, length: u64) -> RecordPlace {
        RecordPlace {
            to: self.to + length,
            number: self.number + 1,
            ..self
        }
    }

    /// Whether the updates have become long.
    pub fn is_long(self) -> bool {
        self.to - self.whole > MAX_UPDATES + (self.whole - self.from)
    }

    pub fn from(self) -> u64 {
        self.from
    }

    /// Where the next update goes.
    pub fn end(self) -> u64 {
        self.to
    }

    /// The number of what is written next.
    pub fn next_number(self) -> u64 {
        self.number + 1
    }
}

/// Maximum number of bytes by which updates may exceed the record.
const MAX_UPDATES: u64 = 4096;

const LAST: &[u8] = b"end ";
const WHOLE: &str = "database ";
const UPDATE: &str = "update ";
const STATES: [(FileState, &str); 4] = [
    (FileState::Open, "open"),
    (FileState::Closed, "closed"),
    (FileState::Opening, "opening"),
    (FileState::Restoring, "restoring"),
];

impl Record {
    pub fn read(sidecar: &Path) -> Record {
        Record::parse(&std::fs::read(sidecar).unwrap_or_default()).0
    }

    /// The last complete record, with its updates.
    pub fn parse(bytes: &[u8]) -> (Record, RecordPlace) {
        let mut found: Option<(Record, RecordPlace)> = None;
        let (mut at, mut from, mut highest) = (0, None, 0);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let start = at;
            at += line.len();
            if [WHOLE, UPDATE]
                .iter()
                .any(|word| line.starts_with(word.as_bytes()))
            {
                from = Some(start);
            } else if let Some(sum) = line.strip_prefix(LAST)
                && let Some(from) = from.take()
                && let Some(lines) = bytes.get(from..start)
                && sum.trim_ascii() == checksum(lines).as_bytes()
                && let Some((record, number)) = Record::parse_lines(lines)
            {
                let (from, length) = (from as u64, (at - from) as u64);
                highest = highest.max(number);
                match &mut found {
                    Some((last, place)) if lines.starts_with(UPDATE.as_bytes()) => {
                        if (from, number) == (place.to, place.number + 1) {
                            last.change(record);
                            *place = place.longer(length);
                        }
                    }
                    _ if lines.starts_with(UPDATE.as_bytes()) => {}
                    Some((_, place)) if place.number > number => {}
                    _ => {
                        let (whole, to) = (from + length, from + length);
                        let place = RecordPlace {
                            from,
                            whole,
                            to,
                            number,
                        };
                        found = Some((record, place));
                    }
                }
            }
        }
        if let Some((_, place)) = &mut found {
            // No update left by an earlier writer may continue what this one writes.
            place.number = highest;
        }
        found.unwrap_or_else(|| {
            let place = RecordPlace {
                to: bytes.len() as u64,
                number: highest,
                ..RecordPlace::default()
            };
            (Record::parse_old(bytes), place)
        })
    }

    /// A record or an update, and its number.
    fn parse_lines(lines: &[u8]) -> Option<(Record, u64)> {
        let text = std::str::from_utf8(lines).ok()?;
        let mut lines = text.split('\n');
        let (mut record, number) = Record::parse_first(lines.next()?)?;
        let generations = Arc::make_mut(&mut record.generations);
        for line in lines {
            if let Some((generation, uuid)) = line.split_once(' ')
                && let Ok(generation) = generation.parse()
            {
                generations.insert(unescaped(uuid), generation);
            }
        }
        Some((record, number?))
    }

    /// Applies an update: it has everything except unchanged sources.
    fn change(&mut self, update: Record) {
        let mut generations = std::mem::take(&mut self.generations);
        for (uuid, generation) in update.generations.iter() {
            Arc::make_mut(&mut generations).insert(uuid.clone(), *generation);
        }
        *self = Record {
            generations,
            ..update
        };
    }

    fn parse_first(line: &str) -> Option<(Record, Option<u64>)> {
        let rest = line.strip_prefix(WHOLE);
        let mut words = rest.or_else(|| line.strip_prefix(UPDATE))?.split(' ');
        let (file, tokens, state) = (words.next()?, words.next()?, words.next()?);
        let (state, _) = STATES.into_iter().find(|(_, word)| *word == state)?;
        let file = file.split_once(':').and_then(|(device, inode)| {
            let (device, inode) = (device.parse().ok()?, inode.parse().ok()?);
            Some(FileId { device, inode })
        });
        let tokens = tokens.split(',').filter(|token| !token.is_empty());
        let page = words.next().and_then(|page| page.parse().ok());
        let number = words.next().and_then(|number| number.parse().ok());
        let record = Record {
            file,
            tokens: tokens.map(str::to_owned).collect(),
            page: page.unwrap_or(0),
            state,
            boot: words.next().unwrap_or_default().to_owned(),
            generations: Arc::default(),
        };
        Some((record, number))
    }

    /// The form from before records had numbers: a first line without one, missing in version 1,
    /// and each source's uuid and generation.
    fn parse_old(bytes: &[u8]) -> Record {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        // This is the beginning of a broken record with a number, which says nothing.
        if text.starts_with('\n') {
            return Record::default();
        }
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let (mut record, lines) = match Record::parse_first(first) {
            Some((record, _)) => (record, rest),
            None => (Record::default(), text),
        };
        let generations = Arc::make_mut(&mut record.generations);
        for line in lines.lines() {
            if let Some((uuid, generation)) = line.rsplit_once(' ')
                && let Ok(generation) = generation.parse()
            {
                generations.insert(uuid.to_owned(), generation);
            }
        }
        record
    }

    /// The record as text.
    pub fn text(&self, number: u64) -> String {
        let all = self.generations.iter();
        // What lies before it need not end with a newline.
        format!("\n{}", self.lines(WHOLE, number, all))
    }

    /// An update as text, with one source or none.
    pub fn update(&self, number: u64, generation: Option<(&String, &i64)>) -> String {
        self.lines(UPDATE, number, generation.into_iter())
    }

    fn lines<'a>(
        &self,
        word: &str,
        number: u64,
        generations: impl Iterator<Item = (&'a String, &'a i64)>,
    ) -> String {
        let file = self.file.map_or("-".to_owned(), |file| {
            format!("{}:{}", file.device, file.inode)
        });
        let (tokens, page) = (self.tokens.join(","), self.page);
        let state = STATES.iter().find(|(state, _)| *state == self.state);
        let state = state.map_or("open", |(_, word)| word);
        let mut text = format!(
            "{word}{file} {tokens} {state} {page} {number} {}\n",
            self.boot
        );
        for (uuid, generation) in generations {
            text.push_str(&format!("{generation} {}\n", escaped(uuid)));
        }
        let checksum = checksum(text.as_bytes());
        format!("{text}end {checksum}\n")
    }

    /// Whether the last writer closed the file.
    pub fn is_closed(&self) -> bool {
        self.state == FileState::Closed
    }

    /// Whether a file other than its own lies at the path now, or none.
    pub fn is_of_another(&self, database: &Path, sidecar: &Path) -> bool {
        let there = FileId::at(database);
        self.file.is_some() && there.is_none_or(|there| !self.is_of(there, sidecar))
    }

    /// Whether its file is this one, by inode. After a reboot the device may have another number,
    /// but still that of the sidecar, since both lie in one directory.
    pub fn is_of(&self, there: FileId, sidecar: &Path) -> bool {
        let is_device = |device| {
            device == there.device
                || FileId::at(sidecar).is_some_and(|sidecar| sidecar.device == there.device)
        };
        self.file
            .is_some_and(|file| file.inode == there.inode && is_device(file.device))
    }
}

/// The boot id of the machine, where the system has one.
pub(crate) fn boot() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    boot.unwrap_or_default().trim().to_owned()
}

/// Escapes a uuid, which may have any characters, so that it fits on one line.
fn escaped(uuid: &str) -> String {
    uuid.replace('\\', "\\\\").replace('\n', "\\n")
}

fn unescaped(line: &str) -> String {
    let mut uuid = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.next() == Some('n') => uuid.push('\n'),
            character => uuid.push(character),
        }
    }
    uuid
}

/// FNV-1a: detects partial writes, not forgery.
fn checksum(bytes: &[u8]) -> String {
    format!("{:016x}", fnv(bytes.iter().copied()))
}

#[cfg(test)]
mod tests;
