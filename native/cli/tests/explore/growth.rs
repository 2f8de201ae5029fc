//! What changed between any two scans, as a list and as a column.

use super::support::{Sandbox, names};

/// One with three scans: music grew by 500 bytes, then projects lost 40,000 and old went.
fn scanned() -> Sandbox {
    let sandbox = Sandbox::with_tree();
    sandbox.bash("mkdir tree/old && head -c 700 /dev/zero > tree/old/file");
    sandbox.scan();
    sandbox
        .bash("head -c 500 /dev/zero > tree/music/new; head -c 300100 /dev/zero > tree/dump.sql");
    sandbox.scan();
    sandbox.bash("rm -r tree/projects/web/index.html tree/old");
    sandbox.scan();
    sandbox
}

fn row<'a>(screen: &'a str, name: &str) -> &'a str {
    screen
        .lines()
        .find(|line| line.ends_with(name))
        .unwrap_or(screen)
}

#[test]
fn the_difference_is_a_column_of_each_folder_with_all_beneath() {
    let sandbox = scanned();
    let last = sandbox.screen("Tab", "119x14");
    assert!(last.contains("GREW 2→3"), "{last}");
    assert!(row(&last, "  projects/").contains(" -39.1 KiB "), "{last}");
    assert!(row(&last, "  music/").contains(" = "), "{last}");
    assert!(last.contains("1 folder gone: -700 B"), "{last}");
    // What grew is found by going down.
    let down = sandbox.screen("Tab n j j l", "119x14");
    assert!(row(&down, "  web/").contains(" -39.1 KiB "), "{down}");
    let chosen = sandbox.screen("w [ Tab", "119x14");
    assert!(chosen.contains("GREW 1→3"), "{chosen}");
    assert!(row(&chosen, "  music/").contains(" +500 B "), "{chosen}");
    assert!(chosen.contains("own files +100 B"), "{chosen}");
    assert!(sandbox.screen("Tab Tab", "119x14").contains("SHARE"));
}

#[test]
fn any_two_scans_are_compared() {
    let sandbox = scanned();
    let first = sandbox.screen("w [ {", "119x14");
    assert!(first.contains("from scan 1 to scan 2 of 3"), "{first}");
    assert!(
        first.contains("+500 B") && !first.contains("old/"),
        "{first}"
    );
    let both = sandbox.screen("w [", "119x14");
    assert!(both.contains("from scan 1 to scan 3 of 3"), "{both}");
    assert!(
        both.contains("+500 B") && both.contains("old/  gone"),
        "{both}"
    );
    for keys in ["w }", "w ]", "w {", "w [ [ ["] {
        assert!(
            sandbox
                .screen(keys, "119x14")
                .contains("no other scan that way"),
            "{keys}"
        );
    }
    assert_eq!(names(&sandbox.screen("w [ Escape", "119x14")).len(), 6);
}

#[test]
fn a_new_scan_is_compared_with_the_one_before() {
    let sandbox = scanned();
    sandbox.bash("head -c 900 /dev/zero > tree/music/newer");
    let after = sandbox.screen("Tab r", "119x14");
    assert!(after.contains("GREW 3→4"), "{after}");
    assert!(row(&after, "  music/").contains(" +900 B "), "{after}");
}
