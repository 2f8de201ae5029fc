//! What the question did not count stays, whoever made it, whenever.

use std::cell::OnceCell;

use rustix::fs::renameat;

use super::*;

/// A folder with two levels of folders and files beneath.
fn tree() -> RemovalWorld {
    let world = RemovalWorld::new();
    for at in ["top/a/deep", "top/b/deep"] {
        fs::create_dir_all(world.root.join(at)).unwrap();
        fs::write(world.root.join(at).join("file"), "1234").unwrap();
    }
    world
}

fn removed(world: &RemovalWorld, wanted: &RemoveWanted, is_stopped: &dyn Fn() -> bool) -> Report {
    remove(wanted, &world.root.join("none.db"), is_stopped, |_| {})
}

#[test]
fn nothing_goes_where_anything_beneath_is_not_as_the_question_said() {
    let world = tree();
    let deep = world.root.join("top/b/deep");
    let (file, old) = (deep.join("file"), fs::metadata(deep.join("file")).unwrap());
    fs::write(world.root.join("other"), "").unwrap();
    let mut wanted = world.asked(
        How::Delete,
        vec![world.target("other"), world.target("top")],
    );
    let mut refused = |change: &dyn Fn()| {
        change();
        let report = removed(&world, &wanted, &|| false);
        assert_eq!((report.entries, report.left_count), (0, 0), "{report:?}");
        assert!(file.exists() && world.root.join("other").exists() && report.again.is_empty());
        // Asked again, with the numbers as they are now.
        wanted = report.changed.expect("it is asked again");
    };
    refused(&|| fs::write(deep.join("new"), "12345678").unwrap());
    refused(&|| fs::rename(deep.join("new"), deep.join("renamed")).unwrap());
    // Of the same size and time as before.
    refused(&|| {
        fs::write(&file, "4321").unwrap();
        set_time(&file, &old);
    });
    refused(&|| fs::remove_file(deep.join("renamed")).unwrap());
    let report = removed(&world, &wanted, &|| false);
    assert_eq!((report.entries, report.left_count), (8, 0), "{report:?}");
    assert!(report.changed.is_none() && names(&world.root).is_empty());
    // The trash as well: what it takes is taken whole.
    let world = tree();
    let wanted = world.asked(How::Trash, vec![world.target("top")]);
    fs::write(world.root.join("top/a/deep/new"), "").unwrap();
    let report = removed(&world, &wanted, &|| false);
    assert!(report.changed.is_some() && world.root.join("top/a/deep/new").exists());
}

#[test]
fn what_comes_while_others_are_deleted_stays() {
    let world = tree();
    let wanted = world.asked(How::Delete, vec![world.target("top")]);
    let made = OnceCell::new();
    let is_stopped = || {
        let deep = ["a", "b"].map(|name| world.root.join("top").join(name).join("deep"));
        let gone = deep.iter().position(|deep| !deep.join("file").exists());
        if let (Some(gone), None) = (gone, made.get()) {
            let new = deep[1 - gone].join("new");
            // Within a step of the clock as well.
            fs::write(&new, "new").unwrap();
            made.set(new).unwrap();
        }
        false
    };
    let report = removed(&world, &wanted, &is_stopped);
    let new = made.get().expect("something was deleted");
    assert_eq!(fs::read(new).unwrap(), b"new", "{report:?}");
    assert_eq!(report.left.len(), 1, "{report:?}");
    assert!(
        report.left[0].why.contains("did not count it as it is now"),
        "{report:?}"
    );
    assert!(report.gone.is_empty() && report.entries >= 3);
}

#[test]
fn names_of_one_inode_in_several_targets_all_go() {
    let world = tree();
    let file = world.root.join("top/a/deep/file");
    for at in ["top/b/link", "link1", "link2"] {
        fs::hard_link(&file, world.root.join(at)).unwrap();
    }
    let targets = ["link1", "top/a", "top/b", "link2"].map(|path| world.target(path));
    let report = world.delete(targets.to_vec());
    assert_eq!((report.entries, report.left_count), (9, 0), "{report:?}");
}

#[test]
fn a_stop_comes_after_the_entry_under_way() {
    let world = RemovalWorld::new();
    for number in 0..9 {
        fs::write(world.root.join(number.to_string()), "").unwrap();
    }
    let targets = (0..9).map(|number| world.target(&number.to_string()));
    let wanted = world.asked(How::Delete, targets.collect());
    let report = removed(&world, &wanted, &|| names(&world.root).len() < 7);
    assert!(report.is_stopped && report.gone.len() == 3, "{report:?}");
    // What was not done is told by name.
    assert_eq!((report.left_count, names(&world.root).len()), (6, 6));
    assert!(
        report
            .left
            .iter()
            .all(|left| left.why.contains("stopped before")),
        "{report:?}"
    );
    // Within one folder too, however few are in it.
    let world = RemovalWorld::new();
    fs::create_dir(world.root.join("top")).unwrap();
    for number in 0..9 {
        fs::write(world.root.join(format!("top/{number}")), "").unwrap();
    }
    let wanted = world.asked(How::Delete, vec![world.target("top")]);
    let report = removed(&world, &wanted, &|| {
        names(&world.root.join("top")).len() < 7
    });
    assert_eq!(
        (report.entries, names(&world.root.join("top")).len()),
        (3, 6),
        "{report:?}"
    );
    assert!(report.is_stopped && report.left[0].why.contains("stopped here"));
}

