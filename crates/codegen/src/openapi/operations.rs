//! What can be asked of each function, and of the server itself.

use schema::{Function, JsonSchemas, Schema};
use serde_json::{Map, Value, json};

use super::SCHEMAS;
use super::components::response;

/// The name of the schema of a function's arguments.
pub(super) fn arguments_name(function: &str) -> String {
    format!("{function}Request")
}

/// The arguments of a call, and its options.
pub(super) fn arguments(schema: &Schema, function: &Function, given: &JsonSchemas<'_>) -> Value {
    let mut properties: Map<String, Value> =
        function.params.iter().map(|param| (param.name.to_string(), given.of(&param.ty))).collect();
    properties.insert("__baml_options__".to_owned(), options());
    let required: Vec<&str> = function
        .params
        .iter()
        .filter(|param| !schema.is_optional(&param.ty))
        .map(|param| &*param.name)
        .collect();
    let mut arguments = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        arguments["required"] = required.into();
    }
    arguments
}

/// Arguments of which only the names count.
fn unread_arguments(function: &Function) -> Value {
    let mut properties: Map<String, Value> =
        function.params.iter().map(|param| (param.name.to_string(), json!({}))).collect();
    properties.insert("__baml_options__".to_owned(), options());
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn options() -> Value {
    json!({ "anyOf": [{ "$ref": format!("{SCHEMAS}BamlOptions") }, { "type": "null" }] })
}

/// Adds what can be asked of a function.
pub(super) fn add(paths: &mut Map<String, Value>, function: &Function, answered: &JsonSchemas<'_>) {
    let name = &function.name;
    let arguments = reference(&arguments_name(name));
    let about = |what: &str| match &function.docs {
        Some(docs) => format!("{what}\n\n{docs}"),
        None => what.to_owned(),
    };
    let answer = json!({
        "description": "What the function returns.",
        "content": { "application/json": { "schema": answered.of(&function.returns) } },
    });
    let events = json!({
        "description": "Events: `partial` with what is known so far, `restart` when another attempt begins and \
                        what was shown is void, then `final` with what the function returns, or `error` with a \
                        BamlError. Each has an id that counts from 1.",
        // Whether a schema is that of the text or of one event, OpenAPI 3.1 does not say: there is none.
        "content": { "text/event-stream": {} },
    });
    let shown = |description: &str, schema: &str| json!({ "description": description, "content": { "application/json": { "schema": reference(schema) } } });
    let called = &["400", "401", "403", "404", "408", "413", "415", "422", "429", "500", "502", "503", "504"];
    let shows = &["400", "401", "403", "404", "408", "413", "415", "422", "500", "502", "503", "504"];
    let mut post = |path: &str, id: String, summary: &str, body: &Value, ok: Value, failures: &[&str]| {
        paths.insert(
            format!("/{path}/{name}"),
            json!({ "post": {
                "operationId": id,
                "tags": [path],
                "summary": summary,
                "description": about(summary),
                "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
                "responses": responses(ok, failures),
            } }),
        );
    };
    post("call", name.to_string(), "Calls the function.", &arguments, answer.clone(), called);
    post(
        "stream",
        format!("stream{name}"),
        "Calls the function and shows its answer while it grows.",
        &arguments,
        events,
        called,
    );
    let mut read = answer;
    let whole = read["content"]["application/json"]["schema"].take();
    let partial =
        json!({ "description": "With `partial`: what is known so far. What is not known is null." });
    read["content"]["application/json"]["schema"] = json!({ "anyOf": [whole, partial] });
    post(
        "parse",
        format!("parse{name}"),
        "Reads a model's text as what the function returns; no model is asked.",
        &reference("BamlText"),
        read,
        shows,
    );
    post(
        "request",
        format!("request{name}"),
        "The request that a call would send first, keys redacted; nothing is sent.",
        &arguments,
        shown("The request.", "BamlRequest"),
        shows,
    );
    post(
        "plan",
        format!("plan{name}"),
        "The attempts that a call would make, in order; nothing is sent, and the arguments are not looked at.",
        &unread_arguments(function),
        shown("The plan.", "BamlPlan"),
        shows,
    );
}

/// Adds what can be asked of the server.
pub(super) fn add_of_the_server(paths: &mut Map<String, Value>) {
    let text = |description: &str, media_type: &str| json!({ "description": description, "content": { media_type: { "schema": { "type": "string" } } } });
    let json_answer = |description: &str| json!({ "description": description, "content": { "application/json": { "schema": { "type": "object", "additionalProperties": true } } } });
    let mut get = |path: &str, id: &str, summary: &str, open: bool, ok: Value, others: &[&str]| {
        let mut operation = json!({
            "operationId": id,
            "tags": ["server"],
            "summary": summary,
            "responses": responses(ok, others),
        });
        if open {
            operation["security"] = json!([]);
        }
        paths.insert(path.to_owned(), json!({ "get": operation }));
    };
    get("/healthz", "healthz", "Whether the process lives.", true, text("It does.", "text/plain"), &[]);
    get("/readyz", "readyz", "Whether it takes calls.", true, text("It does.", "text/plain"), &["503"]);
    get(
        "/metrics",
        "metrics",
        "Counts and times for Prometheus.",
        false,
        text("The metrics.", "text/plain"),
        &["401", "403"],
    );
    get("/openapi.json", "openapi", "This document.", false, json_answer("OpenAPI 3.1."), &["401", "403"]);
    get("/docs", "docs", "This document for people.", false, text("A page.", "text/html"), &["401", "403"]);
    get(
        "/_debug/ping",
        "ping",
        "Which version answers.",
        true,
        text("pong, and the version.", "text/plain"),
        &[],
    );
    get(
        "/_debug/status",
        "status",
        "Whether a password is needed and was given.",
        true,
        json_answer("The state."),
        &["403"],
    );
}

fn responses(ok: Value, failures: &[&str]) -> Value {
    let mut responses = Map::new();
    responses.insert("200".to_owned(), ok);
    responses.extend(failures.iter().map(|status| ((*status).to_owned(), response(status))));
    responses.into()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}
