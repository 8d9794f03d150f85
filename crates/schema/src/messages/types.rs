//! Types.

use syntax::ast::Identifier;
use syntax::{Diagnostic, Span};

use super::words::did_you_mean;
use crate::names::Kind;
use crate::recursion::Cycle;

pub(crate) fn unknown_type(span: Span, name: &str, suggestion: Option<&str>) -> Diagnostic {
    let found = Diagnostic::error(span, format!("there is no type `{name}`"));
    match elsewhere(name).map(ToOwned::to_owned).or_else(|| suggestion.map(did_you_mean)) {
        Some(help) => found.with_help(help),
        None => found.with_help(
            "declare it with `class`, `enum` or `type`; the built-in types are `string`, `int`, `float`, `bool`, \
             `null`, `image`, `audio`, `pdf` and `video`",
        ),
    }
}

/// What a type of another language is called in BAML.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "integer" | "Integer" | "long" | "i64" | "i32" => "the type of integers is `int`",
        "number" | "Number" => "the types of numbers are `int` and `float`",
        "double" | "Double" | "decimal" | "Decimal" | "f64" => {
            "the type of numbers with a fraction is `float`"
        }
        "boolean" | "Boolean" => "the type of `true` and `false` is `bool`",
        "str" | "Str" | "String" | "text" | "Text" | "char" => "the type of text is `string`",
        "None" | "none" | "nil" | "undefined" | "void" => "the type of nothing is `null`",
        "list" | "List" | "array" | "Array" | "Sequence" => {
            "a list is written `T[]`, with the type of its items"
        }
        "map" | "Map" | "dict" | "Dict" | "Record" => {
            "a map is written `map<string, T>`, with the type of its values"
        }
        "Optional" | "optional" => "an optional type is written `T?`",
        "any" | "Any" | "object" | "Object" | "json" | "Json" | "JSON" => {
            "name the types that can occur; for any JSON, declare `type Value = string | int | float | bool | null \
             | Value[] | map<string, Value>`"
        }
        "date" | "Date" | "datetime" | "DateTime" | "time" | "timestamp" => {
            "there is no type for dates: use `string`, and say the format in a `@description`"
        }
        _ => return None,
    })
}

pub(crate) fn not_a_type(span: Span, name: &str, kind: Kind) -> Diagnostic {
    Diagnostic::error(span, format!("`{name}` is {}, not a type", kind.with_article()))
}

pub(crate) fn type_too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(span, format!("the type is nested more than {limit} levels deep"))
        .with_help("give the inner part a name with `type`")
}

pub(crate) fn tuple_is_a_list(span: Span) -> Diagnostic {
    Diagnostic::warning(span, "tuples are not supported: this is read as a list of any of these types")
        .with_help("declare a class with a field for each item")
}

pub(crate) fn map_key(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the key of a map must be `string`, an enum, or string literals")
}

pub(crate) fn map_key_read_as_string(span: Span) -> Diagnostic {
    Diagnostic::warning(span, "the keys of a map are text: this one is read as `string`")
        .with_help("the key of a map is `string`, an enum, or string literals")
}

pub(crate) fn skip_on_required_field(span: Span, field: &Identifier) -> Diagnostic {
    Diagnostic::error(span, format!("field `{}` is skipped, so it must be optional", field.text))
        .with_help("make its type optional with `?`")
}

pub(crate) fn cycle(cycle: &Cycle) -> Diagnostic {
    let names: Vec<&str> = cycle.names.iter().map(|name| &**name).collect();
    let way = names.join(" -> ");
    if cycle.classes {
        Diagnostic::error(cycle.span, format!("classes need each other without end: {way}"))
            .with_help("make one of the fields optional (`?`), a list or a union with another type")
    } else {
        Diagnostic::error(cycle.span, format!("type aliases stand for each other without end: {way}"))
            .with_help("an alias can only contain itself in a list or as the value of a map")
    }
}
