//! A sandbox with a tree, a state folder and the program.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub const AETHER: &str = env!("CARGO_BIN_EXE_aether");

/// A folder of one test's own.
pub struct Sandbox {
    _folder: TempDir,
    /// Without links on the way.
    pub path: PathBuf,
}

/// What a program did.
pub struct Ran {
    pub stdout: Vec<u8>,
    pub stderr: String,
    /// The exit status as a shell tells it.
    pub status: i32,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        // Other users look into it in some tests.
        let all = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&path, all).unwrap();
        Sandbox {
            _folder: folder,
            path,
        }
    }

    /// With names that a program has to be careful with.
    pub fn hostile() -> Sandbox {
        let sandbox = Sandbox::new();
        for name in [
            &b"root/plain"[..],
            b"root/dir/sub/deep",
            b"root/.dot/file",
            b"root/new\nline/\x1b[31mred",
            b"root/raw\xff\xfe/in\xc0",
            b"root/-rf",
            b"root/c1\xc2\x9b\xe2\x80\xae",
        ] {
            sandbox.file(name, "12345");
        }
        std::os::unix::fs::symlink("plain", sandbox.at("root/link")).unwrap();
        sandbox.bash("mkfifo root/pipe");
        sandbox
    }

    pub fn at(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.path.join(name.as_ref())
    }

    pub fn file(&self, name: &[u8], content: &str) {
        let path = self.at(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// The program, in this folder.
    pub fn command<I: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = I>) -> Command {
        self.of(AETHER, words)
    }

    /// Another program, in this folder.
    pub fn of<I: AsRef<OsStr>>(
        &self,
        program: &str,
        words: impl IntoIterator<Item = I>,
    ) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(&self.path);
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command
            .env("XDG_STATE_HOME", self.at("state"))
            .env("TMPDIR", &self.path)
            .env("HOME", &self.path)
            .env_remove("COLUMNS")
            .env_remove("SUDO_UID")
            .env("A", AETHER)
            .stdin(Stdio::null());
    }

    /// Runs the program.
    pub fn run<I: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = I>) -> Ran {
        Ran::of(self.command(words).output().unwrap())
    }

    /// Its output; the exit status must be 0.
    pub fn text<I: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = I>) -> String {
        let ran = self.run(words);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        ran.text()
    }

    /// Its JSON lines.
    pub fn json(&self, words: &[&str]) -> Vec<serde_json::Value> {
        let text = self.text(words);
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect(line))
            .collect()
    }

    /// Runs a script, in which `$A` is the program.
    pub fn bash(&self, script: &str) -> Ran {
        let mut command = Command::new("bash");
        command.args(["-c", script]).current_dir(&self.path);
        self.prepare(&mut command);
        Ran::of(command.output().unwrap())
    }

    /// What find prints, sorted.
    pub fn find(&self, words: &str) -> Vec<Vec<u8>> {
        let found = self.bash(&format!("find {words} -print0"));
        assert_eq!(found.status, 0, "{}", found.stderr);
        sorted(&found.stdout)
    }
}

impl Ran {
    fn of(output: Output) -> Ran {
        let status = output.status;
        Ran {
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            status: status
                .code()
                .unwrap_or_else(|| 128 + status.signal().unwrap()),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).unwrap()
    }
}

/// Paths that end in NUL, sorted.
pub fn sorted(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut paths = bytes
        .split(|byte| *byte == 0)
        .map(<[u8]>::to_vec)
        .collect::<Vec<_>>();
    assert_eq!(
        paths.pop(),
        Some(Vec::new()),
        "the last one ends in NUL as well"
    );
    paths.sort();
    paths
}

pub fn os(bytes: &[u8]) -> OsString {
    OsString::from_vec(bytes.to_vec())
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether mounts of one's own are possible here.
pub fn may_mount() -> bool {
    let unshared = Command::new("unshare").args(["-m", "true"]).output();
    is_root() && unshared.is_ok_and(|output| output.status.success())
}

pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
