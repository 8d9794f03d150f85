//! The room from outside: files of options, prompts and answers, and random ones.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::format_push_string, reason = "an allocation more does no harm in a test")]
#![expect(clippy::needless_pass_by_value, reason = "`json!` is written in place")]

mod docs;
mod event_stream;
mod media;
mod options;
mod providers;
mod random;
mod replies;
mod requests;
mod secrets;
mod sigv4;
mod sse;
mod streams;
mod streams_cut;
mod support;

use baml_llm as llm;
