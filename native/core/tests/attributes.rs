//! The attributes of entries, and what a tree takes up on disk. `stat` and `du` are the oracles.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use aether_core::lines::{Style, format};
use aether_core::slab::{Entry, Groups, Metadata, NO_BTIME, Slab};
use aether_core::{Ignore, Options, Pool, Reason, Root, Summary};
use rustix::io::Errno;
use support::*;

type Found = BTreeMap<Vec<u8>, (Option<Metadata>, Vec<u8>)>;

/// A tree with whatever attributes can differ in.
fn tree(at: &Path) {
    fs::create_dir_all(at.join("dir/deep")).unwrap();
    fs::write(at.join("small"), "x").unwrap();
    fs::write(at.join("empty"), "").unwrap();
    fs::write(at.join("large"), vec![1; 300_000]).unwrap();
    let sparse = File::create(at.join("sparse")).unwrap();
    sparse.write_at(b"end", 50_000_000).unwrap();
    for link in ["dir/hard", "dir/deep/hard", "again"] {
        fs::hard_link(at.join("large"), at.join(link)).unwrap();
    }
    symlink("small", at.join("link")).unwrap();
    symlink("../nowhere\n\u{1b}[31m", at.join("dir/dangling")).unwrap();
    symlink(name(b"\xff\xfe"), at.join("dir/bytes")).unwrap();
    symlink("/x".repeat(2000), at.join("dir/long")).unwrap();
    fs::hard_link(at.join("link"), at.join("dir/link")).unwrap();
    for (index, mode) in [0o4755, 0o2711, 0o1777, 0o600, 0].iter().enumerate() {
        let path = at.join(format!("dir/mode{index}"));
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(*mode)).unwrap();
    }
    let fifo = at.join("dir/fifo");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o640),
        0,
    )
    .unwrap();
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::lchown(at.join("dir/bytes"), Some(1234), Some(4_294_967_294)).unwrap();
        std::os::unix::fs::chown(at.join("small"), Some(65_534), Some(7)).unwrap();
    }
}

fn scan(root: Root, options: Options) -> (Vec<Vec<u8>>, Summary) {
    let pool = Pool::new(2);
    let (_scan, mailbox) = start(&pool, root, options);
    mailbox.wait_for_end();
    let (mut slabs, mut summary) = (Vec::new(), None);
    for message in mailbox.take() {
        match message {
            Message::Slab(bytes) => slabs.push(bytes),
            Message::Completed(end) => summary = Some(end),
            _ => {}
        }
    }
    (slabs, summary.unwrap())
}

fn options(groups: Groups) -> Options {
    Options {
        metadata: groups,
        ..Options::default()
    }
}

fn found(slabs: &[Vec<u8>]) -> Found {
    let rows = slabs.iter().flat_map(|bytes| {
        let slab = Slab::decode(bytes).unwrap();
        let row = |entry: Entry<'_>| {
            let path = join(entry.directory, entry.name);
            (path, (entry.metadata, entry.target.to_vec()))
        };
        slab.entries().map(row).collect::<Vec<_>>()
    });
    rows.collect()
}

/// The lines of `find` with an action that writes fields and ends them with NUL.
fn fields(root: &Path, action: &[&str]) -> Vec<Vec<u8>> {
    let mut find = Command::new("find");
    let output = find.arg(root).args(["-mindepth", "1"]).args(action);
    let output = output.output().unwrap();
    assert!(output.status.success());
    let mut fields: Vec<_> = output.stdout.split(|byte| *byte == 0).collect();
    fields.pop();
    fields.into_iter().map(<[u8]>::to_vec).collect()
}

fn instant(seconds: &str) -> i64 {
    let (seconds, nanos) = seconds.split_once('.').unwrap();
    seconds.parse::<i64>().unwrap() * 1_000_000_000 + nanos.parse::<i64>().unwrap()
}

