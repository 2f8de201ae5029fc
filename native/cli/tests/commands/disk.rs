//! Sizes on disk and names of one inode, as an index knows them: `du --known`, `ls`, `links`; du and find as oracles.

use crate::support::{Ran, Sandbox, is_root, sorted};

fn tree() -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, size) in [
        ("a/one", 5),
        ("a/b/two", 100_000),
        ("c/three", 9000),
        ("c/.four", 1),
    ] {
        sandbox.file(format!("root/{name}").as_bytes(), &"x".repeat(size));
    }
    sandbox.file(b"root/a/b/e\xc3\xa9 \n", "1");
    sandbox.bash("cd root; mkdir empty; ln -s a link; truncate -s 5M a/hole; mkfifo pipe");
    sandbox
}

/// With files that have several names: in one folder, in two, and outside of the root.
fn linked() -> Sandbox {
    let sandbox = tree();
    sandbox.bash("cd root; ln a/b/two a/b/same; ln a/b/two c/two; ln c/three a/; ln a/one ../outside; ln -s a/b/two soft");
    sandbox
}

fn keep(sandbox: &Sandbox) {
    sandbox.text(["scan", "--keep", "root"]);
}

fn known(sandbox: &Sandbox, words: &str) -> Ran {
    sandbox.bash(&format!(
        "\"$A\" du --known {words} | LC_ALL=C sort; exit ${{PIPESTATUS[0]}}"
    ))
}

/// The number before the path of the only line, or the last.
fn number(text: &str) -> u64 {
    let last = text.lines().last().unwrap();
    last.split('\t').next().unwrap().parse().unwrap()
}

#[test]
fn lines_are_those_of_du() {
    let sandbox = tree();
    keep(&sandbox);
    for options in [
        "", "-k", "-h", "-a", "-s", "-c", "-sc", "-d 1", "-d 0", "-ad 1", "-hk", "-kh",
    ] {
        for path in [
            "root",
            "root/",
            "./root",
            "root/a root/c",
            "root/c root/link root/link/",
            "root/a/b/two",
            "root/empty",
        ] {
            let ours = known(&sandbox, &format!("{options} {path}"));
            let theirs = sandbox.bash(&format!("du {options} {path} | LC_ALL=C sort"));
            assert_eq!(
                (ours.text(), ours.status),
                (theirs.text(), 0),
                "{options} {path}: {}",
                ours.stderr
            );
        }
    }
    let ran = sandbox.bash("cd root/a && \"$A\" du --known");
    assert_eq!(
        (ran.text(), ran.status),
        (sandbox.bash("cd root/a && du").text(), 0)
    );
    assert_eq!(ran.stderr, ".: seen just now\n");
}

#[test]
fn each_folder_is_counted_as_du_counts_it_alone() {
    let sandbox = linked();
    keep(&sandbox);
    let ran = known(&sandbox, "-a root");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let alone = sandbox.bash("find root -exec du -s {} \\; | LC_ALL=C sort");
    assert_eq!(ran.text(), alone.text());
    // What is in both is once in what is around both.
    let total = number(&sandbox.text(["du", "--known", "root"]));
    let a = number(&sandbox.text(["du", "--known", "-s", "root/a"]));
    let c = number(&sandbox.text(["du", "--known", "-s", "root/c"]));
    assert!(a + c > total, "{a} {c} {total}");
    let ran = sandbox.run(["du", "--known", "-sc", "root/a", "root/c"]);
    assert!(ran.stderr.contains("\"at most\""), "{}", ran.stderr);
    assert!(ran.text().ends_with(&format!("{}\ttotal\n", a + c)));
    let ran = sandbox.run(["du", "--known", "-sc", "root/a", "root", "root/a"]);
    assert!(
        ran.text().ends_with(&format!("{total}\ttotal\n")),
        "{}",
        ran.text()
    );
    // The largest first; and what files contain, each name.
    let text = sandbox.text(["du", "--known", "--top", "2", "root"]);
    let paths = text.lines().map(|line| line.split('\t').nth(1).unwrap());
    assert_eq!(paths.collect::<Vec<_>>(), ["root", "root/a"]);
    let bytes =
        sandbox.bash("find root -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }'");
    let text = sandbox.text(["du", "--known", "-sb", "root"]);
    assert_eq!(text, format!("{}\troot\n", bytes.text().trim()));
}

#[test]
fn a_folder_comes_after_what_is_in_it_page_by_page() {
    let sandbox = Sandbox::new();
    sandbox
        .bash("mkdir -p root/{1000..3100} root/1000/in; touch root/{1..999} root/3100/{1..1100}");
    keep(&sandbox);
    let text = sandbox.text(["du", "--known", "-a", "root"]);
    let paths = text.lines().map(|line| line.split('\t').nth(1).unwrap());
    let paths = paths.collect::<Vec<_>>();
    assert_eq!(paths[..2], ["root/1000/in", "root/1000"]);
    assert_eq!(paths.last(), Some(&"root"));
    let mut found = paths
        .iter()
        .map(|path| path.as_bytes().to_vec())
        .collect::<Vec<_>>();
    found.sort();
    assert!(found == sandbox.find("root"), "{} lines", found.len());
    let text = sandbox.text(["du", "--known", "root"]);
    assert_eq!(text.lines().count(), 2103);
}

