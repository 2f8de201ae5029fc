//! Sizes on disk, beside du; apparent ones where they are wanted, or where there are no others.

use std::process::Command;

use super::support::{Sandbox, kept, names};

/// What du says of a path, in bytes.
fn du(sandbox: &Sandbox, words: &[&str], path: &str) -> u64 {
    let mut command = Command::new("du");
    command.args(["-s", "-B1"]).args(words).arg(path);
    let output = command.current_dir(&sandbox.path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split('\t').next().unwrap().parse().unwrap()
}

/// A size as numfmt writes it: `4.0 KiB`.
fn shown(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let words = [
        "--to=iec-i",
        "--suffix=B",
        "--format=%.1f",
        "--round=nearest",
    ];
    let mut command = Command::new("numfmt");
    let output = command.args(words).arg(bytes.to_string()).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let (number, unit) = text.trim().split_at(text.trim().len() - 3);
    format!("{number} {unit}")
}

/// The bytes that details say of something.
fn exact(details: &str, label: &str) -> Option<u64> {
    let line = details.lines().find(|line| line.contains(label))?;
    let text = line.split_once(label)?.1;
    let exact = text.split_once('(').map_or(text, |(_, exact)| exact);
    let digits = exact.split(" B").next()?;
    digits.trim().replace(',', "").parse().ok()
}

/// One in which files have holes, and other names inside and outside of their folders.
fn linked() -> Sandbox {
    let sandbox = Sandbox::with_tree();
    sandbox.bash(
        "cd tree && truncate -s 50M music/hole && ln projects/web/index.html music/index.html &&
         ln dump.sql empty/dump.sql && ln music/song.flac ../song.flac",
    );
    sandbox.scan();
    sandbox
}

#[test]
fn every_size_is_what_du_says_of_it() {
    let sandbox = linked();
    let screen = sandbox.screen("", "100x14");
    assert!(screen.contains("ON DISK ↓"), "{screen}");
    let found = names(&screen);
    assert_eq!(found.len(), 6, "{screen}");
    let mut last = u64::MAX;
    for (row, name) in found.iter().enumerate() {
        let name = name.trim_end_matches(['/', '@', '=']);
        let bytes = du(&sandbox, &[], &format!("tree/{name}"));
        assert!(bytes <= last, "not in order: {screen}");
        last = bytes;
        let line = screen.lines().nth(2 + row).unwrap();
        let size = shown(bytes);
        assert!(line.contains(&format!(" {size} ")), "{size}: {line}");
        let details = sandbox.screen(&format!("{} i", "j ".repeat(row)), "100x30");
        assert_eq!(exact(&details, "on disk"), Some(bytes), "{name}: {details}");
    }
    let whole = format!(" {} in 9 files", shown(du(&sandbox, &[], "tree")));
    assert!(screen.contains(&whole), "{whole}: {screen}");
}

#[test]
fn a_switches_to_what_files_contain() {
    let sandbox = linked();
    let screen = sandbox.screen("a", "100x14");
    assert!(screen.contains("APPARENT ↓"), "{screen}");
    assert_eq!(names(&screen)[0], "music/");
    assert!(screen.contains("50.7 MiB"), "{screen}");
    assert_eq!(names(&sandbox.screen("a a", "100x14"))[0], "projects/");
    // The cursor stays on its name.
    let moved = sandbox.screen("n j j a i", "100x30");
    assert!(moved.contains("┌ projects "), "{moved}");
    let largest = |keys: &str| sandbox.screen(keys, "100x14");
    assert!(
        largest("a L")
            .lines()
            .nth(1)
            .unwrap()
            .ends_with("music/hole")
    );
    let on_disk = largest("L");
    assert!(
        on_disk.lines().nth(1).unwrap().ends_with("/big.js"),
        "{on_disk}"
    );
    assert!(on_disk.contains("on disk") && largest("a L").contains("apparent"));
}

#[test]
fn names_elsewhere_are_told() {
    let sandbox = linked();
    let screen = sandbox.screen("", "100x14");
    let row = screen.lines().find(|line| line.ends_with("dump.sql"));
    assert!(row.unwrap().starts_with(" H"), "{screen}");
    let file = sandbox.screen("n j j j i", "100x30");
    assert!(file.contains("names     2"), "{file}");
    let folder = sandbox.screen("n j i", "100x30");
    assert!(folder.contains("has names elsewhere"), "{folder}");
    let shared = ["tree/music/song.flac", "tree/music/index.html"];
    let shared = shared
        .iter()
        .map(|path| du(&sandbox, &[], path))
        .sum::<u64>();
    let freed = du(&sandbox, &[], "tree/music") - shared;
    assert_eq!(exact(&folder, "frees"), Some(freed), "{folder}");
}

#[test]
fn before_the_first_whole_scan_sizes_are_apparent_and_that_is_said() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let file = kept(&sandbox);
    let sql = Command::new("sqlite3")
        .arg(&file)
        .arg("UPDATE sources SET disk_gen = NULL")
        .status();
    assert!(sql.unwrap().success());
    let screen = sandbox.screen("", "100x14");
    assert!(screen.contains("[On disk: not known yet]"), "{screen}");
    assert!(
        screen.contains("APPARENT ↓") && screen.contains("2.9 MiB"),
        "{screen}"
    );
    let details = sandbox.screen("i", "100x30");
    assert!(
        details.contains("not known before the first whole scan"),
        "{details}"
    );
    let asked = sandbox.screen("a a", "100x14");
    assert!(
        asked.contains("known after the first whole scan"),
        "{asked}"
    );
    // A scan of the whole tree tells them.
    assert!(sandbox.screen("r", "100x14").contains("ON DISK ↓"));
}
