//! Making the file smaller changes nothing in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::Reason;
use aether_index::maintenance::vacuum;

use crate::support::*;
use crate::{checked, many};

#[test]
fn a_vacuum_gives_room_back_and_changes_nothing() {
    let fixture = Fixture::new();
    fixture.scan(&many(6000));
    let before = fixture.rows();
    let cancel = Arc::new(AtomicBool::new(true));
    let never = cancel.clone();
    let run = |cancel: Arc<AtomicBool>| {
        fixture
            .index()
            .with_connection(move |connection| vacuum(connection, &cancel))
    };
    assert_eq!(run(cancel).unwrap_err().reason, Reason::Ended);
    assert_eq!(fixture.rows(), before);
    fixture.scan(&many(20));
    fixture.index().settle().unwrap();
    let before = fixture.rows();
    never.store(false, Ordering::Relaxed);
    let done = run(never).unwrap();
    assert!(done.after * 3 < done.before, "{done:?}");
    assert_eq!(fixture.rows(), before);
    assert!(checked(&fixture.path(), true).is_clean());
    // The writer goes on.
    fixture.scan(&many(30));
    fixture.recount();
}
