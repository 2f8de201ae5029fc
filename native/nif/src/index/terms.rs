//! Terms out of an index: the structs of `Aether.Index`. Elixir owns the definitions; the fields
//! here match them exactly.

use std::time::UNIX_EPOCH;

use aether_core::{Ignore, Reason};
use aether_index::reader::{
    Change, ChangedFile, ChangedFiles, Changes, ChangesCursor, Child, Children, Generation,
    Largest, Sized, Source, Totals,
};
use aether_index::search::Hit;
use aether_index::search::service::SearchResult;
use aether_index::{Answer, Expected, Rules, Unreadable, listing, scan_status};
use rustler::types::atom::{__struct__, error, false_};
use rustler::{Atom, Encoder, Env, NifMap, NifResult, NifStruct, Term};

use crate::atoms;
use crate::terms::{self, Bytes};

/// Names of structs, and of their fields.
mod words {
    rustler::atoms! {
        answer = "Elixir.Aether.Index.Answer",
        children = "Elixir.Aether.Index.Children",
        largest = "Elixir.Aether.Index.Largest",
        changes = "Elixir.Aether.Index.Changes",
        value,
        scanned_at,
        age,
        stale,
        scanning,
        exhaustive,
        unreadable,
        imported,
        rolled_back,
        newer,
        source,
        folder,
        count,
        at_least,
        first,
        entries,
        entries_complete,
        name,
        change,
        next,
        moved,
        folders,
        files,
        complete,
        path,
        gone,
        file_count,
        bytes,
        entry_kind = "kind",
        mtime,
        added,
        removed,
        changed,
        generation,
        generations,
        more,
        pruned,
        first_load,
        search_result = "Elixir.Aether.Index.SearchResult",
        hits,
        matched,
        position,
        loaded_at,
        loaded,
        outdated,
        truncated,
    }

    /// Statuses of listings and of scans.
    pub mod status {
        rustler::atoms! {
            unread, complete, other_file_system, vanished, changing, unmounted,
            running, partial, cancelled, failed, crashed,
            // `loop` is a keyword of Rust.
            own_ancestor = "loop",
        }
    }

    /// Kinds of entries.
    pub mod kind {
        rustler::atoms! { unknown, file, directory, symlink, other }
    }
}

use words::{kind, status};

#[derive(NifStruct)]
#[rustler(encode)]
#[module = "Aether.Index.Source"]
struct SourceStruct<'a> {
    uuid: Term<'a>,
    root: Term<'a>,
    rules: Term<'a>,
    generation: i64,
    status: Option<Atom>,
    last_scan_at: Option<i64>,
    last_complete_at: Option<i64>,
    last_scan_files: Option<i64>,
    created_at: i64,
    file_count: i64,
    bytes: i64,
    unknown_below: i64,
    within: Option<String>,
}

#[derive(NifStruct)]
#[rustler(encode)]
#[module = "Aether.Index.Child"]
struct ChildStruct<'a> {
    name: Term<'a>,
    kind: Atom,
    file_count: i64,
    bytes: Option<i64>,
    mtime: Option<i64>,
    status: Option<Term<'a>>,
    unknown_below: Option<i64>,
    imported: bool,
}

#[derive(NifStruct)]
#[rustler(encode)]
#[module = "Aether.Index.Totals"]
struct TotalsStruct<'a> {
    file_count: i64,
    bytes: Option<i64>,
    own_files: i64,
    own_bytes: i64,
    unknown_below: i64,
    status: Term<'a>,
}

#[derive(NifMap)]
#[rustler(encode)]
struct SizedMap<'a> {
    path: Bytes<'a>,
    bytes: i64,
    file_count: i64,
}

#[derive(NifMap)]
#[rustler(encode)]
struct GenerationMap {
    generation: i64,
    status: Atom,
    ended_at: Option<i64>,
}

#[derive(NifMap)]
#[rustler(encode)]
struct RulesMap<'a> {
    hidden: bool,
    ignore: Term<'a>,
    exclude: Vec<Term<'a>>,
    same_file_system: bool,
}

