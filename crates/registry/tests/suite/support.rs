//! Programs, registries and rotations for tests.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use schema::{Diagnostic, Schema, Severity};
use serde_json::Value;
use types::{Config, ConfigMap, Name};

use crate::registry::{ClientRegistry, Counter, PolicyReference, Rotation};

/// The program of one file, without errors.
pub(crate) fn program(text: &str) -> Schema {
    let sources = [("main.baml".to_owned(), text.to_owned())];
    let (schema, diagnostics) = schema::load(&sources);
    let errors: Vec<Diagnostic> =
        diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{}", schema::render(&sources, &errors, false));
    schema
}

pub(crate) fn options(json: &Value) -> ConfigMap {
    match Config::from(json.clone()) {
        Config::Map(options) => options,
        other => panic!("options must be an object, got {}", other.with_article()),
    }
}

/// `[{ "name", "provider", "options", "retryPolicy" }]`.
pub(crate) fn registry(clients: &Value) -> Result<ClientRegistry, String> {
    let mut registry = ClientRegistry::new();
    for client in clients.as_array().into_iter().flatten() {
        let text = |key: &str| client.get(key).and_then(Value::as_str);
        registry
            .add(
                text("name").unwrap(),
                text("provider").unwrap(),
                options(&client["options"]),
                text("retryPolicy").map(PolicyReference::from),
            )
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(registry)
}

/// Begins at the second member when a client does not say where.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<Name, Arc<Counter>>>);

impl Rotation for Turns {
    fn counter(&self, client: &Name) -> Arc<Counter> {
        Arc::clone(self.0.lock().unwrap().entry(Arc::clone(client)).or_default())
    }

    fn first(&self, _: usize) -> u64 {
        1
    }

    fn unit(&self) -> f64 {
        0.5
    }
}

pub(crate) fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
