//! The recorded validation cases, as far as grammar decides them: what the peer accepts must parse without an
//! error. What it refuses may also be refused later, by the checks of the schema.

#![expect(clippy::expect_used, reason = "a test that cannot read its inputs must fail")]

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

fn refused(case: &serde_json::Value) -> Option<String> {
    let (sources, diagnostics) = diagnostics(case);
    let refused = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    refused.then(|| render(&sources, &diagnostics, false))
}

#[test]
fn what_the_peer_accepts_parses() {
    let cases = cases();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    let accepted = cases.iter().filter(|case| case["expect"]["ok"] == true);
    let wrong: Vec<String> = accepted
        .filter(|case| !BETTER_REFUSED.contains(&case["id"].as_str().unwrap_or_default()))
        .filter_map(|case| Some(format!("{}\n{}", case["id"], refused(case)?)))
        .collect();
    assert!(wrong.is_empty(), "refused, but the peer accepts:\n{}", wrong.join("\n\n"));
}

/// The peer's one error for whatever it cannot parse.
const SYNTAX_ERROR: &str = "unknown-top-level";

#[test]
fn what_the_peer_cannot_parse_is_refused() {
    let cases = cases();
    let unparsable = cases.iter().filter(|case| {
        let errors = case["expect"]["errors"].as_array();
        errors.is_some_and(|errors| errors.iter().all(|error| error[0] == SYNTAX_ERROR))
    });
    let unparsable: Vec<_> = unparsable.collect();
    assert!(unparsable.len() > 20, "only {} cases", unparsable.len());
    let wrong: Vec<_> =
        unparsable.iter().filter(|case| refused(case).is_none()).map(|case| &case["id"]).collect();
    assert!(wrong.is_empty(), "accepted, but the peer cannot parse: {wrong:?}");
}
