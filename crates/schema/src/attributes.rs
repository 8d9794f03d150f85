//! `@` and `@@` attributes: which may stand where, and what they say.

use syntax::ast::{Attribute, Quote, Value, ValueKind};
use syntax::{Diagnostic, Severity, Span};
use types::{Constraint, ConstraintLevel, Name, StreamBehavior, nearest};

use crate::messages;
use crate::report::Report;

/// What an attribute is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Field,
    EnumValue,
    Class,
    Enum,
    Alias,
    /// A type inside a field, a parameter or a return type.
    Type,
    Test,
}

impl Owner {
    /// The noun with its article, in messages.
    pub(crate) fn with_article(self) -> &'static str {
        match self {
            Self::Field => "a field",
            Self::EnumValue => "an enum value",
            Self::Class => "a class",
            Self::Enum => "an enum",
            Self::Alias => "a type alias",
            Self::Type => "a type",
            Self::Test => "a test",
        }
    }

    /// How its attributes begin.
    pub(crate) fn sign(self) -> &'static str {
        if matches!(self, Self::Class | Self::Enum | Self::Test) { "@@" } else { "@" }
    }
}

/// The attributes of the language.
const KNOWN: [&str; 9] = [
    "alias",
    "description",
    "skip",
    "dynamic",
    "check",
    "assert",
    "stream.done",
    "stream.not_null",
    "stream.with_state",
];

/// What an attribute does in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// What its name says.
    Works,
    /// Nothing; the peer takes it, so it is only worth a warning.
    Nothing,
    /// It cannot stand there.
    Refused,
}

fn effect(owner: Owner, attribute: &str) -> Effect {
    use Effect::{Nothing, Refused, Works};
    match (owner, attribute) {
        // An unknown name inside a type is ignored by the peer; anywhere else it is an error.
        (Owner::Type, _) if !KNOWN.contains(&attribute) => Nothing,
        _ if !KNOWN.contains(&attribute) => Refused,
        (Owner::Test, "check" | "assert") => Works,
        (Owner::Test, _)
        | (Owner::Alias, "alias" | "description" | "skip" | "dynamic")
        | (Owner::Field | Owner::EnumValue, "dynamic") => Refused,
        (Owner::EnumValue, "check" | "assert")
        | (Owner::EnumValue | Owner::Enum, "stream.done" | "stream.not_null" | "stream.with_state")
        | (Owner::Class | Owner::Enum, "skip")
        | (Owner::Type, "alias" | "skip" | "dynamic") => Nothing,
        _ => Works,
    }
}

/// What the attributes of one thing say.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    pub(crate) alias: Option<Name>,
    pub(crate) description: Option<Name>,
    pub(crate) skip: Option<Span>,
    pub(crate) dynamic: Option<Span>,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) stream: StreamBehavior,
}

/// Reads the attributes of one thing and reports what is wrong with them.
pub(crate) fn read(attributes: &[Attribute], owner: Owner, report: &mut Report) -> Attributes {
    let mut read = Attributes::default();
    let mut first_spans: Vec<(&str, Span)> = Vec::new();
    let mut checks: Vec<(Name, Span)> = Vec::new();
    for attribute in attributes {
        let name = attribute.name.text.as_str();
        if is_unique(owner, name) {
            if let Some((_, first)) = first_spans.iter().find(|(earlier, _)| *earlier == name) {
                report.push(softened(messages::duplicate_attribute(attribute, owner, *first), owner));
                continue;
            }
            first_spans.push((name, attribute.span));
        }
        match effect(owner, name) {
            Effect::Works => {}
            Effect::Nothing => {
                if let Some(level) = constraint_level(name) {
                    constraint(attribute, level, owner, report);
                }
                report.push(messages::attribute_without_effect(attribute, owner, suggestion(owner, name)));
                continue;
            }
            Effect::Refused if KNOWN.contains(&name) => {
                report.push(messages::misplaced_attribute(attribute, owner, &choices(owner)));
                continue;
            }
            Effect::Refused => {
                let suggestion = suggestion(owner, name);
                report.push(messages::unknown_attribute(attribute, owner, suggestion, &choices(owner)));
                continue;
            }
        }
        if let Some(level) = constraint_level(name) {
            let Some(found) = constraint(attribute, level, owner, report) else { continue };
            let check = found.name.clone().filter(|_| level == ConstraintLevel::Check);
            if let Some(check) = check {
                if let Some((_, first)) = checks.iter().find(|(earlier, _)| *earlier == check) {
                    report.push(messages::duplicate_check(&check, attribute.span, *first));
                } else {
                    checks.push((check, attribute.span));
                }
            }
            read.constraints.push(found);
            continue;
        }
        match name {
            "alias" => read.alias = text_argument(attribute, owner, report),
            "description" => read.description = text_argument(attribute, owner, report),
            _ => {
                refuse_arguments(attribute, owner, report);
                match name {
                    "skip" => read.skip = Some(attribute.span),
                    "dynamic" => read.dynamic = Some(attribute.span),
                    "stream.done" => read.stream.done = true,
                    "stream.not_null" => read.stream.not_null = true,
                    _ => read.stream.with_state = true,
                }
            }
        }
    }
    read
}

