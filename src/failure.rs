//! Failures of the engine as JavaScript errors: the data goes to the factory that the TypeScript face has
//! set, and what the factory makes of it is thrown.

use napi::bindgen_prelude::{Env, Object, Unknown};
use napi::{Error, JsValue, Result, Status};
use runtime::{Failure, FailureKind, Problem};

use crate::face::face;

/// The failure as a JavaScript error, to be returned as `Err` so that it is thrown or rejects a promise.
pub(crate) fn raise(env: &Env, failure: &Failure) -> Error {
    raise_with_reason(env, failure, None)
}

/// The same, with what the caller gave as the reason to abort.
pub(crate) fn raise_with_reason(env: &Env, failure: &Failure, reason: Option<Unknown<'_>>) -> Error {
    make(env, failure, reason)
        .unwrap_or_else(|_| Error::new(Status::GenericFailure, failure.details().message.clone()))
}

/// An error in what the caller passed, found by the door itself.
pub(crate) fn invalid_argument(env: &Env, message: impl Into<String>) -> Error {
    raise(env, &Failure::new(FailureKind::InvalidArgument, message))
}

/// The same, about one place in a value: `place` is the way there from what the caller passed.
pub(crate) fn invalid_at(env: &Env, subject: &str, place: String, what: &str) -> Error {
    let message = if place.is_empty() { format!("the value {what}") } else { format!("`{place}` {what}") };
    let failure = Failure::new(FailureKind::InvalidArgument, format!("{subject}: {message}"));
    raise(env, &failure.with_problems(vec![Problem { path: place, message, ..Problem::default() }]))
}

fn make(env: &Env, failure: &Failure, reason: Option<Unknown<'_>>) -> Result<Error> {
    let Some(factory) = face(env)?.and_then(|face| face.make_error.as_ref()) else {
        return Err(Error::new(Status::GenericFailure, failure.details().message.clone()));
    };
    let mut data = describe(env, failure)?;
    if let Some(reason) = reason {
        data.set("reason", reason)?;
    }
    let error = factory.borrow_back(env)?.call(data)?;
    Ok(Error::from_unknown_without_coercion(error))
}

/// The failure's data under the names that users see on the errors.
fn describe(env: &Env, failure: &Failure) -> Result<Object<'static>> {
    let details = failure.details();
    let mut data = Object::new(env)?;
    data.set("kind", details.kind.name())?;
    data.set("code", failure.code())?;
    data.set("message", details.message.as_str())?;
    let texts = [
        ("client_name", &details.client_name),
        ("detailed_message", &details.detailed_message),
        ("raw_response", &details.raw_response),
        ("prompt", &details.prompt),
        ("raw_output", &details.raw_output),
        ("finish_reason", &details.finish_reason),
        ("request_id", &details.request_id),
        ("transport", &details.transport),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            data.set(name, text.as_str())?;
        }
    }
    if let Some(thrown) = details.thrown.as_ref().and_then(|thrown| thrown.downcast_ref::<Error>()) {
        data.set("thrown", thrown.try_clone()?)?;
    }
    if let Some(status) = details.status_code {
        data.set("status_code", u32::from(status))?;
    }
    if let Some(milliseconds) = details.retry_after_ms {
        data.set("retry_after_ms", number(milliseconds))?;
    }
    if let Some(timeout) = &details.timeout {
        data.set("timeout_type", timeout.timeout_type)?;
        data.set("configured_value_ms", number(timeout.configured_value_ms))?;
        data.set("elapsed_ms", number(timeout.elapsed_ms))?;
    }
    if !details.attempts.is_empty() {
        let mut attempts = env.create_array(0)?;
        for attempt in &details.attempts {
            let mut entry = Object::new(env)?;
            entry.set("client_name", attempt.client_name.as_str())?;
            entry.set("provider", attempt.provider.as_str())?;
            if let Some(status) = attempt.status_code {
                entry.set("status_code", u32::from(status))?;
            }
            entry.set("code", attempt.kind)?;
            entry.set("reason", attempt.reason.as_str())?;
            entry.set("message", attempt.message.as_str())?;
            entry.set("start_time_utc_ms", number(attempt.start_time_utc_ms))?;
            entry.set("duration_ms", number(attempt.duration_ms))?;
            attempts.insert(entry)?;
        }
        data.set("attempts", attempts)?;
    }
    if !details.problems.is_empty() {
        let mut problems = env.create_array(0)?;
        for problem in &details.problems {
            let mut entry = Object::new(env)?;
            entry.set("path", problem.path.as_str())?;
            entry.set("message", problem.message.as_str())?;
            let more = [("help", &problem.help), ("expected", &problem.expected), ("found", &problem.found)];
            for (key, text) in more {
                if let Some(text) = text {
                    entry.set(key, text.as_str())?;
                }
            }
            problems.insert(entry)?;
        }
        data.set("problems", problems)?;
    }
    if let Some(previous) = &details.previous {
        data.set("previous", describe(env, previous)?)?;
    }
    Ok(outlive(env, &data))
}

/// The same object without the loan: it lives in the handle scope of the current callback, which outlives the
/// one call into JavaScript that it is made for.
pub(crate) fn outlive(env: &Env, object: &Object<'_>) -> Object<'static> {
    Object::from_raw(env.raw(), object.raw())
}

/// A count as JavaScript counts: exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "milliseconds and tokens stay far below 2^53")]
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}
