//! The recorded cases of the repository, as far as they can be held without rendering prompts: who answers, the
//! URL, the headers, the options in the body; and which programs are refused for their clients.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use llm::{Client, Dialect, Mode, Placeholders};
use schema::Severity;
use serde_json::{Map, Value, json};
use types::{Content, Message, Part, Prompt};

use crate::registry;
use crate::support::{self, Turns};

/// Where we answer differently on purpose. `registry.028`: a client registered as `a/b` is chosen by that name,
/// where the peer reads every name with a slash as `provider/model`.
const DEVIATIONS: [&str; 1] = ["registry.028"];

fn cases(file: &str) -> Vec<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../conformance/wire").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Cases in which a better answer than the recorded one is accepted too.
fn questionable(kit: &str) -> BTreeSet<String> {
    let rows = cases("questionable.jsonl");
    let ids = rows.iter().filter(|row| row["kit"] == kit).flat_map(|row| row["ids"].as_array().unwrap());
    ids.map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[test]
fn requests() {
    let groups = [
        "provider.openai",
        "provider.openai-generic",
        "provider.azure-openai",
        "provider.azure-more",
        "provider.ollama",
        "provider.openrouter",
        "provider.alias",
        "provider.model-names",
        "provider.openai-responses",
        "provider.anthropic",
        "provider.google-ai",
        "provider.vertex-ai",
        "provider.aws-bedrock",
        "registry",
        "headers",
        "client.baml",
        "client.strategy",
        "shorthand.function",
        "shorthand.primary",
        "media.handler",
    ];
    let questionable = questionable("requests");
    let (mut held, mut failures) = (0, Vec::new());
    for case in cases("open/requests.jsonl") {
        let (id, group) = (case["id"].as_str().unwrap(), case["group"].as_str().unwrap());
        if !groups.contains(&group) || DEVIATIONS.contains(&id) {
            continue;
        }
        match (difference(&case), questionable.contains(id)) {
            (None, _) | (_, true) => held += 1,
            (Some(difference), false) => failures.push(format!("{id}: {difference}")),
        }
    }
    assert!(failures.is_empty(), "{held} held, {} not:\n{}", failures.len(), failures.join("\n"));
    assert!(held > 300, "only {held} cases were found");
}

/// How our answer differs from the recorded one.
fn difference(case: &Value) -> Option<String> {
    let expected = &case["expect"];
    let refused = expected.get("error").map(|error| error["message"].as_str().unwrap());
    match (made(case), refused) {
        (Err(_), Some(_)) | (Ok(None), None) => None,
        (Err(error), None) => Some(format!("refused: {error}")),
        // Prompts are not rendered here: what only a prompt can be refused for is not seen.
        (Ok(_), Some(message)) if message.contains("media") || message.contains("Video") => None,
        (Ok(None), Some(message)) if message.contains("modular") || message.contains("credentials") => None,
        (Ok(_), Some(message)) => Some(format!("not refused; the recorded answer is: {message}")),
        (Ok(Some(request)), None) => {
            let wanted = recorded(expected);
            (request != wanted).then(|| format!("wanted {wanted}\n     got {request}"))
        }
    }
}

/// The request that the case's call makes, or why it makes none; `None` when its wire format is not spoken yet.
fn made(case: &Value) -> Result<Option<Value>, String> {
    let sources: Vec<(String, String)> = case["files"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned()))
        .collect();
    let (schema, mut diagnostics) = schema::load(&sources);
    diagnostics.extend(registry::check(&schema));
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    if !diagnostics.is_empty() {
        return Err(schema::render(&sources, &diagnostics, false));
    }
    let mut clients = support::registry(&without_undefined(&case["registry"]))?;
    if let Some(primary) = case["primary"].as_str() {
        clients.set_primary(primary).unwrap();
    }
    let function = &schema.functions[case["function"].as_str().unwrap()];
    let plan = registry::plan(&schema, Some(&clients), function, &Turns::default(), &BTreeMap::new())
        .map_err(|error| error.to_string())?;
    let step = plan.preview().next().unwrap();
    let environment = Placeholders(variables(case));
    let client = step.client.build(&environment).map_err(|problems| format!("{problems:?}"))?;
    if client.provider().dialect() != Some(Dialect::OpenAiChat) {
        return Ok(None);
    }
    request(&client, case["stream"].as_bool().unwrap()).map(Some)
}

fn variables(case: &Value) -> BTreeMap<String, String> {
    let entries = case["env"].as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// JavaScript's `undefined` arrives as null.
fn without_undefined(value: &Value) -> Value {
    match value {
        Value::Object(entries) if entries.contains_key("$undefined") => Value::Null,
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.clone(), without_undefined(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_undefined).collect(),
        other => other.clone(),
    }
}

fn request(client: &Client, stream: bool) -> Result<Value, String> {
    let text = Part { content: Content::Text("x".to_owned()), metadata: None };
    let prompt = Prompt { messages: vec![Message { role: "user".to_owned(), parts: vec![text] }] };
    let mode = if stream { Mode::Stream } else { Mode::Call };
    let request = llm::request(client, &prompt, mode).map_err(|error| error.to_string())?;
    let headers: Map<String, Value> =
        request.headers.iter().map(|(name, value)| (name.clone(), value.expose().into())).collect();
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    Ok(comparable(request.method, &request.url, headers, body))
}

fn recorded(expected: &Value) -> Value {
    let mut headers = expected["headers"].as_object().unwrap().clone();
    // The peer's own bookkeeping.
    headers.shift_remove("baml-original-url");
    let (method, url) = (expected["method"].as_str().unwrap(), expected["url"].as_str().unwrap());
    comparable(method, url, headers, expected["body"].clone())
}

/// Without messages, and with keys in order: only their presence is compared, except in the body's options.
fn comparable(method: &str, url: &str, mut headers: Map<String, Value>, mut body: Value) -> Value {
    headers.sort_keys();
    let body = body.as_object_mut().unwrap();
    let messages = body.shift_remove("messages").is_some();
    body.sort_keys();
    json!({ "method": method, "url": url, "headers": headers, "messages": messages, "body": body })
}

#[test]
fn validation() {
    let questionable = questionable("validation");
    let mut failures = Vec::new();
    let mut held = 0;
    for case in cases("open/validation.jsonl") {
        let (id, group) = (case["id"].as_str().unwrap(), case["group"].as_str().unwrap());
        if !["client", "function", "retry", "strategy"].contains(&group) || questionable.contains(id) {
            continue;
        }
        let text = case["files"]["main.baml"].as_str().unwrap();
        let sources = [("main.baml".to_owned(), text.to_owned())];
        let (schema, mut diagnostics) = schema::load(&sources);
        let by_schema = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        diagnostics.extend(registry::check(&schema));
        diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
        let accepted = diagnostics.is_empty();
        if accepted == case["expect"]["ok"].as_bool().unwrap() {
            held += 1;
        } else if !by_schema {
            failures.push(format!(
                "{id}: accepted is {accepted}\n{}",
                schema::render(&sources, &diagnostics, false)
            ));
        }
    }
    assert!(failures.is_empty(), "{held} held, {} not:\n{}", failures.len(), failures.join("\n"));
    assert!(held > 80, "only {held} cases were found");
}
