//! Types as written to types with every name resolved.

use std::collections::HashSet;

use syntax::ast;
use types::{AliasId, ClassId, EnumId, Literal, MediaKind, Primitive, Type, TypeAttributes, TypeKind};

use crate::attributes::{self, Attributes, Owner};
use crate::messages;
use crate::names::{BUILT_IN, Names, built_in};
use crate::report::Report;

/// How deep a type may be nested. The parser bounds it too; this is for trees made by hand.
const MAX_DEPTH: usize = 256;

/// Where a type is written: some rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// What an alias stands for.
    Alias,
    /// Anywhere else.
    Use,
}

/// Resolves a type and reports what is wrong with it. A type that cannot be resolved becomes `null`; the
/// schema is not used then.
pub(crate) fn resolve(ty: &ast::Type, place: Place, names: &Names, report: &mut Report) -> Type {
    let owner = if place == Place::Alias { Owner::Alias } else { Owner::Type };
    Resolver { place, names, report }.resolve(ty, owner, 0)
}

struct Resolver<'a> {
    place: Place,
    names: &'a Names,
    report: &'a mut Report,
}

impl Resolver<'_> {
    fn resolve(&mut self, ty: &ast::Type, owner: Owner, depth: usize) -> Type {
        if depth > MAX_DEPTH {
            self.report.push(messages::type_too_deep(ty.span, MAX_DEPTH));
            return Type::primitive(Primitive::Null);
        }
        let mut resolved = self.resolve_kind(ty, depth + 1);
        if !ty.attributes.is_empty() {
            attach(&mut resolved, attributes::read(&ty.attributes, owner, self.report));
        }
        resolved
    }

    fn resolve_kind(&mut self, ty: &ast::Type, depth: usize) -> Type {
        match &ty.kind {
            ast::TypeKind::Name(name) => Type::new(self.resolve_name(name, ty)),
            ast::TypeKind::String(text) => {
                Type::new(TypeKind::Literal(Literal::String(text.as_str().into())))
            }
            ast::TypeKind::Int(int) => Type::new(TypeKind::Literal(Literal::Int(*int))),
            ast::TypeKind::Bool(bool) => Type::new(TypeKind::Literal(Literal::Bool(*bool))),
            ast::TypeKind::List(item) => {
                Type::new(TypeKind::List(Box::new(self.resolve(item, Owner::Type, depth))))
            }
            ast::TypeKind::Map(key, value) => {
                let key = self.resolve_key(key, depth);
                Type::new(TypeKind::Map(Box::new(key), Box::new(self.resolve(value, Owner::Type, depth))))
            }
            ast::TypeKind::Union(members) => {
                union(members.iter().map(|member| self.resolve(member, Owner::Type, depth)).collect())
            }
            ast::TypeKind::Optional(inner) => {
                union(vec![self.resolve(inner, Owner::Type, depth), Type::primitive(Primitive::Null)])
            }
            ast::TypeKind::Tuple(items) => {
                self.report.push(messages::tuple_is_a_list(ty.span));
                let item = union(items.iter().map(|item| self.resolve(item, Owner::Type, depth)).collect());
                Type::new(TypeKind::List(Box::new(item)))
            }
            ast::TypeKind::Missing => Type::primitive(Primitive::Null),
        }
    }

    fn resolve_name(&mut self, name: &str, ty: &ast::Type) -> TypeKind {
        if let Some(kind) = built_in(name).or_else(|| self.names.types.get(name).cloned()) {
            return kind;
        }
        if let Some((kind, _)) = self.names.declared.get(name) {
            self.report.push(messages::not_a_type(ty.span, name, *kind));
        } else {
            let declared = self.names.types.keys().map(|declared| &**declared);
            let suggestion = self.report.suggest(name, BUILT_IN.into_iter().chain(declared));
            self.report.push_missing(messages::unknown_type(ty.span, name, suggestion));
        }
        TypeKind::Primitive(Primitive::Null)
    }

    /// A map's key: `string`, an enum, or string literals. In the definition of an alias the peer checks
    /// nothing; there, other keys are read as `string`, which is what they are in JSON.
    fn resolve_key(&mut self, key: &ast::Type, depth: usize) -> Type {
        let resolved = self.resolve(key, Owner::Type, depth);
        if is_key(&resolved) {
            return resolved;
        }
        let is_unknown = matches!(&key.kind, ast::TypeKind::Missing)
            || matches!(&key.kind, ast::TypeKind::Name(name)
                if built_in(name).is_none() && !self.names.types.contains_key(name.as_str()));
        if self.place == Place::Alias {
            if !matches!(resolved.kind, TypeKind::Alias(_)) && !is_unknown {
                self.report.push(messages::map_key_read_as_string(key.span));
            }
            return Type::primitive(Primitive::String);
        }
        if !is_unknown {
            self.report.push(messages::map_key(key.span));
        }
        resolved
    }
}

