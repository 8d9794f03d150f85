//! From a provider's answer to the model's text, or to what went wrong.

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use types::Usage;

use crate::client::Client;
use crate::openai_chat;
use crate::provider::Dialect;

/// A model's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// What it wrote.
    pub text: String,
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
    /// What went wrong, in one line; the provider's own words where it gave any. Holds no key of the client.
    pub message: String,
    /// The provider's name for this request, for its support.
    pub request_id: Option<String>,
    /// How long the provider asks to wait before the next try.
    pub retry_after: Option<Duration>,
    /// Why the model stopped, when that is what was refused.
    pub finish_reason: Option<String>,
    /// What the model wrote, when its finish reason was refused.
    pub text: Option<String>,
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
    /// The model refused to answer.
    Refusal,
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
        _ => return Err(answer.error(ReplyErrorKind::Unsupported, &messages::unsupported(client))),
    };
    match &reply.finish_reason {
        Some(reason) if !client.finish_reasons().accept(reason) => {
            let message = messages::finish_reason(client, reason);
            Err(Box::new(ReplyError {
                finish_reason: Some(reason.clone()),
                text: Some(reply.text),
                usage: reply.usage,
                ..*answer.error(ReplyErrorKind::FinishReason, &message)
            }))
        }
        _ => Ok(reply),
    }
}

/// What came back, and to whom.
pub(crate) struct Answer<'a> {
    pub(crate) client: &'a Client,
    pub(crate) status: u16,
    headers: &'a [(String, String)],
    body: &'a [u8],
}

impl Answer<'_> {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Box<ReplyError>> {
        serde_json::from_slice(self.body)
            .map_err(|_| self.error(ReplyErrorKind::Malformed, &messages::not_json(self.status, self.body)))
    }

    pub(crate) fn error(&self, kind: ReplyErrorKind, message: &str) -> Box<ReplyError> {
        Box::new(ReplyError {
            kind,
            status: self.status,
            message: self.client.redact(message).into_owned(),
            request_id: self.request_id(),
            retry_after: self.retry_after(),
            finish_reason: None,
            text: None,
            usage: Usage::default(),
        })
    }

    fn status_error(&self) -> Box<ReplyError> {
        let told = serde_json::from_slice::<Value>(self.body).ok().and_then(|json| told_error(&json));
        self.error(ReplyErrorKind::Status, &messages::status(self.status, told.as_deref(), self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    fn request_id(&self) -> Option<String> {
        const NAMES: [&str; 5] =
            ["x-request-id", "request-id", "apim-request-id", "x-amzn-requestid", "x-generation-id"];
        NAMES.iter().find_map(|name| self.header(name)).filter(|id| !id.is_empty()).map(str::to_owned)
    }

    /// `retry-after-ms` (OpenAI, Azure) or `retry-after` in seconds. A date is ignored: it needs a clock.
    fn retry_after(&self) -> Option<Duration> {
        if let Some(milliseconds) = self.header("retry-after-ms").and_then(|text| text.parse::<f64>().ok()) {
            return Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
        }
        let seconds = self.header("retry-after")?.parse::<f64>().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    }
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

/// Every message about an answer.
pub(crate) mod messages {
    use crate::client::Client;

    /// How much of a body is repeated.
    const LONGEST: usize = 2000;

    pub(super) fn unsupported(client: &Client) -> String {
        format!("this version does not read the replies that client `{}` asks for yet", client.name())
    }

    pub(super) fn finish_reason(client: &Client, reason: &str) -> String {
        format!(
            "the model stopped with finish reason `{reason}`, which client `{}` does not accept",
            client.name()
        )
    }

    pub(super) fn not_json(status: u16, body: &[u8]) -> String {
        if body.iter().all(u8::is_ascii_whitespace) {
            return format!("the provider answered {status} with an empty body");
        }
        format!("the provider answered {status} with a body that is not JSON: {}", excerpt(body))
    }

    pub(super) fn status(status: u16, told: Option<&str>, body: &[u8]) -> String {
        let phrase = reason_phrase(status);
        let told = told.map_or_else(|| excerpt(body), |told| shortened(told).to_owned());
        if told.is_empty() {
            return format!("Request failed with status code: {status}{phrase}");
        }
        format!("Request failed with status code: {status}{phrase}. {told}")
    }

    pub(crate) fn reported(told: &str) -> String {
        format!("the provider reported an error: {}", shortened(told))
    }

    pub(crate) fn no_choices() -> String {
        "the provider's reply has no choices".to_owned()
    }

    pub(crate) fn no_message() -> String {
        "the provider's reply has no message".to_owned()
    }

    pub(crate) fn refusal(told: &str) -> String {
        format!("the model refused to answer: {}", shortened(told))
    }

    fn excerpt(body: &[u8]) -> String {
        shortened(String::from_utf8_lossy(body.get(..4 * LONGEST).unwrap_or(body)).trim()).to_owned()
    }

    fn shortened(text: &str) -> &str {
        text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
    }

    /// ` Not Found` and its like, for the statuses that model providers send.
    fn reason_phrase(status: u16) -> &'static str {
        match status {
            201 => " Created",
            202 => " Accepted",
            204 => " No Content",
            301 => " Moved Permanently",
            302 => " Found",
            303 => " See Other",
            304 => " Not Modified",
            307 => " Temporary Redirect",
            308 => " Permanent Redirect",
            400 => " Bad Request",
            401 => " Unauthorized",
            402 => " Payment Required",
            403 => " Forbidden",
            404 => " Not Found",
            405 => " Method Not Allowed",
            408 => " Request Timeout",
            409 => " Conflict",
            413 => " Payload Too Large",
            415 => " Unsupported Media Type",
            418 => " I'm a teapot",
            422 => " Unprocessable Entity",
            424 => " Failed Dependency",
            425 => " Too Early",
            429 => " Too Many Requests",
            451 => " Unavailable For Legal Reasons",
            500 => " Internal Server Error",
            501 => " Not Implemented",
            502 => " Bad Gateway",
            503 => " Service Unavailable",
            504 => " Gateway Timeout",
            529 => " Overloaded",
            _ => "",
        }
    }
}
