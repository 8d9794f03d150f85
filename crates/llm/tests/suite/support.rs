//! Reads test cases that a user could have written: options, prompts and replies as JSON.

use crate::llm;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use types::{Config, ConfigMap, Content, Media, MediaKind, MediaSource, Message, Part, Prompt};

pub(crate) fn read(path: &std::path::Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Options, where `{"$env": "NAME"}` is `env.NAME`.
pub(crate) fn options(case: &Value) -> ConfigMap {
    let Config::Map(options) = config(case.get("options").unwrap_or(&Value::Object(Map::default()))) else {
        panic!("options must be an object")
    };
    options
}

fn config(value: &Value) -> Config {
    match value {
        Value::Object(entries) => match entries.get("$env") {
            Some(name) => Config::Env(name.as_str().unwrap().to_owned()),
            None => Config::Map(entries.iter().map(|(key, value)| (key.clone(), config(value))).collect()),
        },
        Value::Array(items) => Config::List(items.iter().map(config).collect()),
        other => Config::from(other.clone()),
    }
}

/// `"form": { "schema": {}, "recursive": true, "maps": true }`: what the answer must be like.
pub(crate) fn form(case: &Value) -> Option<llm::AnswerForm> {
    let form = case.get("form")?;
    let holds = |fact: &str| form.get(fact).and_then(Value::as_bool).unwrap_or_default();
    llm::AnswerForm::new("Extract", form["schema"].clone(), holds("recursive"), holds("maps"))
}

pub(crate) fn environment(case: &Value) -> BTreeMap<String, String> {
    let entries = case.get("env").and_then(Value::as_object).into_iter().flatten();
    entries.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

pub(crate) fn provider(case: &Value) -> &'static llm::Provider {
    llm::provider(case["provider"].as_str().unwrap()).unwrap()
}

pub(crate) fn prompt(case: &Value) -> Prompt {
    let messages = case.get("messages").and_then(Value::as_array).into_iter().flatten();
    Prompt { messages: messages.map(message).collect() }
}

fn message(message: &Value) -> Message {
    let parts = message["parts"].as_array().unwrap().iter().map(part).collect();
    Message { role: message["role"].as_str().unwrap().to_owned(), parts }
}

fn part(part: &Value) -> Part {
    let Value::Object(entries) = part else {
        return Part { content: Content::Text(part.as_str().unwrap().to_owned()), metadata: None };
    };
    let metadata = entries.get("metadata").map(|metadata| Arc::new(metadata.as_object().unwrap().clone()));
    let content = match entries.get("text") {
        Some(text) => Content::Text(text.as_str().unwrap().to_owned()),
        None => Content::Media(Arc::new(media(entries))),
    };
    Part { content, metadata }
}

fn media(entries: &Map<String, Value>) -> Media {
    let (kind, value) = MediaKind::ALL
        .into_iter()
        .find_map(|kind| entries.get(kind.name()).map(|value| (kind, value)))
        .unwrap();
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let source = match text("url") {
        Some(url) => MediaSource::Url(url),
        None => MediaSource::Base64(text("base64").unwrap()),
    };
    Media { kind, mime_type: text("mime"), source }
}

pub(crate) fn problems(problems: &[llm::Problem]) -> String {
    let mut text = String::new();
    for problem in problems {
        let help = problem.help.as_ref().map(|help| format!("\n    help: {help}")).unwrap_or_default();
        text.push_str(&format!("{}: {}{help}\n", problem.path.join("."), problem.message));
    }
    text
}
