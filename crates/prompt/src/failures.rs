//! Every message of this room, by name.

use std::ops::Range;

use minijinja::ErrorKind as Engine;
use types::nearest;

use crate::engine::{FILTERS, FUNCTIONS, TESTS};
use crate::{Error, ErrorKind};

pub(crate) fn argument_too_deep() -> Error {
    Error::new(ErrorKind::Limit, value_too_deep())
}

pub(crate) fn value_too_deep() -> String {
    format!("a value is nested more than {} levels deep, or contains itself", crate::values::MAX_DEPTH)
}

pub(crate) fn unknown_function(name: &str) -> Error {
    Error::new(ErrorKind::UnknownFunction, format!("there is no compiled prompt for a function `{name}`"))
}

pub(crate) fn markers_kept_colliding() -> Error {
    Error::new(
        ErrorKind::Internal,
        "the texts of this prompt kept using characters that were set aside for roles",
    )
}

pub(crate) fn engine_panicked() -> String {
    "the template engine failed on this text".to_owned()
}

pub(crate) fn braces_in_expression() -> String {
    "an expression cannot contain {{ or }}".to_owned()
}

pub(crate) fn constant_not_computable() -> String {
    "it contains a constant expression that cannot be computed".to_owned()
}

pub(crate) fn too_many_markers() -> String {
    "a prompt can hold at most 131,068 different roles and media values".to_owned()
}

pub(crate) fn namespace_takes_maps() -> String {
    "namespace() takes maps and named values".to_owned()
}

pub(crate) fn only_namespaces_can_be_set() -> String {
    "only an attribute of a namespace can be set; make one with {% set ns = namespace() %}".to_owned()
}

pub(crate) fn role_takes_one(method: &str) -> String {
    format!("_.{method}() takes one role; give anything else by name, as in _.{method}(\"user\", key=value)")
}

pub(crate) fn role_given_twice(method: &str) -> String {
    format!("_.{method}() was given two roles, one by position and one as role=")
}

pub(crate) fn role_missing(method: &str) -> String {
    format!("_.{method}() needs a role, as in _.{method}(\"user\"); what it was given is undefined or null")
}

pub(crate) fn metadata_not_json(key: &str) -> String {
    format!("the role metadata `{key}` cannot be written as JSON")
}

pub(crate) fn output_format_takes_names(known: &[&str]) -> String {
    format!("ctx.output_format() takes only named arguments: {}", known.join(", "))
}

pub(crate) fn output_format_unknown(name: &str, known: &[&str]) -> String {
    let meant = did_you_mean(name, known.iter().copied());
    format!("ctx.output_format() has no argument `{name}`{meant}; it takes {}", known.join(", "))
}

pub(crate) fn output_format_wants(name: &str, wanted: &str) -> String {
    format!("the argument `{name}` of ctx.output_format() must be {wanted}")
}

pub(crate) fn cannot_hoist<'a>(missing: &[String], known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let names: Vec<String> =
        missing.iter().map(|name| format!("`{name}`{}", did_you_mean(name, known.iter().copied()))).collect();
    format!("hoist_classes names what is not a class of the return type: {}", names.join(", "))
}

pub(crate) fn media_in_output(kind: &str) -> String {
    format!(
        "the return type contains `{kind}`, and a model cannot answer with media: there is no format to describe"
    )
}

pub(crate) fn output_too_deep() -> String {
    "the classes of the return type are nested more than 100 levels deep; hoist_classes=true prints them one by one"
        .to_owned()
}

pub(crate) fn output_too_long() -> String {
    "the description of the return type is longer than 4 MB; hoist_classes=true prints each class once"
        .to_owned()
}

pub(crate) fn text_too_long() -> String {
    "a repeated text or list would be longer than 10,000,000 items".to_owned()
}

pub(crate) fn cannot_multiply(left: &str, right: &str) -> String {
    format!("cannot multiply {left} by {right}")
}

pub(crate) fn cannot_contain(container: &str) -> String {
    format!("`in` looks into text, lists and maps, not into {container}")
}

pub(crate) fn cannot_order_numbers() -> String {
    "integers beyond 2^53 and floats cannot be put in one order; turn all of them into floats first"
        .to_owned()
}

pub(crate) fn sum_takes_lists() -> String {
    "the filter `sum` adds up the numbers of a list, not a text".to_owned()
}

pub(crate) fn format_type_missing() -> String {
    "the filter `format` needs type=\"json\", \"yaml\" or \"toon\"".to_owned()
}

