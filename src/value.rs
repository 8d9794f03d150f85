//! JavaScript values to engine values and back.

use std::fmt::Write as _;
use std::sync::Arc;

use indexmap::IndexMap;
use napi::bindgen_prelude::{
    BigInt, Env, FromNapiValue, Function, JsObjectValue, JsValue, KeyCollectionMode, KeyConversion,
    KeyFilter, Null, Object, ToNapiValue, Unknown,
};
use napi::{JsString, Property, PropertyAttributes, Result, ValueType};
use types::{CheckResult, Name, Value};

use crate::failure::{invalid_argument, invalid_at, number};
use crate::json_text;
use crate::media;
use crate::packed_argument;

/// How deep arguments and options may nest.
pub(crate) const MAX_DEPTH: usize = 128;

/// From which depth on an object is compared with those around it: before it, the comparing costs more than
/// going round a few times.
const LOOK_FOR_CIRCLES_FROM: usize = 24;

/// Down to which depth the parts of an argument that is not plain data are looked at for being plain themselves.
const PLAIN_TO: usize = 2;

/// How many steps of the way to a wrong value are told.
const SHOWN_STEPS: usize = 16;

/// The largest integer that a JavaScript number holds exactly.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// What to do with what neither JSON nor BAML has a word for: `undefined`, functions and symbols.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// `undefined` is null, because generated clients hand on every parameter; the rest is not given.
    Arguments,
    /// As if they had not been given (tags).
    Lenient,
    /// An error that names the place (client options).
    Strict,
}

/// Reads a JavaScript value. `None` is: not given. `subject` names the value in errors.
pub(crate) fn from_js(
    env: &Env,
    value: Unknown<'_>,
    subject: &str,
    strictness: Strictness,
) -> Result<Option<Value>> {
    Reader { env, strictness, path: vec![Step::Key(subject.to_owned())], ancestors: Vec::new() }.read(value)
}

/// Reads an object's entries; those that are not given are left out.
pub(crate) fn entries_from_js(
    env: &Env,
    object: Object<'_>,
    subject: &str,
    strictness: Strictness,
) -> Result<IndexMap<Name, Value>> {
    match from_js(env, object.into_unknown(env)?, subject, strictness)? {
        Some(Value::Map(entries)) => Ok(entries),
        _ => Err(invalid_argument(env, format!("{subject} must be an object with named entries"))),
    }
}

/// Reads a text argument; `what` names it in the error for anything else.
pub(crate) fn text_from_js(env: &Env, value: Unknown<'_>, what: &str) -> Result<String> {
    match value.get_type()? {
        ValueType::String => cast(value),
        other => {
            Err(invalid_argument(env, format!("{what} must be a string, got {}", kind_with_article(other))))
        }
    }
}

enum Step {
    Key(String),
    Index(u32),
}

struct Reader<'a, 'env> {
    env: &'a Env,
    strictness: Strictness,
    path: Vec<Step>,
    ancestors: Vec<Object<'env>>,
}

