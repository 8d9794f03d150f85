//! The recorded validation cases, as far as grammar decides them: what the peer accepts must parse without an
//! error. What it refuses may also be refused later, by the checks of the schema.

use std::path::Path;

use baml_syntax::{Diagnostic, FileId, Severity, parse, render};

/// Cases that the peer accepts although something is certainly lost; `questionable.jsonl` says why.
const BETTER_REFUSED: [&str; 1] = ["top.059"];

fn cases() -> Vec<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/wire/open/validation.jsonl");
    let text = std::fs::read_to_string(path).expect("the recorded cases");
    text.lines().map(|line| serde_json::from_str(line).expect("a case on each line")).collect()
}

fn diagnostics(case: &serde_json::Value) -> (Vec<(String, String)>, Vec<Diagnostic>) {
    let files = case["files"].as_object().expect("files");
    let sources: Vec<(String, String)> = files
        .iter()
        .map(|(path, text)| (path.clone(), text.as_str().unwrap_or_default().to_owned()))
        .collect();
    let diagnostics =
        sources.iter().zip(0..).flat_map(|((_, text), file)| parse(FileId(file), text).1).collect();
    (sources, diagnostics)
}

#[test]
fn what_the_peer_accepts_parses() {
    let cases = cases();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    let mut wrong = String::new();
    for case in cases {
        let id = case["id"].as_str().unwrap_or_default();
        let (sources, diagnostics) = diagnostics(&case);
        let refused = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        if case["expect"]["ok"] == true && refused && !BETTER_REFUSED.contains(&id) {
            wrong += &format!("{id}\n{}\n\n", render(&sources, &diagnostics, false));
        }
    }
    assert!(wrong.is_empty(), "refused, but the peer accepts:\n{wrong}");
}
