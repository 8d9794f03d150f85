//! Whatever the options, prompts and answers: no panic, and what is built can make its request.

use crate::llm;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::llm::{Client, Decoder, Mode, PROVIDERS, Placeholders};
use proptest::prelude::*;
use serde_json::{Map, Value};
use types::{Config, ConfigMap, Content, Media, MediaKind, MediaSource, Message, Part, Prompt};

const NAMES: [&str; 30] = [
    "model",
    "base_url",
    "api_key",
    "headers",
    "query_params",
    "default_role",
    "allowed_roles",
    "remap_roles",
    "allowed_role_metadata",
    "supports_streaming",
    "finish_reason_allow_list",
    "finish_reason_deny_list",
    "client_response_type",
    "media_url_handler",
    "http",
    "resource_name",
    "deployment_id",
    "api_version",
    "location",
    "region",
    "max_tokens",
    "max_completion_tokens",
    "messages",
    "stream",
    "strategy",
    "start",
    "x",
    "request_timeout_ms",
    "image",
    "é\n",
];

const WORDS: [&str; 16] = [
    "",
    "user",
    "system",
    "all",
    "http://h.test/v1?x=1#f",
    "https://u:p@h.test",
    "o1",
    "send_base64",
    "a b",
    "é\n",
    "data:image/png;base64,aGk=",
    "data:,%zz%4",
    "gs://b/o",
    "openai",
    "\0",
    "\u{1F600}",
];

fn config() -> impl Strategy<Value = Config> {
    let leaf = prop_oneof![
        Just(Config::Null),
        any::<bool>().prop_map(Config::Bool),
        any::<i64>().prop_map(|number| Config::Number(number.into())),
        any::<f64>()
            .prop_map(|number| serde_json::Number::from_f64(number).map_or(Config::Null, Config::Number)),
        prop::sample::select(&WORDS[..]).prop_map(|word| Config::String(word.to_owned())),
        ".{0,8}".prop_map(Config::String),
        prop::sample::select(&WORDS[..]).prop_map(|word| Config::Env(word.to_owned())),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Config::List),
            prop::collection::vec((name(), inner), 0..4)
                .prop_map(|entries| Config::Map(entries.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned), 1 => ".{0,6}"]
}

fn options() -> impl Strategy<Value = ConfigMap> {
    prop::collection::vec((name(), config()), 0..6).prop_map(|entries| entries.into_iter().collect())
}

fn part() -> impl Strategy<Value = Part> {
    let word = || prop_oneof![prop::sample::select(&WORDS[..]).prop_map(str::to_owned), ".{0,8}"];
    let media = (prop::sample::select(&MediaKind::ALL[..]), prop::option::of(word()), word(), any::<bool>())
        .prop_map(|(kind, mime_type, text, by_url)| {
            let source = if by_url { MediaSource::Url(text) } else { MediaSource::Base64(text) };
            Content::Media(Arc::new(Media { kind, mime_type, source }))
        });
    let metadata =
        prop::option::of(word().prop_map(|key| Arc::new(Map::from_iter([(key, Value::Bool(true))]))));
    (prop_oneof![word().prop_map(Content::Text), media], metadata)
        .prop_map(|(content, metadata)| Part { content, metadata })
}

fn prompt() -> impl Strategy<Value = Prompt> {
    let message =
        (".{0,4}", prop::collection::vec(part(), 1..4)).prop_map(|(role, parts)| Message { role, parts });
    prop::collection::vec(message, 0..4).prop_map(|messages| Prompt { messages })
}

