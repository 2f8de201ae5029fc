//! Subscriptions of a process to folders, until it dies.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::reader::FolderTotals;
use aether_index::subscriptions::Subscriber;
use rustler::env::SavedTerm;
use rustler::types::atom::{error, ok};
use rustler::{
    Atom, Binary, Encoder, Env, LocalPid, Monitor, OwnedEnv, Reference, Resource, ResourceArc, Term,
};

use super::answer::failed;
use super::cell::IndexHandle;
use crate::atoms;
use crate::terms::{self, Bytes};

/// Monitors a subscriber.
#[derive(Default)]
pub struct SubscriberMonitor {
    /// Set when it dies: the subscription then ends with the next commit.
    is_dead: Arc<AtomicBool>,
}

#[rustler::resource_impl(name = "subscriber_monitor")]
impl Resource for SubscriberMonitor {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        self.is_dead.store(true, Ordering::Release);
    }
}

/// Sends the messages of a subscription.
pub struct SubscriptionSender {
    reference_env: OwnedEnv,
    reference: SavedTerm,
    receiver: LocalPid,
    /// Kept for as long as the subscriber is monitored.
    _monitor: ResourceArc<SubscriberMonitor>,
}

/// The folders as a term, built before anything is locked.
pub struct FoldersTerm {
    scratch_env: OwnedEnv,
    folders: SavedTerm,
}

impl Subscriber for SubscriptionSender {
    type Message = FoldersTerm;

    fn message(folders: &[FolderTotals]) -> FoldersTerm {
        let scratch_env = OwnedEnv::new();
        let folders = scratch_env.run(|env| {
            let term =
                |one: &FolderTotals| (Bytes(&one.name), one.file_count, one.bytes).encode(env);
            scratch_env.save(folders.iter().map(term).collect::<Vec<_>>())
        });
        FoldersTerm {
            scratch_env,
            folders,
        }
    }

    fn send(&self, message: FoldersTerm) {
        let FoldersTerm {
            mut scratch_env,
            folders,
        } = message;
        self.reference_env.run(|env| {
            let reference = self.reference.load(env);
            let _ = scratch_env.send_and_clear(&self.receiver, |env| {
                let (reference, folders) = (reference.in_env(env), folders.load(env));
                (atoms::index_folders(), reference, folders).encode(env)
            });
        });
    }
}

/// Subscribes the caller to the totals of a folder's subfolders, under this reference.
#[rustler::nif(schedule = "DirtyIo")]
fn index_subscribe<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
    source: &str,
    folder: Binary<'a>,
) -> Term<'a> {
    // A read-only index does not learn of commits.
    if let Err(reason) = handle.0.writer() {
        return failed(env, &reason);
    }
    let monitor = ResourceArc::new(SubscriberMonitor::default());
    if env.monitor(&monitor, &env.pid()).is_none() {
        return (error(), terms::start_error(env, atoms::noproc(), &[])).encode(env);
    }
    let is_dead = Arc::clone(&monitor.is_dead);
    let reference_env = OwnedEnv::new();
    let sender = SubscriptionSender {
        reference: reference_env.save(*reference),
        reference_env,
        receiver: env.pid(),
        _monitor: monitor,
    };
    let (key, subscriptions) = (terms::inspect(reference), &handle.0.subscriptions);
    match subscriptions.subscribe(key, source, &folder, is_dead, sender) {
        Ok(()) => ok().encode(env),
        Err(reason) => failed(env, &reason),
    }
}

/// Unsubscribes. Once this returns, nothing more is sent under the reference.
#[rustler::nif]
fn index_unsubscribe(handle: &IndexHandle, reference: Reference<'_>) -> Atom {
    let key = terms::inspect(reference);
    handle.0.subscriptions.unsubscribe(&key);
    ok()
}
