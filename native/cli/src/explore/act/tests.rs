//! Removing on real trees, with others who change them at the same time.

mod safety;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use aether_index::reader::Child;
use proptest::prelude::*;
use rustix::fs::{
    AtFlags, CWD, Mode, RenameFlags, Timespec, Timestamps, mkdirat, renameat_with, utimensat,
};
use rustix::io::Errno;
use tempfile::TempDir;

use super::super::removal::{How, RemoveWanted, Report, Target};
use super::super::state::Place;
use super::counted::Counting;
use super::delete::{Listens, Why, delete};
use super::look::{descend, look, open_folder, open_way};
use super::removing::{remove, surveys};
use super::trash::{Refused, Trash, Trashed, put};

fn child(path: &Path) -> Child {
    let found = fs::symlink_metadata(path).unwrap();
    let kind = |found: &Metadata| match () {
        () if found.is_file() => 1,
        () if found.is_dir() => 2,
        () if found.is_symlink() => 3,
        () => 4,
    };
    Child {
        name: path.file_name().unwrap().as_bytes().to_vec(),
        kind: kind(&found),
        file_count: 1,
        bytes: Some(found.size().cast_signed()),
        mtime: Some(found.mtime() * 1_000_000_000 + found.mtime_nsec()),
        status: None,
        unknown_below: None,
        imported: false,
        disk: None,
        disk_unshared: None,
        nlink: None,
        disk_exact: None,
        owner: None,
    }
}

/// A root, with something beside it that nothing may touch.
struct RemovalWorld {
    _folder: TempDir,
    root: PathBuf,
    outside: PathBuf,
}

impl RemovalWorld {
    fn new() -> RemovalWorld {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        let world = RemovalWorld {
            _folder: folder,
            root: path.join("root"),
            outside: path.join("outside"),
        };
        for folder in [&world.root, &world.outside] {
            fs::create_dir(folder).unwrap();
        }
        for name in ["a", "b"] {
            fs::write(world.outside.join(name), "kept").unwrap();
        }
        world
    }

    fn target(&self, path: &str) -> Target {
        let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
        let place = Place {
            root: self.root.as_os_str().as_bytes().to_vec(),
            folder: folder.as_bytes().to_vec(),
        };
        Target::new(place, child(&self.root.join(path)))
    }

    fn delete(&self, targets: Vec<Target>) -> Report {
        let wanted = self.asked(How::Delete, targets);
        remove(&wanted, &self.root.join("none.db"), &|| false, |_| {})
    }

    /// The question, as it is answered.
    fn asked(&self, how: How, targets: Vec<Target>) -> RemoveWanted {
        let surveys = surveys(&targets, &self.root.join("none.db"), &|| false);
        RemoveWanted {
            how,
            targets,
            surveys,
        }
    }

    fn is_outside_whole(&self) -> bool {
        ["a", "b"]
            .iter()
            .all(|name| fs::read(self.outside.join(name)).is_ok_and(|text| text == b"kept"))
    }
}

fn names(folder: &Path) -> BTreeSet<Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().as_bytes().to_vec())
        .collect()
}

fn name() -> impl Strategy<Value = Vec<u8>> {
    let byte = (1..=255_u8).prop_filter("no slash", |byte| *byte != b'/');
    prop::collection::vec(byte, 1..40).prop_filter("no dots", |name| name != b"." && name != b"..")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]
    #[test]
    fn what_is_meant_goes_and_nothing_else(
        names_ in prop::collection::btree_set(name(), 2..8), which in any::<prop::sample::Index>(), depth in 0..4_usize,
    ) {
        let world = RemovalWorld::new();
        let all = names_.iter().cloned().collect::<Vec<_>>();
        let mut made = 0;
        for (at, name) in all.iter().enumerate() {
            let path = world.root.join(OsStr::from_bytes(name));
            match at % 3 {
                0 => fs::write(&path, "file").unwrap(),
                1 => symlink(&world.outside, &path).unwrap(),
                _ => {
                    let mut inner = path.clone();
                    for _ in 0..depth {
                        inner.push(OsStr::from_bytes(name));
                    }
                    fs::create_dir_all(&inner).unwrap();
                    fs::write(inner.join("x"), "file").unwrap();
                    symlink(&world.outside, inner.join("link")).unwrap();
                    made = depth as u64 + 3;
                }
            }
        }
        let meant = which.get(&all);
        let is_folder = fs::symlink_metadata(world.root.join(OsStr::from_bytes(meant))).unwrap().is_dir();
        let place = Place { root: world.root.as_os_str().as_bytes().to_vec(), folder: Vec::new() };
        let child = child(&world.root.join(OsStr::from_bytes(meant)));
        let report = world.delete(vec![Target::new(place, child)]);
        prop_assert_eq!(report.left, []);
        prop_assert_eq!(report.entries, if is_folder { made } else { 1 });
        let left = all.iter().filter(|name| *name != meant).cloned().collect::<BTreeSet<_>>();
        prop_assert_eq!(names(&world.root), left);
        prop_assert!(world.is_outside_whole());
    }
}

