//! Mount tables as the kernel writes them, and the real one.
#![allow(clippy::unwrap_used)]

use super::*;

/// Lines of a table, from id, parent and mount point.
fn table(mounts: &[(u64, u64, &str)]) -> Vec<u8> {
    let lines = mounts.iter().map(|(id, parent, point)| {
        format!("{id} {parent} 0:{id} / {point} rw,relatime shared:{id} - tmpfs none rw\n")
    });
    lines.collect::<String>().into_bytes()
}

fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

#[test]
fn the_nearest_mount_is_found() {
    let table = table(&[
        (20, 1, "/"),
        (21, 20, "/mnt"),
        (22, 21, "/mnt/x"),
        (23, 22, "/mnt/x/deep/er"),
        (24, 20, "/mn"),
        (25, 20, r"/a\040b\011c\012d\134e"),
        (26, 20, r"/octal\\04\999\777"),
        (27, 20, "/gone//deleted"),
    ]);
    let cases: [(&[u8], &[u8]); 19] = [
        (b"/", b"/"),
        (b"/etc/passwd", b"/"),
        (b"/mnt", b"/mnt"),
        (b"/mnt/y", b"/mnt"),
        (b"/mnt/x", b"/mnt/x"),
        (b"/mnt/xy", b"/mnt"),
        (b"/mnt/x/deep", b"/mnt/x"),
        (b"/mnt/x/deep/er/and/more", b"/mnt/x/deep/er"),
        (b"/mnt/x/deep/erst", b"/mnt/x"),
        (b"/mn", b"/mn"),
        (b"/m", b"/"),
        (b"//mnt///x//", b"/mnt/x"),
        (b"/mnt/./x/../y/.", b"/mnt"),
        (b"/../../mnt/x/deep/../deep/er/..", b"/mnt/x"),
        (b"/mnt/x/../..", b"/"),
        (b"/a b\tc\nd\\e/f", b"/a b\tc\nd\\e"),
        (b"/octal\\\\04\\999\\777/f", b"/octal\\\\04\\999\\777"),
        (b"/gone/deleted", b"/"),
        (b"/\xff\xfe", b"/"),
    ];
    for (path, expected) in cases {
        let found = mount_in(&parse(&table), &normalize(path)).point;
        assert_eq!(text(&found), text(expected), "of {}", text(path));
    }
}

#[test]
fn a_name_may_be_any_bytes() {
    let mut table = table(&[(20, 1, "/")]);
    table.extend_from_slice(b"21 20 0:21 / /\xff\xfe rw - fuse.x some\\040thing rw");
    assert_eq!(mount_in(&parse(&table), b"/\xff\xfe/x").point, b"/\xff\xfe");
}

#[test]
fn a_later_mount_hides_what_was_beneath() {
    // Both on the root: /mnt/x was there before /mnt was mounted.
    let hidden = table(&[(20, 1, "/"), (21, 20, "/mnt/x"), (22, 20, "/mnt")]);
    assert_eq!(mount_in(&parse(&hidden), b"/mnt/x/y").point, b"/mnt");

    // Two mounts at one place and one on the second, whatever the order of the lines.
    let stacked = table(&[
        (24, 23, "/mnt/x"),
        (20, 1, "/"),
        (23, 22, "/mnt"),
        (22, 20, "/mnt"),
        (25, 22, "/mnt/x/y"),
    ]);
    assert_eq!(mount_in(&parse(&stacked), b"/mnt/x/y").point, b"/mnt/x");
    assert_eq!(mount_in(&parse(&stacked), b"/mnt/z").point, b"/mnt");
}

#[test]
fn the_root_may_be_mounted_over_or_unlisted() {
    let over = table(&[(1, 1, "/"), (20, 1, "/"), (21, 1, "/old"), (22, 20, "/new")]);
    assert_eq!(mount_in(&parse(&over), b"/new/x").point, b"/new");
    assert_eq!(mount_in(&parse(&over), b"/old/x").point, b"/");

    let after_chroot = table(&[(30, 20, "/proc"), (31, 20, "/srv"), (32, 31, "/srv/x")]);
    assert_eq!(
        mount_in(&parse(&after_chroot), b"/srv/x/y").point,
        b"/srv/x"
    );
    assert_eq!(mount_in(&parse(&after_chroot), b"/home").point, b"/");
}

#[test]
fn an_inconsistent_table_ends_the_search() {
    let circle = table(&[(20, 1, "/"), (21, 22, "/a"), (22, 21, "/a"), (23, 20, "/a")]);
    assert_eq!(mount_in(&parse(&circle), b"/a").point, b"/a");
    let twice = table(&[(20, 1, "/"), (21, 20, "/a"), (20, 21, "/a")]);
    assert_eq!(mount_in(&parse(&twice), b"/a/b").point, b"/a");
    assert_eq!(mount_in(&parse(b""), b"/a").point, b"/");
    assert_eq!(
        mount_in(&parse(b"x\n1\n1 2\n1 2 3 4\n\n1 -2 3 4 /a \n"), b"/a").point,
        b"/"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_table_of_this_process_is_read() {
    assert_eq!(mount_of(b"/proc/self/status").unwrap(), b"/proc");
    assert_eq!(mount_of(b"/proc/../.").unwrap(), b"/");
    let up = [b"../".repeat(99).as_slice(), b"proc/1"].concat();
    assert_eq!(mount_of(&up).unwrap(), b"/proc");
    let here = std::env::current_dir().unwrap();
    let here = here.as_os_str().as_encoded_bytes();
    assert_eq!(mount_of(b"").unwrap(), mount_of(here).unwrap());
}

#[test]
fn links_are_followed_to_the_mount_they_lead_to() {
    let dir = tempfile::TempDir::new().unwrap();
    let base = std::fs::canonicalize(dir.path()).unwrap();
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, base.join(name)).unwrap();
    };
    std::fs::create_dir(base.join("dir")).unwrap();
    link("/proc/self", "out");
    link("out/task", "twice");
    link("../dir", "dir/self");
    link("circle", "circle");
    let behind = |path: &str| {
        let path = base.join(path).into_os_string().into_encoded_bytes();
        text(&mount_behind(&path).unwrap())
    };
    let own = text(&mount_of(base.as_os_str().as_encoded_bytes()).unwrap());
    for (path, expected) in [
        ("out", "/proc"),
        ("twice/1", "/proc"),
        ("dir/self/self/../out", "/proc"),
        ("dir", own.as_str()),
        ("not/there", &own),
        ("circle", &own),
        ("out/../../proc", "/proc"),
    ] {
        assert_eq!(behind(path), expected, "{path}");
    }
    assert_eq!(mount_behind(b"/").unwrap(), b"/");
}

#[test]
fn mounts_served_by_others_are_foreign() {
    let foreign = |kind: &str| {
        let table = format!(
            "20 1 0:20 / / rw - ext4 none rw\n21 20 0:21 / /mnt rw shared:1 master:2 - {kind} none rw\n"
        );
        mount_in(&parse(table.as_bytes()), b"/mnt/x").is_foreign
    };
    for kind in [
        "fuse",
        "fuse.sshfs",
        "fuseblk",
        "nfs",
        "nfs4",
        "cifs",
        "9p",
        "autofs",
        "unheard-of",
    ] {
        assert!(foreign(kind), "{kind}");
    }
    for kind in ["ext4", "tmpfs", "overlay", "proc"] {
        assert!(!foreign(kind), "{kind}");
    }
}
