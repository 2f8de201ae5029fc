//! The sqlite3 shell, which is asked what an index has.

use std::path::Path;
use std::process::Command;

pub fn shell(database: &Path, sql: &str) -> String {
    let output = shell_bytes(database, sql);
    String::from_utf8(output).unwrap()
}

pub fn shell_bytes(database: &Path, sql: &str) -> Vec<u8> {
    let output = Command::new("sqlite3")
        .arg("-readonly")
        .arg(database)
        .arg(sql)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

pub const BENEATH: &str = "WITH RECURSIVE beneath(id, path) AS (
    SELECT root_dir, '' FROM sources
    UNION ALL SELECT d.id, b.path || d.name || '/' FROM beneath b JOIN dirs d ON d.parent_id = b.id)";