fn set_time(path: &Path, of: &Metadata) {
    let time = Timespec {
        tv_sec: of.mtime(),
        tv_nsec: of.mtime_nsec(),
    };
    let times = Timestamps {
        last_access: time,
        last_modification: time,
    };
    utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW).unwrap();
}

#[test]
fn what_is_another_thing_than_was_shown_stays() {
    let world = RemovalWorld::new();
    let file = world.root.join("file");
    fs::write(&file, "1234").unwrap();
    fs::create_dir(world.root.join("folder")).unwrap();
    let was = fs::metadata(&file).unwrap();
    let (of_file, of_folder) = (world.target("file"), world.target("folder"));
    let refused = |change: &dyn Fn()| {
        change();
        let report = world.delete(vec![of_file.clone(), of_folder.clone()]);
        assert_eq!((report.entries, report.left_count), (0, 2), "{report:?}");
        assert!(
            report
                .left
                .iter()
                .all(|left| left.why.contains("not what was shown")),
            "{report:?}"
        );
        assert!(report.again.is_empty());
    };
    // Another size at the same time; another time alone; a link in its place.
    refused(&|| {
        fs::write(&file, "12345").unwrap();
        set_time(&file, &was);
        fs::write(world.root.join("folder/new"), "").unwrap();
    });
    refused(&|| fs::write(&file, "4321").unwrap());
    refused(&|| {
        fs::remove_file(&file).unwrap();
        symlink("1234", &file).unwrap();
        set_time(&file, &was);
    });
    assert!(world.root.join("folder/new").exists());
}

#[test]
fn a_folder_on_the_way_that_became_a_link_leads_nowhere() {
    let world = RemovalWorld::new();
    fs::create_dir(world.root.join("way")).unwrap();
    fs::hard_link(world.outside.join("a"), world.root.join("way/a")).unwrap();
    let target = world.target("way/a");
    fs::rename(world.root.join("way"), world.root.join("moved")).unwrap();
    symlink(&world.outside, world.root.join("way")).unwrap();
    let report = world.delete(vec![target]);
    assert_eq!((report.entries, report.left_count), (0, 1), "{report:?}");
    assert!(world.is_outside_whole());
}

/// From the first deletion on: before it, two counts would not agree.
#[test]
fn folders_that_are_replaced_by_links_lead_nowhere() {
    let world = RemovalWorld::new();
    let inside = |number: usize| world.root.join(format!("top/inside{number}"));
    let other = world.root.join("other");
    let (has_begun, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut deleted = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            let numbers = (0..60).cycle();
            for number in numbers.take_while(|_| !is_over.load(Ordering::Relaxed)) {
                if has_begun.load(Ordering::Relaxed) {
                    let _ = renameat_with(CWD, inside(number), CWD, &other, RenameFlags::EXCHANGE);
                } else {
                    thread::yield_now();
                }
            }
        });
        for _ in 0..20 {
            has_begun.store(false, Ordering::Relaxed);
            for number in 0..60 {
                // Whatever is there: a folder, a link, nothing.
                let _ = fs::create_dir_all(inside(number));
                let _ = fs::write(inside(number).join("file"), "");
            }
            let _ = symlink(&world.outside, &other);
            // A link that writing went through.
            let _ = fs::remove_file(world.outside.join("file"));
            let wanted = world.asked(How::Delete, vec![world.target("top")]);
            let going = || {
                let has_any_gone = (0..60).any(|number| !inside(number).join("file").exists());
                has_begun.fetch_or(has_any_gone, Ordering::Relaxed);
                false
            };
            deleted += remove(&wanted, &world.root.join("none.db"), &going, |_| {}).entries;
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(world.is_outside_whole() && deleted > 0, "{deleted}");
}

#[test]
fn depth_takes_no_descriptors() {
    let world = RemovalWorld::new();
    fs::create_dir(world.root.join("deep")).unwrap();
    let mut at = open(&world.root.join("deep"));
    for _ in 0..3000 {
        mkdirat(&at, "d", Mode::RWXU).unwrap();
        at = open_way(&at, b"d").unwrap();
    }
    let report = world.delete(vec![world.target("deep")]);
    assert_eq!((report.entries, report.left_count), (3001, 0), "{report:?}");
    assert!(names(&world.root).is_empty());
}

