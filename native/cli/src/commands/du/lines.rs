//! The lines of the output: which of them, in which unit, and their sum.

use aether_core::printable;

use super::super::scan::target::ScanTarget;
use super::unit::Unit;
use crate::failure::Failure;
use crate::options::Du;
use crate::output::{self, Stdout};

/// Lines as the options say.
pub struct Lines {
    pub unit: Unit,
    /// Down to this level beneath PATH.
    pub most: Option<u32>,
    top: Option<u32>,
    wants_total: bool,
    out: Stdout,
    /// With --top, what is written at the end.
    largest: Vec<(u64, Vec<u8>)>,
    total: u64,
}

impl Lines {
    /// None yet.
    pub fn new(options: &Du) -> Lines {
        Lines {
            unit: Unit::new(options),
            most: match options.summarize {
                true => Some(0),
                false => options.depth,
            },
            top: options.top,
            wants_total: options.total,
            out: Stdout::default(),
            largest: Vec::new(),
            total: 0,
        }
    }

    /// A line, if so deep a one is wanted.
    pub fn write(&mut self, depth: u32, size: u64, path: &[u8]) -> Result<(), Failure> {
        if self.most.is_some_and(|most| depth > most) {
            return Ok(());
        }
        match self.top {
            Some(_) => self.largest.push((size, path.to_vec())),
            None => self.line(size, path)?,
        }
        Ok(())
    }

    /// Adds a PATH to the sum of all.
    pub fn add(&mut self, size: u64) {
        self.total = self.total.saturating_add(size);
    }

    /// What is to be seen before anything else is said.
    pub fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush()
    }

    /// The largest, and the sum, if they are wanted.
    pub fn finish(&mut self) -> Result<(), Failure> {
        if let Some(top) = self.top {
            let mut largest = std::mem::take(&mut self.largest);
            largest.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            for (size, path) in largest.iter().take(top as usize) {
                self.line(*size, path)?;
            }
        }
        if self.wants_total {
            self.line(self.total, b"total")?;
        }
        self.out.flush()
    }

    fn line(&mut self, size: u64, path: &[u8]) -> Result<(), Failure> {
        let text = self.unit.text(size);
        self.out.buffer().extend_from_slice(text.as_bytes());
        self.out.buffer().push(b'\t');
        match output::is_terminal() {
            true => self.out.line(&printable::escape(path)),
            false => {
                self.out.buffer().extend_from_slice(path);
                self.out.buffer().push(b'\n');
                self.out.pass()
            }
        }
    }
}

/// PATH as its own line has it, and the prefix of the lines beneath it.
pub fn names(path: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let prefix = ScanTarget::directory(path).prefix;
    // Without the slash that stands before names beneath.
    let own = match path.ends_with(b"/") {
        true => prefix.as_slice(),
        false => prefix.strip_suffix(b"/").unwrap_or(&prefix),
    };
    (own.to_vec(), prefix)
}