fn json() -> impl Strategy<Value = Value> {
    let keys = [
        "choices",
        "message",
        "content",
        "refusal",
        "error",
        "usage",
        "prompt_tokens",
        "text",
        "detail",
        "details",
        "candidates",
        "parts",
        "thought",
        "finishReason",
        "promptFeedback",
        "blockReason",
        "usageMetadata",
        "promptTokenCount",
        "thoughtsTokenCount",
        "output",
        "type",
        "delta",
        "index",
        "content_block",
        "thinking",
        "partial_json",
        "stop_reason",
        "response",
        "item",
        "part",
        "phase",
        "summary",
        "status",
        "output_index",
        "reasoning_content",
    ];
    let words = [
        "text",
        "thinking",
        "tool_use",
        "text_delta",
        "input_json_delta",
        "message",
        "reasoning",
        "function_call",
        "commentary",
        "refusal",
        "failed",
        "message_delta",
        "content_block_start",
        "content_block_delta",
        "response.output_text.delta",
        "response.output_item.added",
        "response.completed",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 32, 4, move |inner| {
        let key = prop::sample::select(keys.to_vec()).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn options_are_refused_or_make_requests(options in options(), prompt in prompt(), row in 0..PROVIDERS.len()) {
        let row = &PROVIDERS[row];
        let problems = llm::check_options(row, &options);
        let _ = llm::warn_options(row, &options);
        let environment = Placeholders(BTreeMap::new());
        let built = Client::build("Test", row, &options, &environment);
        if !problems.is_empty() {
            prop_assert!(built.is_err(), "{problems:?}");
        }
        if let Ok(client) = built {
            prop_assert!(!client.allowed_roles().is_empty());
            let mut prompt = prompt;
            if let Ok(downloads) = llm::downloads(&client, &prompt) {
                for download in downloads {
                    let _ = llm::substitute(&mut prompt, &download, Some("image/png"), b"\x89PNG\r\n\x1a\n");
                }
            }
            if let Ok(request) = llm::request(&client, &prompt, Mode::Stream) {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                // An option may have the name that another format gives to its messages.
                let mut messages = ["messages", "input", "contents"].into_iter().filter_map(|key| body.get(key));
                prop_assert!(messages.any(Value::is_array), "{body}");
                prop_assert!(request.url.starts_with("http"));
                prop_assert!(request.headers.iter().all(|(name, _)| *name == name.to_lowercase()));
            }
        }
    }

    #[test]
    fn answers_are_read_or_refused(
        json in json(),
        format in prop::sample::select(vec!["openai", "openai-responses", "anthropic", "google"]),
        status in prop_oneof![Just(200_u16), 100..600_u16],
        cut in 0..400_usize,
    ) {
        let option = |name: &str, value: &str| (name.to_owned(), Config::String(value.to_owned()));
        let options = ConfigMap::from_iter([option("api_key", "k"), option("client_response_type", format)]);
        let client = Client::build("Test", llm::provider("openai").unwrap(), &options, &BTreeMap::new()).unwrap();
        let body = json.to_string();
        let cut = body.floor_char_boundary(cut.min(body.len()));
        for body in [&body, &body[..cut]] {
            let _ = llm::reply(&client, status, &[], body.as_bytes());
            for body in [body, &format!("data: {body}\n\n")] {
                let mut decoder = Decoder::new(&client, status, &[]);
                let mut deltas = Vec::new();
                let _ = decoder.push(body.as_bytes(), &mut deltas);
                let _ = decoder.finish(&mut deltas);
            }
        }
    }
}

#[test]
fn deep_options_are_a_problem_and_not_a_crash() {
    for (provider, option) in [("openai", "deep"), ("aws-bedrock", "additional_model_request_fields")] {
        let mut deep = Config::Null;
        for _ in 0..400 {
            deep = Config::Map(ConfigMap::from_iter([("x".to_owned(), deep)]));
        }
        let model = Config::String("m".to_owned());
        let options = ConfigMap::from_iter([("model".to_owned(), model), (option.to_owned(), deep)]);
        let problems = llm::check_options(llm::provider(provider).unwrap(), &options);
        assert_eq!(problems.len(), 1, "{provider}");
        assert!(problems[0].message.contains("nested less deeply"), "{provider}");
    }
}
