//! A file system of little room.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use aether_index::{Index, OpenOptions};

/// A small file system that is unmounted when dropped.
pub struct Small(pub PathBuf, #[allow(dead_code)] tempfile::TempDir);

impl Small {
    pub fn new(size: &str) -> Small {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("small");
        fs::create_dir(&path).unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "none"])
            .arg(&path)
            .status()
            .unwrap();
        assert!(mounted.success());
        Small(path, directory)
    }

    /// An index that retries for this long before it gives up.
    pub fn index(&self, stall_timeout: Duration) -> Index {
        let options = OpenOptions {
            stall_timeout,
            ..OpenOptions::default()
        };
        Index::open(&self.database(), options).unwrap()
    }

    pub fn database(&self) -> PathBuf {
        self.0.join("index.db")
    }

    pub fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let mounted = Command::new("mount")
            .args(["-o", &options])
            .arg(&self.0)
            .status()
            .unwrap();
        assert!(mounted.success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
