//! The recorded cases: which programs are accepted, and which refused.
//!
//! Cases that need to know a provider, or Jinja, are the registry's and the prompt room's to refuse; they are
//! listed here by what they need. Every other case must come out as recorded, or better where the record is
//! questionable.

#![expect(clippy::panic, clippy::unwrap_used, reason = "the functions that tests share are tests too")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use baml_schema::Severity;
use serde_json::Value as Json;

/// Refused because of a provider: unknown ones, their options, strategies.
const NEEDS_PROVIDERS: &[&str] = &[
    "client.015",
    "client.017",
    "client.019",
    "client.021",
    "client.023",
    "client.025",
    "client.027",
    "client.029",
    "client.039",
    "client.043",
    "strategy.004",
    "strategy.008",
    "strategy.012",
    "strategy.020",
    "strategy.024",
    "strategy.030",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/wire")
}

fn lines(file: &str) -> Vec<Json> {
    let path = folder().join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap()
}

#[test]
fn recorded_programs_are_accepted_and_refused() {
    let questionable: HashMap<String, bool> = lines("questionable.jsonl")
        .iter()
        .filter(|row| text(&row["kit"]) == "validation")
        .flat_map(|row| {
            let accepts = text(&row["rule"]) == "accept-instead";
            row["ids"]
                .as_array()
                .unwrap()
                .iter()
                .map(move |id| (text(id).to_owned(), accepts))
                .collect::<Vec<_>>()
        })
        .collect();
    let mut wrong = Vec::new();
    let mut agreed = 0;
    for case in lines("open/validation.jsonl") {
        let id = text(&case["id"]);
        let jinja = case["expect"]["errors"]
            .as_array()
            .is_some_and(|errors| errors.iter().any(|error| text(&error[0]) == "template-syntax"));
        if NEEDS_PROVIDERS.contains(&id) || jinja {
            continue;
        }
        let files = case["files"].as_object().unwrap();
        let sources: Vec<(String, String)> =
            files.iter().map(|(path, source)| (path.clone(), text(source).to_owned())).collect();
        let (_, diagnostics) = baml_schema::load(&sources);
        let accepted = diagnostics.iter().all(|found| found.severity != Severity::Error);
        let recorded = case["expect"]["ok"].as_bool().unwrap();
        if accepted == recorded || questionable.get(id) == Some(&accepted) {
            agreed += 1;
        } else {
            let shown = syntax::render(&sources, &diagnostics, false);
            wrong.push(format!("{id}: recorded ok={recorded}, got ok={accepted}\n{files:?}\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ, {agreed} agree\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(agreed > 300, "only {agreed} cases were tried");
}
