//! A slab's reading in JSON, for tests in other languages to compare with.

use std::fmt::Write as _;

use aether_core::slab::{Metadata, Slab};
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
    offsets(&mut json, counts, slab.has_metadata());
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
            let Metadata { size, mtime } = entry.metadata.unwrap_or(Metadata { size: 0, mtime: 0 });
            let quote = if size > 1 << 53 { "\"" } else { "" };
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
            let _ = writeln!(json, "     \"size\": {quote}{size}{quote},");
            let _ = write!(json, "     \"mtime_ns\": \"{mtime}\"\n    }}");
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

/// Offsets of the columns, computed from the format's description and not by the code under test.
fn offsets(json: &mut String, [records, entries, paths, _]: [usize; 4], metadata: bool) {
    let mut columns = Vec::new();
    if metadata {
        columns.extend([("size", 8 * entries), ("mtime", 8 * entries)]);
    }
    columns.extend([
        ("dir_entries_end", 4 * records),
        ("dir_path_end", 4 * records),
        ("dir_status", 4 * records),
        ("name_end", 4 * entries),
        ("kind", entries),
        ("paths", paths),
    ]);
    json.push_str(" \"offsets\": {\n");
    let mut offset = 40;
    for (column, length) in columns {
        let _ = writeln!(json, "  \"{column}\": {offset},");
        offset += length.div_ceil(8) * 8;
    }
    let _ = write!(json, "  \"names\": {offset}\n }},\n");
}
