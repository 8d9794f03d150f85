//! Large values for JavaScript: as one JSON text, which the JavaScript engine reads several times faster than it
//! takes single properties from native code. Measured with `npm run bench -- --only parse`.

use std::io;

use napi::bindgen_prelude::{Env, Function, JsObjectValue, Object, Unknown};
use napi::{JsString, Result};
use types::{Checked, Value};

/// Values with fewer parts are built part by part.
const WORTH_A_TEXT: usize = 24;

/// The value read from its JSON text; `None` when that would not pay, or JSON has no word for a part of it.
pub(crate) fn to_js<'env>(env: &'env Env, value: &Value) -> Result<Option<Unknown<'env>>> {
    let mut budget = WORTH_A_TEXT;
    if is_small(value, &mut budget) {
        return Ok(None);
    }
    let mut text = Vec::with_capacity(1024);
    if write(value, &mut text).is_err() {
        return Ok(None);
    }
    let text = if text.is_ascii() {
        env.create_string_latin1(text)?
    } else {
        let Ok(text) = String::from_utf8(text) else { return Ok(None) };
        env.create_string(text)?
    };
    let parser: Object<'env> = env.get_global()?.get_named_property("JSON")?;
    let parse: Function<'env, JsString<'_>, Unknown<'env>> = parser.get_named_property("parse")?;
    parse.call(text).map(Some)
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

/// Appends the value as JSON. An error stands for what JSON has no word for.
fn write(value: &Value, text: &mut Vec<u8>) -> io::Result<()> {
    match value {
        Value::Null => text.extend_from_slice(b"null"),
        Value::Bool(bool) => text.extend_from_slice(if *bool { b"true" } else { b"false" }),
        Value::Int(integer) => serde_json::to_writer(text, integer)?,
        Value::Float(float) if float.is_finite() => serde_json::to_writer(text, float)?,
        Value::Float(_) | Value::Media(_) => return Err(io::ErrorKind::Unsupported.into()),
        Value::String(string) => serde_json::to_writer(text, string)?,
        Value::Enum(_, name) => serde_json::to_writer(text, &**name)?,
        Value::List(items) => {
            text.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(b',');
                }
                write(item, text)?;
            }
            text.push(b']');
        }
        Value::Map(entries) => write_object(entries.iter().map(|(key, value)| (&**key, value)), text)?,
        Value::Instance(instance) => {
            write_object(instance.fields.iter().map(|(name, value)| (&**name, value)), text)?;
        }
        Value::Checked(checked) => write_checked(checked, text)?,
        Value::Stated(value, state) => {
            text.extend_from_slice(b"{\"state\":");
            serde_json::to_writer(&mut *text, state.name())?;
            text.extend_from_slice(b",\"value\":");
            write(value, text)?;
            text.push(b'}');
        }
    }
    Ok(())
}

fn write_object<'v>(
    entries: impl Iterator<Item = (&'v str, &'v Value)>,
    text: &mut Vec<u8>,
) -> io::Result<()> {
    text.push(b'{');
    for (index, (key, value)) in entries.enumerate() {
        if index > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut *text, key)?;
        text.push(b':');
        write(value, text)?;
    }
    text.push(b'}');
    Ok(())
}

fn write_checked(checked: &Checked, text: &mut Vec<u8>) -> io::Result<()> {
    text.extend_from_slice(b"{\"value\":");
    write(&checked.value, text)?;
    text.extend_from_slice(b",\"checks\":{");
    for (index, check) in checked.checks.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut *text, &*check.name)?;
        text.extend_from_slice(b":{\"name\":");
        serde_json::to_writer(&mut *text, &*check.name)?;
        text.extend_from_slice(b",\"expression\":");
        serde_json::to_writer(&mut *text, &*check.expression)?;
        text.extend_from_slice(b",\"status\":");
        text.extend_from_slice(if check.passed { b"\"succeeded\"}" } else { b"\"failed\"}" });
    }
    text.extend_from_slice(b"}}");
    Ok(())
}
