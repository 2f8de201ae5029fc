//! Where temporary files lie, and what is said where there is no room for them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use aether_core::Status;
use aether_index::{Index, OpenOptions, ScanCounts};

use crate::support::*;

/// One directory with this many files.
fn long(files: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..files)
        .map(|at| file(&format!("a file with a long name {at}"), at, 1))
        .collect();
    vec![listing("", &[dir("d")], 1), listing("d", &names, 1)]
}

fn scan_long(index: &Index) -> Result<(), aether_index::Error> {
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    let [root, long] = &long(200_000)[..] else {
        unreachable!()
    };
    push_whole(&scan, root);
    let pieces = long.entries.len() / 1000;
    for piece in 0..pieces {
        let (from, to) = (piece * 1000, (piece + 1) * 1000);
        let batch = batch(&[(long, from, to, piece + 1 == pieces)]);
        if scan.push(batch).is_err() {
            break;
        }
    }
    scan.end(Status::Complete, ScanCounts::default())
}

/// In a mount namespace of its own, where `/var/tmp` has hardly any room.
#[test]
fn temporary_files_lie_beside_the_index_or_the_error_names_their_place() {
    let options = || OpenOptions {
        queue: u32::MAX,
        stall_timeout: Duration::ZERO,
        ..OpenOptions::default()
    };
    if let Some(place) = std::env::var_os("ROOM") {
        let place = Path::new(&place);
        let open = |path: &Path| Index::open(path, options()).unwrap();
        let index = open(&place.join("index.db"));
        scan_long(&index).unwrap();
        // Now the listing is compared with what is stored.
        scan_long(&index).unwrap();
        let cancel = std::sync::Arc::default();
        let vacuum = move |db: &mut _| aether_index::maintenance::vacuum(db, &cancel);
        index.with_connection(vacuum).unwrap();
        index.close().unwrap();
        drop(index);
        // The place of the index that was opened first is used by both.
        let other = open(&place.join("small/other.db"));
        let index = open(&place.join("index.db"));
        let error = scan_long(&index).unwrap_err();
        println!("told: {error}");
        other.close().unwrap();
        index.close().unwrap();
        drop((other, index));
        let index = open(&place.join("index.db"));
        scan_long(&index).unwrap();
        index.close().unwrap();
        println!("done.");
        return;
    }
    let unshare = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--"]).args(arguments);
        command
    };
    let possible = unshare(&["true"]).status();
    if !possible.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no mount namespaces here");
        return;
    }
    let room = tempfile::tempdir().unwrap();
    let small = room.path().join("small");
    fs::create_dir(&small).unwrap();
    let mounts = format!(
        "mount -t tmpfs -o size=64k none /var/tmp && mount -t tmpfs -o size=1m none '{}' && exec \"$0\" \"$@\"",
        small.display()
    );
    let binary = std::env::current_exe().unwrap();
    let test = test_name(&temporary_files_lie_beside_the_index_or_the_error_names_their_place);
    let mut command = unshare(&["sh", "-c", &mounts]);
    command.arg(binary).args(["--exact", test, "--nocapture"]);
    command.env("ROOM", room.path());
    command.env_remove("TMPDIR").env_remove("SQLITE_TMPDIR");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("done."),
        "{output:?}"
    );
    let told = said.lines().find(|line| line.contains("told: ")).unwrap();
    assert!(told.contains("index_full"), "{told}");
    assert!(told.contains(small.to_str().unwrap()), "{told}");
    check_clean(&room.path().join("index.db"));
}
