//! Panics on demand, for tests of what must survive them. Built only with the feature `fault`.

use std::panic;
use std::sync::Once;

use parking_lot::Mutex;
use rustler::types::atom::ok;
use rustler::{Encoder, Env, Error, LocalPid, Monitor, NifResult, NifUnitEnum};
use rustler::{Resource, ResourceArc, Term};

/// Message of these panics.
const ASKED_FOR: &str = "asked for";

/// Where to panic: in the NIF, when a resource is dropped or notified, when the next scan's slab is
/// packed or sent, when an index's next answer is written.
#[derive(Clone, Copy, PartialEq, NifUnitEnum)]
#[rustler(decode)]
#[expect(clippy::enum_variant_names, reason = "as the atoms")]
pub enum Place {
    PanicNif,
    PanicDrop,
    PanicDown,
    PanicWorker,
    PanicSend,
    PanicAnswer,
}

static ARMED: Mutex<Option<Place>> = Mutex::new(None);

/// Takes the armed place if it is one of these, so that it affects one scan or answer only.
pub fn take(places: &[Place]) -> Option<Place> {
    ARMED.lock().take_if(|armed| places.contains(armed))
}

/// Panics if this place is armed.
#[expect(clippy::panic, reason = "what it is for")]
pub fn strike(armed: Option<Place>, place: Place) {
    if armed == Some(place) {
        panic!("asked for");
    }
}

/// Keeps panics on demand off stderr, where they would clutter a test's output. Other panics are
/// printed as usual.
pub fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if info.payload().downcast_ref::<&str>() != Some(&ASKED_FOR) {
                print(info);
            }
        }));
    });
}

struct Panics(Place);

#[rustler::resource_impl(name = "panics")]
impl Resource for Panics {
    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        strike(Some(self.0), Place::PanicDown);
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        strike(Some(self.0), Place::PanicDrop);
    }
}

/// Panics, or creates or arms something that will. A resource that panics in `down` monitors the
/// caller.
#[rustler::nif]
fn fault<'a>(env: Env<'a>, place: Term<'a>) -> NifResult<Term<'a>> {
    let place = place.decode().map_err(|_| Error::BadArg)?;
    strike(Some(place), Place::PanicNif);
    if let Place::PanicDrop | Place::PanicDown = place {
        let panics = ResourceArc::new(Panics(place));
        let _ = env.monitor(&panics, &env.pid());
        return Ok(panics.encode(env));
    }
    *ARMED.lock() = Some(place);
    Ok(ok().encode(env))
}
