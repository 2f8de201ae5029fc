//! How large the frontier grows, whatever the tree.
#![allow(clippy::unwrap_used)]

use std::fs::File;

use super::*;
use crate::dir::{Budget, Descriptor, Facts, Names};

/// Pseudo-random numbers, the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Walks a random tree with `threads`, each directory taking a random time. Returns how many directories there are, and
/// the maximum number of batches that waited.
fn walk(threads: usize, depth: u32) -> (usize, usize) {
    let mut chance = Chance(7);
    let facts = |depth| Facts {
        identity: None,
        place: None,
        mount: None,
        device: 0,
        depth,
        rules: None,
        marks_end: false,
    };
    let listed = |dir: Arc<Dir>, thread, chance: &mut Chance| {
        let children = match dir.depth {
            at if at <= 3 => 5,
            at if at < depth => [0, 0, 1, 3, 5][chance.below(5)],
            _ => 0,
        };
        let mut names = Names::default();
        (0..children).for_each(|_| names.push(c"name"));
        (children > 0).then_some(Batch { dir, names, thread })
    };
    let mut frontier = Frontier::new();
    let mut hands: Vec<Hand> = (0..threads).map(Hand::new).collect();
    let mut at_work: Vec<Option<Arc<Dir>>> = vec![None; threads];
    assert!(matches!(frontier.take(&mut hands[0]), Some(Unit::Start)));
    let root = Descriptor::new(File::open("/").unwrap().into(), Budget::new());
    let root = Dir::new_root(c"/".into(), root, facts(0));
    let start = Dir::child(&root, c"start", facts(1));
    at_work[0] = Some(start);
    let (mut directories, mut most) = (0, 0);
    loop {
        let thread = chance.below(threads);
        if let Some(dir) = at_work[thread].take() {
            directories += 1;
            frontier.done();
            if let Some(batch) = listed(dir, thread, &mut chance) {
                frontier.push(batch);
                most = most.max(frontier.stack.len());
            }
        }
        let hand = &mut hands[thread];
        match frontier.take(hand) {
            Some(Unit::Child { .. }) => {
                let parent = hand.parent.as_ref().unwrap();
                let facts = facts(parent.depth + 1);
                at_work[thread] = Some(Dir::child(parent, c"name", facts));
            }
            Some(_) => unreachable!("nothing else was put there"),
            None if frontier.is_over() => return (directories, most),
            None => {}
        }
    }
}

#[test]
fn the_frontier_does_not_grow_with_the_tree() {
    for threads in [1, 2, 8, 32] {
        for depth in [9, 11, 13] {
            let (directories, most) = walk(threads, depth);
            println!("{threads} threads, {directories} directories: {most} batches");
            assert!(
                most <= 64 + 8 * threads,
                "{threads} threads: {most} batches"
            );
        }
    }
}