#[derive(NifStruct)]
#[rustler(encode)]
#[module = "Aether.Index.Hit"]
struct HitStruct<'a> {
    source: &'a str,
    path: Bytes<'a>,
    kind: Atom,
    bytes: Option<i64>,
    mtime: Option<i64>,
    file_count: Option<i64>,
    score: i32,
}

/// A map with these fields, which must be distinct.
fn map<'a>(env: Env<'a>, fields: &[(Atom, Term<'a>)]) -> Term<'a> {
    Term::map_from_pairs(env, fields).unwrap_or_else(|_| Term::map_new(env))
}

fn strukt<'a, const N: usize>(env: Env<'a>, name: Atom, fields: [(Atom, Term<'a>); N]) -> Term<'a> {
    let mut all = vec![(__struct__(), name.encode(env))];
    all.extend(fields);
    map(env, &all)
}

/// `%Aether.Index.Answer{}`, its value written by `write`.
pub fn answer<'a, T>(
    env: Env<'a>,
    answer: Answer<T>,
    write: impl FnOnce(Env<'a>, T) -> Term<'a>,
) -> Term<'a> {
    let age = answer
        .age
        .map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
    let newer = answer.newer.map(|newer| {
        let fields = [
            (words::source(), Bytes(newer.source.as_bytes()).encode(env)),
            (words::folder(), Bytes(&newer.folder).encode(env)),
            (words::scanned_at(), newer.scanned_at.encode(env)),
        ];
        map(env, &fields)
    });
    strukt(
        env,
        words::answer(),
        [
            (words::scanned_at(), answer.scanned_at.encode(env)),
            (words::age(), age.encode(env)),
            (words::stale(), answer.stale.encode(env)),
            (words::scanning(), answer.scanning.encode(env)),
            (words::exhaustive(), answer.exhaustive.encode(env)),
            (words::unreadable(), unreadable(env, &answer.unreadable)),
            (words::imported(), answer.imported.encode(env)),
            (words::rolled_back(), answer.rolled_back.encode(env)),
            (words::newer(), newer.encode(env)),
            (words::value(), write(env, answer.value)),
        ],
    )
}

fn unreadable<'a>(env: Env<'a>, unreadable: &Unreadable) -> Term<'a> {
    let first: Vec<_> = unreadable.first.iter().map(|path| Bytes(path)).collect();
    map(
        env,
        &[
            (words::count(), unreadable.count.encode(env)),
            (words::at_least(), unreadable.at_least.encode(env)),
            (words::first(), first.encode(env)),
        ],
    )
}

/// `%Aether.Index.Source{}`.
pub fn source(env: Env<'_>, source: Source) -> Term<'_> {
    let rules = std::str::from_utf8(&source.rules)
        .ok()
        .and_then(Rules::parse);
    SourceStruct {
        uuid: source.uuid.encode(env),
        root: Bytes(&source.root).encode(env),
        rules: rules.map(|found| self::rules(env, &found)).encode(env),
        generation: source.generation,
        status: source.last_scan_status.map(scan),
        last_scan_at: source.last_scan_at,
        last_complete_at: source.last_complete_at,
        last_scan_files: source.last_scan_files,
        created_at: source.created_at,
        file_count: source.file_count,
        bytes: source.bytes,
        unknown_below: source.unknown_below,
        within: source.within,
    }
    .encode(env)
}

/// The rules of a source, as a map of the options that they come from.
pub fn rules<'a>(env: Env<'a>, rules: &Rules) -> Term<'a> {
    let bytes = |bytes: &Vec<u8>| Bytes(bytes).encode(env);
    RulesMap {
        hidden: rules.hidden,
        ignore: ignore(env, &rules.ignore),
        exclude: rules.exclude.iter().map(bytes).collect(),
        same_file_system: rules.same_file_system,
    }
    .encode(env)
}

/// As `Aether.Options.rules/1` returns it.
fn ignore<'a>(env: Env<'a>, ignore: &Ignore) -> Term<'a> {
    let words = [
        (ignore.git, atoms::git()),
        (ignore.git_user.is_some(), atoms::git_user()),
    ];
    let words = words.into_iter().filter(|(given, _)| *given);
    let mut items: Vec<Term<'a>> = words.map(|(_, word)| word.encode(env)).collect();
    let patterns = ignore.patterns.iter();
    items.extend(patterns.map(|pattern| Bytes(pattern).encode(env)));
    match items.as_slice() {
        [] => false_().encode(env),
        [only] if ignore.git => *only,
        _ => items.encode(env),
    }
}

