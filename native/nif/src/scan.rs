//! NIFs of scans. Those on normal schedulers never wait: they read a map, hold a lock for
//! microseconds, and answer.

pub mod mailbox;
mod options;
mod resources;

use std::sync::OnceLock;

use aether_core::{Pool, PoolInfo, Root, mount_of};
use aether_index::ScanSpec;
use aether_index::sink::IndexSink;
use rustler::types::atom::{error, ok};
use rustler::{Atom, Binary, Encoder, Env, LocalPid, NifResult, Reference, ResourceArc, Term};

use self::mailbox::{Address, MailboxSink};
use self::resources::{ScanHandle, SummarySent, Watch};
use crate::atoms;
use crate::index::cell::IndexRef;
use crate::terms::{self, Clock};

/// The one pool of the VM. The first scan creates it; it outlives the module.
static POOL: OnceLock<Pool> = OnceLock::new();

/// Starts a scan in the pool. A message says later whether its root could be opened.
#[rustler::nif]
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the NIF, each named"
)]
fn start<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    open_reference: Reference<'a>,
    path: Binary<'a>,
    folder: Binary<'a>,
    identity: Option<Binary<'a>>,
    receiver: LocalPid,
    options: Term<'a>,
) -> NifResult<Term<'a>> {
    let options = options::decode(options)?;
    let identity = options::identity(identity)?;
    let refused = |reason: Atom, path: &[u8]| {
        Ok((error(), terms::start_error(env, reason, path)).encode(env))
    };
    for bytes in [path, folder] {
        if bytes.contains(&0) {
            return refused(atoms::einval(), &bytes);
        }
    }

    let watch = ResourceArc::new(Watch::default());
    if env.monitor(&watch, &receiver).is_none() {
        return refused(atoms::noproc(), &path);
    }
    let address = Address {
        reference,
        open_reference,
        caller: env.pid(),
        receiver,
        root: path.as_slice(),
    };
    let clock = Clock {
        native_per_second: options.native_per_second,
    };
    let root = Root {
        path: path.to_vec(),
        folder: folder.to_vec(),
        identity,
    };
    let pool = POOL.get_or_init(|| {
        let pool = Pool::new(options.pool_threads);
        pool.limit_scans(options.max_scans);
        pool
    });
    let keep = options.keep.map(|keep| {
        let spec = ScanSpec {
            root: root.path.clone(),
            folder: root.folder.clone(),
            tag: terms::inspect(reference),
            ..keep.spec
        };
        (IndexRef::new(&keep.handle.0), spec, keep.slabs)
    });
    let summary_sent = SummarySent::default();
    let started = pool.start(root, options.scan, |scan| {
        watch.arm(scan);
        let sink = MailboxSink::new(&address, watch.clone(), clock, summary_sent.clone());
        if let Some((index, spec, slabs)) = keep {
            let index = Box::new(move || index.writer());
            return Box::new(IndexSink::new(sink, slabs, index, spec, scan));
        }
        #[cfg(feature = "fault")]
        let sink = crate::fault::Armed::new(sink);
        Box::new(sink)
    });
    match started {
        Ok(scan) => {
            if watch.is_down() {
                scan.cancel();
            }
            let handle = ScanHandle { scan, summary_sent };
            Ok((ok(), ResourceArc::new(handle)).encode(env))
        }
        Err(reason) => Ok((error(), terms::error(env, &reason)).encode(env)),
    }
}

/// Asks for `slabs` more slabs.
#[rustler::nif]
fn ask(handle: &ScanHandle, slabs: Term<'_>) -> NifResult<Atom> {
    handle.scan.ask(options::positive(slabs)?);
    Ok(ok())
}

/// Cancels a scan. After this only its summary is sent.
#[rustler::nif]
fn cancel(handle: &ScanHandle) -> Atom {
    handle.scan.cancel();
    ok()
}

/// The state of a scan.
#[rustler::nif]
fn scan_info<'a>(env: Env<'a>, handle: &ScanHandle) -> Term<'a> {
    terms::scan_info(env, &handle.scan.info(), *handle.summary_sent.lock())
}

/// The mount point that a path lies at or beneath, or nil. Reads a file in `/proc` and does not
/// touch the path.
#[rustler::nif(schedule = "DirtyIo", name = "mount_of")]
fn mount<'a>(env: Env<'a>, path: Binary<'a>) -> Term<'a> {
    mount_of(&path).as_deref().map(terms::Bytes).encode(env)
}

/// The state of the pool.
#[rustler::nif]
fn info(env: Env<'_>) -> Term<'_> {
    let info = POOL.get().map_or_else(PoolInfo::default, Pool::info);
    terms::pool_info(env, &info)
}

/// Makes `pid` get a copy of every summary.
#[rustler::nif]
fn observe(pid: LocalPid) -> Atom {
    mailbox::observe(pid);
    ok()
}
