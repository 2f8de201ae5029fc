//! Paths as a shell reads them.

/// A path as one word of bash, ksh, zsh and others that know `$'…'`; where nothing in it needs that, of any shell.
pub fn quoted(path: &[u8]) -> Vec<u8> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+,@%:=".contains(byte);
    if !path.is_empty() && path.iter().all(is_plain) {
        return path.to_vec();
    }
    let text = str::from_utf8(path).ok();
    if let Some(text) = text.filter(|text| aether_core::printable::escape(path) == **text) {
        return format!("'{}'", text.replace('\'', "'\\''")).into_bytes();
    }
    let mut word = b"$'".to_vec();
    for byte in path {
        match byte {
            b'\'' | b'\\' => word.extend([b'\\', *byte]),
            b' '..=b'~' => word.push(*byte),
            // All three digits, so that a digit behind it is not taken for one of them.
            byte => word.extend(format!("\\{byte:03o}").into_bytes()),
        }
    }
    word.push(b'\'');
    word
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn bash_reads_back_what_was_quoted(path in prop::collection::vec(1..=255_u8, 0..40)) {
            let word = quoted(&path);
            prop_assert!(word.iter().all(|byte| !byte.is_ascii_control()));
            let script = [b"printf %s ".as_slice(), &word].concat();
            let script = std::os::unix::ffi::OsStringExt::from_vec(script);
            let script: std::ffi::OsString = script;
            let output = Command::new("bash").arg("-c").arg(script).env("LC_ALL", "C").output().unwrap();
            prop_assert_eq!(output.stdout, path);
        }
    }

    #[test]
    fn plain_paths_stay_as_they_are() {
        for (path, expected) in [
            ("/a/b-c.txt", "/a/b-c.txt"),
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(path.as_bytes()), expected.as_bytes());
        }
        assert_eq!(quoted(b"\x1b1"), b"$'\\0331'");
    }
}
