//! Names of any bytes: nothing of them but what can be seen reaches the terminal.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::support::Sandbox;

fn name() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![Just(0x1b_u8), Just(0x9b), Just(b'\n'), 1..=255_u8];
    let raw = prop::collection::vec(byte.prop_filter("no slash", |byte| *byte != b'/'), 1..60);
    let text = "[\u{1b}\u{202e}\u{301}\u{200b}a日]{1,20}".prop_map(String::into_bytes);
    prop_oneof![raw, text].prop_filter("no dots", |name| name != b"." && name != b"..")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn no_control_of_a_name_reaches_the_screen(
        names in prop::collection::vec(name(), 1..8), columns in 20..140_u16,
    ) {
        let sandbox = Sandbox::new();
        for name in &names {
            let folder = sandbox.path.join("tree").join(OsStr::from_bytes(name));
            fs::create_dir_all(folder.join(OsStr::from_bytes(name))).unwrap();
        }
        sandbox.scan();
        let size = format!("{columns}x16");
        for keys in ["", "l", "i", "l i", "L", "C-p a", "l /", "t"] {
            let screen = sandbox.screen(keys, &size);
            for line in screen.split('\n') {
                let is_safe = |char: char| !char.is_control() && char != '\u{202e}' && char != '\u{200b}';
                prop_assert!(line.chars().all(is_safe), "{keys}: {line:?}");
                let width = line.graphemes(true).map(UnicodeWidthStr::width).sum::<usize>();
                prop_assert!(width <= usize::from(columns), "{keys}: {width} {line:?}");
            }
        }
    }
}
