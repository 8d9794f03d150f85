//! The body of a request: JSON that came whole, in time, and within the limit.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Map, Value};

use crate::problem::{self, Problem};
use crate::settings::Limits;

/// How long, and how much, of a body that nobody wants is taken after its answer.
const LINGER: Duration = Duration::from_secs(5);
const LINGER_BYTES: usize = 64 << 20;

/// What a caller sends. When it is not read to its end, because the answer is known before, the rest is taken and
/// thrown away for a while: a connection that is closed while more comes is reset, and the answer lost with it.
pub(crate) struct Body(Option<Incoming>);

impl Body {
    pub(crate) fn new(incoming: Incoming) -> Self {
        Self(Some(incoming).filter(|body| !body.is_end_stream()))
    }

    /// How many bytes are still to come at least, as far as the caller has said.
    fn declared(&self) -> u64 {
        self.0.as_ref().map_or(0, |body| body.size_hint().lower())
    }

    /// The next part; `None` at the end.
    async fn next(&mut self) -> Option<hyper::Result<Frame<Bytes>>> {
        let frame = self.0.as_mut()?.frame().await;
        if !matches!(frame, Some(Ok(_))) {
            self.0 = None;
        }
        frame
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        let Some(mut rest) = self.0.take() else { return };
        let Ok(tasks) = tokio::runtime::Handle::try_current() else { return };
        tasks.spawn(tokio::time::timeout(LINGER, async move {
            let mut taken = 0;
            while let Some(Ok(frame)) = rest.frame().await {
                taken += frame.data_ref().map_or(0, Bytes::len);
                if taken > LINGER_BYTES {
                    break;
                }
            }
        }));
    }
}

/// Reads the body as an object.
pub(crate) async fn object(
    headers: &HeaderMap,
    mut body: Body,
    limits: &Limits,
) -> Result<Map<String, Value>, Problem> {
    if !is_json(headers) {
        return Err(problem::not_declared_json());
    }
    let bytes = tokio::time::timeout(limits.body_timeout, read(&mut body, limits.body_bytes))
        .await
        .map_err(|_| problem::body_too_slow(milliseconds(limits.body_timeout)))??;
    // The parser gives up at a depth of 128.
    match serde_json::from_slice(&bytes).map_err(|error| problem::not_json(&error))? {
        Value::Object(entries) => Ok(entries),
        other => Err(problem::not_an_object(kind(&other))),
    }
}

async fn read(body: &mut Body, limit: usize) -> Result<Bytes, Problem> {
    let declared = body.declared();
    if declared > limit as u64 {
        return Err(problem::body_too_large(limit));
    }
    let mut whole = BytesMut::with_capacity(usize::try_from(declared).unwrap_or(limit));
    while let Some(frame) = body.next().await {
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