#[test]
fn what_an_index_does_not_know_is_said() {
    let sandbox = tree();
    let ran = sandbox.run(["du", "--known", "root"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("nothing is kept of \"root\""),
        "{}",
        ran.stderr
    );
    for option in ["-x", "--exclude=a", "--threads=1"] {
        assert_eq!(
            sandbox.run(["du", "--known", option, "root"]).status,
            2,
            "{option}"
        );
    }
    assert_eq!(sandbox.run(["du", "--index", "index.db", "root"]).status, 2);
    // Not the whole of it yet.
    sandbox.text(["scan", "--keep", "--depth", "1", "root"]);
    let ran = sandbox.run(["du", "--known", "root"]);
    let lacks = "until a scan of the whole root";
    assert!(
        ran.status == 1 && ran.stderr.contains(lacks),
        "{}",
        ran.stderr
    );
    let text = sandbox.text(["ls", "root"]);
    assert!(
        text.contains("B apparent") && text.contains(lacks),
        "{text}"
    );
    let ran = sandbox.run(["links", "root/pipe"]);
    assert!(
        ran.status == 1 && ran.stderr.starts_with("sizes on disk are not known"),
        "{}",
        ran.stderr
    );
    keep(&sandbox);
    let ran = sandbox.run(["du", "--known", "-s", "root/absent", "root/a"]);
    assert!(
        ran.status == 1 && ran.text().ends_with("\troot/a\n") && ran.stderr.contains("root/absent"),
        "{}",
        ran.stderr
    );
    // What is gone is known nevertheless.
    sandbox.bash("mv root/c gone");
    let text = sandbox.text(["du", "--known", "-s", "root/c"]);
    assert_eq!(
        text.replace("root/c", "gone"),
        sandbox.bash("du -s gone").text()
    );
    if is_root() {
        sandbox.bash("mkdir root/closed; chown -R 65534 .; chmod 0 root/closed");
        let nobody = |words: &str| {
            sandbox.bash(&format!(
                "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$A\" {words}"
            ))
        };
        assert_eq!(nobody("scan --keep root").status, 1);
        let ran = nobody("du --known -s root");
        assert!(
            ran.status == 1 && ran.stderr.contains("1 could not be read:\n      closed"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn ls_shows_sizes_on_disk_and_marks_links() {
    let sandbox = linked();
    keep(&sandbox);
    let lines = sandbox.json(&["ls", "--json", "root/a"]);
    let disk = |path: &str| number(&sandbox.bash(&format!("du -s -B1 {path}")).text());
    assert_eq!(lines[0]["answer"]["disk"], disk("root/a"));
    assert!(lines[0]["answer"]["disk_unshared"].as_u64().unwrap() < disk("root/a"));
    for line in &lines[1..] {
        let path = line["path"].as_str().unwrap();
        assert_eq!(line["disk"], disk(&format!("root/{path}")), "{line}");
    }
    let nlink = |name: &str| {
        let line = lines.iter().find(|line| line["path"] == name);
        line.unwrap()["nlink"].as_u64()
    };
    assert_eq!(
        (nlink("a/one"), nlink("a/hole"), nlink("a/b")),
        (Some(2), Some(1), None)
    );
    let text = sandbox.text(["ls", "root/a"]);
    assert!(text.contains(" on disk, seen just now\n"), "{text}");
    assert!(
        text.contains(" H one\n") && text.contains("   hole\n"),
        "{text}"
    );
    let hole = text.lines().find(|line| line.ends_with(" hole")).unwrap();
    assert!(hole.contains(" 0 B "), "{text}");
    let text = sandbox.text(["ls", "--apparent", "root/a"]);
    assert!(
        text.contains("5.0 MiB") && text.contains(" apparent, seen"),
        "{text}"
    );
    // By what is shown, unless another is named.
    let first = |words: &[&str]| {
        let words = [&["ls", "--json", "root/a", "--sort"], words].concat();
        sandbox.json(&words)[1]["path"].clone()
    };
    assert_eq!(first(&["size"]), "a/b");
    assert_eq!(first(&["size", "--apparent"]), "a/hole");
    assert_eq!(first(&["disk", "--apparent"]), "a/b");
}

#[test]
fn links_are_the_other_names_of_a_file() {
    let sandbox = linked();
    sandbox.bash("cd root; ln c/three $'c/new\\nline'");
    keep(&sandbox);
    let two = sandbox.run(["links", "-0", "root/a/b/two"]);
    let same = sandbox.find("\"$PWD/root\" -samefile root/a/b/two ! -path '*/b/two'");
    assert_eq!((sorted(&two.stdout), two.status), (same, 0));
    assert_eq!(two.stderr, "3 names, seen just now\n");
    // By any of its names, also in its folder; raw for programs.
    let ran = sandbox.bash("cd root/c && \"$A\" links two");
    assert_eq!(ran.text().lines().count(), 2, "{}", ran.text());
    let text = sandbox.text(["links", "root/a/three"]);
    assert!(text.contains("/c/new\nline\n"), "{text}");
    // Names that the root does not have.
    let ran = sandbox.run(["links", "root/a/one"]);
    let elsewhere = "2 names, 1 of them not in this index, seen just now\n";
    assert_eq!(
        (ran.text().as_str(), ran.stderr.as_str(), ran.status),
        ("", elsewhere, 0)
    );
    let ran = sandbox.run(["links", "root/a/hole"]);
    assert_eq!(
        (ran.stderr.as_str(), ran.status),
        ("1 name, seen just now\n", 0)
    );
    let lines = sandbox.json(&["links", "--json", "--limit", "1", "root/a/b/two"]);
    let answer = &lines[0]["answer"];
    assert_eq!(
        (&answer["nlink"], &answer["more"], lines.len()),
        (&3.into(), &true.into(), 2)
    );
    // A link is not followed, a folder has no other names.
    assert_eq!(
        sandbox.run(["links", "root/soft"]).stderr,
        "1 name, seen just now\n"
    );
    let ran = sandbox.run(["links", "root/a"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("\"root/a\" is a folder"),
        "{}",
        ran.stderr
    );
    let ran = sandbox.run(["links", "root/no"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("the index has no \"root/no\""),
        "{}",
        ran.stderr
    );
}
