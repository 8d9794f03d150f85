//! Keys are sent and never shown.

use std::collections::BTreeMap;

use crate::llm::{Client, HttpRequest, Mode, Problem, provider, reply, request};
use types::{Config, ConfigMap, Prompt};

const KEY: &str = "sk-very-secret-key";

fn options(pairs: &[(&str, Config)]) -> ConfigMap {
    pairs.iter().map(|(key, value)| (key.to_string(), value.clone())).collect()
}

fn text(text: &str) -> Config {
    Config::String(text.to_owned())
}

fn build(options: &ConfigMap) -> Result<Client, Vec<Problem>> {
    let environment = BTreeMap::from([("HEADER".to_owned(), KEY.to_owned())]);
    Client::build("Test", provider("openai").unwrap(), options, &environment)
}

fn made(options: &ConfigMap) -> (Client, HttpRequest) {
    let client = build(options).unwrap();
    let request = request(&client, &Prompt::default(), Mode::Call).unwrap();
    (client, request)
}

#[test]
fn clients_and_requests_do_not_show_keys() {
    let headers = options(&[("X-Custom", Config::Env("HEADER".to_owned())), ("X-Api-Key", text(KEY))]);
    let (client, request) = made(&options(&[
        ("api_key", text(KEY)),
        ("headers", Config::Map(headers)),
        ("query_params", Config::Map(options(&[("key", text(KEY))]))),
        ("unknown", text(KEY)),
    ]));
    for name in ["authorization", "x-custom", "x-api-key"] {
        assert!(request.header(name).unwrap().expose().contains(KEY), "{name} is not sent");
    }
    assert!(request.url.contains(KEY));
    for shown in [format!("{client:?}"), format!("{request:?}"), request.display_url()] {
        assert!(!shown.contains(KEY), "{shown}");
    }
}

#[test]
fn the_password_of_a_url_is_sent_in_a_header_only() {
    let url = format!("http://me:{KEY}@h.test/v1");
    // A key is still needed: `api_key` and the password would both be `authorization`, and the key is the
    // more explicit of the two.
    let problems = build(&options(&[("base_url", text(&url))])).unwrap_err();
    assert!(problems.iter().all(|problem| !problem.to_string().contains(KEY)));
    let generic = Client::build(
        "Test",
        provider("openai-generic").unwrap(),
        &options(&[("base_url", text(&url))]),
        &BTreeMap::new(),
    )
    .unwrap();
    let request = request(&generic, &Prompt::default(), Mode::Call).unwrap();
    assert_eq!(request.url, "http://h.test/v1/chat/completions");
    assert!(request.header("authorization").unwrap().expose().starts_with("Basic "));
    assert!(!format!("{generic:?}{request:?}").contains(KEY));
}

#[test]
fn a_key_that_a_provider_repeats_is_blotted_out() {
    let (client, _) = made(&options(&[("api_key", text(KEY))]));
    let body = format!(r#"{{"error":{{"message":"Incorrect API key provided: {KEY}."}}}}"#);
    let error = reply(&client, 401, &[], body.as_bytes()).unwrap_err();
    assert!(error.message.contains("Incorrect API key provided: [secret]."), "{}", error.message);
}

#[test]
fn problems_do_not_repeat_keys() {
    let broken = format!("{KEY}\n");
    for key in [text(&broken), Config::List(vec![text(KEY)])] {
        let problems = build(&options(&[("api_key", key)])).unwrap_err();
        assert!(problems.iter().all(|problem| !problem.to_string().contains(KEY)), "{problems:?}");
    }
}
