//! What a `TypeBuilder` adds to a program for one call.

use std::sync::Arc;

use indexmap::IndexMap;
use syntax::{FileId, ast};
use types::{Literal, MediaKind, Name, Primitive};

use crate::extend::ExtendError;

/// How deep a type expression may be nested.
const MAX_DEPTH: usize = 128;

/// How many parts a type expression may have. Parts are shared, so that without this limit sixty steps of
/// `type = union(type, type)` would make a type that takes for ever to write out.
const MAX_PARTS: usize = 10_000;

/// Properties, values, classes and enums to add to a program. Fill the maps, then give it to
/// [`Schema::extend`](crate::Schema::extend).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Additions {
    /// By class name: a class of the program, or a new one.
    pub classes: IndexMap<Name, ClassAddition>,
    /// By enum name: an enum of the program, or a new one.
    pub enums: IndexMap<Name, EnumAddition>,
    /// What was added as text, to show it in messages.
    pub(crate) texts: Vec<String>,
    /// The blocks of those texts; their files are positions in `texts`.
    pub(crate) text_items: Vec<ast::Item>,
    /// The blocks of a test's `type_builder`.
    pub(crate) test_items: Vec<ast::Item>,
}

/// What is added to a class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassAddition {
    /// By property name, in order.
    pub properties: IndexMap<Name, PropertyAddition>,
    /// The class's name in the prompt.
    pub alias: Option<Name>,
    /// The class's description.
    pub description: Option<Name>,
}

/// A new property of a class, or what changes about one that is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PropertyAddition {
    /// Its type: needed for a new property, refused for one that is there.
    pub ty: Option<TypeExpression>,
    /// Its name in the prompt and in the model's text.
    pub alias: Option<Name>,
    /// Its description.
    pub description: Option<Name>,
    /// Whether it is neither printed nor parsed.
    pub skip: Option<bool>,
}

/// What is added to an enum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnumAddition {
    /// By value name, in order: new ones, or what changes about one that is there.
    pub values: IndexMap<Name, ValueAddition>,
    /// The enum's name in the prompt.
    pub alias: Option<Name>,
    /// The enum's description.
    pub description: Option<Name>,
}

/// A new value of an enum, or what changes about one that is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueAddition {
    /// Its name in the prompt and in the model's text.
    pub alias: Option<Name>,
    /// Its description.
    pub description: Option<Name>,
    /// Whether it is neither printed nor parsed.
    pub skip: Option<bool>,
}

impl Additions {
    /// Whether there is nothing to add.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
            && self.enums.is_empty()
            && self.text_items.is_empty()
            && self.test_items.is_empty()
    }

    /// Adds BAML text: `class`, `enum`, `type`, `dynamic class` and `dynamic enum` blocks.
    ///
    /// # Errors
    /// The text cannot be parsed; nothing is added then. Whether its names fit the program is found by
    /// [`Schema::extend`](crate::Schema::extend).
    pub fn add_baml(&mut self, text: impl Into<String>) -> Result<(), ExtendError> {
        let text = text.into();
        let file = FileId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let (items, diagnostics) = syntax::parse_type_builder(file, &text);
        self.texts.push(text);
        if let Some(error) = ExtendError::from_diagnostics(&self.texts, &diagnostics) {
            self.texts.pop();
            return Err(error);
        }
        self.text_items.extend(items);
        Ok(())
    }

    /// Adds the blocks of a test's `type_builder`.
    pub fn add_items(&mut self, items: &[ast::Item]) {
        self.test_items.extend_from_slice(items);
    }
}

/// A type by names, before it is known what the names stand for. Cheap to clone.
///
/// One that is nested too deep or has too many parts is refused by [`Schema::extend`](crate::Schema::extend).
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpression {
    pub(crate) kind: Arc<ExpressionKind>,
    depth: usize,
    parts: usize,
}

#[derive(Debug, PartialEq)]
pub(crate) enum ExpressionKind {
    Primitive(Primitive),
    Media(MediaKind),
    Literal(Literal),
    Name(Name),
    List(TypeExpression),
    Map(TypeExpression, TypeExpression),
    Union(Vec<TypeExpression>),
    /// Beyond a limit: kept so that the error comes with the class and property.
    TooLarge,
}

impl TypeExpression {
    fn leaf(kind: ExpressionKind) -> Self {
        Self { kind: Arc::new(kind), depth: 0, parts: 1 }
    }

    /// The limits are kept here, where a type is built, so that no larger one ever exists: even dropping a very
    /// deep tree would overflow the stack.
    fn branch(kind: ExpressionKind) -> Self {
        let inside: Vec<&Self> = match &kind {
            ExpressionKind::List(item) => vec![item],
            ExpressionKind::Map(key, value) => vec![key, value],
            ExpressionKind::Union(members) => members.iter().collect(),
            _ => Vec::new(),
        };
        let depth = inside.iter().map(|part| part.depth).max().unwrap_or(0) + 1;
        let parts = inside.iter().map(|part| part.parts).sum::<usize>() + 1;
        if depth > MAX_DEPTH || parts > MAX_PARTS {
            return Self { kind: Arc::new(ExpressionKind::TooLarge), depth: MAX_DEPTH, parts: MAX_PARTS };
        }
        Self { kind: Arc::new(kind), depth, parts }
    }

    /// A scalar.
    #[must_use]
    pub fn primitive(primitive: Primitive) -> Self {
        Self::leaf(ExpressionKind::Primitive(primitive))
    }

    /// A media type.
    #[must_use]
    pub fn media(kind: MediaKind) -> Self {
        Self::leaf(ExpressionKind::Media(kind))
    }

    /// A type with one value.
    #[must_use]
    pub fn literal(literal: Literal) -> Self {
        Self::leaf(ExpressionKind::Literal(literal))
    }

    /// A class, an enum or an alias, of the program or of the same additions.
    #[must_use]
    pub fn named(name: impl Into<Name>) -> Self {
        Self::leaf(ExpressionKind::Name(name.into()))
    }

    /// `T[]`.
    #[must_use]
    pub fn list(self) -> Self {
        Self::branch(ExpressionKind::List(self))
    }

    /// `T?`.
    #[must_use]
    pub fn optional(self) -> Self {
        Self::union(vec![self, Self::primitive(Primitive::Null)])
    }

    /// `map<K, V>`.
    #[must_use]
    pub fn map(key: Self, value: Self) -> Self {
        Self::branch(ExpressionKind::Map(key, value))
    }

    /// `A | B`.
    #[must_use]
    pub fn union(members: Vec<Self>) -> Self {
        Self::branch(ExpressionKind::Union(members))
    }
}
