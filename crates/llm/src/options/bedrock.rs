//! The options of Bedrock that shape its requests: where they go, and what goes into the body.

use secrecy::SecretString;
use serde_json::{Map, Number, Value};
use types::{Config, ConfigMap};

use super::clouds::{set_variable, variable_of};
use super::known;
use super::reader::{Reader, whole_number};
use crate::endpoint::Endpoint;
use crate::environment::stands_for;
use crate::problem::{self, Problem};
use crate::provider::Provider;

const INFERENCE: &str = "inference_configuration";
const FIELDS: &str = "additional_model_request_fields";

/// What `inference_configuration` takes, and how the wire calls it.
const INFERENCE_KEYS: [(&str, &str); 4] = [
    ("max_tokens", "maxTokens"),
    ("temperature", "temperature"),
    ("top_p", "topP"),
    ("stop_sequences", "stopSequences"),
];

/// The options that name credentials of another sort.
const CREDENTIALS: [&str; 4] = ["access_key_id", "secret_access_key", "session_token", "profile"];

/// The variable of a Bedrock API key, as AWS's own tools read it.
const KEY_VARIABLE: &str = "AWS_BEARER_TOKEN_BEDROCK";

/// The variables that move AWS's own tools to another endpoint, the more exact one first.
const ENDPOINT_VARIABLES: [&str; 2] = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL"];

/// `endpoint_url`, or AWS's own endpoint in the region. `None` when the region is not known yet.
pub(super) fn endpoint(reader: &mut Reader<'_>, region: Option<&str>) -> Option<Endpoint> {
    let given = match reader.text("endpoint_url") {
        Some(text) => Some(text.known?),
        None => set_variable(reader, &ENDPOINT_VARIABLES),
    };
    if let Some(url) = given {
        return match Endpoint::parse(&url) {
            Ok(endpoint) => Some(endpoint),
            Err(why) => {
                reader.note(problem::bad_url(&["endpoint_url"], why));
                None
            }
        };
    }
    let region = region?;
    let endpoint = match reader.options.get("region").and_then(variable_of) {
        Some(variable) if stands_for(region, variable) => {
            Endpoint::parse(&format!("https://bedrock-runtime.{region}.amazonaws.com")).ok()
        }
        _ => Endpoint::bedrock(region),
    };
    if endpoint.is_none() {
        reader.note(problem::bad_region(&["region"], region));
    }
    endpoint
}

/// Whether requests are authorised with a key that [`api_key`] reads, instead of being signed.
pub(super) fn sends_key(reader: &Reader<'_>) -> bool {
    match reader.options.get("api_key") {
        Some(Config::Callback(_)) => false,
        Some(_) => true,
        None => key_of_environment(reader).is_some(),
    }
}

fn key_of_environment(reader: &Reader<'_>) -> Option<String> {
    if CREDENTIALS.iter().any(|key| reader.has(key)) {
        return None;
    }
    set_variable(reader, &[KEY_VARIABLE])
}

/// A Bedrock API key, which is sent as it is. The one in the environment serves clients that name no other
/// credentials.
pub(super) fn api_key(reader: &mut Reader<'_>) -> Option<SecretString> {
    let Some(value) = reader.options.get("api_key") else {
        return key_of_environment(reader).map(SecretString::from);
    };
    if let Some(own) = CREDENTIALS.into_iter().find(|key| reader.has(key)) {
        reader.note(problem::not_together("api_key", own));
    }
    let text = reader.text_at(&["api_key"], value)?;
    let key = super::header_text(reader, &["api_key"], &text)?;
    if key.is_empty() {
        reader.note(problem::must_not_be_empty(&["api_key"]));
    }
    Some(SecretString::from(key))
}

