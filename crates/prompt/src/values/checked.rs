//! Values that were checked, as the constraints of a test see them.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};

/// A value that was checked: its `value`, and its `checks` by name. Beside these it is as the value itself, so that an
/// expression need not know what was checked.
#[derive(Debug)]
pub(crate) struct CheckedValue {
    value: Value,
    checks: Value,
}

impl CheckedValue {
    pub(super) fn new(value: Value, checks: Value) -> Self {
        Self { value, checks }
    }

    /// The value itself; any other is itself.
    pub(crate) fn inside(value: &Value) -> Value {
        match value.downcast_object::<Self>() {
            Some(checked) => Self::inside(&checked.value),
            None => value.clone(),
        }
    }
}

impl Object for CheckedValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        self.value.as_object().map_or(ObjectRepr::Plain, DynObject::repr)
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some("value") => Some(self.value.clone()),
            Some("checks") => Some(self.checks.clone()),
            _ => self.value.get_item(key).ok().filter(|value| !value.is_undefined()),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.value.as_object().map_or(Enumerator::NonEnumerable, DynObject::enumerate)
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        self.value.len()
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.value.is_true()
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        // Only whether they are equal: the engine's own order of values can panic.
        (self.value == other.downcast_ref::<Self>()?.value).then_some(Ordering::Equal)
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, formatter)
    }
}