/// What stat says of the same tree.
fn expected(root: &Path) -> Found {
    let paths = fields(root, &["-printf", r"%P\0"]);
    let form = "%s|%.9Y|%b|%i|%d|%h|%f|%.9Z|%.9W|%u|%g\\0";
    let stats = fields(root, &["-exec", "stat", "--printf", form, "{}", "+"]);
    assert_eq!(paths.len(), stats.len());
    let rows = paths.into_iter().zip(stats).map(|(path, stat)| {
        let stat = String::from_utf8(stat).unwrap();
        let column: Vec<&str> = stat.split('|').collect();
        let device: u64 = column[4].parse().unwrap();
        let birth = instant(column[8]);
        let metadata = Metadata {
            size: column[0].parse().unwrap(),
            mtime: instant(column[1]),
            disk: column[2].parse::<u64>().unwrap() * 512,
            inode: column[3].parse().unwrap(),
            device: rustix::fs::major(device) << 20 | rustix::fs::minor(device),
            nlink: column[5].parse().unwrap(),
            mode: u16::from_str_radix(column[6], 16).unwrap(),
            ctime: instant(column[7]),
            // The portable walker does not ask for it.
            btime: match birth {
                0 => NO_BTIME,
                _ if cfg!(aether_portable) => NO_BTIME,
                birth => birth,
            },
            uid: column[9].parse().unwrap(),
            gid: column[10].parse().unwrap(),
        };
        let target = fs::read_link(root.join(name(&path)));
        let target = target.map(|target| target.as_os_str().as_bytes().to_vec());
        (path, (Some(metadata), target.unwrap_or_default()))
    });
    rows.collect()
}

fn kept(metadata: &Metadata, groups: Groups) -> Metadata {
    let has = |group| groups.contains(group);
    let zero = Metadata::default();
    let of = |group, value: Metadata| if has(group) { value } else { zero };
    Metadata {
        size: metadata.size,
        mtime: metadata.mtime,
        disk: of(Groups::DISK, *metadata).disk,
        inode: of(Groups::INODE, *metadata).inode,
        device: of(Groups::INODE, *metadata).device,
        nlink: of(Groups::INODE, *metadata).nlink,
        mode: of(Groups::MODE, *metadata).mode,
        ctime: of(Groups::TIMES, *metadata).ctime,
        btime: of(Groups::TIMES, *metadata).btime,
        uid: of(Groups::OWNER, *metadata).uid,
        gid: of(Groups::OWNER, *metadata).gid,
    }
}

