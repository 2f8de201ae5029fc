//! What the sidecar `<db>-writer` says: which file its writer has open, which tokens that file may
//! have, and how far each source had come. Its first line is `database DEVICE:INODE TOKEN,TOKEN
//! STATE`, each other one a source's uuid and its generation.

use std::collections::BTreeMap;
use std::path::Path;

use crate::registry::FileId;

/// The generation of each source, by uuid.
pub type Generations = BTreeMap<String, i64>;

/// See above. Lines that cannot be read are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// Of the database that the last writer opened.
    pub file: Option<FileId>,
    /// One of these is in the database file itself, without its log. None: any may be.
    pub tokens: Vec<String>,
    /// The page of the database file that has the token, counted from 1; 0 if it is not known.
    pub page: u32,
    /// Whoever has the lock has not opened the file that lies there now yet: `file` is an earlier
    /// one.
    pub is_opening: bool,
    pub generations: Generations,
}

const FIRST: &str = "database ";
const OPENING: &str = "opening";

impl Record {
    pub fn read(sidecar: &Path) -> Record {
        Record::parse(&std::fs::read_to_string(sidecar).unwrap_or_default())
    }

    pub fn parse(text: &str) -> Record {
        let mut record = Record::default();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix(FIRST) {
                let mut words = rest.split(' ');
                let (file, tokens) = (words.next(), words.next());
                record.is_opening = words.next() == Some(OPENING);
                let page = words.next().and_then(|page| page.parse().ok());
                record.page = page.unwrap_or(0);
                record.file = file.and_then(|file| {
                    let (device, inode) = file.split_once(':')?;
                    let (device, inode) = (device.parse().ok()?, inode.parse().ok()?);
                    Some(FileId { device, inode })
                });
                let tokens = tokens
                    .unwrap_or_default()
                    .split(',')
                    .filter(|token| !token.is_empty());
                record.tokens = tokens.map(str::to_owned).collect();
            } else if let Some((uuid, generation)) = line.rsplit_once(' ')
                && let Ok(generation) = generation.parse()
            {
                record.generations.insert(uuid.to_owned(), generation);
            }
        }
        record
    }

    pub fn text(&self) -> String {
        let file = self.file.map_or("-".to_owned(), |file| {
            format!("{}:{}", file.device, file.inode)
        });
        let state = if self.is_opening { OPENING } else { "open" };
        let mut text = format!(
            "{FIRST}{file} {} {state} {}\n",
            self.tokens.join(","),
            self.page
        );
        for (uuid, generation) in &self.generations {
            text.push_str(&format!("{uuid} {generation}\n"));
        }
        text
    }

    /// Whether another file than its own lies at the path now, or none.
    pub fn is_of_another(&self, database: &Path) -> bool {
        self.file.is_some() && self.file != FileId::at(database)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let generations = Generations::from([("a b".to_owned(), 3), ("c".to_owned(), -1)]);
        let file = Some(FileId {
            device: 5,
            inode: u64::MAX,
        });
        for record in [
            Record::default(),
            Record {
                file,
                tokens: vec!["12".to_owned()],
                page: 7,
                is_opening: true,
                generations: generations.clone(),
            },
            Record {
                file: None,
                tokens: vec!["ab".to_owned(), "cd".to_owned()],
                page: 0,
                is_opening: false,
                generations: generations.clone(),
            },
        ] {
            assert_eq!(Record::parse(&record.text()), record);
        }
        // As version 1 wrote it, and with a line that was cut off.
        let record = Record::parse("a b 3\nc -1\nd");
        assert_eq!((record.generations, record.file), (generations, None));
    }
}