/// Whether a type may be the key of a map.
pub(crate) fn is_key(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Primitive(Primitive::String) | TypeKind::Enum(_) => true,
        TypeKind::Literal(literal) => matches!(literal, Literal::String(_)),
        TypeKind::Union(members) => {
            members.iter().all(|member| matches!(member.kind, TypeKind::Literal(Literal::String(_))))
        }
        _ => false,
    }
}

/// Adds what attributes say to a type.
pub(crate) fn attach(ty: &mut Type, read: Attributes) {
    let Attributes { constraints, stream, description, .. } = read;
    if constraints.is_empty() && stream == types::StreamBehavior::default() && description.is_none() {
        return;
    }
    add(ty, TypeAttributes { constraints, stream, description });
}

fn add(ty: &mut Type, more: TypeAttributes) {
    let attributes = ty.attributes_mut();
    attributes.constraints.extend(more.constraints);
    attributes.stream.done |= more.stream.done;
    attributes.stream.not_null |= more.stream.not_null;
    attributes.stream.with_state |= more.stream.with_state;
    if more.description.is_some() {
        attributes.description = more.description;
    }
}

/// The union of some types: flattened, each plain member once, `null` last; a single member is itself.
///
/// What was attached to an inner union is attached to each of its members except `null`.
pub(crate) fn union(members: Vec<Type>) -> Type {
    let mut flat = Vec::with_capacity(members.len());
    let mut seen = HashSet::new();
    let mut has_null = false;
    for member in members {
        match member.kind {
            TypeKind::Union(inner) => {
                for mut ty in inner {
                    if ty.is_null() {
                        has_null = true;
                        continue;
                    }
                    if let Some(attributes) = &member.attributes {
                        add(&mut ty, (**attributes).clone());
                    }
                    push_once(&mut flat, &mut seen, ty);
                }
            }
            _ if member.is_null() => has_null = true,
            _ => push_once(&mut flat, &mut seen, member),
        }
    }
    if has_null {
        flat.push(Type::primitive(Primitive::Null));
    }
    match flat.len() {
        0 => Type::primitive(Primitive::Null),
        1 => flat.remove(0),
        _ => Type::new(TypeKind::Union(flat)),
    }
}

/// What tells two plain members apart. Lists, maps and members with attributes are always kept.
#[derive(PartialEq, Eq, Hash)]
enum Plain {
    Primitive(Primitive),
    Media(MediaKind),
    Literal(Literal),
    Enum(EnumId),
    Class(ClassId),
    Alias(AliasId),
}

fn push_once(flat: &mut Vec<Type>, seen: &mut HashSet<Plain>, member: Type) {
    let plain = match &member.kind {
        _ if member.attributes.is_some() => None,
        TypeKind::Primitive(primitive) => Some(Plain::Primitive(*primitive)),
        TypeKind::Media(kind) => Some(Plain::Media(*kind)),
        TypeKind::Literal(literal) => Some(Plain::Literal(literal.clone())),
        TypeKind::Enum(id) => Some(Plain::Enum(*id)),
        TypeKind::Class(id) => Some(Plain::Class(*id)),
        TypeKind::Alias(id) => Some(Plain::Alias(*id)),
        TypeKind::List(_) | TypeKind::Map(..) | TypeKind::Union(_) => None,
    };
    if plain.is_none_or(|plain| seen.insert(plain)) {
        flat.push(member);
    }
}
