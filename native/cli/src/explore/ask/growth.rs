//! By how much the folders in a folder have grown.

use aether_index::Error;

use super::super::state::{Grew, Pair, Place};
use crate::commands::LocalIndex as Index;
use crate::messages;

/// Reads it, of the last two scans if no others were chosen.
pub fn read(index: &Index, place: &Place, pair: Option<Pair>) -> Grew {
    match growth(index, place, pair) {
        Ok(grew) => grew,
        Err(error) => Grew {
            pair,
            of: Some(place.clone()),
            trouble: Some(messages::index(&error)),
            ..Grew::default()
        },
    }
}

fn growth(index: &Index, place: &Place, pair: Option<Pair>) -> Result<Grew, Error> {
    let pool = index.pool()?;
    let mut grew = Grew {
        pair,
        of: Some(place.clone()),
        ..Grew::default()
    };
    let Some(source) = pool.source_at(&place.root, None)? else {
        return Ok(grew);
    };
    let newest = source.value.generation;
    let (from, to) = pair.unwrap_or(((newest - 1).max(0), newest));
    grew.pair = Some((from, to));
    grew.growth = pool
        .growth(&source.value.uuid, &place.folder, from, to)?
        .value;
    let growth = &grew.growth;
    let trouble = match (growth.pruned, growth.was_removed, growth.first_load) {
        (true, _, _) => Some("not all changes between these scans are remembered"),
        (_, true, _) => Some("this folder was removed between these scans"),
        (_, _, true) => Some("the first scan has nothing to compare with"),
        _ => None,
    };
    grew.trouble = trouble.map(str::to_owned);
    Ok(grew)
}
