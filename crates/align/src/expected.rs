//! Types in the words of the language, for messages.

use schema::Schema;
use types::{Literal, Type, TypeKind};

/// The type as a user would write it.
pub(crate) fn name(schema: &Schema, ty: &Type) -> String {
    let mut out = String::new();
    write(schema, ty, &mut out);
    out
}

fn write(schema: &Schema, ty: &Type, out: &mut String) {
    match &ty.kind {
        TypeKind::Primitive(primitive) => out.push_str(primitive.name()),
        TypeKind::Media(kind) => out.push_str(kind.name()),
        TypeKind::Literal(Literal::String(text)) => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        TypeKind::Literal(Literal::Int(int)) => out.push_str(&int.to_string()),
        TypeKind::Literal(Literal::Bool(bool)) => out.push_str(if *bool { "true" } else { "false" }),
        TypeKind::Enum(id) => out.push_str(&schema.enumeration(*id).name),
        TypeKind::Class(id) => out.push_str(&schema.class(*id).name),
        TypeKind::Alias(id) => out.push_str(&schema.alias(*id).name),
        TypeKind::List(item) => {
            write_part(schema, item, out);
            out.push_str("[]");
        }
        TypeKind::Map(key, value) => {
            out.push_str("map<");
            write(schema, key, out);
            out.push_str(", ");
            write(schema, value, out);
            out.push('>');
        }
        TypeKind::Union(members) => match members.as_slice() {
            [only, null] if null.is_null() => {
                write_part(schema, only, out);
                out.push('?');
            }
            members => {
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        out.push_str(" | ");
                    }
                    write_part(schema, member, out);
                }
            }
        },
    }
}

fn write_part(schema: &Schema, ty: &Type, out: &mut String) {
    let group = matches!(ty.kind, TypeKind::Union(_));
    if group {
        out.push('(');
    }
    write(schema, ty, out);
    if group {
        out.push(')');
    }
}
