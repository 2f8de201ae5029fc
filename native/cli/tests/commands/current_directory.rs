//! The current directory is the process's own, wherever that is, and whatever is at its path now.

use crate::support::{Sandbox, may_mount, sorted};

#[test]
fn one_deeper_than_a_path_may_be_long() {
    let sandbox = Sandbox::new();
    let name = "d".repeat(200);
    let script = format!(
        "for n in $(seq 30); do mkdir {name} && cd -P {name} 2>/dev/null || exit 3; done; mkdir sub; touch sub/file; find . -mindepth 1 -print0 >$T/found; \"$A\" scan -0 >$T/listed; echo $?; \"$A\" scan --index $T/x.db; echo $?"
    );
    let script = format!("T=$PWD; {script}");
    let ran = sandbox.bash(&script);
    let found = std::fs::read(sandbox.at("found")).unwrap();
    assert_eq!(sorted(&found).len(), 2, "{}", ran.stderr);
    assert_eq!(
        sorted(&std::fs::read(sandbox.at("listed")).unwrap()),
        sorted(&found)
    );
    // It has no path by which an index could keep it.
    assert_eq!(ran.text(), "0\n1\n", "{}", ran.stderr);
    assert!(!sandbox.at("x.db").exists());
}

#[test]
fn one_that_was_deleted() {
    let sandbox = Sandbox::new();
    sandbox.file(b"other/file", "");
    let script = "mkdir gone && cd gone && rmdir ../gone && ln -s other ../gone; T=..; \"$A\" scan --list; \"$A\" ls; echo $?; \"$A\" scan --keep; echo $?";
    let ran = sandbox.bash(script);
    assert_eq!(ran.text(), "1\n1\n", "{}", ran.stderr);
    assert!(ran.stderr.contains("give a full path"), "{}", ran.stderr);
    assert!(!sandbox.at("state").exists());
}

#[test]
fn one_that_is_mounted_over_or_unmounted() {
    if !may_mount() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.file(b"dir/below", "");
    let over = "cd dir && mount -t tmpfs none . && touch ../dir/above && \"$A\" scan --list; \"$A\" scan --index ../x.db; echo $?";
    let ran = sandbox.bash(&format!("unshare -m bash -c '{over}'"));
    assert_eq!(ran.text(), "./below\n1\n", "{}", ran.stderr);
    assert!(
        ran.stderr.contains("another directory is now at"),
        "{}",
        ran.stderr
    );
    let under = "mount -t tmpfs none dir && cd dir && touch inside && umount -l . && \"$A\" scan --list; \"$A\" scan --index ../x.db; echo $?";
    let ran = sandbox.bash(&format!("unshare -m bash -c '{under}'"));
    assert_eq!(ran.text(), "./inside\n1\n", "{}", ran.stderr);
}

#[test]
fn no_proc_is_needed() {
    if !may_mount() {
        return;
    }
    let sandbox = Sandbox::hostile();
    let script = "umount -l /proc; [ -e /proc/self ] && exit 9; \"$A\" scan -0 root >listed; \"$A\" scan root; \"$A\" scan -q --keep root; \"$A\" ls root; \"$A\" du root >sizes";
    let ran = sandbox.bash(&format!("unshare -m bash -c '{script}'"));
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.text());
    let listed = std::fs::read(sandbox.at("listed")).unwrap();
    assert_eq!(sorted(&listed), sandbox.find("root -mindepth 1"));
    assert!(ran.text().contains("files        7\n") && ran.text().contains("seen just now"));
}
