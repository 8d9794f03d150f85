//! The recorded requests whose interest is the prompt: each is loaded, bound and rendered, and the messages are
//! compared with those that were recorded.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use baml_prompt::{ClientView, Templates};
use indexmap::IndexMap;
use schema::{Schema, Severity};
use serde_json::{Value as Json, json};
use types::{Arguments, Config, Content, Media, MediaKind, MediaSource, Name, Prompt, Value};

const GROUPS: [&str; 13] = [
    "format.types",
    "format.params",
    "format.enums",
    "format.decl",
    "jinja",
    "whitespace",
    "whitespace.args",
    "whitespace.quote",
    "template",
    "args",
    "ctx",
    "roles.openai",
    "media.shape",
];

/// Where we answer something else on purpose: the id, and what must be in our answer.
const BETTER: [(&str, &str); 4] = [
    // A number that is whole is an int, however large.
    ("args.005", "9007199254740992"),
    // A null in a map prints as in a list, as in a class and on its own.
    ("args.085", r#"{\"a\": null}"#),
    // `tojson` of an enum value is its alias, as everywhere in a prompt, and not an empty object.
    ("args.057", r#"\"e\":\"rouge\""#),
    // `{% with %}` renders.
    ("jinja.074", r#""1""#),
];

#[test]
fn recorded_prompts_are_rendered_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/wire/open/requests.jsonl");
    let text = std::fs::read_to_string(&folder).unwrap();
    let cases = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    let mut groups: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failures = Vec::new();
    for case in cases.filter(|case| GROUPS.contains(&case["group"].as_str().unwrap())) {
        let group = groups.entry(case["group"].as_str().unwrap().to_owned()).or_default();
        if !case["expect"]["body"].is_null() && case["expect"]["body"]["messages"].is_null() {
            continue;
        }
        group.1 += 1;
        match compare(&case) {
            Ok(()) => group.0 += 1,
            Err(difference) => failures.push(format!("{}: {difference}", case["id"])),
        }
    }
    let total: usize = groups.values().map(|(_, all)| all).sum();
    assert!(total > 300, "the recorded cases are there: {groups:?}");
    assert!(failures.is_empty(), "{groups:?}\n{}", failures.join("\n"));
}

fn compare(case: &Json) -> Result<(), String> {
    let ours = run(case);
    let better = BETTER.iter().find(|(id, _)| case["id"] == *id);
    if let Some((_, wanted)) = better {
        let text = ours.map(|messages| messages.to_string())?;
        return if text.contains(wanted) { Ok(()) } else { Err(format!("wanted {wanted} in {text}")) };
    }
    let expected = &case["expect"];
    match (expected.get("error"), ours) {
        (Some(_), Err(_)) => Ok(()),
        (Some(error), Ok(ours)) => Err(format!("should fail: {error}\n  but gave {ours}")),
        (None, Err(error)) => Err(format!("failed: {error}")),
        (None, Ok(ours)) => {
            let wanted = normal(&expected["body"]["messages"]);
            if ours == wanted { Ok(()) } else { Err(format!("\n  wanted {wanted}\n  got    {ours}")) }
        }
    }
}

/// Media parts are compared by their place only: how they are written on the wire is another room's.
fn normal(messages: &Json) -> Json {
    let part = |part: &Json| match part["type"].as_str() {
        Some("text") => json!({ "text": part["text"] }),
        _ => json!("media"),
    };
    let message = |message: &Json| match &message["content"] {
        Json::String(text) => json!({ "role": message["role"], "parts": [{ "text": text }] }),
        parts => {
            let parts: Vec<Json> = parts.as_array().unwrap().iter().map(part).collect();
            json!({ "role": message["role"], "parts": parts })
        }
    };
    messages.as_array().unwrap().iter().map(message).collect()
}

fn run(case: &Json) -> Result<Json, String> {
    let sources: Vec<(String, String)> = case["files"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, text)| (path.clone(), text.as_str().unwrap().to_owned()))
        .collect();
    let (schema, mut diagnostics) = schema::load(&sources);
    let (templates, more) = Templates::compile_with_sources(&schema, &sources);
    diagnostics.extend(more);
    if let Some(error) = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(error.message.clone());
    }
    let schema = Arc::new(schema);
    let name = case["function"].as_str().unwrap();
    let function = schema.functions.get(name).ok_or("no such function")?;
    let mut arguments = Arguments::new();
    for (name, value) in case["args"].as_object().unwrap() {
        arguments.insert(Name::from(name.as_str()), revive(value));
    }
    let arguments =
        schema.bind(function, arguments, &templates).map_err(|problems| format!("{problems:?}"))?;
    let client = client(case, &schema, &function.client.text);
    let tags = BTreeMap::new();
    let prompt =
        templates.render(&schema, function, &arguments, &client, &tags).map_err(|error| error.to_string())?;
    Ok(shape(&prompt))
}

