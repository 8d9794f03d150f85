//! Enum values, and enums as names that a template can use.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Object, ObjectRepr, Value};
use types::{EnumId, Name};

use crate::scope::Scope;

/// An enum value: prints as its alias, compares as its name.
#[derive(Debug)]
pub(crate) struct EnumValue {
    id: EnumId,
    name: Name,
    shown: Name,
}

impl EnumValue {
    /// The value called `name` of an enum; one that the enum does not declare shows its name.
    pub(crate) fn new(scope: &Scope, id: EnumId, name: &Name) -> Self {
        let declared = scope
            .schema
            .enums
            .get(id.index())
            .and_then(|enumeration| enumeration.values.iter().find(|value| value.name == *name));
        let shown = declared.map_or(name, schema::EnumValue::rendered_name);
        scope.enter(shown);
        Self { id, name: Arc::clone(name), shown: Arc::clone(shown) }
    }

    /// Its name in BAML.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What it is printed as.
    pub(crate) fn shown(&self) -> &Name {
        &self.shown
    }

    fn key(&self) -> (&str, EnumId) {
        (&self.name, self.id)
    }
}

impl Object for EnumValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str()? == "value").then(|| Value::from(Arc::clone(&self.name)))
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        Some(self.key().cmp(&other.downcast_ref::<Self>()?.key()))
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

/// An enum itself: `Color.RED` in a template.
#[derive(Debug)]
pub(crate) struct EnumType {
    pub(crate) scope: Arc<Scope>,
    pub(crate) id: EnumId,
}

impl Object for EnumType {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let enumeration = self.scope.schema.enums.get(self.id.index())?;
        let value = enumeration.values.iter().find(|value| &*value.name == key)?;
        Some(Value::from_object(EnumValue::new(&self.scope, self.id, &value.name)))
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("{}")
    }
}
