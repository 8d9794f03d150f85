//! The arguments of a test, as its block writes them: `env.NAME` is a variable, `{ file "…" }` is the content of a file, and a
//! number or `true` where a text is wanted is that text.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use llm::Environment as _;
use schema::{Function, Schema, Test};
use types::{Arguments, Literal, MediaKind, Name, Primitive, Type, TypeKind, Value};

use crate::environment::Variables;
use crate::failure::{Failure, FailureKind};
use crate::messages;

/// How many types deep an argument is looked into; what is deeper is refused when it is bound.
const MOST_LEVELS: usize = 128;

/// What the arguments of a test are read with.
pub(crate) struct Reader<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) variables: &'a Variables,
    /// The folder that files are named from: that of the `.baml` file.
    pub(crate) folder: &'a Path,
}

impl Reader<'_> {
    pub(crate) fn read(&self, test: &Test, function: &Function) -> Result<Arguments, Failure> {
        let arguments = test.args.iter().map(|(name, value)| {
            let value = self.with_variables(value)?;
            let param = function.params.iter().find(|param| param.name == *name);
            let value = match param {
                Some(param) => self.as_type(value, &param.ty, 0)?,
                None => value,
            };
            Ok((name.clone(), value))
        });
        arguments.collect()
    }

    /// The value with its variables looked up.
    fn with_variables(&self, value: &Value) -> Result<Value, Failure> {
        Ok(match value {
            Value::String(text) => match variable(text) {
                Some(name) => Value::String(
                    self.variables.get(name).ok_or_else(|| refused(messages::test_variable_missing(name)))?,
                ),
                None => value.clone(),
            },
            Value::List(items) => {
                Value::List(items.iter().map(|item| self.with_variables(item)).collect::<Result<_, _>>()?)
            }
            Value::Map(entries) => Value::Map(
                entries
                    .iter()
                    .map(|(key, entry)| Ok((key.clone(), self.with_variables(entry)?)))
                    .collect::<Result<_, Failure>>()?,
            ),
            other => other.clone(),
        })
    }

    fn as_type(&self, value: Value, ty: &Type, level: usize) -> Result<Value, Failure> {
        if level > MOST_LEVELS {
            return Ok(value);
        }
        let inside = |value: Value, ty: &Type| self.as_type(value, ty, level + 1);
        Ok(match (&ty.kind, value) {
            (TypeKind::Alias(id), value) => inside(value, &self.schema.alias(*id).ty)?,
            (TypeKind::Union(members), value) => match self.member(members, &value) {
                Some(member) => inside(value, member)?,
                None => value,
            },
            (TypeKind::Primitive(Primitive::String), value) => written(&value).map_or(value, Value::String),
            (TypeKind::Media(kind), Value::Map(entries)) if names_a_file(&entries) => {
                self.content(*kind, entries)?
            }
            (TypeKind::List(item), Value::List(items)) => {
                Value::List(items.into_iter().map(|value| inside(value, item)).collect::<Result<_, _>>()?)
            }
            (TypeKind::Map(_, item), Value::Map(entries)) => {
                let entries = entries.into_iter().map(|(key, value)| Ok((key, inside(value, item)?)));
                Value::Map(entries.collect::<Result<_, Failure>>()?)
            }
            (TypeKind::Class(id), Value::Map(entries)) => {
                let fields = &self.schema.class(*id).fields;
                let entries = entries.into_iter().map(|(key, value)| {
                    match fields.iter().find(|field| field.name == key) {
                        Some(field) => Ok((key, inside(value, &field.ty)?)),
                        None => Ok((key, value)),
                    }
                });
                Value::Map(entries.collect::<Result<_, Failure>>()?)
            }
            (_, value) => value,
        })
    }

    /// The member that a value is meant for, when something is to be done to make it fit.
    fn member<'t>(&'t self, members: &'t [Type], value: &Value) -> Option<&'t Type> {
        let kinds = || members.iter().map(|member| self.without_aliases(member));
        let first = |wanted: &dyn Fn(&TypeKind) -> bool| kinds().find(|member| wanted(&member.kind));
        match value {
            Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
                if kinds().any(|member| takes(&member.kind, value)) {
                    return None;
                }
                first(&|kind| matches!(kind, TypeKind::Primitive(Primitive::String)))
            }
            Value::List(_) => first(&|kind| matches!(kind, TypeKind::List(_))),
            Value::Map(entries) if names_a_file(entries) => first(&|kind| matches!(kind, TypeKind::Media(_)))
                .or_else(|| first(&|kind| self.is_object_with(kind, entries))),
            Value::Map(entries) => first(&|kind| self.is_object_with(kind, entries)),
            _ => None,
        }
    }

    fn without_aliases<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut ty = ty;
        for _ in 0..MOST_LEVELS {
            let TypeKind::Alias(id) = &ty.kind else { break };
            ty = &self.schema.alias(*id).ty;
        }
        ty
    }

    /// Whether the type is a map, or a class that has all these fields.
    fn is_object_with(&self, kind: &TypeKind, entries: &IndexMap<Name, Value>) -> bool {
        match kind {
            TypeKind::Map(..) => true,
            TypeKind::Class(id) => {
                let fields = &self.schema.class(*id).fields;
                entries.keys().all(|key| fields.iter().any(|field| field.name == *key))
            }
            _ => false,
        }
    }

    /// `{ file "…" }` as the content of the file, with the MIME type that its name says.
    fn content(&self, kind: MediaKind, mut entries: IndexMap<Name, Value>) -> Result<Value, Failure> {
        let Some(Value::String(file)) = entries.shift_remove("file") else { return Ok(Value::Map(entries)) };
        let path = self.folder.join(&file);
        let content =
            std::fs::read(&path).map_err(|error| refused(messages::test_file_unreadable(&path, &error)))?;
        entries.insert("base64".into(), Value::String(STANDARD.encode(content)));
        if let Some(mime_type) = llm::mime_type_by_extension(kind, &file)
            && !entries.contains_key("media_type")
        {
            entries.insert("media_type".into(), Value::String(mime_type.to_owned()));
        }
        Ok(Value::Map(entries))
    }
}

