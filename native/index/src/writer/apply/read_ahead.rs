//! Reading what is stored of several directories with one statement, and comparing it with their
//! listings before any of them is written. What was read of a directory counts only as long as
//! nothing has changed it (`Node::is_read_ahead`); otherwise it is read again alone.

use std::collections::HashSet;

use aether_core::path::{is_within, split};
use rusqlite::types::ValueRef;

use super::compare::{self, Difference, ReadAhead};
use super::job::ListingJob;
use super::merge;
use crate::writer::proof::scope::Scope;
use crate::writer::store::{LoadedDir, Store};
use crate::writer::tree::DirTree;
use crate::writer::tree::hash::PathHasher;
use crate::writer::tree::node::{InPaths, Node};

/// Maximum number of directories read by one statement. Fewer are read by a smaller one.
pub(in crate::writer) const MAX_DIRS: usize = 32;
const SIZES: [usize; 4] = [2, 8, 16, MAX_DIRS];

/// Bytes from which on a path is long.
const LONG: usize = 1024;

/// A directory to read.
struct WantedDir<'a> {
    id: i64,
    /// Its place in the tree.
    at: u32,
    job: &'a mut ListingJob,
    difference: Difference,
}

/// Reads ahead for those jobs of one scan that will compare.
pub(in crate::writer) fn read(
    store: &mut Store,
    tree: &mut DirTree,
    scope: &Scope,
    jobs: &mut [ListingJob],
) -> rusqlite::Result<()> {
    let mut wanted: Vec<WantedDir<'_>> = Vec::new();
    // Directories that are not stored, and so nothing beneath them is: nearly all in a first
    // scan.
    let mut new: HashSet<Vec<u8>, PathHasher> = HashSet::default();
    let mut last: Vec<u8> = Vec::new();
    for job in jobs {
        if !job.may_be_read_ahead() || scope.mounts.is_foreign(&job.path) {
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
        let holds_any =
            |(_, node): &(u32, &Node)| !node.is_empty && node.in_paths != InPaths::Absent;
        let Some((at, node)) = node.filter(holds_any) else {
            // Only the last of the very long paths is kept: few of them lie side by side.
            if job.path.len() < LONG {
                new.insert(job.path.clone());
            }
            last.clone_from(&job.path);
            continue;
        };
        // One that was listed before in this transaction may have files under an id that its row
        // has not taken yet.
        let is_written = node.id == node.stored_id && !node.has_new_children;
        if !is_written || wanted.iter().any(|other| other.at == at) {
            continue;
        }
        let id = node.id;
        job.prepare(store, tree, scope)?;
        let difference = Difference::new(&job.listing);
        wanted.push(WantedDir {
            id,
            at,
            job,
            difference,
        });
        if wanted.len() == MAX_DIRS {
            read_some(store, tree, &mut wanted)?;
        }
    }
    // A single one may as well be read when its turn comes.
    if wanted.len() > 1 {
        read_some(store, tree, &mut wanted)?;
    }
    Ok(())
}

fn read_some(
    store: &mut Store,
    tree: &mut DirTree,
    wanted: &mut Vec<WantedDir<'_>>,
) -> rusqlite::Result<()> {
    store.flush_files()?;
    wanted.sort_unstable_by_key(|wanted| wanted.id);
    let size = SIZES.into_iter().find(|size| wanted.len() <= *size);
    let size = size.unwrap_or(MAX_DIRS);
    each(
        store,
        &sql_files(size),
        size,
        wanted,
        |wanted, place, row| {
            let WantedDir {
                job, difference, ..
            } = wanted;
            compare::compare_file(&job.listing, place, job.is_whole(), row, difference)
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
                at,
                job,
                difference,
                ..
            } = wanted;
            let is_whole = job.is_whole();
            let stays = compare::compare_dir(&job.listing, place, is_whole, row, difference)?;
            if let Some((name, dir)) = stays
                && job.listing.len() <= merge::MAX_CACHED
            {
                found.push((*at, name.to_vec(), dir));
            }
            Ok(())
        },
    )?;
    for wanted in wanted.drain(..) {
        let Some(node) = tree.node_mut(wanted.at) else {
            continue;
        };
        node.is_read_ahead = true;
        wanted.job.read_ahead = Some(ReadAhead {
            at: wanted.at,
            difference: wanted.difference,
        });
    }
    // Their own listings will come soon.
    for (parent, name, dir) in found {
        tree.keep(&name, parent, dir);
    }
    Ok(())
}

/// Files of this many directories, by key: no row is sorted, and none of other directories is read.
fn sql_files(size: usize) -> String {
    let (columns, ids) = (&*compare::FILE_COLUMNS, vec!["?"; size].join(","));
    format!("SELECT {columns} FROM files WHERE dir_id IN ({ids}) ORDER BY dir_id, name")
}

fn sql_dirs(size: usize) -> String {
    let (columns, ids) = (&*compare::DIR_COLUMNS, vec!["?"; size].join(","));
    format!("SELECT {columns} FROM dirs WHERE parent_id IN ({ids}) ORDER BY parent_id, name")
}

/// Passes every row to the directory that it belongs to, with the place in its listing from which
/// on to search.
fn each(
    store: &Store,
    sql: &str,
    size: usize,
    wanted: &mut [WantedDir<'_>],
    mut act: impl FnMut(&mut WantedDir<'_>, &mut usize, &rusqlite::Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = store.db.prepare_cached(sql)?;
    for number in 0..size {
        // The last id fills the remaining parameters.
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
