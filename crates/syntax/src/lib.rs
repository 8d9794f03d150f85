//! BAML text to AST. [`parse`] never fails, never panics and recovers after each error, so that one mistake
//! never hides the next.

mod diagnostic;
pub mod ast;

pub use diagnostic::{Diagnostic, FileId, Severity, Span};
