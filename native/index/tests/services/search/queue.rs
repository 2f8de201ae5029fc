//! Queries that wait for their turn: one after the other, of each session the newest.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_index::Reason;
use aether_index::search::Refused;
use aether_index::search::service::{Request, SearchOutcome, SearchService, ServiceOptions};

use super::{Setup, failed, oracle, paths, refused, text};
use crate::receive;
use crate::support::wait_until;

#[test]
fn of_a_session_the_newest_query_is_answered() {
    let setup = Setup::new();
    let (session, other) = (Arc::default(), Arc::default());
    let release = setup.occupy();
    let first = setup.submit(text("m"), Some(&session));
    let second = setup.submit(text("ma"), Some(&session));
    let alone = setup.submit(text("search"), None);
    let others = setup.submit(text("doc"), Some(&other));
    let third = setup.submit(text("mai"), Some(&session));
    drop(release);
    assert_eq!(refused(receive(&first)), Refused::Cancelled);
    assert_eq!(refused(receive(&second)), Refused::Cancelled);
    for (outcome, query) in [(&third, "mai"), (&alone, "search"), (&others, "doc")] {
        let answer = receive(outcome).unwrap();
        assert_eq!(paths(&answer), oracle(&setup.root(), query));
    }
    // And what the session remembers of it is right.
    let longer = receive(&setup.submit(text("main"), Some(&session))).unwrap();
    assert_eq!(paths(&longer), oracle(&setup.root(), "main"));
}

#[test]
fn a_query_that_is_cancelled_before_its_turn_is_not_searched() {
    let setup = Setup::new();
    let release = setup.occupy();
    let cancel = Arc::<AtomicBool>::default();
    let outcome = setup.submit_until(text("main"), None, Arc::clone(&cancel));
    cancel.store(true, Ordering::Release);
    drop(release);
    assert_eq!(refused(receive(&outcome)), Refused::Cancelled);
    assert_eq!(paths(&setup.found("main")), oracle(&setup.root(), "main"));
}

#[test]
fn a_reply_that_panics_is_survived() {
    let setup = Setup::new();
    let release = setup.occupy();
    let reply = |_: &Request, _: SearchOutcome| panic!("a reply that panics");
    let service = &setup.service;
    service
        .submit(text("main"), None, Arc::default(), reply)
        .unwrap();
    let next = setup.submit(text("main"), None);
    drop(release);
    assert_eq!(
        paths(&receive(&next).unwrap()),
        oracle(&setup.root(), "main")
    );
}

#[test]
fn queries_that_wait_when_it_is_closed_are_answered() {
    let setup = Setup::new();
    let release = setup.occupy();
    let waiting: Vec<_> = (0..3).map(|_| setup.submit(text("main"), None)).collect();
    setup.closed();
    drop(release);
    for outcome in waiting {
        assert_eq!(failed(receive(&outcome)), Reason::Closed);
    }
    // Later ones, too.
    assert_eq!(failed(setup.find(text("main"))), Reason::Closed);
    wait_until(|| setup.service.bytes() == 0);
}

#[test]
fn queries_that_wait_when_it_is_dropped_are_answered() {
    let mut setup = Setup::new();
    let release = setup.occupy();
    let waiting: Vec<_> = (0..3).map(|_| setup.submit(text("main"), None)).collect();
    let readers = Arc::clone(&setup.readers);
    setup.service = SearchService::new(readers, ServiceOptions::default());
    drop(release);
    for outcome in waiting {
        let answer = receive(&outcome).unwrap();
        assert_eq!(paths(&answer), oracle(&setup.root(), "main"));
    }
}
