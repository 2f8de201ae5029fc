//! A SQLite connection together with the claim that keeps its file open.

use std::ops::{Deref, DerefMut};

use crate::registry::Claim;

/// Closed before its file: see `registry`.
#[derive(Debug)]
pub struct Connection {
    // Dropped in this order.
    inner: rusqlite::Connection,
    claim: Claim,
}

impl Connection {
    pub(crate) fn new(inner: rusqlite::Connection, claim: Claim) -> Connection {
        Connection { inner, claim }
    }

    pub(crate) fn claim(&self) -> &Claim {
        &self.claim
    }
}

impl Deref for Connection {
    type Target = rusqlite::Connection;

    fn deref(&self) -> &rusqlite::Connection {
        &self.inner
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut rusqlite::Connection {
        &mut self.inner
    }
}
