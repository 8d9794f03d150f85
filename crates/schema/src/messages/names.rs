//! Files, and the names that are declared in them.

use syntax::ast::Identifier;
use syntax::{Diagnostic, FileId, Span};

use crate::names::Kind;

pub(crate) fn not_a_baml_file(file: FileId, path: &str) -> Diagnostic {
    let span = Span { file, start: 0, end: 0 };
    Diagnostic::error(span, format!("`{path}` is not a BAML file"))
        .with_help("the name of a BAML file ends in `.baml`")
}

pub(crate) fn name_not_capitalized(name: &Identifier, kind: Kind) -> Diagnostic {
    let mut letters = name.text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let capitalized: String = first.into_iter().chain(letters).collect();
    Diagnostic::error(
        name.span,
        format!("the name of {} must start with an upper-case letter", kind.with_article()),
    )
    .with_help(format!("`{capitalized}`?"))
}

pub(crate) fn reserved_type_name(name: &Identifier, kind: Kind) -> Diagnostic {
    Diagnostic::error(name.span, format!("`{}` is reserved for a scalar type", name.text))
        .with_help(format!("give the {} another name", kind.noun()))
}

pub(crate) fn reserved_field_name(name: &Identifier) -> Diagnostic {
    let text = &name.text;
    Diagnostic::error(name.span, format!("`{text}` is a reserved word and cannot name a field")).with_help(
        format!("name the field `{text}_` and add `@alias(\"{text}\")`: the model then sees `{text}`"),
    )
}

pub(crate) fn reserved_parameter_name(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("`{}` is reserved and cannot name a parameter", name.text))
}

pub(crate) fn duplicate_name(
    name: &Identifier,
    kind: Kind,
    first: Kind,
    first_span: Option<Span>,
) -> Diagnostic {
    let text = &name.text;
    let message = if kind == first {
        format!("there is already {} named `{text}`", first.with_article())
    } else {
        format!(
            "{} cannot be named `{text}`: there is already {} of that name",
            kind.with_article(),
            first.with_article()
        )
    };
    let found = Diagnostic::error(name.span, message);
    match first_span {
        Some(span) => found.with_related(span, "first declared here"),
        None => found,
    }
}

pub(crate) fn duplicate_member(name: &Identifier, kind: Kind, owner: &str, first: Span) -> Diagnostic {
    Diagnostic::error(
        name.span,
        format!("`{owner}` already has {} named `{}`", kind.with_article(), name.text),
    )
    .with_related(first, "first declared here")
}

pub(crate) fn dynamic_outside_type_builder(name: &Identifier, kind: Kind) -> Diagnostic {
    Diagnostic::error(
        name.span,
        format!("`dynamic {}` blocks can only stand in a `type_builder`", kind.noun()),
    )
    .with_help(format!("to let `{}` be extended at run time, write `@@dynamic` inside it", name.text))
}
