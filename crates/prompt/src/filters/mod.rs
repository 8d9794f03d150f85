//! The filters that BAML adds to Jinja's.

mod format;
mod json;
mod toon;
mod tree;
mod yaml;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, State};

pub(crate) use format::format;

/// `text|regex_match("pattern")`: whether the pattern is found anywhere in the text. A pattern that is not valid is
/// found nowhere.
pub(crate) fn regex_match(_state: &State<'_, '_>, value: &Value, pattern: &str) -> bool {
    let text = value.to_string();
    regex_lite::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(&text))
}

/// `numbers|sum`: an integer when all are, a float when any is; zero when something is not a number.
pub(crate) fn sum(values: &Value) -> Result<Value, Error> {
    let mut whole: i128 = 0;
    let mut float = 0.0;
    let mut any_float = false;
    for value in values.try_iter()? {
        match value.kind() {
            ValueKind::Bool => whole += i128::from(value.is_true()),
            ValueKind::Number if value.is_integer() => {
                whole = whole.saturating_add(i128::try_from(value).unwrap_or_default());
            }
            ValueKind::Number => {
                any_float = true;
                float += f64::try_from(value).unwrap_or_default();
            }
            _ => return Ok(Value::from(0)),
        }
    }
    if any_float {
        // A sum this large has lost its last digits in any case.
        #[expect(clippy::cast_precision_loss, reason = "a float sum is as exact as a float")]
        return Ok(Value::from(float + whole as f64));
    }
    Ok(i64::try_from(whole).map_or_else(|_| Value::from(whole), Value::from))
}
