//! What a query is to find, in the plainest words: windows, and letters tried at every place.

pub fn substring(query: &[u8], prefix: &[u8], name: &[u8]) -> bool {
    let (prefix, name) = (folded(prefix, query), folded(name, query));
    if !query.contains(&b'/') {
        return contains(&name, query);
    }
    let path = [b"/", &prefix[..], &name].concat();
    let least = 1 + prefix.len();
    (0..path.len()).any(|at| path[at..].starts_with(query) && at + query.len() >= least)
}

pub fn fuzzy(query: &[u8], prefix: &[u8], name: &[u8]) -> bool {
    let mut text: Vec<u8> = query.iter().copied().filter(|&byte| byte != b' ').collect();
    while text.last() == Some(&b'/') {
        text.pop();
    }
    let letters = letters(&text);
    let Some((last, rest)) = letters.split_last() else {
        return true;
    };
    let (prefix, name) = (folded(prefix, query), folded(name, query));
    let start: &[u8] = if text.starts_with(b"/") { b"/" } else { b"" };
    (0..name.len()).any(|at| {
        name[at..].starts_with(last) && in_order(rest, &[start, &prefix, &name[..at]].concat())
    })
}

fn folded(text: &[u8], like: &[u8]) -> Vec<u8> {
    match like.iter().any(u8::is_ascii_uppercase) {
        true => text.to_vec(),
        false => text.to_ascii_lowercase(),
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}

/// Whether the letters are there one after the other, by trying all ways.
fn in_order(letters: &[Vec<u8>], text: &[u8]) -> bool {
    let Some((first, rest)) = letters.split_first() else {
        return true;
    };
    (0..text.len())
        .any(|at| text[at..].starts_with(first) && in_order(rest, &text[at + first.len()..]))
}

fn letters(text: &[u8]) -> Vec<Vec<u8>> {
    let mut letters = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = (1..=4).find(|&n| {
            rest.get(..n)
                .is_some_and(|c| std::str::from_utf8(c).is_ok())
        });
        let (letter, after) = rest.split_at(length.unwrap_or(1));
        letters.push(letter.to_vec());
        rest = after;
    }
    letters
}
