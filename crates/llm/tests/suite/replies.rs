//! Answers of providers: `replies/*.json`, and what each means.

use crate::llm;
use crate::support;
use std::collections::BTreeMap;

use crate::llm::{Client, Placeholders};
use serde_json::Value;

#[test]
fn replies() {
    insta::glob!("replies/*.json", |path| insta::assert_snapshot!(outcome(&support::read(path))));
}

fn outcome(case: &Value) -> String {
    let environment = Placeholders(BTreeMap::new());
    let client = Client::build("Test", support::provider(case), &support::options(case), &environment)
        .unwrap()
        .with_form(support::form(case));
    let mut text = String::new();
    for answer in case["answers"].as_array().unwrap() {
        let status =
            answer.get("status").and_then(Value::as_u64).map_or(200, |status| u16::try_from(status).unwrap());
        let headers: Vec<(String, String)> = answer
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
            .collect();
        let body = match &answer["body"] {
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        text.push_str(&format!("{status} {body}\n"));
        match llm::reply(&client, status, &headers, body.as_bytes()) {
            Ok(reply) => text.push_str(&format!("  {reply:?}\n")),
            Err(error) => {
                text.push_str(&format!("  {:?} error: {error}\n", error.kind));
                let details = [
                    error.request_id.as_ref().map(|id| format!("request id {id}")),
                    error.retry_after.map(|wait| format!("retry after {wait:?}")),
                    error.finish_reason.as_ref().map(|reason| format!("finish reason {reason}")),
                    error.text.as_ref().map(|text| format!("text {text:?}")),
                ];
                for detail in details.into_iter().flatten() {
                    text.push_str(&format!("    {detail}\n"));
                }
            }
        }
    }
    text
}
