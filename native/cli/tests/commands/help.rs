//! Help, completions, the manual; `cargo install`.

use std::process::Command;

use crate::support::Sandbox;

#[test]
fn every_command_has_help_and_a_version() {
    let sandbox = Sandbox::new();
    let help = sandbox.text(["--help"]);
    assert_eq!(sandbox.text(["help"]), help);
    let names = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = names
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("    "));
    let names = names
        .map(|line| line.split_whitespace().next().unwrap())
        .collect::<Vec<_>>();
    assert!(names.len() > 12, "{names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        let of_command = sandbox.text([name, "--help"]);
        assert!(of_command.contains("Usage: aether"), "{of_command}");
    }
    let version = format!("aether {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(sandbox.text(["-V"]), version);
    assert_eq!(sandbox.text(["--version"]), version);
}

/// The pages are held against the same file: what it shows is what there is.
#[test]
fn the_help_is_as_it_was_written_down() {
    let sandbox = Sandbox::new();
    let written = include_str!("../help.txt");
    let mut text = sandbox.text(["--help"]);
    for name in NAMES {
        text.push('\n');
        text.push_str(&sandbox.text([name, "--help"]));
    }
    assert!(
        text == written,
        "to regenerate it: native/cli/README.md says how\n{text}"
    );
}

const NAMES: [&str; 15] = [
    "scan",
    "du",
    "ls",
    "links",
    "find",
    "changes",
    "explore",
    "check",
    "info",
    "forget",
    "backup",
    "restore",
    "vacuum",
    "completions",
    "man",
];

#[test]
fn shells_take_the_completions() {
    let sandbox = Sandbox::new();
    let script = "eval \"$(\"$A\" completions bash)\" && COMP_WORDS=(aether sc) COMP_CWORD=1 && _aether aether sc aether && echo \"${COMPREPLY[*]}\"";
    let ran = sandbox.bash(script);
    assert_eq!(ran.text(), "scan\n", "{}", ran.stderr);
    for shell in ["zsh", "fish"] {
        assert!(sandbox.text(["completions", shell]).contains("vacuum"));
    }
    assert_eq!(sandbox.run(["completions", "sh"]).status, 2);
}

#[test]
fn the_manual_is_one_that_man_reads() {
    let sandbox = Sandbox::new();
    assert!(sandbox.text(["man"]).contains(".TH aether-du 1"));
    let page = sandbox.text(["man", "scan"]);
    assert!(
        page.contains("\\-\\-git\\-ignore") && page.contains(".SH NAME"),
        "{page}"
    );
}

#[test]
fn cargo_installs_it_with_what_is_built_already() {
    let sandbox = Sandbox::new();
    let crate_folder = env!("CARGO_MANIFEST_DIR");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "install",
        "--quiet",
        "--debug",
        "--locked",
        "--offline",
        "--path",
        crate_folder,
    ]);
    cargo.arg("--root").arg(sandbox.at("installed"));
    // Its own target folder, in which all but the last step is done.
    let target = std::path::Path::new(crate::support::AETHER)
        .ancestors()
        .nth(2)
        .unwrap();
    cargo.arg("--target-dir").arg(target);
    let output = cargo.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let ran = sandbox.bash("installed/bin/aether --version");
    assert_eq!(
        ran.text(),
        format!("aether {}\n", env!("CARGO_PKG_VERSION"))
    );
    // With what shells need for completion.
    let script = "PATH=$PWD/installed/bin:$PATH; eval \"$(aether completions bash)\" && COMP_WORDS=(aether du --kn) COMP_CWORD=2 && _aether aether --kn du && echo \"${COMPREPLY[*]}\"";
    assert_eq!(sandbox.bash(script).text(), "--known\n");
}
