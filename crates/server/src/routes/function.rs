//! What can be asked of a function.

use std::sync::Arc;

use hyper::HeaderMap;
use runtime::{Failure, Problem as Place, Written};
use serde_json::{Map, Value, json};
use types::{Arguments, Name, nearest};

use super::{call, stream};
use crate::answer::{self, Answer};
use crate::app::{App, Served};
use crate::body::{self, Body};
use crate::options::{self, Options};
use crate::problem::{self, Problem};
use crate::route::Action;

/// After so many attempts a plan is cut, and says so.
const MOST_ATTEMPTS: usize = 100;

/// What a request asks of one function.
pub(super) struct Asked {
    pub(super) served: Arc<Served>,
    pub(super) function: Name,
    pub(super) arguments: Arguments,
    pub(super) options: Options,
}

impl Asked {
    /// A failure of the call, told to the caller.
    pub(super) fn problem(&self, failure: &Failure) -> Problem {
        let callers = &self.options.callers_clients;
        let is_program_client = |client: &str| self.served.runtime.schema().clients.contains_key(client);
        problem::of_failure(failure, |client| {
            callers.contains(client) || !is_program_client(client) && !client.contains('/')
        })
    }
}

pub(crate) async fn function(
    app: &App,
    action: Action,
    name: &str,
    headers: &HeaderMap,
    body: Body,
    request_id: &str,
) -> Result<Answer, Problem> {
    let served = app.served();
    let schema = served.runtime.schema();
    let Some(function) = schema.functions.get(name).cloned() else {
        let known: Vec<&str> = schema.functions.keys().map(|name| &**name).collect();
        return Err(problem::unknown_function(name, nearest(name, known.iter().copied()), &known));
    };
    let asks_a_model = matches!(action, Action::Call | Action::Stream);
    let too_many = || problem::too_many_calls(app.settings.limits.calls);
    // What cannot be answered need not be sent.
    if asks_a_model && app.calls.available_permits() == 0 {
        return Err(too_many());
    }
    let mut body = body::object(headers, body, &app.settings.limits).await?;
    // A body that comes slowly keeps no other call out.
    let permit = asks_a_model
        .then(|| Arc::clone(&app.calls).try_acquire_owned().map_err(|_| too_many()))
        .transpose()?;
    if action == Action::Parse {
        return parse(&served, &function.name, body);
    }
    let options = Options::take(&mut body, &app.settings, &served.runtime)?;
    let known: Vec<&str> = function.params.iter().map(|param| &*param.name).collect();
    refuse_unknown(name, &body, &known)?;
    let arguments = body.into_iter().map(|(key, value)| (Name::from(key), value.into())).collect();
    let asked = Asked { function: function.name.clone(), arguments, options, served };
    match action {
        Action::Call => call::call(app, asked).await,
        Action::Stream => stream::stream(app, asked, permit, request_id).await,
        Action::Request => request(app, asked).await,
        Action::Plan | Action::Parse => plan(app, &asked),
    }
}

/// An argument that the function does not have was meant to be something.
fn refuse_unknown(function: &str, body: &Map<String, Value>, known: &[&str]) -> Result<(), Problem> {
    let unknown: Vec<Place> = body
        .keys()
        .filter(|key| !known.contains(&key.as_str()))
        .map(|key| Place {
            path: key.clone(),
            message: if known.is_empty() {
                "the function takes no arguments".to_owned()
            } else {
                format!("the function has no such argument; it takes {}", known.join(", "))
            },
            help: nearest(key, known.iter().copied().chain([options::KEY]))
                .map(|name| format!("did you mean `{name}`?")),
            ..Place::default()
        })
        .collect();
    if unknown.is_empty() { Ok(()) } else { Err(problem::wrong_arguments(function, &unknown)) }
}

/// `{ text, partial? }`: no model is asked.
fn parse(served: &Served, function: &str, mut body: Map<String, Value>) -> Result<Answer, Problem> {
    let wrong = |path: &str, message: String| {
        problem::wrong_arguments(function, &[Place { path: path.to_owned(), message, ..Place::default() }])
    };
    let text = match body.shift_remove("text") {
        Some(Value::String(text)) => text,
        Some(other) => return Err(wrong("text", format!("expected a string, got {}", body::kind(&other)))),
        None => return Err(wrong("text", "what the model wrote is missing".to_owned())),
    };
    let partial = match body.shift_remove("partial") {
        None => false,
        Some(Value::Bool(partial)) => partial,
        Some(other) => {
            return Err(wrong("partial", format!("expected a boolean, got {}", body::kind(&other))));
        }
    };
    if let Some(unknown) = body.keys().next() {
        return Err(wrong(unknown, "only `text` and `partial` can be given".to_owned()));
    }
    let written = served
        .runtime
        .parse(function, &text, partial, None)
        .map_err(|failure| problem::of_failure(&failure, |_| false))?;
    Ok(match written {
        Written::Text(text) => answer::json(&Value::String(text)),
        Written::Json(json) => answer::json_text(json),
        Written::Part(place) => answer::json_text(text.get(place).unwrap_or_default().to_owned()),
    })
}

/// The request that a call would send first, keys redacted.
async fn request(app: &App, asked: Asked) -> Result<Answer, Problem> {
    let options = asked.options.of_call(&app.settings, &asked.served.runtime, &asked.function);
    let shown = asked.served.runtime.shown_request(&asked.function, asked.arguments.clone(), options).await;
    let record = shown.map_err(|failure| asked.problem(&failure))?;
    let body = serde_json::from_slice(&record.body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&record.body).into_owned()));
    let headers: Map<String, Value> =
        record.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
    Ok(answer::json(&json!({
        "method": record.method, "url": record.url, "headers": headers, "body": body,
    })))
}

/// The attempts that a call would make.
fn plan(app: &App, asked: &Asked) -> Result<Answer, Problem> {
    let options = asked.options.of_call(&app.settings, &asked.served.runtime, &asked.function);
    let plan = asked
        .served
        .runtime
        .plan(&asked.function, &options, MOST_ATTEMPTS)
        .map_err(|failure| asked.problem(&failure))?;
    Ok(answer::json(&runtime::plan_json(&plan)))
}
