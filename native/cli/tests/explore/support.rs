//! A tree, an index of it, and the program.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The clock of every screen: 2026-01-02 00:00 UTC.
pub const NOW: i64 = 1_767_312_000;

/// A folder of one test's own.
pub struct Sandbox {
    _folder: TempDir,
    pub path: PathBuf,
}

/// What the program did.
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    /// As a shell tells it.
    pub status: i32,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        let folder = tempfile::Builder::new()
            .prefix("ex")
            .rand_bytes(6)
            .tempdir_in("/tmp")
            .unwrap();
        let path = folder.path().canonicalize().unwrap();
        fs::create_dir(path.join("tree")).unwrap();
        Sandbox {
            _folder: folder,
            path,
        }
    }

    /// One with files of known sizes and times.
    pub fn with_tree() -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.bash(
            "cd tree && mkdir -p projects/web/node_modules music empty &&
             head -c 3000000 /dev/zero > projects/web/node_modules/big.js &&
             head -c 40000 /dev/zero > projects/web/index.html &&
             head -c 700000 /dev/zero > music/song.flac && head -c 300000 /dev/zero > dump.sql &&
             ln -s dump.sql link && mkfifo pipe &&
             find . -exec touch -h -d '2026-01-01 12:00 UTC' {} +",
        );
        sandbox
    }

    pub fn bash(&self, script: &str) {
        let status = Command::new("bash")
            .arg("-c")
            .arg(script)
            .current_dir(&self.path)
            .status();
        assert!(status.unwrap().success(), "{script}");
    }

    /// What a script prints that runs as somebody without rights, who owns all of it.
    pub fn bash_without_rights(&self, script: &str) -> String {
        let mut command = Command::new("bash");
        if rustix::process::geteuid().is_root() {
            command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash"]);
            self.bash("chown -R 65534:65534 .");
        }
        let output = command
            .args(["-c", script])
            .current_dir(&self.path)
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    }

    /// Runs the program on words.
    pub fn run(&self, words: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aether"));
        command
            .args(words)
            .current_dir(&self.path)
            .env("XDG_STATE_HOME", self.path.join("state"))
            .env("XDG_DATA_HOME", self.path.join("data"))
            .env("HOME", &self.path)
            .env("TERM", "xterm")
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("AETHER_NOW", NOW.to_string())
            .stdin(Stdio::null());
        let output = command.output().unwrap();
        Ran {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            status: output
                .status
                .code()
                .unwrap_or_else(|| 128 + output.status.signal().unwrap()),
        }
    }

    /// Scans the tree into its own index.
    pub fn scan(&self) {
        let ran = self.run(&["scan", "--keep", "-q", "tree"]);
        assert!(ran.status < 2, "{}", ran.stderr);
    }

    /// The screen after keys, without what a temporary folder is called.
    pub fn screen(&self, keys: &str, size: &str) -> String {
        let ran = self.explore(keys, size, &[]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
        ran.stdout
    }

    /// The same with more words.
    pub fn explore(&self, keys: &str, size: &str, words: &[&str]) -> Ran {
        let once = format!("--once={keys}");
        let ran = self.run(
            &[
                &["explore", "tree", "--no-scan", &once, "--size", size],
                words,
            ]
            .concat(),
        );
        Ran {
            stdout: self.hidden(&ran.stdout),
            ..ran
        }
    }

    /// A name of the same length stands for that of the folder.
    fn hidden(&self, text: &str) -> String {
        let path = self.path.to_str().unwrap();
        text.replace(path, &format!("/srv/{}", "x".repeat(path.len() - 5)))
    }
}

/// The index that lies in the state folder.
pub fn kept(sandbox: &Sandbox) -> PathBuf {
    let files = fs::read_dir(sandbox.path.join("state/aether")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .into_iter()
        .find(|file| file.extension() == Some("db".as_ref()))
        .unwrap()
}

/// Lines of a screen that say something.
pub fn lines(screen: &str) -> Vec<&str> {
    screen
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Names in the order in which a screen has them.
pub fn names(screen: &str) -> Vec<String> {
    let rows = screen.lines().skip(2);
    let rows = rows.take_while(|line| !line.is_empty() && !line.contains(" · "));
    rows.map(|line| line.rsplit("  ").next().unwrap().to_owned())
        .collect()
}

pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
