#![no_main]

use std::sync::LazyLock;

#[path = "../src/cursor.rs"]
mod cursor;
#[path = "../../index/tests/support/mod.rs"]
mod support;

static FOLDER: LazyLock<cursor::Folder> = LazyLock::new(cursor::Folder::new);

libfuzzer_sys::fuzz_target!(|data: &[u8]| FOLDER.run(data));
