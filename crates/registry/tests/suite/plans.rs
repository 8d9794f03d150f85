//! Plans: `plans/*.json`, each with a program, registries and what their calls try in which order.

use serde_json::Value;
use std::collections::BTreeMap;

use crate::registry;
use crate::support::{self, Turns};

#[test]
fn plans() {
    insta::glob!("plans/*.json", |path| {
        let file = support::read(path);
        let lines: Vec<&str> =
            file["program"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        let schema = support::program(&lines.join("\n"));
        let mut text = String::new();
        for case in file["cases"].as_array().unwrap() {
            text.push_str(&format!("{case}\n{}\n", outcome(&schema, case)));
        }
        insta::assert_snapshot!(text);
    });
}

/// What each of the case's calls tries.
fn outcome(schema: &schema::Schema, case: &Value) -> String {
    let mut clients = match support::registry(&case["registry"]) {
        Ok(clients) => clients,
        Err(problems) => return format!("refused: {problems}\n"),
    };
    if let Some(primary) = case.get("primary").and_then(Value::as_str) {
        clients.set_primary(primary).unwrap();
    }
    let function = &schema.functions[case.get("function").and_then(Value::as_str).unwrap_or("F")];
    let rotation = Turns::default();
    let calls = case.get("calls").and_then(Value::as_u64).unwrap_or(1);
    let mut text = String::new();
    for _ in 0..calls {
        match registry::plan(schema, Some(&clients), function, &rotation, &BTreeMap::new()) {
            Ok(plan) => {
                let shown = plan.to_string();
                let tried: Vec<String> = plan.steps().take(20).map(|step| step.client.to_string()).collect();
                let previewed: Vec<&str> = shown
                    .lines()
                    .filter(|line| *line != "...")
                    .map(|line| line.rsplit_once(". ").unwrap().1)
                    .collect();
                for (line, client) in previewed.iter().zip(&tried) {
                    assert!(line.ends_with(client.as_str()), "shown {line}, tried {client}");
                }
                text.push_str(&shown);
            }
            Err(error) => text.push_str(&format!("{:?}: {error}\n", error.kind())),
        }
    }
    text
}
