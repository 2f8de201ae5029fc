//! An index that is named: kept by scans, asked by `ls`, `find` and `changes`, while it is written and after.

use std::process::Stdio;

use crate::support::{Sandbox, os, sorted};

fn tree() -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, text) in [
        (&b"root/big/one"[..], "1".repeat(3000)),
        (b"root/big/deep/two", "22".to_owned()),
        (b"root/small/three", "333".to_owned()),
        (b"root/new\nline/\x1b[31mred", String::new()),
        (b"root/raw\xff/in\xc0", String::new()),
        (b"root/c1\xc2\x9b\xe2\x80\xae/x", String::new()),
    ] {
        sandbox.file(name, &text);
    }
    sandbox.bash("mkdir root/empty; ln -s big root/link");
    sandbox
}

fn keep(sandbox: &Sandbox) -> String {
    sandbox.text(["scan", "root", "--index", "index.db"])
}

fn query(sandbox: &Sandbox, sql: &str) -> String {
    let ran = sandbox.bash(&format!("sqlite3 index.db \"{sql}\""));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.text()
}

#[test]
fn it_has_what_find_sees_and_the_summary_says_where() {
    let sandbox = tree();
    let text = keep(&sandbox);
    assert!(
        text.contains("root: complete") && text.contains("kept in      index.db"),
        "{text}"
    );
    let count = |words: &str| sandbox.find(&format!("root -mindepth 1 {words}")).len();
    assert_eq!(
        query(&sandbox, "SELECT count(*) FROM files"),
        format!("{}\n", count("! -type d"))
    );
    assert_eq!(
        query(&sandbox, "SELECT count(*) FROM dirs"),
        format!("{}\n", count("-type d") + 1)
    );
    // Entries go to the output as well, if they are asked for.
    let ran = sandbox.run(["scan", "root", "--index", "index.db", "--print0"]);
    assert_eq!(sorted(&ran.stdout), sandbox.find("root -mindepth 1"));
}

/// Somebody else has told the index to keep them.
#[test]
fn owners_are_kept_on_by_whatever_path() {
    let sandbox = tree();
    keep(&sandbox);
    let lacking = "SELECT count(*) FROM files WHERE owner IS NULL";
    assert_ne!(query(&sandbox, lacking), "0\n");
    query(&sandbox, "UPDATE sources SET attributes = 'owner'");
    sandbox.bash("ln -s root called");
    sandbox.text(["scan", "called", "--index", "index.db"]);
    assert_eq!(query(&sandbox, lacking), "0\n");
    let kept = query(&sandbox, "SELECT attributes FROM sources");
    assert_eq!(kept, "owner\n");
}

#[test]
fn one_root_has_one_name_whatever_it_is_called() {
    let sandbox = tree();
    let whole = format!("{}//.", sandbox.at("root").display());
    for path in ["root", "./root/", whole.as_str()] {
        sandbox.text(["scan", path, "--index", "index.db"]);
    }
    sandbox.bash("cd root && \"$A\" scan --index ../index.db");
    let expected = format!("{}|4\n", sandbox.at("root").display());
    assert_eq!(
        query(&sandbox, "SELECT root, generation FROM sources"),
        expected
    );
}

