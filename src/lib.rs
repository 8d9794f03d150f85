//! The Node door.
