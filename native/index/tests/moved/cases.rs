//! What can become of the file, and of the scans then.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use aether_index::Reason;
use aether_index::maintenance::{Task, restore};

/// What becomes of the path.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Then {
    /// Scans go on, and are there.
    GoesOn,
    /// No scan is complete any more; the next writer gets an index that works, while the old one is
    /// still open.
    IsNew,
    /// No scan is complete any more, and the next writer is refused for as long as things are so.
    IsRefused,
    /// The same for what was written into the file itself, but a checkpoint that is under way may
    /// write all of it again: then scans go on, and are there.
    IsRefusedOrWhole,
}

pub struct Case {
    pub name: &'static str,
    pub then: Then,
    pub act: fn(&Place),
    pub undo: fn(&Place),
    /// Whether the index as it was is at its path again after that.
    pub is_back: bool,
}

pub struct Place {
    pub path: PathBuf,
    /// Another index, which nobody has open.
    pub other: PathBuf,
    pub aside: PathBuf,
}

pub fn run(program: &str, arguments: &[&Path], options: &[&str]) {
    let status = Command::new(program).args(options).args(arguments).status();
    assert!(status.unwrap().success(), "{program} {options:?}");
}

pub fn nothing(_: &Place) {}

pub fn cases() -> Vec<Case> {
    let case = |name, then, act: fn(&Place), undo: fn(&Place), is_back| Case {
        name,
        then,
        act,
        undo,
        is_back,
    };
    let rename: fn(&Place) = |at| fs::rename(&at.path, &at.aside).unwrap();
    vec![
        case("renamed", Then::IsNew, rename, nothing, false),
        case(
            "deleted",
            Then::IsNew,
            |at| fs::remove_file(&at.path).unwrap(),
            nothing,
            false,
        ),
        case(
            "deleted with its log",
            Then::IsNew,
            |at| {
                for suffix in ["", "-wal", "-shm", "-writer"] {
                    let _ = fs::remove_file(format!("{}{suffix}", at.path.display()));
                }
            },
            nothing,
            false,
        ),
        case(
            "replaced",
            Then::IsNew,
            |at| fs::rename(&at.other, &at.path).unwrap(),
            nothing,
            false,
        ),
        case(
            "linked",
            Then::GoesOn,
            |at| fs::hard_link(&at.path, &at.aside).unwrap(),
            |at| fs::remove_file(&at.aside).unwrap(),
            true,
        ),
        case(
            "linked and unlinked",
            Then::IsNew,
            |at| {
                fs::hard_link(&at.path, &at.aside).unwrap();
                fs::remove_file(&at.path).unwrap();
            },
            nothing,
            false,
        ),
        case(
            "mounted over",
            Then::IsRefused,
            |at| run("mount", &[&at.other, &at.path], &["--bind"]),
            |at| run("umount", &[&at.path], &[]),
            true,
        ),
        case(
            "its log removed",
            Then::IsRefused,
            |at| fs::remove_file(format!("{}-wal", at.path.display())).unwrap(),
            nothing,
            true,
        ),
        case(
            "overwritten",
            Then::IsRefusedOrWhole,
            |at| {
                // In a process of its own: a descriptor that this one closes would take SQLite's
                // locks away.
                run("cp", &[&at.other, &at.path], &["--no-preserve=all"]);
            },
            nothing,
            false,
        ),
        case(
            "emptied",
            Then::IsRefusedOrWhole,
            |at| run("truncate", &[&at.path], &["--size=0"]),
            nothing,
            false,
        ),
        case(
            "cut off",
            Then::IsRefusedOrWhole,
            |at| run("truncate", &[&at.path], &["--size=8192"]),
            nothing,
            false,
        ),
        case(
            "restored",
            Then::GoesOn,
            |at| {
                let mut watch = Task::default();
                let error = restore(&at.other, &at.path, Duration::from_millis(50), &mut watch)
                    .unwrap_err();
                assert_eq!(error.reason, Reason::Busy, "{error}");
            },
            nothing,
            true,
        ),
    ]
}
