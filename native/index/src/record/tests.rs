//! Complete records are read, partial ones are not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;

fn records() -> [Record; 4] {
    let ids = [
        "a b",
        "c",
        "database",
        "database 5:6 x open 7 8",
        "e\nend 1\n",
        "\\n\\",
        "",
    ];
    let generations = (-1..).zip(ids).map(|(at, id)| (id.to_owned(), at));
    let generations: Arc<Generations> = Arc::new(generations.collect());
    let file = Some(FileId {
        device: 5,
        inode: u64::MAX,
    });
    let with = |state, page, tokens: &[&str]| Record {
        file,
        tokens: tokens.iter().map(|token| (*token).to_owned()).collect(),
        page,
        state,
        boot: boot(),
        generations: generations.clone(),
    };
    [
        Record::default(),
        with(FileState::Opening, 7, &["12"]),
        with(FileState::Closed, 0, &["ab", "cd"]),
        with(FileState::Restoring, 9, &[]),
    ]
}

fn write(bytes: &mut Vec<u8>, at: u64, text: &[u8]) {
    let (from, to) = (at as usize, at as usize + text.len());
    bytes.resize(bytes.len().max(to), 0);
    bytes[from..to].copy_from_slice(text);
}

#[test]
fn a_record_reads_as_it_was_written() {
    for record in records() {
        assert_eq!(Record::parse(record.text(1).as_bytes()).0, record);
    }
}

/// Records are written one after another and cut off at every byte: the one before is read.
#[test]
fn a_partial_record_is_not_read() {
    let mut bytes = Vec::new();
    let mut last = Record::default();
    for (at, record) in records().iter().cycle().take(27).enumerate() {
        let (found, place) = Record::parse(&bytes);
        assert_eq!(found, last);
        let number = place.next_number();
        // Change one source after the other, and now and then all.
        let (text, from, record) = if at % 9 == 0 {
            let text = record.text(number);
            let from = place.next(text.len() as u64).from();
            (text, from, record.clone())
        } else {
            let one = ("b".to_owned(), at as i64);
            let mut changed = last.clone();
            (changed.state, changed.page) = (record.state, at as u32);
            let text = changed.update(number, Some((&one.0, &one.1)));
            Arc::make_mut(&mut changed.generations).extend([one]);
            (text, place.end(), changed)
        };
        for half in 0..text.len() {
            let mut bytes = bytes.clone();
            write(&mut bytes, from, &text.as_bytes()[..half]);
            let found = Record::parse(&bytes).0;
            let is_whole = half + 1 == text.len();
            assert!(
                found == last || is_whole && found == record,
                "{half} of {text:?}"
            );
        }
        write(&mut bytes, from, text.as_bytes());
        last = record;
    }
    assert_eq!(Record::parse(&bytes).0, last);
}

/// Updates of an earlier writer remain after its lost record.
#[test]
fn no_update_is_applied_to_another_record() {
    let [_, record, ..] = records();
    let mut bytes = record.text(1).into_bytes();
    let place = Record::parse(&bytes).1;
    let mut updates = Vec::new();
    for number in 2..5 {
        let mut record = record.clone();
        record.page = number as u32;
        updates.push(record.update(number, None));
    }
    let torn = place.end() as usize + 5;
    bytes.extend(updates.concat().into_bytes());
    bytes[torn] = b'?';
    let (found, place) = Record::parse(&bytes);
    assert_eq!(found, record);
    let update = found.update(place.next_number(), None);
    write(&mut bytes, place.end(), update.as_bytes());
    assert_eq!(Record::parse(&bytes).0, record);
}

#[test]
fn records_without_numbers_are_read() {
    let generations = Generations::from([("a b".to_owned(), 3), ("c".to_owned(), -1)]);
    // As version 1 wrote it, and with a line cut off.
    let record = Record::parse(b"a b 3\nc -1\nd").0;
    assert_eq!(
        (record.generations, record.file),
        (Arc::new(generations.clone()), None)
    );
    let record = Record::parse(b"database 5:6 x,y open 7\na b 3\nc -1\n").0;
    assert_eq!(
        (record.generations, record.page),
        (Arc::new(generations), 7)
    );
    assert_eq!((record.tokens.len(), record.file.unwrap().inode), (2, 6));
    // An id of version 1.
    let record = Record::parse(b"database 3\n").0;
    assert_eq!(
        *record.generations,
        Generations::from([("database".to_owned(), 3)])
    );
}
