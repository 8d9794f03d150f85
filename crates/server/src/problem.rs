//! Every way in which a request can fail, with its status and its words.

use std::fmt::Write as _;
use std::ops::Deref;

use hyper::StatusCode;
use llm::Problem as OptionProblem;
use runtime::{Details, Failure, FailureKind, Problem as Place};
use serde_json::{Map, Value, json};

/// Why a request is not answered with what it asked for.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Content>);

#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    message: String,
    /// What else is known, as fields beside the message.
    fields: Map<String, Value>,
    pub(crate) retry_after_seconds: Option<u64>,
    /// `WWW-Authenticate` or `Allow`.
    pub(crate) header: Option<(&'static str, &'static str)>,
}

impl Deref for Problem {
    type Target = Content;

    fn deref(&self) -> &Content {
        &self.0
    }
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        let fields = Map::new();
        Self(Box::new(Content { status, code, message, fields, retry_after_seconds: None, header: None }))
    }

    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.fields.insert(key.to_owned(), value.into());
        self
    }

    fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.header = Some((name, value));
        self
    }

    fn with_retry_after(mut self, seconds: Option<u64>) -> Self {
        self.0.retry_after_seconds = seconds;
        self
    }

    /// The body: `{ error, message, request_id, … }`.
    pub(crate) fn json(&self, request_id: &str) -> Value {
        let mut json = Map::new();
        json.insert("error".to_owned(), self.code.into());
        json.insert("message".to_owned(), self.message.as_str().into());
        json.insert("request_id".to_owned(), request_id.into());
        json.extend(self.fields.clone());
        json.into()
    }
}

pub(crate) fn no_route(path: &str) -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        format!(
            "there is nothing at {}: functions are called at /call/NAME, /stream/NAME, /parse/NAME, /request/NAME and \
             /plan/NAME, and /openapi.json lists them",
            shown(path)
        ),
    )
}

pub(crate) fn wrong_method(method: &str, allowed: &'static str) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("the method here is {allowed}, not {}", shown(method)),
    )
    .with_header("allow", allowed)
}

pub(crate) fn unknown_function(name: &str, nearest: Option<&str>, known: &[&str]) -> Problem {
    let mut message = format!("there is no function `{}`", shown(name));
    if let Some(nearest) = nearest {
        let _ = write!(message, "; did you mean `{nearest}`?");
    }
    Problem::new(StatusCode::NOT_FOUND, "function_not_found", message).with("functions", known.to_vec())
}

pub(crate) fn no_password() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        "this server needs a password: in X-BAML-API-KEY, as a Bearer token, or with Basic and any user name",
    )
    .with_header("www-authenticate", "Basic realm=\"baml\"")
}

pub(crate) fn wrong_password() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "forbidden", "the password is wrong")
}

pub(crate) fn foreign_host() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "forbidden",
        "a server without a password answers only to names of this machine (localhost, 127.0.0.1) in the Host header",
    )
}

pub(crate) fn not_declared_json() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "the body must be JSON, with the header Content-Type: application/json",
    )
}

pub(crate) fn body_too_large(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large",
        format!("the body is larger than the {limit} bytes that this server takes"),
    )
    .with("limit_bytes", limit)
}

pub(crate) fn body_too_slow(limit_ms: u64) -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "body_timeout",
        format!("the body did not come within {limit_ms} ms"),
    )
}

pub(crate) fn body_cut() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid_argument", "the body broke off before its end")
}

pub(crate) fn not_json(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid_argument", format!("the body is not valid JSON: {error}"))
}

pub(crate) fn not_an_object(kind: &str) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "invalid_argument",
        format!("the body must be an object with the function's arguments, got {kind}"),
    )
}

pub(crate) fn wrong_arguments(function: &str, places: &[Place]) -> Problem {
    invalid(&format!("the arguments of {function} are not valid"), places)
}

pub(crate) fn wrong_options(places: &[Place]) -> Problem {
    invalid("__baml_options__ is not valid", places)
}

/// What is wrong with the clients that a caller brought.
pub(crate) fn wrong_registry(problems: &[OptionProblem]) -> Problem {
    let places: Vec<Place> = problems
        .iter()
        .map(|problem| Place {
            path: path(&problem.path),
            message: problem.message.clone(),
            help: problem.help.clone(),
            ..Place::default()
        })
        .collect();
    wrong_options(&places)
}

pub(crate) fn not_allowed(places: &[Place]) -> Problem {
    of_places(StatusCode::FORBIDDEN, "client_not_allowed", "this server does not allow it", places)
}

fn invalid(subject: &str, places: &[Place]) -> Problem {
    of_places(StatusCode::BAD_REQUEST, "invalid_argument", subject, places)
}

fn of_places(status: StatusCode, code: &'static str, subject: &str, places: &[Place]) -> Problem {
    let mut message = format!("{subject}:");
    for Place { path, message: what, help, .. } in places {
        let _ = if path.is_empty() { write!(message, " {what}") } else { write!(message, " {path}: {what}") };
        if let Some(help) = help {
            let _ = write!(message, " ({help})");
        }
        message.push(';');
    }
    message.pop();
    let places: Vec<Value> = places.iter().map(place).collect();
    Problem::new(status, code, message).with("problems", places)
}

