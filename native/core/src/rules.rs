//! Ignore rules.
