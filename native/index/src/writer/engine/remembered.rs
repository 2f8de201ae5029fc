//! The generation that each source had reached, as the sidecar remembers it. A database with a
//! lower one was put back in time. Answers say so about a source until a whole scan of it has run
//! to its end; other scans, and scans that break off, do not count.

use crate::record::Generations;

/// Above any generation: the source was put back and has had no whole scan since.
const ROLLED_BACK: i64 = i64::MAX;

#[derive(Debug)]
pub(in crate::writer) struct RememberedGenerations(pub Generations);

impl RememberedGenerations {
    /// For an index that is being opened. A source with a lower generation than remembered stays
    /// marked when its generation grows.
    pub fn new(remembered: &Generations, stored: &Generations) -> RememberedGenerations {
        let mark = |(uuid, generation): (&String, &i64)| {
            let is_back = stored.get(uuid).is_some_and(|stored| stored < generation);
            (
                uuid.clone(),
                if is_back { ROLLED_BACK } else { *generation },
            )
        };
        RememberedGenerations(remembered.iter().map(mark).collect())
    }

    /// Notes that the whole scan which began this generation has ended. Returns what is remembered.
    pub fn end(&mut self, uuid: &str, generation: i64, ran_to_end: bool) -> i64 {
        let remembered = self.0.entry(uuid.to_owned()).or_default();
        if ran_to_end || *remembered != ROLLED_BACK {
            *remembered = generation;
        }
        *remembered
    }

    /// Drops sources that no longer exist: one that takes the name is another.
    pub fn keep(&mut self, stored: &Generations) {
        self.0.retain(|uuid, _| stored.contains_key(uuid));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generations(of: &[(&str, i64)]) -> Generations {
        let pairs = of.iter();
        pairs.map(|(uuid, at)| ((*uuid).to_owned(), *at)).collect()
    }

    #[test]
    fn a_source_put_back_is_marked_until_its_own_whole_scan_ends() {
        let stored = generations(&[("a", 3), ("b", 3), ("c", 1)]);
        let mut remembered =
            RememberedGenerations::new(&generations(&[("a", 5), ("b", 3), ("d", 7)]), &stored);
        let is_back = |remembered: &RememberedGenerations, uuid: &str, stored: i64| {
            remembered.0.get(uuid).is_some_and(|at| *at > stored)
        };
        let later = generations(&[("a", 6), ("b", 4), ("c", 1)]);
        assert_eq!(remembered.end("b", 4, true), 4);
        assert_eq!(remembered.end("a", 6, false), ROLLED_BACK);
        assert!(is_back(&remembered, "a", 6) && !is_back(&remembered, "b", 4));
        assert_eq!(remembered.end("a", 6, true), 6);
        assert!(!is_back(&remembered, "a", 6));
        remembered.keep(&later);
        assert_eq!(remembered.0, generations(&[("a", 6), ("b", 4)]));
    }
}
