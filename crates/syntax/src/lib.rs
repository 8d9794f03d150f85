//! BAML text to AST. [`parse`] never fails, never panics and recovers after each error, so that one mistake
//! never hides the next.
//!
//! | stage | what it does |
//! |---|---|
//! | `lexer` | text to tokens and whole value forms, one at a time |
//! | `grammar` | one file per kind of block; recovery after each property and each block |
//! | `messages` | every text that the two can say |
//! | [`render`] | diagnostics to what a user reads |
//!
//! Whether names exist, types fit and properties are known is not decided here: that is the schema room's.

pub mod ast;
mod diagnostic;
mod grammar;
mod lexer;
mod messages;
mod render;

pub use diagnostic::{Diagnostic, FileId, Severity, Span};
pub use grammar::{parse, parse_type_builder};
pub use render::render;
