//! NIFs of scans. Those on normal schedulers never wait: they read a map, hold a lock for
//! microseconds, and answer.

mod mailbox;
mod options;

use std::sync::{Arc, OnceLock};

use aether_core::{Pool, PoolInfo, ReceiverMonitor, Root, Scan, ScanInfo, State, mount_of};
use aether_index::ScanSpec;
use aether_index::sink::IndexSink;
use parking_lot::Mutex;
use rustler::types::atom::ok;
use rustler::{Atom, Binary, Env, LocalPid, Monitor, NifResult, Reference};
use rustler::{Resource, ResourceArc, Term};

use self::mailbox::{MailboxSink, OBSERVER, ScanMessages};
use self::options::Positive;
use crate::send::Address;
use crate::terms::{Clock, Failure, inspect};
use crate::to_term::Out;

/// The one pool of the VM. The first scan creates it; it outlives the module.
static POOL: OnceLock<Pool> = OnceLock::new();

/// Whether the summary of a scan, its last message, is sent. Locked while it is sent: a process
/// that has the message finds this set, and one that does not finds it unset.
pub type SummarySent = Arc<Mutex<bool>>;

/// The Elixir term of a scan. Once no process has it, nobody can ask for more slabs.
pub struct ScanHandle {
    /// The scan.
    pub scan: Arc<Scan>,
    /// With an index, set after the last commit.
    pub summary_sent: SummarySent,
}

#[rustler::resource_impl(name = "handle")]
impl Resource for ScanHandle {}

impl Drop for ScanHandle {
    fn drop(&mut self) {
        self.scan.handle_dropped();
    }
}

/// Monitors the receiver. The scan's sink holds it.
#[derive(Default)]
pub struct Watch(pub ReceiverMonitor);

#[rustler::resource_impl(name = "watch")]
impl Resource for Watch {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        self.0.down();
    }
}

/// Starts a scan in the pool. A message says later whether its root could be opened.
#[rustler::nif]
fn start<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    open_reference: Reference<'a>,
    path: Binary<'a>,
    folder: Binary<'a>,
    identity: Option<Binary<'a>>,
    receiver: LocalPid,
    options: Term<'a>,
) -> NifResult<Out<Result<ResourceArc<ScanHandle>, Failure>>> {
    let identity = options::identity(identity)?;
    let (map, options, keep) = options::decode(options, || ScanSpec {
        root: path.to_vec(),
        folder: folder.to_vec(),
        tag: inspect(reference),
        ..ScanSpec::default()
    })?;
    let root = Root {
        path: path.to_vec(),
        folder: folder.to_vec(),
        entry: map.entry.map(|entry| entry.to_vec()),
        identity,
    };
    let refused = |reason, path: &[u8]| Ok(Out(Err(Failure::new(reason, "start", path))));
    for bytes in [path, folder] {
        if bytes.contains(&0) {
            return refused("einval", &bytes);
        }
    }
    let watch = ResourceArc::new(Watch::default());
    if env.monitor(&watch, &receiver).is_none() {
        return refused("noproc", &path);
    }
    let pool = POOL.get_or_init(|| {
        let pool = Pool::new(map.pool_threads.clamp() as usize);
        pool.limit_scans(map.max_scans.clamp() as usize);
        pool
    });
    let summary_sent = SummarySent::default();
    let messages = ScanMessages {
        address: Address::new(reference, receiver),
        opening: Some(Address::new(open_reference, env.pid())),
        watch: watch.clone(),
        root: path.to_vec(),
        summary_sent: summary_sent.clone(),
    };
    let started = pool.start(root, options, |scan| {
        watch.0.arm(scan);
        let sink = MailboxSink::new(messages, Clock(map.native_per_second.0));
        match keep {
            None => Box::new(sink),
            Some((index, spec, receives)) => {
                let index = Box::new(move || index.writer());
                Box::new(IndexSink::new(sink, receives, index, spec, scan))
            }
        }
    });
    let handle = started.map(|scan| {
        watch.0.started(&scan);
        ResourceArc::new(ScanHandle { scan, summary_sent })
    });
    Ok(Out(handle.map_err(|reason| Failure::from(&reason))))
}

/// Asks for `slabs` more slabs.
#[rustler::nif]
fn ask(handle: &ScanHandle, slabs: Positive) -> Atom {
    handle.scan.ask(slabs.0);
    ok()
}

/// Cancels a scan. After this only its summary is sent.
#[rustler::nif]
fn cancel(handle: &ScanHandle) -> Atom {
    handle.scan.cancel();
    ok()
}

/// The state of a scan. It is running until its summary is sent.
#[rustler::nif]
fn scan_info(handle: &ScanHandle) -> Out<ScanInfo> {
    let mut info = handle.scan.info();
    // It waits until an index has written the rest.
    if matches!(info.state, State::Ended(_)) && !*handle.summary_sent.lock() {
        info.state = State::Running;
    }
    Out(info)
}

/// The mount point that a path lies at or beneath, or nil. Reads a file in `/proc` and does not
/// touch the path.
#[rustler::nif(schedule = "DirtyIo", name = "mount_of")]
fn mount(path: Binary<'_>) -> Out<Option<Vec<u8>>> {
    Out(mount_of(&path))
}

/// The state of the pool.
#[rustler::nif]
fn info() -> Out<PoolInfo> {
    Out(POOL.get().map_or_else(PoolInfo::default, Pool::info))
}

/// Makes `pid` get a copy of every later summary.
#[rustler::nif]
fn observe(pid: LocalPid) -> Atom {
    *OBSERVER.lock() = Some(pid);
    ok()
}
