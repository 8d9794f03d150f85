//! Arguments as the template sees them: attributes by BAML names, printing as models read it.

mod checked;
mod class;
mod collections;
mod enumeration;
mod media;
mod namespace;

use std::fmt;
use std::sync::Arc;

use minijinja::value::Value as Jinja;
use types::{CheckResult, EnumId, Name, Value};

use crate::Error;
use crate::failures;
use crate::scope::Scope;

pub(crate) use checked::CheckedValue;
pub(crate) use class::ClassValue;
pub(crate) use collections::{ListValue, MapValue};
pub(crate) use enumeration::{EnumType, EnumValue};
pub(crate) use media::MediaValue;
pub(crate) use namespace::{Namespace, check_depth};

/// How deeply an argument may be nested. Printing, comparing and dropping a value recurse once per level.
pub(crate) const MAX_DEPTH: usize = 128;

/// An argument for the template. Every text in it is entered into the scope on the way.
pub(crate) fn to_jinja(scope: &Arc<Scope>, value: &Value) -> Result<Jinja, Error> {
    Converter::new(scope, Checks::Left).convert(value, MAX_DEPTH)
}

/// A value in which what was checked shows its checks.
pub(crate) fn with_checks(scope: &Arc<Scope>, value: &Value) -> Result<Jinja, Error> {
    Converter::new(scope, Checks::Shown).convert(value, MAX_DEPTH)
}

/// What becomes of the results of checks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checks {
    /// Only the value is there.
    Left,
    /// They are beside the value, as [`CheckedValue`] has them.
    Shown,
}

/// How many values of enums are kept to be shared: those of a list are few, and looking for one is quick.
const MAX_ENUM_VALUES: usize = 16;

struct Converter<'a> {
    scope: &'a Arc<Scope>,
    checks: Checks,
    /// The values of enums met so far.
    enum_values: Vec<(EnumId, Name, Jinja)>,
}

impl<'a> Converter<'a> {
    fn new(scope: &'a Arc<Scope>, checks: Checks) -> Self {
        Self { scope, checks, enum_values: Vec::new() }
    }

    fn convert(&mut self, value: &Value, depth: usize) -> Result<Jinja, Error> {
        let Some(inside) = depth.checked_sub(1) else { return Err(failures::argument_too_deep()) };
        Ok(match value {
            Value::Null => Jinja::from(()),
            Value::Bool(bool) => Jinja::from(*bool),
            Value::Int(int) => Jinja::from(*int),
            Value::Float(float) => Jinja::from(*float),
            Value::String(text) => {
                self.scope.enter(text);
                Jinja::from(text.as_str())
            }
            Value::List(items) => {
                let items = items.iter().map(|item| self.convert(item, inside)).collect::<Result<_, _>>()?;
                Jinja::from_object(ListValue(items))
            }
            Value::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| {
                        self.scope.enter(key);
                        Ok((Arc::clone(key), self.convert(value, inside)?))
                    })
                    .collect::<Result<_, Error>>()?;
                Jinja::from_object(MapValue(entries))
            }
            Value::Instance(instance) => {
                let class = self.scope.schema.classes.get(instance.class.index());
                let mut fields = Vec::with_capacity(instance.fields.len());
                for (position, (name, value)) in instance.fields.iter().enumerate() {
                    let shown = class::shown_name(class, name, position);
                    let value = self.convert(value, inside)?;
                    fields.push(class::Field::new(self.scope, name, shown, value));
                }
                Jinja::from_object(ClassValue { fields })
            }
            Value::Enum(id, name) => self.enum_value(*id, name),
            Value::Media(media) => Jinja::from_object(MediaValue::new(self.scope, media)),
            Value::Checked(checked) => {
                let value = self.convert(&checked.value, inside)?;
                // Nothing stays nothing: `is none` asks for it.
                if self.checks == Checks::Left || value.is_none() {
                    value
                } else {
                    Jinja::from_object(CheckedValue::new(value, results(&checked.checks)))
                }
            }
            Value::Stated(value, _) => self.convert(value, inside)?,
        })
    }

    fn enum_value(&mut self, id: EnumId, name: &Name) -> Jinja {
        let is_it = |(known, other, _): &&(EnumId, Name, Jinja)| *known == id && Arc::ptr_eq(other, name);
        if let Some((.., value)) = self.enum_values.iter().find(is_it) {
            return value.clone();
        }
        let value = Jinja::from_object(EnumValue::new(self.scope, id, name));
        if self.enum_values.len() < MAX_ENUM_VALUES {
            self.enum_values.push((id, Arc::clone(name), value.clone()));
        }
        value
    }
}

/// The results of checks by name, with the fields that a caller of the function sees.
fn results(checks: &[CheckResult]) -> Jinja {
    let result = |check: &CheckResult| {
        let fields = [("name", &*check.name), ("expression", &*check.expression), ("status", check.status())];
        Jinja::from_iter(fields)
    };
    checks.iter().map(|check| (Arc::clone(&check.name), result(check))).collect()
}

/// A value inside a printed argument: nothing is `null`, as in JSON, and not `none`, as in Jinja.
struct Shown<'a>(&'a Jinja);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_none() { formatter.write_str("null") } else { fmt::Debug::fmt(self.0, formatter) }
    }
}
