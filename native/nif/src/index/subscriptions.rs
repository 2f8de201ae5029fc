//! Subscriptions of a process to folders, until it dies.

use std::sync::Arc;

use aether_index::calls::Calls;
use aether_index::reader::FolderTotals;
use aether_index::subscriptions::Subscriber;
use rustler::env::SavedTerm;
use rustler::types::atom::ok;
use rustler::{Atom, Binary, Encoder, Env, OwnedEnv, Reference, ResourceArc};

use super::calls::{Answer, Cancel};
use super::{IndexHandle, Started, read};
use crate::atoms;
use crate::send::Address;
use crate::terms::inspect;
use crate::to_term::ToTerm;

/// Sends the messages of a subscription.
pub struct SubscriptionSender {
    address: Address,
    /// Kept for as long as the subscriber is monitored.
    _monitor: ResourceArc<Cancel>,
}

impl Subscriber for SubscriptionSender {
    /// The folders as a term, built before anything is locked, and where.
    type Message = (OwnedEnv, SavedTerm);

    fn message(folders: &[FolderTotals]) -> (OwnedEnv, SavedTerm) {
        let scratch_env = OwnedEnv::new();
        let folders = scratch_env.run(|env| {
            let term = |one: &FolderTotals| {
                let name = one.name.to_term(env);
                (name, one.file_count, one.bytes, one.disk, one.disk_exact).encode(env)
            };
            scratch_env.save(folders.iter().map(term).collect::<Vec<_>>())
        });
        (scratch_env, folders)
    }

    fn send(&self, (scratch_env, folders): (OwnedEnv, SavedTerm)) {
        self.address.scratch_env.set(Some(scratch_env));
        let tag = atoms::index_folders();
        self.address.send(tag, |env| folders.load(env));
    }
}

/// Subscribes the caller to the totals of a folder's subfolders, under this reference.
#[rustler::nif]
fn index_subscribe<'a>(
    env: Env<'a>,
    answer: Answer,
    handle: &IndexHandle,
    reference: Reference<'a>,
    source: String,
    folder: Binary<'a>,
) -> Started {
    // Set only if the subscriber dies or no longer waits for the answer: when the index closes,
    // nothing more may be sent at once.
    let monitor = Cancel::new(env, &Calls::default());
    let is_gone = Arc::clone(monitor.0.cancel_flag());
    let sender = SubscriptionSender {
        address: Address::new(reference, env.pid()),
        _monitor: monitor.clone(),
    };
    let (key, folder) = (inspect(reference), folder.to_vec());
    read(monitor, answer, handle, move |state| {
        state.subscribe(key, &source, &folder, is_gone, sender)
    })
}

/// Unsubscribes. Once this returns, nothing more is sent under the reference.
#[rustler::nif]
fn index_unsubscribe(handle: &IndexHandle, reference: Reference<'_>) -> Atom {
    handle.0.unsubscribe(&inspect(reference));
    ok()
}
