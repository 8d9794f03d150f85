//! What all functions share: options, errors and ways to show who one is.

use serde_json::{Map, Value, json};

use super::{OpenApiOptions, SCHEMAS};

/// Why a call brings no value, by status.
const FAILURES: [(&str, &str); 12] = [
    ("400", "The arguments, the options or the clients given are wrong; `problems` says where."),
    ("401", "A password is needed."),
    ("403", "The password is wrong, or callers may not do this."),
    ("404", "There is no such function."),
    ("408", "The body did not come in time."),
    ("413", "The body is larger than the server takes."),
    ("415", "The body is not declared as application/json."),
    (
        "422",
        "The model's answer does not fit the function's type, or ended for a reason that is not accepted.",
    ),
    ("429", "The provider limits the rate: try again after Retry-After."),
    ("500", "The server's own clients are not set up well, or something broke."),
    ("502", "The provider failed, and `status_code` is what it answered; or media could not be downloaded."),
    ("503", "The server has more calls than it takes, or is ending."),
];

pub(super) fn response(status: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{}", response_name(status)) })
}

pub(super) fn responses() -> Value {
    let timeout = ("504", "A time limit ran out before there was an answer.");
    let mut responses = Map::new();
    for (status, description) in FAILURES.into_iter().chain([timeout]) {
        let mut response = json!({
            "description": description,
            "content": { "application/json": { "schema": { "$ref": format!("{SCHEMAS}BamlError") } } },
        });
        if matches!(status, "429" | "503") {
            response["headers"] =
                json!({ "Retry-After": { "schema": { "type": "integer" }, "description": "Seconds." } });
        }
        responses.insert(response_name(status), response);
    }
    responses.into()
}

fn response_name(status: &str) -> String {
    format!("Failure{status}")
}

pub(super) fn security_schemes() -> Value {
    json!({
        "basic": { "type": "http", "scheme": "basic", "description": "Any user name, and the password." },
        "bearer": { "type": "http", "scheme": "bearer", "description": "The password." },
        "key": { "type": "apiKey", "in": "header", "name": "X-BAML-API-KEY", "description": "The password." },
    })
}

pub(super) fn schemas(options: &OpenApiOptions) -> Map<String, Value> {
    let mut schemas = Map::new();
    let mut add = |name: &str, schema: Value| schemas.insert(name.to_owned(), schema);
    add("BamlOptions", call_options(options));
    if options.takes_clients {
        add("BamlClientRegistry", registry());
        add("BamlClient", client());
    }
    add("BamlRetryPolicy", retry_policy());
    add("BamlText", text());
    add("BamlError", error());
    add("BamlProblem", problem());
    add("BamlAttempt", attempt());
    add("BamlRequest", request());
    add("BamlPlan", plan());
    schemas
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

fn nullable(schema: Value) -> Value {
    json!({ "anyOf": Value::Array(vec![schema, json!({ "type": "null" })]) })
}

fn call_options(options: &OpenApiOptions) -> Value {
    let mut registries = Vec::new();
    if options.takes_clients {
        registries.push(reference("BamlClientRegistry"));
    }
    if !options.presets.is_empty() {
        registries.push(json!({ "type": "string", "enum": options.presets }));
    }
    registries.push(json!({ "type": "null" }));
    let mut properties = json!({
        "client_registry": { "anyOf": registries, "description": "Who answers this call." },
        "tags": nullable(json!({
            "type": "object",
            "additionalProperties": { "type": "string" },
            "description": "Shown to the prompt and to weighted clients.",
        })),
    });
    if options.takes_clients {
        properties["client"] = nullable(json!({
            "type": "string",
            "description": "The client that answers: of the registry, of the program, or provider/model.",
        }));
        properties["retry_policies"] = nullable(json!({
            "type": "object",
            "additionalProperties": reference("BamlRetryPolicy"),
            "description": "Retry policies by name, for the clients of the registry.",
        }));
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn registry() -> Value {
    json!({
        "type": "object",
        "description": "Clients for one call.",
        "properties": {
            "clients": nullable(json!({ "type": "array", "items": reference("BamlClient") })),
            "primary": nullable(json!({
                "type": "string",
                "description": "The client that answers: one of these, of the program, or provider/model.",
            })),
            "retry_policies": nullable(json!({
                "type": "object",
                "additionalProperties": reference("BamlRetryPolicy"),
            })),
        },
        "additionalProperties": false,
    })
}

fn client() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string" },
            "provider": { "type": "string", "examples": ["openai", "anthropic", "fallback"] },
            "extends": { "type": "string", "description": "In place of provider: the client that it is but for its options." },
            "options": { "type": "object", "additionalProperties": true, "examples": [{ "model": "gpt-5-mini", "api_key": "sk-..." }] },
            "retry_policy": {
                "anyOf": [{ "type": "string" }, reference("BamlRetryPolicy"), { "type": "null" }],
                "description": "A policy by name, or itself.",
            },
        },
        "required": ["name"],
        "additionalProperties": false,
    })
}

