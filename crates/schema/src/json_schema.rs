//! Types as JSON Schema (2020-12), for people and programs that speak JSON to a function. What providers are told of
//! an answer is another matter: see `answer_schema`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use types::{AliasId, ClassId, ConstraintLevel, EnumId, Literal, MediaKind, Primitive, Type, TypeKind};

use crate::model::{Class, Enum, Schema};

/// Which way the values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// They are given: checks mean nothing yet, optional fields may be absent.
    Given,
    /// They are answered: a type with checks is an object of the value and their results.
    Answered,
}

/// Makes JSON Schema of a program's types. What has a name is referred to: [`JsonSchemas::definitions`] has the
/// rest.
#[derive(Clone, Copy, Debug)]
pub struct JsonSchemas<'a> {
    schema: &'a Schema,
    direction: Direction,
    /// What stands before a name in a reference: `#/$defs/`.
    prefix: &'a str,
    /// What stands after a name, in references and definitions.
    suffix: &'a str,
}

/// A type with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Class(ClassId),
    Enum(EnumId),
    Alias(AliasId),
    Media(u8),
    Check,
}

impl<'a> JsonSchemas<'a> {
    /// For the types of a program. References begin with `prefix`.
    #[must_use]
    pub fn new(schema: &'a Schema, direction: Direction, prefix: &'a str) -> Self {
        Self { schema, direction, prefix, suffix: "" }
    }

    /// The same with something after every class's name, so that both directions fit into one document.
    #[must_use]
    pub fn with_suffix(self, suffix: &'a str) -> Self {
        Self { suffix, ..self }
    }

    /// The schema of a type.
    #[must_use]
    pub fn of(&self, ty: &Type) -> Value {
        let plain = self.kind(ty);
        let described = match ty.attributes.as_ref().and_then(|attributes| attributes.description.as_ref()) {
            Some(description) => with_description(plain, description),
            None => plain,
        };
        self.checked(described, ty)
    }

