//! Marks, the trash and deletion, from the key to the disk and back to totals.

use std::process::Command;

use super::support::{Sandbox, exists, names};

const ALLOWED: &[&str] = &["--allow-delete"];

fn removing(sandbox: &Sandbox, keys: &str) -> String {
    let ran = sandbox.explore(keys, "119x24", ALLOWED);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    ran.stdout
}

/// What a script says.
fn said(sandbox: &Sandbox, script: &str) -> String {
    let mut bash = Command::new("bash");
    let output = bash
        .args(["-c", script])
        .current_dir(&sandbox.path)
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

/// All that lies in the tree, as find says.
fn found(sandbox: &Sandbox) -> String {
    said(sandbox, "cd tree && find . -printf '%p %y %s\\n' | sort")
}

#[test]
fn nothing_is_removed_unless_that_is_allowed() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let before = found(&sandbox);
    for keys in ["d", "D", "Space D", "Space j Space d"] {
        let screen = sandbox.screen(keys, "100x14");
        assert!(screen.contains("--allow-delete"), "{screen}");
    }
    // `no` comes first, and Esc, q and n take the question away.
    for keys in [
        "D Enter",
        "d Enter",
        "D Right Left Enter",
        "D Right Escape",
        "D Right n",
        "D q",
    ] {
        let screen = removing(&sandbox, keys);
        assert!(
            names(&screen).len() == 6 && !screen.contains("for good"),
            "{screen}"
        );
    }
    // As words that were meant for another window.
    for keys in [
        "D o l Enter",
        "d e l t a Enter",
        "D l l Enter",
        "D l Enter",
        "D Tab Enter",
    ] {
        removing(&sandbox, keys);
    }
    assert_eq!(found(&sandbox), before);
}

#[test]
fn the_question_says_what_is_meant() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let screen = removing(&sandbox, "a D");
    let hidden = sandbox.path.to_str().unwrap().len() - 5;
    let frame = screen
        .lines()
        .filter(|line| line.contains('│') || line.contains('┌') || line.contains('└'));
    let frame = frame
        .map(|line| format!("{}\n", line.trim()))
        .collect::<String>();
    let tree = format!("in /srv/{}/tree", "x".repeat(hidden));
    let frame = frame.replace(&format!("{tree:<66}"), &format!("{:<66}", "in TREE"));
    insta::assert_snapshot!(frame, @r"
    ┌ Delete for good? ──────────────────────────────────────────────────┐
    │ projects/  2 files, 2.9 MiB                                        │
    │ in TREE                                                            │
    │                                                                    │
    │ [ no ]   delete                                                    │
    └────────────────────────────────────────────────────────────────────┘
    ");
    let marked = removing(&sandbox, "a n Space j Space D");
    assert!(
        marked.contains("empty/") && marked.contains("projects/"),
        "{marked}"
    );
    assert!(
        marked.contains("2.9 MiB in all") && !marked.contains("music/  "),
        "{marked}"
    );
}

#[test]
fn what_is_marked_is_deleted_and_totals_fall_as_far() {
    let sandbox = Sandbox::with_tree();
    sandbox.bash("mkdir -p tree/projects/old/deep && head -c 200000 /dev/zero > tree/projects/old/deep/big && ln tree/projects/old/deep/big tree/music/other");
    sandbox.scan();
    let du = |path: &str| {
        said(&sandbox, &format!("du -s -B1 {path} | cut -f1"))
            .trim()
            .parse::<u64>()
            .unwrap()
    };
    let before = du("tree");
    // In projects: the folder old; above it: dump.sql.
    let marked = removing(&sandbox, "n j j l Space h / d u m p Enter Space");
    assert!(
        marked
            .lines()
            .any(|line| line.starts_with("*") && line.ends_with("dump.sql")),
        "{marked}"
    );
    let after = removing(
        &sandbox,
        "n j j l Space h / d u m p Enter Space Escape D Right Enter",
    );
    assert!(
        !exists(&sandbox.path.join("tree/projects/old"))
            && !exists(&sandbox.path.join("tree/dump.sql")),
        "{after}"
    );
    assert!(!names(&after).contains(&"dump.sql".to_owned()), "{after}");
    let lost = before - du("tree");
    let shown = said(
        &sandbox,
        &format!("numfmt --to=iec-i --round=nearest --format=%.1f {lost}"),
    );
    let (number, unit) = shown.trim().split_at(shown.trim().len() - 2);
    assert!(
        after.contains("4 entries deleted")
            && after.contains(&format!("totals {number} {unit}B less")),
        "{lost}: {after}"
    );
    // The index agrees with du, also about folders above, without another scan.
    let ran = sandbox.run(&["check", "tree"]);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let listed = sandbox.run(&[
        "explore",
        "tree",
        "--no-scan",
        "--once=V",
        "--size",
        "120x12",
    ]);
    let bytes = du("tree");
    let text = said(
        &sandbox,
        &format!("numfmt --to=iec-i --round=nearest --format=%.1f {bytes}"),
    );
    let (number, unit) = text.trim().split_at(text.trim().len() - 2);
    assert!(
        listed.stdout.contains(&format!(" {number} {unit}B in ")),
        "{}",
        listed.stdout
    );
}

