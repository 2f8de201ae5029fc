//! The BEAM's side of Aether, `Aether.Native` in Elixir: terms in and out, resources, monitors,
//! messages.
//!
//! Anything that is slow or can hang runs on threads of `aether_core` and `aether_index`, never
//! here. Only those threads send messages, through `send`.

#![expect(clippy::too_many_arguments, reason = "those of a NIF, each named")]

mod atoms;
#[cfg(feature = "fault")]
mod fault;
mod index;
mod scan;
mod send;
mod terms;
mod to_term;

use rustler::{Env, Term};

rustler::init!("Elixir.Aether.Native", load = load);

/// Runs at every load, and so again in the same OS process after a purge. The statics of the first
/// load, among them the pool, are then still there: the library is linked with `-z nodelete`.
fn load(_env: Env<'_>, _info: Term<'_>) -> bool {
    #[cfg(feature = "fault")]
    fault::hush();
    aether_core::grow_descriptor_table();
    true
}
