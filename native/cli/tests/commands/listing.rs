//! What `scan` lists and counts, beside find.

use std::os::unix::ffi::OsStrExt;

use crate::support::{Sandbox, is_root, os, sorted};

#[test]
fn paths_are_those_that_find_prints() {
    let sandbox = Sandbox::hostile();
    for path in ["root", "root/", "./root", "root/dir", "-- -"] {
        if path == "-- -" {
            continue;
        }
        let ran = sandbox.run(["scan", "--print0", path]);
        assert_eq!(
            sorted(&ran.stdout),
            sandbox.find(&format!("{path} -mindepth 1")),
            "{path}"
        );
    }
    let whole = sandbox.at("root");
    let ran = sandbox.run([os(b"scan"), os(b"-0"), whole.clone().into()]);
    let words = format!("{} -mindepth 1", whole.display());
    assert_eq!(sorted(&ran.stdout), sandbox.find(&words));
    // Without a PATH, the current directory.
    let ran = sandbox.run(["scan", "--print0"]);
    assert_eq!(sorted(&ran.stdout), sandbox.find(". -mindepth 1"));
    let listed = sandbox.run(["scan", "--list", "root/dir"]);
    assert_eq!(listed.text().lines().count(), 2);
    // Several in turn.
    let ran = sandbox.run(["scan", "-0", "root/dir", "root/.dot"]);
    assert_eq!(
        sorted(&ran.stdout),
        sandbox.find("root/dir root/.dot -mindepth 1")
    );
}

#[test]
fn a_name_that_looks_like_an_option_reaches_no_program_as_one() {
    let sandbox = Sandbox::hostile();
    sandbox.file(b"-i/victim", "");
    let ran = sandbox.bash("cd root && \"$A\" scan -0 | xargs -0 rm -r -- && ls -A; ls -A ../-i 2>/dev/null || ls -A -- ../-i");
    assert_eq!(ran.text(), "victim\n", "{}", ran.stderr);
    let ran = sandbox.run(["scan", "-0", "--", "-i"]);
    assert_eq!(sorted(&ran.stdout), [b"./-i/victim".to_vec()]);
}

#[test]
fn json_has_what_find_knows_of_every_entry() {
    let sandbox = Sandbox::hostile();
    let format = r"%p\0%y\0%s\0%T@\0";
    let found = sandbox.bash(&format!("find root -mindepth 1 -printf '{format}'"));
    let fields = found
        .stdout
        .split(|byte| *byte == 0)
        .map(<[u8]>::to_vec)
        .collect::<Vec<_>>();
    let mut expected = Vec::new();
    for entry in fields.chunks_exact(4) {
        let text = |at: usize| String::from_utf8(entry[at].clone()).unwrap();
        let kind = match text(1).as_str() {
            "f" => "file",
            "d" => "directory",
            "l" => "symlink",
            _ => "other",
        };
        let (seconds, fraction) = text(3)
            .split_once('.')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let mtime =
            seconds.parse::<i64>().unwrap() * 1_000_000_000 + fraction[..9].parse::<i64>().unwrap();
        expected.push((
            entry[0].clone(),
            kind.to_owned(),
            text(2).parse::<u64>().unwrap(),
            mtime,
        ));
    }
    let mut listed = Vec::new();
    for object in sandbox.json(&["scan", "--json", "root"]) {
        let path = match object["path"].as_str() {
            Some(path) => path.as_bytes().to_vec(),
            None => base64(object["path_base64"].as_str().unwrap()),
        };
        let kind = object["kind"].as_str().unwrap().to_owned();
        let mtime = object["mtime_ns"].as_i64().unwrap();
        listed.push((path, kind, object["size"].as_u64().unwrap(), mtime));
    }
    expected.sort();
    listed.sort();
    assert!(expected.len() > 10);
    assert_eq!(listed, expected);
    let text = sandbox.text(["scan", "--json", "--no-metadata", "root"]);
    assert!(text.contains("\"size\":null") && !text.contains("\"size\":5"));
    // Nothing in it that a terminal would obey.
    assert!(!text.chars().any(|char| char != '\n' && char.is_control()));
    let attributes = sandbox.text(["scan", "--json", "--attributes", "root/dir"]);
    assert!(attributes.contains("\"uid\":") && attributes.contains("\"inode\":"));
}

