//! What the screens look like, and where keys lead.

use super::support::{Sandbox, lines, names};

/// Each line behind a mark, since spaces at its start count.
fn framed(screen: &str) -> String {
    screen.lines().map(|line| format!("|{line}\n")).collect()
}

#[test]
fn a_folder_is_shown_by_size() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    insta::assert_snapshot!(framed(&sandbox.screen("a", "100x10")), @r"
    | /srv/xxxxxxxx/tree
    |     APPARENT ↓  SHARE                    FILES    AGE  NAME
    |        2.9 MiB  ███████▌    75 %             2   12 h  projects/
    |      683.6 KiB  █▊          17 %             1   12 h  music/
    |      293.0 KiB  ▊            7 %             1   12 h  dump.sql
    |            8 B               0 %             1   12 h  link@
    | e          0 B               0 %             0   12 h  empty/
    |            0 B               0 %             1   12 h  pipe=
    |
    | 3.9 MiB in 6 files · row 1 of 6 · seen in the future                               ? help  ^P find
    ");
}

#[test]
fn narrow_screens_lose_columns_and_tiny_ones_say_so() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let screens = ["79x6", "59x6", "49x6", "20x5", "19x5"].map(|size| sandbox.screen("a", size));
    let screens = screens.map(|screen| framed(&screen));
    insta::assert_snapshot!(screens.join("--\n"), @r"
    | /srv/xxxxxxxx/tree
    |     APPARENT ↓  SHARE                    FILES  NAME
    |        2.9 MiB  ███████▌    75 %             2  projects/
    |      683.6 KiB  █▊          17 %             1  music/
    |      293.0 KiB  ▊            7 %             1  dump.sql
    | 3.9 MiB in 6 files · row 1 of 6 · seen in the future          ? help  ^P find
    --
    | /srv/xxxxxxxx/tree
    |     APPARENT ↓  SHARE              NAME
    |        2.9 MiB  ███████▌    75 %   projects/
    |      683.6 KiB  █▊          17 %   music/
    |      293.0 KiB  ▊            7 %   dump.sql
    | 3.9 MiB in 6 files · row 1 of 6                    ? help
    --
    | /srv/xxxxxxxx/tree
    |     APPARENT ↓  NAME
    |        2.9 MiB  projects/
    |      683.6 KiB  music/
    |      293.0 KiB  dump.sql
    | 3.9 MiB in 6 files · row 1 of 6          ? help
    --
    | /srv/xxxxxxxx/tree
    |     APPARENT ↓  NA…
    |        2.9 MiB  p…/
    |      683.6 KiB  m…/
    | 3.9 MiB in… ? help
    --
    |too small
    |
    |
    |
    |
    ");
}

#[test]
fn ascii_is_nothing_but_ascii() {
    let sandbox = Sandbox::with_tree();
    sandbox.bash("touch tree/žluť tree/日本");
    sandbox.scan();
    for keys in ["", "?", "i", "C-p m", "j Enter", "L", "e", "t", "w", "/ m"] {
        let ran = sandbox.explore(keys, "100x24", &["--ascii"]);
        assert!(
            ran.stdout.is_ascii() && !ran.stdout.is_empty(),
            "{keys}: {}",
            ran.stdout
        );
    }
}

#[test]
fn every_size_fits() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    for size in ["20x5", "21x6", "33x9", "80x24", "132x50", "400x100"] {
        let (columns, rows) = size.split_once('x').unwrap();
        for keys in ["", "?", "i", "C-p m", "L", "e", "t", "w", "/ m"] {
            let screen = sandbox.screen(keys, size);
            assert_eq!(screen.lines().count(), rows.parse::<usize>().unwrap());
            for line in screen.lines() {
                assert!(
                    line.chars().count() <= columns.parse().unwrap(),
                    "{size} {keys}: {line}"
                );
            }
        }
    }
}

#[test]
fn one_goes_down_and_comes_back_to_where_one_was() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let down = sandbox.screen("l l", "100x10");
    assert!(down.contains("› projects › web"), "{down}");
    assert_eq!(names(&down), ["node_modules/", "index.html"]);
    // By name it is the third.
    let back = sandbox.screen("n j j l h", "100x12");
    assert!(back.contains("row 3 of 6"), "{back}");
}

#[test]
fn it_is_sorted_by_all_that_it_shows() {
    let sandbox = Sandbox::with_tree();
    sandbox.bash("touch -d '2026-01-01 18:00 UTC' tree/dump.sql");
    sandbox.scan();
    let first = |keys: &str| names(&sandbox.screen(keys, "100x12"))[0].clone();
    assert_eq!(first(""), "projects/");
    assert_eq!(first("a s"), "empty/");
    assert_eq!(first("n"), "empty/");
    assert_eq!(first("n n"), "projects/");
    assert_eq!(first("C"), "projects/");
    assert_eq!(first("M"), "dump.sql");
}

#[test]
fn a_filter_narrows_and_esc_shows_all_again() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let narrow = sandbox.screen("/ m u", "100x12");
    assert_eq!(names(&narrow), ["music/"]);
    assert!(narrow.contains("/mu█"), "{narrow}");
    assert_eq!(
        names(&sandbox.screen("/ * . s q l Enter", "100x12")),
        ["dump.sql"]
    );
    assert_eq!(names(&sandbox.screen("/ m u Escape", "100x12")).len(), 6);
}

#[test]
fn a_hit_of_a_search_is_gone_to() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let found = sandbox.screen("C-p b i g", "100x12");
    assert!(
        found.contains("projects/web/node_modules/big.js"),
        "{found}"
    );
    let there = sandbox.screen("C-p b i g Enter", "100x12");
    assert!(there.contains("› web › node_modules"), "{there}");
    assert_eq!(names(&there), ["big.js"]);
}

