//! From a provider's answer to the model's text, or to what went wrong.

pub(crate) mod messages;

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use types::Usage;

use crate::anthropic;
use crate::bedrock;
use crate::client::Client;
use crate::google;
use crate::http_date;
use crate::openai_chat;
use crate::openai_responses;
use crate::provider::Dialect;
use crate::sse::SseDecoder;

/// A model's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// What it wrote.
    pub text: String,
    /// What it thought before that, where the provider tells: no part of the answer. Never empty.
    pub reasoning: Option<String>,
    /// Tokens.
    pub usage: Usage,
    /// Why it stopped, in the provider's words.
    pub finish_reason: Option<String>,
    /// The model that answered, which may be more exact than the one asked for.
    pub model: Option<String>,
}

/// An answer that is no reply.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplyError {
    /// What sort of failure it is.
    pub kind: ReplyErrorKind,
    /// The HTTP status.
    pub status: u16,
    /// The status that the body reports, where it is an error under another status: gateways pass a failure on so.
    pub reported_status: Option<u16>,
    /// What went wrong, in one line; the provider's own words where it gave any. Holds no key of the client.
    pub message: String,
    /// The provider's name for this request, for its support.
    pub request_id: Option<String>,
    /// How long the provider asks to wait before the next try, where it gave a length of time.
    pub retry_after: Option<Duration>,
    /// Until when it asks to wait, where it gave a date instead: Unix time in seconds. There is no clock here.
    pub retry_after_date: Option<u64>,
    /// Why the model stopped, when that is what was refused; or why it never began, when the prompt was blocked.
    pub finish_reason: Option<String>,
    /// What the model wrote, when its finish reason was refused or its stream was cut off.
    pub text: Option<String>,
    /// The event of a stream that tells of the failure, or the body that came in place of a stream. `None` from
    /// [`reply`], whose caller has the body. Holds no key of the client.
    pub received: Option<String>,
    /// Tokens, when the provider counted them all the same.
    pub usage: Usage,
}

/// What sort of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyErrorKind {
    /// The status is not a success.
    Status,
    /// The status is a success, but the body reports an error.
    Reported,
    /// The body is not what the wire format says.
    Malformed,
    /// A stream ended before the answer did.
    Truncated,
    /// The model refused to answer.
    Refusal,
    /// The provider's filter kept the prompt from the model. The finish reason says which.
    Blocked,
    /// The client's lists do not accept the finish reason. Trying again would be of no use.
    FinishReason,
    /// This version does not read this wire format.
    Unsupported,
}

impl fmt::Display for ReplyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ReplyError {}

/// Reads a whole answer. `headers` are names, in any case, and values.
///
/// # Errors
/// A status that is not a success, a body that is not a reply, a refusal, or a finish reason that the client
/// does not accept.
pub fn reply(
    client: &Client,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<Reply, Box<ReplyError>> {
    let answer = Answer { client, status, headers, body };
    if !(200..300).contains(&status) {
        return Err(answer.status_error());
    }
    let reply = match client.reply_dialect() {
        Some(Dialect::OpenAiChat) => openai_chat::reply(&answer)?,
        Some(Dialect::OpenAiResponses) => openai_responses::reply(&answer)?,
        Some(Dialect::Anthropic) => anthropic::reply(&answer)?,
        Some(Dialect::Google | Dialect::Vertex) => google::reply(&answer)?,
        Some(Dialect::Bedrock) => bedrock::reply(&answer)?,
        _ => return Err(answer.error(ReplyErrorKind::Unsupported, &messages::unsupported(client))),
    };
    answer.accept(reply)
}

/// What came back, and to whom.
pub(crate) struct Answer<'a> {
    pub(crate) client: &'a Client,
    pub(crate) status: u16,
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Box<ReplyError>> {
        serde_json::from_slice(self.body)
            .map_err(|_| self.error(ReplyErrorKind::Malformed, &messages::not_json(self.status, self.body)))
    }

    /// The reply, its text taken out of the form that was asked for, unless the client does not accept its finish
    /// reason.
    pub(crate) fn accept(&self, mut reply: Reply) -> Result<Reply, Box<ReplyError>> {
        if let Some(form) = self.client.form() {
            let answer = form.answer(&reply.text, true).to_owned();
            reply.text = answer;
        }
        match &reply.finish_reason {
            Some(reason) if !self.client.accepts_finish_reason(reason) => {
                let message = messages::finish_reason(self.client, reason);
                Err(Box::new(ReplyError {
                    finish_reason: Some(reason.clone()),
                    text: Some(reply.text),
                    usage: reply.usage,
                    ..*self.error(ReplyErrorKind::FinishReason, &message)
                }))
            }
            _ => Ok(reply),
        }
    }

    pub(crate) fn error(&self, kind: ReplyErrorKind, message: &str) -> Box<ReplyError> {
        Box::new(ReplyError {
            kind,
            status: self.status,
            reported_status: None,
            message: self.client.redact(message).into_owned(),
            request_id: request_id(self.headers),
            retry_after: self.retry_after(),
            retry_after_date: self.retry_after_date(),
            finish_reason: None,
            text: None,
            received: None,
            usage: Usage::default(),
        })
    }

    fn status_error(&self) -> Box<ReplyError> {
        let json = error_json(self.body);
        let of_dialect = match self.client.reply_dialect() {
            Some(Dialect::Bedrock) => bedrock::told_failure(self),
            _ => None,
        };
        let told = of_dialect.or_else(|| told_error(json.as_ref()?));
        let error =
            self.error(ReplyErrorKind::Status, &messages::status(self.status, told.as_deref(), self.body));
        with_details(error, json.as_ref())
    }

    /// The provider's filter kept the prompt from the model.
    pub(crate) fn blocked(&self, reason: &str, told: Option<&str>) -> Box<ReplyError> {
        let error = self.error(ReplyErrorKind::Blocked, &messages::blocked(reason, told));
        Box::new(ReplyError { finish_reason: Some(reason.to_owned()), ..*error })
    }

    /// The header with this name, which must be in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(self.headers, name)
    }

    /// `retry-after-ms` (OpenAI, Azure) or `retry-after` in seconds.
    fn retry_after(&self) -> Option<Duration> {
        if let Some(milliseconds) = self.header("retry-after-ms").and_then(|text| text.parse::<f64>().ok()) {
            return Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
        }
        let seconds = self.header("retry-after")?.parse::<f64>().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    }

    fn retry_after_date(&self) -> Option<u64> {
        if self.retry_after().is_some() { None } else { http_date::unix_seconds(self.header("retry-after")?) }
    }
}