fn retry_policy() -> Value {
    json!({
        "type": "object",
        "properties": {
            "max_retries": { "type": "integer", "minimum": 0 },
            "strategy": { "type": "object", "additionalProperties": true },
        },
        "required": ["max_retries"],
    })
}

fn text() -> Value {
    json!({
        "type": "object",
        "properties": {
            "text": { "type": "string", "description": "What a model wrote." },
            "partial": { "type": "boolean", "description": "Whether more is to come." },
        },
        "required": ["text"],
        "additionalProperties": false,
    })
}

fn error() -> Value {
    json!({
        "type": "object",
        "description": "Why there is no value. A field is absent where it has no meaning.",
        "properties": {
            "error": { "type": "string", "description": "The kind.", "examples": ["invalid_argument", "validation_failure"] },
            "message": { "type": "string" },
            "request_id": { "type": "string", "description": "As in the header X-Request-Id." },
            "problems": { "type": "array", "items": reference("BamlProblem") },
            "client_name": { "type": "string", "description": "The client that failed last." },
            "status_code": { "type": "integer", "description": "What the provider answered." },
            "provider_request_id": { "type": "string" },
            "retry_after_ms": { "type": "integer" },
            "raw_output": { "type": "string", "description": "What the model wrote." },
            "media_url": { "type": "string", "description": "What could not be downloaded." },
            "finish_reason": { "type": "string" },
            "timeout_type": { "type": "string" },
            "attempts": { "type": "array", "items": reference("BamlAttempt") },
        },
        "required": ["error", "message", "request_id"],
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "properties": {
            "path": { "type": "string", "examples": ["resume.items[2].name"] },
            "message": { "type": "string" },
            "help": { "type": "string" },
            "expected": { "type": "string", "examples": ["int"] },
            "found": { "type": "string", "examples": ["twelve"] },
        },
        "required": ["path", "message"],
    })
}

fn attempt() -> Value {
    json!({
        "type": "object",
        "properties": {
            "client_name": { "type": "string" },
            "provider": { "type": "string" },
            "status_code": { "type": "integer" },
            "message": { "type": "string" },
            "duration_ms": { "type": "integer" },
        },
        "required": ["client_name", "provider", "message", "duration_ms"],
    })
}

fn request() -> Value {
    json!({
        "type": "object",
        "properties": {
            "method": { "type": "string" },
            "url": { "type": "string" },
            "headers": { "type": "object", "additionalProperties": { "type": "string" } },
            "body": { "description": "What the provider would be sent." },
        },
        "required": ["method", "url", "headers", "body"],
    })
}

fn plan() -> Value {
    json!({
        "type": "object",
        "description": "The attempts in order, as `b.plan` of a generated client gives them.",
        "additionalProperties": true,
    })
}
