//! A function as `api_key`: asked for a key when the engine needs one.

use std::cell::Cell;
use std::rc::Rc;

use napi::bindgen_prelude::{
    CallbackContext, Env, Function, JsObjectValue, JsValue, Object, PromiseRaw, Unknown,
};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::{Error, Result, Status, ValueType};
use runtime::{HostError, IssuedKey, KeyAnswer, KeyError, key_callback};
use types::Callback;

use crate::value::cast;

/// The names under which functions say until when a key may be used: ours, and that of Azure's own tools.
const EXPIRY: [&str; 3] = ["expires_at", "expiresAt", "expiresOnTimestamp"];

/// Smaller numbers are seconds since 1970, larger ones milliseconds: as seconds, this is the year 5138.
const LEAST_MILLISECONDS: f64 = 1e11;

/// The function as the engine asks it. It never keeps the event loop alive by itself: a call that waits for it
/// does.
pub(crate) fn callback(function: Function<'_, (), Unknown<'static>>) -> Result<Callback> {
    let asker = function.build_threadsafe_function::<()>().weak::<true>().build()?;
    Ok(key_callback(move |answer| {
        // Without an environment to run in, the answer is dropped, which says so.
        asker.call_with_return_value((), ThreadsafeFunctionCallMode::NonBlocking, move |given, env| {
            settle(env, given, answer);
            Ok(())
        });
    }))
}

/// Passes on what the function gave, when it is there.
fn settle(env: Env, given: Result<Unknown<'static>>, answer: KeyAnswer) {
    let answer = Rc::new(Cell::new(Some(answer)));
    let give = |answer: &Rc<Cell<Option<KeyAnswer>>>, outcome: Result<IssuedKey>| {
        if let Some(answer) = answer.take() {
            answer.give(outcome.map_err(key_error));
        }
    };
    let promise = given.and_then(|given| PromiseRaw::resolve(&env, given));
    let promise: PromiseRaw<'_, Unknown<'_>> = match promise {
        Ok(promise) => promise,
        Err(error) => {
            give(&answer, Err(error));
            return;
        }
    };
    let (on_value, on_error) = (Rc::clone(&answer), answer);
    let settled = promise
        .then(move |context: CallbackContext<Unknown<'_>>| {
            give(&on_value, read(&context.env, context.value));
            Ok(())
        })
        .and_then(|settled| {
            settled.catch(move |context: CallbackContext<Unknown<'_>>| {
                give(&on_error, Err(Error::from_unknown_without_coercion(context.value)));
                Ok(())
            })
        });
    // An error here would end the process; an answer that nobody can give any more is dropped, which says so.
    drop(settled);
}

fn key_error(error: Error) -> KeyError {
    let message = if error.reason.is_empty() {
        "it threw no error with a message".to_owned()
    } else {
        error.reason.clone()
    };
    // What this file says itself was thrown by nobody.
    let thrown = (error.status != Status::InvalidArg).then(|| HostError::new(error));
    KeyError { message, thrown }
}

/// A key alone, or `{ token, expires_at }`.
fn read(env: &Env, value: Unknown<'_>) -> Result<IssuedKey> {
    match value.get_type()? {
        ValueType::String => Ok(IssuedKey { key: cast::<String>(value)?.into(), expires_ms: None }),
        ValueType::Object => {
            let object: Object<'_> = cast(value)?;
            let token: Unknown<'_> = object.get_named_property("token")?;
            if token.get_type()? != ValueType::String {
                return Err(wrong("an object without `token`"));
            }
            Ok(IssuedKey { key: cast::<String>(token)?.into(), expires_ms: expiry(env, object)? })
        }
        other => Err(wrong(crate::value::kind_with_article(other))),
    }
}

fn wrong(got: &str) -> Error {
    let message = format!("it must give a string or {{ token, expires_at }}, and gave {got}");
    Error::new(Status::InvalidArg, message)
}

/// A date, a text with one, or a number of milliseconds or seconds since 1970.
fn expiry(env: &Env, object: Object<'_>) -> Result<Option<u64>> {
    for name in EXPIRY {
        let value: Unknown<'_> = object.get_named_property(name)?;
        let number: f64 = match value.get_type()? {
            ValueType::Undefined | ValueType::Null => continue,
            ValueType::Number => cast(value)?,
            ValueType::String => {
                let parse: Function<'_, Unknown<'_>, f64> = env
                    .get_global()?
                    .get_named_property::<Function<'_, (), ()>>("Date")?
                    .get_named_property("parse")?;
                parse.call(value)?
            }
            ValueType::Object => {
                let date: Object<'_> = cast(value)?;
                if date.is_date()? {
                    date.get_named_property::<Function<'_, (), f64>>("getTime")?.apply(date, ())?
                } else {
                    f64::NAN
                }
            }
            _ => f64::NAN,
        };
        let milliseconds = if number < LEAST_MILLISECONDS { number * 1000.0 } else { number };
        let whole =
            crate::value::exact_integer(milliseconds.floor()).and_then(|whole| u64::try_from(whole).ok());
        return whole.map(Some).ok_or_else(|| {
            let message = format!("`{name}` must be a Date, a text with one, or milliseconds since 1970");
            Error::new(Status::InvalidArg, message)
        });
    }
    Ok(None)
}
