//! Untyped arguments to typed ones.
//!
//! Binding is strict where a mistake would otherwise reach the model: no text for a number, no alias for an
//! enum value, no single value for a list. A number that is whole is an int, however it was written; an int is
//! a float where a float is wanted.

use std::collections::HashSet;
use std::fmt::{self, Write as _};
use std::mem;
use std::slice;
use std::sync::Arc;

use types::{
    Arguments, ClassId, Constraint, ConstraintLevel, EnumId, Instance, Judge, Literal, Media, MediaKind,
    MediaSource, Name, Primitive, Type, TypeKind, Value, is_data_url, nearest, standard_base64,
};

use crate::fit::{Fit, Fitter, entries, integral};
use crate::model::{Class, Function, Schema};
use crate::problems;

/// How deep an argument may be nested, counting each type on the way.
pub(crate) const MAX_DEPTH: usize = 512;

/// After so many problems the rest would only bury the first.
const MAX_PROBLEMS: usize = 50;

/// One thing that is wrong with the arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentProblem {
    /// Where: `resume.items[2].name`.
    pub path: String,
    /// What, in plain words: `expected an int, got a string`.
    pub message: String,
}

impl fmt::Display for ArgumentProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.message)
    }
}

impl Schema {
    /// Types the arguments of a call: objects become [`Instance`]s, enum values and media are recognised, and
    /// asserts on parameters are enforced through `judge`. Arguments that the function does not have are left
    /// out, and so are keys that a class does not have, unless it is `@@dynamic`. What is optional and was not
    /// given stays absent; an explicit `null` stays `null`.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the parameters (the first fifty problems).
    pub fn bind(
        &self,
        function: &Function,
        mut arguments: Arguments,
        judge: &dyn Judge,
    ) -> Result<Arguments, Vec<ArgumentProblem>> {
        let mut bound = Arguments::with_capacity(function.params.len());
        let mut problems = Vec::new();
        for param in &function.params {
            let Some(mut value) = arguments.swap_remove(&param.name) else {
                if !self.is_optional(&param.ty) {
                    problems
                        .push(ArgumentProblem { path: param.name.to_string(), message: problems::missing() });
                }
                continue;
            };
            // The commonest argument may be long, and need not be copied.
            let is_plain_text = matches!(param.ty.kind, TypeKind::Primitive(Primitive::String));
            if matches!(value, Value::String(_)) && is_plain_text && param.ty.constraints().is_empty() {
                bound.insert(param.name.clone(), value);
                continue;
            }
            let mut binder = Binder {
                schema: self,
                judge,
                fitter: Fitter::new(self),
                path: vec![Step::Key(&param.name)],
                problems: &mut problems,
            };
            if let Some(value) = binder.bind(&mut value, &param.ty, 0) {
                bound.insert(param.name.clone(), value);
            }
        }
        problems.truncate(MAX_PROBLEMS);
        if problems.is_empty() { Ok(bound) } else { Err(problems) }
    }
}

#[derive(Debug)]
enum Step<'a> {
    /// A parameter or a field.
    Key(&'a str),
    /// An entry of a map.
    Entry(Name),
    Item(usize),
}

struct Binder<'a> {
    schema: &'a Schema,
    judge: &'a dyn Judge,
    fitter: Fitter<'a>,
    path: Vec<Step<'a>>,
    problems: &'a mut Vec<ArgumentProblem>,
}

