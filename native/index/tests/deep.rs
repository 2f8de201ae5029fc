//! A chain of 20,000 directories, of which all paths together have 400 MB. Nothing may hold them, and each step is in a process
//! of its own, so that its memory can be told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "../../core/tests/support/chain.rs"]
mod chain;
mod support;
#[path = "support/walker.rs"]
mod walker;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use aether_core::{Options, Pool};
use aether_index::{Index, OpenOptions, ScanSpec};
use chain::{chain, remove_chain};
use support::*;
use walker::walk;

const LEVELS: usize = 20_000;

fn scan(index: &Arc<Index>, root: &Path) {
    let spec = ScanSpec {
        root: root.as_os_str().as_bytes().to_vec(),
        ..ScanSpec::default()
    };
    walk(&Pool::new(2), Some(index), spec, Options::default(), None).unwrap();
}

/// One step, as the process that was started for it.
fn take(step: &OsStr, database: &Path, root: &Path) {
    if step == "check" {
        check_clean(database);
    } else {
        let index = Index::open(database, OpenOptions::default()).unwrap();
        let index = Arc::new(index);
        scan(&index, root);
        index.settle().unwrap();
        index.close().unwrap();
    }
    println!("peak: {} kB.", peak());
}

#[test]
fn memory_does_not_grow_with_the_length_of_paths() {
    let variable = |name| std::env::var_os(name).unwrap_or_default();
    if let Some(step) = std::env::var_os("STEP") {
        take(
            &step,
            Path::new(&variable("INDEX")),
            Path::new(&variable("ROOT")),
        );
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let (tree, path) = (chain::directory(), directory.path().join("i.db"));
    let root = tree.path();
    chain(root, LEVELS, "d", 0);
    let take = |step: &str| {
        let variables = [
            ("STEP", step.as_ref()),
            ("INDEX", path.as_os_str()),
            ("ROOT", root.as_os_str()),
        ];
        let mut command = child(memory_does_not_grow_with_the_length_of_paths, &variables);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{step}: {said}");
        let peak = said.split("peak: ").nth(1).expect(&said);
        let peak: u64 = peak.split(' ').next().unwrap().parse().unwrap();
        println!("{step}: {peak} kB");
        assert!(peak < 64 << 10, "{step}: {peak} kB");
        let count = |table| shell(&path, &format!("SELECT count(*) FROM {table}"));
        [count("dirs"), count("graveyard")].map(|rows| rows.trim().parse::<usize>().unwrap())
    };
    assert_eq!(take("scan"), [LEVELS + 1, 0]);
    assert_eq!(take("check"), [LEVELS + 1, 0]);
    let totals = "SELECT file_count, unknown_below FROM dirs WHERE parent_id IS NULL";
    assert_eq!(shell(&path, totals), "0|0\n");
    assert_eq!(take("scan again"), [LEVELS + 1, 0]);
    remove_chain(root, "d", 0);
    assert_eq!(take("delete"), [1, 0]);
    check_clean(&path);
}
