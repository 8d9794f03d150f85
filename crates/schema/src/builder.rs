//! Classes and enums that a type builder makes without text, property by property.

use std::collections::HashMap;
use std::sync::Arc;

use syntax::Span;
use types::{ClassId, EnumId, Name, Primitive, Type, TypeKind};

use crate::additions::{
    Additions, ClassAddition, EnumAddition, ExpressionKind, PropertyAddition, TypeExpression,
};
use crate::extend::Extension;
use crate::model::{EnumValue, Field};
use crate::names::{BUILT_IN, Kind};
use crate::problems;
use crate::resolve::{is_key, union};

impl Extension {
    /// Declares the new classes and enums of a builder.
    pub(crate) fn declare_additions(&mut self, additions: &Additions, found: &mut Vec<String>) {
        for name in additions.classes.keys() {
            match self.names.declared.get(name) {
                None => {
                    self.push_class(name, Span::default());
                    self.names.declared.insert(name.clone(), (Kind::Class, None));
                }
                Some((Kind::Class, _)) => {}
                Some((other, _)) => found.push(problems::builder_name_is_taken(name, Kind::Class, *other)),
            }
        }
        for name in additions.enums.keys() {
            match self.names.declared.get(name) {
                None => {
                    self.push_enum(name, Span::default());
                    self.names.declared.insert(name.clone(), (Kind::Enum, None));
                }
                Some((Kind::Enum, _)) => {}
                Some((other, _)) => found.push(problems::builder_name_is_taken(name, Kind::Enum, *other)),
            }
        }
        self.schema.types.clone_from(&self.names.types);
    }

    pub(crate) fn define_additions(&mut self, additions: &Additions, found: &mut Vec<String>) {
        for (name, addition) in &additions.classes {
            if let Some(TypeKind::Class(id)) = self.names.types.get(name) {
                self.add_to_class(*id, addition, found);
            }
        }
        for (name, addition) in &additions.enums {
            if let Some(TypeKind::Enum(id)) = self.names.types.get(name) {
                self.add_to_enum(*id, addition);
            }
        }
    }

    /// Adds properties to a class. The builder may do so to any class, `@@dynamic` or not, as on the peer,
    /// whose generated clients offer it only for dynamic ones.
    fn add_to_class(&mut self, id: ClassId, addition: &ClassAddition, found: &mut Vec<String>) {
        let class_name = self.schema.class(id).name.clone();
        let fields = self.schema.class(id).fields.iter().enumerate();
        let positions: HashMap<Name, usize> =
            fields.map(|(position, field)| (field.name.clone(), position)).collect();
        for (name, property) in &addition.properties {
            let there = positions.get(name).copied();
            let ty = property.ty.as_ref().map(|ty| self.resolve(ty, &class_name, name, found));
            let class = Arc::make_mut(&mut self.schema.classes[id.index()]);
            match (there, ty) {
                (Some(_), Some(_)) => found.push(problems::builder_property_exists(&class_name, name)),
                (None, None) => found.push(problems::builder_property_without_type(&class_name, name)),
                (Some(position), None) => change(&mut class.fields[position], property),
                (None, Some(ty)) => {
                    let mut field = Field {
                        name: name.clone(),
                        alias: None,
                        description: None,
                        docs: None,
                        ty,
                        skip: false,
                        span: Span::default(),
                    };
                    change(&mut field, property);
                    class.fields.push(field);
                }
            }
        }
        if addition.alias.is_some() || addition.description.is_some() {
            let class = Arc::make_mut(&mut self.schema.classes[id.index()]);
            class.alias = addition.alias.clone().or_else(|| class.alias.take());
            class.description = addition.description.clone().or_else(|| class.description.take());
        }
    }

    fn add_to_enum(&mut self, id: EnumId, addition: &EnumAddition) {
        let enumeration = Arc::make_mut(&mut self.schema.enums[id.index()]);
        let values = enumeration.values.iter().enumerate();
        let positions: HashMap<Name, usize> =
            values.map(|(position, value)| (value.name.clone(), position)).collect();
        for (name, value) in &addition.values {
            let position = positions.get(name).copied().unwrap_or_else(|| {
                enumeration.values.push(EnumValue {
                    name: name.clone(),
                    alias: None,
                    description: None,
                    docs: None,
                    skip: false,
                    span: Span::default(),
                });
                enumeration.values.len() - 1
            });
            let there = &mut enumeration.values[position];
            there.alias = value.alias.clone().or_else(|| there.alias.take());
            there.description = value.description.clone().or_else(|| there.description.take());
            there.skip = value.skip.unwrap_or(there.skip);
        }
        enumeration.alias = addition.alias.clone().or_else(|| enumeration.alias.take());
        enumeration.description = addition.description.clone().or_else(|| enumeration.description.take());
    }

    fn resolve(&self, ty: &TypeExpression, class: &Name, property: &Name, found: &mut Vec<String>) -> Type {
        let mut resolve = |ty: &TypeExpression| self.resolve(ty, class, property, found);
        let kind = match &*ty.kind {
            ExpressionKind::Primitive(primitive) => TypeKind::Primitive(*primitive),
            ExpressionKind::Media(kind) => TypeKind::Media(*kind),
            ExpressionKind::Literal(literal) => TypeKind::Literal(literal.clone()),
            ExpressionKind::List(item) => TypeKind::List(Box::new(resolve(item))),
            ExpressionKind::Map(key, value) => {
                let (key, value) = (resolve(key), resolve(value));
                if !is_key(&key) {
                    found.push(problems::builder_map_key(class, property));
                }
                TypeKind::Map(Box::new(key), Box::new(value))
            }
            ExpressionKind::Union(members) => return union(members.iter().map(resolve).collect()),
            ExpressionKind::TooLarge => {
                found.push(problems::builder_type_too_large(class, property));
                TypeKind::Primitive(Primitive::Null)
            }
            ExpressionKind::Name(name) => {
                if let Some(kind) = self.names.types.get(name) {
                    kind.clone()
                } else {
                    let declared = self.names.types.keys().map(|declared| &**declared);
                    let suggestion = types::nearest(name, BUILT_IN.into_iter().chain(declared));
                    found.push(problems::builder_unknown_type(class, property, name, suggestion));
                    TypeKind::Primitive(Primitive::Null)
                }
            }
        };
        Type::new(kind)
    }
}

fn change(field: &mut Field, property: &PropertyAddition) {
    field.alias = property.alias.clone().or_else(|| field.alias.take());
    field.description = property.description.clone().or_else(|| field.description.take());
    field.skip = property.skip.unwrap_or(field.skip);
}
