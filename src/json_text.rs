//! Large values for JavaScript: as one JSON text, which the JavaScript engine reads several times faster than it
//! takes single properties from native code. Measured with `npm run bench -- --only parse`.

use std::ops::Range;

use napi::bindgen_prelude::{Env, FnArgs, Function, JsObjectValue, JsValue, Object, ToNapiValue, Unknown};
use napi::{JsString, Result};
use runtime::Written;
use types::{JsonText, Value};

use crate::value;

/// Values with fewer parts are built part by part.
const WORTH_A_TEXT: usize = 24;

/// The answer of a call, made ready for JavaScript on the engine's threads.
pub(crate) enum Ready {
    /// A small value, or one that JSON has no word for.
    Value(Value),
    /// Any other as JSON text.
    Json(Vec<u8>),
}

impl From<Value> for Ready {
    fn from(value: Value) -> Self {
        text_of(&value).map_or(Self::Value(value), Self::Json)
    }
}

impl Ready {
    /// The JavaScript value, a new one each time.
    pub(crate) fn to_js<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        match self {
            Self::Value(value) => value::build(env, value),
            Self::Json(json) => parse(env, json),
        }
    }

    /// As JSON text.
    pub(crate) fn json(&self) -> String {
        match self {
            Self::Value(value) => serde_json::Value::from(value.clone()).to_string(),
            Self::Json(json) => String::from_utf8_lossy(json).into_owned(),
        }
    }
}

/// The value read from its JSON text; `None` when that would not pay, or JSON has no word for a part of it.
pub(crate) fn to_js<'env>(env: &'env Env, value: &Value) -> Result<Option<Unknown<'env>>> {
    text_of(value).map(|json| parse(env, json)).transpose()
}

/// The JSON text of a value that is worth one.
fn text_of(value: &Value) -> Option<Vec<u8>> {
    let mut budget = WORTH_A_TEXT;
    if is_small(value, &mut budget) {
        return None;
    }
    let mut text = JsonText::with_capacity(1024);
    text.value(value).then(|| text.into_bytes())
}

/// The value of a JSON text.
fn parse(env: &Env, json: impl AsRef<[u8]>) -> Result<Unknown<'_>> {
    parse_text(env, string(env, json)?)
}

fn parse_text<'env>(env: &'env Env, text: JsString<'env>) -> Result<Unknown<'env>> {
    let parser: Object<'env> = env.get_global()?.get_named_property("JSON")?;
    let parse: Function<'env, JsString<'_>, Unknown<'env>> = parser.get_named_property("parse")?;
    parse.call(text)
}

/// What a parse of `text`, which is `answer` in JavaScript, came to. Texts are gone when the value is made: with it, they
/// would take twice the memory.
pub(crate) fn written_to_js<'env>(
    env: &'env Env,
    written: Written,
    mut text: String,
    answer: JsString<'env>,
) -> Result<Unknown<'env>> {
    match written {
        Written::Text(text) => string(env, text.into_bytes())?.into_unknown(env),
        Written::Json(json) => {
            drop(text);
            parse(env, json)
        }
        Written::Part(place) => {
            let whole = place == (0..text.len());
            // In other texts, a byte's place is not that of a character.
            if !text.is_ascii() {
                text.truncate(place.end);
                text.drain(..place.start);
                return parse(env, text);
            }
            drop(text);
            parse_text(env, if whole { answer } else { part_of(answer, place)? })
        }
    }
}

/// A part of a string, which costs no copy.
fn part_of<'env>(string: JsString<'env>, place: Range<usize>) -> Result<JsString<'env>> {
    let slice: Function<'env, FnArgs<(u32, u32)>, JsString<'env>> =
        string.coerce_to_object()?.get_named_property("slice")?;
    let number = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
    slice.apply(string, (number(place.start), number(place.end)).into())
}

fn string(env: &Env, utf8: impl AsRef<[u8]>) -> Result<JsString<'_>> {
    if utf8.as_ref().is_ascii() {
        return env.create_string_latin1(utf8);
    }
    env.create_string(String::from_utf8_lossy(utf8.as_ref()))
}

/// Whether the value has fewer parts than `budget`, which counts down.
fn is_small(value: &Value, budget: &mut usize) -> bool {
    if *budget == 0 {
        return false;
    }
    *budget -= 1;
    match value {
        Value::List(items) => items.iter().all(|item| is_small(item, budget)),
        Value::Map(entries) => entries.values().all(|entry| is_small(entry, budget)),
        Value::Instance(instance) => instance.fields.iter().all(|(_, field)| is_small(field, budget)),
        Value::Checked(checked) => is_small(&checked.value, budget),
        Value::Stated(value, _) => is_small(value, budget),
        _ => true,
    }
}
