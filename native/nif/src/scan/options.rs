//! Decodes a scan's options from the map that `Aether.Options` has validated. Any other map is a
//! bad argument.

use aether_core::{Demand, GitUser, Identity, Ignore, Options};
use aether_index::sink::CREDIT;
use aether_index::{Rules, ScanSpec};
use rustler::{Atom, Binary, Error, ListIterator, NifResult, ResourceArc, Term};

use crate::atoms;
use crate::index::cell::IndexHandle;

/// The index that a scan is written to, and how.
pub struct Keep {
    /// The index.
    pub handle: ResourceArc<IndexHandle>,
    /// What to write the scan as; the root is filled in later.
    pub spec: ScanSpec,
    /// Whether the receiver gets slabs as well.
    pub slabs: bool,
}

/// What the map holds.
pub struct Decoded {
    /// Options of the scan.
    pub scan: Options,
    /// Number of threads of the pool; only the VM's first scan uses it.
    pub pool_threads: usize,
    /// Maximum number of scans; only the VM's first scan uses it.
    pub max_scans: usize,
    /// Native time units per second.
    pub native_per_second: u64,
    /// Where to write the scan, if it is indexed.
    pub keep: Option<Keep>,
}

/// Decodes the options map. Every key is required.
pub fn decode(map: Term<'_>) -> NifResult<Decoded> {
    let get = |key: Atom| map.map_get(key);
    let mut scan = Options {
        depth: depth(get(atoms::depth())?)?,
        metadata: get(atoms::metadata())?.decode()?,
        hidden: get(atoms::hidden())?.decode()?,
        ignore: ignore(get(atoms::ignore())?)?,
        exclude: binaries(get(atoms::exclude())?)?.into_iter().collect(),
        same_file_system: get(atoms::same_file_system())?.decode()?,
        slab_entries: clamp(positive(get(atoms::slab_entries())?)?),
        tag: get(atoms::tag())?.decode()?,
        threads: threads(get(atoms::threads())?)?,
        progress: get(atoms::progress())?.decode()?,
        demand: demand(get(atoms::active())?)?,
        evidence: None,
    };
    let keep = keep(&get, &mut scan)?;
    Ok(Decoded {
        scan,
        keep,
        pool_threads: clamp(positive(get(atoms::pool_threads())?)?) as usize,
        max_scans: clamp(positive(get(atoms::max_scans())?)?) as usize,
        native_per_second: positive(get(atoms::native_per_second())?)?,
    })
}

fn keep<'a>(
    get: &impl Fn(Atom) -> NifResult<Term<'a>>,
    scan: &mut Options,
) -> NifResult<Option<Keep>> {
    let handle: Option<ResourceArc<IndexHandle>> = get(atoms::index())?.decode()?;
    let Some(handle) = handle else {
        return Ok(None);
    };
    let slabs: bool = get(atoms::slabs())?.decode()?;
    scan.evidence = Some(CREDIT);
    if !slabs {
        scan.demand = Demand::Unlimited;
    }
    let spec = ScanSpec {
        source_id: get(atoms::source_id())?.decode()?,
        depth: scan.depth,
        rules: Some(Rules::from(&*scan)),
        replace_rules: get(atoms::replace_rules())?.decode()?,
        accept_root: get(atoms::accept_root())?.decode()?,
        ..ScanSpec::default()
    };
    Ok(Some(Keep {
        handle,
        spec,
        slabs,
    }))
}

/// A positive integer of any size; one that does not fit becomes `u64::MAX`.
pub fn positive(term: Term<'_>) -> NifResult<u64> {
    match term.decode::<u64>() {
        Ok(0) => Err(Error::BadArg),
        Ok(number) => Ok(number),
        Err(_) if term.is_integer() && is_above_zero(term) => Ok(u64::MAX),
        Err(error) => Err(error),
    }
}

fn is_above_zero(integer: Term<'_>) -> bool {
    use rustler::Encoder;
    integer > 0.encode(integer.get_env())
}

/// Identity of a root, in the 16 bytes of [`encode_identity`].
pub fn identity(binary: Option<Binary<'_>>) -> NifResult<Option<Identity>> {
    let Some(binary) = binary else {
        return Ok(None);
    };
    match binary.as_slice().as_chunks::<8>() {
        (&[device, inode], []) => Ok(Some(Identity {
            device: u64::from_ne_bytes(device),
            inode: u64::from_ne_bytes(inode),
        })),
        _ => Err(Error::BadArg),
    }
}

/// The inverse of [`identity`].
pub fn encode_identity(identity: Identity) -> [u8; 16] {
    let mut bytes = [0; 16];
    let (cells, _) = bytes.as_chunks_mut::<8>();
    for (cell, number) in cells.iter_mut().zip([identity.device, identity.inode]) {
        *cell = number.to_ne_bytes();
    }
    bytes
}

fn depth(term: Term<'_>) -> NifResult<Option<u32>> {
    if atoms::infinity() == term {
        return Ok(None);
    }
    // A depth that does not fit is deeper than any tree.
    positive(term).map(|levels| u32::try_from(levels).ok())
}

fn threads(term: Term<'_>) -> NifResult<Option<usize>> {
    if rustler::types::atom::nil() == term {
        return Ok(None);
    }
    positive(term).map(|threads| Some(clamp(threads) as usize))
}

fn demand(term: Term<'_>) -> NifResult<Demand> {
    match term.decode::<bool>() {
        Ok(true) => Ok(Demand::Unlimited),
        Ok(false) => Ok(Demand::Slabs(0)),
        Err(_) => positive(term).map(Demand::Slabs),
    }
}

fn ignore(term: Term<'_>) -> NifResult<Ignore> {
    if rustler::types::atom::false_() == term {
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
            ignore.git_user = Some(git_user(item)?);
        } else {
            ignore.patterns.push(binary(item)?);
        }
    }
    Ok(ignore)
}

/// `{:git_user, home, config_home}`, each a binary or nil.
fn git_user(term: Term<'_>) -> NifResult<GitUser> {
    let (mark, home, config_home): (Atom, Option<Binary<'_>>, Option<Binary<'_>>) =
        term.decode()?;
    if mark != atoms::git_user() {
        return Err(Error::BadArg);
    }
    let bytes = |binary: Binary<'_>| binary.as_slice().to_vec();
    Ok(GitUser {
        home: home.map(bytes),
        config_home: config_home.map(bytes),
    })
}

fn binaries(term: Term<'_>) -> NifResult<Vec<Vec<u8>>> {
    list(term)?.map(binary).collect()
}

fn list(term: Term<'_>) -> NifResult<ListIterator<'_>> {
    // The iterator panics on an improper list, which has no length.
    term.list_length()?;
    term.decode()
}

fn binary(term: Term<'_>) -> NifResult<Vec<u8>> {
    Ok(Binary::from_term(term)?.as_slice().to_vec())
}

fn clamp(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
