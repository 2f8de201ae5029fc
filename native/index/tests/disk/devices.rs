//! Inodes of different devices have the same numbers, and st_dev changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::*;
use crate::tools::*;

/// A file system mounted at a place until it is dropped.
struct Mounted(PathBuf);

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

impl Mounted {
    fn tmpfs(at: &Path) -> Mounted {
        fs::create_dir_all(at).unwrap();
        run(Command::new("mount").args(["-t", "tmpfs", "none"]).arg(at));
        Mounted(at.to_path_buf())
    }

    /// The file system at one place, at another too.
    fn bind(from: &Path, at: &Path) -> Mounted {
        fs::create_dir_all(at).unwrap();
        run(Command::new("mount").arg("--bind").args([from, at]));
        Mounted(at.to_path_buf())
    }

    fn image(image: &Path, at: &Path) -> Mounted {
        fs::create_dir_all(at).unwrap();
        run(Command::new("mount").args(["-o", "loop"]).args([image, at]));
        Mounted(at.to_path_buf())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        run(Command::new("umount").arg("-l").arg(&self.0));
    }
}

/// Two names of a file.
fn pair(folder: &Path, bytes: usize) {
    fs::create_dir_all(folder.join("sub")).unwrap();
    fs::write(folder.join("f"), vec![1; bytes]).unwrap();
    fs::hard_link(folder.join("f"), folder.join("sub/g")).unwrap();
}

fn image_of(place: &Place, name: &str, make: &str) -> PathBuf {
    let image = place.directory.path().join(name);
    let file = fs::File::create(&image).unwrap();
    file.set_len(160 << 20).unwrap();
    run(Command::new(make).arg("-q").arg(&image));
    image
}

#[test]
fn two_file_systems_with_equal_inode_numbers() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    let mounts = ["one", "two"].map(|name| Mounted::tmpfs(&place.root.join(name)));
    for mounted in &mounts {
        pair(&mounted.0, 9000);
    }
    place.expand("one/sub", Some(1));
    place.expand("two/sub", Some(1));
    place.expand("two", Some(1));
    place.scan();
    place.check();
    fs::remove_file(place.root.join("one/f")).unwrap();
    place.scan();
    place.check();
}

/// A copy of a disk has the identity of the disk.
#[test]
fn a_copy_of_a_disk_beside_it_is_another() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    let image = image_of(&place, "image", "mkfs.ext4");
    let first = Mounted::image(&image, &place.root.join("one"));
    pair(&first.0, 9000);
    drop(first);
    let copy = place.directory.path().join("copy");
    fs::copy(&image, &copy).unwrap();
    let first = Mounted::image(&image, &place.root.join("one"));
    place.scan();
    let second = Mounted::image(&copy, &place.root.join("two"));
    // Only the one is known.
    place.expand("two/sub", Some(1));
    place.expand("two", Some(1));
    place.scan();
    place.check();
    place.expand("two/sub", Some(1));
    place.expand("one/sub", Some(1));
    place.check();
    // In the other order, and so with other numbers.
    let links = place
        .fixture
        .shell("SELECT * FROM links; SELECT * FROM devices");
    drop((first, second));
    let second = Mounted::image(&copy, &place.root.join("two"));
    let first = Mounted::image(&image, &place.root.join("one"));
    place.expand("two/sub", Some(1));
    place.scan();
    place.check();
    let again = place
        .fixture
        .shell("SELECT * FROM links; SELECT * FROM devices");
    assert_eq!(again, links);
    drop((first, second));
}

#[test]
fn subvolumes_have_inodes_of_their_own() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    let image = image_of(&place, "image", "mkfs.btrfs");
    let disk = Mounted::image(&image, &place.root.join("disk"));
    let volumes = ["x", "y"].map(|name| disk.0.join(name));
    for volume in &volumes {
        let mut command = Command::new("btrfs");
        run(command.args(["-q", "subvolume", "create"]).arg(volume));
        pair(volume, 100_000);
    }
    // Blocks are known when they are written.
    run(Command::new("sync").arg("-f").arg(&disk.0));
    for folder in ["disk/x/sub", "disk/y/sub", "disk/y", "disk/x"] {
        place.expand(folder, Some(1));
    }
    place.scan();
    place.check();
    for folder in ["disk/y/sub", "disk/x/sub"] {
        place.expand(folder, Some(1));
        place.check();
    }
    // A snapshot has the inodes of its origin, and is another device.
    let mut command = Command::new("btrfs");
    command.args(["-q", "subvolume", "snapshot"]);
    run(command.arg(&volumes[0]).arg(disk.0.join("z")));
    run(Command::new("sync").arg("-f").arg(&disk.0));
    place.expand("disk/z/sub", Some(1));
    place.scan();
    place.check();
}

/// Mounted again, everything has another st_dev, and is the same.
#[test]
fn numbers_stay_when_st_dev_changes() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    let image = image_of(&place, "image", "mkfs.ext4");
    let disk = Mounted::image(&image, &place.root);
    pair(&place.root, 9000);
    pair(&place.root.join("more"), 5000);
    place.scan();
    place.check();
    let stored = || {
        place
            .fixture
            .shell("SELECT * FROM links; SELECT * FROM inodes; SELECT * FROM devices")
    };
    let before = stored();
    let device = || std::os::unix::fs::MetadataExt::dev(&fs::metadata(&place.root).unwrap());
    let was = device();
    drop(disk);
    // Others take the number that became free.
    let mut others = Vec::new();
    let mut disk = Mounted::image(&image, &place.root);
    while device() == was {
        drop(disk);
        let name = format!("other{}", others.len());
        let other = image_of(&place, &name, "mkfs.ext4");
        others.push(Mounted::image(
            &other,
            &place.directory.path().join(name + "-at"),
        ));
        disk = Mounted::image(&image, &place.root);
    }
    place.expand("more/sub", Some(1));
    place.scan();
    place.check();
    assert_eq!(stored(), before);
}

/// Two places turn out to be one device, of which one gives up its number: nothing else gets it.
#[test]
fn a_number_is_given_once() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    let at = |name| place.root.join("disks").join(name);
    let one = Mounted::tmpfs(&at("one"));
    pair(&one.0, 9000);
    let two = Mounted::bind(&one.0, &at("two"));
    place.expand("disks/one", None);
    place.expand("disks/two", None);
    place.expand("disks", Some(2));
    let three = Mounted::tmpfs(&at("three"));
    pair(&three.0, 9000);
    place.expand("disks/three", None);
    let number = |name: &str| {
        let sql = format!("SELECT device FROM dirs WHERE name = '{name}'");
        place.fixture.shell(&sql)
    };
    let numbers = "SELECT count(DISTINCT device) FROM dirs WHERE device NOTNULL";
    assert_eq!(place.fixture.shell(numbers), "4\n");
    assert_eq!(number("one"), number("two"));
    place.scan();
    let uuid = place.fixture.uuid();
    // What has two places is unshared in neither, whatever is told by the number of its names.
    let totals = place.fixture.pool().totals(&uuid, b"").unwrap().value;
    assert_eq!(totals.disk, Some(du(&place.root)));
    place.fixture.index().forget(&uuid, None).unwrap();
    place.fixture.index().settle().unwrap();
    let left =
        "SELECT count(*) FROM links; SELECT count(*) FROM inodes; SELECT count(*) FROM devices";
    assert_eq!(place.fixture.shell(left), "0\n0\n0\n");
    drop((two, three));
}
