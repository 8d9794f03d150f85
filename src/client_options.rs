//! The options of a client, from JavaScript: JSON, and functions where keys may be.

use napi::bindgen_prelude::{
    Array, Env, FnArgs, Function, JsObjectValue, JsValue, Object, ToNapiValue, Unknown,
};
use napi::{Result, ValueType};
use types::{Callback, Config, ConfigMap, Value};

use crate::failure::invalid_argument;
use crate::key_callback;
use crate::value::{Strictness, cast, entries_from_js};

/// The option that may be a function.
const KEY: &str = "api_key";
/// The option that has the members of a strategy, whose own options may hold a key, too.
const MEMBERS: &str = "strategy";
const MEMBER_OPTIONS: &str = "options";

/// The options of a client, whose `api_key` may be a function, as may that of a member of a strategy.
pub(crate) fn client_options(env: &Env, subject: &str, options: Unknown<'_>) -> Result<ConfigMap> {
    if options.get_type()? != ValueType::Object {
        return Err(invalid_argument(env, format!("{subject} must be an object")));
    }
    let (options, key) = without_key(env, cast(options)?)?;
    let (options, member_keys) = without_member_keys(env, options)?;
    let mut map = config_map(env, subject, options)?;
    map.extend(key.map(|key| (KEY.to_owned(), Config::Callback(key))));
    for (position, key) in member_keys {
        if let Some(Config::List(members)) = map.get_mut(MEMBERS)
            && let Some(Config::Map(member)) = members.get_mut(position)
            && let Some(Config::Map(options)) = member.get_mut(MEMBER_OPTIONS)
        {
            options.insert(KEY.to_owned(), Config::Callback(key));
        }
    }
    Ok(map)
}

/// The options, and the function among them. They are the caller's: those without the function are a copy.
fn without_key<'env>(env: &'env Env, options: Object<'env>) -> Result<(Object<'env>, Option<Callback>)> {
    let key: Unknown<'_> = options.get_named_property(KEY)?;
    if key.get_type()? != ValueType::Function {
        return Ok((options, None));
    }
    let callback = key_callback::callback(cast(key)?)?;
    let mut others = copy(env, options)?;
    others.delete_named_property(KEY)?;
    Ok((others, Some(callback)))
}

/// The same for each member of a strategy, with its position.
fn without_member_keys<'env>(
    env: &'env Env,
    options: Object<'env>,
) -> Result<(Object<'env>, Vec<(usize, Callback)>)> {
    let mut keys = Vec::new();
    let members: Unknown<'_> = options.get_named_property(MEMBERS)?;
    if members.get_type()? != ValueType::Object || !cast::<Object<'_>>(members)?.is_array()? {
        return Ok((options, keys));
    }
    let members: Array<'_> = cast(members)?;
    let mut others = env.create_array(members.len())?;
    for index in 0..members.len() {
        let Some(mut member) = members.get::<Unknown<'_>>(index)? else { continue };
        if let Some(own) = object_at(member, MEMBER_OPTIONS)? {
            let (own, key) = without_key(env, own)?;
            if let (Some(key), Ok(position)) = (key, usize::try_from(index)) {
                keys.push((position, key));
                let mut other = copy(env, cast(member)?)?;
                other.set_named_property(MEMBER_OPTIONS, own)?;
                member = other.into_unknown(env)?;
            }
        }
        others.set(index, member)?;
    }
    if keys.is_empty() {
        return Ok((options, keys));
    }
    let mut changed = copy(env, options)?;
    changed.set_named_property(MEMBERS, others)?;
    Ok((changed, keys))
}

/// The object at a name of what may be an object.
fn object_at<'env>(value: Unknown<'env>, name: &str) -> Result<Option<Object<'env>>> {
    if value.get_type()? != ValueType::Object {
        return Ok(None);
    }
    let inner: Unknown<'_> = cast::<Object<'_>>(value)?.get_named_property(name)?;
    if inner.get_type()? == ValueType::Object { cast(inner).map(Some) } else { Ok(None) }
}

fn copy<'env>(env: &'env Env, object: Object<'env>) -> Result<Object<'env>> {
    let assign: Function<'_, FnArgs<(Object<'_>, Object<'_>)>, Object<'_>> = env
        .get_global()?
        .get_named_property::<Function<'_, (), ()>>("Object")?
        .get_named_property("assign")?;
    assign.call((Object::new(env)?, object).into())
}

/// The entries of an object as configuration.
pub(crate) fn config_map(env: &Env, subject: &str, object: Object<'_>) -> Result<ConfigMap> {
    entries_from_js(env, object, subject, Strictness::Strict)?
        .into_iter()
        .map(|(key, value)| Ok((key.to_string(), config(env, subject, value)?)))
        .collect()
}

fn config(env: &Env, subject: &str, value: Value) -> Result<Config> {
    Ok(match value {
        Value::Null => Config::Null,
        Value::Bool(bool) => Config::Bool(bool),
        Value::Int(integer) => Config::Number(integer.into()),
        Value::Float(float) => match serde_json::Number::from_f64(float) {
            Some(number) => Config::Number(number),
            None => return Err(invalid_argument(env, format!("{subject}: {float} is not a JSON number"))),
        },
        Value::String(text) => Config::String(text),
        Value::List(items) => {
            Config::List(items.into_iter().map(|item| config(env, subject, item)).collect::<Result<_>>()?)
        }
        Value::Map(entries) => Config::Map(
            entries
                .into_iter()
                .map(|(key, value)| Ok((key.to_string(), config(env, subject, value)?)))
                .collect::<Result<_>>()?,
        ),
        Value::Instance(_) | Value::Enum(..) | Value::Media(_) | Value::Checked(_) | Value::Stated(..) => {
            return Err(invalid_argument(env, format!("{subject}: media has no place in client options")));
        }
    })
}
