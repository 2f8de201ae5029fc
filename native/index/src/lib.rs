//! A live SQLite picture of every tree that was scanned.

pub mod search;
