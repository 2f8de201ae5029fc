//! Slabs as text for the command line, in pieces on a dirty CPU scheduler. `aether_core::lines`
//! defines the lines.

use aether_core::lines::{self, Style};
use aether_core::slab::Slab;
use rustler::types::atom::{error, ok};
use rustler::{Binary, Encoder, Env, Error, NifResult, Term};

use crate::atoms;
use crate::to_term::ToTerm;

/// Maximum size of a piece, approximately, so that its buffer need not grow.
const PIECE: usize = 260 * 1024;

/// Formats entries from number `offset` on. The binary may come from anywhere, so it is checked.
#[rustler::nif(schedule = "DirtyCpu")]
fn format<'a>(
    env: Env<'a>,
    slab: Binary<'a>,
    style: Term<'a>,
    offset: usize,
) -> NifResult<Term<'a>> {
    let style = match style {
        style if atoms::json() == style => Style::Json,
        style if atoms::print0() == style => Style::Print0,
        _ => return Err(Error::BadArg),
    };
    let Ok(decoded) = Slab::decode(slab.as_slice()) else {
        return Ok((error(), atoms::bad_slab()).encode(env));
    };
    let mut text = Vec::with_capacity(PIECE.min(slab.len().saturating_mul(4)));
    let next = lines::format(&decoded, offset, style, &mut text).map(|next| next.encode(env));
    let next = next.unwrap_or_else(|| atoms::done().encode(env));
    Ok((ok(), text.to_term(env), next).encode(env))
}