    /// The named types that the types come to, theirs and those of their parts, each with its definition, in the
    /// order of their names.
    #[must_use]
    pub fn definitions<'t>(&self, types: impl IntoIterator<Item = &'t Type>) -> Map<String, Value> {
        let mut found = BTreeSet::new();
        let mut pending: Vec<Named> = Vec::new();
        let add = |ty: &Type, pending: &mut Vec<Named>| self.named_in(ty, pending);
        types.into_iter().for_each(|ty| add(ty, &mut pending));
        while let Some(named) = pending.pop() {
            if !found.insert(named) {
                continue;
            }
            match named {
                Named::Class(id) => {
                    for field in &self.schema.class(id).fields {
                        add(&field.ty, &mut pending);
                    }
                }
                Named::Alias(id) => add(&self.schema.alias(id).ty, &mut pending),
                Named::Enum(_) | Named::Media(_) | Named::Check => {}
            }
        }
        let mut definitions: Vec<(String, Value)> =
            found.into_iter().map(|named| (self.name(named), self.definition(named))).collect();
        definitions.sort_by(|(one, _), (other, _)| one.cmp(other));
        definitions.into_iter().collect()
    }

    /// The named types in a type, not those behind them.
    fn named_in(&self, ty: &Type, found: &mut Vec<Named>) {
        if self.direction == Direction::Answered && has_checks(ty) {
            found.push(Named::Check);
        }
        match &ty.kind {
            TypeKind::Class(id) => found.push(Named::Class(*id)),
            TypeKind::Enum(id) => found.push(Named::Enum(*id)),
            TypeKind::Alias(id) if self.schema.alias(*id).recursive => found.push(Named::Alias(*id)),
            TypeKind::Alias(id) => self.named_in(&self.schema.alias(*id).ty, found),
            TypeKind::Media(kind) => found.push(Named::Media(position(*kind))),
            TypeKind::List(item) => self.named_in(item, found),
            TypeKind::Map(key, item) => {
                self.named_in(key, found);
                self.named_in(item, found);
            }
            TypeKind::Union(members) => members.iter().for_each(|member| self.named_in(member, found)),
            TypeKind::Primitive(_) | TypeKind::Literal(_) => {}
        }
    }

    fn name(&self, named: Named) -> String {
        let name: &str = match named {
            Named::Class(id) => return format!("{}{}", self.schema.class(id).name, self.suffix),
            Named::Alias(id) => return format!("{}{}", self.schema.alias(id).name, self.suffix),
            Named::Enum(id) => &self.schema.enumeration(id).name,
            Named::Media(kind) => media_name(kind),
            Named::Check => "BamlCheck",
        };
        name.to_owned()
    }

    fn reference(&self, named: Named) -> Value {
        json!({ "$ref": format!("{}{}", self.prefix, self.name(named)) })
    }

    fn definition(&self, named: Named) -> Value {
        match named {
            Named::Class(id) => self.class(self.schema.class(id)),
            Named::Enum(id) => Self::enumeration(self.schema.enumeration(id)),
            Named::Alias(id) => self.of(&self.schema.alias(id).ty),
            Named::Media(kind) => media(kind == position(MediaKind::Pdf)),
            Named::Check => json!({
                "type": "object",
                "properties": {
                    "name": { "type": "string" },
                    "expression": { "type": "string" },
                    "status": { "enum": ["succeeded", "failed"] },
                },
                "required": ["name", "expression", "status"],
            }),
        }
    }

    fn class(&self, class: &Class) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in &class.fields {
            let name = &field.name;
            let schema = self.of(&field.ty);
            let text = field.description.as_ref().or(field.docs.as_ref());
            properties.insert(
                name.to_string(),
                match text {
                    Some(text) => with_description(schema, text),
                    None => schema,
                },
            );
            if self.direction == Direction::Answered || !self.schema.is_optional(&field.ty) {
                required.push(name.to_string());
            }
        }
        let mut definition = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            definition["required"] = required.into();
        }
        if class.dynamic {
            // Said, as some generators take silence for none.
            definition["additionalProperties"] = true.into();
        }
        match class.description.as_ref().or(class.docs.as_ref()) {
            Some(text) => with_description(definition, text),
            None => definition,
        }
    }

    fn enumeration(enumeration: &Enum) -> Value {
        let names: Vec<&str> = enumeration.values.iter().map(|value| &*value.name).collect();
        let definition = if enumeration.dynamic {
            json!({ "type": "string", "examples": names })
        } else {
            json!({ "type": "string", "enum": names })
        };
        match enumeration.description.as_ref().or(enumeration.docs.as_ref()) {
            Some(text) => with_description(definition, text),
            None => definition,
        }
    }

    fn kind(&self, ty: &Type) -> Value {
        match &ty.kind {
            TypeKind::Primitive(primitive) => primitive_schema(*primitive),
            TypeKind::Literal(Literal::String(text)) => json!({ "type": "string", "const": &**text }),
            TypeKind::Literal(Literal::Int(int)) => json!({ "type": "integer", "const": int }),
            TypeKind::Literal(Literal::Bool(bool)) => json!({ "type": "boolean", "const": bool }),
            TypeKind::Media(kind) => self.reference(Named::Media(position(*kind))),
            TypeKind::Class(id) => self.reference(Named::Class(*id)),
            TypeKind::Enum(id) => self.reference(Named::Enum(*id)),
            TypeKind::Alias(id) if self.schema.alias(*id).recursive => self.reference(Named::Alias(*id)),
            TypeKind::Alias(id) => self.of(&self.schema.alias(*id).ty),
            TypeKind::List(item) => json!({ "type": "array", "items": self.of(item) }),
            TypeKind::Map(key, item) => {
                let mut map = json!({ "type": "object", "additionalProperties": self.of(item) });
                if !matches!(self.schema.resolve(key).kind, TypeKind::Primitive(_)) {
                    map["propertyNames"] = self.of(key);
                }
                map
            }
            TypeKind::Union(members) => self.union(members),
        }
    }

    /// Literals of one kind are one list of choices: easier to read than a choice of schemas.
    fn union(&self, members: &[Type]) -> Value {
        let texts: Option<Vec<&str>> = members
            .iter()
            .map(|member| match &member.kind {
                TypeKind::Literal(Literal::String(text)) if member.constraints().is_empty() => Some(&**text),
                _ => None,
            })
            .collect();
        match texts {
            Some(texts) => json!({ "type": "string", "enum": texts }),
            None => json!({ "anyOf": members.iter().map(|member| self.of(member)).collect::<Vec<_>>() }),
        }
    }

    fn checked(&self, schema: Value, ty: &Type) -> Value {
        if self.direction == Direction::Given || !has_checks(ty) {
            return schema;
        }
        let names = ty
            .constraints()
            .iter()
            .filter(|constraint| constraint.level == ConstraintLevel::Check)
            .filter_map(|constraint| constraint.name.as_ref());
        let checks: Map<String, Value> =
            names.map(|name| (name.to_string(), self.reference(Named::Check))).collect();
        let required: Vec<&String> = checks.keys().collect();
        json!({
            "type": "object",
            "properties": {
                "value": schema,
                "checks": { "type": "object", "required": required, "properties": checks },
            },
            "required": ["value", "checks"],
        })
    }
}

