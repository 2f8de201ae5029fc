//! The life of a scan: what is sent, in which order, with which demand, and how it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod demand;
mod ends;
mod entries;
mod pool;
mod roots;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// 40 directories with 25 files each, and one with 3,000. Made once, read by all tests, changed by none.
fn tree() -> &'static Path {
    static TREE: LazyLock<PathBuf> = LazyLock::new(|| {
        let top = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scan-tree");
        let done = top.with_extension("done");
        if done.exists() {
            return top;
        }
        let _ = fs::remove_dir_all(&top);
        for d in 0..40 {
            let sub = top.join(format!("a{}/b{d}", d % 4));
            fs::create_dir_all(&sub).unwrap();
            for f in 0..25 {
                fs::write(sub.join(format!("f{f}")), vec![b'x'; f]).unwrap();
            }
        }
        fs::create_dir(top.join("big")).unwrap();
        for f in 0..3000 {
            fs::write(top.join(format!("big/file-{f:05}")), b"").unwrap();
        }
        fs::write(done, b"").unwrap();
        top
    });
    &TREE
}
