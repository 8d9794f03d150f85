//! What is known of a value before it is there.

use std::rc::Rc;

use schema::Schema;
use types::{ConstraintLevel, EnumId, Literal, Primitive, Type, TypeKind};

use crate::engine::FILTERS;
use crate::warnings::{self, Warning};

/// How many members a union may have to be looked at; a larger one is [`Shape::Unknown`].
const MAX_MEMBERS: usize = 64;
/// How many types are looked at to find them.
const MAX_STEPS: usize = 256;

/// What every loop has.
const LOOP: [&str; 13] = [
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
    "depth",
    "depth0",
    "previtem",
    "nextitem",
    "changed",
    "cycle",
];
/// What `ctx` has.
pub(super) const CONTEXT: [&str; 3] = ["output_format", "client", "tags"];
/// What `ctx.client` has.
const CLIENT: [&str; 6] = ["name", "provider", "default_role", "allowed_roles", "remap_role", "options"];
/// What `_` has.
pub(super) const UNDERSCORE: [&str; 2] = ["role", "chat"];
/// What the result of a check has in a constraint.
const CHECKED: [&str; 2] = ["value", "checks"];

/// The methods of texts, maps and lists.
pub(super) const TEXT_METHODS: [&str; 25] = [
    "upper",
    "lower",
    "islower",
    "isupper",
    "isspace",
    "isdigit",
    "isnumeric",
    "isalnum",
    "isalpha",
    "isascii",
    "strip",
    "lstrip",
    "rstrip",
    "replace",
    "title",
    "split",
    "splitlines",
    "capitalize",
    "count",
    "find",
    "format",
    "rfind",
    "startswith",
    "endswith",
    "join",
];
pub(super) const MAP_METHODS: [&str; 4] = ["keys", "values", "items", "get"];
pub(super) const LIST_METHODS: [&str; 1] = ["count"];