pub(crate) fn format_type_unknown(given: &str) -> String {
    let meant = did_you_mean(given, ["json", "yaml", "toon"]);
    format!("the filter `format` knows the types \"json\", \"yaml\" and \"toon\", not \"{given}\"{meant}")
}

pub(crate) fn format_wants(name: &str, wanted: &str) -> String {
    format!("the argument `{name}` of the filter `format` must be {wanted}")
}

pub(crate) fn not_formattable() -> String {
    "the filter `format` cannot write this value".to_owned()
}

pub(crate) fn number_too_large() -> String {
    "this number does not fit into 128 bits".to_owned()
}

pub(crate) fn chain_too_long(limit: usize) -> String {
    format!(
        "one expression has more than {limit} operators, or one `if` more branches; split it with {{% set %}}"
    )
}

pub(crate) fn unusable_parameter(template: &str, param: &str) -> String {
    format!(
        "template_string `{template}` cannot have a parameter called `{param}`: Jinja keeps that name for itself"
    )
}

pub(crate) fn bad_template(detail: &str) -> String {
    format!("this is not valid Jinja: {detail}")
}

pub(crate) fn bad_constraint(detail: &str) -> String {
    format!("the expression of a check or an assert is not valid Jinja: {detail}")
}

pub(crate) fn constraint_not_bool(expression: &str, kind: &str) -> String {
    format!("`{expression}` must be true or false, not {kind}")
}

pub(crate) fn constraint_failed(expression: &str, detail: &str) -> String {
    format!("`{expression}` cannot be evaluated: {detail}")
}

/// An error of the engine in plain words. `source` is the text that was running, for the part of it to blame.
pub(crate) fn explain(error: &minijinja::Error, source: &str) -> Error {
    let detail = error.detail().unwrap_or_default();
    // The engine says "filter x is unknown": the name is what stands before the last two words.
    let name = detail.strip_suffix(" is unknown").map(|text| text.rsplit(' ').next().unwrap_or(text));
    let unknown = |kind: &str, known: &[&str]| match name {
        Some(name) => format!("there is no {kind} `{name}`{}", did_you_mean(name, known.iter().copied())),
        None => format!("there is no such {kind}: {detail}"),
    };
    let blamed = error.range().and_then(|range| blamed(source, range));
    let blame = |otherwise: &str| match &blamed {
        _ if !detail.is_empty() => detail.to_owned(),
        Some(part) => format!("`{part}`: {otherwise}"),
        None => otherwise.to_owned(),
    };
    match error.kind() {
        Engine::UnknownFilter => Error::new(ErrorKind::UnknownName, unknown("filter", &FILTERS)),
        Engine::UnknownTest => Error::new(ErrorKind::UnknownName, unknown("test", &TESTS)),
        Engine::UnknownFunction => {
            Error::new(ErrorKind::UnknownName, unknown("function or template_string", &FUNCTIONS))
        }
        Engine::UnknownMethod => Error::new(ErrorKind::UnknownName, blame("this value has no such method")),
        Engine::UndefinedError => {
            Error::new(ErrorKind::Undefined, blame("what this is read from is undefined"))
        }
        Engine::TooManyArguments => Error::new(ErrorKind::Arguments, blame("too many arguments")),
        Engine::MissingArgument => Error::new(ErrorKind::Arguments, blame("an argument is missing")),
        _ if detail == value_too_deep() || detail == text_too_long() => Error::new(ErrorKind::Limit, detail),
        _ if detail == "recursion limit exceeded" => Error::new(ErrorKind::Limit, recursion_too_deep()),
        _ if detail == engine_panicked() => Error::new(ErrorKind::Internal, detail),
        kind => Error::new(ErrorKind::Operation, blame(&kind.to_string())),
    }
}

/// The part of a template to show in a message: one line, not too long, and with the value that a chain of attributes
/// begins with, which the engine leaves out.
fn blamed(source: &str, range: Range<usize>) -> Option<String> {
    let mut start = range.start;
    if source.get(range.start..)?.starts_with(['.', '[']) {
        let before = source.get(..start)?;
        let part_of_value = |character: char| character.is_alphanumeric() || "_.[]'\"".contains(character);
        start = before.trim_end_matches(part_of_value).len();
    }
    let part = source.get(start..range.end)?.trim();
    (!part.is_empty() && !part.contains('\n') && part.chars().count() <= 80).then(|| part.to_owned())
}

pub(crate) fn recursion_too_deep() -> String {
    "macros or template strings call each other more than about 120 levels deep".to_owned()
}

/// "; did you mean `x`?" when something is near enough.
pub(crate) fn did_you_mean<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wanted, known).map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}
