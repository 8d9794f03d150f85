//! Reports for programs: JSON, and the XML of JUnit.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::account::{Account, Entry};
use super::prices::Prices;

/// One object with every test.
pub(super) fn json(account: &Account<'_>, prices: &Prices) -> String {
    let (passed, failed, errored) = account.counts();
    let tests: Vec<Value> = account.tests.iter().map(|entry| test_json(entry, prices)).collect();
    let report = json!({
        "passed": passed,
        "failed": failed,
        "errors": errored,
        "duration_ms": milliseconds(account.took),
        "tests": tests,
    });
    format!("{report:#}")
}

fn test_json(entry: &Entry<'_>, prices: &Prices) -> Value {
    let log = entry.run.log.as_deref();
    let answered = log.and_then(|log| log.attempts.iter().find(|attempt| attempt.selected));
    json!({
        "function": entry.job.function,
        "test": &*entry.job.test.name,
        "client": entry.job.client,
        "answered_by": answered.map(|attempt| &attempt.client_name),
        "status": entry.word(),
        "reasons": entry.reasons,
        "duration_ms": milliseconds(entry.run.duration),
        "input_tokens": log.and_then(|log| log.usage.input_tokens),
        "output_tokens": log.and_then(|log| log.usage.output_tokens),
        "cost": prices.of(entry.run),
        "value": entry.run.value.clone().map(Value::from),
    })
}

/// One suite per function and client.
pub(super) fn junit(account: &Account<'_>) -> String {
    let (_, failed, errored) = account.counts();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{failed}\" errors=\"{errored}\" time=\"{:.3}\">\n",
        account.tests.len(),
        account.took.as_secs_f64(),
    );
    let mut suites: Vec<(String, Vec<&Entry<'_>>)> = Vec::new();
    for entry in &account.tests {
        let name = suite(entry);
        match suites.iter_mut().find(|(known, _)| *known == name) {
            Some((_, entries)) => entries.push(entry),
            None => suites.push((name, vec![entry])),
        }
    }
    for (name, entries) in &suites {
        let errors = entries.iter().filter(|entry| entry.is_error()).count();
        let failures = entries.iter().filter(|entry| !entry.is_passed()).count() - errors;
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\">",
            escaped(name),
            entries.len(),
        );
        for entry in entries {
            write_case(&mut text, name, entry);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>");
    text
}

fn suite(entry: &Entry<'_>) -> String {
    match &entry.job.client {
        Some(client) => format!("{} ({client})", entry.job.function),
        None => entry.job.function.clone(),
    }
}

fn write_case(text: &mut String, suite: &str, entry: &Entry<'_>) {
    let _ = write!(
        text,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
        escaped(suite),
        escaped(&entry.job.test.name),
        entry.run.duration.as_secs_f64(),
    );
    if entry.is_passed() {
        text.push_str("/>\n");
        return;
    }
    let kind = if entry.is_error() { "error" } else { "failure" };
    let message = entry.reasons.first().map(|reason| escaped(reason)).unwrap_or_default();
    let all = escaped(&entry.reasons.join("\n"));
    let _ = writeln!(text, ">\n      <{kind} message=\"{message}\">{all}</{kind}>\n    </testcase>");
}

/// Text for XML: what XML cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => safe.push(letter),
            _ => {}
        }
    }
    safe
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
