//! The BEAM face of Aether.
