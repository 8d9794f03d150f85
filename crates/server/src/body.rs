//! The body of a request: JSON that came whole, in time, and within the limit.

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Map, Value};

use crate::problem::{self, Problem};
use crate::settings::Limits;

/// Reads the body as an object.
pub(crate) async fn object(
    headers: &HeaderMap,
    body: Incoming,
    limits: &Limits,
) -> Result<Map<String, Value>, Problem> {
    if !is_json(headers) {
        return Err(problem::not_declared_json());
    }
    let bytes = tokio::time::timeout(limits.body_timeout, read(body, limits.body_bytes))
        .await
        .map_err(|_| problem::body_too_slow(milliseconds(limits.body_timeout)))??;
    // The parser gives up at a depth of 128.
    match serde_json::from_slice(&bytes).map_err(|error| problem::not_json(&error))? {
        Value::Object(entries) => Ok(entries),
        other => Err(problem::not_an_object(kind(&other))),
    }
}

async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, Problem> {
    let declared = body.size_hint().lower();
    if declared > limit as u64 {
        return Err(problem::body_too_large(limit));
    }
    let mut whole = BytesMut::with_capacity(usize::try_from(declared).unwrap_or(limit));
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| problem::body_cut())?.into_data() else { continue };
        if whole.len() + data.len() > limit {
            return Err(problem::body_too_large(limit));
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

/// `application/json` or `application/anything+json`, in any case and with any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(declared) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = declared.split(';').next().unwrap_or(declared).trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The kind of a JSON value in words.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

pub(crate) fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