#[test]
fn a_folder_can_be_removed_after_something_in_it() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let screen = removing(&sandbox, "n j j l l D Right Enter h D Right Enter");
    assert!(!exists(&sandbox.path.join("tree/projects/web")), "{screen}");
    assert!(screen.contains("empty"), "{screen}");
}

#[test]
fn the_trash_has_what_was_and_says_where_it_was() {
    let sandbox = Sandbox::with_tree();
    sandbox.bash("mkdir -p 'tree/projects/a b%\u{e9}\u{1b}' && echo hello > 'tree/projects/a b%\u{e9}\u{1b}/x'");
    sandbox.scan();
    let inode = said(&sandbox, "stat -c %i tree/projects/a*");
    let screen = removing(&sandbox, "n j j l d Right Enter");
    assert!(
        screen.contains("1 entry moved to the trash: totals"),
        "{screen}"
    );
    assert!(
        !said(&sandbox, "ls tree/projects").contains('a'),
        "{screen}"
    );
    assert_eq!(said(&sandbox, "stat -c %i data/Trash/files/a*"), inode);
    let path = said(
        &sandbox,
        "p=$(sed -n s/^Path=//p data/Trash/info/*.trashinfo); printf %b \"${p//%/\\\\x}\"",
    );
    assert_eq!(
        path,
        format!(
            "{}/tree/projects/a b%\u{e9}\u{1b}",
            sandbox.path.to_str().unwrap()
        )
    );
    let info = said(&sandbox, "cat data/Trash/info/*.trashinfo");
    assert!(info.starts_with("[Trash Info]\nPath=/tmp/"), "{info}");
    let date = info
        .lines()
        .nth(2)
        .unwrap()
        .strip_prefix("DeletionDate=")
        .unwrap();
    let age = said(
        &sandbox,
        &format!("echo $(( $(date +%s) - $(TZ=UTC date -d '{date}' +%s) ))"),
    );
    assert!(
        (0..600).contains(&age.trim().parse::<i64>().unwrap()),
        "{info} {age}"
    );
    assert_eq!(
        said(
            &sandbox,
            "stat -c %a data/Trash data/Trash/files data/Trash/info"
        ),
        "700\n700\n700\n"
    );
}

#[test]
fn what_has_changed_since_it_was_seen_stays() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    sandbox.bash("echo more >> tree/dump.sql; touch tree/music/new");
    let before = found(&sandbox);
    for keys in ["n j j j D Right Enter", "n j d Right Enter"] {
        let screen = removing(&sandbox, keys);
        assert!(
            screen.contains("Not removed: 1") && screen.contains("not what was shown"),
            "{screen}"
        );
    }
    assert_eq!(found(&sandbox), before);
    let seen = removing(&sandbox, "r n j D Right Enter");
    assert!(!exists(&sandbox.path.join("tree/music")), "{seen}");
}

fn may_mount() -> bool {
    let mut unshare = Command::new("unshare");
    let done = unshare
        .args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"])
        .output();
    done.is_ok_and(|done| done.status.success())
}

