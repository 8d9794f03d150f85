//! Properties and their values.

use super::words::{COMMENTS, shortened};
use crate::{Diagnostic, Span};

pub(crate) fn expected_key(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected a property, found {found}"));
    match found {
        "`,`" => error.with_help("remove it: each property stands on a line of its own"),
        "`#`" | "`/*`" | "`{#`" => error.with_help(COMMENTS),
        "`@`" | "`@@`" => {
            error.with_help("attributes belong to classes, enums, their members, types and tests")
        }
        _ => error.with_help("a property is a name and a value, such as `model \"gpt-5-mini\"`"),
    }
}

pub(crate) fn colon_in_block(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(span, "there is no `:` between a property and its value")
        .with_help(format!("write `{} value`", shortened(key)))
}

pub(crate) fn equals_sign(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(span, "there is no `=` between a property and its value")
        .with_help(format!("write `{} value`", shortened(key)))
}

pub(crate) fn missing_value(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(span, format!("`{}` has no value", shortened(key)))
        .with_help("write its value on the same line")
}

pub(crate) fn value_on_next_line(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the value of `{}` must start on the same line", shortened(key)))
}

pub(crate) fn expected_value(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected a value, found {found}"));
    match found {
        "`'`" => error.with_help("strings are written with double quotes"),
        "`#`" => error.with_help("comments start with `//`, and raw strings with `#\"`"),
        "`(`" => error.with_help("a list is written `[a, b]`"),
        _ => error.with_help("put a text that has such characters between double quotes"),
    }
}

pub(crate) fn not_a_number(span: Span, text: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("`{}` starts as a number, but is not one", shortened(text)));
    if text.contains([' ', '\t']) {
        return error
            .with_help("put a comma or a new line between two values, and a text between double quotes");
    }
    error.with_help("if it is a text, put it between double quotes")
}

pub(crate) fn not_a_variable(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`env.` must be followed by the name of an environment variable")
        .with_help("write for example `env.OPENAI_API_KEY`")
}

pub(crate) fn more_on_the_line(span: Span, key: &str, found: &str) -> Diagnostic {
    let error =
        Diagnostic::error(span, format!("unexpected {found} after the value of `{}`", shortened(key)));
    match found {
        "`,`" | "`;`" => error.with_help("remove it: each property stands on a line of its own"),
        _ => error.with_help(
            "each property stands on a line of its own; put a text that has special characters between double quotes",
        ),
    }
}

pub(crate) fn list_separator(span: Span, found: &str, opening: Span) -> Diagnostic {
    Diagnostic::error(span, format!("expected `,` or `]` in this list, found {found}"))
        .with_help(
            "put a comma or a new line between two items, and special characters between double quotes",
        )
        .with_related(opening, "the list starts here")
}

pub(crate) fn map_separator(span: Span, found: &str, opening: Span) -> Diagnostic {
    Diagnostic::error(span, format!("expected a new line, `,` or `}}` after this property, found {found}"))
        .with_help("put each property on a line of its own, and special characters between double quotes")
        .with_related(opening, "the map starts here")
}

pub(crate) fn comma_before_brace(span: Span) -> Diagnostic {
    Diagnostic::error(span, "there is no comma after the last property").with_help("remove it")
}

pub(crate) fn unclosed_list(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this list is never closed").with_help("add a `]` at its end")
}

pub(crate) fn unclosed_map(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this brace is never closed").with_help("add a `}` at its end")
}

pub(crate) fn too_deep(span: Span, deepest: usize) -> Diagnostic {
    Diagnostic::error(span, format!("nested more than {deepest} levels deep"))
        .with_help("give the inner part a name with `type Name = …`, or flatten it")
}
