//! What a type builder declares and extends.

use syntax::ast::{Identifier, Item};
use syntax::{Diagnostic, Span};

use super::words::did_you_mean;
use crate::names::Kind;

pub(crate) fn not_in_type_builder(item: &Item) -> Diagnostic {
    let (kind, span) = match item {
        Item::Function(function) => (Kind::Function, function.name.span),
        Item::Class(class) => (Kind::Class, class.name.span),
        Item::Enum(enumeration) => (Kind::Enum, enumeration.name.span),
        Item::Alias(alias) => (Kind::Alias, alias.name.span),
        Item::Client(block) => (Kind::Client, block.name.span),
        Item::RetryPolicy(block) => (Kind::RetryPolicy, block.name.span),
        Item::Template(template) => (Kind::Template, template.name.span),
        Item::Generator(block) => (Kind::Generator, block.name.span),
        Item::Test(test) => (Kind::Test, test.name.span),
    };
    Diagnostic::error(span, format!("a type builder cannot declare {}", kind.with_article()))
        .with_help("it can hold `class`, `enum`, `type`, `dynamic class` and `dynamic enum` blocks")
}

pub(crate) fn extends_static(name: &Identifier, kind: Kind) -> Diagnostic {
    let (text, noun) = (&name.text, kind.noun());
    Diagnostic::error(name.span, format!("{noun} `{text}` is not `@@dynamic`, so it cannot be extended"))
        .with_help(format!("add `@@dynamic` to `{text}` where it is declared"))
}

pub(crate) fn extends_new(name: &Identifier, kind: Kind) -> Diagnostic {
    let message = format!("{} `{}` is declared in the same type builder", kind.noun(), name.text);
    Diagnostic::error(name.span, message).with_help("write everything in its own block")
}

pub(crate) fn extends_other_kind(name: &Identifier, kind: Kind, other: Kind) -> Diagnostic {
    let message = format!("`{}` is {}, not {}", name.text, other.with_article(), kind.with_article());
    Diagnostic::error(name.span, message).with_help(format!("write `dynamic {}`", other.noun()))
}

pub(crate) fn extends_nothing(name: &Identifier, kind: Kind, suggestion: Option<&str>) -> Diagnostic {
    let found =
        Diagnostic::error(name.span, format!("there is no {} `{}` to extend", kind.noun(), name.text));
    match suggestion {
        Some(name) => found.with_help(did_you_mean(name)),
        None => found.with_help(format!("for a new {0}, write `{0}` without `dynamic`", kind.noun())),
    }
}

pub(crate) fn extended_twice(name: &Identifier, kind: Kind) -> Diagnostic {
    Diagnostic::error(name.span, format!("{} `{}` is extended twice", kind.noun(), name.text))
        .with_help("write everything in one block")
}

pub(crate) fn field_is_there(field: &str, class: &str, span: Span, refused: bool) -> Diagnostic {
    let message = format!("class `{class}` already has a field `{field}`, which cannot be declared again");
    if refused { Diagnostic::error(span, message) } else { Diagnostic::warning(span, message) }
}

pub(crate) fn dynamic_in_type_builder(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`@@dynamic` has no place in a type builder: what it declares is complete")
}
