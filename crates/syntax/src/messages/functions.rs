//! Functions, template strings, and what looks like them.

use super::words::shortened;
use crate::{Diagnostic, Span};

pub(crate) fn old_function(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("the function `{}` has no parameters and no return type", shortened(name)),
    )
    .with_help(format!("write `function {}(input: string) -> string {{ … }}`", shortened(name)))
}

pub(crate) fn expected_parameters(span: Span, name: &str, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `(` after `function {}`, found {found}", shortened(name)))
        .with_help(format!("write `function {}(input: string) -> string {{ … }}`", shortened(name)))
}

pub(crate) fn missing_return_type(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the function `{}` has no return type", shortened(name)))
        .with_help("write `-> string` before the brace")
}

pub(crate) fn expected_arrow(span: Span, name: &str, found: &str) -> Diagnostic {
    let name = shortened(name);
    Diagnostic::error(span, format!("expected `->` and the return type of `{name}`, found {found}"))
        .with_help("write for example `-> string`")
}

pub(crate) fn unclosed_parameters(span: Span) -> Diagnostic {
    Diagnostic::error(span, "these parameters are never closed").with_help("add a `)` at their end")
}

pub(crate) fn untyped_parameter(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the parameter `{}` has no type", shortened(name)))
        .with_help(format!("write `{}: string`", shortened(name)))
}

pub(crate) fn parameter_type_on_next_line(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the type of `{}` must stand on the same line", shortened(name)))
}

pub(crate) fn parameter_default(span: Span) -> Diagnostic {
    Diagnostic::error(span, "parameters have no default values")
        .with_help("make the type optional with `?`, and test for it in the prompt")
}

pub(crate) fn parameter_separator(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `,` or `)` after this parameter, found {found}"))
}

pub(crate) fn expected_template_text(span: Span, name: &str, found: &str) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("expected the text of `{}` between `#\"` and `\"#`, found {found}", shortened(name)),
    )
    .with_help(format!("write `template_string {}(name: string) #\"…\"#`", shortened(name)))
}

pub(crate) fn template_text_on_next_line(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the text of `{}` must start on the same line", shortened(name)))
}

pub(crate) fn expression_function(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(
        span,
        format!(
            "expression functions are experimental and not supported: `{}` cannot be called",
            shortened(name)
        ),
    )
    .with_help("a function that asks a model has `client` and `prompt` in its body")
}

pub(crate) fn top_level_let(span: Span) -> Diagnostic {
    Diagnostic::warning(
        span,
        "`let` outside of functions is experimental and not supported: it has no effect",
    )
}

pub(crate) fn unfinished_let(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`let` outside of functions is experimental and not supported")
        .with_help("remove it")
}
