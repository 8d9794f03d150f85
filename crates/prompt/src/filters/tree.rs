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
    /// A number as it is written: whole floats without their fraction.
    Number(String),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
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
        return Tree::Number(value.to_string());
    }
    match f64::try_from(value.clone()) {
        Ok(float) if float.is_finite() => {
            let text = value.to_string();
            Tree::Number(text.strip_suffix(".0").map_or(text.clone(), str::to_owned))
        }
        _ => Tree::Null,
    }
}
