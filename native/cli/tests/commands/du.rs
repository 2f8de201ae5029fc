//! `du` beside du.

use crate::support::{Sandbox, is_root};

fn same(sandbox: &Sandbox, words: &str) {
    let ours = sandbox.bash(&format!("\"$A\" du {words} | LC_ALL=C sort"));
    let theirs = sandbox.bash(&format!("du {words} | LC_ALL=C sort"));
    assert_eq!(ours.text(), theirs.text(), "{words}");
    assert!(
        !ours.stdout.is_empty() && ours.stderr.is_empty(),
        "{words}: {}",
        ours.stderr
    );
}

fn tree() -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, size) in [
        ("a/one", 5),
        ("a/b/two", 100_000),
        ("c/three", 4097),
        ("c/.four", 1),
    ] {
        sandbox.file(format!("root/{name}").as_bytes(), &"x".repeat(size));
    }
    sandbox.file(b"root/a/b/e\xc3\xa9 \n", "1");
    sandbox.bash("cd root; mkdir empty; ln -s a link; truncate -s 5M a/hole; mkfifo pipe");
    sandbox
}

#[test]
fn sizes_are_those_of_du() {
    let sandbox = tree();
    for options in [
        "", "-k", "-h", "-b", "-a", "-ab", "-s", "-c", "-sc", "-d 1", "-d 0", "-ad 1", "-x", "-hk",
        "-kh",
    ] {
        for path in [
            "root",
            "root/",
            ".",
            "./root",
            "root/a root/c",
            "root/c root/link root/link/",
            "root/a/b/two",
        ] {
            same(
                &sandbox,
                &format!("{options} {path}").replace(" root", " ./root"),
            );
        }
    }
    same(&sandbox, "");
}

#[test]
fn what_has_several_names_counts_once_across_paths() {
    let sandbox = tree();
    sandbox.bash("cd root; ln a/b/two a/b/same; ln a/b/two c/two");
    for words in [
        "root/a root/c",
        "root/c root/a",
        "root/a root/a",
        "root/a root/a/b",
        "root/a/b root/a",
        "-s root/a root",
        "-c root/a/b/two root/c/two",
    ] {
        same(&sandbox, words);
    }
    same(&sandbox, "-s root");
    // Under the first of its names, in whatever order a disk has them.
    let text = sandbox.text(["du", "root"]);
    let of = |path: &str| {
        text.lines()
            .find(|line| line.ends_with(path))
            .unwrap()
            .split('\t')
            .next()
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    assert!(of("root/a/b") >= 100 && of("root/c") < 100, "{text}");
}

#[test]
fn a_folder_comes_after_what_is_in_it_and_top_has_the_largest() {
    let sandbox = tree();
    let text = sandbox.text(["du", "root"]);
    let paths = text
        .lines()
        .map(|line| line.split('\t').nth(1).unwrap())
        .collect::<Vec<_>>();
    assert_eq!(
        paths,
        ["root/a/b", "root/a", "root/c", "root/empty", "root"]
    );
    sandbox.bash("cd root; ln a/b/two a/b/same");
    let text = sandbox.text(["du", "-b", "--top", "2", "-a", "root/a/b"]);
    let lines = text
        .lines()
        .map(|line| line.split('\t').nth(1).unwrap())
        .collect::<Vec<_>>();
    assert_eq!(lines, ["root/a/b", "root/a/b/same"]);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_counted() {
    let sandbox = tree();
    let ran = sandbox.run(["du", "root/absent", "root/c"]);
    assert_eq!((ran.status, ran.text().lines().count()), (1, 1));
    assert!(
        ran.stderr.contains("root/absent") && ran.stderr.contains("enoent"),
        "{}",
        ran.stderr
    );
    if !is_root() {
        return;
    }
    sandbox.bash("chmod 0 root/a/b");
    let ran =
        sandbox.bash("exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$A\" du -s root");
    assert_eq!((ran.status, ran.text().lines().count()), (1, 1));
    assert!(
        ran.stderr
            .contains("open root/a/b: permission denied (eacces)"),
        "{}",
        ran.stderr
    );
}