#[test]
fn ls_drills_down_and_says_how_old_its_answer_is() {
    let sandbox = tree();
    keep(&sandbox);
    let ls = |words: &[&str]| {
        let words = ["ls", "--index", "index.db"].iter().chain(words);
        sandbox.text(words)
    };
    let text = ls(&["root"]);
    let (head, lines) = text.split_once('\n').unwrap();
    let path = sandbox.at("root").display().to_string();
    assert!(
        head.starts_with(&format!("{path}: 7 files, ")) && head.ends_with(", seen just now"),
        "{head}"
    );
    // Folders first, by name, nothing raw.
    let names = lines
        .lines()
        .map(|line| line.rsplit("  ").next().unwrap())
        .collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "big/",
            "c1\\u{9B}\\u{202E}/",
            "empty/",
            "new\\nline/",
            "raw\\xFF/",
            "small/",
            "link@"
        ]
    );
    // With one root, that one is meant.
    assert_eq!(ls(&[]), text);
    let json = |words: &[&str]| {
        let words = ["ls", "--index", "index.db", "--json"]
            .iter()
            .chain(words)
            .copied()
            .collect::<Vec<_>>();
        sandbox.json(&words)
    };
    let lines = json(&["root/big"]);
    let answer = &lines[0]["answer"];
    assert_eq!(answer["file_count"], 2);
    assert_eq!(
        (&answer["exhaustive"], &answer["stale"]),
        (&true.into(), &false.into())
    );
    assert!(answer["age_ms"].is_u64() && answer["scanned_at"].as_str().unwrap().contains('T'));
    assert_eq!(
        (&lines[1]["path"], &lines[1]["kind"], &lines[1]["bytes"]),
        (&"big/deep".into(), &"directory".into(), &2.into())
    );
    let mtime = sandbox.bash("stat -c %Y root/big/one").text();
    let seconds = lines[2]["mtime_ns"].as_i64().unwrap() / 1_000_000_000;
    assert_eq!(format!("{seconds}\n"), mtime);
    // By its full path, from within, in another order, only so many.
    assert_eq!(json(&[&format!("{path}/big")])[1..], lines[1..]);
    let ran = sandbox.bash("cd root/big && \"$A\" ls --index ../../index.db --json");
    assert_eq!(ran.text().lines().count(), lines.len());
    let lines = json(&["root", "--sort", "size", "--limit", "1"]);
    assert_eq!(
        (&lines[1]["path"], &lines[2]["more"]),
        (&"big".into(), &true.into())
    );
    let ran = sandbox.run([
        os(b"ls"),
        os(b"--index"),
        os(b"index.db"),
        os(b"root/raw\xff"),
        os(b"--json"),
    ]);
    assert!(
        ran.text().contains("\"path_base64\":\"cmF3/y9pbsA=\""),
        "{}",
        ran.text()
    );
    // Neither C1 controls nor overrides reach a terminal, not even by way of JSON.
    let text = ls(&["root", "--json"]);
    assert!(
        text.contains("c1\\u009b\\u202e") && !text.contains('\u{9b}'),
        "{text}"
    );
    let ran = sandbox.run(["ls", "--index", "index.db", "root/no/such"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("no/such") && ran.stderr.contains("no_folder"),
        "{}",
        ran.stderr
    );
}

#[test]
fn times_are_local_unless_utc_is_asked_for() {
    let sandbox = tree();
    sandbox.bash("touch -d '2026-01-01 12:00 UTC' root/big/one");
    keep(&sandbox);
    let ls = |words: &str| {
        sandbox
            .bash(&format!(
                "TZ=JST-9 \"$A\" ls --index index.db root/big {words}"
            ))
            .text()
    };
    assert!(ls("").contains("2026-01-01 21:00   one"), "{}", ls(""));
    assert!(ls("--utc").contains("2026-01-01 12:00   one"));
}

#[test]
fn a_folder_that_is_gone_is_found_by_what_its_path_says() {
    let sandbox = tree();
    keep(&sandbox);
    sandbox.bash("rm -r root");
    assert!(
        sandbox
            .text(["ls", "--index", "index.db", "root/small"])
            .contains("  three")
    );
    assert!(
        sandbox
            .text(["ls", "--index", "index.db", "root/./small/../big/"])
            .contains("  one")
    );
}

