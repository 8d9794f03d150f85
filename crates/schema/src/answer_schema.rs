//! A return type as the JSON Schema that a provider makes its model keep to. Providers take a small part of JSON
//! Schema only, so nothing is used here that one of them refuses; things are called what the prompt calls them.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};
use types::{Literal, Name, Primitive, Type, TypeKind};

use crate::model::{Class, Enum, Schema};

/// How deeply a type may be nested within one declaration; deeper ones are not told to providers.
const MAX_DEPTH: usize = 100;

/// A return type as JSON Schema, for the provider of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerSchema {
    /// The schema. It stands for itself: what it refers to is in its `$defs`.
    pub schema: Value,
    /// Whether a value can contain another value of its own type, at any depth.
    pub is_recursive: bool,
    /// Whether there are objects whose keys are not known beforehand.
    pub has_maps: bool,
}

impl Schema {
    /// The type as the JSON Schema of a model's answer: every field is required, an optional one may be `null`; names are those that a model
    /// sees; what `@skip` hides is left out, and checks are not told.
    ///
    /// `None` for a type that no model can write: one with media in it, or one that is nested more than 100 levels deep
    /// in one place.
    #[must_use]
    pub fn answer_schema(&self, ty: &Type) -> Option<AnswerSchema> {
        let mut writer =
            Writer { schema: self, known: Map::new(), pending: VecDeque::new(), facts: Facts::default() };
        let resolved = self.resolve(ty);
        let mut root = match &resolved.kind {
            // Providers want an object and no reference at the top.
            TypeKind::Class(id) => writer.class(self.class(*id))?,
            TypeKind::Enum(id) => enumeration(self.enumeration(*id)),
            _ => writer.place(resolved, 0)?,
        };
        while let Some((name, kind)) = writer.pending.pop_front() {
            let definition = match kind {
                TypeKind::Class(id) => writer.class(self.class(id))?,
                TypeKind::Enum(id) => enumeration(self.enumeration(id)),
                TypeKind::Alias(id) => writer.place(&self.alias(id).ty, 0)?,
                _ => continue,
            };
            writer.known.insert(name, definition);
        }
        if let (Value::Object(root), false) = (&mut root, writer.known.is_empty()) {
            root.insert("$defs".to_owned(), Value::Object(writer.known));
        }
        let Facts { is_recursive, has_maps } = writer.facts;
        Some(AnswerSchema { schema: root, is_recursive, has_maps })
    }
}

#[derive(Default)]
struct Facts {
    is_recursive: bool,
    has_maps: bool,
}

/// Writes types, and remembers which declarations they refer to.
struct Writer<'s> {
    schema: &'s Schema,
    /// The definitions by name, each there from the first time it is referred to.
    known: Map<String, Value>,
    /// Those that are referred to and not written yet.
    pending: VecDeque<(String, TypeKind)>,
    facts: Facts,
}

