//! What is stored of several directories, read by one statement and compared with their listings, before any of them is written.
//! What was read of one counts only as long as nothing of it was changed since (`Node::read`); otherwise it is read again alone.

use aether_core::path::{is_within, split};
use std::collections::HashSet;

use rusqlite::types::ValueRef;

use crate::text::bytes;
use crate::writer::apply::compare::{self, Difference, ReadAhead};
use crate::writer::apply::job::ListingJob;
use crate::writer::apply::merge;
use crate::writer::intake::scan::Scan;
use crate::writer::store::{LoadedDir, Store};
use crate::writer::tree::Tree;
use crate::writer::tree::hash::Keyed;

/// Directories read by one statement; fewer are read by smaller ones.
pub(in crate::writer) const MOST: usize = 32;
const SIZES: [usize; 4] = [2, 8, 16, MOST];

/// Bytes of a path that is long.
const LONG: usize = 1024;

/// A directory to read: its id, its place in the tree, its job.
struct WantedDir<'a> {
    id: i64,
    at: u32,
    job: &'a mut ListingJob,
    changes: Difference,
}

/// Reads ahead for those jobs of one source that will compare.
pub(in crate::writer) fn read(
    store: &mut Store,
    tree: &mut Tree,
    scan: &Scan,
    jobs: &mut [ListingJob],
) -> rusqlite::Result<()> {
    let mut wanted: Vec<WantedDir<'_>> = Vec::new();
    // Directories of which nothing is stored, and so of none beneath them: in a first scan these are nearly all.
    let mut new: HashSet<Vec<u8>, Keyed> = HashSet::default();
    let mut last: Vec<u8> = Vec::new();
    for job in jobs {
        if !job.may_be_read_ahead() || scan.mounts.is_foreign(&job.path) {
            continue;
        }
        let is_beneath = |above: &[u8]| !above.is_empty() && is_within(&job.path, above);
        let is_beneath_new = is_beneath(&last)
            || (!job.path.is_empty() && !new.is_empty() && new.contains(split(&job.path).0));
        let at = match is_beneath_new {
            true => None,
            false => tree.find(store, &job.path)?,
        };
        let node = at.and_then(|at| Some((at, tree.node(at)?)));
        let Some((at, node)) = node.filter(|(_, node)| !node.fresh && !node.is_alone) else {
            // Of those that are very long, the last alone is kept: there are few side by side.
            if job.path.len() < LONG {
                new.insert(job.path.clone());
            }
            last.clone_from(&job.path);
            continue;
        };
        if node.has_new_children || wanted.iter().any(|other| other.at == at) {
            continue;
        }
        let id = node.stored_id;
        job.prepare(store, tree, scan)?;
        let changes = Difference::new(&job.listing);
        wanted.push(WantedDir {
            id,
            at,
            job,
            changes,
        });
        if wanted.len() == MOST {
            read_some(store, tree, &mut wanted)?;
        }
    }
    // One alone is as well read when its turn comes.
    if wanted.len() > 1 {
        read_some(store, tree, &mut wanted)?;
    }
    Ok(())
}

fn read_some(
    store: &mut Store,
    tree: &mut Tree,
    wanted: &mut Vec<WantedDir<'_>>,
) -> rusqlite::Result<()> {
    store.flush_rows()?;
    wanted.sort_unstable_by_key(|wanted| wanted.id);
    let size = SIZES.into_iter().find(|size| wanted.len() <= *size);
    let size = size.unwrap_or(MOST);
    each(
        store,
        &sql_files(size),
        size,
        wanted,
        |wanted, place, row| {
            let WantedDir { job, changes, .. } = wanted;
            compare::compare_file(&job.listing, place, job.is_whole(), row, changes)
        },
    )?;
    let mut found: Vec<(u32, Vec<u8>, LoadedDir)> = Vec::new();
    each(
        store,
        &sql_dirs(size),
        size,
        wanted,
        |wanted, place, row| {
            let WantedDir {
                at, job, changes, ..
            } = wanted;
            let stays = compare::compare_dir(&job.listing, place, job.is_whole(), row, changes)?;
            if stays && job.listing.len() <= merge::IN_HAND {
                let name = bytes(row.get_ref(1)?)?.to_vec();
                found.push((*at, name, LoadedDir::read(row, compare::DIR_ROW)?));
            }
            Ok(())
        },
    )?;
    for wanted in wanted.drain(..) {
        let Some(node) = tree.node_mut(wanted.at) else {
            continue;
        };
        node.read = true;
        wanted.job.looked = Some(ReadAhead {
            at: wanted.at,
            changes: wanted.changes,
        });
    }
    // Their own listings come soon.
    for (parent, name, row) in found {
        tree.keep(&name, parent, row);
    }
    Ok(())
}

/// Files of so many directories. By key: no row is sorted, and none of other directories read.
fn sql_files(size: usize) -> String {
    let ids = vec!["?"; size].join(",");
    format!(
        "SELECT {} FROM files WHERE dir_id IN ({ids}) ORDER BY dir_id, name",
        compare::FILE
    )
}

fn sql_dirs(size: usize) -> String {
    let ids = vec!["?"; size].join(",");
    format!(
        "SELECT {} FROM dirs WHERE parent_id IN ({ids}) ORDER BY parent_id, name",
        compare::DIR
    )
}

/// Gives every row to the directory that it belongs to, with what of its listing is still to come.
fn each(
    store: &Store,
    sql: &str,
    size: usize,
    wanted: &mut [WantedDir<'_>],
    mut act: impl FnMut(&mut WantedDir<'_>, &mut usize, &rusqlite::Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = store.db.prepare_cached(sql)?;
    for number in 0..size {
        // The last id fills up what is left.
        let id = wanted.get(number).or(wanted.last()).map(|wanted| wanted.id);
        statement.raw_bind_parameter(number + 1, id)?;
    }
    let mut rows = statement.raw_query();
    let (mut at, mut place) = (0, 0);
    while let Some(row) = rows.next()? {
        let id = match row.get_ref(0)? {
            ValueRef::Integer(id) => id,
            _ => 0,
        };
        while wanted.get(at).is_some_and(|wanted| wanted.id < id) {
            at += 1;
            place = 0;
        }
        if let Some(wanted) = wanted.get_mut(at).filter(|wanted| wanted.id == id) {
            act(wanted, &mut place, row)?;
        }
    }
    Ok(())
}