fn constraint_level(name: &str) -> Option<ConstraintLevel> {
    match name {
        "check" => Some(ConstraintLevel::Check),
        "assert" => Some(ConstraintLevel::Assert),
        _ => None,
    }
}

/// On a type the peer ignores a `@description` that it cannot read, so it is only worth a warning there.
fn softened(diagnostic: Diagnostic, owner: Owner) -> Diagnostic {
    let severity = if owner == Owner::Type { Severity::Warning } else { diagnostic.severity };
    Diagnostic { severity, ..diagnostic }
}

/// Whether a second one of the same name is a mistake.
fn is_unique(owner: Owner, name: &str) -> bool {
    match name {
        "check" | "assert" => false,
        _ if name.starts_with("stream.") => matches!(owner, Owner::Class | Owner::Enum),
        _ => KNOWN.contains(&name),
    }
}

/// The attributes that do something there.
fn choices(owner: Owner) -> Vec<&'static str> {
    KNOWN.into_iter().filter(|known| effect(owner, known) == Effect::Works).collect()
}

fn suggestion(owner: Owner, name: &str) -> Option<&'static str> {
    let choices = choices(owner);
    // `@done` and `@not_null` are the commonest slips: the group was left out.
    let grouped = choices.iter().find(|choice| choice.strip_prefix("stream.") == Some(name));
    grouped.copied().or_else(|| nearest(name, choices).filter(|found| *found != name))
}

/// The one text of `@alias` and `@description`.
fn text_argument(attribute: &Attribute, owner: Owner, report: &mut Report) -> Option<Name> {
    match attribute.arguments.as_deref().unwrap_or_default() {
        [] => {
            report.push(softened(messages::attribute_without_text(attribute, owner), owner));
            None
        }
        [value] => {
            let text = text_of(value);
            if text.is_none() {
                let found = messages::attribute_text_is_not_text(value.span, attribute, owner);
                report.push(softened(found, owner));
            }
            text
        }
        [_, extra, ..] => {
            let found = messages::attribute_with_several_texts(extra.span, attribute, owner);
            report.push(softened(found, owner));
            None
        }
    }
}

/// A text in any form. `env.X` and `{{ x }}` are not looked up there: what stands there is the text.
fn text_of(value: &Value) -> Option<Name> {
    match &value.kind {
        ValueKind::String(text, _) => Some(Name::from(text.text.as_str())),
        ValueKind::Env(name) => Some(Name::from(format!("env.{name}"))),
        ValueKind::Expression(expression) => Some(Name::from(expression.text.as_str())),
        _ => None,
    }
}

fn refuse_arguments(attribute: &Attribute, owner: Owner, report: &mut Report) {
    let [first, ..] = attribute.arguments.as_deref().unwrap_or_default() else { return };
    if attribute.name.text.starts_with("stream.") && owner.sign() == "@" {
        report.push(messages::attribute_arguments_ignored(first.span, attribute, owner));
    } else {
        report.push(messages::attribute_with_arguments(first.span, attribute, owner));
    }
}

/// `@check(name, {{ expression }})`, `@assert(name, {{ expression }})` or `@assert({{ expression }})`.
fn constraint(
    attribute: &Attribute,
    level: ConstraintLevel,
    owner: Owner,
    report: &mut Report,
) -> Option<Constraint> {
    let arguments = attribute.arguments.as_deref().unwrap_or_default();
    let (name, expression) = match arguments {
        [expression] if level == ConstraintLevel::Assert => (None, expression),
        [name, expression] => (Some(name), expression),
        [only] if matches!(only.kind, ValueKind::Expression(_)) => {
            report.push(messages::check_without_name(attribute, owner));
            return None;
        }
        _ => {
            report.push(messages::constraint_form(attribute.span, attribute, owner));
            return None;
        }
    };
    let ValueKind::Expression(text) = &expression.kind else {
        report.push(messages::constraint_without_expression(expression.span, attribute, owner));
        return None;
    };
    if text.text.trim().is_empty() {
        report.push(messages::constraint_is_empty(expression.span, attribute, owner));
        return None;
    }
    let name = match name {
        None => None,
        Some(value) => {
            let name = constraint_name(value);
            if name.is_none() {
                report.push(messages::constraint_name(value.span, attribute, owner));
                return None;
            }
            name
        }
    };
    let written = text.content.start..text.content.end;
    Some(Constraint { level, name, expression: Name::from(text.text.as_str()), written })
}

/// A constraint's name is a bare identifier: generated clients have a field of that name.
fn constraint_name(value: &Value) -> Option<Name> {
    match &value.kind {
        ValueKind::Null => Some(Name::from("null")),
        ValueKind::String(text, Quote::Bare) if is_identifier(&text.text) => {
            Some(Name::from(text.text.as_str()))
        }
        _ => None,
    }
}

fn is_identifier(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
