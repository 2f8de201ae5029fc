//! Arbitrary bytes as a slab: refused, or read by every reader and encoded again to the same bytes.

use aether_core::lines::{self, Style};
use aether_core::slab::{Builder, Slab, set_sequence};

pub fn run(data: &[u8]) {
    let Ok(slab) = Slab::decode(data) else { return };
    let entries: Vec<_> = slab.entries().collect();
    assert_eq!(entries.len(), slab.entry_count());
    assert_eq!(slab.records().count(), slab.record_count());
    // A page of a large slab is read from the middle.
    for from in [1, entries.len() / 2, entries.len().saturating_sub(1)] {
        assert!(
            slab.entries_from(from)
                .eq(entries.iter().skip(from).cloned()),
            "from {from}"
        );
    }
    assert_eq!(slab.entries_from(usize::MAX).count(), 0);
    for style in [Style::Json, Style::Print0] {
        let (mut text, mut from) = (Vec::new(), 0);
        while let Some(next) = lines::format(&slab, from, style, &mut text) {
            assert!(next > from, "a piece without an entry");
            from = next;
        }
    }
    assert_eq!(encode(&slab), data, "each content has one encoding");
}

fn encode(slab: &Slab<'_>) -> Vec<u8> {
    let mut builder = Builder::new(slab.tag(), slab.groups());
    let mut entries = slab.entries();
    for record in slab.records() {
        builder.open(|path| path.extend_from_slice(record.path));
        for entry in entries.by_ref().take(record.entries.len()) {
            assert_eq!(entry.directory, record.path);
            builder.entry(entry.name, entry.kind, entry.metadata.as_ref());
            builder.target(entry.target);
        }
        builder.close(record.status);
    }
    // Previous contents of the buffer must not show.
    let mut bytes = vec![0xa5; builder.encoded_len()];
    builder.encode_into(&mut bytes);
    set_sequence(&mut bytes, slab.sequence());
    bytes
}