#[test]
fn many_in_one_folder_go() {
    let world = RemovalWorld::new();
    let many = world.root.join("many");
    fs::create_dir(&many).unwrap();
    for number in 0..9000 {
        match number % 2 {
            0 => fs::write(many.join(number.to_string()), "").unwrap(),
            _ => {
                fs::create_dir(many.join(number.to_string())).unwrap();
                fs::write(many.join(format!("{number}/x")), "").unwrap();
            }
        }
    }
    let report = world.delete(vec![world.target("many")]);
    assert_eq!((report.entries, report.left_count), (13_501, 0));
}

#[test]
fn it_stops_when_it_is_told_to() {
    let world = RemovalWorld::new();
    fs::create_dir(world.root.join("top")).unwrap();
    fs::write(world.root.join("top/file"), "").unwrap();
    let wanted = world.asked(How::Delete, vec![world.target("top")]);
    let report = remove(&wanted, &world.root.join("none.db"), &|| true, |_| {});
    assert!(report.is_stopped && report.gone.is_empty() && world.root.join("top/file").exists());
}

#[test]
fn the_index_that_is_shown_stays() {
    let world = RemovalWorld::new();
    fs::create_dir_all(world.root.join("state/aether")).unwrap();
    let index = world.root.join("state/aether/index.db");
    fs::write(&index, "index").unwrap();
    let targets = ["state", "state/aether/index.db"].map(|path| world.target(path));
    let mut wanted = world.asked(How::Delete, targets.to_vec());
    let report = remove(&wanted, &index, &|| false, |_| {});
    // It was not found out for the question.
    wanted = report.changed.expect("it is asked again");
    let report = remove(&wanted, &index, &|| false, |_| {});
    assert_eq!((report.entries, report.left_count), (0, 2));
    assert!(report.left.iter().all(|left| left.why.contains("index")) && index.exists());
}

#[test]
fn a_trash_is_not_moved_into_a_trash() {
    let world = RemovalWorld::new();
    fs::create_dir_all(world.root.join(".Trash-0/files/a")).unwrap();
    let targets = [".Trash-0", ".Trash-0/files/a"].map(|path| world.target(path));
    let wanted = world.asked(How::Trash, targets.to_vec());
    let index = world.outside.join("index.db");
    let report = remove(&wanted, &index, &|| false, |_| {});
    assert_eq!((report.entries, report.left_count), (0, 2));
    assert!(report.left.iter().all(|left| left.why.contains("trash")));
    assert!(world.root.join(".Trash-0/files/a").exists());
}

fn open(path: &Path) -> OwnedFd {
    descend(path.as_os_str().as_bytes(), b"").unwrap()
}

#[test]
fn what_was_exchanged_before_the_move_goes_back() {
    let world = RemovalWorld::new();
    let (files, info) = (world.outside.join("files"), world.outside.join("info"));
    fs::create_dir(&files).unwrap();
    fs::create_dir(&info).unwrap();
    let trash = Trash {
        files: open(&files),
        info: open(&info),
        path: b"/somewhere".to_vec(),
        at: b"/trash".to_vec(),
    };
    fs::write(world.root.join("file"), "old").unwrap();
    let folder = open(&world.root);
    let shown = look(&folder, b"file").unwrap();
    fs::rename(world.root.join("file"), world.root.join("old")).unwrap();
    fs::write(world.root.join("file"), "new").unwrap();
    assert_eq!(put(&trash, &folder, b"file", &shown), Err(Refused::Changed));
    assert_eq!(fs::read(world.root.join("file")).unwrap(), b"new");
    assert!(names(&files).is_empty() && names(&info).is_empty());
    let put_as = |name: &[u8]| {
        Ok(Trashed {
            trash: b"/trash".to_vec(),
            name: name.to_vec(),
        })
    };
    assert_eq!(put(&trash, &folder, b"old", &shown), put_as(b"old"));
    assert_eq!((names(&files).len(), names(&info).len()), (1, 1));
    // Names that are taken get a number, the longest are cut for it.
    let long = "n".repeat(255);
    for number in 0..3 {
        fs::write(world.root.join(&long), number.to_string()).unwrap();
        let shown = look(&folder, long.as_bytes()).unwrap();
        assert!(put(&trash, &folder, long.as_bytes(), &shown).is_ok());
    }
    let taken = |number: &str| format!("{}{number}", "n".repeat(245 - number.len()));
    for (number, suffix) in [("0", ""), ("1", ".2"), ("2", ".3")] {
        assert_eq!(
            fs::read(files.join(taken(suffix))).unwrap(),
            number.as_bytes()
        );
        assert!(info.join(taken(suffix) + ".trashinfo").exists());
    }
}