impl<'a> Binder<'a> {
    /// The value as the type, or `None` when something was reported. What was given is used up; the parts of it that
    /// are still to be bound stay where they are, because the fitter knows them by that.
    fn bind(&mut self, value: &mut Value, ty: &'a Type, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return self.refuse(problems::too_deep(MAX_DEPTH));
        }
        if ty.constraints().is_empty() {
            return self.bind_kind(value, ty, depth);
        }
        let bound = self.bind_kind(value, ty, depth)?;
        self.enforce(ty.constraints(), &bound)?;
        Some(bound)
    }

    fn bind_kind(&mut self, value: &mut Value, ty: &'a Type, depth: usize) -> Option<Value> {
        match &ty.kind {
            TypeKind::Alias(id) => self.bind(value, &self.schema.alias(*id).ty, depth + 1),
            TypeKind::Primitive(primitive) => self.bind_primitive(value, *primitive),
            TypeKind::Literal(literal) => self.bind_literal(value, literal),
            TypeKind::Media(kind) => self.bind_media(value, *kind),
            TypeKind::Enum(id) => self.bind_enum(value, *id),
            TypeKind::Class(id) => self.bind_class(value, *id, depth),
            TypeKind::List(item) => self.bind_list(value, ty, item, depth),
            TypeKind::Map(key, item) => self.bind_map(value, ty, key, item, depth),
            TypeKind::Union(members) => self.bind_union(value, ty, members, depth),
        }
    }

    fn bind_primitive(&mut self, value: &mut Value, primitive: Primitive) -> Option<Value> {
        Some(match (primitive, value) {
            (Primitive::Int, Value::Int(int)) => Value::Int(*int),
            (Primitive::Int, Value::Float(float)) => match integral(*float) {
                Some(int) => Value::Int(int),
                None => return self.refuse(problems::expected_int_got_fraction(*float)),
            },
            #[expect(
                clippy::cast_precision_loss,
                reason = "a float is wanted: the nearest one is what JSON gives too"
            )]
            (Primitive::Float, Value::Int(int)) => Value::Float(*int as f64),
            (Primitive::Float, Value::Float(float)) => Value::Float(*float),
            (Primitive::Bool, Value::Bool(bool)) => Value::Bool(*bool),
            (Primitive::String, Value::String(text)) => Value::String(mem::take(text)),
            (Primitive::Null, Value::Null) => Value::Null,
            (_, value) => return self.expected(with_article(primitive), value),
        })
    }

    fn bind_literal(&mut self, value: &Value, literal: &Literal) -> Option<Value> {
        let bound = match (literal, value) {
            (Literal::String(wanted), Value::String(text)) if **wanted == **text => {
                Value::String(text.clone())
            }
            (Literal::Int(wanted), Value::Int(int)) if wanted == int => Value::Int(*int),
            (Literal::Int(wanted), Value::Float(float)) if integral(*float) == Some(*wanted) => {
                Value::Int(*wanted)
            }
            (Literal::Bool(wanted), Value::Bool(bool)) if wanted == bool => Value::Bool(*bool),
            _ => {
                let wanted = match literal {
                    Literal::String(text) => format!("\"{text}\""),
                    Literal::Int(int) => int.to_string(),
                    Literal::Bool(bool) => bool.to_string(),
                };
                return self.refuse(problems::expected_literal(&wanted, &shown(value)));
            }
        };
        Some(bound)
    }

    fn bind_media(&mut self, value: &Value, kind: MediaKind) -> Option<Value> {
        let wanted = media_with_article(kind);
        if let Value::Media(media) = value {
            if media.kind != kind {
                return self.refuse(problems::other_media(wanted, media_with_article(media.kind)));
            }
            self.look_at_content(&media.source, wanted)?;
            return Some(Value::Media(Arc::clone(media)));
        }
        let Value::Map(map) = value else { return self.expected(wanted, value) };
        let source = match (map.get("url"), map.get("base64")) {
            (Some(Value::String(url)), None) => MediaSource::Url(url.clone()),
            (None, Some(Value::String(content))) => MediaSource::Base64(content.clone()),
            _ => return self.refuse(problems::media_without_source(wanted)),
        };
        self.look_at_content(&source, wanted)?;
        if let Some(key) = map.keys().find(|key| !matches!(&***key, "url" | "base64" | "media_type")) {
            let suggestion = nearest(key, ["media_type"]);
            return self.refuse(problems::unknown_media_key(key, suggestion));
        }
        let mime_type = match map.get("media_type") {
            None | Some(Value::Null) => None,
            Some(Value::String(mime_type)) => Some(mime_type.clone()),
            Some(other) => return self.refuse(problems::media_type_is_not_text(other.kind())),
        };
        Some(Value::Media(Arc::new(Media { kind, mime_type, source })))
    }

    /// Content that is none would be refused by the provider, in words that name no argument.
    fn look_at_content(&mut self, source: &MediaSource, wanted: &str) -> Option<()> {
        match source {
            // Some people have the content as a `data:` URL and call it base64.
            MediaSource::Base64(text) if !is_data_url(text) => match standard_base64(text) {
                Ok(_) => Some(()),
                Err(fault) => self.refuse(problems::content_is_not_base64(wanted, fault)),
            },
            MediaSource::Base64(_) | MediaSource::Url(_) => Some(()),
        }
    }

    /// An enum value is its BAML name. A `@@dynamic` enum takes any: the value may come with the call.
    fn bind_enum(&mut self, value: &Value, id: EnumId) -> Option<Value> {
        let enumeration = self.schema.enumeration(id);
        let text = match value {
            Value::String(text) => text.as_str(),
            Value::Enum(_, name) => name,
            _ => return self.expected(&format!("a value of enum `{}`", enumeration.name), value),
        };
        let bound = match enumeration.values.iter().find(|known| &*known.name == text) {
            Some(known) => Value::Enum(id, known.name.clone()),
            None if enumeration.dynamic => Value::Enum(id, Name::from(text)),
            None => {
                let values: Vec<&str> = enumeration.values.iter().map(|value| &*value.name).collect();
                // The alias is what the model sees; here the name is wanted.
                let aliased = enumeration.values.iter().find(|value| value.alias.as_deref() == Some(text));
                let suggestion = aliased.map(|value| &*value.name).or_else(|| nearest(text, values.clone()));
                return self.refuse(problems::unknown_enum_value(
                    &enumeration.name,
                    text,
                    suggestion,
                    &values,
                ));
            }
        };
        self.enforce(&enumeration.constraints, &bound)?;
        Some(bound)
    }

    fn bind_class(&mut self, value: &mut Value, id: ClassId, depth: usize) -> Option<Value> {
        let class: &'a Class = self.schema.class(id);
        let entries = match value {
            Value::Map(map) => EntriesMut::OfMap(map.iter_mut()),
            Value::Instance(instance) => EntriesMut::OfInstance(instance.fields.iter_mut()),
            other => return self.expected_class(class, other),
        };
        let before = self.problems.len();
        let mut fields = Vec::with_capacity(entries.len());
        let (mut next, mut given) = (0, 0);
        for (key, value) in entries {
            let Some(position) = self.fitter.field(id, key, next) else {
                if class.dynamic {
                    fields.push((key.clone(), mem::replace(value, Value::Null)));
                }
                continue;
            };
            next = position + 1;
            given += 1;
            let field = &class.fields[position];
            self.path.push(Step::Key(&field.name));
            if let Some(value) = self.bind(value, &field.ty, depth + 1) {
                fields.push((field.name.clone(), value));
            }
            self.path.pop();
        }
        if given < class.fields.len() {
            self.refuse_missing(class, id, value);
        }
        if self.problems.len() > before {
            return None;
        }
        let bound = Value::Instance(Instance { class: id, fields });
        self.enforce(&class.constraints, &bound)?;
        Some(bound)
    }

    fn refuse_missing(&mut self, class: &Class, id: ClassId, value: &Value) {
        let mut given = vec![false; class.fields.len()];
        let mut next = 0;
        for (key, _) in entries(value).into_iter().flatten() {
            if let Some(position) = self.fitter.field(id, key, next) {
                next = position + 1;
                given[position] = true;
            }
        }
        for (field, _) in class.fields.iter().zip(given).filter(|(_, given)| !given) {
            if !self.schema.is_optional(&field.ty) {
                self.refuse::<()>(problems::missing_field(&class.name, &field.name));
            }
        }
    }

    fn bind_list(&mut self, value: &mut Value, ty: &Type, item: &'a Type, depth: usize) -> Option<Value> {
        let Value::List(items) = value else {
            return self.expected_type("a list", ty, value);
        };
        let before = self.problems.len();
        for (position, value) in items.iter_mut().enumerate() {
            self.path.push(Step::Item(position));
            if let Some(bound) = self.bind(value, item, depth + 1) {
                *value = bound;
            }
            self.path.pop();
            if self.problems.len() >= MAX_PROBLEMS {
                break;
            }
        }
        (self.problems.len() == before).then(|| Value::List(mem::take(items)))
    }

    fn bind_map(
        &mut self,
        value: &mut Value,
        ty: &Type,
        key_type: &'a Type,
        item: &'a Type,
        depth: usize,
    ) -> Option<Value> {
        let Value::Map(map) = value else {
            return self.expected_type("an object", ty, value);
        };
        let before = self.problems.len();
        let keys = self.schema.keys(key_type);
        for (key, value) in &mut *map {
            self.path.push(Step::Entry(key.clone()));
            if let Some(keys) = keys.as_ref().filter(|keys| !keys.contains(&**key)) {
                self.refuse_key(key, keys);
            } else if let Some(bound) = self.bind(value, item, depth + 1) {
                *value = bound;
            }
            self.path.pop();
            if self.problems.len() >= MAX_PROBLEMS {
                break;
            }
        }
        (self.problems.len() == before).then(|| Value::Map(mem::take(map)))
    }

    /// The member that fits best, the first of several; asserts are judged afterwards.
    fn bind_union(
        &mut self,
        value: &mut Value,
        ty: &Type,
        members: &'a [Type],
        depth: usize,
    ) -> Option<Value> {
        // Most unions are an optional type, and only one member can be meant: no need to try.
        let mut possible = members.iter().filter(|member| self.fitter.is_possible(value, member));
        let (first, second) = (possible.next(), possible.next());
        match (first, second) {
            (None, _) => self.expected_union(ty, value),
            (Some(only), None) => self.bind(value, only, depth + 1),
            (Some(_), Some(_)) => match self.best(value, members, depth) {
                Some(member) => self.bind(value, member, depth + 1),
                None => self.expected_union(ty, value),
            },
        }
    }

    fn best(&mut self, value: &Value, members: &'a [Type], depth: usize) -> Option<&'a Type> {
        let fits = members.iter().map(|member| (self.fitter.fit(value, member, depth + 1), member));
        fits.min_by_key(|(fit, _)| *fit).filter(|(fit, _)| *fit < Fit::Not).map(|(_, member)| member)
    }

    fn enforce(&mut self, constraints: &[Constraint], value: &Value) -> Option<()> {
        let before = self.problems.len();
        for Constraint { name, expression, .. } in
            constraints.iter().filter(|constraint| constraint.level == ConstraintLevel::Assert)
        {
            match self.judge.holds(expression, value) {
                Ok(true) => {}
                Ok(false) => _ = self.refuse::<()>(problems::assert_failed(name.as_ref(), expression)),
                Err(reason) => _ = self.refuse::<()>(problems::assert_not_evaluated(expression, &reason)),
            }
        }
        (self.problems.len() == before).then_some(())
    }

    // The texts are made outside of the recursive functions, whose frames must be small.

    fn expected_class(&mut self, class: &Class, found: &Value) -> Option<Value> {
        self.expected(&format!("an object of class `{}`", class.name), found)
    }

    fn expected_type(&mut self, what: &str, ty: &Type, found: &Value) -> Option<Value> {
        self.expected(&format!("{what} ({})", self.schema.describe(ty)), found)
    }

    fn expected_union(&mut self, ty: &Type, found: &Value) -> Option<Value> {
        let wanted = self.schema.describe(ty);
        let has_literals = matches!(&ty.kind, TypeKind::Union(members)
            if members.iter().any(|member| matches!(member.kind, TypeKind::Literal(_))));
        // Where the value itself decides, its kind says nothing.
        if has_literals {
            self.refuse(problems::expected_literal(&wanted, &shown(found)))
        } else {
            self.expected(&wanted, found)
        }
    }

    fn refuse_key(&mut self, key: &str, keys: &HashSet<&str>) {
        let mut keys: Vec<&str> = keys.iter().copied().collect();
        keys.sort_unstable();
        self.refuse::<()>(problems::unknown_key(key, nearest(key, keys.clone()), &keys));
    }

    fn expected(&mut self, what: &str, found: &Value) -> Option<Value> {
        self.refuse(problems::expected(what, found.kind()))
    }

    fn refuse<T>(&mut self, message: String) -> Option<T> {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(ArgumentProblem { path: written(&self.path), message });
        }
        None
    }
}