/// What is known of a value.
#[derive(Clone, Debug)]
pub(super) enum Shape<'s> {
    /// Nothing: it may have any property.
    Unknown,
    /// It is of one of these types, none of them a union or an alias.
    Members(Rc<[&'s Type]>),
    /// An enum itself.
    Enum(EnumId),
    /// `ctx`.
    Context,
    /// `ctx.client`.
    Client,
    /// `_`.
    Underscore,
    /// `loop`.
    Loop,
}

/// What reading a property comes to.
#[derive(Debug)]
pub(super) enum Read<'s> {
    /// A value.
    Found(Shape<'s>),
    /// A value, unless what it is read from is null.
    Perhaps(Shape<'s>),
    /// Nothing ever has it.
    Missing(Warning),
}

impl<'s> Shape<'s> {
    /// The shape of values of a type.
    pub(super) fn of(schema: &'s Schema, ty: &'s Type) -> Self {
        Self::of_all(schema, vec![ty])
    }

    fn of_all(schema: &'s Schema, mut pending: Vec<&'s Type>) -> Self {
        let mut members: Vec<&'s Type> = Vec::new();
        let mut steps = 0;
        while let Some(ty) = pending.pop() {
            steps += 1;
            if steps > MAX_STEPS || members.len() > MAX_MEMBERS {
                return Self::Unknown;
            }
            match &ty.kind {
                // A checked value can be read as one, wherever its checks are shown.
                TypeKind::Union(_) if is_checked(ty) => return Self::Unknown,
                TypeKind::Union(inside) => pending.extend(inside),
                TypeKind::Alias(id) => match schema.aliases.get(id.index()) {
                    Some(alias) if is_checked(&alias.ty) || is_checked(ty) => return Self::Unknown,
                    Some(alias) => pending.push(&alias.ty),
                    None => return Self::Unknown,
                },
                _ => {
                    if !members.iter().any(|member| **member == *ty) {
                        members.push(ty);
                    }
                }
            }
        }
        Self::Members(members.into())
    }

    /// The shape without null.
    pub(super) fn not_null(self) -> Self {
        match self {
            Self::Members(members) if members.iter().any(|member| member.is_null()) => {
                Self::Members(members.iter().copied().filter(|member| !member.is_null()).collect())
            }
            other => other,
        }
    }

    /// Whether every member but null is a list.
    pub(super) fn is_list(&self) -> bool {
        self.all(|ty| matches!(ty.kind, TypeKind::List(_)))
    }

    /// Whether every member but null has properties that a text can name.
    pub(super) fn has_fields(&self) -> bool {
        self.all(|ty| matches!(ty.kind, TypeKind::Class(_) | TypeKind::Map(..)))
    }

    fn all(&self, is: impl Fn(&Type) -> bool) -> bool {
        let Self::Members(members) = self else { return false };
        members.iter().all(|member| member.is_null() || is(member))
    }

    /// What a loop over the value gives.
    pub(super) fn item(&self, schema: &'s Schema) -> Self {
        self.inside(schema, |ty| match &ty.kind {
            TypeKind::List(item) => Some(item),
            _ => None,
        })
    }

    /// What `value[…]` gives when the key is not known.
    pub(super) fn element(&self, schema: &'s Schema) -> Self {
        self.inside(schema, |ty| match &ty.kind {
            TypeKind::List(item) | TypeKind::Map(_, item) => Some(item),
            _ => None,
        })
    }

    /// The types inside all members but null; unknown when one has none.
    fn inside(&self, schema: &'s Schema, find: impl Fn(&'s Type) -> Option<&'s Type>) -> Self {
        let Self::Members(members) = self else { return Self::Unknown };
        let inside: Option<Vec<_>> =
            members.iter().filter(|member| !member.is_null()).map(|member| find(member)).collect();
        match inside {
            Some(types) if !types.is_empty() => Self::of_all(schema, types),
            _ => Self::Unknown,
        }
    }

    /// What there is to say when the value is compared with a text that it never is.
    pub(super) fn never_equal(&self, schema: &'s Schema, text: &str) -> Option<Warning> {
        let Self::Members(members) = self else { return None };
        let mut choices: Vec<&str> = Vec::new();
        let mut aliased = None;
        for member in members.iter() {
            match &member.kind {
                TypeKind::Primitive(Primitive::Null) => {}
                TypeKind::Literal(Literal::String(literal)) => choices.push(literal),
                TypeKind::Enum(id) => {
                    let enumeration =
                        schema.enums.get(id.index()).filter(|enumeration| !enumeration.dynamic)?;
                    let shown = |value: &&schema::EnumValue| value.alias.as_deref() == Some(text);
                    aliased = aliased.or(enumeration.values.iter().find(shown).map(|value| &*value.name));
                    choices.extend(enumeration.values.iter().map(|value| &*value.name));
                }
                _ => return None,
            }
        }
        if choices.is_empty() || choices.contains(&text) {
            return None;
        }
        let owner = kind(schema, members);
        Some(match aliased {
            Some(name) => warnings::compared_with_alias(&owner, text, name),
            None => warnings::never_equal(&owner, text, &choices),
        })
    }

    /// What the property called `name` is.
    pub(super) fn property(&self, schema: &'s Schema, name: &str) -> Read<'s> {
        let one_of = |owner: &str, choices: &[&str], shape: Self| {
            if choices.contains(&name) {
                Read::Found(shape)
            } else {
                Read::Missing(warnings::unknown_property(owner, name, choices))
            }
        };
        match self {
            Self::Unknown => Read::Found(Self::Unknown),
            Self::Context if name == "client" => Read::Found(Self::Client),
            Self::Context => one_of("`ctx`", &CONTEXT, Self::Unknown),
            Self::Client => one_of("`ctx.client`", &CLIENT, Self::Unknown),
            Self::Underscore => one_of("`_`", &UNDERSCORE, Self::Unknown),
            Self::Loop => one_of("`loop`", &LOOP, Self::Unknown),
            Self::Enum(id) => enum_value(schema, *id, name),
            Self::Members(members) => member_property(schema, members, name),
        }
    }

    /// Whether calling the method `name` can work; a warning when it cannot.
    pub(super) fn method(&self, schema: &'s Schema, name: &str) -> Read<'s> {
        let members = match self {
            Self::Unknown => return Read::Found(Self::Unknown),
            Self::Members(members) => members,
            _ => return self.property(schema, name),
        };
        let mut choices: Vec<&str> = Vec::new();
        let mut nullable = false;
        let mut possible = false;
        for member in members.iter() {
            match &member.kind {
                _ if !member.constraints().is_empty() && CHECKED.contains(&name) => possible = true,
                TypeKind::Primitive(Primitive::Null) => nullable = true,
                TypeKind::Primitive(Primitive::String) | TypeKind::Literal(Literal::String(_)) => {
                    choices.extend(TEXT_METHODS);
                }
                TypeKind::Map(..) => {
                    possible |= !MAP_METHODS.contains(&name);
                    choices.extend(MAP_METHODS);
                }
                TypeKind::Class(id) => {
                    let class = schema.classes.get(id.index());
                    possible |= class.is_none_or(|class| {
                        class.dynamic || class.fields.iter().any(|field| *field.name == *name)
                    });
                    choices.extend(MAP_METHODS);
                }
                TypeKind::List(_) => choices.extend(LIST_METHODS),
                _ => {}
            }
        }
        possible |= choices.contains(&name) || members.iter().all(|member| member.is_null());
        match (possible, nullable) {
            (true, false) => Read::Found(Self::Unknown),
            (true, true) => Read::Perhaps(Self::Unknown),
            (false, _) => Read::Missing(warnings::unknown_method(&owner(schema, members), name, &choices)),
        }
    }
}

fn enum_value<'s>(schema: &'s Schema, id: EnumId, name: &str) -> Read<'s> {
    let Some(enumeration) = schema.enums.get(id.index()) else { return Read::Found(Shape::Unknown) };
    if enumeration.dynamic || enumeration.values.iter().any(|value| *value.name == *name) {
        return Read::Found(Shape::Unknown);
    }
    let choices: Vec<&str> = enumeration.values.iter().map(|value| &*value.name).collect();
    Read::Missing(warnings::unknown_enum_value(&enumeration.name, name, &choices))
}

fn member_property<'s>(schema: &'s Schema, members: &[&'s Type], name: &str) -> Read<'s> {
    let mut types = Vec::new();
    let mut choices: Vec<&str> = Vec::new();
    let mut nullable = false;
    let mut unknown = members.iter().all(|member| member.is_null());
    for member in members {
        match &member.kind {
            _ if !member.constraints().is_empty() && CHECKED.contains(&name) => unknown = true,
            TypeKind::Primitive(Primitive::Null) => nullable = true,
            TypeKind::Map(_, value) => types.push(&**value),
            TypeKind::Enum(_) if name == "value" => unknown = true,
            TypeKind::Enum(_) => choices.push("value"),
            TypeKind::Class(id) => match schema.classes.get(id.index()) {
                Some(class) => {
                    let field = class.fields.iter().find(|field| *field.name == *name);
                    types.extend(field.map(|field| &field.ty));
                    unknown |= field.is_none() && class.dynamic;
                    choices.extend(class.fields.iter().map(|field| &*field.name));
                }
                None => unknown = true,
            },
            _ => {}
        }
    }
    if !unknown && types.is_empty() {
        let has_properties = |member: &&&Type| matches!(member.kind, TypeKind::Class(_) | TypeKind::Enum(_));
        return Read::Missing(match members.iter().find(has_properties) {
            Some(_) => warnings::unknown_property(&owner(schema, members), name, &choices),
            None => warnings::no_properties(&kind(schema, members), name, &FILTERS),
        });
    }
    let shape = if unknown { Shape::Unknown } else { Shape::of_all(schema, types) };
    if nullable { Read::Perhaps(shape) } else { Read::Found(shape) }
}

fn is_checked(ty: &Type) -> bool {
    ty.constraints().iter().any(|constraint| constraint.level == ConstraintLevel::Check)
}

/// "class `A`", "enum `E`", "a value of type `A | B`".
fn owner(schema: &Schema, members: &[&Type]) -> String {
    let mut real = members.iter().filter(|member| !member.is_null());
    match (real.next().map(|member| &member.kind), real.next()) {
        (Some(TypeKind::Class(id)), None) => {
            schema.classes.get(id.index()).map_or_else(String::new, |class| format!("class `{}`", class.name))
        }
        (Some(TypeKind::Enum(id)), None) => schema
            .enums
            .get(id.index())
            .map_or_else(String::new, |enumeration| format!("a value of enum `{}`", enumeration.name)),
        _ => format!("a value of type `{}`", kind(schema, members)),
    }
}

fn kind(schema: &Schema, members: &[&Type]) -> String {
    let kinds: Vec<String> = members
        .iter()
        .rev()
        .filter(|member| !member.is_null())
        .map(|member| schema.describe(member))
        .collect();
    kinds.join(" | ")
}
