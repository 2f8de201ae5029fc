//! The slab format, version 1.

mod builder;

pub use builder::{Builder, Kind, Metadata};
