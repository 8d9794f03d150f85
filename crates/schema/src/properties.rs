//! `key value` lines: which keys a block knows, and values as options or test arguments.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use indexmap::IndexMap;
use serde_json::Number;
use syntax::Span;
use syntax::ast::{self, Property, ValueKind};
use types::{Config, ConfigMap, Name, Value};

use crate::messages;
use crate::report::Report;

/// The largest integer that a JSON number written with an exponent is still kept exact for.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// The properties of one block, each key once.
#[derive(Debug)]
pub(crate) struct Properties<'a> {
    by_key: HashMap<&'a str, &'a Property>,
}

impl<'a> Properties<'a> {
    /// Reads the properties of `owner`, such as a client and its name, and reports those it does not know and
    /// those given twice.
    pub(crate) fn read(
        properties: &'a [Property],
        owner: &str,
        known: &[&'static str],
        report: &mut Report,
    ) -> Self {
        let mut by_key: HashMap<&str, &Property> = HashMap::new();
        for property in properties {
            let key = property.key.text.as_str();
            if !known.contains(&key) {
                let suggestion = report.suggest(key, known.iter().copied());
                report.push(messages::unknown_property(&property.key, owner, suggestion, known));
                continue;
            }
            match by_key.entry(key) {
                Entry::Occupied(first) => {
                    report.push(messages::duplicate_property(&property.key, owner, first.get().key.span));
                }
                Entry::Vacant(place) => {
                    place.insert(property);
                }
            }
        }
        Self { by_key }
    }

    /// The value of a property.
    pub(crate) fn get(&self, key: &str) -> Option<&'a ast::Value> {
        self.by_key.get(key).map(|property| &property.value)
    }
}

/// A text, however it is quoted.
pub(crate) fn text(value: &ast::Value) -> Option<&str> {
    match &value.kind {
        ValueKind::String(text, _) => Some(&text.text),
        _ => None,
    }
}

/// Options in the order written, with the place of each value by its path. List items are numbered from 0.
pub(crate) struct Options<'a> {
    pub(crate) report: &'a mut Report,
    pub(crate) spans: HashMap<Vec<String>, Span>,
    path: Vec<String>,
}

impl<'a> Options<'a> {
    pub(crate) fn new(report: &'a mut Report) -> Self {
        Self { report, spans: HashMap::new(), path: Vec::new() }
    }

    /// Reads a map.
    pub(crate) fn read_map(&mut self, properties: &[Property]) -> ConfigMap {
        let mut first_spans: HashMap<&str, Span> = HashMap::new();
        let mut map = ConfigMap::with_capacity(properties.len());
        for property in properties {
            let key = property.key.text.as_str();
            if let Some(first) = first_spans.get(key) {
                self.report.push(messages::duplicate_option(&property.key, *first));
                continue;
            }
            first_spans.insert(key, property.key.span);
            self.path.push(key.to_owned());
            let value = self.read(&property.value);
            self.path.pop();
            map.insert(key.to_owned(), value);
        }
        map
    }

    /// Reads a value.
    pub(crate) fn read(&mut self, value: &ast::Value) -> Config {
        self.spans.insert(self.path.clone(), value.span);
        match &value.kind {
            ValueKind::Null => Config::Null,
            ValueKind::Bool(bool) => Config::Bool(*bool),
            ValueKind::Number(text) => number(text).map_or_else(
                || {
                    self.report.push(messages::number_too_large(value.span, text));
                    Config::Null
                },
                Config::Number,
            ),
            ValueKind::String(text, _) => Config::String(text.text.clone()),
            ValueKind::Env(name) => {
                if name.is_empty() {
                    self.report.push(messages::env_without_name(value.span));
                }
                Config::Env(name.clone())
            }
            ValueKind::List(items) => Config::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(position, item)| {
                        self.path.push(position.to_string());
                        let item = self.read(item);
                        self.path.pop();
                        item
                    })
                    .collect(),
            ),
            ValueKind::Map(properties) => Config::Map(self.read_map(properties)),
            ValueKind::Expression(expression) => {
                self.report.push(messages::expression_is_not_evaluated(value.span));
                Config::String(format!("{{{{ {} }}}}", expression.text))
            }
        }
    }
}

/// A number as JSON has it: an integer where it is one, leading zeros and a bare `.5` understood. `None` when it
/// is beyond what a float holds.
fn number(text: &str) -> Option<Number> {
    if let Ok(int) = text.parse::<i64>() {
        return Some(int.into());
    }
    if let Ok(int) = text.parse::<u64>() {
        return Some(int.into());
    }
    let float = text.parse::<f64>().ok().filter(|float| float.is_finite())?;
    let has_exponent = text.contains(['e', 'E']);
    if has_exponent && float.fract() == 0.0 && float.abs() < EXACT_INTEGERS {
        #[expect(clippy::cast_possible_truncation, reason = "an integer below 2^53, as just checked")]
        return Some((float as i64).into());
    }
    Number::from_f64(float)
}

/// The arguments of a test, not yet bound. `env.X` stays that text: whoever runs the test looks it up.
pub(crate) fn arguments(properties: &[Property], report: &mut Report) -> IndexMap<Name, Value> {
    let mut first_spans: HashMap<&str, Span> = HashMap::new();
    let mut arguments = IndexMap::with_capacity(properties.len());
    for property in properties {
        let key = property.key.text.as_str();
        if let Some(first) = first_spans.get(key) {
            report.push(messages::duplicate_argument(&property.key, *first));
            continue;
        }
        first_spans.insert(key, property.key.span);
        arguments.insert(Name::from(key), argument(&property.value, report));
    }
    arguments
}

fn argument(value: &ast::Value, report: &mut Report) -> Value {
    match &value.kind {
        ValueKind::Null => Value::Null,
        ValueKind::Bool(bool) => Value::Bool(*bool),
        ValueKind::Number(text) => match text.parse() {
            Ok(int) => Value::Int(int),
            Err(_) => Value::Float(text.parse().unwrap_or(f64::NAN)),
        },
        ValueKind::String(text, _) => Value::String(text.text.clone()),
        ValueKind::Env(name) => Value::String(format!("env.{name}")),
        ValueKind::Expression(expression) => Value::String(expression.text.clone()),
        ValueKind::List(items) => Value::List(items.iter().map(|item| argument(item, report)).collect()),
        ValueKind::Map(properties) => Value::Map(arguments(properties, report)),
    }
}
