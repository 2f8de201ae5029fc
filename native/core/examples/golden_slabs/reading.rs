//! A slab's reading in JSON, for tests in other languages to compare with.

use std::fmt::Write as _;

use aether_core::slab::{Entry, Groups, Slab};
use data_encoding::{BASE64, HEXLOWER};

/// The contents of a slab, in the form of `slab-v1.json`. Sizes beyond 2^53 are strings, as JSON readers may round
/// numbers.
pub fn reading(bytes: &[u8]) -> String {
    let slab = Slab::decode(bytes).expect("a golden slab is valid");
    let paths: usize = slab.records().map(|record| record.path.len()).sum();
    let names: usize = slab.entries().map(|entry| entry.name.len()).sum();
    let counts = [slab.record_count(), slab.entry_count(), paths, names];
    let mut json = String::from("{\n");
    let _ = writeln!(json, " \"length\": {},", bytes.len());
    let _ = writeln!(json, " \"tag\": {},", slab.tag());
    let _ = writeln!(json, " \"sequence\": {},", slab.sequence());
    for (key, count) in ["directories", "entries", "path_bytes", "name_bytes"]
        .iter()
        .zip(counts)
    {
        let _ = writeln!(json, " \"{key}\": {count},");
    }
    let groups = slab.groups();
    if !Groups::METADATA.contains(groups) {
        let _ = writeln!(json, " \"flags\": {},", groups.bits());
    }
    if groups.contains(Groups::TARGET) {
        let targets: usize = slab.entries().map(|entry| entry.target.len()).sum();
        let _ = writeln!(json, " \"target_bytes\": {targets},");
    }
    offsets(&mut json, counts, groups);
    json.push_str(" \"records\": [");
    let mut entries = slab.entries();
    for (index, record) in slab.records().enumerate() {
        json.push_str(if index == 0 { "\n  {\n" } else { ",\n  {\n" });
        match std::str::from_utf8(record.path) {
            Ok(path) => {
                let _ = writeln!(json, "   \"path\": \"{path}\",");
            }
            Err(_) => {
                let _ = writeln!(
                    json,
                    "   \"path_base64\": \"{}\",",
                    BASE64.encode(record.path)
                );
            }
        }
        let _ = write!(json, "   \"status\": {},\n   \"entries\": [", record.status);
        for number in record.entries.clone() {
            let entry = entries.next().expect("a record's entries are there");
            json.push_str(if number == record.entries.start {
                "\n    {\n"
            } else {
                ",\n    {\n"
            });
            let metadata = entry.metadata.unwrap_or_default();
            let _ = writeln!(
                json,
                "     \"name_base64\": \"{}\",",
                BASE64.encode(entry.name)
            );
            let _ = writeln!(json, "     \"kind\": {},", entry.kind as u8);
            let _ = writeln!(
                json,
                "     \"metadata_known\": {},",
                entry.metadata.is_some()
            );
            let _ = writeln!(json, "     \"size\": {},", number_or_text(metadata.size));
            let _ = write!(json, "     \"mtime_ns\": \"{}\"", metadata.mtime);
            attributes(&mut json, &entry, groups);
            json.push_str("\n    }");
        }
        json.push_str(if record.entries.is_empty() {
            "]\n  }"
        } else {
            "\n   ]\n  }"
        });
    }
    json.push_str(if slab.record_count() == 0 {
        "],\n"
    } else {
        "\n ],\n"
    });
    let _ = write!(json, " \"hex\": \"{}\"\n}}", HEXLOWER.encode(bytes));
    json
}

fn number_or_text(number: u64) -> String {
    match number > 1 << 53 {
        true => format!("\"{number}\""),
        false => number.to_string(),
    }
}

fn attributes(json: &mut String, entry: &Entry<'_>, groups: Groups) {
    let of = entry.metadata.unwrap_or_default();
    let rows = [
        (Groups::DISK, "disk", number_or_text(of.disk)),
        (Groups::INODE, "inode", number_or_text(of.inode)),
        (Groups::INODE, "device", of.device.to_string()),
        (Groups::INODE, "nlink", of.nlink.to_string()),
        (Groups::MODE, "mode", of.mode.to_string()),
        (Groups::TIMES, "ctime_ns", format!("\"{}\"", of.ctime)),
        (Groups::TIMES, "btime_ns", format!("\"{}\"", of.btime)),
        (Groups::OWNER, "uid", of.uid.to_string()),
        (Groups::OWNER, "gid", of.gid.to_string()),
        (
            Groups::TARGET,
            "target_base64",
            format!("\"{}\"", BASE64.encode(entry.target)),
        ),
    ];
    for (_, name, value) in rows.iter().filter(|(group, ..)| groups.contains(*group)) {
        let _ = write!(json, ",\n     \"{name}\": {value}");
    }
}

/// Offsets of the columns, computed from the format's description and not by the code under test.
fn offsets(json: &mut String, [records, entries, paths, names]: [usize; 4], groups: Groups) {
    let mut columns = Vec::new();
    let rows = [
        (Groups::METADATA, "size", 8),
        (Groups::METADATA, "mtime", 8),
        (Groups::DISK, "disk", 8),
        (Groups::INODE, "inode", 8),
        (Groups::INODE, "device", 4),
        (Groups::INODE, "nlink", 4),
        (Groups::MODE, "mode", 2),
        (Groups::TIMES, "ctime", 8),
        (Groups::TIMES, "btime", 8),
        (Groups::OWNER, "uid", 4),
        (Groups::OWNER, "gid", 4),
        (Groups::TARGET, "target_end", 4),
    ];
    for (_, column, size) in rows.iter().filter(|(group, ..)| groups.contains(*group)) {
        columns.push((*column, size * entries));
    }
    columns.extend([
        ("dir_entries_end", 4 * records),
        ("dir_path_end", 4 * records),
        ("dir_status", 4 * records),
        ("name_end", 4 * entries),
        ("kind", entries),
        ("paths", paths),
    ]);
    let last = match groups.contains(Groups::TARGET) {
        true => {
            columns.push(("names", names));
            "targets"
        }
        false => "names",
    };
    json.push_str(" \"offsets\": {\n");
    let mut offset = 40;
    for (column, length) in columns {
        let _ = writeln!(json, "  \"{column}\": {offset},");
        offset += length.div_ceil(8) * 8;
    }
    let _ = write!(json, "  \"{last}\": {offset}\n }},\n");
}