fn place(place: &Place) -> Value {
    let mut json = json!({ "path": place.path, "message": place.message });
    for (key, text) in [("help", &place.help), ("expected", &place.expected), ("found", &place.found)] {
        if let Some(text) = text {
            json[key] = text.as_str().into();
        }
    }
    json
}

/// `__baml_options__.client_registry.clients[0].options.model`.
pub(crate) fn path(steps: &[String]) -> String {
    let mut text = "__baml_options__.client_registry".to_owned();
    for step in steps {
        if step.bytes().all(|byte| byte.is_ascii_digit()) {
            let _ = write!(text, "[{step}]");
        } else {
            let _ = write!(text, ".{step}");
        }
    }
    text
}

pub(crate) fn too_many_calls(limit: usize) -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "too_many_calls",
        format!("{limit} calls are under way, and this server takes no more at a time"),
    )
    .with_retry_after(Some(1))
}

pub(crate) fn ending() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "shutting_down", "this server is ending")
        .with_retry_after(Some(1))
}

pub(crate) fn call_too_long(limit_ms: u64) -> Problem {
    Problem::new(
        StatusCode::GATEWAY_TIMEOUT,
        "timeout",
        format!("the call took longer than the {limit_ms} ms that this server gives it"),
    )
    .with("timeout_type", "server_call_timeout")
}

/// A mistake of ours: nothing of it is shown.
pub(crate) fn broken() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "something broke in the server")
}

/// A call that brought no value. `is_callers` says whether a client was configured by the caller.
pub(crate) fn of_failure(failure: &Failure, is_callers: impl Fn(&str) -> bool) -> Problem {
    let details = failure.details();
    let (status, code) = match failure.kind() {
        FailureKind::InvalidArgument => match details.client_name.as_deref() {
            Some(client) if !is_callers(client) => (StatusCode::INTERNAL_SERVER_ERROR, "configuration_error"),
            _ => (StatusCode::BAD_REQUEST, "invalid_argument"),
        },
        FailureKind::Validation => (StatusCode::UNPROCESSABLE_ENTITY, "validation_failure"),
        FailureKind::FinishReason => (StatusCode::UNPROCESSABLE_ENTITY, "finish_reason_error"),
        FailureKind::Http if details.status_code == Some(429) => {
            (StatusCode::TOO_MANY_REQUESTS, "rate_limited")
        }
        FailureKind::Http => (StatusCode::BAD_GATEWAY, "client_http_error"),
        FailureKind::Timeout => (StatusCode::GATEWAY_TIMEOUT, "timeout"),
        // A request that is only shown fails for no client.
        FailureKind::Client | FailureKind::Other if details.media_url.is_some() => {
            (StatusCode::BAD_GATEWAY, "media_download_failed")
        }
        FailureKind::Client => (StatusCode::BAD_GATEWAY, "client_error"),
        FailureKind::Abort | FailureKind::Other => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
    };
    let mut problem = Problem::new(status, code, failure.to_string());
    problem.0.fields = fields(details);
    // Only who is limited is to wait: after another failure the next call may be answered at once.
    let wait = details.retry_after_ms.filter(|_| status == StatusCode::TOO_MANY_REQUESTS);
    problem.with_retry_after(wait.map(|milliseconds| milliseconds.div_ceil(1000)))
}

/// What is known of a failure. The body of the provider's answer is not: it may tell what is not the caller's.
fn fields(details: &Details) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut add = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value);
        }
    };
    add("client_name", details.client_name.as_deref().map(Value::from));
    // Statuses that only stand for a failure of the transport are no statuses.
    let answered = details.timeout.is_none() && details.transport.is_none();
    add("status_code", details.status_code.filter(|status| answered && *status >= 100).map(Value::from));
    add("provider_request_id", details.request_id.as_deref().map(Value::from));
    add("retry_after_ms", details.retry_after_ms.map(Value::from));
    add("raw_output", details.raw_output.as_deref().map(Value::from));
    add("media_url", details.media_url.as_deref().map(Value::from));
    add("finish_reason", details.finish_reason.as_deref().map(Value::from));
    add("timeout_type", details.timeout.as_ref().map(|timeout| timeout.timeout_type.into()));
    let places: Vec<Value> = details.problems.iter().map(place).collect();
    add("problems", (!places.is_empty()).then(|| places.into()));
    let attempts: Vec<Value> = details
        .attempts
        .iter()
        .map(|attempt| {
            let mut json = json!({
                "client_name": attempt.client_name,
                "provider": attempt.provider,
                "message": attempt.message,
                "duration_ms": attempt.duration_ms,
            });
            let answered = !matches!(attempt.kind, "network" | "timeout" | "unusable");
            if let Some(status) = attempt.status_code.filter(|_| answered) {
                json["status_code"] = status.into();
            }
            json
        })
        .collect();
    add("attempts", (!attempts.is_empty()).then(|| attempts.into()));
    fields
}

/// A word of the caller's, short enough to repeat.
fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
