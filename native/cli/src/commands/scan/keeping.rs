//! The index that a scan is kept in: opened once it is certain that there is something to scan, and closed with it.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;

use aether_core::{GitUser, Options as Walked, RootPath};
use aether_index::{Index, OpenOptions, Rules, ScanSpec};
use rustix::fs::{Mode, OFlags, open};

use crate::commands::LocalIndex;
use crate::failure::Failure;
use crate::messages::shown;
use crate::options::{Keep, Walk};
use crate::place;

/// An open index, and what the scan is kept as.
pub struct Keeping {
    pub file: PathBuf,
    state: LocalIndex,
    writer: Arc<Index>,
    spec: ScanSpec,
}

impl Keeping {
    /// Opens the index, if one is wanted. Where no rules are given, the walk goes by those that the index has.
    pub fn open(
        keep: &Keep,
        walk: &Walk,
        path: &[u8],
        walked: &mut Walked,
    ) -> Result<Option<Keeping>, Failure> {
        let file = match &keep.index {
            Some(file) => Some(PathBuf::from(file)),
            None if keep.keep => None,
            None => return Ok(None),
        };
        check_directory(path)?;
        let root = RootPath::resolve(path);
        let root = root.map_err(|error| Failure::io(&error, "open", path))?;
        let file = match file {
            Some(file) => file,
            None => place::kept(&root.real)?,
        };
        let state = LocalIndex::new(false, usize::MAX);
        state.open(&file, OpenOptions::default())?;
        let stored = state.rules(&root.path, keep.id.as_deref())?;
        let has_rules =
            walk.no_hidden || walk.one_file_system || walk.git_ignore || !walk.exclude.is_empty();
        let rules = match stored {
            Some(stored) if !has_rules => {
                go_by(&stored.rules, walked);
                stored.rules
            }
            _ => Rules::from(&*walked),
        };
        let spec = ScanSpec {
            source_id: keep.id.clone(),
            rules: Some(rules),
            replace_rules: keep.replace_rules,
            accept_root: keep.accept_root,
            tag: format!("process {}", std::process::id()),
            ..ScanSpec::default()
        };
        let writer = state.writer()?;
        Ok(Some(Keeping {
            file,
            state,
            writer,
            spec,
        }))
    }

    /// What a scan needs of it.
    pub fn parts(&self) -> Result<(&Arc<Index>, ScanSpec), Failure> {
        Ok((&self.writer, self.spec.clone()))
    }

    /// Writes what is left. Only then all is in the file itself.
    pub fn close(&mut self) -> Result<(), Failure> {
        Ok(self.state.close()?)
    }
}

/// Walks by the rules of an index, which do not say where a user's own file lies.
pub fn go_by(rules: &Rules, walked: &mut Walked) {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let bytes = |name: &str| set(name).map(|value| value.as_bytes().to_vec());
    let user = || GitUser {
        home: bytes("HOME"),
        config_home: bytes("XDG_CONFIG_HOME"),
    };
    walked.hidden = rules.hidden;
    walked.ignore = rules.ignore.clone();
    walked.ignore.git_user = rules.ignore.git_user.as_ref().map(|_| user());
    walked.exclude = rules.exclude.iter().cloned().collect();
    walked.same_file_system = rules.same_file_system;
}

/// A mistyped PATH must leave no index behind.
fn check_directory(path: &[u8]) -> Result<(), Failure> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let Err(errno) = open(path, flags, Mode::empty()) else {
        return Ok(());
    };
    if errno == rustix::io::Errno::NOTDIR && place::os(path).exists() {
        let path = shown(path);
        return Err(Failure::usage(format!(
            "an index keeps directories, and \"{path}\" is a file"
        )));
    }
    Err(Failure::io(&errno.into(), "open", path))
}
