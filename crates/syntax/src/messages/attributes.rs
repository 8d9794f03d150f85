//! Attributes and their arguments.

use super::words::shortened;
use crate::{Diagnostic, Span};

pub(crate) fn missing_attribute_name(span: Span) -> Diagnostic {
    Diagnostic::error(span, "expected the name of an attribute right after this")
        .with_help("write for example `@description(\"…\")`")
}

pub(crate) fn unclosed_arguments(span: Span, attribute: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the arguments of `@{}` are never closed", shortened(attribute)))
        .with_help("add a `)` at their end")
}

pub(crate) fn argument_separator(span: Span, attribute: &str, found: &str) -> Diagnostic {
    let error = Diagnostic::error(
        span,
        format!("expected `,` or `)` in the arguments of `@{}`, found {found}", shortened(attribute)),
    );
    match found {
        "a string" | "a raw string" => error.with_help("put a comma between two arguments"),
        _ => error.with_help("put a text that has such characters between double quotes"),
    }
}

pub(crate) fn comma_after_arguments(span: Span) -> Diagnostic {
    Diagnostic::error(span, "there is no comma after the last argument").with_help("remove it")
}

pub(crate) fn attribute_in_map(span: Span, attribute: &str) -> Diagnostic {
    Diagnostic::error(span, "a type inside `map<…>` needs parentheses to have attributes")
        .with_help(format!("write `(T @{})`", shortened(attribute)))
}

pub(crate) fn attribute_before_field(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this attribute stands before the first field")
        .with_help("attributes follow the type of a field; those of the whole class start with `@@`")
}

pub(crate) fn attribute_before_value(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this attribute stands before the first value")
        .with_help("attributes follow a value; those of the whole enum start with `@@`")
}

pub(crate) fn attribute_in_function(span: Span) -> Diagnostic {
    Diagnostic::error(span, "attributes cannot stand in the body of a function")
        .with_help("put `@check` and `@assert` after the return type, and `@@check` and `@@assert` in a test")
}

pub(crate) fn single_at_in_test(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the attributes of a test start with `@@`")
        .with_help("write `@@check(…)` or `@@assert(…)`")
}