fn has_checks(ty: &Type) -> bool {
    ty.constraints().iter().any(|constraint| constraint.level == ConstraintLevel::Check)
}

fn primitive_schema(primitive: Primitive) -> Value {
    match primitive {
        Primitive::Int => {
            json!({ "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX })
        }
        Primitive::Float => json!({ "type": "number" }),
        Primitive::Bool => json!({ "type": "boolean" }),
        Primitive::String => json!({ "type": "string" }),
        Primitive::Null => json!({ "type": "null" }),
    }
}

/// A description beside a reference is allowed since 2020-12.
fn with_description(mut schema: Value, text: &str) -> Value {
    if let Some(entries) = schema.as_object_mut() {
        entries.insert("description".to_owned(), text.into());
    }
    schema
}

fn position(kind: MediaKind) -> u8 {
    match kind {
        MediaKind::Image => 0,
        MediaKind::Audio => 1,
        MediaKind::Pdf => 2,
        MediaKind::Video => 3,
    }
}

fn media_name(position: u8) -> &'static str {
    ["BamlImage", "BamlAudio", "BamlPdf", "BamlVideo"]
        .get(usize::from(position))
        .copied()
        .unwrap_or("BamlImage")
}

/// A URL or the content, and what it is. A document is a PDF whatever it begins with.
fn media(is_document: bool) -> Value {
    let variant = |key: &str, source: Value, media_type: &Value, required: &[&str]| {
        json!({
            "type": "object",
            "properties": { key: source, "media_type": media_type },
            "required": required,
            "additionalProperties": false,
        })
    };
    let about = "The MIME type, such as image/png.";
    let named = json!({ "type": "string", "minLength": 1, "description": about });
    let perhaps = json!({ "type": ["string", "null"], "description": about });
    let place = json!({ "type": "string", "description": "Where the content is." });
    // Both words for base64: generators know the one or the other. A pattern would be run over megabytes.
    let content = json!({
        "type": "string",
        "format": "byte",
        "contentEncoding": "base64",
        "minLength": 1,
        "description": "The content in base64.",
    });
    let (media_type, required): (_, &[&str]) = if is_document {
        (&perhaps, &["base64"])
    } else {
        // Content often tells its type itself, but nobody can know beforehand whether it will.
        (&named, &["base64", "media_type"])
    };
    let by_content = variant("base64", content, media_type, required);
    json!({ "oneOf": [variant("url", place, &perhaps, &["url"]), by_content] })
}
