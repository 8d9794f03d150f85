//! Every text that an argument, a retry policy or a type builder is refused with, by name.

use types::{Base64Fault, Config, Name, ValueKind};

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

pub(crate) fn content_is_not_base64(wanted: &str, fault: Base64Fault) -> String {
    format!("expected {wanted} in base64, but {fault}")
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

// Retry policies

pub(crate) fn policy_without_max_retries() -> (String, String) {
    let message = "the retry policy does not say how often to retry: `max_retries` is missing";
    (message.to_owned(), "for example `max_retries` 2: three attempts in all".to_owned())
}

pub(crate) fn unknown_policy_key(owner: &str, key: &str) -> String {
    format!("{owner} cannot have `{}`", shortened(key))
}

pub(crate) fn what_a_policy_takes(meant_key: Option<&str>, known: &[&str], belongs_outside: bool) -> String {
    match meant_key {
        _ if belongs_outside => "it belongs to the policy itself, beside `strategy`".to_owned(),
        Some(key) => meant(key),
        None => format!("it can have {}", listed(known, "and")),
    }
}

pub(crate) fn retry_strategy_is_not_a_map(found: &Config) -> (String, String) {
    let message = format!("`strategy` must be a map, but this is {}", kind_of(found));
    (message, "give it a `type`, `constant_delay` or `exponential_backoff`, and a `delay_ms`".to_owned())
}

pub(crate) fn retry_strategy_without_type() -> (String, String) {
    ("the strategy has no `type`".to_owned(), retry_strategy_types(None))
}

pub(crate) fn unknown_retry_strategy(name: &str) -> String {
    format!("there is no retry strategy `{}`", shortened(name))
}

pub(crate) fn retry_strategy_type_is_not_text(found: &Config) -> String {
    format!("`type` must be the name of a strategy, but this is {}", kind_of(found))
}

pub(crate) fn retry_strategy_types(meant_type: Option<&str>) -> String {
    match meant_type {
        Some(name) => meant(name),
        None => "the strategies are `constant_delay` and `exponential_backoff`".to_owned(),
    }
}

pub(crate) fn max_delay_below_delay(max_delay_ms: u64, delay_ms: u64) -> (String, String) {
    let message = format!("`max_delay_ms` is {max_delay_ms}, less than `delay_ms`, which is {delay_ms}");
    (message, format!("every wait is then {max_delay_ms} ms"))
}

pub(crate) fn not_a_jitter(found: &Config, names: &[&str]) -> String {
    format!("`jitter` must be {}, but this is {}", listed(names, "or"), kind_of(found))
}

pub(crate) fn unknown_jitter(name: &str, names: &[&str]) -> String {
    format!("`jitter` must be {}, but this is `{}`", listed(names, "or"), shortened(name))
}

pub(crate) fn retry_on_is_not_a_list(found: &Config) -> (String, String) {
    let message = format!("`retry_on` must be a list, but this is {}", kind_of(found));
    (message, "for example [default, 404]: what is retried anyway, and 404".to_owned())
}

pub(crate) fn not_in_retry_on(found: &Config, names: &[&str]) -> String {
    let found = match found {
        Config::String(text) => format!("`{}`", shortened(text)),
        Config::Number(number) => format!("`{number}`"),
        other => kind_of(other).to_owned(),
    };
    let names = listed(names, "or");
    format!("`retry_on` takes statuses from 100 to 599, classes as \"5xx\", {names}; not {found}")
}

pub(crate) fn negative(key: &str) -> String {
    format!("`{key}` cannot be negative")
}

pub(crate) fn not_an_integer(key: &str, found: &Config) -> String {
    let found = if matches!(found, Config::Number(_)) { "a number with a fraction" } else { kind_of(found) };
    format!("`{key}` must be an integer, but this is {found}")
}

pub(crate) fn not_a_number(key: &str, found: &Config) -> String {
    format!("`{key}` must be a number, but this is {}", kind_of(found))
}

pub(crate) fn meant(name: &str) -> String {
    format!("did you mean `{name}`?")
}

fn kind_of(found: &Config) -> &'static str {
    match found {
        Config::Env(_) => "an environment variable",
        other => other.with_article(),
    }
}

fn listed(names: &[&str], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
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
