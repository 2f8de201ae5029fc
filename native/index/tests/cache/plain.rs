//! A cache as the predecessor would write it, part by part, so that each can be wrong.

/// Before it is packed.
#[derive(Clone)]
pub struct Plain {
    pub version: u32,
    pub source_id: Vec<u8>,
    pub segments: Vec<Vec<u8>>,
    pub tags: (Vec<Vec<u8>>, Vec<u32>, Vec<u32>, Vec<u8>),
    /// Segment, parent, first child, children, first entry, entries.
    pub prefixes: Vec<[u32; 6]>,
    pub children: Vec<u32>,
    /// Segment, count, is_file.
    pub entries: Vec<(u32, u32, u8)>,
    pub after: Vec<u8>,
}

impl Plain {
    /// `a/` with `b/` and a file, which has a file.
    pub fn sample() -> Plain {
        Plain {
            version: 3,
            source_id: b"demo".to_vec(),
            segments: ["a", "b", "x.txt", "é"]
                .map(|s| s.as_bytes().to_vec())
                .to_vec(),
            tags: (vec![b"tag".to_vec()], vec![0], vec![7], vec![1]),
            prefixes: vec![
                [NONE, NONE, 0, 1, 0, 1],
                [0, 0, 1, 1, 1, 2],
                [1, 1, 0, 0, 3, 1],
            ],
            children: vec![1, 2],
            entries: vec![(0, 2, 0), (1, 1, 0), (2, 1, 1), (3, 1, 1)],
            after: Vec::new(),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.version.to_le_bytes().to_vec();
        let long = |out: &mut Vec<u8>, n: usize| out.extend((n as u64).to_le_bytes());
        let text = |out: &mut Vec<u8>, text: &[u8]| {
            long(out, text.len());
            out.extend(text);
        };
        let texts = |out: &mut Vec<u8>, list: &[Vec<u8>]| {
            long(out, list.len());
            list.iter().for_each(|t| text(out, t));
        };
        let words = |out: &mut Vec<u8>, list: &mut dyn ExactSizeIterator<Item = u32>| {
            long(out, list.len());
            list.for_each(|n| out.extend(n.to_le_bytes()));
        };
        let shorts = |out: &mut Vec<u8>, list: &mut dyn ExactSizeIterator<Item = u32>| {
            long(out, list.len());
            list.for_each(|n| out.extend((n as u16).to_le_bytes()));
        };
        let column = |at: usize| self.prefixes.iter().map(move |prefix| prefix[at]);
        text(&mut out, &self.source_id);
        long(&mut out, 2);
        text(&mut out, b"2026-01-01T00:00:00+00:00");
        texts(&mut out, &self.segments);
        texts(&mut out, &self.tags.0);
        words(&mut out, &mut self.tags.1.iter().copied());
        words(&mut out, &mut self.tags.2.iter().copied());
        text(&mut out, &self.tags.3);
        words(&mut out, &mut column(0));
        words(&mut out, &mut column(1));
        words(&mut out, &mut column(2));
        shorts(&mut out, &mut column(3));
        words(&mut out, &mut column(4));
        shorts(&mut out, &mut column(5));
        words(&mut out, &mut self.children.iter().copied());
        words(&mut out, &mut self.entries.iter().map(|entry| entry.0));
        words(&mut out, &mut self.entries.iter().map(|entry| entry.1));
        long(&mut out, self.entries.len());
        out.extend(self.entries.iter().map(|entry| entry.2));
        out.extend(&self.after);
        out
    }

    pub fn packed(&self) -> Vec<u8> {
        zstd::encode_all(&self.bytes()[..], 3).unwrap()
    }
}

pub const NONE: u32 = u32::MAX;
