//! `value|format(type="json" | "yaml" | "toon")`.

use minijinja::value::{Kwargs, Value};
use minijinja::{Error, ErrorKind};

use super::toon::{self, Delimiter};
use super::{json, tree, yaml};
use crate::failures;
use crate::values::check_depth;

/// Writes a value in another notation; classes and enum values by their aliases, as everywhere in a prompt.
#[expect(clippy::needless_pass_by_value, reason = "the engine hands the named arguments over")]
pub(crate) fn format(value: &Value, named: Kwargs) -> Result<String, Error> {
    let Some(kind) = named.get::<Option<Value>>("type")? else {
        return Err(wrong(failures::format_type_missing()));
    };
    check_depth(value, None)?;
    let tree = tree::from_value(value)?;
    let text = match kind.as_str() {
        Some("json") => json::write(&tree),
        Some("yaml") => yaml::write(&tree),
        Some("toon") => toon::write(&tree, &toon_options(&named)?),
        _ => return Err(wrong(failures::format_type_unknown(&kind.to_string()))),
    };
    Ok(text)
}

fn toon_options(named: &Kwargs) -> Result<toon::Options, Error> {
    let mut options = toon::Options::default();
    if let Some(indent) = named.get::<Option<Value>>("indent")? {
        options.indent = indent
            .as_usize()
            .filter(|indent| *indent <= 100)
            .ok_or_else(|| wrong(failures::format_wants("indent", "a number of spaces up to 100")))?;
    }
    if let Some(delimiter) = named.get::<Option<Value>>("delimiter")? {
        options.delimiter = match delimiter.as_str() {
            Some("comma") => Delimiter::Comma,
            Some("tab") => Delimiter::Tab,
            Some("pipe") => Delimiter::Pipe,
            _ => return Err(wrong(failures::format_wants("delimiter", "\"comma\", \"tab\" or \"pipe\""))),
        };
    }
    if let Some(marker) = named.get::<Option<Value>>("length_marker")? {
        let text = marker.to_string();
        let mut characters = text.chars();
        options.length_marker = match (characters.next(), characters.next()) {
            (Some(marker), None) => Some(marker),
            _ => return Err(wrong(failures::format_wants("length_marker", "a single character"))),
        };
    }
    Ok(options)
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
