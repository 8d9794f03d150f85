//! Every text that an argument or a type builder is refused with, by name.

use types::{Name, ValueKind};

use crate::names::Kind;

/// How much of a wrong text is repeated in a message.
const SHOWN_LETTERS: usize = 40;

// Arguments

pub(crate) fn missing() -> String {
    "is missing".to_owned()
}

pub(crate) fn missing_field(class: &str, field: &str) -> String {
    format!("`{class}` needs a field `{field}`, which is missing")
}

pub(crate) fn expected(what: &str, found: ValueKind) -> String {
    format!("expected {what}, got {}", found.with_article())
}

pub(crate) fn expected_int_got_fraction(float: f64) -> String {
    format!("expected an int, got {float}")
}

pub(crate) fn expected_literal(literal: &str, found: &str) -> String {
    format!("expected {literal}, got {found}")
}

pub(crate) fn unknown_enum_value(
    name: &str,
    found: &str,
    suggestion: Option<&str>,
    values: &[&str],
) -> String {
    let found = shortened(found);
    match suggestion {
        Some(value) => format!("`{found}` is not a value of enum `{name}`; did you mean `{value}`?"),
        None => format!("`{found}` is not a value of enum `{name}`, which are {}", values.join(", ")),
    }
}

pub(crate) fn unknown_key(found: &str, suggestion: Option<&str>, keys: &[&str]) -> String {
    let found = shortened(found);
    match suggestion {
        Some(key) => format!("`{found}` is not a key of the map; did you mean `{key}`?"),
        None => format!("`{found}` is not a key of the map, which are {}", keys.join(", ")),
    }
}

pub(crate) fn other_media(wanted: &str, found: &str) -> String {
    format!("expected {wanted}, got {found}")
}

pub(crate) fn media_without_source(wanted: &str) -> String {
    format!("expected {wanted}: an object with either `url` or `base64`, both text")
}

pub(crate) fn media_type_is_not_text(found: ValueKind) -> String {
    format!("`media_type` must be text, got {}", found.with_article())
}

pub(crate) fn unknown_media_key(found: &str, suggestion: Option<&str>) -> String {
    let found = shortened(found);
    match suggestion {
        Some(key) => format!("media has no key `{found}`; did you mean `{key}`?"),
        None => format!("media has no key `{found}`, only `url` or `base64`, and `media_type`"),
    }
}

pub(crate) fn too_deep(limit: usize) -> String {
    format!("is nested more than {limit} levels deep")
}

pub(crate) fn assert_failed(name: Option<&Name>, expression: &str) -> String {
    match name {
        Some(name) => format!("the assert `{name}` does not hold: {expression}"),
        None => format!("the assert does not hold: {expression}"),
    }
}

pub(crate) fn assert_not_evaluated(expression: &str, reason: &str) -> String {
    format!("the assert `{expression}` cannot be evaluated: {reason}")
}

/// A text in a message: its beginning, when it is long.
pub(crate) fn shortened(text: &str) -> String {
    let mut letters = text.chars();
    let shown: String = letters.by_ref().take(SHOWN_LETTERS).collect();
    if letters.next().is_some() { format!("{shown}…") } else { shown }
}

// Type builders

pub(crate) fn builder_name_is_taken(name: &str, kind: Kind, other: Kind) -> String {
    format!("`{name}` cannot name a new {}: it is the name of {}", kind.noun(), other.with_article())
}

pub(crate) fn builder_property_exists(class: &str, property: &str) -> String {
    format!("class `{class}` already has a property `{property}`: its type cannot be changed")
}

pub(crate) fn builder_property_without_type(class: &str, property: &str) -> String {
    format!("property `{property}` of class `{class}` has no type")
}

pub(crate) fn builder_unknown_type(
    class: &str,
    property: &str,
    name: &str,
    suggestion: Option<&str>,
) -> String {
    let problem = format!("property `{property}` of class `{class}`: there is no type `{name}`");
    match suggestion {
        Some(suggestion) => format!("{problem}; did you mean `{suggestion}`?"),
        None => problem,
    }
}

pub(crate) fn builder_map_key(class: &str, property: &str) -> String {
    format!(
        "property `{property}` of class `{class}`: the key of a map must be `string`, an enum, or string literals"
    )
}

pub(crate) fn builder_type_too_large(class: &str, property: &str) -> String {
    format!("property `{property}` of class `{class}`: the type is too large")
}
