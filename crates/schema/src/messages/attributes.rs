//! `@` and `@@` attributes.

use syntax::ast::Attribute;
use syntax::{Diagnostic, Span};

use super::words::{did_you_mean, signed};
use crate::attributes::Owner;

pub(crate) fn unknown_attribute(
    attribute: &Attribute,
    owner: Owner,
    suggestion: Option<&str>,
    choices: &[&str],
) -> Diagnostic {
    let sign = owner.sign();
    let found =
        Diagnostic::error(attribute.span, format!("there is no attribute `{}`", shown(attribute, owner)));
    found.with_help(match suggestion {
        Some(name) => did_you_mean(&format!("{sign}{name}")),
        None => format!("{} can have {}", owner.with_article(), signed(choices, sign)),
    })
}

pub(crate) fn misplaced_attribute(attribute: &Attribute, owner: Owner, choices: &[&str]) -> Diagnostic {
    let message = format!("`{}` cannot stand on {}", shown(attribute, owner), owner.with_article());
    Diagnostic::error(attribute.span, message).with_help(format!(
        "{} can have {}",
        owner.with_article(),
        signed(choices, owner.sign())
    ))
}

pub(crate) fn attribute_without_effect(
    attribute: &Attribute,
    owner: Owner,
    suggestion: Option<&str>,
) -> Diagnostic {
    let message = format!("`{}` has no effect on {}", shown(attribute, owner), owner.with_article());
    let found = Diagnostic::warning(attribute.span, message);
    match suggestion {
        Some(name) => found.with_help(did_you_mean(&format!("{}{name}", owner.sign()))),
        None => found,
    }
}

pub(crate) fn duplicate_attribute(attribute: &Attribute, owner: Owner, first: Span) -> Diagnostic {
    Diagnostic::error(attribute.span, format!("`{}` can only be given once", shown(attribute, owner)))
        .with_related(first, "first given here")
}

/// The peer accepts it, and shows the last of them.
pub(crate) fn duplicate_check(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::warning(
        span,
        format!("the check `{name}` is there twice: only the result of the last is shown"),
    )
    .with_related(first, "first given here")
    .with_help("give each check a name of its own")
}

pub(crate) fn attribute_without_text(attribute: &Attribute, owner: Owner) -> Diagnostic {
    let shown = shown(attribute, owner);
    Diagnostic::error(attribute.span, format!("`{shown}` needs a string"))
        .with_help(format!("write `{shown}(\"…\")`"))
}

pub(crate) fn attribute_text_is_not_text(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    let shown = shown(attribute, owner);
    Diagnostic::error(span, format!("`{shown}` needs a string")).with_help(format!("write `{shown}(\"…\")`"))
}

pub(crate) fn attribute_with_several_texts(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, format!("`{}` takes one string", shown(attribute, owner)))
}

pub(crate) fn attribute_with_arguments(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, format!("`{}` takes no arguments", shown(attribute, owner)))
}

pub(crate) fn attribute_arguments_ignored(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::warning(span, format!("`{}` takes no arguments: they are ignored", shown(attribute, owner)))
}

pub(crate) fn check_without_name(attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(attribute.span, "a check needs a name: its result is shown under it")
        .with_help(constraint_help(attribute, owner))
}

pub(crate) fn constraint_form(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    let message = if attribute.name.text == "check" {
        "a check has a name and an expression"
    } else {
        "an assert has an expression, and may have a name before it"
    };
    Diagnostic::error(span, message).with_help(constraint_help(attribute, owner))
}

pub(crate) fn constraint_without_expression(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, "expected an expression in double braces")
        .with_help(constraint_help(attribute, owner))
}

pub(crate) fn constraint_is_empty(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, "the expression is empty").with_help(constraint_help(attribute, owner))
}

pub(crate) fn constraint_name(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, format!("the name in `{}` must be one bare word", shown(attribute, owner)))
        .with_help("letters, digits and `_`, without quotes: results are shown under it")
}

fn constraint_help(attribute: &Attribute, owner: Owner) -> String {
    format!("write `{}(name, {{{{ this > 0 }}}})`", shown(attribute, owner))
}

fn shown(attribute: &Attribute, owner: Owner) -> String {
    format!("{}{}", owner.sign(), attribute.name.text)
}
