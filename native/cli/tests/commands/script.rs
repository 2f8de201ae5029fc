//! bin/aether and bin/release: build the program, and become it. Here it is beside a crate that takes a second to build.

use std::fs;
use std::os::unix::process::ExitStatusExt;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Ran, Sandbox, is_root};

/// A tree with the script and a program that says what it was given.
fn tree() -> Sandbox {
    let sandbox = Sandbox::new();
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let copied = sandbox.bash(&format!(
        "mkdir -p tree/native/{{cli,core,index}} && cp -r {project}/bin tree/"
    ));
    assert_eq!(copied.status, 0, "{}", copied.stderr);
    sandbox.file(b"tree/native/Cargo.toml", "");
    let manifest =
        "[package]\nname = \"aether\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n";
    sandbox.file(b"tree/native/cli/Cargo.toml", manifest);
    program(&sandbox, "1");
    sandbox.bash("cd tree/native/cli && cargo generate-lockfile --offline");
    sandbox
}

fn program(sandbox: &Sandbox, version: &str) {
    let source = format!(
        "use std::io::Write; use std::os::unix::ffi::OsStrExt; fn main() {{ let mut out = std::io::stdout(); write!(out, \"{version}\").unwrap(); for word in std::env::args_os().skip(1) {{ out.write_all(b\" \").unwrap(); out.write_all(word.as_bytes()).unwrap(); }} let _ = std::fs::metadata(\".\").map(|_| print!(\" {{}}\", std::process::id())); println!(); if std::env::args_os().nth(1).is_some_and(|word| word == \"wait\") {{ loop {{ std::thread::park() }} }} }}"
    );
    sandbox.file(b"tree/native/cli/src/main.rs", &source);
    // Newer than what was built, also where a clock is coarse.
    sandbox.bash("touch -d '1 hour' tree/native/cli/src/main.rs");
}

fn run(sandbox: &Sandbox, words: &str) -> Ran {
    sandbox.bash(&format!("tree/bin/aether {words}"))
}

#[test]
fn it_builds_once_and_again_when_a_source_has_changed() {
    let sandbox = tree();
    let ran = run(&sandbox, "a");
    assert!(
        ran.text().starts_with("1 a ") && ran.stderr.contains("building"),
        "{}",
        ran.stderr
    );
    sandbox.bash("touch -d '2 hours' tree/native/cli/target/release/aether");
    // What an editor leaves is no source.
    sandbox.bash("touch -d '3 hours' tree/native/cli/src/.main.rs.swp tree/lib.ex");
    let ran = run(&sandbox, "b");
    assert_eq!((&ran.text()[..4], ran.stderr.as_str()), ("1 b ", ""));
    program(&sandbox, "2");
    sandbox.bash("touch -d '3 hours' tree/native/cli/src/main.rs");
    let ran = run(&sandbox, "c");
    assert!(
        ran.text().starts_with("2 c ") && ran.stderr.contains("building"),
        "{}",
        ran.stderr
    );
    // One that cannot be built does not take away the one that is there.
    sandbox.file(b"tree/native/cli/src/main.rs", "no");
    sandbox.bash("touch -d '5 hours' tree/native/cli/src/main.rs");
    let ran = run(&sandbox, "d");
    assert!(
        ran.text().starts_with("2 d ") && ran.stderr.contains("could not be built again"),
        "{}",
        ran.stderr
    );
}

#[test]
fn whoever_may_not_build_runs_what_is_there() {
    let sandbox = tree();
    run(&sandbox, "a");
    program(&sandbox, "2");
    sandbox.bash("touch -d '3 hours' tree/native/cli/src/main.rs");
    // Without cargo.
    let ran =
        sandbox.bash("PATH=/usr/bin:/bin HOME=/nowhere CARGO_HOME=/nowhere tree/bin/aether b");
    assert_eq!((&ran.text()[..4], ran.stderr.as_str()), ("1 b ", ""));
    if is_root() {
        let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
        let ran = sandbox.bash(&format!("{nobody} tree/bin/aether c"));
        assert_eq!((&ran.text()[..4], ran.stderr.as_str()), ("1 c ", ""));
    }
    let ran = run(&sandbox, "d");
    assert!(ran.text().starts_with("2 d "), "{}", ran.stderr);
}

