//! Terms out: [`ToTerm`] makes the term of a value, and `to_term!` implements it for the structs
//! and maps that Elixir gets. Elixir owns their definitions; the fields here match them exactly.

use std::panic::RefUnwindSafe;

use rustler::types::atom::{error, ok};
use rustler::{Atom, Encoder, Env, NewBinary, Resource, ResourceArc, Term};

use crate::atoms;

/// A value that Elixir gets.
pub trait ToTerm {
    /// Its term.
    fn to_term<'a>(&self, env: Env<'a>) -> Term<'a>;

    /// `{:ok, term}`; `:ok` if there is nothing more to say.
    fn to_ok<'a>(&self, env: Env<'a>) -> Term<'a> {
        (ok(), self.to_term(env)).encode(env)
    }
}

/// The result of a NIF. Rustler encodes it where it also catches panics.
pub struct Out<T>(pub T);

impl<T> RefUnwindSafe for Out<T> {}

impl<T: ToTerm> Encoder for Out<T> {
    fn encode<'a>(&self, env: Env<'a>) -> Term<'a> {
        self.0.to_term(env)
    }
}

/// An atom by its name. Names come from code, so that no input can fill the VM's atom table.
pub struct Word(pub &'static str);

/// `:ok` alone where it is a result.
impl ToTerm for () {
    fn to_term<'a>(&self, env: Env<'a>) -> Term<'a> {
        ok().encode(env)
    }

    fn to_ok<'a>(&self, env: Env<'a>) -> Term<'a> {
        ok().encode(env)
    }
}

impl ToTerm for Box<dyn ToTerm> {
    fn to_term<'a>(&self, env: Env<'a>) -> Term<'a> {
        (**self).to_term(env)
    }

    fn to_ok<'a>(&self, env: Env<'a>) -> Term<'a> {
        (**self).to_ok(env)
    }
}

impl<T: ToTerm, E: ToTerm> ToTerm for Result<T, E> {
    fn to_term<'a>(&self, env: Env<'a>) -> Term<'a> {
        match self {
            Ok(value) => value.to_ok(env),
            Err(reason) => (error(), reason.to_term(env)).encode(env),
        }
    }
}

impl<T: ToTerm> ToTerm for Vec<T> {
    fn to_term<'a>(&self, env: Env<'a>) -> Term<'a> {
        let terms: Vec<_> = self.iter().map(|item| item.to_term(env)).collect();
        terms.encode(env)
    }
}

impl<T: ToTerm> ToTerm for Option<T> {
    fn to_term<'a>(&self, env: Env<'a>) -> Term<'a> {
        self.as_ref().map(|value| value.to_term(env)).encode(env)
    }
}

impl<A: ToTerm, B: ToTerm> ToTerm for (A, B) {
    fn to_term<'a>(&self, env: Env<'a>) -> Term<'a> {
        (self.0.to_term(env), self.1.to_term(env)).encode(env)
    }
}

impl<T: Resource> ToTerm for ResourceArc<T> {
    fn to_term<'a>(&self, env: Env<'a>) -> Term<'a> {
        self.encode(env)
    }
}

/// Implements [`ToTerm`] for types by an expression.
macro_rules! plain {
    ($($type:ty),+: |$it:ident, $env:ident| $term:expr) => {$(
        impl $crate::to_term::ToTerm for $type {
            fn to_term<'a>(&self, $env: rustler::Env<'a>) -> rustler::Term<'a> {
                let $it = self;
                $term
            }
        }
    )+};
}

plain!(bool, u16, i32, u32, i64, u64, usize, String, Atom: |it, env| it.encode(env));
plain!(Word: |it, env| match Atom::from_str(env, it.0) {
    Ok(atom) => atom.encode(env),
    Err(_) => atoms::unknown_errno().encode(env),
});
// Bytes are a binary.
plain!([u8], [u8; 16], Vec<u8>: |it, env| NewBinary::from_slice(env, it).into());
// Floats of the BEAM are finite; others would raise an exception instead of becoming a term.
plain!(f64: |it, env| if it.is_finite() { *it } else { 0.0 }.encode(env));

/// Implements [`ToTerm`] for types that become structs of this name, or maps:
///
/// ```text
/// Child: "Elixir.Aether.Index.Child" |it| { [name, bytes] of it; kind: kind(it.kind) }
/// Newer: |it| { [source, folder] of it; }
/// ```
macro_rules! to_term {
    ($(
        $type:ty $(where $generic:ident)? : $($module:literal)? |$it:ident| {
            $([$($field:ident),+ $(,)?] of $owner:expr;)*
            $($key:ident: $value:expr),* $(,)?
        }
    )+) => {$(
        impl$(<$generic: $crate::to_term::ToTerm>)? $crate::to_term::ToTerm for $type {
            fn to_term<'a>(&self, env: rustler::Env<'a>) -> rustler::Term<'a> {
                mod key {
                    rustler::atoms! {
                        $(__struct__, elixir_module = $module,)?
                        $($($field,)+)* $($key,)*
                    }
                }
                let $it = self;
                let keys = [
                    $((key::__struct__(), $module).0.to_term(env),)?
                    $($(key::$field().to_term(env),)+)*
                    $(key::$key().to_term(env),)*
                ];
                let values = [
                    $((key::elixir_module(), $module).0.to_term(env),)?
                    $($($owner.$field.to_term(env),)+)*
                    $($value.to_term(env),)*
                ];
                let map = rustler::Term::map_from_term_arrays(env, &keys, &values);
                // It fails only if two keys are the same.
                map.unwrap_or_else(|_| rustler::Term::map_new(env))
            }
        }
    )+};
}

pub(crate) use {plain, to_term};
