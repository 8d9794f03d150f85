//! The operators that [`super::rewrite`] puts in place of the engine's.

use std::cmp::Ordering;
use std::sync::Arc;

use minijinja::value::{ObjectRepr, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use crate::failures;
use crate::values::{CheckedValue, EnumValue, ListValue, Namespace};

// No template can name these: a filter's name is an identifier.
pub(super) const EQUAL: &str = "operator ==";
pub(super) const UNEQUAL: &str = "operator !=";
pub(super) const LESS: &str = "operator <";
pub(super) const LESS_OR_EQUAL: &str = "operator <=";
pub(super) const GREATER: &str = "operator >";
pub(super) const GREATER_OR_EQUAL: &str = "operator >=";
pub(super) const IN: &str = "operator in";
pub(super) const MULTIPLY: &str = "operator *";
pub(super) const ITEM: &str = "operator []";
pub(super) const SET: &str = "operator .=";

/// How long a text or list may get by multiplication.
pub(super) const MAX_REPEATED: usize = 10_000_000;

/// Adds the operators to an environment, and the tests that are other spellings of them.
pub(crate) fn register(environment: &mut Environment<'static>) {
    environment.add_filter(EQUAL, |left: &Value, right: &Value| equal(left, right));
    environment.add_filter(UNEQUAL, |left: &Value, right: &Value| !equal(left, right));
    environment.add_filter(LESS, |left: &Value, right: &Value| compare(left, right).is_lt());
    environment.add_filter(LESS_OR_EQUAL, |left: &Value, right: &Value| compare(left, right).is_le());
    environment.add_filter(GREATER, |left: &Value, right: &Value| compare(left, right).is_gt());
    environment.add_filter(GREATER_OR_EQUAL, |left: &Value, right: &Value| compare(left, right).is_ge());
    environment.add_filter(IN, |item: &Value, container: &Value| contains(container, item));
    environment.add_filter(MULTIPLY, multiply);
    environment.add_filter(ITEM, item);
    environment
        .add_filter(SET, |value: Value, target: Value, name: Arc<str>| Namespace::set(value, &target, name));
    for name in ["eq", "equalto", "=="] {
        environment.add_test(name, |left: &Value, right: &Value| equal(left, right));
    }
    for name in ["ne", "!="] {
        environment.add_test(name, |left: &Value, right: &Value| !equal(left, right));
    }
    for name in ["lt", "lessthan", "<"] {
        environment.add_test(name, |left: &Value, right: &Value| compare(left, right).is_lt());
    }
    for name in ["le", "<="] {
        environment.add_test(name, |left: &Value, right: &Value| compare(left, right).is_le());
    }
    for name in ["gt", "greaterthan", ">"] {
        environment.add_test(name, |left: &Value, right: &Value| compare(left, right).is_gt());
    }
    for name in ["ge", ">="] {
        environment.add_test(name, |left: &Value, right: &Value| compare(left, right).is_ge());
    }
    environment.add_test("in", |item: &Value, container: &Value| contains(container, item));
}

/// An enum value's name, or a text; with at least one enum value in the pair.
fn compare_texts(left: &Value, right: &Value) -> Option<Ordering> {
    let named = |value: &Value| value.downcast_object::<EnumValue>();
    match (named(left), named(right)) {
        (Some(left), None) => Some(left.name().cmp(right.as_str()?)),
        (None, Some(right)) => Some(left.as_str()?.cmp(right.name())),
        _ => None,
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    let (left, right) = (&CheckedValue::inside(left), &CheckedValue::inside(right));
    match compare_texts(left, right) {
        Some(ordering) => ordering.is_eq(),
        None => left == right,
    }
}

/// The order of any two values. The engine's own order panics on a large integer beside a float.
fn compare(left: &Value, right: &Value) -> Ordering {
    let (left, right) = (&CheckedValue::inside(left), &CheckedValue::inside(right));
    if let Some(ordering) = compare_texts(left, right) {
        return ordering;
    }
    let kinds = left.kind().cmp(&right.kind());
    if kinds.is_ne() {
        return kinds;
    }
    match (left.kind(), left.as_object(), right.as_object()) {
        (ValueKind::Number, ..) => compare_numbers(left, right),
        (ValueKind::Seq | ValueKind::Iterable, Some(left), Some(right)) => {
            let mut left = left.try_iter().into_iter().flatten();
            let mut right = right.try_iter().into_iter().flatten();
            loop {
                match (left.next(), right.next()) {
                    (Some(left), Some(right)) => match compare(&left, &right) {
                        Ordering::Equal => {}
                        ordering => return ordering,
                    },
                    (left, right) => return left.is_some().cmp(&right.is_some()),
                }
            }
        }
        (ValueKind::Map | ValueKind::Plain, ..) => {
            if left == right {
                Ordering::Equal
            } else {
                left.to_string().cmp(&right.to_string())
            }
        }
        (ValueKind::Invalid, ..) => Ordering::Equal,
        _ => left.cmp(right),
    }
}

fn compare_numbers(left: &Value, right: &Value) -> Ordering {
    if let (Some(left), Some(right)) = (integer(left), integer(right)) {
        return left.cmp(&right);
    }
    let (left, right) = (float(left), float(right));
    left.partial_cmp(&right).unwrap_or_else(|| left.total_cmp(&right))
}

/// The number, when it is an integer of at most 128 bits.
fn integer(value: &Value) -> Option<i128> {
    if value.is_integer() { i128::try_from(value.clone()).ok() } else { None }
}

fn float(value: &Value) -> f64 {
    if let Ok(float) = f64::try_from(value.clone()) {
        return float;
    }
    value.to_string().parse().unwrap_or(f64::NAN)
}

fn contains(container: &Value, item: &Value) -> Result<bool, Error> {
    let (container, item) = (&CheckedValue::inside(container), &CheckedValue::inside(item));
    if container.is_undefined() {
        return Ok(false);
    }
    if let Some(text) = container.as_str() {
        return Ok(item
            .as_str()
            .map_or_else(|| text.contains(&item.to_string()), |item| text.contains(item)));
    }
    let Some(object) = container.as_object() else {
        let message = failures::cannot_contain(&container.kind().to_string());
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    };
    Ok(match object.repr() {
        ObjectRepr::Map => object.get_value(&key(item)).is_some(),
        ObjectRepr::Seq | ObjectRepr::Iterable => {
            object.try_iter().into_iter().flatten().any(|value| equal(&value, item))
        }
        _ => false,
    })
}

/// A value as a key: an enum value is its name.
fn key(value: &Value) -> Value {
    match value.downcast_object::<EnumValue>() {
        Some(value) => Value::from(value.name()),
        None => value.clone(),
    }
}

fn item(container: &Value, item: &Value) -> Result<Value, Error> {
    match item.downcast_object::<EnumValue>() {
        Some(item) => container.get_item(&Value::from(item.name())),
        None => container.get_item(item),
    }
}

fn multiply(left: &Value, right: &Value) -> Result<Value, Error> {
    for (repeated, times) in [(left, right), (right, left)] {
        let count = || usize::try_from(times.clone()).ok().filter(|_| times.kind() == ValueKind::Number);
        if let Some(text) = repeated.as_str() {
            let count = count().ok_or_else(|| cannot_multiply(left, right))?;
            return bounded(text.len(), count).map(|()| Value::from(text.repeat(count)));
        }
        if matches!(repeated.kind(), ValueKind::Seq | ValueKind::Iterable) {
            let count = count().ok_or_else(|| cannot_multiply(left, right))?;
            let items: Vec<Value> = repeated.try_iter()?.collect();
            bounded(items.len().max(1), count)?;
            let items = std::iter::repeat_n(items, count).flatten().collect();
            return Ok(Value::from_object(ListValue(items)));
        }
    }
    let number = |value: &Value| matches!(value.kind(), ValueKind::Number | ValueKind::Bool);
    if !number(left) || !number(right) {
        return Err(cannot_multiply(left, right));
    }
    let whole =
        |value: &Value| (value.is_integer() || value.kind() == ValueKind::Bool).then(|| value.clone());
    match (whole(left), whole(right)) {
        (Some(whole_left), Some(whole_right)) => i128::try_from(whole_left)
            .ok()
            .zip(i128::try_from(whole_right).ok())
            .and_then(|(left, right)| left.checked_mul(right))
            .map(|product| i64::try_from(product).map_or_else(|_| Value::from(product), Value::from))
            .ok_or_else(|| cannot_multiply(left, right)),
        _ => Ok(Value::from(float(left) * float(right))),
    }
}

fn bounded(length: usize, count: usize) -> Result<(), Error> {
    match length.checked_mul(count) {
        Some(product) if product <= MAX_REPEATED => Ok(()),
        _ => Err(Error::new(ErrorKind::InvalidOperation, failures::text_too_long())),
    }
}

fn cannot_multiply(left: &Value, right: &Value) -> Error {
    let message = failures::cannot_multiply(&left.kind().to_string(), &right.kind().to_string());
    Error::new(ErrorKind::InvalidOperation, message)
}