#[test]
fn lists_say_what_they_are_of() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    sandbox.bash("head -c 500 /dev/zero > tree/music/new; rm -r tree/empty");
    sandbox.scan();
    let largest = sandbox.screen("L", "100x12");
    assert!(
        lines(&largest)[1].ends_with("projects/web/node_modules/big.js"),
        "{largest}"
    );
    let changes = sandbox.screen("w", "100x12");
    assert!(
        changes.contains("+500 B") && changes.contains("music/"),
        "{changes}"
    );
    assert!(changes.contains("empty/  gone"), "{changes}");
    let trees = sandbox.screen("t", "100x12");
    assert!(
        trees.contains("1 tree") && trees.contains("complete"),
        "{trees}"
    );
    let none = sandbox.screen("e", "100x12");
    assert!(none.contains("0 beneath this folder"), "{none}");
    // Esc goes back to the browser.
    assert_eq!(names(&sandbox.screen("L Escape", "100x12")).len(), 5);
}

#[test]
fn help_is_of_what_lies_beneath() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    assert!(
        sandbox
            .screen("?", "80x30")
            .contains("scan this folder again")
    );
    let of_list = sandbox.screen("L ?", "80x30");
    assert!(
        of_list.contains("back to the browser") && !of_list.contains("scan this"),
        "{of_list}"
    );
}

#[test]
fn help_that_is_longer_than_the_screen_is_moved() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let last = "no file, folder or link";
    let first = sandbox.screen("?", "80x24");
    assert!(
        !first.contains(last) && first.contains("j k arrows"),
        "{first}"
    );
    for keys in ["? G", "? PageDown PageDown", "? j j j j j j j j j j j j"] {
        let end = sandbox.screen(keys, "80x24");
        assert!(
            end.contains(last) && !end.contains("j k arrows"),
            "{keys}: {end}"
        );
    }
    assert!(sandbox.screen("? G g", "80x24").contains("j k arrows"));
    assert_eq!(names(&sandbox.screen("? j Escape", "80x24")).len(), 6);
}

#[test]
fn a_question_can_be_answered_on_the_smallest_screen() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let ran = sandbox.explore("D", "20x5", &["--allow-delete"]);
    let lines = ran.stdout.lines().collect::<Vec<_>>();
    assert_eq!(lines[3], "│ [ no ]   delete  │", "{}", ran.stdout);
}

#[test]
fn a_very_long_folder_is_read_in_pages() {
    let sandbox = Sandbox::new();
    sandbox.bash("cd tree && seq -f f%05.0f 12000 | xargs touch && head -c 9 /dev/zero > f00777");
    sandbox.scan();
    let count = |keys: &str| sandbox.screen(keys, "100x12");
    let first = count("");
    assert_eq!(names(&first)[0], "f00777");
    assert!(first.contains("row 1 of 12,000"), "{first}");
    assert_eq!(names(&count("n G")).last().unwrap(), "f12000");
    assert_eq!(names(&count("s G")).last().unwrap(), "f00777");
    let page = "PageDown ".repeat(100);
    assert!(count(&format!("n {page}")).contains("row 801 of 12,000"));
    assert!(names(&count(&format!("n {page}"))).contains(&"f00801".to_owned()));
    assert_eq!(names(&count("n G g"))[0], "f00001");
}

#[test]
fn r_scans_again_what_has_changed() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    sandbox.bash("rm -r tree/projects && head -c 900000 /dev/zero > tree/music/more");
    let after = sandbox.screen("r", "100x12");
    assert_eq!(names(&after)[0], "music/");
    assert!(!after.contains("projects"), "{after}");
}

#[test]
fn without_an_index_it_scans_first() {
    let sandbox = Sandbox::with_tree();
    let ran = sandbox.run(&["explore", "tree", "--once=", "--size", "100x12"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("scanned: 11 entries"), "{}", ran.stdout);
    assert_eq!(names(&ran.stdout)[0], "projects/");
    // It is kept.
    assert_eq!(names(&sandbox.screen("", "100x12"))[0], "projects/");
}

#[test]
fn details_stand_beside_the_rows_where_there_is_room() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    // Sizes on disk are the file system's, and when it was seen is by the clock of the scan.
    let beside = |screen: &str| {
        let beside = screen.lines().filter_map(|line| line.split_once('│'));
        let beside = beside.map(|(_, beside)| format!("|{beside}\n"));
        let beside = beside.filter(|line| !line.contains("on disk") && !line.contains("frees"));
        beside.take(4).collect::<String>()
    };
    let screen = sandbox.screen("a n j", "120x12");
    insta::assert_snapshot!(beside(&screen), @r"
    | music
    | path      /srv/xxxxxxxx/tree/music
    | kind      directory
    | apparent  683.6 KiB (700,000 B)
    ");
    assert!(screen.lines().all(|line| line.chars().count() <= 120));
    let narrow = sandbox.screen("a n j", "119x12");
    assert!(!narrow.contains('│') && narrow.contains("AGE"), "{narrow}");
    let wide = sandbox.screen("a n j j l l", "200x12");
    assert!(
        wide.contains("node_modules") && wide.contains("│"),
        "{wide}"
    );
    // Of the row that the cursor is on, and of none in an empty folder.
    let empty = sandbox.screen("a n l", "120x12");
    assert!(
        empty.contains("empty") && !empty.contains("apparent  "),
        "{empty}"
    );
}