/// The names of the variables in an argument.
pub(crate) fn variables_in(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::String(text) => names.extend(variable(text).map(str::to_owned)),
        Value::List(items) => items.iter().for_each(|item| variables_in(item, names)),
        Value::Map(entries) => entries.values().for_each(|entry| variables_in(entry, names)),
        _ => {}
    }
}

/// `env.NAME`.
fn variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix("env.")?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}

fn names_a_file(entries: &IndexMap<Name, Value>) -> bool {
    matches!(entries.get("file"), Some(Value::String(_)))
        && entries.keys().all(|key| matches!(&**key, "file" | "media_type"))
}

/// A number or bool as text.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::Int(int) => Some(int.to_string()),
        Value::Float(float) => Some(format!("{float:?}")),
        Value::Bool(bool) => Some(bool.to_string()),
        _ => None,
    }
}

/// Whether a type takes a number or bool as it is.
fn takes(kind: &TypeKind, value: &Value) -> bool {
    match value {
        Value::Int(_) => matches!(
            kind,
            TypeKind::Primitive(Primitive::Int | Primitive::Float) | TypeKind::Literal(Literal::Int(_))
        ),
        Value::Float(_) => matches!(kind, TypeKind::Primitive(Primitive::Float)),
        Value::Bool(_) => {
            matches!(kind, TypeKind::Primitive(Primitive::Bool) | TypeKind::Literal(Literal::Bool(_)))
        }
        _ => false,
    }
}

fn refused(message: String) -> Failure {
    Failure::new(FailureKind::InvalidArgument, message)
}
