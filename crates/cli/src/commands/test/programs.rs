//! Reports for programs: JSON, and the XML of JUnit.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::Job;
use super::account::{Account, Entry, Summary, Verdict};
use super::prices::Prices;

/// One object with every test.
pub(super) fn json(account: &Account<'_>, prices: &Prices) -> String {
    let tests: Vec<Value> = account.tests.iter().map(|entry| test_json(entry, prices)).collect();
    let clients: Vec<Value> = account.clients(prices).iter().map(client_json).collect();
    let report = json!({
        "passed": account.count(Verdict::Passed),
        "failed": account.count(Verdict::Failed),
        "errors": account.count(Verdict::Error),
        "not_run": account.stopped.len(),
        "duration_ms": milliseconds(account.took),
        "clients": clients,
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
        "file": entry.place.file,
        "line": entry.place.line,
        "client": entry.job.client,
        "answered_by": answered.map(|attempt| &attempt.client_name),
        "status": entry.verdict.word(),
        "reasons": entry.reasons,
        "duration_ms": milliseconds(entry.run.duration),
        "input_tokens": log.and_then(|log| log.usage.input_tokens),
        "output_tokens": log.and_then(|log| log.usage.output_tokens),
        "cost": prices.of(entry.run),
        "value": entry.run.value.clone().map(Value::from),
        "raw_output": entry.raw_output(),
    })
}

fn client_json(summary: &Summary<'_>) -> Value {
    json!({
        "client": summary.client,
        "tests": summary.tests,
        "passed": summary.passed,
        "median_ms": milliseconds(summary.median),
        "slowest_ms": milliseconds(summary.slowest),
        "input_tokens": summary.input_tokens,
        "output_tokens": summary.output_tokens,
        "cost": summary.cost,
    })
}

/// One suite per function and client. Tests that were stopped are skipped ones.
pub(super) fn junit(account: &Account<'_>) -> String {
    let mut suites: Vec<Suite<'_>> = Vec::new();
    for entry in &account.tests {
        suite_of(&mut suites, entry.job).tests.push(entry);
    }
    for job in account.stopped {
        suite_of(&mut suites, job).stopped.push(job);
    }
    let counts = Counts {
        tests: account.tests.len() + account.stopped.len(),
        failures: account.count(Verdict::Failed),
        errors: account.count(Verdict::Error),
        skipped: account.stopped.len(),
        time: account.took,
    };
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"baml\"{}>\n",
        counts.attributes()
    );
    for suite in &suites {
        suite.write(&mut text);
    }
    text.push_str("</testsuites>");
    text
}

struct Suite<'a> {
    name: String,
    tests: Vec<&'a Entry<'a>>,
    stopped: Vec<&'a Job>,
}

struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    time: Duration,
}

impl Counts {
    fn attributes(&self) -> String {
        format!(
            " tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\"",
            self.tests,
            self.failures,
            self.errors,
            self.skipped,
            seconds(self.time)
        )
    }
}

/// The suite of a job's function and client.
fn suite_of<'list, 'a>(suites: &'list mut Vec<Suite<'a>>, job: &Job) -> &'list mut Suite<'a> {
    let name = match &job.client {
        Some(client) => format!("{} ({client})", job.function),
        None => job.function.clone(),
    };
    let position = suites.iter().position(|suite| suite.name == name).unwrap_or_else(|| {
        suites.push(Suite { name, tests: Vec::new(), stopped: Vec::new() });
        suites.len() - 1
    });
    &mut suites[position]
}

impl Suite<'_> {
    // Writing to a `String` cannot fail.
    fn write(&self, text: &mut String) {
        let count = |verdict: Verdict| self.tests.iter().filter(|entry| entry.verdict == verdict).count();
        let counts = Counts {
            tests: self.tests.len() + self.stopped.len(),
            failures: count(Verdict::Failed),
            errors: count(Verdict::Error),
            skipped: self.stopped.len(),
            time: self.tests.iter().map(|entry| entry.run.duration).sum(),
        };
        let _ = writeln!(text, "  <testsuite name=\"{}\"{}>", escaped(&self.name), counts.attributes());
        for entry in &self.tests {
            self.write_case(text, entry);
        }
        for job in &self.stopped {
            let (suite, name) = (escaped(&self.name), escaped(&job.test.name));
            let _ = writeln!(
                text,
                "    <testcase classname=\"{suite}\" name=\"{name}\" time=\"0.000\">\n      <skipped message=\"stopped before it ended\"/>\n    </testcase>"
            );
        }
        text.push_str("  </testsuite>\n");
    }

    fn write_case(&self, text: &mut String, entry: &Entry<'_>) {
        let _ = write!(
            text,
            "    <testcase classname=\"{}\" name=\"{}\" time=\"{}\" file=\"{}\" line=\"{}\"",
            escaped(&self.name),
            escaped(&entry.job.test.name),
            seconds(entry.run.duration),
            escaped(&entry.place.file),
            entry.place.line,
        );
        if entry.is_passed() {
            text.push_str("/>\n");
            return;
        }
        let (element, kind) =
            if entry.is_error() { ("error", "no answer") } else { ("failure", "wrong answer") };
        let message = entry.reasons.first().map(|reason| escaped(reason)).unwrap_or_default();
        let mut lines = entry.reasons.clone();
        lines.extend(entry.answer());
        let all = escaped(&lines.join("\n"));
        let _ = writeln!(
            text,
            ">\n      <{element} type=\"{kind}\" message=\"{message}\">{all}</{element}>\n    </testcase>"
        );
    }
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

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