#[test]
fn several_roots_are_told_apart() {
    let sandbox = tree();
    sandbox.file(b"other/file", "12");
    keep(&sandbox);
    sandbox.text(["scan", "other", "--index", "index.db", "--id", "other"]);
    let text = sandbox.text(["info", "--index", "index.db"]);
    assert!(
        text.contains("root: 7 files")
            && text.contains("other: 1 file, 2 B, seen just now\n  id other, scan 1 complete"),
        "{text}"
    );
    assert_eq!(
        sandbox
            .json(&["info", "--index", "index.db", "--json"])
            .len(),
        3
    );
    for source in ["other", "other/", "./other"] {
        let lines = sandbox.json(&[
            "ls", "--json", "--index", "index.db", "--source", source, "other",
        ]);
        assert_eq!(lines[1]["path"], "file");
    }
    let ran = sandbox.run(["ls", "--index", "index.db"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("--source"),
        "{}",
        ran.stderr
    );
    let ran = sandbox.run(["ls", "--index", "index.db", "--source", "no", "other"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("no root \"no\""),
        "{}",
        ran.stderr
    );
    let ran = sandbox.run(["ls", "--index", "index.db", "/nowhere"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("no root of the index has"),
        "{}",
        ran.stderr
    );
    // A search is of all of them.
    let ran = sandbox.run(["find", "--index", "index.db", "e"]);
    assert!(ran.text().contains("other/file") && ran.text().contains("root/big/one"));
}

#[test]
fn find_finds_and_says_what_it_may_have_missed() {
    let sandbox = tree();
    keep(&sandbox);
    let path = format!("{}/root/small/three", sandbox.path.display());
    let ran = sandbox.run(["find", "--index", "index.db", "thre"]);
    assert_eq!(
        (ran.text(), ran.stderr.as_str()),
        (format!("{path}\n"), "1 of 1 match, seen just now\n")
    );
    let lines = sandbox.json(&["find", "--index", "index.db", "--json", "*ree"]);
    assert_eq!(
        (&lines[1]["path"], &lines[1]["bytes"], &lines[1]["kind"]),
        (&path.into(), &3.into(), &"file".into())
    );
    let ran = sandbox.run(["find", "--index", "index.db", "no such thing"]);
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (1, "0 of 0 matches, seen just now\n")
    );
    let find = |words: &str| {
        let ran = sandbox.bash(&format!("\"$A\" find --index index.db -0 {words}"));
        let prefix = format!("{}/", sandbox.path.display());
        let paths = sorted(&ran.stdout).into_iter();
        paths
            .map(|path| path.strip_prefix(prefix.as_bytes()).unwrap().to_vec())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        find("'*' root -t d"),
        sandbox.find("root -mindepth 1 -type d")
    );
    assert_eq!(find("'*' root/big"), sandbox.find("root/big -mindepth 1"));
    assert_eq!(
        find("'*' root -t f --larger 2"),
        sandbox.find("root -type f -size +2c")
    );
    assert_eq!(
        find("'*' root --newer 1d -t l"),
        sandbox.find("root -type l")
    );
    // Page by page, each once.
    let mut pages = Vec::new();
    for after in [0, 4, 8, 12] {
        pages.append(&mut find(&format!(
            "'*' root --limit 4 --after {after} 2>tail"
        )));
        let tail = std::fs::read_to_string(sandbox.at("tail")).unwrap();
        assert_eq!(
            tail.contains(&format!("--after {}", after + 4)),
            after < 12,
            "{tail}"
        );
    }
    pages.sort();
    assert_eq!(pages, sandbox.find("root -mindepth 1"));
}

#[test]
fn changes_tells_what_the_last_scan_found() {
    let sandbox = tree();
    keep(&sandbox);
    let text = sandbox.text(["changes", "--index", "index.db"]);
    assert!(text.contains("the first scan is among them"), "{text}");
    sandbox.file(b"root/small/three", &"3".repeat(2003));
    sandbox.file(b"root/small/four", "");
    sandbox.bash("rm -r root/big/deep");
    keep(&sandbox);
    let lines = sandbox.json(&["changes", "--index", "index.db", "--json"]);
    assert_eq!(
        (&lines[0]["answer"]["from"], &lines[0]["answer"]["to"]),
        (&1.into(), &2.into())
    );
    assert_eq!(lines[1]["path"], "small");
    assert_eq!(
        (&lines[1]["bytes"], &lines[1]["added"], &lines[1]["changed"]),
        (&2000.into(), &1.into(), &1.into())
    );
    assert!(
        lines
            .iter()
            .any(|line| line["path"] == "big/deep" && line["gone"] == true && line["bytes"] == -2)
    );
    let text = sandbox.text([
        "changes", "--index", "index.db", "--from", "1", "--to", "2", "root",
    ]);
    assert!(
        text.contains("+2.0 KiB          +1 files  +1 -0 ~1        small/\n"),
        "{text}"
    );
    assert!(text.contains("big/deep/ (gone)"));
    // From before the first; beneath a folder; and what makes no sense.
    assert_eq!(
        sandbox
            .run(["changes", "--index", "index.db", "--from", "0"])
            .status,
        0
    );
    assert!(
        !sandbox
            .text(["changes", "--index", "index.db", "root/big"])
            .contains("small")
    );
    let ran = sandbox.run(["changes", "--index", "index.db", "--from", "2", "--to", "1"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("comes after"),
        "{}",
        ran.stderr
    );
}

#[test]
fn another_process_sees_totals_grow_while_a_scan_writes() {
    let sandbox = Sandbox::new();
    sandbox.bash("mkdir -p root/{1..100}; touch root/{1..100}/{1..500}");
    let mut scan = sandbox.command(["scan", "--threads", "1", "root", "--index", "index.db"]);
    let mut scan = scan.stdout(Stdio::null()).spawn().unwrap();
    let mut seen = Vec::new();
    loop {
        let is_over = scan.try_wait().unwrap().is_some();
        let ran = sandbox.run([
            "ls", "--index", "index.db", "--json", "--limit", "1", "root",
        ]);
        if ran.status == 0 {
            let text = ran.text();
            let head: serde_json::Value =
                serde_json::from_str(text.lines().next().unwrap()).unwrap();
            seen.push(head["answer"]["file_count"].as_i64().unwrap());
        }
        if is_over {
            break;
        }
    }
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.last(), Some(&50_000));
}