#[test]
fn mounts_stay_and_other_file_systems_have_a_trash_of_their_own() {
    if !may_mount() {
        return;
    }
    let sandbox = Sandbox::with_tree();
    let program = env!("CARGO_BIN_EXE_aether");
    let script = format!(
        "export XDG_STATE_HOME=$PWD/state XDG_DATA_HOME=$PWD/data AETHER_NOW=1767312000 LC_ALL=C.UTF-8; \
         e() {{ {program} explore \"$2\" --allow-delete --no-scan --size 120x20 \"--once=$1\"; }}; \
         mkdir tree/empty/mount other; mount -t tmpfs none tree/empty/mount; touch tree/empty/mount/inside; \
         mount -t tmpfs none other; mkdir -p other/folder/inner; echo hi > other/folder/inner/file; \
         {program} scan --keep -q tree; {program} scan --keep -q other; \
         e 'n D Right Enter' tree; e 'n l D Right Enter' tree; e 'n d Right Enter' tree; \
         ls tree/empty/mount; \
         e 'n l d Right Enter' other; cd other; find .Trash-$(id -u) -type f | sort; cat .Trash-*/info/*; ls folder; \
         cd ..; {program} scan --keep -q other; \
         mount -o remount,ro other; e 'n j d Right Enter' other"
    );
    let mut unshare = Command::new("unshare");
    let output = unshare
        .args(["-m", "bash", "-c", &script])
        .current_dir(&sandbox.path)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(text.matches("Not removed: 1").count(), 4, "{text}");
    assert!(
        text.matches("mounted").count() >= 3 && text.contains("\ninside\n"),
        "{text}"
    );
    assert!(
        text.contains("/files/inner/file\n") && text.contains("/info/inner.trashinfo\n"),
        "{text}"
    );
    assert!(text.contains("\nPath=folder/inner\n"), "{text}");
    assert!(
        text.contains("no trash takes it") && text.contains("delete for good"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_deleted_is_told_and_the_rest_goes() {
    let sandbox = Sandbox::with_tree();
    sandbox.bash("mkdir -p tree/part/locked tree/part/free && touch tree/part/locked/stays tree/part/free/goes && chmod -R a+rwX . && chmod 555 tree/part/locked");
    let program = env!("CARGO_BIN_EXE_aether");
    let script = format!(
        "export XDG_STATE_HOME=$PWD/state AETHER_NOW=1767312000 LC_ALL=C.UTF-8; {program} scan --keep -q tree; \
         {program} explore tree --allow-delete --no-scan --size 120x20 '--once=/ p a r t Enter D Right Enter'; \
         {program} explore tree --no-scan --size 120x20 '--once=/ p a r t Enter l Enter'"
    );
    let text = sandbox.bash_without_rights(&script);
    assert!(
        text.contains("tree/part/locked/stays: permission denied"),
        "{text}"
    );
    assert!(
        text.contains("Not removed: 1") && text.contains("2 entries deleted"),
        "{text}"
    );
    assert_eq!(
        said(&sandbox, "cd tree/part && find . | sort"),
        ".\n./locked\n./locked/stays\n"
    );
    // What went of it is known by then.
    let last = text.rsplit(" / tree").next().unwrap();
    assert!(
        last.contains("locked/") && !names(last).contains(&"free/".to_owned()),
        "{text}"
    );
    sandbox.bash("chmod -R a+rwX .");
}

#[test]
fn what_is_free_is_what_df_says() {
    if !may_mount() {
        return;
    }
    let sandbox = Sandbox::with_tree();
    let program = env!("CARGO_BIN_EXE_aether");
    let script = format!(
        "export XDG_STATE_HOME=$PWD/state LC_ALL=C.UTF-8; mount -t tmpfs -o size=8m none tree/empty; \
         head -c 3000000 /dev/zero > tree/empty/large; df -B1 --output=avail tree/empty | tail -1 | \
         numfmt --to=iec-i --round=nearest --format=%.1f; \
         {program} explore tree/empty --once --size 120x10"
    );
    let text = said(&sandbox, &format!("unshare -m bash -c '{script}'"));
    let (free, screen) = text.split_once('\n').unwrap();
    let (number, unit) = free.split_at(free.len() - 2);
    // The notice of the scan goes with a key; there is none yet.
    assert!(screen.contains("scanned: "), "{screen}");
    let script = script.replace("--once --", "--once=g --");
    let text = said(&sandbox, &format!("unshare -m bash -c '{script}'"));
    assert!(
        text.contains(&format!(" · {number} {unit}B free")),
        "{free}: {text}"
    );
}

#[test]
fn the_desktop_gets_a_path_as_one_argument() {
    let sandbox = Sandbox::new();
    sandbox.bash(
        "touch 'tree/a; touch evil $(touch evil)'; mkdir bin; mkfifo told;
         printf '#!/bin/sh\\nprintf \"%%s|%%s\" $# \"$1\" >told\\n' >bin/xdg-open; chmod +x bin/xdg-open",
    );
    sandbox.scan();
    let program = env!("CARGO_BIN_EXE_aether");
    let script = format!(
        "export XDG_STATE_HOME=$PWD/state; PATH=$PWD/bin:$PATH {program} explore tree --no-scan --once=o >screen & cat told; wait"
    );
    let told = said(&sandbox, &script);
    let path = sandbox.path.to_str().unwrap();
    assert_eq!(told, format!("1|{path}/tree/a; touch evil $(touch evil)"));
    assert!(!exists(&sandbox.path.join("evil")));
}
