//! Cost of ignore rules: reading a file of them, and matching a name against it.
//!
//!     rules [--rounds N]
//!
//! Prints a line for each case: its name, microseconds to read the file, nanoseconds to match one
//! entry, entries left out. Times are the minimum of N rounds (15); run two builds in turn to
//! compare them.

use std::fs::{self, File};
use std::io::{Error, Result};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use aether_core::Ignore;
use aether_core::rules::Rules;

const NODE: &str = "logs\n*.log\nnpm-debug.log*\nyarn-debug.log*\nlerna-debug.log*\nreport.[0-9]*.[0-9]*.[0-9]*.[0-9]*.json\n\
pids\n*.pid\n*.seed\n*.pid.lock\nlib-cov\ncoverage\n*.lcov\n.nyc_output\n.grunt\nbower_components\n.lock-wscript\n\
build/Release\nnode_modules/\njspm_packages/\nweb_modules/\n*.tsbuildinfo\n.npm\n.eslintcache\n.stylelintcache\n\
.rpt2_cache/\n.node_repl_history\n*.tgz\n.yarn-integrity\n.env\n.env.*\n!.env.example\n.cache\n.parcel-cache\n.next\nout\n\
.nuxt\ndist\n.temp\n.docusaurus\n.serverless/\n.fusebox/\n.dynamodb/\n.tern-port\n.vscode-test\n.yarn/cache\n";
const STUDIO: &str = "*.rsuser\n*.suo\n*.user\n*.userosscache\n*.sln.docstates\n[Dd]ebug/\n[Rr]elease/\nx64/\nx86/\n[Ww][Ii][Nn]32/\n\
[Aa][Rr][Mm]/\nbld/\n[Bb]in/\n[Oo]bj/\n[Ll]og/\n[Ll]ogs/\n.vs/\nGenerated\\ Files/\n[Tt]est[Rr]esult*/\n[Bb]uild[Ll]og.*\n\
*.VisualState.xml\n**/[Pp]ackages/*\n!**/[Pp]ackages/build/\n*_i.c\n*_p.c\n*_h.h\n*.meta\n*.obj\n*.iobj\n*.pch\n*.pdb\n~$*\n*~\n\
docs/**/_site/\n/src/*/gen/\n*.[Cc]ache\n!?*.[Cc]ache/\n";

/// Ignore files by name; some have many lines that are slow to match.
fn cases() -> Vec<(&'static str, String)> {
    let literals = |count: usize| (0..count).map(|n| format!("name-{n}.txt\n")).collect();
    let endings = |count: usize| (0..count).map(|n| format!("*.ext{n}\n")).collect();
    let slow = |bytes: usize| {
        let line = |n: usize| format!("*a*{}*b*c{n}*\n", char::from(b'd' + (n % 20) as u8));
        (0..).map(line).take(bytes / 12).collect()
    };
    vec![
        ("one ending", "*.log\n".into()),
        ("node", NODE.into()),
        ("visual studio", STUDIO.into()),
        ("300 names", literals(300)),
        ("40,000 names", literals(40_000)),
        ("300 endings", endings(300)),
        (
            "anchored",
            "/target\n/a/b/c\nsrc/gen/\ndocs/*.html\n".into(),
        ),
        ("slow, 100 KB", slow(100_000)),
        ("slow, 1 MiB", slow(1_000_000)),
        ("classes, 1 MiB", "*[!x]*[!y]*\n".repeat(80_000)),
        ("paths, 1 MiB", "**/a*/b*/**/c\n".repeat(70_000)),
    ]
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let rounds = match arguments.as_slice() {
        [_, option, count] if option == "--rounds" => count.parse().map_err(Error::other)?,
        _ => 15,
    };
    let dir = std::env::temp_dir().join(format!("aether-rules-{}", std::process::id()));
    fs::create_dir(&dir)?;
    for (name, content) in cases() {
        fs::write(dir.join(".gitignore"), content)?;
        let root = File::open(&dir)?;
        let names = names();
        let (mut reading, mut asking) = (Vec::new(), Vec::new());
        let mut left_out = 0;
        for _ in 0..rounds {
            let begun = Instant::now();
            let read = Rules::root(&Ignore::git(), root.as_fd(), b"");
            reading.push(begun.elapsed());
            let Ok((Some(rules), _)) = read else {
                return Err(Error::other("no rules"));
            };
            let begun = Instant::now();
            let mut asked = 0;
            left_out = 0;
            for (path, name, is_dir) in names.iter().cycle() {
                left_out += u32::from(rules.leaves_out(path.as_bytes(), name.as_bytes(), *is_dir));
                asked += 1;
                if asked >= names.len() as u32 || begun.elapsed() > Duration::from_millis(200) {
                    break;
                }
            }
            asking.push(begun.elapsed() / asked);
        }
        let least = |times: Vec<Duration>| times.into_iter().min().unwrap_or_default();
        let (read, ask) = (least(reading), least(asking));
        println!(
            "{name:16} {:9} us {:9} ns {left_out:6}",
            read.as_micros(),
            ask.as_nanos()
        );
    }
    fs::remove_dir_all(&dir)
}

/// Entries as in a source tree: paths of directories, names, whether they are directories.
fn names() -> Vec<(String, String, bool)> {
    const WORDS: &[&str] = &[
        "main",
        "index",
        "user_controller",
        "README",
        "test_helper",
        "a",
        "Makefile",
        "build",
        "name-17",
        "long-file-name-of-some-sort-with-a-few-words-in-it",
        "abcabcabc",
        "component.spec",
        "bin",
    ];
    const ENDS: &[&str] = &[
        ".rs", ".js", ".c", ".o", ".json", ".txt", "", ".log", ".tar.gz", ".ext7",
    ];
    const PATHS: &[&str] = &[
        "",
        "src",
        "src/lib/deep/er",
        "node_modules/left-pad/test",
        "docs/guide",
    ];
    let mut names = Vec::new();
    for path in PATHS {
        for word in WORDS {
            for end in ENDS {
                for more in ["", "2", "_x", "-copy"] {
                    let name = format!("{word}{more}{end}");
                    names.push(((*path).to_owned(), name, end.is_empty()));
                }
            }
        }
    }
    names
}