/// `%Aether.Index.Child{}`.
pub fn child<'a>(env: Env<'a>, child: &Child) -> Term<'a> {
    ChildStruct {
        name: Bytes(&child.name).encode(env),
        kind: kind(child.kind),
        file_count: child.file_count,
        bytes: child.bytes,
        mtime: child.mtime,
        status: child.status.map(|status| listed(env, status)),
        unknown_below: child.unknown_below,
        imported: child.imported,
    }
    .encode(env)
}

/// `%Aether.Index.Children{}`.
pub fn children(env: Env<'_>, children: Children) -> Term<'_> {
    let next = children.next.map(|cursor| cursor.encode());
    let entries: Vec<_> = children
        .children
        .iter()
        .map(|one| child(env, one))
        .collect();
    strukt(
        env,
        words::children(),
        [
            (words::entries(), entries.encode(env)),
            (words::next(), next.as_deref().map(Bytes).encode(env)),
            (words::moved(), children.moved.encode(env)),
        ],
    )
}

/// `%Aether.Index.Totals{}`.
pub fn totals(env: Env<'_>, totals: Totals) -> Term<'_> {
    TotalsStruct {
        file_count: totals.file_count,
        bytes: totals.bytes,
        own_files: totals.own_files,
        own_bytes: totals.own_bytes,
        unknown_below: totals.unknown_below,
        status: listed(env, totals.status),
    }
    .encode(env)
}

/// `%Aether.Index.Largest{}`.
pub fn largest(env: Env<'_>, largest: Largest) -> Term<'_> {
    let items = |items: &[Sized]| {
        let item = |item: &Sized| {
            let (path, bytes, file_count) = (Bytes(&item.path), item.bytes, item.file_count);
            SizedMap {
                path,
                bytes,
                file_count,
            }
            .encode(env)
        };
        items.iter().map(item).collect::<Vec<_>>().encode(env)
    };
    strukt(
        env,
        words::largest(),
        [
            (words::folders(), items(&largest.folders)),
            (words::files(), items(&largest.files)),
            (words::complete(), largest.complete.encode(env)),
        ],
    )
}

/// `%Aether.Index.Changes{}`.
pub fn changes(env: Env<'_>, changes: Changes) -> Term<'_> {
    let folder = |one: &Change| match &one.files {
        None => change(env, one),
        Some(files) => changed_files(env, change(env, one), files),
    };
    let folders: Vec<_> = changes.folders.iter().map(folder).collect();
    let generation = |one: &Generation| GenerationMap {
        generation: one.generation,
        status: scan(one.status),
        ended_at: one.ended_at,
    };
    let generations: Vec<_> = changes.generations.iter().map(generation).collect();
    let next = changes.next.as_ref().map(ChangesCursor::encode);
    let next = next.as_deref().map(Bytes);
    strukt(
        env,
        words::changes(),
        [
            (words::folders(), folders.encode(env)),
            (words::generations(), generations.encode(env)),
            (words::more(), changes.next.is_some().encode(env)),
            (words::next(), next.encode(env)),
            (words::pruned(), changes.pruned.encode(env)),
            (words::first_load(), changes.first_load.encode(env)),
        ],
    )
}

fn change<'a>(env: Env<'a>, change: &Change) -> Term<'a> {
    map(
        env,
        &[
            (words::path(), Bytes(&change.path).encode(env)),
            (words::gone(), change.gone.encode(env)),
            (words::file_count(), change.file_count.encode(env)),
            (words::bytes(), change.bytes.encode(env)),
            (words::added(), change.added.encode(env)),
            (words::removed(), change.removed.encode(env)),
            (words::changed(), change.changed.encode(env)),
            (words::generation(), change.generation.encode(env)),
        ],
    )
}

/// `:entries` and `:entries_complete` of a change.
fn changed_files<'a>(env: Env<'a>, change: Term<'a>, files: &ChangedFiles) -> Term<'a> {
    let entry = |file: &ChangedFile| {
        let what = match (file.was, file.kind) {
            (_, None) => words::removed(),
            (false, Some(_)) => words::added(),
            (true, Some(_)) => words::changed(),
        };
        map(
            env,
            &[
                (words::name(), Bytes(&file.name).encode(env)),
                (words::change(), what.encode(env)),
                (words::entry_kind(), file.kind.map(kind).encode(env)),
                (words::bytes(), file.bytes.encode(env)),
            ],
        )
    };
    let entries: Vec<_> = files.files.iter().map(entry).collect();
    let put = |map: Term<'a>, key: Atom, value: Term<'a>| map.map_put(key, value).unwrap_or(map);
    let change = put(change, words::entries(), entries.encode(env));
    put(
        change,
        words::entries_complete(),
        files.complete.encode(env),
    )
}

/// `%Aether.Index.SearchResult{}`.
pub fn search_result(env: Env<'_>, result: SearchResult) -> Term<'_> {
    let SearchResult {
        answer: found,
        has_loaded,
    } = result;
    let since = found
        .loaded_at
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let loaded_at = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    let hits: Vec<_> = found.hits.iter().map(|one| hit(env, one)).collect();
    let next = found.next.map(|cursor| cursor.to_bytes());
    let position = found.position.map(|at| (at.line, at.column));
    strukt(
        env,
        words::search_result(),
        [
            (words::hits(), hits.encode(env)),
            (words::matched(), found.matched.encode(env)),
            (words::next(), next.as_deref().map(Bytes).encode(env)),
            (words::more(), found.more.encode(env)),
            (words::position(), position.encode(env)),
            (words::loaded_at(), loaded_at.encode(env)),
            (words::loaded(), has_loaded.encode(env)),
            (words::outdated(), found.outdated.encode(env)),
            (words::truncated(), found.truncated.encode(env)),
        ],
    )
}

fn hit<'a>(env: Env<'a>, hit: &Hit) -> Term<'a> {
    let mut path = hit.path.clone();
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(&hit.name);
    HitStruct {
        source: &hit.uuid,
        path: Bytes(&path),
        kind: kind(hit.kind),
        bytes: hit.size,
        mtime: hit.mtime,
        file_count: hit.file_count,
        score: hit.score,
    }
    .encode(env)
}

/// The atom for a kind, as in `Aether.Entry`.
pub fn kind(number: u8) -> Atom {
    match number {
        1 => kind::file(),
        2 => kind::directory(),
        3 => kind::symlink(),
        4 => kind::other(),
        _ => kind::unknown(),
    }
}

/// What an entry must be, as given to `Aether.Index.put_note/6`.
pub fn expected(facts: &[(Atom, Term<'_>)]) -> NifResult<Expected> {
    let mut expected = Expected::default();
    for (name, value) in facts {
        if *name == words::entry_kind() {
            let word: Atom = value.decode()?;
            expected.kind = (0..=4).find(|number| kind(*number) == word).map(i64::from);
        } else if *name == words::bytes() {
            expected.bytes = Some(value.decode()?);
        } else if *name == words::mtime() {
            expected.mtime = Some(value.decode()?);
        }
    }
    Ok(expected)
}

/// The atom for a listing's status, as in `Aether.Slab`.
fn listed(env: Env<'_>, number: i64) -> Term<'_> {
    match number {
        1 => status::complete().encode(env),
        2 => status::other_file_system().encode(env),
        3 => status::own_ancestor().encode(env),
        4 => status::vanished().encode(env),
        5 => status::changing().encode(env),
        listing::UNMOUNTED => status::unmounted().encode(env),
        257.. => {
            let number = i32::try_from(number - 256).unwrap_or_default();
            match Reason::Errno(number).name() {
                "unknown_errno" => (error(), number).encode(env),
                name => (error(), terms::atom(env, name)).encode(env),
            }
        }
        _ => status::unread().encode(env),
    }
}

/// The atom for a scan's status.
fn scan(number: i64) -> Atom {
    match number {
        scan_status::RUNNING => status::running(),
        scan_status::COMPLETE => status::complete(),
        scan_status::PARTIAL => status::partial(),
        scan_status::CANCELLED => status::cancelled(),
        scan_status::CRASHED => status::crashed(),
        _ => status::failed(),
    }
}
