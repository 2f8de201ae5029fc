//! Short reads of an index: one page each, within a bound of time, on a dirty I/O scheduler.

use aether_core::Ignore;
use aether_index::{Error, Rules};
use rustler::types::atom::{error, false_, ok};
use rustler::{Binary, Encoder, Env, NifMap, Term};

use crate::index::Handle;
use crate::terms::Bytes;
use crate::{atoms, terms};

#[derive(NifMap)]
#[rustler(encode)]
struct RulesMap<'a> {
    hidden: bool,
    ignore: Term<'a>,
    exclude: Vec<Term<'a>>,
    same_file_system: bool,
}

/// The rules by which an index knows a root, or nil.
#[rustler::nif(schedule = "DirtyIo")]
fn index_rules<'a>(
    env: Env<'a>,
    handle: &Handle,
    root: Binary<'a>,
    source_id: Option<&str>,
) -> Term<'a> {
    let sources = handle.0.readers.sources();
    answer(env, sources, |sources| {
        let mut sources = sources.into_iter().map(|answer| answer.value);
        let found = sources.find(|source| match source_id {
            Some(id) => source.uuid == id,
            None => source.root == root.as_slice(),
        });
        let text = found.and_then(|source| String::from_utf8(source.rules).ok());
        let rules = text.and_then(|text| Rules::parse(&text));
        rules.map(|rules| rules_map(env, &rules)).encode(env)
    })
}

fn rules_map<'a>(env: Env<'a>, rules: &Rules) -> Term<'a> {
    let bytes = |bytes: &Vec<u8>| Bytes(bytes).encode(env);
    RulesMap {
        hidden: rules.hidden,
        ignore: match &rules.ignore {
            Ignore::None => false_().encode(env),
            Ignore::Git => atoms::git().encode(env),
            Ignore::Globs(globs) => globs.iter().map(bytes).collect::<Vec<_>>().encode(env),
        },
        exclude: rules.exclude.iter().map(bytes).collect(),
        same_file_system: rules.same_file_system,
    }
    .encode(env)
}

/// `{:ok, value}` or `{:error, %Aether.Error{}}`.
fn answer<'a, T>(
    env: Env<'a>,
    result: Result<T, Error>,
    write: impl FnOnce(T) -> Term<'a>,
) -> Term<'a> {
    match result {
        Ok(value) => (ok(), write(value)).encode(env),
        Err(reason) => (error(), terms::index_error(env, &reason)).encode(env),
    }
}