#[test]
fn it_becomes_the_program_in_the_same_folder_with_the_same_words() {
    let sandbox = tree();
    run(&sandbox, "a");
    let ran = sandbox.bash("L=$PWD/link; ln -s tree/bin/aether link; mkdir $'raw\\xff'; cd $'raw\\xff' && ../link '' $'\\xff' -- '*' '-x y' && rmdir ../$'raw\\xff' && $L gone; cd ${L%/link}; tree/bin/aether out <&- 2>&-");
    let lines = ran.stdout.split(|byte| *byte == b'\n').collect::<Vec<_>>();
    assert!(lines[0].starts_with(b"1  \xff -- * -x y "), "{:?}", lines);
    // Its folder is gone, and it still runs.
    assert!(
        lines[1].starts_with(b"1 gone") && lines[2].starts_with(b"1 out"),
        "{:?}",
        lines
    );
    // No shell is left in between: a signal to it reaches the program.
    let mut command = sandbox.of("tree/bin/aether", ["wait"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut reader = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut reader, &mut line).unwrap();
    assert_eq!(
        line.trim().rsplit(' ').next().unwrap(),
        child.id().to_string()
    );
    kill_process(Pid::from_child(&child), Signal::KILL).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
}

#[test]
fn a_release_is_one_file_that_needs_no_other() {
    let sandbox = tree();
    sandbox.bash("printf '[profile.release]\nstrip = true\n' >> tree/native/cli/Cargo.toml");
    let ran = sandbox.bash("cd / && \"$OLDPWD/tree/bin/release\" \"$OLDPWD/given away\"");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let size = fs::metadata(sandbox.at("given away")).unwrap().len();
    let text = format!("{}: {size} bytes\n", sandbox.at("given away").display());
    assert_eq!(ran.text(), text);
    assert!(sandbox.bash("'./given away' a").text().starts_with("1 a "));
    let head = sandbox
        .bash("readelf --program-headers --sections --wide 'given away'")
        .text();
    assert!(
        head.contains(".text") && !head.contains(".symtab"),
        "{head}"
    );
    if cfg!(all(target_os = "linux", target_env = "gnu")) {
        assert!(!head.contains("INTERP"), "{head}");
    }
}

#[test]
fn the_library_builds_without_it() {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let package = fs::read_to_string(format!("{project}/mix.exs")).unwrap();
    let files = package
        .split("files: ~w(")
        .nth(1)
        .unwrap()
        .split(')')
        .next()
        .unwrap();
    let mut names = files.split_whitespace();
    assert!(names.all(|file| file != "native/cli" && !file.starts_with("bin")));
    // Cargo finds all that the library's workspace names.
    let sandbox = Sandbox::new();
    let files = files
        .split_whitespace()
        .filter(|file| file.starts_with("native"));
    let files = files.collect::<Vec<_>>().join(" ");
    let script = format!(
        "cd {project} && cp -r --parents {files} $OLDPWD && cd $OLDPWD/native && cargo metadata --offline --no-deps --format-version 1 >/dev/null"
    );
    let ran = sandbox.bash(&format!("cd .; {script}"));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    // What both need is of one version.
    let locked = |path: &str| {
        let text = fs::read_to_string(path).unwrap();
        let packages = text.split("[[package]]\n").skip(1).map(|package| {
            let value = |key: &str| {
                let rest = package
                    .split(&format!("{key} = \""))
                    .nth(1)
                    .unwrap_or_default();
                rest.split('"').next().unwrap().to_owned()
            };
            let needs = package.split("dependencies = [").nth(1).unwrap_or_default();
            let needs = needs.split('"').skip(1).step_by(2).map(str::to_owned);
            (value("name"), (value("version"), needs.collect::<Vec<_>>()))
        });
        packages.collect::<Vec<_>>()
    };
    let library = locked(&format!("{project}/native/Cargo.lock"));
    let program = locked(&format!("{project}/native/cli/Cargo.lock"));
    let mut wanted = vec!["aether_index".to_owned()];
    let mut checked = Vec::new();
    while let Some(need) = wanted.pop() {
        if checked.contains(&need) {
            continue;
        }
        // Where a name exists several times, a version follows it.
        let mut words = need.split(' ').map(str::to_owned);
        let (name, wants) = (words.next().unwrap(), words.next());
        let is_meant = |other: &str, version: &String| {
            other == name && wants.as_ref().is_none_or(|wants| wants == version)
        };
        let found = program
            .iter()
            .filter(|(other, (version, _))| is_meant(other, version));
        for (_, (version, needs)) in found {
            let theirs = library.iter().filter(|(other, _)| *other == name);
            let theirs: Vec<_> = theirs.map(|(_, (version, _))| version).collect();
            // What the program's own crates make one of these need is not in the library.
            if theirs.is_empty() {
                continue;
            }
            assert!(theirs.contains(&version), "{name} {version}, {theirs:?}");
            if name == "aether_index" || name == "aether_core" || !name.starts_with("aether") {
                wanted.extend(needs.iter().cloned());
            }
        }
        checked.push(need);
    }
    assert!(checked.len() > 20, "{checked:?}");
}
