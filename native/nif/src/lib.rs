//! The BEAM's side of Aether, `Aether.Native` in Elixir: terms in and out, resources, monitors,
//! messages.
//!
//! What is slow or can hang happens on threads of `aether_core` and `aether_index`, never here.
//! Messages are sent by `scan::mailbox`, `index::answer` and `index::subscriptions`, from those
//! threads alone.

mod atoms;
mod descriptors;
#[cfg(feature = "fault")]
mod fault;
mod format;
mod index;
mod scan;
mod terms;

use rustler::{Env, Term};

rustler::init!("Elixir.Aether.Native", load = load);

/// Runs at every load, so again in the same OS process after the module was purged. The statics of
/// the first time, the pool among them, are still there then: the library is linked `-z nodelete`.
fn load(_env: Env<'_>, _info: Term<'_>) -> bool {
    #[cfg(feature = "fault")]
    fault::hush();
    descriptors::grow_table();
    true
}