fn base64(text: &str) -> Vec<u8> {
    let mut bits = 0_u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let digit = digits.iter().position(|digit| *digit == byte).unwrap();
        bits = bits << 6 | digit as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

#[test]
fn without_a_terminal_there_is_the_summary_alone() {
    let sandbox = Sandbox::new();
    sandbox.file(b"root/a/b/c", "");
    sandbox.file(b"root/d", "12345");
    std::os::unix::fs::symlink("d", sandbox.at("root/l")).unwrap();
    let ran = sandbox.run(["scan", "root"]);
    assert_eq!(ran.stderr, "");
    let text = ran.text();
    let (counted, times) = text.split_at(text.find("  first entry").unwrap());
    insta::assert_snapshot!(counted, @r"
    root: complete
      files        2
      directories  2
      symlinks     1
      others       0
      bytes        5 B
      errors       0
    ");
    let rows = times.lines().map(|line| line.split_once("  ").unwrap().1);
    let rows = rows
        .map(|row| row.split("  ").next().unwrap())
        .collect::<Vec<_>>();
    assert_eq!(rows, ["first entry", "duration", "rate"]);
    let text = sandbox.text(["scan", "root/a", "root"]);
    let total = &text[text.find("total").unwrap()..];
    insta::assert_snapshot!(total, @r"
    total of 2 paths
      files        3
      directories  3
      symlinks     1
      others       0
      bytes        5 B
    ");
    assert_eq!(sandbox.text(["scan", "-q", "root"]), "");
}

#[test]
fn a_file_is_a_path_too() {
    let sandbox = Sandbox::hostile();
    for path in ["root/plain", "root/link", "root/pipe", "./root/-rf"] {
        let ran = sandbox.run(["scan", "--print0", path]);
        assert_eq!(
            sorted(&ran.stdout),
            [path.as_bytes().to_vec()],
            "{}",
            ran.stderr
        );
    }
    let ran = sandbox.bash("cd root && \"$A\" scan --list plain -- -rf");
    assert_eq!(ran.text(), "plain\n./-rf\n");
    let text = sandbox.text(["scan", "root/plain"]);
    assert!(
        text.contains("files        1\n") && text.contains("bytes        5 B\n"),
        "{text}"
    );
    let dangling = sandbox.at("dangling");
    std::os::unix::fs::symlink("nowhere", dangling).unwrap();
    assert_eq!(sandbox.text(["scan", "--list", "dangling"]), "dangling\n");
    let ran = sandbox.run(["scan", "root/plain/"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("enotdir"),
        "{}",
        ran.stderr
    );
    let ran = sandbox.run(["scan", "root/plain", "--index", "x.db"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("is a file"),
        "{}",
        ran.stderr
    );
}

#[test]
fn kinds_extensions_sizes_and_ages_choose_what_is_listed() {
    let sandbox = Sandbox::new();
    sandbox.file(b"root/a.rs", "12345");
    sandbox.file(b"root/b.RS", "");
    sandbox.file(b"root/c.txt", &"1".repeat(3000));
    sandbox.file(b"root/.rs", "");
    sandbox.file(b"root/old/x.rs", "1");
    sandbox.bash("touch -d '10 days ago' root/old/x.rs");
    let list = |words: &[&str]| {
        let words = ["scan", "-0"].iter().chain(words).chain(&["root"]);
        sorted(&sandbox.run(words).stdout)
    };
    assert_eq!(list(&["-t", "d"]), sandbox.find("root -mindepth 1 -type d"));
    assert_eq!(list(&["-t", "f,l"]), sandbox.find("root -type f"));
    assert_eq!(list(&["-e", "rs"]), sandbox.find("root -iname '?*.rs'"));
    assert_eq!(
        list(&["--larger", "2k"]),
        sandbox.find("root -type f -size +2048c")
    );
    assert_eq!(
        list(&["--newer", "2d", "-t", "f"]),
        sandbox.find("root -type f -mtime -2")
    );
    let text = sandbox.text(["scan", "-e", "rs", "root"]);
    assert!(
        text.contains("files        3\n") && text.contains("bytes        6 B\n"),
        "{text}"
    );
}

#[test]
fn options_reach_the_walk() {
    let sandbox = Sandbox::new();
    for name in [
        "a/b/c",
        "x/y",
        "a/z.md",
        "README.md",
        ".git/config",
        "skip/x/z",
    ] {
        sandbox.file(format!("root/{name}").as_bytes(), "");
    }
    let list = |words: &[&str]| {
        let words = ["scan", "-0"].iter().chain(words).chain(&["root"]);
        sorted(&sandbox.run(words).stdout)
    };
    assert_eq!(
        list(&["-d", "1"]),
        sandbox.find("root -mindepth 1 -maxdepth 1")
    );
    assert_eq!(
        list(&["--no-hidden"]),
        sandbox.find("root -mindepth 1 -not -path '*/.*'")
    );
    assert_eq!(
        list(&["-E", "*.md"]),
        sandbox.find("root -mindepth 1 -not -name '*.md'")
    );
    assert_eq!(
        list(&[
            "--exclude",
            "/x",
            "--exclude",
            ".git",
            "-x",
            "--threads",
            "1"
        ]),
        sandbox
            .find("root -mindepth 1 -not -path root/x -not -path 'root/x/*' -not -path '*/.git*'")
    );
    let ran = sandbox.run(["scan", "-E", "a[", "root"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("bad_pattern"),
        "{}",
        ran.stderr
    );
}

#[test]
fn another_file_system_is_listed_and_not_entered() {
    if !crate::support::may_mount() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.file(b"root/mount/hidden", "");
    let script = "unshare -m sh -c 'mount -t tmpfs none root/mount && touch root/mount/inside && \"$A\" scan -0 -x root && echo && \"$A\" du -x root && du -x root'";
    let ran = sandbox.bash(script);
    let (listed, sizes) = ran
        .stdout
        .split_at(ran.stdout.iter().position(|byte| *byte == b'\n').unwrap());
    assert_eq!(listed, b"root/mount\0");
    let sizes = String::from_utf8(sizes.to_vec()).unwrap();
    let lines = sizes.trim().lines().collect::<Vec<_>>();
    assert!(lines.len() == 2 && lines[0] == lines[1], "{sizes}");
}

#[test]
fn paths_need_not_be_utf8_given_relative_or_as_the_current_directory() {
    let sandbox = Sandbox::new();
    let name = b"raw\xff\xfe";
    sandbox.file(b"raw\xff\xfe/sub/file", "");
    let ran = sandbox.run([os(b"scan"), os(b"-0"), os(name)]);
    assert_eq!(
        sorted(&ran.stdout),
        [&b"raw\xff\xfe/sub"[..], b"raw\xff\xfe/sub/file"]
    );
    let whole = sandbox.at(os(name));
    let ran = sandbox.run([os(b"scan"), os(b"-0"), whole.clone().into()]);
    let beneath = [whole.as_os_str().as_bytes(), b"/sub"].concat();
    assert_eq!(sorted(&ran.stdout)[0], beneath);
    for locale in ["C", "C.UTF-8"] {
        let mut command = sandbox.command(["scan", "-0", "sub"]);
        let output = command
            .current_dir(&whole)
            .env("LC_ALL", locale)
            .output()
            .unwrap();
        assert_eq!(output.stdout, b"sub/file\0");
    }
}

#[test]
fn what_cannot_be_read_is_named_and_counted() {
    if !is_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.file(b"tree/open/file", "123");
    sandbox.bash("mkdir -p tree/closed{1..150}; chmod 0 tree/closed*");
    let nobody = "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$A\" scan";
    let ran = sandbox.bash(&format!("{nobody} tree"));
    let text = ran.text();
    assert_eq!(ran.status, 1);
    assert!(
        text.starts_with("tree: partial, not everything could be read\n"),
        "{text}"
    );
    assert!(
        text.contains("permission denied (eacces): 150\n    open closed"),
        "{text}"
    );
    assert!(text.contains("    and 145 more\n"), "{text}");
    let ran = sandbox.bash(&format!("{nobody} --list tree"));
    assert!(
        ran.stderr.contains("aether: open tree/closed"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("aether: and 50 more errors"),
        "{}",
        ran.stderr
    );
    for format in ["--json", "--list", ""] {
        let ran = sandbox.bash(&format!("{nobody} --errors {format} tree 2>&1"));
        let named = ran
            .text()
            .lines()
            .filter(|line| line.contains("open ") && line.contains("closed"))
            .count();
        assert_eq!(named, 150, "{format}");
    }
}
