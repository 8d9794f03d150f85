//! Types.

use super::words::shortened;
use crate::{Diagnostic, Span};

pub(crate) fn expected_type(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected a type, found {found}"));
    match found {
        "`'`" => error.with_help("literal types are written with double quotes, such as `\"yes\" | \"no\"`"),
        "`|`" => error.with_help("a union does not start with `|`, and has a type on both sides of each"),
        "`[`" => error.with_help("a list is written `T[]`"),
        "`{`" => error.with_help("a map is written `map<string, T>`; for named fields write a class"),
        _ => error,
    }
}

pub(crate) fn raw_literal_type(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a literal type cannot be a raw string").with_help("write it with double quotes")
}

pub(crate) fn literal_number_type(span: Span, text: &str) -> Diagnostic {
    let text = shortened(text);
    if text.contains('.') {
        return Diagnostic::error(span, format!("`{text}` cannot be a type: only whole numbers can"))
            .with_help("write `float`, or a string literal");
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Diagnostic::error(span, format!("`{text}` is too large for an `int`"));
    }
    Diagnostic::error(span, format!("`{text}` is not a type"))
        .with_help("names start with a letter, and literal numbers have only digits")
}

pub(crate) fn after_optional(span: Span, symbol: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("`{symbol}` cannot follow `?`"));
    match symbol {
        "?" => error.with_help("once is enough"),
        _ => error.with_help("for a list of optional values write `(T?)[]`"),
    }
}

pub(crate) fn list_brackets(span: Span) -> Diagnostic {
    Diagnostic::error(span, "expected `]` right after `[`")
        .with_help("a list is written `T[]`, without a length")
}

pub(crate) fn generic_type(span: Span, name: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("`{}` takes no type in angle brackets", shortened(name)));
    match name.to_lowercase().as_str() {
        "list" | "array" | "set" | "sequence" => error.with_help("a list is written `T[]`"),
        "map" | "dict" | "record" => error.with_help("a map is written `map<string, T>`"),
        "optional" | "option" | "maybe" => error.with_help("an optional type is written `T?`"),
        "union" => error.with_help("a union is written `A | B`"),
        _ => error.with_help("only `map<K, V>` does"),
    }
}

pub(crate) fn map_type_comma(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `,` and the type of the values, found {found}"))
        .with_help("a map is written `map<string, T>`")
}

pub(crate) fn map_type_end(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `>` at the end of this map type, found {found}"))
        .with_help("a map is written `map<string, T>`, on one line")
}

pub(crate) fn map_type_lines(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a map type must start and end on one line")
        .with_help("give its parts names with `type Name = …` if it gets long")
}

pub(crate) fn parenthesis_lines(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a type in parentheses must start and end on the lines of its parentheses")
        .with_help("write `(A |` and `B)`: a line can end after `|`, or start with it")
}

pub(crate) fn unclosed_parenthesis(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this parenthesis is never closed").with_help("add a `)` at the end of the type")
}

pub(crate) fn expected_parenthesis(span: Span, found: &str, opening: Span) -> Diagnostic {
    Diagnostic::error(span, format!("expected `)`, found {found}")).with_related(opening, "opened here")
}
