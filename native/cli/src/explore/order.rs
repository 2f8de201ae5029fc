//! The rows around the view, and when they change places: values change at once, places only when no key has been
//! pressed for a while, so that nobody hits a row that has just moved there.

use std::collections::HashMap;

use aether_index::reader::Child;

/// Rows of a folder, one after the other, from some row on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Which row of the folder the first of these is.
    pub first: usize,
    /// Rows of the folder in all.
    pub total: usize,
    /// There are more, which are not read.
    pub is_cut: bool,
    pub children: Vec<Child>,
}

impl Rows {
    /// A row of the folder.
    pub fn get(&self, row: usize) -> Option<&Child> {
        self.children.get(row.checked_sub(self.first)?)
    }

    /// Whether all rows from one to another are here.
    pub fn has(&self, from: usize, to: usize) -> bool {
        from >= self.first && to.min(self.total) <= self.first + self.children.len()
    }

    /// Which row has this name.
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let at = self.children.iter().position(|child| child.name == name)?;
        Some(self.first + at)
    }

    /// These rows in the places they have, with what is newer; what is gone stays until the order is renewed. The second
    /// says whether that is another order than the newer one.
    pub fn keep_places(&self, newer: &Rows) -> (Rows, bool) {
        let known = newer.children.iter().map(|child| (&child.name, child));
        let mut known = known.collect::<HashMap<_, _>>();
        let mut children = Vec::with_capacity(newer.children.len());
        for child in &self.children {
            children.push(known.remove(&child.name).unwrap_or(child).clone());
        }
        let of_new = newer.children.iter();
        children.extend(
            of_new
                .filter(|child| known.contains_key(&child.name))
                .cloned(),
        );
        let names = |rows: &[Child]| {
            rows.iter()
                .map(|child| child.name.clone())
                .collect::<Vec<_>>()
        };
        let is_other = self.first != newer.first || names(&children) != names(&newer.children);
        let rows = Rows {
            first: self.first,
            total: newer.total.max(self.first + children.len()),
            is_cut: newer.is_cut,
            children,
        };
        (rows, is_other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[(&str, i64)]) -> Rows {
        let child = |(name, bytes): &(&str, i64)| Child {
            name: name.as_bytes().to_vec(),
            kind: 1,
            file_count: 1,
            bytes: Some(*bytes),
            mtime: None,
            status: None,
            unknown_below: None,
            imported: false,
            disk: None,
            disk_unshared: None,
            disk_exact: None,
            nlink: None,
            owner: None,
        };
        Rows {
            first: 0,
            total: names.len(),
            is_cut: false,
            children: names.iter().map(child).collect(),
        }
    }

    #[test]
    fn values_change_and_places_do_not() {
        let old = rows(&[("a", 5), ("b", 3)]);
        let (kept, is_other) = old.keep_places(&rows(&[("b", 9), ("a", 5), ("c", 1)]));
        assert_eq!(kept, rows(&[("a", 5), ("b", 9), ("c", 1)]));
        assert!(is_other);
        let (kept, is_other) = old.keep_places(&rows(&[("a", 7), ("b", 6)]));
        assert_eq!(kept, rows(&[("a", 7), ("b", 6)]));
        assert!(!is_other);
    }

    #[test]
    fn what_is_gone_keeps_its_place_until_then() {
        let (kept, is_other) = rows(&[("a", 5), ("b", 3)]).keep_places(&rows(&[("b", 3)]));
        assert_eq!(kept, rows(&[("a", 5), ("b", 3)]));
        assert!(is_other);
    }
}
