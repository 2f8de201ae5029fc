//! Filters for one folder's children that compare names as a search does: ignoring case, and marks
//! that the text does not have.

use memchr::memmem;

use super::Refused;
use super::fold;
use super::glob::Glob;
use crate::reader::NameFilter;

/// Names that contain a text.
pub fn containing(text: &[u8]) -> NameFilter {
    let (plain, marked) = (fold::key(text), fold::marked(text));
    let is_marked = fold::is_marked(&marked);
    NameFilter::new(&[b"=", text].concat(), move |name| match is_marked {
        true => fold::contains(&fold::marked(name), &marked),
        false => memmem::find(&fold::key(name), &plain).is_some(),
    })
}

/// Names that match a glob as a whole, by the rules of [`super::Mode::Glob`].
pub fn matching(glob: &[u8]) -> Result<NameFilter, Refused> {
    let parsed = Glob::new(glob).map_err(Refused::Glob)?;
    Ok(NameFilter::new(
        &[b"*", glob].concat(),
        move |name| match parsed.is_marked {
            true => parsed.matches(&fold::marked(name)),
            false => parsed.matches(&fold::key(name)),
        },
    ))
}
