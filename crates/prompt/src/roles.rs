//! `_`: how a template says who speaks.

use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use types::Metadata;

use crate::failures;
use crate::marker::Role;
use crate::scope::Scope;

const SEPARATE: &str = "__baml_allow_dupe_role__";

/// The `_` of a template.
#[derive(Debug)]
pub(crate) struct Underscore {
    pub(crate) scope: Arc<Scope>,
}

impl Object for Underscore {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "role" => Some(Value::from_object(Speaker { scope: Arc::clone(&self.scope), name: "role" })),
            "chat" => Some(Value::from_object(Speaker { scope: Arc::clone(&self.scope), name: "chat" })),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["chat", "role"])
    }

    // Without this, `_.role(…)` would make the intermediate value on every turn of a loop.
    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "role" | "chat" => speak(&self.scope, method, args),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

/// `_.role` itself, before it is called.
#[derive(Debug)]
struct Speaker {
    scope: Arc<Scope>,
    name: &'static str,
}

impl Object for Speaker {
    fn call(self: &Arc<Self>, _state: &State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        speak(&self.scope, self.name, args)
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "<function _.{}>", self.name)
    }
}

/// `_.role("user", key=value, …)` or `_.role(role="user", …)`.
fn speak(scope: &Scope, method: &str, args: &[Value]) -> Result<Value, Error> {
    let (positional, named): (&[Value], Kwargs) = minijinja::value::from_args(args)?;
    let by_name = named.get::<Option<Value>>("role")?.filter(|value| !value.is_none());
    let given = match positional {
        [] => None,
        [only] if only.is_undefined() || only.is_none() => None,
        [only] => Some(only),
        _ => return Err(Error::new(ErrorKind::TooManyArguments, failures::role_takes_one(method))),
    };
    let name = match (given, &by_name) {
        (Some(_), Some(_)) => {
            return Err(Error::new(ErrorKind::TooManyArguments, failures::role_given_twice(method)));
        }
        (Some(role), None) | (None, Some(role)) => role.to_string(),
        (None, None) => return Err(Error::new(ErrorKind::MissingArgument, failures::role_missing(method))),
    };
    let separate = named.get::<Option<bool>>(SEPARATE)?.unwrap_or_default();
    let mut metadata = Metadata::new();
    for key in named.args().filter(|key| !matches!(*key, "role" | SEPARATE)) {
        let value: Value = named.get(key)?;
        let json = serde_json::to_value(&value)
            .map_err(|_| Error::new(ErrorKind::InvalidOperation, failures::metadata_not_json(key)))?;
        metadata.insert(key.to_owned(), json);
    }
    let metadata = if metadata.is_empty() { None } else { Some(Arc::new(metadata)) };
    scope
        .role(Role { name, separate, metadata })
        .map(Value::from)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, failures::too_many_markers()))
}
