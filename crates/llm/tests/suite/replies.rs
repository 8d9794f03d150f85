//! Answers of providers: `replies/*.json`, and what each means.

use crate::llm;
use crate::support;
use std::collections::BTreeMap;

use crate::llm::{Client, Placeholders};
use serde_json::{Value, json};

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

/// The same question, counted as each provider counts: 100 tokens of a prompt of which 80 were cached, 5 were thought
/// and 15 said. The table of `docs/providers.md` says which counts include which.
#[test]
fn tokens_are_what_the_provider_counts() {
    let cases = [
        (
            "openai",
            json!({
                "choices": [{ "message": { "content": "x" }, "finish_reason": "stop" }],
                "usage": {
                    "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120,
                    "prompt_tokens_details": { "cached_tokens": 80 },
                    "completion_tokens_details": { "reasoning_tokens": 5 },
                },
            }),
            (100, 20, 80),
        ),
        (
            "openai-responses",
            json!({
                "status": "completed",
                "output": [{ "type": "message", "content": [{ "type": "output_text", "text": "x" }] }],
                "usage": {
                    "input_tokens": 100, "output_tokens": 20, "total_tokens": 120,
                    "input_tokens_details": { "cached_tokens": 80 },
                    "output_tokens_details": { "reasoning_tokens": 5 },
                },
            }),
            (100, 20, 80),
        ),
        (
            "anthropic",
            json!({
                "content": [{ "type": "text", "text": "x" }], "stop_reason": "end_turn",
                "usage": {
                    "input_tokens": 14, "cache_read_input_tokens": 80, "cache_creation_input_tokens": 6,
                    "output_tokens": 20,
                },
            }),
            (14, 20, 80),
        ),
        (
            "google-ai",
            json!({
                "candidates": [{ "content": { "parts": [{ "text": "x" }] }, "finishReason": "STOP" }],
                "usageMetadata": {
                    "promptTokenCount": 100, "cachedContentTokenCount": 80, "candidatesTokenCount": 15,
                    "thoughtsTokenCount": 5, "totalTokenCount": 120,
                },
            }),
            (100, 20, 80),
        ),
        (
            "aws-bedrock",
            json!({
                "output": { "message": { "role": "assistant", "content": [{ "text": "x" }] } }, "stopReason": "end_turn",
                "usage": {
                    "inputTokens": 14, "cacheReadInputTokens": 80, "cacheWriteInputTokens": 6, "outputTokens": 20,
                    "totalTokens": 120,
                },
            }),
            (14, 20, 80),
        ),
    ];
    for (provider, body, (input, output, cached)) in cases {
        let case = json!({ "provider": provider, "options": { "model": "m", "api_key": "k" } });
        let options = support::options(&case);
        let client = Client::build("Test", support::provider(&case), &options, &BTreeMap::new()).unwrap();
        let reply = llm::reply(&client, 200, &[], body.to_string().as_bytes()).unwrap();
        let usage = types::Usage {
            input_tokens: Some(input),
            output_tokens: Some(output),
            cached_input_tokens: Some(cached),
        };
        assert_eq!(reply.usage, usage, "{provider}");
        // With what was written to the cache, which has no count of its own here, it is the same prompt.
        let all = if client.counts_cached_tokens_apart() { input + cached + 6 } else { input };
        assert_eq!(all, 100, "{provider}");
    }
}
