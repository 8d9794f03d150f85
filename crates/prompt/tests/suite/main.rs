//! The tests of this room as its users see it.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]
#![expect(clippy::format_push_string, reason = "an allocation more does no harm in a test")]

mod extension;
mod injection;
mod judge;
mod limits;
mod prompts;
mod recorded;
mod support;
mod warnings;