/// The keys and values of an object.
enum EntriesMut<'a> {
    OfMap(indexmap::map::IterMut<'a, Name, Value>),
    OfInstance(slice::IterMut<'a, (Name, Value)>),
}

impl<'a> Iterator for EntriesMut<'a> {
    type Item = (&'a Name, &'a mut Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::OfMap(entries) => entries.next(),
            Self::OfInstance(fields) => fields.next().map(|(name, value)| (&*name, value)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::OfMap(entries) => entries.size_hint(),
            Self::OfInstance(fields) => fields.size_hint(),
        }
    }
}

impl ExactSizeIterator for EntriesMut<'_> {}

/// `resume.items[2].name`; a key that is no plain word is quoted: `prices["a b"]`.
fn written(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        let key = match step {
            // Writing to a `String` cannot fail.
            Step::Item(position) => {
                _ = write!(text, "[{position}]");
                continue;
            }
            Step::Key(key) => key,
            Step::Entry(key) => &**key,
        };
        if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(key);
        } else {
            _ = write!(text, "[\"{}\"]", problems::shortened(key));
        }
    }
    text
}

/// A scalar as it is, the beginning of a long text; anything else by its kind.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", problems::shortened(text)),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => float.to_string(),
        Value::Bool(bool) => bool.to_string(),
        other => other.kind().with_article().to_owned(),
    }
}

fn with_article(primitive: Primitive) -> &'static str {
    match primitive {
        Primitive::Int => "an int",
        Primitive::Float => "a float",
        Primitive::Bool => "a bool",
        Primitive::String => "a string",
        Primitive::Null => "null",
    }
}

fn media_with_article(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "an image",
        MediaKind::Audio => "an audio clip",
        MediaKind::Pdf => "a PDF",
        MediaKind::Video => "a video",
    }
}
