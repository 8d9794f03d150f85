//! Blocks of properties: clients, retry policies, generators.

use syntax::ast::{Identifier, ValueKind};
use syntax::{Diagnostic, Span};

use super::words::{describe, did_you_mean, listed, listed_with};
use crate::names::Kind;
use crate::policy_reader::{PolicyProblem, PolicyProblemKind};

pub(crate) fn unknown_property(
    key: &Identifier,
    owner: &str,
    suggestion: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    Diagnostic::error(key.span, format!("{owner} cannot have a property `{}`", key.text))
        .with_help(suggestion.map_or_else(|| format!("it can have {}", listed(known)), did_you_mean))
}

pub(crate) fn duplicate_property(key: &Identifier, owner: &str, first: Span) -> Diagnostic {
    Diagnostic::error(key.span, format!("`{}` is given twice in {owner}", key.text))
        .with_related(first, "first given here")
}

pub(crate) fn duplicate_option(key: &Identifier, first: Span) -> Diagnostic {
    Diagnostic::error(key.span, format!("`{}` is given twice", key.text))
        .with_related(first, "first given here")
}

pub(crate) fn duplicate_argument(key: &Identifier, first: Span) -> Diagnostic {
    Diagnostic::error(key.span, format!("the value of `{}` is given twice", key.text))
        .with_related(first, "first given here")
}

pub(crate) fn number_too_large(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the number {text} is too large"))
}

pub(crate) fn env_without_name(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`env.` needs the name of an environment variable")
        .with_help("such as `env.OPENAI_API_KEY`")
}

pub(crate) fn expression_is_not_evaluated(span: Span) -> Diagnostic {
    Diagnostic::warning(span, "`{{ … }}` is not evaluated in options: it is sent as this text")
        .with_help("for an environment variable write `env.NAME`")
}

pub(crate) fn unknown_client_type(argument: &Identifier) -> Diagnostic {
    Diagnostic::error(argument.span, format!("there are no clients of type `{}`", argument.text))
        .with_help("write `client<llm>`")
}

pub(crate) fn missing_provider(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("client `{}` has no provider", name.text))
        .with_help("add a line such as `provider openai`")
}

pub(crate) fn provider_is_not_text(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("expected the name of a provider, but this is {}", describe(found)))
        .with_help("a provider is written out, such as `provider openai`")
}

pub(crate) fn options_are_not_a_map(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("`options` must be a map, but this is {}", describe(found)))
        .with_help("write `options { … }`, with one option per line")
}

pub(crate) fn retry_policy_is_not_a_name(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("expected the name of a retry policy, but this is {}", describe(found)))
}

pub(crate) fn not_a_retry_policy(span: Span, name: &str, kind: Kind) -> Diagnostic {
    Diagnostic::error(span, format!("`{name}` is {}, not a retry policy", kind.with_article()))
}

pub(crate) fn unknown_retry_policy(span: Span, name: &str, suggestion: Option<&str>) -> Diagnostic {
    Diagnostic::error(span, format!("there is no retry policy `{name}`")).with_help(
        suggestion
            .map_or_else(|| format!("declare it: `retry_policy {name} {{ max_retries 2 }}`"), did_you_mean),
    )
}

pub(crate) fn retry_policy_argument(argument: &Identifier) -> Diagnostic {
    Diagnostic::error(argument.span, "a retry policy has no type in angle brackets")
}

/// What is wrong with a retry policy, at its place; a doubt is a warning.
pub(crate) fn policy_problem(span: Span, problem: &PolicyProblem) -> Diagnostic {
    let message = problem.message.clone();
    let diagnostic = match problem.kind {
        PolicyProblemKind::Doubt => Diagnostic::warning(span, message),
        PolicyProblemKind::Missing | PolicyProblemKind::UnknownKey | PolicyProblemKind::Value => {
            Diagnostic::error(span, message)
        }
    };
    match &problem.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    }
}

pub(crate) fn missing_output_type(name: &Identifier, choices: &[&str]) -> Diagnostic {
    Diagnostic::error(name.span, format!("generator `{}` does not say what to generate", name.text))
        .with_help(format!("add an `output_type`: {}", listed_with(choices, "or")))
}

pub(crate) fn property_is_not_text(span: Span, key: &str, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("`{key}` must be a string, but this is {}", describe(found)))
}

pub(crate) fn unknown_choice(
    span: Span,
    key: &str,
    found: &str,
    suggestion: Option<&str>,
    choices: &[&str],
) -> Diagnostic {
    Diagnostic::error(span, format!("`{key}` cannot be `{found}`")).with_help(
        suggestion.map_or_else(|| format!("it can be {}", listed_with(choices, "or")), did_you_mean),
    )
}

pub(crate) fn invalid_version(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("`{found}` is not a version"))
        .with_help("a version has three numbers: `0.226.2`")
}

pub(crate) fn generator_needs(name: &Identifier, output_type: &str, key: &str) -> Diagnostic {
    Diagnostic::error(name.span, format!("generator `{}` needs a `{key}` for `{output_type}`", name.text))
}
