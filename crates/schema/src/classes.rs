//! Classes, enums and type aliases.

use std::collections::HashMap;

use syntax::{Span, ast};
use types::Name;

use crate::attributes::{self, Owner};
use crate::model::{Alias, Class, Enum, EnumValue, Field};
use crate::names::{Kind, Names, check_name};
use crate::report::Report;
use crate::resolve::{Place, attach, resolve};
use crate::{lookup, messages};

/// Checks a class.
pub(crate) fn check_class(class: &ast::Class, names: &Names, report: &mut Report) -> Class {
    let read = attributes::read(&class.attributes, Owner::Class, report);
    Class {
        name: Name::from(class.name.text.as_str()),
        alias: read.alias,
        description: read.description,
        docs: docs(class.docs.as_deref()),
        fields: check_fields(class, names, report),
        constraints: read.constraints,
        stream: read.stream,
        dynamic: read.dynamic.is_some(),
        recursive: false,
        span: class.name.span,
    }
}

/// Checks the fields of a class or of a `dynamic class` block.
pub(crate) fn check_fields(class: &ast::Class, names: &Names, report: &mut Report) -> Vec<Field> {
    let mut first_spans: HashMap<&str, Span> = HashMap::new();
    let mut fields = Vec::with_capacity(class.fields.len());
    for field in &class.fields {
        check_name(&field.name, Kind::Field, report);
        let checked = check_field(field, names, report);
        if let Some(first) = first_spans.get(field.name.text.as_str()) {
            report.push(messages::duplicate_member(&field.name, Kind::Field, &class.name.text, *first));
            continue;
        }
        first_spans.insert(&field.name.text, field.name.span);
        fields.push(checked);
    }
    fields
}

fn check_field(field: &ast::Field, names: &Names, report: &mut Report) -> Field {
    let mut ty = resolve(&field.ty, Place::Use, names, report);
    let mut read = attributes::read(&field.attributes, Owner::Field, report);
    let (alias, skip) = (read.alias.take(), read.skip);
    // On a field it describes the field; on a type inside it stays with the type.
    let description = read.description.take();
    attach(&mut ty, read);
    if let Some(span) = skip
        && !lookup::is_written_optional(&field.ty)
    {
        report.push(messages::skip_on_required_field(span, &field.name));
    }
    Field {
        name: Name::from(field.name.text.as_str()),
        alias,
        description,
        docs: docs(field.docs.as_deref()),
        ty,
        skip: skip.is_some(),
        span: field.name.span,
    }
}

/// Checks an enum.
pub(crate) fn check_enum(enumeration: &ast::Enum, report: &mut Report) -> Enum {
    let read = attributes::read(&enumeration.attributes, Owner::Enum, report);
    Enum {
        name: Name::from(enumeration.name.text.as_str()),
        alias: read.alias,
        description: read.description,
        docs: docs(enumeration.docs.as_deref()),
        values: check_values(enumeration, report),
        constraints: read.constraints,
        dynamic: read.dynamic.is_some(),
        span: enumeration.name.span,
    }
}

/// Checks the values of an enum or of a `dynamic enum` block.
pub(crate) fn check_values(enumeration: &ast::Enum, report: &mut Report) -> Vec<EnumValue> {
    let mut first_spans: HashMap<&str, Span> = HashMap::new();
    let mut values = Vec::with_capacity(enumeration.values.len());
    for value in &enumeration.values {
        check_name(&value.name, Kind::EnumValue, report);
        let read = attributes::read(&value.attributes, Owner::EnumValue, report);
        if let Some(first) = first_spans.get(value.name.text.as_str()) {
            report.push(messages::duplicate_member(
                &value.name,
                Kind::EnumValue,
                &enumeration.name.text,
                *first,
            ));
            continue;
        }
        first_spans.insert(&value.name.text, value.name.span);
        values.push(EnumValue {
            name: Name::from(value.name.text.as_str()),
            alias: read.alias,
            description: read.description,
            docs: docs(value.docs.as_deref()),
            skip: read.skip.is_some(),
            span: value.name.span,
        });
    }
    values
}

/// Checks a type alias.
pub(crate) fn check_alias(alias: &ast::Alias, names: &Names, report: &mut Report) -> Alias {
    Alias {
        name: Name::from(alias.name.text.as_str()),
        ty: resolve(&alias.ty, Place::Alias, names, report),
        docs: docs(alias.docs.as_deref()),
        recursive: false,
        span: alias.name.span,
    }
}

/// A doc comment as the model keeps it.
pub(crate) fn docs(text: Option<&str>) -> Option<Name> {
    text.map(Name::from)
}
