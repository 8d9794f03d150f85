//! AST to the checked [`Schema`]: every name resolved, every type known.

mod model;

pub use model::{
    Alias, Class, Client, ClientReference, Enum, EnumValue, Field, Function, Generator, Param, RetryPolicy,
    RetryStrategy, Schema, Template, Test,
};
pub use syntax::{Diagnostic, FileId, Severity, Span};
