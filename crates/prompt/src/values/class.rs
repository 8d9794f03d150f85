//! Objects of a class.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};
use schema::Class;
use types::Name;

use super::Shown;
use crate::scope::Scope;

/// An object of a class. Its attributes are the BAML names; it prints over several lines with the aliases as keys.
#[derive(Debug)]
pub(crate) struct ClassValue {
    pub(super) fields: Vec<Field>,
}

/// A field that was given.
#[derive(Debug)]
pub(super) struct Field {
    name: Name,
    /// What it is shown by, when that is not its name.
    alias: Option<Name>,
    value: Value,
}

impl Field {
    /// A field with the name it is shown by.
    pub(super) fn new(scope: &Scope, name: &Name, shown: &Name, value: Value) -> Self {
        scope.enter(shown);
        let alias = (!Arc::ptr_eq(name, shown)).then(|| Arc::clone(shown));
        Self { name: Arc::clone(name), alias, value }
    }
}

/// The name that a field is shown by; one that the class does not declare keeps its own. Most objects have their
/// fields in the order of the class: `expected` is the position to look at first.
pub(super) fn shown_name<'a>(class: Option<&'a Arc<Class>>, name: &'a Name, expected: usize) -> &'a Name {
    let Some(class) = class else { return name };
    let is_named = |field: &&schema::Field| field.name == *name;
    let declared = class.fields.get(expected).filter(is_named).or_else(|| class.fields.iter().find(is_named));
    declared.map_or(name, schema::Field::rendered_name)
}

impl ClassValue {
    /// The fields as they are shown: by alias.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.fields.iter().map(|field| (field.alias.as_ref().unwrap_or(&field.name), &field.value))
    }
}

impl Object for ClassValue {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        self.fields.iter().find(|field| &*field.name == key).map(|field| field.value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.fields.iter().map(|field| Value::from(Arc::clone(&field.name))).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.fields.len())
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The alternate form goes over several lines whatever the form of what is around it.
        write!(formatter, "{:#?}", Lines(self))
    }
}

struct Lines<'a>(&'a ClassValue);

impl fmt::Debug for Lines<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.0.shown().map(|(name, value)| (name, Shown(value)))).finish()
    }
}
