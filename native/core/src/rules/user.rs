//! A user's own excludes file: `core.excludesFile` of the git configuration in the home directory,
//! or git's default path.

use rustix::fs::CWD;
use rustix::io::Errno;

use super::file::{self, Content, Failure, Links};
use super::{config, join};
use crate::{Error, GitUser, Operation, Reason};

/// The contents of the file, and its path.
pub(super) fn excludes(user: &GitUser, errors: &mut Vec<Error>) -> Option<(Content, Vec<u8>)> {
    let is_absolute = |path: &&Vec<u8>| path.starts_with(b"/");
    let home = user.home.as_ref().filter(is_absolute);
    let config_home = match user.config_home.as_ref().filter(|path| !path.is_empty()) {
        Some(path) => Some(path.clone()).filter(|path| path.starts_with(b"/")),
        None => home.map(|home| join(home, b".config")),
    };
    let mut given = None;
    let configs = [
        config_home.as_ref().map(|path| join(path, b"git/config")),
        home.map(|home| join(home, b".gitconfig")),
    ];
    for path in configs.into_iter().flatten() {
        given = excludes_file(&path, errors).or(given);
    }
    let path = match given {
        // An empty value means that there is no file.
        Some(path) if path.is_empty() => return None,
        Some(path) => match expand(&path, home) {
            Ok(path) => path,
            Err(failure) => {
                errors.push(failure.error(&path));
                return None;
            }
        },
        None => join(&config_home?, b"git/ignore"),
    };
    let at = || path.clone();
    let content = file::content(CWD, &path, Links::Followed, at, errors)?;
    Some((content, path))
}

/// `core.excludesFile` in one configuration file.
fn excludes_file(path: &[u8], errors: &mut Vec<Error>) -> Option<Vec<u8>> {
    let at = || path.to_vec();
    let content = file::content(CWD, path, Links::Followed, at, errors)?;
    match config::core(&content.bytes, b"excludesfile") {
        Ok(value) => value.map(Option::unwrap_or_default),
        Err(line) => {
            let error = Error::new(Reason::BadPattern, Operation::Ignore, path);
            errors.push(Error {
                detail: Some(format!("line {line} is not valid in a git configuration")),
                ..error
            });
            None
        }
    }
}

/// Expands a path as git does in its configuration.
fn expand(path: &[u8], home: Option<&Vec<u8>>) -> Result<Vec<u8>, Failure> {
    if path.contains(&0) {
        return Err(Errno::INVAL.into());
    }
    match (path.strip_prefix(b"~/"), home) {
        (Some(rest), Some(home)) => Ok(join(home, rest)),
        _ if path.starts_with(b"/") => Ok(path.to_vec()),
        _ => Err(Failure::new(
            Errno::INVAL,
            "core.excludesFile must begin with / or ~/",
        )),
    }
}
