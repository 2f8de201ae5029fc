//! `explore -o`: what ncdu writes of the same tree, and reads.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::support::Sandbox;

/// Names that would end a string, a line, or be no UTF-8.
const HOSTILE: &str = r#"cd tree && mkdir -p $'a "b\\c' deep/er && touch $'\e[2Jx' $'two\nlines\t\x7f\b\f\r' $'bad\xff\xc3' 'grüße 🌍' &&
    echo 1 > deep/er/one && ln deep/er/one $'a "b\\c/two' && ln deep/er/one deep/er/three && echo 2 > deep/x && ln deep/x deep/y"#;

fn has_ncdu() -> bool {
    let mut command = Command::new("ncdu");
    let has = command.arg("-v").stdout(Stdio::null()).status().is_ok();
    if !has {
        eprintln!("skipped: ncdu is not installed");
    }
    has
}

/// By path, what is said of each entry.
fn entries(json: &[u8]) -> BTreeMap<String, Value> {
    // A char for each byte, so that names that are no UTF-8 are told apart.
    let text: String = json.iter().map(|byte| char::from(*byte)).collect();
    let whole: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&whole[0], whole[1].as_u64() >= Some(1)),
        (&Value::from(1), true)
    );
    let mut found = BTreeMap::new();
    gather(&whole[3], String::new(), &mut found);
    found
}

fn gather(item: &Value, above: String, found: &mut BTreeMap<String, Value>) {
    let (info, beneath) = match item {
        Value::Array(items) => (&items[0], &items[1..]),
        info => (info, &[][..]),
    };
    let path = format!("{above}/{}", info["name"].as_str().unwrap());
    let mut info = info.clone();
    let is_folder = item.is_array();
    let fields = info.as_object_mut().unwrap();
    // Of folders only the index's own is kept; numbers of devices are each program's own.
    fields.retain(|key, _| key != "dev" && key != "mtime" && (key != "asize" || !is_folder));
    fields.insert("folder".to_owned(), Value::from(is_folder));
    assert!(found.insert(path.clone(), info).is_none(), "{path} twice");
    for item in beneath {
        gather(item, path.clone(), found);
    }
}

fn ncdu(sandbox: &Sandbox, words: &[&str]) -> Vec<u8> {
    let mut command = Command::new("ncdu");
    let output = command
        .arg("--ignore-config")
        .args(words)
        .current_dir(&sandbox.path)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

#[test]
fn what_is_written_is_what_ncdu_writes_and_reads() {
    if !has_ncdu() {
        return;
    }
    let sandbox = Sandbox::with_tree();
    sandbox.bash(HOSTILE);
    let ran = sandbox.run(&["explore", "tree", "-o", "ours.json"]);
    assert_eq!(
        (ran.status, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "", "")
    );
    let ours = fs::read(sandbox.path.join("ours.json")).unwrap();
    let theirs = entries(&ncdu(&sandbox, &["-0", "-o", "-", "tree"]));
    assert_eq!(entries(&ours), theirs);
    // It is read as it is written, byte for byte of each name.
    let again = ncdu(&sandbox, &["-0", "-f", "ours.json", "-o", "-"]);
    assert_eq!(entries(&again), theirs);
}

#[test]
fn what_cannot_be_read_is_marked_as_ncdu_marks_it() {
    if !has_ncdu() {
        return;
    }
    let sandbox = Sandbox::with_tree();
    sandbox
        .bash("mkdir -p tree/private/in tree/empty2 && chmod -R a+rwX . && chmod 000 tree/private");
    let program = env!("CARGO_BIN_EXE_aether");
    let told = sandbox.bash_without_rights(&format!(
        "export XDG_STATE_HOME=$PWD/state HOME=$PWD; {program} explore tree -o - >ours.json 2>said; echo $?; cat said;
         ncdu --ignore-config -0 -o theirs.json tree 2>&1"
    ));
    sandbox.bash("chmod -R a+rwX .");
    assert!(
        told.starts_with("1\n") && told.contains("read_error"),
        "{told}"
    );
    let read = |name: &str| entries(&fs::read(sandbox.path.join(name)).unwrap());
    let theirs = read("theirs.json");
    assert!(theirs.values().any(|entry| entry["read_error"] == true));
    assert_eq!(read("ours.json"), theirs);
}

#[test]
fn what_cannot_be_written_is_one_line() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    for (words, status) in [
        (&["explore", "tree", "-o", "missing/file"][..], 1),
        (&["explore", "tree", "--no-scan", "-o", "/dev/full"], 1),
        (&["explore", "missing", "-o", "file"], 1),
        (&["explore", "tree", "-o", "file", "--once"], 2),
    ] {
        let ran = sandbox.run(words);
        assert_eq!((ran.status, ran.stdout.as_str()), (status, ""), "{words:?}");
        let lines = ran.stderr.lines().filter(|line| !line.is_empty());
        assert!(
            lines.count() == 1 || status == 2,
            "{words:?}: {}",
            ran.stderr
        );
    }
    assert!(!super::support::exists(&sandbox.path.join("file")));
}
