//! Which member of a union a value is meant for.
//!
//! A value is compared with a type without being converted, and each comparison of an object or a list is
//! remembered, so that nested unions cost what the value is large, not two to the depth.

use std::collections::{HashMap, HashSet};

use types::{ClassId, Literal, Name, Primitive, Type, TypeKind, Value};

use crate::bind::MAX_DEPTH;
use crate::model::{Class, Schema};

/// How well a value fits a type, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// As it is.
    Whole,
    /// Without some of its keys.
    InPart,
    /// Not at all.
    Not,
}

/// Compares values with types of one program.
pub(crate) struct Fitter<'a> {
    schema: &'a Schema,
    /// By the addresses of a value and of a type or class: none of them moves for as long as this lives.
    compared: HashMap<(usize, usize), Fit>,
    /// The positions of the fields of a class by name.
    positions: HashMap<ClassId, HashMap<&'a str, usize>>,
}

impl<'a> Fitter<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Self {
        Self { schema, compared: HashMap::new(), positions: HashMap::new() }
    }

    /// The position of a field of a class. Most objects have their fields in the order of the class: `expected` is
    /// the position to look at first.
    pub(crate) fn field(&mut self, id: ClassId, name: &str, expected: usize) -> Option<usize> {
        let schema = self.schema;
        let fields = &schema.class(id).fields;
        if fields.get(expected).is_some_and(|field| *field.name == *name) {
            return Some(expected);
        }
        let positions = self.positions.entry(id).or_insert_with(|| {
            fields.iter().enumerate().map(|(position, field)| (&*field.name, position)).collect()
        });
        positions.get(name).copied()
    }

    /// How well a value fits a type. Asserts are not asked.
    pub(crate) fn fit(&mut self, value: &Value, ty: &'a Type, depth: usize) -> Fit {
        if depth > MAX_DEPTH {
            return Fit::Not;
        }
        match &ty.kind {
            TypeKind::Alias(id) => self.fit(value, &self.schema.alias(*id).ty, depth + 1),
            TypeKind::Union(members) => {
                let fits = members.iter().map(|member| self.fit(value, member, depth + 1));
                fits.min().unwrap_or(Fit::Not)
            }
            TypeKind::List(item) => {
                let Value::List(items) = value else { return Fit::Not };
                self.remember(value, ty, |fitter| {
                    worst(items.iter().map(|value| fitter.fit(value, item, depth + 1)))
                })
            }
            TypeKind::Map(key_type, item) => {
                let Value::Map(map) = value else { return Fit::Not };
                self.remember(value, ty, |fitter| {
                    let keys = fitter.schema.keys(key_type);
                    worst(map.iter().map(|(key, value)| match &keys {
                        Some(keys) if !keys.contains(&**key) => Fit::Not,
                        _ => fitter.fit(value, item, depth + 1),
                    }))
                })
            }
            TypeKind::Class(id) => {
                let Some(entries) = entries(value) else { return Fit::Not };
                let class: &'a Class = self.schema.class(*id);
                self.remember(value, class, |fitter| fitter.fit_class(entries, class, *id, depth))
            }
            TypeKind::Primitive(_) | TypeKind::Literal(_) | TypeKind::Media(_) | TypeKind::Enum(_) => {
                if self.is_possible(value, ty) && self.is_scalar(value, ty) { Fit::Whole } else { Fit::Not }
            }
        }
    }

    fn fit_class(&mut self, entries: Entries<'_>, class: &'a Class, id: ClassId, depth: usize) -> Fit {
        let mut given = vec![false; class.fields.len()];
        let mut next = 0;
        let mut fit = Fit::Whole;
        for (key, value) in entries {
            let of_entry = match self.field(id, key, next) {
                Some(position) => {
                    next = position + 1;
                    given[position] = true;
                    self.fit(value, &class.fields[position].ty, depth + 1)
                }
                None if class.dynamic => Fit::Whole,
                None => Fit::InPart,
            };
            fit = fit.max(of_entry);
            if fit == Fit::Not {
                return fit;
            }
        }
        let fields = class.fields.iter().zip(given);
        let missing =
            fields.filter(|(_, given)| !given).any(|(field, _)| !self.schema.is_optional(&field.ty));
        if missing { Fit::Not } else { fit }
    }

    fn remember<T>(&mut self, value: &Value, with: &T, compare: impl FnOnce(&mut Self) -> Fit) -> Fit {
        let key = (std::ptr::from_ref(value).addr(), std::ptr::from_ref(with).addr());
        if let Some(fit) = self.compared.get(&key) {
            return *fit;
        }
        let fit = compare(self);
        self.compared.insert(key, fit);
        fit
    }

    /// Whether a value could be meant for a type, by its kind alone.
    pub(crate) fn is_possible(&self, value: &Value, ty: &Type) -> bool {
        match &self.schema.resolve(ty).kind {
            TypeKind::Primitive(primitive) => match primitive {
                Primitive::Int | Primitive::Float => matches!(value, Value::Int(_) | Value::Float(_)),
                Primitive::Bool => matches!(value, Value::Bool(_)),
                Primitive::String => matches!(value, Value::String(_)),
                Primitive::Null => matches!(value, Value::Null),
            },
            TypeKind::Literal(Literal::String(_)) => matches!(value, Value::String(_)),
            TypeKind::Literal(Literal::Int(_)) => matches!(value, Value::Int(_) | Value::Float(_)),
            TypeKind::Literal(Literal::Bool(_)) => matches!(value, Value::Bool(_)),
            TypeKind::Enum(_) => matches!(value, Value::String(_) | Value::Enum(..)),
            TypeKind::Media(_) => matches!(value, Value::Media(_) | Value::Map(_)),
            TypeKind::Class(_) => matches!(value, Value::Map(_) | Value::Instance(_)),
            TypeKind::List(_) => matches!(value, Value::List(_)),
            TypeKind::Map(..) => matches!(value, Value::Map(_)),
            // Inside a union another union hides only behind an alias: trying it is how to know.
            TypeKind::Union(_) | TypeKind::Alias(_) => true,
        }
    }

    /// Whether a value of a possible kind is one of a scalar type.
    fn is_scalar(&self, value: &Value, ty: &Type) -> bool {
        match (&ty.kind, value) {
            (TypeKind::Primitive(Primitive::Int), Value::Float(float)) => integral(*float).is_some(),
            (TypeKind::Literal(Literal::String(literal)), Value::String(text)) => **literal == **text,
            (TypeKind::Literal(Literal::Int(literal)), Value::Int(int)) => literal == int,
            (TypeKind::Literal(Literal::Int(literal)), Value::Float(float)) => {
                integral(*float) == Some(*literal)
            }
            (TypeKind::Literal(Literal::Bool(literal)), Value::Bool(bool)) => literal == bool,
            (TypeKind::Enum(id), Value::String(text)) => {
                let enumeration = self.schema.enumeration(*id);
                enumeration.dynamic || enumeration.values.iter().any(|known| *known.name == **text)
            }
            (TypeKind::Media(kind), Value::Media(media)) => media.kind == *kind,
            (TypeKind::Media(_), Value::Map(map)) => {
                let is_text = |key: &str| matches!(map.get(key), Some(Value::String(_)));
                let known = map.keys().all(|key| matches!(&**key, "url" | "base64" | "media_type"));
                known && is_text("url") != is_text("base64")
            }
            _ => true,
        }
    }
}

