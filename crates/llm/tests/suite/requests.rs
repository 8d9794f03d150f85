//! Requests from options and prompts: `requests/*.json`, with what is sent beside each.

use crate::llm;
use crate::llm::{Client, Environment, HttpRequest, Mode, Placeholders};
use crate::support;
use serde_json::Value;

#[test]
fn requests() {
    insta::glob!("requests/*.json", |path| insta::assert_snapshot!(outcome(&support::read(path))));
}

fn outcome(case: &Value) -> String {
    let environment = support::environment(case);
    let placeholders = Placeholders(&environment);
    let environment: &dyn Environment =
        if case.get("shown").is_some() { &placeholders } else { &environment };
    let name = case.get("name").and_then(Value::as_str).unwrap_or("Test");
    let client = match Client::build(name, support::provider(case), &support::options(case), environment) {
        Ok(client) => client.with_form(support::form(case)),
        Err(problems) => return format!("not built\n{}", support::problems(&problems)),
    };
    let mode = if case.get("stream").is_some() { Mode::Stream } else { Mode::Call };
    match llm::request(&client, &support::prompt(case), mode) {
        Ok(request) => shown(&request),
        Err(error) => format!("{:?} error\n{error}\n", error.kind()),
    }
}

/// The request with its secrets laid open: these tests must see that the right ones are sent.
fn shown(request: &HttpRequest) -> String {
    let mut text = format!("{} {}\n", request.method, request.url);
    for (name, value) in &request.headers {
        let secret = if matches!(value, llm::HeaderValue::Secret(_)) { "  (secret)" } else { "" };
        text.push_str(&format!("{name}: {}{secret}\n", value.expose()));
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    format!("{text}\n{}\n", serde_json::to_string_pretty(&body).unwrap())
}
