//! Comments, strings and expressions.

use crate::{Diagnostic, Span};

pub(crate) fn unclosed_comment(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this block comment is never closed").with_help("close it with `//}`")
}

pub(crate) fn unclosed_string(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this string is never closed")
        .with_help("add a `\"` at its end; a text of several lines goes between `#\"` and `\"#`")
}

pub(crate) fn string_over_lines(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a string between double quotes cannot go on over the end of the line here")
        .with_help("put a text of several lines between `#\"` and `\"#`")
}

pub(crate) fn unclosed_raw_string(span: Span, hashes: usize) -> Diagnostic {
    const MOST_SHOWN: usize = 8;
    let error = Diagnostic::error(span, "this raw string is never closed");
    if hashes > MOST_SHOWN {
        return error.with_help(format!("close it with `\"` and {hashes} `#`"));
    }
    error.with_help(format!("close it with `\"{}`", "#".repeat(hashes)))
}

pub(crate) fn unfinished_escape(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`\\x` must be followed by two hexadecimal digits, up to `\\x7f`")
        .with_help("write a backslash as `\\\\`; between `#\"` and `\"#` a backslash is just a backslash")
}

pub(crate) fn unclosed_expression(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this expression is never closed").with_help("close it with `}}`")
}
