//! The words that messages share.

use syntax::ast::ValueKind;

pub(super) fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

pub(super) fn signed(names: &[&str], sign: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{sign}{name}")).collect();
    listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// `a`, `b` and `c`.
pub(super) fn listed(names: &[&str]) -> String {
    listed_with(names, "and")
}

pub(super) fn listed_with(names: &[&str], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

pub(super) fn describe(value: &ValueKind) -> &'static str {
    match value {
        ValueKind::Null => "`null`",
        ValueKind::Bool(_) => "a bool",
        ValueKind::Number(_) => "a number",
        ValueKind::String(..) => "a string",
        ValueKind::Env(_) => "an environment variable",
        ValueKind::List(_) => "a list",
        ValueKind::Map(_) => "a map",
        ValueKind::Expression(_) => "an expression",
    }
}
