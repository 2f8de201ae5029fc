//! Scans that share a pool: none waits for the end of another.

use std::path::Path;

use aether_core::{Ignore, Options, Pool, State};

use crate::apart::{inside, under_strace};
use crate::support::*;
use crate::tree;

/// A scan that has nothing to send takes turns with one that has sent already.
#[test]
fn a_scan_that_leaves_everything_out_goes_ahead_only_once() {
    if let Some(tree) = inside() {
        let pool = Pool::new(1);
        let (small, mailbox) = start(&pool, folder(&tree, "small"), slabs(1));
        mailbox.wait(|m| matches!(m, Message::Passive));
        let options = Options {
            ignore: Ignore::patterns(vec![b"bad/*".to_vec()]),
            ..Options::default()
        };
        // One mailbox for both, to see which ends first.
        let collector = Collector(mailbox.clone());
        let _silent = pool.start(folder(&tree, "bad"), options, |_| Box::new(collector));
        small.ask(u64::MAX);
        let ends = |m: &Message| matches!(m, Message::Completed(_));
        wait_until(|| mailbox.count(ends) == 2);
        let skipped = mailbox
            .take()
            .into_iter()
            .filter_map(|message| match message {
                Message::Completed(summary) => Some(summary.counts.skipped),
                _ => None,
            });
        assert_eq!(skipped.collect::<Vec<_>>(), [0, 3000]);
        return;
    }
    let dir = tree();
    let bad = dir.path().join("bad");
    // Each piece takes longer than a quantum, but not long enough to replace the thread.
    let inject = "inject=getdents64:delay_enter=60000";
    under_strace(
        a_scan_that_leaves_everything_out_goes_ahead_only_once,
        dir.path(),
        &["-P", bad.to_str().unwrap(), "-e", inject],
    );
}

/// A hundred small scans beside a huge one: all end while the huge one is running.
#[test]
fn small_scans_do_not_wait_for_a_huge_one() {
    let dir = tree();
    let pool = Pool::new(2);
    // A slab for each entry, so that it takes long.
    let options = Options {
        slab_entries: 1,
        ..Options::default()
    };
    let (huge, _) = start(&pool, root(Path::new("/")), options);
    for _ in 0..100 {
        let small = folder(dir.path(), "small");
        assert_eq!(run(&pool, small, Options::default()).unwrap().rows.len(), 3);
    }
    assert_eq!(huge.info().state, State::Running);
    huge.cancel();
}