fn shape(prompt: &Prompt) -> Json {
    let part = |part: &types::Part| match &part.content {
        Content::Text(text) => json!({ "text": text }),
        Content::Media(_) => json!("media"),
    };
    let message = |message: &types::Message| json!({ "role": message.role, "parts": message.parts.iter().map(part).collect::<Vec<_>>() });
    prompt.messages.iter().map(message).collect()
}

/// The recorder's way to write what JSON cannot.
fn revive(json: &Json) -> Value {
    let Some(entries) = json.as_object() else {
        return match json {
            Json::Array(items) => Value::List(items.iter().map(revive).collect()),
            // A JavaScript number beyond the safe integers arrives as a float.
            Json::Number(number)
                if number.as_f64().is_some_and(|number| number.abs() > 9_007_199_254_740_991.0) =>
            {
                Value::Float(number.as_f64().unwrap())
            }
            other => Value::from(other.clone()),
        };
    };
    let first = entries.iter().next();
    match first.map(|(key, value)| (key.as_str(), value)) {
        Some(("$number", number)) if number == "Infinity" => Value::Float(f64::INFINITY),
        Some(("$number" | "$undefined", _)) => Value::Null,
        Some((key, value)) if key.starts_with('$') => {
            let kind = MediaKind::ALL.into_iter().find(|kind| kind.name() == &key[1..]).unwrap();
            let text = |key: &str| value[key].as_str().map(str::to_owned);
            let source =
                text("url").map_or_else(|| MediaSource::Base64(text("base64").unwrap()), MediaSource::Url);
            Value::Media(Arc::new(Media { kind, mime_type: text("mime"), source }))
        }
        _ => {
            Value::Map(entries.iter().map(|(key, value)| (Name::from(key.as_str()), revive(value))).collect())
        }
    }
}

/// What the registry room would tell the prompt room about the client that answers.
fn client(case: &Json, schema: &Schema, reference: &str) -> ClientView {
    let name = case["primary"].as_str().unwrap_or(reference);
    let registered = case["registry"].as_array().into_iter().flatten().find(|client| client["name"] == name);
    if let Some(client) = registered {
        return view(name, client["provider"].as_str().unwrap(), client["options"]["model"].as_str());
    }
    let Some(client) = schema.clients.get(name) else {
        let (provider, model) = name.split_once('/').unwrap();
        return view(name, provider, Some(model));
    };
    let text = |config: Option<&Config>| match config {
        Some(Config::String(text)) => Some(text.clone()),
        _ => None,
    };
    if let Some(Config::List(members)) = client.options.get("strategy") {
        return self::client(case, schema, &text(members.first()).unwrap());
    }
    view(name, &client.provider, text(client.options.get("model")).as_deref())
}

fn view(name: &str, provider: &str, model: Option<&str>) -> ClientView {
    let default_role = if provider.starts_with("openai") { "system" } else { "user" };
    ClientView {
        name: name.to_owned(),
        provider: provider.to_owned(),
        options: model.map(|model| ("model".to_owned(), model.into())).into_iter().collect(),
        default_role: default_role.to_owned(),
        allowed_roles: ["system", "user", "assistant"].map(str::to_owned).to_vec(),
        remap_roles: IndexMap::new(),
    }
}