#[test]
fn paths_that_are_too_long_for_the_system_are_no_hindrance() {
    let world = RemovalWorld::new();
    let long = "n".repeat(250);
    let mut at = open(&world.root);
    for _ in 0..20 {
        mkdirat(&at, &long, Mode::RWXU).unwrap();
        at = open_way(&at, long.as_bytes()).unwrap();
    }
    let folder = vec![long; 20].join("/");
    let short = world.root.join("file");
    fs::write(&short, "1234").unwrap();
    let mut target = world.target("file");
    renameat(CWD, &short, &at, "file").unwrap();
    target.place.folder = folder.clone().into_bytes();
    let report = world.delete(vec![target.clone()]);
    assert_eq!((report.entries, report.left_count), (1, 0));
    // So is a root whose own path is.
    fs::write(&short, "1234").unwrap();
    let mut target = world.target("file");
    renameat(CWD, &short, &at, "file").unwrap();
    target.place.root = [target.place.root, folder.into_bytes()].join(&b'/');
    let report = world.delete(vec![target]);
    assert_eq!((report.entries, report.left_count), (1, 0));
}

#[test]
fn all_that_lies_there_is_counted() {
    let world = tree();
    symlink(&world.outside, world.root.join("top/link")).unwrap();
    fs::write(world.root.join("top/.hidden"), vec![1; 70_000]).unwrap();
    fs::hard_link(
        world.root.join("top/.hidden"),
        world.root.join("top/a/again"),
    )
    .unwrap();
    let found = std::process::Command::new("bash")
        .args(["-c", "find top ! -type d | wc -l; find top -type f -printf '%s\\n' | awk '{s += $1} END {print s}'; du -s -B1 top | cut -f1"])
        .current_dir(&world.root)
        .output()
        .unwrap();
    let found = String::from_utf8(found.stdout).unwrap();
    let survey = world.asked(How::Delete, vec![world.target("top")]).surveys[0]
        .clone()
        .unwrap();
    let numbers = [survey.files, survey.bytes, survey.disk];
    let counted = numbers.map(|number| number.to_string()).join("\n");
    assert_eq!(counted, found.trim());
    // What came after the index saw it is told apart, by the time of a change and not by that of contents.
    let mut target = world.target("top");
    target.seen = Some(i64::MAX);
    assert_eq!(
        world.asked(How::Delete, vec![target.clone()]).surveys[0]
            .as_ref()
            .unwrap()
            .newer,
        0
    );
    target.seen = Some(0);
    assert_eq!(
        world.asked(How::Delete, vec![target]).surveys[0]
            .as_ref()
            .unwrap()
            .newer,
        survey.files
    );
}

/// Each on its own: what was counted, and what was looked at, would stop it as well.
#[test]
fn no_link_is_opened_and_nothing_else_than_was_looked_at() {
    let world = RemovalWorld::new();
    let top = open(&world.root);
    symlink(&world.outside, world.root.join("link")).unwrap();
    for opened in [open_folder(&top, b"link"), open_way(&top, b"link")] {
        assert!(matches!(opened, Err(Errno::LOOP | Errno::NOTDIR)));
    }
    struct Leftovers(Vec<Why>);
    impl Listens for Leftovers {
        fn deleted(&mut self) {}
        fn left(&mut self, _: Vec<u8>, why: Why) {
            self.0.push(why);
        }
    }
    for name in ["shown", "other"] {
        fs::create_dir(world.root.join(name)).unwrap();
    }
    let shown = look(&top, b"shown").unwrap();
    let (mut left, counted) = (Leftovers(Vec::new()), Counting::default().finish());
    assert!(!delete(
        &top,
        b"other",
        &shown,
        &counted,
        &|| false,
        &mut left
    ));
    assert_eq!(left.0, [Why::Changed]);
    assert!(world.root.join("other").exists());
}

/// That looking is over is told before the first goes, also where each goes in less time than is told of.
#[test]
fn it_is_told_when_the_looking_is_over() {
    let world = RemovalWorld::new();
    fs::write(world.root.join("file"), "").unwrap();
    let wanted = world.asked(How::Delete, vec![world.target("file")]);
    let mut told = Vec::new();
    let tell = |entries| told.push((entries, names(&world.root).len()));
    remove(&wanted, &world.root.join("none.db"), &|| false, tell);
    assert_eq!(told, [(0, 1)]);
}