/// The provider's name for a request, from the headers of its answer: names in any case, and values.
#[must_use]
pub fn request_id(headers: &[(String, String)]) -> Option<String> {
    const NAMES: [&str; 5] =
        ["x-request-id", "request-id", "apim-request-id", "x-amzn-requestid", "x-generation-id"];
    NAMES.iter().find_map(|name| header(headers, name)).filter(|id| !id.is_empty()).map(str::to_owned)
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// The body of an error as JSON. Some servers write it as the one event of a stream.
fn error_json(body: &[u8]) -> Option<Value> {
    if !body.starts_with(b"data:") && !body.starts_with(b"event:") {
        return serde_json::from_slice(body).ok();
    }
    let mut events = Vec::new();
    let mut decoder = SseDecoder::default();
    decoder.push(body, &mut events).ok()?;
    let event = events.into_iter().next().or_else(|| decoder.into_unfinished())?;
    serde_json::from_str(&event.data).ok()
}

/// The error with what Google puts into its body in place of headers.
pub(crate) fn with_details(error: Box<ReplyError>, json: Option<&Value>) -> Box<ReplyError> {
    let Some(json) = json else { return error };
    let retry_after = error.retry_after.or_else(|| {
        // `"3.5s"`, as Google writes lengths of time.
        let text = told_detail(json, "RetryInfo", "retryDelay")?.strip_suffix('s')?;
        Duration::try_from_secs_f64(text.parse().ok()?).ok()
    });
    let request_id =
        error.request_id.clone().or_else(|| told_detail(json, "RequestInfo", "requestId").map(str::to_owned));
    Box::new(ReplyError { request_id, retry_after, ..*error })
}

/// A field of the first of Google's error details of this type.
fn told_detail<'j>(json: &'j Value, kind: &str, field: &str) -> Option<&'j str> {
    let error = json.get(0).unwrap_or(json).get("error")?;
    let details = error.get("details")?.as_array()?;
    let is_kind = |detail: &&Value| {
        detail.get("@type").and_then(Value::as_str).is_some_and(|name| {
            name.strip_prefix("type.googleapis.com/google.rpc.").is_some_and(|name| name == kind)
        })
    };
    details.iter().find(is_kind)?.get(field)?.as_str().filter(|text| !text.is_empty())
}

/// What a provider's error body says, in the many shapes that vendors give it.
pub(crate) fn told_error(json: &Value) -> Option<String> {
    let json = match json {
        Value::Array(items) => items.first()?,
        other => other,
    };
    let error = json.get("error").filter(|error| !error.is_null());
    let candidates = [
        error.and_then(|error| error.get("message")),
        error,
        json.get("message"),
        json.get("detail").and_then(|detail| detail.get(0)).and_then(|first| first.get("msg")),
        json.get("detail"),
    ];
    candidates
        .into_iter()
        .flatten()
        .find_map(Value::as_str)
        .filter(|text| !text.trim().is_empty())
        .map(str::to_owned)
}

/// The HTTP status that an error body names as its code: a number, or one written as text.
pub(crate) fn told_status(json: &Value) -> Option<u16> {
    let error = json.get(0).unwrap_or(json).get("error")?;
    ["code", "status", "status_code"].into_iter().filter_map(|key| error.get(key)).find_map(|code| {
        let code = match code {
            Value::String(text) => text.parse().ok()?,
            number => number.as_u64()?,
        };
        u16::try_from(code).ok().filter(|status| (400..600).contains(status))
    })
}
