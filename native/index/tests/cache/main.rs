//! The predecessor's cache: a true one against what it is known to hold, and false ones of every kind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod damage;
mod import;
mod plain;
mod reading;
mod service;
#[path = "../support/mod.rs"]
mod support;

use aether_index::cache::{self, Cache};

const FIXTURE: &[u8] = include_bytes!("../fixtures/folders_demo-source.bin.zst");

/// Prefix, name, count, is_folder.
type Row = (Vec<u8>, Vec<u8>, u32, bool);

fn rows(cache: &Cache) -> Vec<Row> {
    let mut rows = Vec::new();
    let push = |row: cache::CacheRow<'_>| {
        rows.push((
            row.prefix.to_vec(),
            row.name.to_vec(),
            row.file_count,
            row.is_folder,
        ));
        Ok::<_, ()>(())
    };
    cache.rows(push).unwrap();
    rows
}
