//! A checked program, written out for snapshots: a line for each thing, with only what was said about it.

use std::fmt::{self, Write as _};

use baml_schema::{Param, Schema};
use types::{Constraint, ConstraintLevel, Name, StreamBehavior, Type};

pub(crate) fn outline(schema: &Schema) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    _ = write(schema, &mut text);
    text
}

fn write(schema: &Schema, text: &mut String) -> fmt::Result {
    for class in &schema.classes {
        write!(text, "class {}", class.name)?;
        words(text, &[("dynamic", class.dynamic), ("recursive", class.recursive)]);
        names(text, class.alias.as_ref(), class.description.as_ref(), class.docs.as_ref());
        constraints(text, &class.constraints);
        stream(text, class.stream);
        writeln!(text)?;
        for field in &class.fields {
            write!(text, "  {}: {}", field.name, shown(schema, &field.ty))?;
            names(text, field.alias.as_ref(), field.description.as_ref(), field.docs.as_ref());
            words(text, &[("skip", field.skip)]);
            writeln!(text)?;
        }
    }
    for enumeration in &schema.enums {
        write!(text, "enum {}", enumeration.name)?;
        words(text, &[("dynamic", enumeration.dynamic)]);
        names(text, enumeration.alias.as_ref(), enumeration.description.as_ref(), enumeration.docs.as_ref());
        constraints(text, &enumeration.constraints);
        writeln!(text)?;
        for value in &enumeration.values {
            write!(text, "  {}", value.name)?;
            names(text, value.alias.as_ref(), value.description.as_ref(), value.docs.as_ref());
            words(text, &[("skip", value.skip)]);
            writeln!(text)?;
        }
    }
    for alias in &schema.aliases {
        write!(text, "type {} = {}", alias.name, shown(schema, &alias.ty))?;
        words(text, &[("recursive", alias.recursive)]);
        writeln!(text)?;
    }
    for template in schema.templates.values() {
        writeln!(
            text,
            "template {}({}) {:?}",
            template.name,
            params(schema, &template.params),
            template.body
        )?;
    }
    for function in schema.functions.values() {
        let (params, returns) = (params(schema, &function.params), shown(schema, &function.returns));
        writeln!(text, "function {}({params}) -> {returns}", function.name)?;
        writeln!(text, "  client {}\n  prompt {:?}", function.client.text, function.prompt)?;
    }
    for client in schema.clients.values() {
        writeln!(text, "client {} {} {:?}", client.name, client.provider, client.retry_policy)?;
        if let Some(policy) = &client.own_retry_policy {
            writeln!(text, "  own retry policy {policy:?}")?;
        }
        for (option, value) in &client.options {
            writeln!(text, "  {option}: {value:?}")?;
        }
        let mut spans: Vec<String> = client.option_spans.keys().map(|path| path.join(".")).collect();
        spans.sort_unstable();
        writeln!(text, "  spans of{}", spans.join(" "))?;
    }
    for policy in schema.retry_policies.values() {
        writeln!(
            text,
            "retry policy {} {} {:?}",
            policy.name, policy.policy.max_retries, policy.policy.strategy
        )?;
    }
    for generator in &schema.generators {
        writeln!(text, "generator {} {} {:?}", generator.name, generator.output_type, generator.properties)?;
    }
    for test in &schema.tests {
        write!(text, "test {} of {:?} with {:?}", test.name, test.functions, test.args)?;
        constraints(text, &test.constraints);
        writeln!(text, ", {} type builder blocks", test.type_builder.len())?;
    }
    Ok(())
}

fn params(schema: &Schema, params: &[Param]) -> String {
    let params: Vec<String> =
        params.iter().map(|param| format!("{}: {}", param.name, shown(schema, &param.ty))).collect();
    params.join(", ")
}

fn shown(schema: &Schema, ty: &Type) -> String {
    let mut text = schema.describe(ty);
    let mut attached = String::new();
    inner(ty, &mut attached);
    text.push_str(&attached);
    text
}

/// What is attached to a type and to the types inside it, outside first.
fn inner(ty: &Type, text: &mut String) {
    constraints(text, ty.constraints());
    stream(text, ty.stream());
    if let Some(description) = ty.attributes.as_ref().and_then(|attributes| attributes.description.as_ref()) {
        _ = write!(text, " @description({description})");
    }
    let inside: Vec<&Type> = match &ty.kind {
        types::TypeKind::List(item) => vec![item],
        types::TypeKind::Map(key, value) => vec![key, value],
        types::TypeKind::Union(members) => members.iter().collect(),
        _ => Vec::new(),
    };
    for ty in inside {
        let mut attached = String::new();
        inner(ty, &mut attached);
        if !attached.is_empty() {
            _ = write!(text, " (inside:{attached})");
        }
    }
}

fn names(text: &mut String, alias: Option<&Name>, description: Option<&Name>, docs: Option<&Name>) {
    for (label, name) in [("alias", alias), ("description", description), ("docs", docs)] {
        if let Some(name) = name {
            _ = write!(text, " {label} {name:?}");
        }
    }
}

fn words(text: &mut String, words: &[(&str, bool)]) {
    for (word, _) in words.iter().filter(|(_, said)| *said) {
        _ = write!(text, " {word}");
    }
}

fn constraints(text: &mut String, constraints: &[Constraint]) {
    for Constraint { level, name, expression, .. } in constraints {
        let level = if *level == ConstraintLevel::Check { "check" } else { "assert" };
        _ = write!(text, " @{level}({}, {expression})", name.as_deref().unwrap_or("-"));
    }
}

fn stream(text: &mut String, stream: StreamBehavior) {
    words(
        text,
        &[("@done", stream.done), ("@not_null", stream.not_null), ("@with_state", stream.with_state)],
    );
}
