//! Types with every name resolved.

use crate::{Constraint, MediaKind, Name};

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident),+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $id(pub u32);

        impl $id {
            /// The position in the schema's list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+ };
}

ids!(
    /// A class, by its position in the schema.
    ClassId,
    /// An enum, by its position in the schema.
    EnumId,
    /// A type alias, by its position in the schema.
    AliasId
);

/// A type as written at one place: what it is, and what was attached to it there.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What the type is.
    pub kind: TypeKind,
    /// Constraints, stream behaviour and description; `None` for the many types that have none.
    pub attributes: Option<Box<TypeAttributes>>,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `int`, `float`, `bool`, `string`, `null`.
    Primitive(Primitive),
    /// `image`, `audio`, `pdf`, `video`.
    Media(MediaKind),
    /// `"a"`, `5`, `true`.
    Literal(Literal),
    /// An enum of the schema.
    Enum(EnumId),
    /// A class of the schema.
    Class(ClassId),
    /// An alias of the schema: look through it, unless it is recursive and its name is what matters.
    Alias(AliasId),
    /// `T[]`.
    List(Box<Type>),
    /// `map<K, V>`: the key is `string`, an enum, or string literals.
    Map(Box<Type>, Box<Type>),
    /// Two or more members, flattened, in the order written. `T?` is a union whose last member is `null`.
    Union(Vec<Type>),
}

/// The scalar types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// A 64-bit signed integer.
    Int,
    /// A 64-bit float.
    Float,
    /// `true` or `false`.
    Bool,
    /// Unicode text.
    String,
    /// Nothing.
    Null,
}

impl Primitive {
    /// The name in BAML text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::String => "string",
            Self::Null => "null",
        }
    }
}

/// A type with exactly one value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// `"a"`.
    String(Name),
    /// `5`.
    Int(i64),
    /// `true`.
    Bool(bool),
}

/// What can be attached to a type where it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypeAttributes {
    /// `@check` and `@assert`, in the order declared.
    pub constraints: Vec<Constraint>,
    /// `@stream.*`.
    pub stream: StreamBehavior,
    /// `@description` on a type inside a field.
    pub description: Option<Name>,
}

/// How a value appears in partial answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamBehavior {
    /// `@stream.done`: shown only when complete.
    pub done: bool,
    /// `@stream.not_null`: its holder is withheld until this has a value.
    pub not_null: bool,
    /// `@stream.with_state`: wrapped as `{ value, state }` in partial answers.
    pub with_state: bool,
}

impl Type {
    /// A type with nothing attached.
    #[must_use]
    pub fn new(kind: TypeKind) -> Self {
        Self { kind, attributes: None }
    }

    /// A scalar with nothing attached.
    #[must_use]
    pub fn primitive(primitive: Primitive) -> Self {
        Self::new(TypeKind::Primitive(primitive))
    }

    /// The type's constraints, in the order declared; empty when there are none.
    #[must_use]
    pub fn constraints(&self) -> &[Constraint] {
        self.attributes.as_ref().map_or(&[], |attributes| &attributes.constraints)
    }

    /// How the type streams; the default when nothing was attached.
    #[must_use]
    pub fn stream(&self) -> StreamBehavior {
        self.attributes.as_ref().map_or_else(StreamBehavior::default, |attributes| attributes.stream)
    }

    /// The attributes, made when there were none.
    pub fn attributes_mut(&mut self) -> &mut TypeAttributes {
        self.attributes.get_or_insert_default()
    }

    /// `null` itself.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, TypeKind::Primitive(Primitive::Null))
    }

    /// Whether `null` is the type or one of its members (aliases are not looked through).
    #[must_use]
    pub fn is_optional(&self) -> bool {
        match &self.kind {
            TypeKind::Union(members) => members.iter().any(Self::is_optional),
            _ => self.is_null(),
        }
    }
}