impl<'env> Reader<'_, 'env> {
    fn read(&mut self, value: Unknown<'env>) -> Result<Option<Value>> {
        Ok(match value.get_type()? {
            ValueType::Undefined if self.strictness == Strictness::Arguments => Some(Value::Null),
            ValueType::Undefined => None,
            ValueType::Null => Some(Value::Null),
            ValueType::Boolean => Some(Value::Bool(cast(value)?)),
            ValueType::Number => Some(self.number(cast(value)?)?),
            ValueType::String => Some(Value::String(cast(value)?)),
            ValueType::BigInt => Some(self.big_integer(value)?),
            ValueType::Object => Some(self.object(cast(value)?)?),
            _ if self.strictness != Strictness::Strict => None,
            other => return Err(self.refuse(&format!("is {}", kind_with_article(other)))),
        })
    }

    fn number(&self, number: f64) -> Result<Value> {
        if self.strictness == Strictness::Strict && !number.is_finite() {
            let number = if number.is_nan() { "NaN" } else { "infinite" };
            return Err(self.refuse(&format!("is {number}, which JSON has no word for")));
        }
        Ok(from_number(number))
    }

    fn big_integer(&self, value: Unknown<'env>) -> Result<Value> {
        let (integer, lossless) = cast::<BigInt>(value)?.get_i64();
        if lossless { Ok(Value::Int(integer)) } else { Err(self.refuse("is a BigInt beyond 64 bits")) }
    }

    fn object(&mut self, object: Object<'env>) -> Result<Value> {
        if let Some(value) = self.at_once(&object)? {
            return Ok(value);
        }
        self.ancestors.push(object);
        let value = if object.is_array()? {
            self.list(object)
        } else if object.is_date()? {
            self.date(object)
        } else {
            self.map(object)
        };
        self.ancestors.pop();
        value
    }

    /// What need not be read part by part, or cannot be. Apart from `object`, whose frame must be small.
    fn at_once(&self, object: &Object<'env>) -> Result<Option<Value>> {
        if self.strictness == Strictness::Arguments
            && (1..=PLAIN_TO).contains(&self.ancestors.len())
            && let Some(value) = packed_argument::read(self.env, object)?
        {
            return Ok(Some(value));
        }
        if let Some(media) = media::from_instance(self.env, object)? {
            return Ok(Some(Value::Media(media)));
        }
        if self.ancestors.len() >= LOOK_FOR_CIRCLES_FROM
            && let Some(depth) = self.second_meeting(object)
        {
            return Err(
                self.refuse_at(&self.path[..=depth], "refers to an object around it (it is circular)")
            );
        }
        if self.ancestors.len() >= MAX_DEPTH {
            return Err(self.refuse(&format!("nests deeper than {MAX_DEPTH} levels")));
        }
        Ok(None)
    }

    fn list(&mut self, object: Object<'env>) -> Result<Value> {
        let length = object.get_array_length()?;
        let mut items = Vec::with_capacity(length as usize);
        for index in 0..length {
            self.path.push(Step::Index(index));
            // As in JSON: what has no word for it is null where a place must be kept.
            items.push(self.read(object.get_element(index)?)?.unwrap_or(Value::Null));
            self.path.pop();
        }
        Ok(Value::List(items))
    }

    fn date(&self, object: Object<'env>) -> Result<Value> {
        let text: Result<JsString<'_>> = object
            .get_named_property::<Function<'_, (), JsString<'_>>>("toISOString")
            .and_then(|method| method.apply(object, ()));
        match text {
            Ok(text) => Ok(Value::String(text.into_utf8()?.into_owned()?)),
            Err(_) => Err(self.refuse("is an invalid Date")),
        }
    }

    fn map(&mut self, object: Object<'env>) -> Result<Value> {
        if let Some(entries) = self.entries_of_js_map(&object)? {
            return Ok(Value::Map(entries));
        }
        let keys = object.get_all_property_names(
            KeyCollectionMode::OwnOnly,
            KeyFilter::Enumerable,
            KeyConversion::NumbersToStrings,
        )?;
        let length = keys.get_array_length()?;
        let mut entries = IndexMap::with_capacity(length as usize);
        for index in 0..length {
            let key: Unknown<'_> = keys.get_element(index)?;
            if key.get_type()? != ValueType::String {
                continue;
            }
            let key: JsString<'_> = cast(key)?;
            let name = key.into_utf8()?.into_owned()?;
            let value: Unknown<'env> = object.get_property(key)?;
            if let Some(value) = self.entry(&name, value)? {
                entries.insert(Name::from(name), value);
            }
        }
        Ok(Value::Map(entries))
    }

    /// The entries of a JavaScript `Map`; `None` for any other object.
    fn entries_of_js_map(&mut self, object: &Object<'env>) -> Result<Option<IndexMap<Name, Value>>> {
        let constructor: Function<'_, Unknown<'_>, Unknown<'_>> =
            self.env.get_global()?.get_named_property("Map")?;
        if !object.instanceof(constructor)? {
            return Ok(None);
        }
        let array: Function<'_, Object<'_>, Object<'env>> = self
            .env
            .get_global()?
            .get_named_property::<Function<'_, (), ()>>("Array")?
            .get_named_property("from")?;
        let pairs = array.call(*object)?;
        let mut entries = IndexMap::new();
        for index in 0..pairs.get_array_length()? {
            let pair: Object<'env> = pairs.get_element(index)?;
            let key: Unknown<'env> = pair.get_element(0)?;
            if key.get_type()? != ValueType::String {
                return Err(self.refuse("is a Map with a key that is not a string"));
            }
            let name: String = cast(key)?;
            if let Some(value) = self.entry(&name, pair.get_element(1)?)? {
                entries.insert(Name::from(name), value);
            }
        }
        Ok(Some(entries))
    }

    fn entry(&mut self, name: &str, value: Unknown<'env>) -> Result<Option<Value>> {
        self.path.push(Step::Key(name.to_owned()));
        let value = self.read(value);
        self.path.pop();
        value
    }

    /// The depth at which an object that is met inside itself was met for the second time.
    fn second_meeting(&self, object: &Object<'env>) -> Option<usize> {
        let is_same = |ancestor: &Object<'env>| self.env.strict_equals(*ancestor, *object).unwrap_or(false);
        let first = self.ancestors.iter().position(is_same)?;
        let again = self.ancestors[first + 1..].iter().position(is_same);
        Some(again.map_or(self.ancestors.len(), |after| first + 1 + after))
    }

    fn refuse(&self, what: &str) -> napi::Error {
        self.refuse_at(&self.path, what)
    }

    fn refuse_at(&self, path: &[Step], what: &str) -> napi::Error {
        let mut place = String::new();
        for step in path.iter().skip(1).take(SHOWN_STEPS) {
            match step {
                Step::Key(key) if place.is_empty() => place.push_str(key),
                Step::Key(key) => {
                    place.push('.');
                    place.push_str(key);
                }
                Step::Index(index) => _ = write!(place, "[{index}]"),
            }
        }
        let subject = match path.first() {
            Some(Step::Key(subject)) => subject,
            _ => "the value",
        };
        invalid_at(self.env, subject, place, what)
    }
}

