//! Schema-aligned parsing as its callers see it.
//!
//! - `account`: what is told of how an answer was made to fit
//! - `choices`: what is chosen of several readings, and what is kept of a text with a slip in it
//! - `conformance`: the recorded cases
//! - `errors`: what a caller reads when an answer does not fit
//! - `rules`: one test for each leniency and each better answer
//! - `incremental`: answers read as they come
//! - `limits`: text that tries to cost time, memory or the stack
//! - `meaning`: what a person means by an answer, with nothing of it lost
//! - `wild`: random schemas' values, random text

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests measure time, and take what to show from the environment"
)]

mod account;
mod choices;
mod conformance;
mod errors;
mod incremental;
mod limits;
mod meaning;
mod rules;
mod support;
mod wild;
