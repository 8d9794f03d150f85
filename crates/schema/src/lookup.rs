//! Questions that every room asks of a type: what is behind an alias, may it be null, how is it written.

use std::collections::HashSet;
use std::fmt::Write as _;

use syntax::ast;
use types::{AliasId, Literal, Type, TypeKind};

use crate::model::Schema;

/// How deep a type is written out in a message; what lies deeper is written `…`.
const MAX_WRITTEN_DEPTH: usize = 32;

impl Schema {
    /// The type behind any number of aliases.
    #[must_use]
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut resolved = ty;
        // A checked schema has no alias that stands for itself, so that this many steps are always enough.
        for _ in 0..self.aliases.len() {
            let TypeKind::Alias(id) = resolved.kind else { break };
            resolved = &self.alias(id).ty;
        }
        resolved
    }

    /// Whether `null` is a value of the type, aliases looked through.
    #[must_use]
    pub fn is_optional(&self, ty: &Type) -> bool {
        let mut seen: HashSet<AliasId> = HashSet::new();
        let mut pending = vec![ty];
        while let Some(ty) = pending.pop() {
            match &ty.kind {
                TypeKind::Union(members) => pending.extend(members),
                TypeKind::Alias(id) if seen.insert(*id) => pending.push(&self.alias(*id).ty),
                _ if ty.is_null() => return true,
                _ => {}
            }
        }
        false
    }

    /// The type as it is written in BAML: `Resume[]`, `map<string, int>`, `"a" | "b"`, `int?`.
    #[must_use]
    pub fn describe(&self, ty: &Type) -> String {
        let mut text = String::new();
        self.write_type(ty, &mut text, 0);
        text
    }

    fn write_type(&self, ty: &Type, text: &mut String, depth: usize) {
        if depth > MAX_WRITTEN_DEPTH {
            text.push('…');
            return;
        }
        match &ty.kind {
            TypeKind::Primitive(primitive) => text.push_str(primitive.name()),
            TypeKind::Media(kind) => text.push_str(kind.name()),
            TypeKind::Literal(Literal::String(literal)) => write_quoted(literal, text),
            // Writing to a `String` cannot fail.
            TypeKind::Literal(Literal::Int(int)) => _ = write!(text, "{int}"),
            TypeKind::Literal(Literal::Bool(bool)) => _ = write!(text, "{bool}"),
            TypeKind::Enum(id) => text.push_str(&self.enumeration(*id).name),
            TypeKind::Class(id) => text.push_str(&self.class(*id).name),
            TypeKind::Alias(id) => text.push_str(&self.alias(*id).name),
            TypeKind::List(item) => {
                let bracketed = matches!(item.kind, TypeKind::Union(_) | TypeKind::Literal(_));
                text.push_str(if bracketed { "(" } else { "" });
                self.write_type(item, text, depth + 1);
                text.push_str(if bracketed { ")[]" } else { "[]" });
            }
            TypeKind::Map(key, value) => {
                text.push_str("map<");
                self.write_type(key, text, depth + 1);
                text.push_str(", ");
                self.write_type(value, text, depth + 1);
                text.push('>');
            }
            TypeKind::Union(members) => match members.as_slice() {
                [only, null] if null.is_null() && !matches!(only.kind, TypeKind::Union(_)) => {
                    self.write_type(only, text, depth + 1);
                    text.push('?');
                }
                _ => {
                    for (position, member) in members.iter().enumerate() {
                        text.push_str(if position > 0 { " | " } else { "" });
                        self.write_type(member, text, depth + 1);
                    }
                }
            },
        }
    }
}

fn write_quoted(literal: &str, text: &mut String) {
    text.push('"');
    for letter in literal.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            _ => text.push(letter),
        }
    }
    text.push('"');
}

/// Whether a type is optional as written: `T?`, `null` or a union with such a member. Aliases are not looked
/// through: the field itself must say that it may be absent.
pub(crate) fn is_written_optional(ty: &ast::Type) -> bool {
    let mut pending = vec![ty];
    while let Some(ty) = pending.pop() {
        match &ty.kind {
            ast::TypeKind::Optional(_) => return true,
            ast::TypeKind::Name(name) if name == "null" => return true,
            ast::TypeKind::Union(members) => pending.extend(members),
            _ => {}
        }
    }
    false
}
