//! The BEAM's side of Aether, `Aether.Native` in Elixir: terms in and out, resources, monitors, messages.
//!
//! What is slow or can hang happens on aether_core's threads, never here. `send` is the one file that sends.

mod aside;
mod atoms;
mod cancel;
mod deadline;
mod descriptors;
#[cfg(feature = "fault")]
mod fault;
mod format;
mod index;
mod indexed;
mod known;
mod live;
mod maintain;
mod options;
mod read;
mod resources;
mod scan;
mod search;
mod send;
mod terms;

use rustler::{Env, Term};

rustler::init!("Elixir.Aether.Native", load = load);

/// Runs at every load, so again in the same OS process after the module was purged. The statics of the first time,
/// the pool among them, are still there then: the library is linked `-z nodelete`.
fn load(_env: Env<'_>, _info: Term<'_>) -> bool {
    #[cfg(feature = "fault")]
    fault::hush();
    descriptors::grow_table();
    true
}
