//! What befalls an index beside scans: killed writers, backups, moves, links, what is forgotten.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use aether_core::Reason as WalkReason;
use aether_index::maintenance::{Task, backup, restore};
use aether_index::{Index, Reason};

use super::run::{Run, options, spec_of, walk_options};
use super::{ROOTS, writer_of_sequences};
use crate::support::*;
use crate::walker;

impl Run {
    pub fn kill(&mut self, micros: u64) {
        self.close();
        let mut command = child(
            writer_of_sequences,
            &[
                ("INDEX_TO_WRITE", self.database().as_os_str()),
                ("TREE_TO_SCAN", self.tree().as_os_str()),
            ],
        );
        let mut writer = command.stdout(Stdio::null()).spawn().unwrap();
        // No event marks the moments within a transaction.
        std::thread::sleep(Duration::from_micros(micros));
        writer.kill().unwrap();
        writer.wait().unwrap();
        check_clean(&self.database());
        self.open();
    }

    pub fn back_up(&mut self) {
        let _ = fs::remove_file(self.backup_path());
        let mut watch = watch();
        backup(self.index().location(), &self.backup_path(), &mut watch).unwrap();
        self.backup = Some(self.ends.clone());
    }

    pub fn restore(&mut self) {
        let Some(ends) = self.backup.clone() else {
            return;
        };
        self.close();
        let wait = Duration::from_secs(5);
        restore(&self.backup_path(), &self.database(), wait, &mut watch()).unwrap();
        self.ends = ends;
        self.open();
    }

    /// An index that was moved away is not written any more; moved back, it is unchanged.
    pub fn move_away(&mut self) {
        self.recounts.let_go();
        let aside = self.directory.path().join("aside.db");
        fs::rename(self.database(), &aside).unwrap();
        let spec = spec_of(&self.tree(), ROOTS[0], b"");
        let index = self.index().clone();
        let walked = walker::walk(&self.walkers, Some(&index), spec, walk_options(None), None);
        let error = walked.unwrap_err();
        assert_eq!(error.reason, WalkReason::Index("index_moved"), "{error:?}");
        drop(index);
        let _ = self.index.take().unwrap().close();
        self.recounts.let_go();
        fs::rename(&aside, self.database()).unwrap();
        self.open();
    }

    /// An index with two names is not opened.
    pub fn link(&mut self) {
        self.close();
        let other = self.directory.path().join("other.db");
        fs::hard_link(self.database(), &other).unwrap();
        let refused = Index::open(&self.database(), options(None, &self.database()));
        assert_eq!(refused.err().unwrap().reason, Reason::Linked);
        fs::remove_file(&other).unwrap();
        self.open();
    }

    pub fn forget(&mut self, root: usize, folder: Option<&[u8]>) {
        let _ = self.index().forget(ROOTS[root].0, folder);
        if root == 0 && folder.is_none() {
            self.ends.clear();
        }
    }
}

fn watch() -> Task {
    Task::default()
}
