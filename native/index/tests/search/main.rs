//! The search against simple oracles (windows, subsequences by trial, globset, find, the sqlite3
//! shell): over trees made here (`tree.rs`), and over an index (`index.rs`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;
mod cursors;
mod globs;
mod index;
mod limits;
mod lookups;
mod matching;
mod oracle;
mod order;
mod pasted;
mod ranking;
mod scripts;
mod sources;
#[path = "../support/mod.rs"]
mod support;
mod tree;
mod typed;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use aether_index::search::{Found, Mode, Names, Query, Refused, Session, search};

static NEVER: AtomicBool = AtomicBool::new(false);

fn ask(
    names: &Names,
    text: &[u8],
    mode: Mode,
    session: Option<&mut Session>,
) -> Result<Found, Refused> {
    let mut query = Query::new(text);
    query.mode = mode;
    query.limit = 100_000;
    query.now = Some(0);
    search(names, &query, session, &NEVER)
}

fn paths(found: &Found) -> BTreeSet<Vec<u8>> {
    let paths: BTreeSet<Vec<u8>> = found
        .matches
        .iter()
        .map(|found| match found.path.is_empty() {
            true => found.name.clone(),
            false => [&found.path[..], b"/", &found.name].concat(),
        })
        .collect();
    assert_eq!(
        paths.len(),
        found.matches.len(),
        "something was found twice"
    );
    paths
}
