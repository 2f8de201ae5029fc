//! Scans, whole and of a folder, and those that are held while others run.

use std::rc::Rc;
use std::time::Duration;

use aether_core::{Demand, Options, Status};

use super::ROOTS;
use super::run::{Run, spec_of, walk_options};
use super::steps::{Change, apply, at, is_directory};
use crate::ends::End;
use crate::support::*;
use crate::walker::{self, Event, index_ref};

impl Run {
    /// A whole scan, or one of a folder.
    pub fn scan(&mut self, root: usize, folder: &[u8], depth: Option<u32>, cut: Option<u64>) {
        let from = at(&self.tree(), ROOTS[root].1.as_bytes());
        let is_whole = folder.is_empty() && depth.is_none();
        if !is_directory(&at(&from, folder)) || !(is_whole || self.knows(root)) {
            return;
        }
        let spec = spec_of(&self.tree(), ROOTS[root], folder);
        let index = self.index().clone();
        let walked = walker::walk(&self.walkers, Some(&index), spec, walk_options(depth), cut);
        let summary = walked.unwrap();
        assert!(matches!(
            summary.status,
            Status::Complete | Status::Cancelled
        ));
        if is_whole && root == 0 {
            self.ended();
        }
        if is_whole && summary.status == Status::Complete {
            let stored = rows_of(&self.database(), ROOTS[root].0);
            assert_eq!(stored, find(&from), "{}", ROOTS[root].0);
        }
    }

    /// A whole scan of the outer root has ended.
    pub fn ended(&mut self) {
        let end = End::now(&self.database(), ROOTS[0].0);
        self.ends.insert(self.generation(), Rc::new(end));
    }

    pub fn hold(&mut self, slabs: u64, changes: &[Change], folder: &[u8], more: &[Change]) {
        let spec = spec_of(&self.tree(), ROOTS[0], b"");
        let options = Options {
            demand: Demand::Slabs(slabs),
            ..walk_options(None)
        };
        let index = index_ref(self.index());
        let (scan, events) = walker::start(&self.walkers, index, spec, options).unwrap();
        let next = || {
            let event = events.recv_timeout(Duration::from_secs(60));
            event.expect("a scan that says nothing any more")
        };
        let mut ended = None;
        while ended.is_none() {
            match next() {
                Event::Passive => break,
                Event::Ended(end) => ended = Some(end),
                _ => {}
            }
        }
        // A small tree has been read by now: these changes come after it.
        let was_over = ended.is_some();
        if was_over {
            self.ended();
        }
        for change in changes {
            apply(&self.tree(), change);
        }
        // It also ends without more demand if all had been read. Whether an expansion belongs to its
        // generation is then not known here, nor what was stored at its end.
        let mut is_end_known = true;
        if self.knows(0) {
            self.scan(0, folder, Some(2), None);
            is_end_known = was_over || self.scans_all();
        }
        for change in more {
            apply(&self.tree(), change);
        }
        scan.ask(u64::MAX);
        while ended.is_none() {
            if let Event::Ended(end) = next() {
                ended = Some(end);
            }
        }
        // The root itself may have been removed.
        assert!(ended.is_some_and(|ended| ended.is_ok()));
        if !was_over && is_end_known {
            self.ended();
        }
    }

    /// Whether a whole scan of the outer root is running.
    pub fn scans_all(&self) -> bool {
        let sql = format!(
            "SELECT status FROM scans WHERE source_id = (SELECT id FROM sources WHERE uuid = '{}')
                AND whole = 1 ORDER BY id DESC LIMIT 1",
            ROOTS[0].0
        );
        shell(&self.database(), &sql).trim() == "0"
    }
}
