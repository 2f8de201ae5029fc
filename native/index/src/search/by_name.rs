//! Tests names against a pattern. A text is searched for in one pass over the blob; for other
//! patterns names are tested one by one, after a check of their masks.

use super::BLOCK;
use super::char_mask::has;
use super::collector::Collector;
use super::pattern::{Kind, Pattern, Substring};
use super::rank::{CASE, Fit, MatchKind, Spelling};
use super::shard::Shard;
use super::swar;

/// If more than one in this many names contains a text, multiplied by the text's length, comparing
/// all bytes with each of the text's is faster than going from hit to hit.
const COMMON: usize = 16;

/// Tests names against a pattern.
pub(super) struct NameTest<'a> {
    pattern: &'a Pattern,
    is_marked: bool,
    /// What a name's spelling can add to its score.
    case: i32,
    exactly: bool,
    weight: usize,
}

impl NameTest<'_> {
    pub(super) fn new(pattern: &Pattern, exactly: bool) -> NameTest<'_> {
        NameTest {
            pattern,
            is_marked: pattern.is_marked(),
            case: if pattern.prefers() { CASE } else { 0 },
            exactly,
            weight: pattern.weight(),
        }
    }

    /// All names of a shard.
    pub(super) fn all(&self, shard: &Shard, found: &mut Collector<'_>) {
        // How common the text was in the last block decides how the next one is searched.
        let mut is_common = false;
        for from in (0..shard.len()).step_by(BLOCK) {
            let to = (from + BLOCK).min(shard.len());
            let (blob, _) = shard.blob(from, to);
            if !found.work.spend(to - from + blob.len()) {
                return;
            }
            match &self.pattern.kind {
                Kind::Substring(substring) if !substring.finder.needle().is_empty() => {
                    let text = substring.finder.needle();
                    let count = if is_common
                        && text.len() <= swar::MAX_TEXT
                        && !substring.is_marked()
                        && found.counts_below(Fit::at_most(MatchKind::Word) + self.case)
                    {
                        self.common(substring, shard, from, to, found)
                    } else {
                        self.rare(substring, shard, from, to, found)
                    };
                    is_common = count > (to - from) / COMMON * (text.len() + 1);
                }
                _ => {
                    for (name, &mask) in (from..).zip(shard.masks(from, to)) {
                        if has(mask, self.pattern.mask) && !self.test(shard, name, found) {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// The lowest score, without case, with which a name can still be among the best.
    fn least(&self, found: &Collector<'_>) -> i32 {
        found.least().saturating_sub(self.case)
    }

    /// Tests only names that matched an earlier query.
    pub(super) fn again(&self, shard: &Shard, names: &[u16], found: &mut Collector<'_>) {
        for &name in names {
            let name = usize::from(name);
            if has(shard.mask(name), self.pattern.mask) && !self.test(shard, name, found) {
                return;
            }
        }
    }

    /// One pass over the blob of many names, from hit to hit. Returns how many names contain the
    /// text.
    fn rare(
        &self,
        substring: &Substring,
        shard: &Shard,
        from: usize,
        to: usize,
        found: &mut Collector<'_>,
    ) -> usize {
        let (blob, start) = shard.blob(from, to);
        let (mut at, mut name, mut count) = (0, from, 0);
        while let Some(rest) = blob.get(at..)
            && let Some(hit) = substring.finder.find(rest)
        {
            let next;
            (name, next) = shard.name_at(start + at + hit, name);
            let spelling = Spelling::new(shard, name);
            if !found.work.spend(spelling.steps(self.weight)) {
                break;
            }
            let place = start + at + hit - spelling.start;
            if substring.has_marks(&spelling, place) {
                let fit = substring.fit(&spelling, place, self.least(found));
                let fit = prefer(self.pattern, shard, name, fit, found);
                found.take(shard, name, fit);
                count += 1;
            }
            name += 1;
            at = next - start;
        }
        count
    }

    /// The same for a common text, when only names that begin with it can still be among the best.
    fn common(
        &self,
        substring: &Substring,
        shard: &Shard,
        from: usize,
        to: usize,
        found: &mut Collector<'_>,
    ) -> usize {
        let (blob, _) = shard.blob(from, to);
        let mut names = [0; BLOCK / 64];
        swar::find(blob, substring.finder.needle(), &mut names, |name| {
            let name = from + name;
            let fit = substring.fit(&Spelling::new(shard, name), 0, i32::MAX);
            let fit = prefer(self.pattern, shard, name, fit, found);
            found.offer(shard, name, fit);
        });
        // Blocks are aligned to words of bits.
        for (word, &names) in (from / 64..).zip(&names) {
            found.count(shard.count_rows(word, names));
        }
        names.iter().map(|names| names.count_ones() as usize).sum()
    }

    /// Tests a name. Returns whether the search is to continue.
    fn test(&self, shard: &Shard, name: usize, found: &mut Collector<'_>) -> bool {
        let spelling = Spelling::new(shard, name);
        if !found.work.spend(spelling.steps(self.weight)) {
            return false;
        }
        let least = match self.exactly {
            true => i32::MIN,
            false => self.least(found),
        };
        let mut room = std::mem::take(&mut found.name);
        let marked = match self.is_marked {
            true => shard.marked(name, &mut room),
            false => None,
        };
        let text = marked.unwrap_or(spelling.key);
        let fit = self.pattern.fit(text, &spelling, least);
        found.name = room;
        if let Some(fit) = fit
            && self.pattern.has_marks(&spelling)
        {
            let fit = prefer(self.pattern, shard, name, fit, found);
            found.take(shard, name, fit);
        }
        true
    }
}

/// Adds the worth of a name's spelling, if it can make a difference.
pub(super) fn prefer(
    pattern: &Pattern,
    shard: &Shard,
    name: usize,
    fit: Fit,
    found: &mut Collector<'_>,
) -> Fit {
    let matters =
        pattern.prefers() && fit.score.saturating_add(CASE) >= found.least_of(shard, name);
    match matters && pattern.is_preferred(shard.name(name, &mut found.name)) {
        true => fit.preferred(),
        false => fit,
    }
}
