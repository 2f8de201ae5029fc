//! Terms of an index: the structs of `Aether.Index`.

use std::time::{Duration, UNIX_EPOCH};

use aether_core::{Ignore, errno_name};
use aether_index::reader::{
    Breakdown, Change, ChangedFile, Changes, ChangesCursor, Child, Children, Cursor, Generation,
    GroupKey, GroupTotals, Largest, Links, Note, Place, Sized, Source, Totals,
};
use aether_index::search::Hit;
use aether_index::search::service::SearchResult;
use aether_index::{
    Answer, IndexInfo, Newer, Owner, Rules, StoredRules, Unreadable, listing, scan_status,
};
use rustler::types::atom::{error, false_};
use rustler::{Atom, Encoder, Term};

use crate::atoms;
use crate::terms::Failure;
use crate::to_term::{Word, plain, to_term};

to_term! {
    IndexInfo: |it| {
        [wal_bytes, wal_blocked_since, search_bytes, subscriptions] of it;
        stalled: it.stalled.clone().map(Failure::from),
    }

    Answer<T> where T: "Elixir.Aether.Index.Answer" |it| {
        [value, scanned_at, stale, scanning, exhaustive, unreadable, imported, rolled_back, newer]
            of it;
        age: it.age.map(millis),
    }
    Place: |it| { [source, path] of it; }
    Newer: |it| { [source, folder, scanned_at] of it; }
    Unreadable: |it| { [count, at_least, first] of it; }

    Source: "Elixir.Aether.Index.Source" |it| {
        [uuid, root, generation, last_scan_at, last_complete_at, last_scan_files, created_at] of it;
        [file_count, bytes, unknown_below, within] of it;
        rules: Rules::from_stored(&it.rules),
        status: it.last_scan_status.map(scan),
        attributes: attributes(it.has_owners),
    }
    StoredRules: |it| { [rules, uuid] of it; }
    Rules: |it| { [hidden, ignore, exclude, same_file_system] of it; }

    Child: "Elixir.Aether.Index.Child" |it| {
        [name, file_count, bytes, mtime, unknown_below, imported] of it;
        [disk, disk_unshared, disk_exact, nlink, owner] of it;
        kind: kind(it.kind),
        status: it.status.map(Listed),
    }
    Owner: |it| { [mode, uid, gid] of it; }
    Children: "Elixir.Aether.Index.Children" |it| {
        [moved] of it;
        entries: it.children,
        next: it.next.as_ref().map(Cursor::encode),
    }
    Totals: "Elixir.Aether.Index.Totals" |it| {
        [file_count, bytes, own_files, own_bytes, unknown_below] of it;
        [disk, disk_unshared, disk_exact, disk_pending] of it;
        status: Listed(it.status),
    }
    Largest: "Elixir.Aether.Index.Largest" |it| { [folders, files, complete] of it; }
    Sized: |it| { [path, bytes, disk, disk_exact, file_count] of it; }
    Breakdown: "Elixir.Aether.Index.Breakdown" |it| {
        [others, disk_exact] of it;
        groups: it.groups.iter().map(|(key, totals)| Group { key, totals }).collect::<Vec<_>>(),
    }
    GroupTotals: |it| { [files, bytes, disk, newest] of it; }
    Group<'_>: |it| {
        [files, bytes, disk, newest] of it.totals;
        [key] of it;
    }
    Links: "Elixir.Aether.Index.Links" |it| { [paths, more, nlink, elsewhere] of it; }

    Changes: "Elixir.Aether.Index.Changes" |it| {
        [folders, generations, pruned, first_load] of it;
        more: it.next.is_some(),
        next: it.next.as_ref().map(ChangesCursor::encode),
    }
    Generation: |it| { [generation, ended_at] of it; status: scan(it.status) }
    Totaled<'_>: |it| {
        [path, gone, file_count, bytes, added, removed, changed, generation] of it.0;
    }
    ChangedFile: |it| { [name, bytes] of it; change: Word(it.change()), kind: it.kind.map(kind) }

    SearchResult: "Elixir.Aether.Index.SearchResult" |it| {
        [hits, matched, more, outdated, truncated] of it.answer;
        next: it.answer.next.map(|cursor| cursor.to_bytes()),
        position: it.answer.position.map(|at| (at.line, at.column)),
        loaded_at: it.answer.loaded_at.duration_since(UNIX_EPOCH).map_or(0, millis),
        loaded: it.has_loaded,
    }
    Hit: "Elixir.Aether.Index.Hit" |it| {
        [mtime, file_count, score] of it;
        source: it.uuid,
        path: it.full_path(),
        kind: kind(it.kind),
        bytes: it.size,
    }
}

plain!(Note: |it, env| (it.key.to_term(env), it.value.to_term(env)).encode(env));

/// A group with what it is of.
struct Group<'a> {
    key: &'a GroupKey,
    totals: &'a GroupTotals,
}

plain!(GroupKey: |it, env| match it {
    GroupKey::Extension(extension) => extension.to_term(env),
    GroupKey::User(uid) => uid.encode(env),
    key => key.name().map(Word).to_term(env),
});

/// A change without its files.
struct Totaled<'a>(&'a Change);

plain!(Change: |it, env| {
    let map = Totaled(it).to_term(env);
    let Some(files) = &it.files else {
        return map;
    };
    let put = |map: Term<'a>, key: Atom, value: Term<'a>| map.map_put(key, value);
    put(map, atoms::entries(), files.files.to_term(env))
        .and_then(|map| put(map, atoms::entries_complete(), files.complete.to_term(env)))
        .unwrap_or(map)
});

/// What is kept beside the rest, as in `Aether.Options`.
fn attributes(owners: bool) -> Vec<Word> {
    owners.then_some(Word("owner")).into_iter().collect()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

// As `Aether.Options.rules/1` returns it.
plain!(Ignore: |it, env| {
    let words = [
        (it.git, atoms::git()),
        (it.git_user.is_some(), atoms::git_user()),
    ];
    let words = words.into_iter().filter(|(given, _)| *given);
    let mut items: Vec<_> = words.map(|(_, word)| word.encode(env)).collect();
    items.extend(it.patterns.iter().map(|pattern| pattern.to_term(env)));
    match items.as_slice() {
        [] => false_().encode(env),
        [only] if it.git => *only,
        _ => items.encode(env),
    }
});

mod kinds {
    rustler::atoms! { unknown, file, directory, symlink, other }
}

/// The atom for a kind, as in `Aether.Entry`.
pub fn kind(number: u8) -> Atom {
    match number {
        1 => kinds::file(),
        2 => kinds::directory(),
        3 => kinds::symlink(),
        4 => kinds::other(),
        _ => kinds::unknown(),
    }
}

/// A listing's status, as in `Aether.Slab`.
struct Listed(i64);

mod listed {
    rustler::atoms! { unread, complete }
}

plain!(Listed: |it, env| {
    let Some(number) = listing::errno(it.0) else {
        return match listing::name(it.0) {
            // The two that most folders have need no look at the table of atoms.
            "unread" => listed::unread().encode(env),
            "complete" => listed::complete().encode(env),
            name => Word(name).to_term(env),
        };
    };
    match errno_name(number) {
        Some(name) => (error(), Word(name).to_term(env)).encode(env),
        None => (error(), number).encode(env),
    }
});

/// A scan's status.
fn scan(number: i64) -> Word {
    Word(scan_status::name(number))
}
