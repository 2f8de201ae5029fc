//! What a query is to find, in the plainest words: windows, and letters tried at every place. Names
//! here have no other letters that case or marks make a difference to than ASCII's and `é`.

/// A letter in its plain form, and whether it has its mark.
type Letter = (u32, bool);

pub fn substring(query: &[u8], prefix: &[u8], name: &[u8]) -> bool {
    let wanted = letters(query);
    if !query.contains(&b'/') {
        return has(&letters(name), &wanted);
    }
    let (prefix, name) = (letters(prefix), letters(name));
    let least = 1 + prefix.len();
    let path = [letters(b"/"), prefix, name].concat();
    (0..path.len()).any(|at| starts(&path[at..], &wanted) && at + wanted.len() >= least)
}

pub fn fuzzy(query: &[u8], prefix: &[u8], name: &[u8]) -> bool {
    fuzzy_name(query, name) || fuzzy_path(query, prefix, name)
}

/// By the name alone.
pub fn fuzzy_name(query: &[u8], name: &[u8]) -> bool {
    let text = squeezed(query);
    !text.contains(&b'/') && in_order(&letters(&text), &letters(name))
}

fn fuzzy_path(query: &[u8], prefix: &[u8], name: &[u8]) -> bool {
    let text = squeezed(query);
    let letters_of_text = letters(&text);
    let Some((last, rest)) = letters_of_text.split_last() else {
        return true;
    };
    let start: &[u8] = if text.starts_with(b"/") { b"/" } else { b"" };
    let (prefix, name) = (letters(prefix), letters(name));
    (0..name.len()).any(|at| {
        takes(*last, name[at])
            && in_order(
                rest,
                &[letters(start), prefix.clone(), name[..at].to_vec()].concat(),
            )
    })
}

fn squeezed(query: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = query.iter().copied().filter(|&byte| byte != b' ').collect();
    while text.last() == Some(&b'/') {
        text.pop();
    }
    text
}

fn letters(text: &[u8]) -> Vec<Letter> {
    let mut letters = Vec::new();
    for chunk in text.utf8_chunks() {
        letters.extend(chunk.valid().chars().map(|c| match c {
            'é' | 'É' => (u32::from('e'), true),
            c => (u32::from(c.to_ascii_lowercase()), false),
        }));
        letters.extend(
            chunk
                .invalid()
                .iter()
                .map(|&b| (0x11_0000 + u32::from(b), false)),
        );
    }
    letters
}

fn takes(wanted: Letter, own: Letter) -> bool {
    wanted.0 == own.0 && wanted.1 <= own.1
}

fn starts(text: &[Letter], wanted: &[Letter]) -> bool {
    text.len() >= wanted.len() && wanted.iter().zip(text).all(|(&w, &own)| takes(w, own))
}

fn has(text: &[Letter], wanted: &[Letter]) -> bool {
    (0..=text.len()).any(|at| starts(&text[at..], wanted))
}

/// Whether the letters are there one after the other, by trying all ways.
fn in_order(wanted: &[Letter], text: &[Letter]) -> bool {
    let Some((first, rest)) = wanted.split_first() else {
        return true;
    };
    (0..text.len()).any(|at| takes(*first, text[at]) && in_order(rest, &text[at + 1..]))
}
