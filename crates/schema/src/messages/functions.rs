//! Functions and template strings.

use syntax::ast::{Identifier, ValueKind};
use syntax::{Diagnostic, Span};

use super::words::{describe, did_you_mean};
use crate::names::Kind;

pub(crate) fn function_without_body(name: &Identifier) -> Diagnostic {
    let message = format!("function `{}` is empty, so it cannot be called", name.text);
    Diagnostic::warning(name.span, message).with_help("give it a `client` and a `prompt #\"…\"#`")
}

pub(crate) fn missing_client(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("function `{}` has no client", name.text))
        .with_help("add a line such as `client \"openai/gpt-5-mini\"`, or the name of a `client<llm>` block")
}

pub(crate) fn missing_prompt(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("function `{}` has no prompt", name.text))
        .with_help("add `prompt #\"…\"#`")
}

pub(crate) fn template_is_not_raw(span: Span, name: &Identifier) -> Diagnostic {
    Diagnostic::error(span, format!("the text of template string `{}` must be written `#\"…\"#`", name.text))
}

pub(crate) fn prompt_is_not_raw(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("a prompt must be written `#\"…\"#`, but this is {}", describe(found)))
}

pub(crate) fn client_is_not_text(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("expected the name of a client, but this is {}", describe(found)))
}

pub(crate) fn not_a_client(span: Span, name: &str, kind: Kind) -> Diagnostic {
    Diagnostic::error(span, format!("`{name}` is {}, not a client", kind.with_article()))
}

pub(crate) fn unknown_client(span: Span, name: &str, suggestion: Option<&str>) -> Diagnostic {
    Diagnostic::error(span, format!("there is no client `{name}`")).with_help(suggestion.map_or_else(
        || {
            "declare it with `client<llm>`, or name a provider and a model: `\"openai/gpt-5-mini\"`"
                .to_owned()
        },
        did_you_mean,
    ))
}

pub(crate) fn check_in_parameter(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("the type of parameter `{name}` has a `@check`, whose result nobody would see"),
    )
    .with_help("use `@assert`, which refuses the argument")
}

pub(crate) fn media_in_return_type(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        span,
        format!("function `{name}` returns a media type, which a model cannot answer with"),
    )
    .with_help("a call fails if the prompt shows `ctx.output_format` or the answer needs that part")
}