fn du(path: &Path, arguments: &[&str]) -> u64 {
    let mut du = Command::new("du");
    let output = du.args(["-s", "-B1"]).args(arguments).arg(path).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

fn assert_like_stat(root: &Path) {
    let expected = expected(root);
    for groups in (0..1 << 7).filter_map(Groups::from_bits) {
        if groups.is_empty() || !groups.are_sound() {
            continue;
        }
        let (slabs, summary) = scan(support::root(root), options(groups));
        let found = found(&slabs);
        assert_eq!(found.len(), expected.len());
        for (path, (metadata, target)) in &found {
            let (stat, link) = &expected[path];
            let stat = stat.as_ref().map(|stat| kept(stat, groups));
            assert_eq!(*metadata, stat, "{} {groups:?}", path.escape_ascii());
            let has_target = groups.contains(Groups::TARGET);
            let link = if has_target { link.as_slice() } else { b"" };
            assert_eq!(target, link, "{} {groups:?}", path.escape_ascii());
        }
        let disk = if groups.contains(Groups::DISK) {
            du(root, &[])
        } else {
            0
        };
        assert_eq!(summary.counts.disk, disk, "{groups:?}");
        assert!(summary.is_disk_exact);
    }
}

#[test]
fn attributes_are_those_of_stat_for_each_set_of_groups() {
    let dir = tempfile::tempdir().unwrap();
    tree(dir.path());
    assert_like_stat(dir.path());
}

/// A slab has no group without the first one.
#[test]
fn a_group_brings_along_those_that_it_needs() {
    let dir = tempfile::tempdir().unwrap();
    tree(dir.path());
    for group in [Groups::DISK, Groups::TARGET | Groups::OWNER] {
        let (alone, _) = scan(root(dir.path()), options(group));
        let (both, _) = scan(root(dir.path()), options(group | Groups::METADATA));
        assert_eq!(found(&alone), found(&both), "{group:?}");
    }
}

#[test]
fn devices_are_told_apart_and_disk_use_stays_on_one_if_asked_to() {
    if !in_mount_namespace(devices_are_told_apart_and_disk_use_stays_on_one_if_asked_to) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for mounted in ["one", "two"] {
        let at = dir.path().join(mounted);
        fs::create_dir(&at).unwrap();
        mount(&["-t", "tmpfs", "aether", at.to_str().unwrap()]);
        // Their inodes have the same numbers.
        fs::write(at.join("file"), vec![1; 10_000]).unwrap();
        fs::hard_link(at.join("file"), at.join("other name")).unwrap();
    }
    fs::write(dir.path().join("file"), vec![1; 10_000]).unwrap();
    // A single file may be mounted too.
    fs::write(dir.path().join("bound"), "").unwrap();
    let [from, to] = ["one/file", "bound"].map(|path| dir.path().join(path));
    mount(&["--bind", from.to_str().unwrap(), to.to_str().unwrap()]);
    assert_like_stat(dir.path());
    let options = Options {
        same_file_system: true,
        ..options(Groups::METADATA | Groups::DISK | Groups::INODE)
    };
    let (_, summary) = scan(root(dir.path()), options);
    assert_eq!(summary.counts.disk, du(dir.path(), &["-x"]));
}

#[test]
fn disk_use_of_a_folder_and_of_few_levels() {
    let dir = tempfile::tempdir().unwrap();
    tree(dir.path());
    let groups = Groups::METADATA | Groups::DISK;
    let (_, summary) = scan(folder(dir.path(), "dir"), options(groups));
    assert_eq!(summary.counts.disk, du(&dir.path().join("dir"), &[]));
    let shallow = Options {
        depth: Some(1),
        ..options(groups)
    };
    let (slabs, summary) = scan(root(dir.path()), shallow);
    // `large` has two names there.
    let expected: u64 = expected(dir.path())
        .iter()
        .filter(|(path, _)| !path.contains(&b'/') && *path != b"again")
        .map(|(_, (metadata, _))| metadata.unwrap().disk)
        .sum();
    assert!(!slabs.is_empty());
    let own = fs::metadata(dir.path()).unwrap();
    let own = std::os::unix::fs::MetadataExt::blocks(&own) * 512;
    assert_eq!(summary.counts.disk, expected + own);
}

#[test]
fn json_lines_have_the_attributes_that_were_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    symlink("to\u{1b}\"there", dir.path().join("link")).unwrap();
    symlink(name(b"\xff"), dir.path().join("odd")).unwrap();
    let groups = Groups::all();
    let (slabs, _) = scan(root(dir.path()), options(groups));
    let mut text = Vec::new();
    for bytes in &slabs {
        let slab = Slab::decode(bytes).unwrap();
        assert_eq!(format(&slab, 0, Style::Json, &mut text), None);
    }
    let mut lines: Vec<_> = std::str::from_utf8(&text).unwrap().lines().collect();
    lines.sort();
    let expected = expected(dir.path());
    let targets = [
        ("file", "\"target\":null"),
        ("link", r#""target":"to\u001b\"there""#),
        ("odd", "\"target_base64\":\"/w==\""),
    ];
    for (line, (path, target)) in lines.iter().zip(targets) {
        let of = expected[path.as_bytes()].0.unwrap();
        let btime = match of.btime {
            NO_BTIME => "null".to_owned(),
            btime => btime.to_string(),
        };
        let Metadata {
            disk,
            inode,
            device,
            nlink,
            mode,
            uid,
            gid,
            ctime,
            ..
        } = of;
        let attributes = format!(
            ",\"disk\":{disk},\"inode\":{inode},\"device\":{device},\"nlink\":{nlink},\
             \"mode\":{mode},\"uid\":{uid},\"gid\":{gid},\"ctime_ns\":{ctime},\
             \"btime_ns\":{btime},{target}}}"
        );
        assert!(line.ends_with(&attributes), "{line} {attributes}");
    }
}

fn one(
    at: &Path,
    path: &str,
    options: Options,
) -> Result<(Entry<'static>, Summary), aether_core::Error> {
    let (folder, entry) = path.rsplit_once('/').unwrap_or(("", path));
    let root = Root {
        entry: Some(entry.into()),
        ..support::folder(at, folder)
    };
    let pool = Pool::new(1);
    let (_scan, mailbox) = start(&pool, root, options);
    mailbox.wait_for_end();
    let (mut entries, mut summary) = (Vec::new(), None);
    for message in mailbox.take() {
        match message {
            Message::Opened(Err(error)) => return Err(error),
            Message::Slab(bytes) => {
                let bytes: &'static [u8] = bytes.leak();
                entries.extend(Slab::decode(bytes).unwrap().entries());
            }
            Message::Completed(end) => summary = Some(end),
            _ => {}
        }
    }
    assert_eq!(entries.len(), 1);
    Ok((entries.remove(0), summary.unwrap()))
}

#[test]
fn one_entry_is_looked_at_as_in_a_listing() {
    let dir = tempfile::tempdir().unwrap();
    tree(dir.path());
    for (path, (metadata, target)) in expected(dir.path()) {
        let text = std::str::from_utf8(&path).unwrap();
        let (entry, _) = one(dir.path(), text, options(Groups::all())).unwrap();
        assert_eq!(join(entry.directory, entry.name), path);
        assert_eq!((entry.metadata, entry.target), (metadata, &target[..]));
    }
    for folder in ["", "dir/"] {
        let (own, _) = one(dir.path(), folder, options(Groups::all())).unwrap();
        let stat = fs::metadata(dir.path().join(folder)).unwrap();
        let inode = std::os::unix::fs::MetadataExt::ino(&stat);
        assert_eq!(own.metadata.unwrap().inode, inode);
        assert_eq!(own.directory, folder.trim_end_matches('/').as_bytes());
    }
}

#[test]
fn one_entry_that_a_scan_leaves_out_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    tree(dir.path());
    fs::create_dir_all(dir.path().join("out/in")).unwrap();
    fs::write(dir.path().join(".hidden"), "").unwrap();
    let strict = Options {
        hidden: false,
        ignore: Ignore::patterns(vec![b"small".to_vec(), b"deep/".to_vec()]),
        exclude: [b"out".to_vec()].into(),
        ..options(Groups::all())
    };
    let rows = [
        (".hidden", Errno::NOENT),
        ("small", Errno::NOENT),
        ("dir/deep", Errno::NOENT),
        ("dir/deep/hard", Errno::NOENT),
        ("out", Errno::NOENT),
        ("out/in", Errno::NOENT),
        ("nothing", Errno::NOENT),
        ("large/beneath", Errno::NOTDIR),
        ("link/beneath", Errno::LOOP),
    ];
    for (path, errno) in rows {
        let error = one(dir.path(), path, strict.clone()).unwrap_err();
        assert_eq!(error.reason, Reason::Errno(errno.raw_os_error()), "{path}");
    }
    for path in ["..", "dir/..", ".", "../out", "dir/../small"] {
        let error = one(dir.path(), path, strict.clone()).unwrap_err();
        assert_eq!(error.reason, Reason::OutsideRoot, "{path}");
    }
    one(dir.path(), "large", strict).unwrap();
}
