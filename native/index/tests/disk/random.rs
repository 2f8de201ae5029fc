//! Random trees with links in and out, changed and scanned at random.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use crate::support::*;
use crate::tools::*;

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// A path of some names.
fn path(dice: &mut Dice, place: &Place) -> PathBuf {
    let mut path = place.root.clone();
    for _ in 0..=dice.below(3) {
        path.push(NAMES[dice.below(NAMES.len())]);
    }
    path
}

/// One change. What is impossible is not done.
fn change(dice: &mut Dice, place: &Place) {
    let outside = place.directory.path().join("outside");
    let _ = fs::create_dir(&outside);
    let (one, other) = (path(dice, place), path(dice, place));
    let _ = match dice.below(12) {
        0 | 1 => fs::create_dir_all(&one),
        2 | 3 => fs::write(&one, vec![1; dice.below(30_000)]),
        4..=6 => fs::hard_link(&one, &other),
        7 => fs::hard_link(&one, outside.join(NAMES[dice.below(NAMES.len())])),
        8 => match dice.below(2) {
            0 => fs::remove_file(&one),
            _ => fs::remove_dir_all(&one),
        },
        9 => fs::rename(&one, &other),
        10 => fs::File::options()
            .append(true)
            .open(&one)
            .and_then(|mut file| file.write_all(&vec![2; dice.below(50_000)])),
        _ => {
            // Not into itself.
            if one.is_dir() && !other.exists() && !other.starts_with(&one) {
                let copy = Command::new("cp").arg("-al").args([&one, &other]).output();
                copy.unwrap();
            }
            Ok(())
        }
    };
}

fn run(seed: u64) {
    let mut dice = Dice(seed);
    let mut place = Place::new();
    for _ in 0..4 {
        for _ in 0..dice.below(3) {
            for _ in 0..dice.below(15) {
                change(&mut dice, &place);
            }
            let folder = path(&mut dice, &place);
            let folder = folder.strip_prefix(&place.root).unwrap();
            let folder = match place.root.join(folder).is_dir() {
                true => folder.to_str().unwrap().to_owned(),
                false => String::new(),
            };
            match dice.below(3) {
                0 => place.cut_off(&folder, 1 + dice.below(4) as u64),
                depth => place.expand(&folder, (depth == 1).then_some(1)),
            }
        }
        for _ in 0..dice.below(30) {
            change(&mut dice, &place);
        }
        place.scan();
        place.check();
        if dice.below(4) == 0 {
            place.fixture.reopen();
        }
    }
    check_clean(&place.fixture.path());
}

#[test]
fn random_trees_take_up_what_du_says() {
    let seeds = if is_full() { 300 } else { 30 };
    for seed in 0..seeds {
        println!("seed {seed}");
        run(seed * 7919 + 1);
    }
}
