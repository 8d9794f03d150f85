//! `namespace(…)`: the only thing in a template that can be changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Enumerator, Kwargs, Object, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::MAX_DEPTH;
use crate::failures;

/// How many values may hang together under one namespace attribute.
const MAX_NODES: usize = 1_000_000;

/// What `namespace(…)` returns. It takes the place of the engine's own, which lets a template build values that
/// contain themselves or are nested without end, and overflows the stack on them.
#[derive(Debug, Default)]
pub(crate) struct Namespace(Mutex<BTreeMap<Arc<str>, Value>>);

impl Namespace {
    /// `namespace({"a": 1}, b=2)`.
    pub(crate) fn call(values: &[Value], named: &Kwargs) -> Result<Value, Error> {
        let mut entries = BTreeMap::new();
        for value in values {
            if value.kind() != ValueKind::Map {
                return Err(Error::new(ErrorKind::InvalidOperation, failures::namespace_takes_maps()));
            }
            for key in value.try_iter()? {
                entries.insert(Arc::from(key.to_string()), value.get_item(&key)?);
            }
        }
        for key in named.args() {
            entries.insert(Arc::from(key), named.get::<Value>(key)?);
        }
        named.assert_all_used()?;
        Ok(Value::from_object(Self(Mutex::new(entries))))
    }

    /// `{% set ns.name = value %}`.
    pub(crate) fn set(value: Value, target: &Value, name: Arc<str>) -> Result<Value, Error> {
        let Some(namespace) = target.downcast_object::<Self>() else {
            return Err(Error::new(ErrorKind::InvalidOperation, failures::only_namespaces_can_be_set()));
        };
        // A chain of lazy lists would be walked recursively, one level for each list added to it.
        let value = if value.kind() == ValueKind::Iterable { value.try_iter()?.collect() } else { value };
        check_depth(&value, Some(&namespace))?;
        namespace.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
        Ok(Value::UNDEFINED)
    }
}

impl Object for Namespace {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key.as_str()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Enumerator::Values(entries.keys().map(|key| Value::from(Arc::clone(key))).collect())
    }
}

/// Refuses a value that is too deeply nested or too large to be printed, compared or dropped, and one that would
/// contain itself once it is stored in `owner`.
pub(crate) fn check_depth(value: &Value, owner: Option<&Arc<Namespace>>) -> Result<(), Error> {
    let mut budget = MAX_NODES;
    if within(value, owner, MAX_DEPTH, &mut budget) {
        Ok(())
    } else {
        Err(Error::new(ErrorKind::InvalidOperation, failures::value_too_deep()))
    }
}

fn within(value: &Value, owner: Option<&Arc<Namespace>>, depth: usize, budget: &mut usize) -> bool {
    let (Some(inside), Some(left)) = (depth.checked_sub(1), budget.checked_sub(1)) else { return false };
    *budget = left;
    let Some(object) = value.as_object() else { return true };
    if let (Some(owner), Some(namespace)) = (owner, object.downcast::<Namespace>())
        && Arc::ptr_eq(owner, &namespace)
    {
        return false;
    }
    match value.kind() {
        ValueKind::Map => object
            .try_iter_pairs()
            .into_iter()
            .flatten()
            .all(|(_, value)| within(&value, owner, inside, budget)),
        ValueKind::Seq => {
            object.try_iter().into_iter().flatten().all(|value| within(&value, owner, inside, budget))
        }
        _ => true,
    }
}