impl Writer<'_> {
    /// A type where it is used.
    fn place(&mut self, ty: &Type, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let written = match &ty.kind {
            TypeKind::Primitive(primitive) => json!({ "type": primitive_name(*primitive) }),
            TypeKind::Literal(value) => literal(value),
            TypeKind::Media(_) => return None,
            TypeKind::Enum(id) => self.refer(&self.schema.enumeration(*id).name, &ty.kind),
            TypeKind::Class(id) => self.refer(&self.schema.class(*id).name, &ty.kind),
            TypeKind::Alias(id) => {
                let alias = self.schema.alias(*id);
                if alias.recursive {
                    self.facts.is_recursive = true;
                    self.refer(&alias.name, &ty.kind)
                } else {
                    self.place(&alias.ty, depth + 1)?
                }
            }
            TypeKind::List(item) => json!({ "type": "array", "items": self.place(item, depth + 1)? }),
            TypeKind::Map(_, value) => {
                // What the keys may be is left to the prompt: few providers take a rule for them.
                self.facts.has_maps = true;
                json!({ "type": "object", "additionalProperties": self.place(value, depth + 1)? })
            }
            TypeKind::Union(members) => self.union(members, depth)?,
        };
        let description = ty.attributes.as_ref().and_then(|attributes| attributes.description.as_deref());
        Some(described(written, description))
    }

    fn refer(&mut self, name: &Name, kind: &TypeKind) -> Value {
        let name = name.to_string();
        let reference = json!({ "$ref": format!("#/$defs/{name}") });
        if !self.known.contains_key(&name) {
            self.known.insert(name.clone(), Value::Null);
            self.pending.push_back((name, kind.clone()));
        }
        reference
    }

    fn class(&mut self, class: &Class) -> Option<Value> {
        self.facts.is_recursive |= class.recursive;
        let mut properties = Map::new();
        for field in class.fields.iter().filter(|field| !field.skip) {
            let written = self.place(&field.ty, 0)?;
            let description = field.description.as_deref();
            properties.insert(field.rendered_name().to_string(), described(written, description));
        }
        let required: Vec<&String> = properties.keys().collect();
        let mut written = json!({ "type": "object", "required": required, "additionalProperties": false });
        if let Value::Object(written) = &mut written {
            written.shift_insert(1, "properties".to_owned(), Value::Object(properties));
        }
        Some(described(written, class.description.as_deref()))
    }

    /// Literals of one kind are one list of values, where the first of them stands.
    fn union(&mut self, members: &[Type], depth: usize) -> Option<Value> {
        let mut written: Vec<Value> = Vec::new();
        for member in members {
            let value = self.place(member, depth + 1)?;
            let is_bare_literal = matches!(member.kind, TypeKind::Literal(_)) && member.attributes.is_none();
            let same_kind = written.iter_mut().find(|known| {
                is_bare_literal && known.get("enum").is_some() && known.get("type") == value.get("type")
            });
            match (same_kind.and_then(|known| known.get_mut("enum")?.as_array_mut()), value.get("enum")) {
                (Some(known), Some(Value::Array(added))) => known.extend(added.iter().cloned()),
                _ => written.push(value),
            }
        }
        Some(match written.len() {
            1 => written.pop()?,
            _ => json!({ "anyOf": written }),
        })
    }
}

fn primitive_name(primitive: Primitive) -> &'static str {
    match primitive {
        Primitive::Int => "integer",
        Primitive::Float => "number",
        Primitive::Bool => "boolean",
        Primitive::String => "string",
        Primitive::Null => "null",
    }
}

fn literal(literal: &Literal) -> Value {
    let (kind, value) = match literal {
        Literal::String(text) => ("string", Value::from(text.to_string())),
        Literal::Int(int) => ("integer", Value::from(*int)),
        Literal::Bool(bool) => ("boolean", Value::from(*bool)),
    };
    json!({ "type": kind, "enum": [value] })
}

/// Its values; JSON Schema has no place for what each of them means but the description of the whole.
fn enumeration(declared: &Enum) -> Value {
    let values = || declared.values.iter().filter(|value| !value.skip);
    let names: Vec<Value> = values().map(|value| Value::from(value.rendered_name().to_string())).collect();
    let meanings = values().filter_map(|value| {
        let description = value.description.as_deref()?;
        Some(format!("{}: {description}", value.rendered_name()))
    });
    let lines: Vec<String> = declared.description.iter().map(ToString::to_string).chain(meanings).collect();
    described(json!({ "type": "string", "enum": names }), Some(lines.join("\n").as_str()))
}

/// Adds a description. One that is there is what the declaration says, and gives way; a reference takes none beside
/// it and is wrapped.
fn described(written: Value, description: Option<&str>) -> Value {
    let Some(description) = description.filter(|description| !description.is_empty()) else { return written };
    match written {
        Value::Object(mut written) if !written.contains_key("$ref") => {
            written.insert("description".to_owned(), description.into());
            Value::Object(written)
        }
        reference => json!({ "anyOf": [reference], "description": description }),
    }
}