/// The number as the integer that it is, or else as a float.
pub(crate) fn from_number(number: f64) -> Value {
    exact_integer(number).map_or(Value::Float(number), Value::Int)
}

/// The number as an integer, when it is one and JavaScript holds it exactly.
#[expect(clippy::cast_possible_truncation, reason = "the value is integral and within 2^53")]
pub(crate) fn exact_integer(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER).then_some(number as i64)
}

pub(crate) fn kind_with_article(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Undefined => "undefined",
        ValueType::Null => "null",
        ValueType::Boolean => "a boolean",
        ValueType::Number => "a number",
        ValueType::String => "a string",
        ValueType::Symbol => "a symbol",
        ValueType::Object => "an object",
        ValueType::Function => "a function",
        ValueType::BigInt => "a BigInt",
        ValueType::External | ValueType::Unknown => "a value of another kind",
    }
}

/// The value as the type that the caller has just found it to be.
#[expect(unsafe_code, reason = "the binding has no checked conversion; every caller has looked at the type")]
pub(crate) fn cast<T: FromNapiValue>(value: Unknown<'_>) -> Result<T> {
    // SAFETY: `from_napi_value` reads the value in the environment that it belongs to, and each caller has
    // matched on `get_type` or `instance_of` for `T` before.
    unsafe { value.cast() }
}

/// Writes a value for JavaScript. Class fields and map entries become own properties, whatever their names.
pub(crate) fn to_js<'env>(env: &'env Env, value: &Value) -> Result<Unknown<'env>> {
    match json_text::to_js(env, value)? {
        Some(large) => Ok(large),
        None => build(env, value),
    }
}

/// Writes a value part by part.
pub(crate) fn build<'env>(env: &'env Env, value: &Value) -> Result<Unknown<'env>> {
    match value {
        Value::Null => Null.into_unknown(env),
        Value::Bool(bool) => bool.into_unknown(env),
        #[expect(
            clippy::cast_precision_loss,
            reason = "JavaScript has no other number; see docs/differences.md"
        )]
        Value::Int(integer) => (*integer as f64).into_unknown(env),
        Value::Float(float) => float.into_unknown(env),
        Value::String(text) => text.as_str().into_unknown(env),
        Value::Enum(_, name) => (&**name).into_unknown(env),
        Value::List(items) => {
            let mut array = env.create_array(u32::try_from(items.len()).unwrap_or(u32::MAX))?;
            for (index, item) in (0..).zip(items) {
                array.set(index, build(env, item)?)?;
            }
            array.into_unknown(env)
        }
        Value::Map(entries) => {
            let mut object = Object::new(env)?;
            for (key, value) in entries {
                set_own(env, &mut object, key, build(env, value)?)?;
            }
            object.into_unknown(env)
        }
        Value::Instance(instance) => {
            let mut object = Object::new(env)?;
            for (key, value) in &instance.fields {
                set_own(env, &mut object, key, build(env, value)?)?;
            }
            object.into_unknown(env)
        }
        Value::Media(media) => media::to_instance(env, Arc::clone(media)),
        Value::Checked(checked) => {
            let mut object = Object::new(env)?;
            object.set("value", build(env, &checked.value)?)?;
            object.set("checks", checks_to_js(env, &checked.checks)?)?;
            object.into_unknown(env)
        }
        Value::Stated(value, state) => {
            let mut object = Object::new(env)?;
            object.set("state", state.name())?;
            object.set("value", build(env, value)?)?;
            object.into_unknown(env)
        }
    }
}

/// The results of checks, by name.
pub(crate) fn checks_to_js<'env>(env: &'env Env, results: &[CheckResult]) -> Result<Object<'env>> {
    let mut checks = Object::new(env)?;
    for check in results {
        let mut result = Object::new(env)?;
        result.set("name", &*check.name)?;
        result.set("expression", &*check.expression)?;
        result.set("status", check.status())?;
        set_own(env, &mut checks, &check.name, result.into_unknown(env)?)?;
    }
    Ok(checks)
}

/// Sets an own property; plain assignment to `__proto__` would change the prototype instead.
pub(crate) fn set_own(env: &Env, object: &mut Object<'_>, key: &str, value: Unknown<'_>) -> Result<()> {
    if key != "__proto__" {
        return object.set(key, value);
    }
    object.define_properties(&[Property::new()
        .with_name(env, key)?
        .with_value(&value)
        .with_property_attributes(
            PropertyAttributes::Writable | PropertyAttributes::Enumerable | PropertyAttributes::Configurable,
        )])
}

/// Tokens as JavaScript sees them.
pub(crate) fn count(tokens: Option<u64>) -> Option<f64> {
    tokens.map(number)
}
