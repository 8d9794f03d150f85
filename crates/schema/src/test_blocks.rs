//! `test` blocks.

use std::collections::HashMap;

use indexmap::IndexMap;
use syntax::Span;
use syntax::ast::{self, ValueKind};
use types::{Name, Value};

use crate::attributes::{self, Owner};
use crate::extend::Extension;
use crate::messages;
use crate::model::{Schema, Test};
use crate::names::{Kind, Names};
use crate::properties::{Properties, arguments, text};
use crate::report::Report;

/// The properties of a test.
const PROPERTIES: [&str; 2] = ["functions", "args"];

/// The tests so far: a name may be used once per function.
pub(crate) type Seen = HashMap<(String, Name), Span>;

/// Checks a test; its `type_builder` only on top of a `program` that is right. `None` when it does not say what to run: the report says so.
pub(crate) fn check_test(
    test: &ast::Test,
    program: Option<&Schema>,
    names: &Names,
    seen: &mut Seen,
    report: &mut Report,
) -> Option<Test> {
    let owner = format!("test `{}`", test.name.text);
    let properties = Properties::read(&test.properties, &owner, &PROPERTIES, report);
    let constraints = attributes::read(&test.attributes, Owner::Test, report).constraints;
    let (functions, args) = (properties.get("functions"), properties.get("args"));
    if functions.is_none() {
        report.push_missing(messages::missing_functions(&test.name));
    }
    if args.is_none() {
        report.push_missing(messages::missing_args(&test.name));
    }
    let functions = functions.and_then(|value| check_functions(value, test, names, seen, report));
    let args = args.and_then(|value| check_args(value, report));
    if let Some(program) = program
        && !test.type_builder.is_empty()
    {
        Extension::new(program, names).check_items(&test.type_builder, report);
    }
    Some(Test {
        name: Name::from(test.name.text.as_str()),
        functions: functions?,
        args: args?,
        type_builder: test.type_builder.clone(),
        constraints,
        span: test.name.span,
    })
}

fn check_args(value: &ast::Value, report: &mut Report) -> Option<IndexMap<Name, Value>> {
    if let ValueKind::Map(written) = &value.kind {
        return Some(arguments(written, report));
    }
    report.push(messages::args_are_not_a_map(value.span, &value.kind));
    None
}

fn check_functions(
    value: &ast::Value,
    test: &ast::Test,
    names: &Names,
    seen: &mut Seen,
    report: &mut Report,
) -> Option<Vec<Name>> {
    let listed = match &value.kind {
        ValueKind::List(items) => items.as_slice(),
        ValueKind::String(..) => std::slice::from_ref(value),
        _ => {
            report.push(messages::functions_are_not_names(value.span, &value.kind));
            return None;
        }
    };
    if listed.is_empty() {
        report.push(messages::test_of_nothing(value.span, &test.name));
    }
    let mut functions = Vec::with_capacity(listed.len());
    for item in listed {
        let Some(function) = text(item) else {
            report.push(messages::functions_are_not_names(item.span, &item.kind));
            continue;
        };
        let is_function = names.declared.get(function).is_some_and(|(kind, _)| *kind == Kind::Function);
        if !is_function {
            let declared = names.declared.iter().filter(|(_, (kind, _))| *kind == Kind::Function);
            let suggestion = report.suggest(function, declared.map(|(name, _)| &**name));
            report.push_missing(messages::test_of_unknown_function(item.span, function, suggestion));
        }
        let function = Name::from(function);
        if let Some(first) = seen.get(&(test.name.text.clone(), function.clone())) {
            report.push(messages::duplicate_test(&test.name, &function, item.span, *first));
        } else {
            seen.insert((test.name.text.clone(), function.clone()), item.span);
        }
        functions.push(function);
    }
    Some(functions)
}
