//! What a question about removal says of what the index does not know, and what it is not answered for.

use super::support::{Sandbox, exists, lines};

const ALLOWED: &[&str] = &["--allow-delete"];

fn removing(sandbox: &Sandbox, keys: &str, size: &str) -> String {
    let ran = sandbox.explore(keys, size, ALLOWED);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    ran.stdout
}

/// The lines within a question's frame.
fn asked(screen: &str) -> Vec<String> {
    let inside = screen.lines().filter_map(|line| {
        let line = line.trim();
        let line = line.strip_prefix('│')?.strip_suffix('│')?;
        Some(line.trim().to_owned())
    });
    inside.collect()
}

#[test]
fn what_a_scan_left_out_is_counted() {
    let sandbox = Sandbox::with_tree();
    sandbox.bash(
        "mkdir -p tree/projects/.git/objects && head -c 300000 /dev/zero | tee tree/projects/.git/objects/1 >tree/projects/.git/2 &&
         find tree -exec touch -h -d '2026-01-01 12:00 UTC' {} +",
    );
    let ran = sandbox.run(&["scan", "--keep", "-q", "--no-hidden", "tree"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let screen = removing(&sandbox, "a D", "100x24");
    let found = asked(&screen);
    assert!(
        found[0].starts_with("projects/  2 files, 2.9 MiB"),
        "{screen}"
    );
    assert!(
        found.contains(&"also 2 files, 585.9 KiB, that this scan left out".to_owned()),
        "{screen}"
    );
    // With all of it in sight there is nothing to say, and nothing of other targets is lost in a sum.
    let marked = removing(&sandbox, "a n Space Space Space D", "100x24");
    assert!(
        marked.contains("5 files, 4.1 MiB in all") && marked.contains("also 2 files"),
        "{marked}"
    );
    assert!(!removing(&sandbox, "n j D", "100x24").contains("also"));
    let gone = removing(&sandbox, "a D Right Enter", "100x24");
    assert!(
        gone.contains("9 entries deleted") && !exists(&sandbox.path.join("tree/projects")),
        "{gone}"
    );
}

#[test]
fn what_came_deep_within_since_the_scan_is_told() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    sandbox.bash("head -c 5000 /dev/zero > tree/projects/web/node_modules/new");
    let screen = removing(&sandbox, "a D", "100x24");
    let found = asked(&screen);
    assert!(
        found.contains(&"also 1 file, 4.9 KiB, not shown: left out, or new".to_owned()),
        "{screen}"
    );
    assert!(
        found.contains(&"1 file and 1 folder changed after this was seen".to_owned()),
        "{screen}"
    );
    // As many went as came.
    sandbox.bash("rm tree/projects/web/node_modules/big.js");
    let screen = removing(&sandbox, "a D", "100x24");
    assert!(
        screen.contains("1 file and 1 folder changed after this was seen")
            && !screen.contains("also"),
        "{screen}"
    );
    sandbox.bash("rm tree/projects/web/node_modules/new");
    let screen = removing(&sandbox, "a D", "100x24");
    assert!(
        asked(&screen).contains(&"1 file fewer than shown".to_owned()),
        "{screen}"
    );
}

/// A listing of the folder alone sees nothing of what came deep within before it.
#[test]
fn what_came_before_a_shallow_listing_is_not_called_left_out() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    sandbox.bash("head -c 5000 /dev/zero > tree/projects/web/node_modules/new");
    let ran = sandbox.run(&["scan", "--keep", "-q", "--depth", "2", "tree"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let screen = removing(&sandbox, "a D", "100x24");
    let found = asked(&screen);
    assert!(
        found.contains(&"also 1 file, 4.9 KiB, not shown: left out, or new".to_owned()),
        "{screen}"
    );
}

/// What may not be deleted is read once, and not once for each 4,096 names.
#[test]
fn a_folder_from_which_nothing_goes_is_read_a_few_times() {
    let sandbox = Sandbox::new();
    sandbox.bash("mkdir tree/part && cd tree/part && seq 40000 | xargs touch && cd ../.. && chmod -R a+rwX . && chmod 555 tree/part");
    let program = env!("CARGO_BIN_EXE_aether");
    let reads = |keys: &str| {
        let script = format!(
            "export XDG_STATE_HOME=$PWD/state AETHER_NOW=1767312000 LC_ALL=C.UTF-8; {program} scan --keep -q tree;
             strace -f -qq -e trace=getdents64 -o reads {program} explore tree --allow-delete --no-scan '--once={keys}'; grep -c getdents64 reads"
        );
        let text = sandbox.bash_without_rights(&script);
        let count = text.lines().last().unwrap().parse::<u64>().unwrap();
        (text, count)
    };
    let (_, asked) = reads("D");
    let (text, answered) = reads("D Right Enter");
    assert!(text.contains("Not removed: 40,000"), "{text}");
    // Counted, counted again, emptied, looked at for what came, scanned: with some to spare.
    assert!(answered <= 7 * asked, "{answered} and {asked}");
    sandbox.bash("chmod -R a+rwX .");
}

#[test]
fn a_copy_in_the_place_of_the_root_is_refused() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    sandbox.bash("cp -a tree copy && mv tree old && mv copy tree");
    for keys in ["D", "n j Space Space d"] {
        let screen = removing(&sandbox, keys, "100x24");
        assert!(
            asked(&screen)
                .join(" ")
                .contains("another directory lies at the root"),
            "{screen}"
        );
        let screen = removing(&sandbox, &format!("{keys} Right Enter"), "100x24");
        assert!(screen.contains("Not removed"), "{screen}");
    }
    assert!(
        exists(&sandbox.path.join("tree/projects")) && exists(&sandbox.path.join("tree/music"))
    );
    sandbox.bash("rm -r tree && mv old tree");
    removing(&sandbox, "D Right Enter", "100x24");
    assert!(!exists(&sandbox.path.join("tree/projects")));
}

#[test]
fn what_a_trash_beneath_the_root_takes_is_in_the_totals() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let program = env!("CARGO_BIN_EXE_aether");
    // The user's own trash, made for this; a folder and a file into it.
    sandbox.bash(&format!(
        "export XDG_STATE_HOME=$PWD/state XDG_DATA_HOME=$PWD/tree/home/data AETHER_NOW=1767312000 LC_ALL=C.UTF-8;
         {program} explore tree --allow-delete --no-scan --size 120x20 '--once=n j j Space / d u m p Enter Space Escape d Right Enter' > screen"
    ));
    let screen = std::fs::read_to_string(sandbox.path.join("screen")).unwrap();
    assert!(screen.contains("2 entries moved to the trash"), "{screen}");
    assert!(exists(
        &sandbox
            .path
            .join("tree/home/data/Trash/files/projects/web/index.html")
    ));
    // Another scan of all of it finds nothing that was not known.
    let known = |sandbox: &Sandbox| {
        let screen = sandbox.screen("a n V", "119x20");
        let rows = lines(&screen)
            .into_iter()
            .map(|line| line.split(" · seen").next().unwrap().to_owned());
        rows.collect::<Vec<_>>()
    };
    let before = known(&sandbox);
    assert!(before.iter().any(|row| row.contains("home/")), "{before:?}");
    sandbox.scan();
    assert_eq!(before, known(&sandbox));
    // One that the source's rules leave out stays out, and no error is reported.
    let ran = sandbox.run(&[
        "scan",
        "--keep",
        "-q",
        "--no-hidden",
        "--replace-rules",
        "tree",
    ]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    sandbox.bash(&format!(
        "export XDG_STATE_HOME=$PWD/state XDG_DATA_HOME=$PWD/tree/.data AETHER_NOW=1767312000 LC_ALL=C.UTF-8;
         {program} explore tree --allow-delete --no-scan --size 120x20 '--once=/ m u s i c Enter d Right Enter' > screen"
    ));
    let screen = std::fs::read_to_string(sandbox.path.join("screen")).unwrap();
    assert!(
        screen.contains("1 entry moved to the trash") && !screen.contains("refused"),
        "{screen}"
    );
    assert!(exists(&sandbox.path.join("tree/.data/Trash/files/music")));
    assert!(!sandbox.screen("n V", "119x20").contains(".data"));
}

#[test]
fn a_question_ends_on_any_screen_with_what_must_not_be_missed() {
    let sandbox = Sandbox::new();
    sandbox.bash("cd tree; for at in 1 2 3 4 5 6 7; do mkdir -p $at/$at; seq 300 > $at/$at/file; done; find . -exec touch -d '2026-01-01 12:00 UTC' {} +");
    sandbox.scan();
    sandbox.bash("touch tree/7/7/new");
    let keys = "a n Space Space Space Space Space Space Space D";
    for (size, more) in [
        ("40x12", true),
        ("30x9", true),
        ("80x24", false),
        ("20x8", true),
    ] {
        let screen = removing(&sandbox, keys, size);
        let found = asked(&screen);
        let text = found.join(" ");
        assert!(text.contains("8 files, 7.5 KiB in all"), "{size}: {screen}");
        assert_eq!(
            found.iter().any(|line| line.contains("lines more")),
            more,
            "{size}: {screen}"
        );
        assert!(
            found.last().unwrap().starts_with("[ no ]"),
            "{size}: {screen}"
        );
        assert!(text.contains("delete"), "{size}: {screen}");
    }
    let screen = removing(&sandbox, keys, "40x12");
    let shown = asked(&screen)
        .into_iter()
        .filter(|line| !line.contains("/srv/") && !line.contains("xxx"));
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @"
    1/  1 file, 1.1 KiB
    2/  1 file, 1.1 KiB
    … 4 lines more
    and 2 more
    also 1 file not shown: left out, or
    new
    1 file and 1 folder changed after
    this was seen
    8 files, 7.5 KiB in all
    [ no ]   delete
    ");
}

#[test]
fn names_in_a_question_begin_and_end_where_they_do() {
    let sandbox = Sandbox::new();
    sandbox.bash("mkdir -p \"tree/ a  b \" $'tree/ a  b /\\e[2Jx\\n'");
    sandbox.scan();
    let screen = removing(&sandbox, "D", "100x24");
    assert!(
        screen.contains(r#""\x20a\x20\x20b\x20"/  0 files"#),
        "{screen}"
    );
    let screen = removing(&sandbox, "l D", "100x24");
    assert!(
        screen.contains(r"\e[2Jx\n/  0 files") && screen.contains(r#"tree/\x20a\x20\x20b\x20""#),
        "{screen}"
    );
}

#[test]
fn what_lies_in_a_folder_that_may_not_be_written_stays_and_is_told() {
    let sandbox = Sandbox::with_tree();
    sandbox.bash(
        "mkdir tree/part && touch tree/part/stays && chmod -R a+rwX . && chmod 555 tree/part",
    );
    let program = env!("CARGO_BIN_EXE_aether");
    let script = format!(
        "export XDG_STATE_HOME=$PWD/state XDG_DATA_HOME=$PWD/data AETHER_NOW=1767312000 LC_ALL=C.UTF-8; {program} scan --keep -q tree; \
         for key in D d; do {program} explore tree --allow-delete --no-scan --size 120x20 \"--once=/ p a r t Enter l $key Right Enter\"; done; \
         find data -type f"
    );
    let text = sandbox.bash_without_rights(&script);
    assert_eq!(text.matches("Not removed: 1").count(), 2, "{text}");
    assert!(text.contains("part/stays: permission denied"), "{text}");
    assert!(
        text.contains("part/stays: no trash takes it: permission"),
        "{text}"
    );
    // Nor is anything left behind that says it were in the trash.
    assert!(!text.contains(".trashinfo"), "{text}");
    assert!(exists(&sandbox.path.join("tree/part/stays")));
    sandbox.bash("chmod -R a+rwX .");
}

#[test]
fn the_trash_says_by_the_users_own_clock_when_something_came() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let program = env!("CARGO_BIN_EXE_aether");
    // Nine hours ahead.
    sandbox.bash(&format!(
        "export TZ=XYZ-9 XDG_STATE_HOME=$PWD/state XDG_DATA_HOME=$PWD/data LC_ALL=C.UTF-8;
         {program} explore tree --allow-delete --no-scan '--once=d Right Enter' > screen;
         at=$(sed -n s/^DeletionDate=//p data/Trash/info/*.trashinfo);
         age=$(( $(date +%s) - $(date -d \"$at\" +%s) )); [ $age -ge 0 ] && [ $age -lt 600 ]"
    ));
}
