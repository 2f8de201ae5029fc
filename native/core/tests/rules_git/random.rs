//! Random trees, names and patterns.

use super::*;

pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

#[rustfmt::skip]
pub const NAMES: &[&[u8]] = &[
    b"a", b"b", b"c", b"ab", b"abc", b"foo", b"bar", b"foobar", b"foo.o", b"a.o", b".o", b"a.b.o",
    b"a.", b"..a", b"...", b".a", b"A", b"-", b"--", b"]", b"[", b"[a]", b"[a", b"^", b"!", b"!a",
    b"#", b"#a", b"*", b"**", b"?", b"\\", b"a\\", b"\\a", b"a\\b", b"{a,b}", b"a,b", b"{", b"}",
    b"a ", b" a", b" ", b"a  ", b"a\t", b"\ta", b"a\r", b"\r", b"a\nb", b"\n", b"a\n", b"\x01",
    b"\x0b", b"\x0c", b"\x7f", b"5", b"a5", b"~", b":a", b":(top)a", b"\"a\"", b"'", b"$", b"(a)",
    b"a|b", b"a+", b"\xff", b"\xfe", b"a\xff", b"\xffa", b"\xe9", b"caf\xe9", b"caf\xc3\xa9",
    b"\xc3\xa9", b"\xc3", b"\xa9", b"\xef\xbb\xbf", b"\xef\xbb\xbfa", b"\xc2\xa0",
    b"a\xe2\x80\x83", b"a\xc2\x85", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xc0\xaf",
];

#[rustfmt::skip]
pub const PIECES: &[&[u8]] = &[
    b"*", b"*", b"*", b"?", b"**", b"***", b"/", b"/", b"/", b"**/", b"/**/", b"/**", b"\\",
    b"\\*", b"\\?", b"\\[", b"\\/", b"\\ ", b"\\a", b"\\\\", b"\\!", b"\\#", b" ", b"  ", b"\t",
    b"\r", b"!", b"#", b"[ab]", b"[!a]", b"[^a]", b"[a-c]", b"[c-a]", b"[]]", b"[!]]", b"[]a-]",
    b"[a-]", b"[-a]", b"[!-a]", b"[^!]", b"[!^]", b"[!!]", b"[[]", b"[\\]]", b"[\\a-c]",
    b"[a-\\c]", b"[a\\-c]", b"[!/]", b"[/]", b"[a/]", b"[[:alpha:]]", b"[[:digit:]x]",
    b"[![:alnum:]]", b"[[:space:]]", b"[[:punct:]]", b"[[:cntrl:]]", b"[[:graph:]]",
    b"[[:print:]]", b"[[:upper:]]", b"[[:lower:]]", b"[[:xdigit:]]", b"[[:blank:]]",
    b"[[:nope:]]", b"[[:alpha:]-z]", b"[[:alpha]", b"[[:]", b"[:alpha:]", b"[[a]", b"[", b"]",
    b"[a", b"[!", b"[]", b"[^]", b"[^-]", b"[*]", b"[?]", b"[,]", b"[{}]", b"{", b"}", b",",
    b"{a,b}", b"{a,foo}", b".", b"..", b"\xff", b"\xe9", b"\xc3", b"\xa9", b"\xc3\xa9", b"[\xff]",
    b"[\xc3\xa9]", b"[!\xc3]", b"[\x80-\xff]", b"[a-\xff]", b"[ -~]", b"[+--]", b"\xc2\xa0",
    b"\0", b"\x0b", b"\xe2\x80\x83", b"~", b"-",
];

pub fn pattern(random: &mut Random) -> Vec<u8> {
    let mut line = Vec::new();
    if random.one_in(4) {
        line.push(b'!');
    }
    if random.one_in(5) {
        line.push(b'/');
    }
    for _ in 0..1 + random.below(4) {
        if random.one_in(2) {
            line.extend_from_slice(random.pick(PIECES));
        } else {
            line.extend_from_slice(random.pick(NAMES));
        }
        if random.one_in(6) {
            line.push(b'/');
        }
    }
    if random.one_in(5) {
        line.push(b'/');
    }
    if random.one_in(8) {
        line.push(b' ');
    }
    line
}

pub fn rules(random: &mut Random) -> Vec<u8> {
    let mut content = Vec::new();
    if random.one_in(8) {
        content.extend_from_slice(b"\xef\xbb\xbf");
    }
    for _ in 0..1 + random.below(6) {
        content.extend(pattern(random));
        content.extend_from_slice(if random.one_in(6) { b"\r\n" } else { b"\n" });
    }
    if random.one_in(4) {
        content.extend(pattern(random));
    }
    content
}

pub fn fill(random: &mut Random, dir: &Path, depth: usize, rules_of: &mut Vec<(PathBuf, Vec<u8>)>) {
    if depth == 0 || random.one_in(3) {
        let content = rules(random);
        fs::write(dir.join(".gitignore"), &content).unwrap();
        rules_of.push((dir.to_path_buf(), content));
    }
    for _ in 0..3 + random.below(9) {
        let path = dir.join(OsStr::from_bytes(random.pick(NAMES)));
        if fs::symlink_metadata(&path).is_ok() {
            continue;
        }
        match random.below(8) {
            0..=2 if depth < 3 => {
                fs::create_dir(&path).unwrap();
                if random.one_in(10) {
                    fs::create_dir_all(path.join(".git/x")).unwrap();
                }
                fill(random, &path, depth + 1, rules_of);
            }
            3 => std::os::unix::fs::symlink(".", &path).unwrap(),
            _ => fs::write(&path, b"").unwrap(),
        }
    }
}