impl Schema {
    /// The keys that a map can have, when its type says so.
    pub(crate) fn keys<'k>(&'k self, ty: &'k Type) -> Option<HashSet<&'k str>> {
        let literal = |ty: &'k Type| match &ty.kind {
            TypeKind::Literal(Literal::String(literal)) => Some(&**literal),
            _ => None,
        };
        let ty = self.resolve(ty);
        match &ty.kind {
            TypeKind::Enum(id) => {
                let enumeration = self.enumeration(*id);
                (!enumeration.dynamic).then(|| enumeration.values.iter().map(|value| &*value.name).collect())
            }
            TypeKind::Literal(_) => Some(literal(ty).into_iter().collect()),
            TypeKind::Union(members) => Some(members.iter().filter_map(literal).collect()),
            _ => None,
        }
    }
}

fn worst(mut fits: impl Iterator<Item = Fit>) -> Fit {
    let mut worst = Fit::Whole;
    for fit in fits.by_ref() {
        worst = worst.max(fit);
        if worst == Fit::Not {
            break;
        }
    }
    worst
}

/// The keys and values of an object.
pub(crate) enum Entries<'a> {
    OfMap(indexmap::map::Iter<'a, Name, Value>),
    OfInstance(std::slice::Iter<'a, (Name, Value)>),
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a Name, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::OfMap(entries) => entries.next(),
            Self::OfInstance(fields) => fields.next().map(|(name, value)| (name, value)),
        }
    }
}

/// The keys and values of an object; `None` for what is none.
pub(crate) fn entries(value: &Value) -> Option<Entries<'_>> {
    match value {
        Value::Map(map) => Some(Entries::OfMap(map.iter())),
        Value::Instance(instance) => Some(Entries::OfInstance(instance.fields.iter())),
        _ => None,
    }
}

/// The integer that a float is, if it is one that 64 bits hold.
pub(crate) fn integral(float: f64) -> Option<i64> {
    /// 2^63: every float between it and its negative fits. Its negative would too, but a smaller integer that was
    /// written out is read as the same float.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 64 bits, as just checked")]
    (float.fract() == 0.0 && float > -LIMIT && float < LIMIT).then_some(float as i64)
}
