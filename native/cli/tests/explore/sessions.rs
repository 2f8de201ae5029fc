//! The explorer in a real terminal, which tmux keeps.

use std::process::Command;

#[test]
fn sessions_in_a_terminal() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/explore/sessions.sh");
    let output = Command::new("bash")
        .arg(script)
        .arg(env!("CARGO_BIN_EXE_aether"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&said)
    );
}
