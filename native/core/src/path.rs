//! Paths as bytes, relative to a root: names joined by slashes, no slash at either end. The root's
//! own path is empty.

/// Bytes compared at a time.
const BLOCK: usize = 64;

/// Splits a path into its parent and its name.
pub fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(at) => {
            let (parent, name) = path.split_at(at);
            (parent, name.get(1..).unwrap_or_default())
        }
        None => (&[], path),
    }
}

/// The path of a name in a directory.
pub fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(directory.len() + 1 + name.len());
    path.extend_from_slice(directory);
    push(&mut path, name);
    path
}

/// Appends a name to the path of its directory.
pub fn push(path: &mut Vec<u8>, name: &[u8]) {
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
}

/// What all paths beneath a path begin with: the path and a slash, or nothing for the root.
pub fn prefix(path: &[u8]) -> Vec<u8> {
    match path {
        [] => Vec::new(),
        path => [path, b"/"].concat(),
    }
}

/// Bounds of the paths beneath a path, in byte order. Neither bound is one of them.
pub fn bounds_beneath(path: &[u8]) -> (Vec<u8>, Vec<u8>) {
    match path {
        // A name has at most 255 bytes.
        [] => (Vec::new(), vec![0xff; 256]),
        // `0` follows the slash.
        path => ([path, b"/"].concat(), [path, b"0"].concat()),
    }
}

/// Whether a path is, or lies beneath, another.
pub fn is_within(path: &[u8], above: &[u8]) -> bool {
    match path.strip_prefix(above) {
        Some(rest) => above.is_empty() || rest.is_empty() || rest.starts_with(b"/"),
        None => false,
    }
}

/// The names that lead from the root to a path.
pub fn names(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let names = path.split(|byte| *byte == b'/');
    names.filter(|name| !name.is_empty())
}

/// Number of names in a path: 0 for the root.
pub fn levels(path: &[u8]) -> usize {
    let slashes = path.iter().filter(|byte| **byte == b'/').count();
    slashes + usize::from(!path.is_empty())
}

/// Whether a path consists of names that lead down: none is empty, `.` or `..`.
pub fn is_plain(path: &[u8]) -> bool {
    let is_name = |name: &[u8]| !matches!(name, b"" | b"." | b"..");
    path.is_empty() || path.split(|byte| *byte == b'/').all(is_name)
}

/// Length of the common prefix of two byte strings.
pub fn common_len(a: &[u8], b: &[u8]) -> usize {
    let blocks = a
        .as_chunks::<BLOCK>()
        .0
        .iter()
        .zip(b.as_chunks::<BLOCK>().0);
    let from = BLOCK * blocks.take_while(|(a, b)| is_same(a, b)).count();
    let rest = |bytes: &[u8]| bytes.len().min(from);
    let (a, b) = (a.split_at(rest(a)).1, b.split_at(rest(b)).1);
    from + a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Like `==`, but without a call into the C library for each block.
fn is_same(a: &[u8; BLOCK], b: &[u8; BLOCK]) -> bool {
    let words = a.as_chunks().0.iter().zip(b.as_chunks().0);
    let differs = words.map(|(a, b)| u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b));
    differs.fold(0, |all, bits| all | bits) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_comes_apart_and_together_again() {
        for (path, parent, name, levels) in [
            (&b""[..], &b""[..], &b""[..], 0),
            (b"a", b"", b"a", 1),
            (b"a/b", b"a", b"b", 2),
            (b"\xff/b/c", b"\xff/b", b"c", 3),
        ] {
            assert_eq!(split(path), (parent, name));
            assert_eq!(join(parent, name), path);
            assert_eq!(super::levels(path), levels);
            assert_eq!(names(path).count(), levels);
            assert_eq!(
                prefix(path),
                [path, &b"/"[..usize::from(levels > 0)]].concat()
            );
            assert!(is_within(path, parent) && is_within(path, b"") && is_within(path, path));
        }
        assert!(!is_within(b"ab", b"a") && !is_within(b"a", b"ab"));
    }

    #[test]
    fn only_names_that_lead_down_make_a_plain_path() {
        for (path, expected) in [
            ("", true),
            ("a", true),
            ("a/b.c", true),
            ("/a", false),
            ("a/", false),
            ("a//b", false),
            ("a/./b", false),
            ("a/../b", false),
        ] {
            assert_eq!(is_plain(path.as_bytes()), expected, "{path}");
        }
    }

    fn any_path() -> impl Strategy<Value = Vec<u8>> {
        // Names with bytes on either side of the slash, which is 0x2f.
        let name = prop_oneof![
            Just(b"a".to_vec()),
            Just(b"a.".to_vec()),
            Just(b"a0".to_vec()),
            Just(vec![0xff; 9])
        ];
        prop::collection::vec(name, 0..4).prop_map(|names| names.join(&b'/'))
    }

    proptest! {
        #[test]
        fn the_bounds_hold_what_lies_beneath_and_nothing_else(path in any_path(), other in any_path()) {
            let (from, to) = bounds_beneath(&path);
            let is_beneath = other != path && is_within(&other, &path);
            prop_assert_eq!(from < other && other < to, is_beneath);
        }

        #[test]
        fn common_len_ends_at_the_first_difference(both in prop::collection::vec(0..2u8, 0..200), a in any::<Vec<u8>>(), b in any::<Vec<u8>>()) {
            let (a, b) = ([&both[..], &a].concat(), [&both[..], &b].concat());
            let expected = (0..).find(|at| a.get(*at).is_none() || a.get(*at) != b.get(*at));
            prop_assert_eq!(Some(common_len(&a, &b)), expected);
        }
    }
}
