//! Tests.

use syntax::ast::{Identifier, ValueKind};
use syntax::{Diagnostic, Span};

use super::words::{describe, did_you_mean};

pub(crate) fn missing_functions(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("test `{}` does not say which functions to run", name.text))
        .with_help("add `functions [MyFunction]`")
}

pub(crate) fn missing_args(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("test `{}` has no arguments", name.text))
        .with_help("add `args { … }`; it may be empty")
}

pub(crate) fn args_are_not_a_map(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("`args` must be a map, but this is {}", describe(found)))
        .with_help("write `args { … }`, with one argument per line")
}

pub(crate) fn functions_are_not_names(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("expected the name of a function, but this is {}", describe(found)))
}

pub(crate) fn test_of_nothing(span: Span, name: &Identifier) -> Diagnostic {
    Diagnostic::warning(span, format!("test `{}` runs no function", name.text))
}

pub(crate) fn test_of_unknown_function(span: Span, name: &str, suggestion: Option<&str>) -> Diagnostic {
    let found = Diagnostic::warning(span, format!("there is no function `{name}`"));
    match suggestion {
        Some(name) => found.with_help(did_you_mean(name)),
        None => found,
    }
}

pub(crate) fn duplicate_test(name: &Identifier, function: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(span, format!("function `{function}` already has a test named `{}`", name.text))
        .with_related(first, "first named here")
}
