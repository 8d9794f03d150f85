//! A template value as plain data, the way it is shown.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::failures;
use crate::values::{ClassValue, EnumValue};

/// Plain data.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// A number as it is written: whole floats without their fraction.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    /// All digits.
    pub(super) plain: String,
    /// With an exponent where there would be many zeros, as programs write JSON.
    pub(super) short: String,
}

impl Number {
    /// As many digits before the point as a short number may have.
    const LARGEST_PLAIN: f64 = 1e16;
    const SMALLEST_PLAIN: f64 = 1e-5;

    fn of(value: &Value, float: f64) -> Self {
        let text = value.to_string();
        let plain = text.strip_suffix(".0").map_or(text.clone(), str::to_owned);
        let size = float.abs();
        let is_plain = size == 0.0 || (Self::SMALLEST_PLAIN..Self::LARGEST_PLAIN).contains(&size);
        let short = if is_plain { plain.clone() } else { format!("{float:e}") };
        Self { plain, short }
    }
}

/// Reads a value whose depth has been checked.
pub(super) fn from_value(value: &Value) -> Result<Tree, Error> {
    if let Some(class) = value.downcast_object::<ClassValue>() {
        let fields = class.shown().map(|(name, value)| Ok((name.to_string(), from_value(value)?)));
        return Ok(Tree::Map(fields.collect::<Result<_, Error>>()?));
    }
    if let Some(value) = value.downcast_object::<EnumValue>() {
        return Ok(Tree::Text(value.shown().to_string()));
    }
    Ok(match value.kind() {
        ValueKind::Undefined | ValueKind::None => Tree::Null,
        ValueKind::Bool => Tree::Bool(value.is_true()),
        ValueKind::Number => number(value),
        ValueKind::Seq | ValueKind::Iterable => {
            Tree::List(value.try_iter()?.map(|item| from_value(&item)).collect::<Result<_, _>>()?)
        }
        ValueKind::Map => {
            let entries =
                value.try_iter()?.map(|key| Ok((key.to_string(), from_value(&value.get_item(&key)?)?)));
            Tree::Map(entries.collect::<Result<_, Error>>()?)
        }
        ValueKind::String | ValueKind::Bytes | ValueKind::Plain => Tree::Text(value.to_string()),
        _ => return Err(Error::new(ErrorKind::InvalidOperation, failures::not_formattable())),
    })
}

/// No notation here has a word for what is not a number, or not a finite one.
fn number(value: &Value) -> Tree {
    if value.is_integer() {
        let digits = value.to_string();
        return Tree::Number(Number { plain: digits.clone(), short: digits });
    }
    match f64::try_from(value.clone()) {
        Ok(float) if float.is_finite() => Tree::Number(Number::of(value, float)),
        _ => Tree::Null,
    }
}
