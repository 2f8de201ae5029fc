//! Decodes a scan's options from the map that `Aether.Options` has validated. Any other map is a
//! bad argument.

use std::sync::Arc;

use aether_core::slab::Groups;
use aether_core::{Demand, GitUser, Identity, Ignore, Options};
use aether_index::sink::Receives;
use aether_index::{Rules, ScanSpec};
use rustler::types::atom::false_;
use rustler::{Binary, Decoder, Encoder, Error, ListIterator, NifMap, NifRecord};
use rustler::{NifResult, ResourceArc, Term};

use crate::atoms;
use crate::index::{IndexHandle, State};

/// The options map. Every key is required.
#[derive(NifMap)]
#[rustler(decode)]
pub struct OptionsMap<'a> {
    depth: Term<'a>,
    /// The flags of a slab's header that stand for groups of attributes.
    metadata: u16,
    /// The entry to look at instead of listing the folder.
    pub entry: Option<Binary<'a>>,
    hidden: bool,
    ignore: Term<'a>,
    exclude: Term<'a>,
    same_file_system: bool,
    slab_entries: Positive,
    tag: u32,
    threads: Option<Positive>,
    progress: bool,
    active: Term<'a>,
    /// Number of threads of the pool; only the VM's first scan uses it.
    pub pool_threads: Positive,
    /// Maximum number of scans; only the VM's first scan uses it.
    pub max_scans: Positive,
    /// Native time units per second.
    pub native_per_second: Positive,
    index: Option<ResourceArc<IndexHandle>>,
    slabs: bool,
    source_id: Option<String>,
    replace_rules: bool,
    accept_root: bool,
    owners: Option<bool>,
}

/// The index that a scan is written to, what the scan is written as, and what the receiver gets as
/// well.
type Keep = (Arc<State>, ScanSpec, Receives);

/// Decodes the options map. With an index, `spec` names the root and the scan.
pub fn decode<'a>(
    term: Term<'a>,
    spec: impl FnOnce() -> ScanSpec,
) -> NifResult<(OptionsMap<'a>, Options, Option<Keep>)> {
    let map: OptionsMap<'_> = term.decode().map_err(|_| Error::BadArg)?;
    let mut scan = Options {
        depth: depth(map.depth)?,
        metadata: Groups::from_flags(map.metadata).ok_or(Error::BadArg)?,
        hidden: map.hidden,
        ignore: ignore(map.ignore)?,
        exclude: list(map.exclude)?.map(binary).collect::<NifResult<_>>()?,
        same_file_system: map.same_file_system,
        slab_entries: map.slab_entries.clamp(),
        tag: map.tag,
        threads: map.threads.as_ref().map(|threads| threads.clamp() as usize),
        progress: map.progress,
        demand: demand(map.active)?,
        ..Options::default()
    };
    let keep = map.index.as_ref().map(|handle| {
        let receives = Receives::prepare(&mut scan, map.slabs);
        let spec = ScanSpec {
            source_id: map.source_id.clone(),
            depth: scan.depth,
            rules: Some(Rules::from(&scan)),
            replace_rules: map.replace_rules,
            accept_root: map.accept_root,
            owners: map.owners,
            ..spec()
        };
        (Arc::clone(&handle.0), spec, receives)
    });
    Ok((map, scan, keep))
}

/// A positive integer of any size; one that does not fit becomes `u64::MAX`.
pub struct Positive(pub u64);

impl<'a> Decoder<'a> for Positive {
    fn decode(term: Term<'a>) -> NifResult<Positive> {
        match term.decode::<u64>() {
            Ok(0) => Err(Error::BadArg),
            Ok(number) => Ok(Positive(number)),
            Err(_) if term.is_integer() && term > 0.encode(term.get_env()) => {
                Ok(Positive(u64::MAX))
            }
            Err(error) => Err(error),
        }
    }
}

impl Positive {
    pub fn clamp(&self) -> u32 {
        u32::try_from(self.0).unwrap_or(u32::MAX)
    }
}

/// Identity of a root, in the bytes that the scan's opening message has.
pub fn identity(binary: Option<Binary<'_>>) -> NifResult<Option<Identity>> {
    let decode = |binary: Binary<'_>| binary.as_slice().try_into().map(Identity::from_bytes);
    binary.map(decode).transpose().map_err(|_| Error::BadArg)
}

fn depth(term: Term<'_>) -> NifResult<Option<u32>> {
    if atoms::infinity() == term {
        return Ok(None);
    }
    // A depth that does not fit is deeper than any tree.
    let levels: Positive = term.decode()?;
    Ok(u32::try_from(levels.0).ok())
}

fn demand(term: Term<'_>) -> NifResult<Demand> {
    match term.decode::<bool>() {
        Ok(true) => Ok(Demand::Unlimited),
        Ok(false) => Ok(Demand::Slabs(0)),
        Err(_) => Ok(Demand::Slabs(term.decode::<Positive>()?.0)),
    }
}

fn ignore(term: Term<'_>) -> NifResult<Ignore> {
    if false_() == term {
        return Ok(Ignore::default());
    }
    if atoms::git() == term {
        return Ok(Ignore::git());
    }
    let mut ignore = Ignore::default();
    for item in list(term)? {
        if atoms::git() == item {
            ignore.git = true;
        } else if item.is_tuple() {
            let user: GitUserTerm<'_> = item.decode().map_err(|_| Error::BadArg)?;
            ignore.git_user = Some(GitUser {
                home: user.home.map(|path| path.to_vec()),
                config_home: user.config_home.map(|path| path.to_vec()),
            });
        } else {
            ignore.patterns.push(binary(item)?);
        }
    }
    Ok(ignore)
}

/// Where a user's git configuration lies.
#[derive(NifRecord)]
#[tag = "git_user"]
#[rustler(decode)]
struct GitUserTerm<'a> {
    home: Option<Binary<'a>>,
    config_home: Option<Binary<'a>>,
}

fn list(term: Term<'_>) -> NifResult<ListIterator<'_>> {
    // The iterator panics on an improper list, which has no length.
    term.list_length()?;
    term.decode()
}

fn binary(term: Term<'_>) -> NifResult<Vec<u8>> {
    Ok(Binary::from_term(term)?.to_vec())
}
