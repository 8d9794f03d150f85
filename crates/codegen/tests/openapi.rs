//! The OpenAPI document of a program with every kind of type. `scripts/server_contract.mjs` has it judged by a validator
//! and by requests made up from it, `__test__/server_clients.test.ts` by generators of clients.

use std::collections::BTreeSet;

use baml_codegen::{OpenApiOptions, openapi};
use insta::assert_snapshot;
use schema::{Schema, Severity};
use serde_json::Value;

const EVERYTHING: &str = include_str!("openapi/everything.baml");

fn load(text: &str) -> Schema {
    let (schema, diagnostics) = schema::load(&[("main.baml".to_owned(), text.to_owned())]);
    let errors: Vec<&str> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    assert_eq!(errors, Vec::<&str>::new());
    schema
}

fn open() -> OpenApiOptions {
    OpenApiOptions { version: "0.226.2".to_owned(), secured: false, takes_clients: true, presets: Vec::new() }
}

fn document(options: &OpenApiOptions) -> Value {
    openapi(&load(EVERYTHING), options)
}

/// All values of `$ref` under a value.
fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(target) if key == "$ref" => drop(found.insert(target)),
                    other => references(other, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn the_types_of_a_program() {
    let document = document(&open());
    let Value::Object(schemas) = &document["components"]["schemas"] else { panic!("{document}") };
    // What is the same for every program is shown by the next test.
    let own: Value = schemas
        .iter()
        .filter(|(name, _)| !name.starts_with("Baml"))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    assert_snapshot!(serde_json::to_string_pretty(&own).unwrap());
}

#[test]
fn the_document_of_a_small_program() {
    let small = "/// Says hello.\nfunction Greet(name: string) -> string {\n  client \"openai/gpt-5\"\n  \
                 prompt #\"{{ name }}\"#\n}\n";
    let options = OpenApiOptions { secured: true, presets: vec!["cheap".to_owned()], ..open() };
    assert_snapshot!(serde_json::to_string_pretty(&openapi(&load(small), &options)).unwrap());
}

#[test]
fn every_reference_leads_somewhere() {
    for takes_clients in [true, false] {
        let document = document(&OpenApiOptions { takes_clients, ..open() });
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.len() > 20, "{found:?}");
        for target in found {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
    }
}

#[test]
fn operations_have_names_of_their_own() {
    let document = document(&open());
    let Value::Object(paths) = &document["paths"] else { panic!("{document}") };
    let names: Vec<&str> = paths
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), distinct.len(), "{names:?}");
}
