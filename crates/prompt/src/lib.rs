//! Jinja templates to prompts: messages with parts, never text with markers in it.
//!
//! [`Templates::compile`] reads a program's prompts, template strings and constraint expressions once;
//! [`Templates::render`] makes the [`Prompt`](types::Prompt) of one call. No I/O, no clock, no randomness: the same
//! arguments give the same prompt.
//!
//! Roles and media are values from the template to the wire. They travel through Jinja, which knows only text, as
//! single characters that occur in none of the texts of the call, so that no text can become a role, a message or
//! a media part, whatever it contains and whichever filter it goes through (`marker.rs` says how).
//!
//! The engine is minijinja, pinned, with its instructions adjusted after compilation (`program/rewrite.rs`): enum
//! values compare as their names, any two numbers can be compared, and no value can contain itself. Whatever the
//! template and the values, rendering ends with a prompt or an [`Error`].

mod client_view;
mod context;
mod engine;
mod error;
mod failures;
mod filters;
mod inspect;
mod judge;
mod marker;
mod messages;
mod output_format;
mod program;
mod roles;
mod scope;
mod templates;
mod values;
mod warnings;

pub use client_view::ClientView;
pub use error::{Error, ErrorKind};
pub use templates::Templates;
