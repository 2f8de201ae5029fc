//! The names that requests and answers have for values of this crate.

use aether_index::reader::{BreakdownBy, ChangedFile, GroupKey};
use aether_index::search::Mode;

/// The names for which there is a value, and that value.
fn known<T>(names: &str, from_name: fn(&str) -> Option<T>) -> Vec<T> {
    for other in ["", "Name", "names", "none"] {
        assert!(from_name(other).is_none(), "{other}");
    }
    names.split(' ').filter_map(from_name).collect()
}

#[test]
fn every_choice_has_a_name() {
    assert_eq!(
        known("extension age owner", BreakdownBy::from_name),
        [BreakdownBy::Extension, BreakdownBy::Age, BreakdownBy::Owner]
    );
    assert_eq!(
        known("auto substring glob fuzzy", Mode::from_name),
        [Mode::Auto, Mode::Substring, Mode::Glob, Mode::Fuzzy]
    );
}

#[test]
fn a_group_has_a_name_unless_it_is_an_extension_or_a_user() {
    for (key, name) in [
        (GroupKey::Extension(b"rs".to_vec()), None),
        (GroupKey::User(0), None),
        (GroupKey::Age(Some(1)), Some("day")),
        (GroupKey::Age(Some(7)), Some("week")),
        (GroupKey::Age(Some(30)), Some("month")),
        (GroupKey::Age(Some(365)), Some("year")),
        (GroupKey::Age(None), Some("older")),
        (GroupKey::NoAge, Some("unknown")),
        (GroupKey::NoUser, Some("unknown")),
    ] {
        assert_eq!(key.name(), name, "{key:?}");
    }
}

#[test]
fn a_changed_file_was_added_or_removed_or_is_another_than_before() {
    for (was, kind, change) in [
        (false, Some(1), "added"),
        (true, Some(1), "changed"),
        (true, None, "removed"),
    ] {
        let file = ChangedFile {
            name: b"a".to_vec(),
            was,
            kind,
            bytes: 0,
        };
        assert_eq!(file.change(), change);
    }
}
