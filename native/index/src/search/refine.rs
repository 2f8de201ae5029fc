//! Ranks the best fuzzy matches again by nucleo-matcher, which finds the best way to spread the letters over a name
//! and likes beginnings of words. It works on characters: names that are not UTF-8 are shown to it with marks in
//! place of stray bytes, and what it cannot follow keeps its place behind the rest.

use nucleo_matcher::{Config, Matcher, Utf32Str, chars};

use super::names::Names;
use super::rank::{Here, Ranked, short};

/// How much a match by the name alone is preferred to one by the path.
const BY_NAME: i32 = 8;

/// Gives the matches their final scores.
pub(super) fn refine(names: &Names, needle: &[u8], exact: bool, here: &Here, found: &mut [Ranked]) {
    let mut config = Config::DEFAULT.match_paths();
    config.ignore_case = !exact;
    config.normalize = false;
    let mut matcher = Matcher::new(config);
    let mut wanted = Vec::new();
    decode(needle, &mut wanted);
    if !exact {
        wanted
            .iter_mut()
            .for_each(|c| *c = chars::to_lower_case(*c));
    }
    let wanted: String = wanted.into_iter().collect();
    let mut buffer = Vec::new();
    let wanted = Utf32Str::new(&wanted, &mut buffer);
    let (mut room, mut decoded) = (Vec::new(), Vec::new());
    for ranked in found {
        let name = names.name(ranked.entry, &mut room);
        let mut fit = score(&mut matcher, name, wanted, &mut decoded).map(|fit| fit + BY_NAME);
        let length = short(name);
        if fit.is_none() {
            room.clear();
            names.path_of(ranked.folder, ranked.entry, &mut room);
            fit = score(&mut matcher, &room, wanted, &mut decoded);
        }
        let worth = here.worth(names, ranked.folder, ranked.stamp);
        ranked.score = fit.unwrap_or(0) + length + worth;
    }
}

fn score(
    matcher: &mut Matcher,
    name: &[u8],
    wanted: Utf32Str<'_>,
    decoded: &mut Vec<char>,
) -> Option<i32> {
    let name = if name.is_ascii() {
        Utf32Str::Ascii(name)
    } else {
        decode(name, decoded);
        Utf32Str::Unicode(decoded)
    };
    matcher.fuzzy_match(name, wanted).map(i32::from)
}

fn decode(name: &[u8], decoded: &mut Vec<char>) {
    decoded.clear();
    for chunk in name.utf8_chunks() {
        decoded.extend(chunk.valid().chars());
        decoded.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
}
