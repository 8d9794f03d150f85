//! The filters that BAML adds to Jinja's.

mod format;
mod json;
mod order;
mod toon;
mod tree;
mod yaml;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use regex::Regex;

pub(crate) use format::format;
pub(crate) use order::register as register_order;

use crate::failures;

/// How many patterns stay compiled.
const MAX_PATTERNS: usize = 256;

/// The compiled patterns of `regex_match`, which templates use in loops and constraints use on every item.
#[derive(Debug, Default)]
pub(crate) struct Patterns(Mutex<HashMap<String, Option<Regex>>>);

impl Patterns {
    /// `text|regex_match("pattern")`: whether the pattern is found anywhere in the text. A pattern that is not
    /// valid is found nowhere.
    pub(crate) fn is_match(&self, text: &str, pattern: &str) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_PATTERNS && !known.contains_key(pattern) {
            known.clear();
        }
        let compiled = known.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).ok()).clone();
        drop(known);
        compiled.is_some_and(|compiled| compiled.is_match(text))
    }
}

/// `numbers|sum`: an integer when all are, a float when any is; zero when something is not a number.
pub(crate) fn sum(values: &Value) -> Result<Value, Error> {
    if values.kind() == ValueKind::String {
        return Err(Error::new(ErrorKind::InvalidOperation, failures::sum_takes_lists()));
    }
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
