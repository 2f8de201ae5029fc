//! What the options and the ignore rules leave out. Listings ask it for each entry, and a start for each name on the
//! way to its folder: what a scan does not show cannot be opened by its path either.

use crate::Options;
use crate::rules::Rules;

/// Whether a name is left out, whatever its kind.
#[inline(always)]
pub(super) fn is_hidden(options: &Options, name: &[u8]) -> bool {
    !options.hidden && name.first() == Some(&b'.')
}

/// Whether an entry is left out. `rules` are those in effect in its directory, whose path is `dir_path`.
#[inline(always)]
pub(super) fn is_left_out(
    options: &Options,
    rules: Option<&Rules>,
    dir_path: &[u8],
    name: &[u8],
    is_dir: bool,
) -> bool {
    is_hidden(options, name)
        || (is_dir && options.exclude.contains(name))
        || rules.is_some_and(|rules| rules.leaves_out(dir_path, name, is_dir))
}