/// What the options add to the body, as the wire has it.
pub(super) fn body(reader: &mut Reader<'_>, provider: &Provider) -> Map<String, Value> {
    let options = reader.options;
    for key in options.keys().filter(|key| !known::BEDROCK.contains(&key.as_str())) {
        reader.note(if key == "base_url" {
            problem::called_otherwise(provider, key, "endpoint_url")
        } else {
            problem::unsupported(provider, key, known::BEDROCK)
        });
    }
    if reader.has("model") && reader.has("model_id") {
        reader.note(problem::not_together("model", "model_id"));
    }
    let mut body = Map::new();
    let inference = inference(reader);
    if !inference.is_empty() {
        body.insert("inferenceConfig".to_owned(), Value::Object(inference));
    }
    if reader.map(FIELDS).is_some_and(|fields| !fields.is_empty())
        && let Some(fields) = options.get(FIELDS)
    {
        let fields = reader.json(&[FIELDS], fields);
        body.insert("additionalModelRequestFields".to_owned(), fields);
    }
    body
}

fn inference(reader: &mut Reader<'_>) -> Map<String, Value> {
    let Some(entries) = reader.map(INFERENCE) else { return Map::new() };
    let keys = INFERENCE_KEYS.map(|(key, _)| key);
    for key in entries.keys().filter(|key| !keys.contains(&key.as_str())) {
        reader.note(problem::unknown_in_block(&[INFERENCE], key, &keys));
    }
    let mut inference = Map::new();
    for (key, name) in INFERENCE_KEYS {
        let Some(value) = entries.get(key) else { continue };
        let value = match key {
            "stop_sequences" => stop_sequences(reader, value),
            "max_tokens" => max_tokens(reader, value),
            _ => number(reader, key, value).map(Value::Number),
        };
        inference.extend(value.map(|value| (name.to_owned(), value)));
    }
    inference
}

/// A whole number, as the wire wants it: JavaScript hands over `5.0` for 5.
fn max_tokens(reader: &mut Reader<'_>, value: &Config) -> Option<Value> {
    let number = number(reader, "max_tokens", value)?;
    let whole = whole_number(&number);
    if whole.is_none() {
        reader.note(problem::not_whole_tokens(&[INFERENCE, "max_tokens"], &number.to_string()));
    }
    whole.map(Value::from)
}

/// A number, or text that reads as one, such as that of a variable. All else is not sent; see [`warnings`].
fn number(reader: &mut Reader<'_>, key: &str, value: &Config) -> Option<Number> {
    match value {
        Config::Number(number) => Some(number.clone()),
        Config::String(_) | Config::Env(_) => {
            let text = reader.text_at(&[INFERENCE, key], value)?.known?;
            serde_json::from_str(text.trim()).ok()
        }
        _ => None,
    }
}

fn stop_sequences(reader: &mut Reader<'_>, value: &Config) -> Option<Value> {
    let path = [INFERENCE, "stop_sequences"];
    let Config::List(items) = value else {
        reader.note(problem::wrong_kind(&path, "a list of strings", value));
        return None;
    };
    let texts = items.iter().filter_map(|item| match item {
        Config::String(_) | Config::Env(_) => reader.text_at(&path, item)?.known.map(Value::String),
        other => {
            reader.note(problem::wrong_item(&path, other));
            None
        }
    });
    Some(Value::Array(texts.collect()))
}

/// Numbers that are none: they are not sent, as those who have clients of the peer expect.
pub(super) fn warnings(options: &ConfigMap) -> Vec<Problem> {
    let Some(Config::Map(entries)) = options.get(INFERENCE) else { return Vec::new() };
    let mut warnings = Vec::new();
    for key in ["max_tokens", "temperature", "top_p"] {
        let is_number = match entries.get(key) {
            None | Some(Config::Number(_) | Config::Env(_)) => true,
            Some(Config::String(text)) => serde_json::from_str::<Number>(text.trim()).is_ok(),
            Some(_) => false,
        };
        if !is_number {
            warnings.push(problem::number_not_sent(&[INFERENCE, key]));
        }
    }
    warnings
}
