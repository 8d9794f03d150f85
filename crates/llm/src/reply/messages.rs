//! Every message about an answer.

use crate::client::Client;
use crate::event_stream::EventStreamError;
use crate::provider::Dialect;

/// How much of a body is repeated.
const LONGEST: usize = 2000;

pub(crate) fn unsupported(client: &Client) -> String {
    format!("this version does not read the replies that client `{}` asks for yet", client.name())
}

pub(crate) fn finish_reason(client: &Client, reason: &str) -> String {
    format!(
        "the model stopped with finish reason `{reason}`, which client `{}` does not accept",
        client.name()
    )
}

pub(crate) fn not_json(status: u16, body: &[u8]) -> String {
    if body.iter().all(u8::is_ascii_whitespace) {
        return format!("the provider answered {status} with an empty body");
    }
    format!("the provider answered {status} with a body that is not JSON: {}", excerpt(body))
}

pub(crate) fn status(status: u16, told: Option<&str>, body: &[u8]) -> String {
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

pub(crate) fn no_content() -> String {
    "the provider's reply has no content".to_owned()
}

/// The reply has blocks of these types, and no text.
pub(crate) fn no_text<'a>(kinds: impl Iterator<Item = &'a str>) -> String {
    let kinds: Vec<String> = kinds.map(|kind| format!("`{kind}`")).collect();
    if kinds.is_empty() {
        return "the provider's reply has no text: its content is empty".to_owned();
    }
    format!("the provider's reply has no text, only {}", kinds.join(", "))
}

pub(crate) fn no_candidates() -> String {
    "the provider's reply has no candidates".to_owned()
}

pub(crate) fn blocked(reason: &str, told: Option<&str>) -> String {
    let told = told.map(|told| format!(": {}", shortened(told))).unwrap_or_default();
    format!("the provider blocked the prompt for the reason `{}`{told}", shortened(reason))
}

pub(crate) fn no_output() -> String {
    "the provider's reply has no output".to_owned()
}

pub(crate) fn not_finished(status: &str) -> String {
    format!(
        "the provider's reply has the status `{status}` and no answer; one that is written in the background is not \
         waited for"
    )
}

/// What is told of a failure that the provider says nothing about.
pub(crate) const UNTOLD: &str = "no reason was given";

pub(crate) fn refusal(told: &str) -> String {
    format!("the model refused to answer: {}", shortened(told))
}

pub(crate) fn event_not_readable(data: &str) -> String {
    format!("the provider's stream has an event that is no part of an answer: {}", excerpt(data.as_bytes()))
}

pub(crate) fn event_too_large(limit: usize) -> String {
    format!("the provider's stream has an event of more than {limit} bytes")
}

pub(crate) fn message_not_readable(error: EventStreamError) -> String {
    format!("the provider's stream cannot be read: {error}")
}

pub(crate) fn body_too_large(limit: usize) -> String {
    format!("the provider answered with a body of more than {limit} bytes")
}

pub(crate) fn no_answer() -> String {
    "the provider's stream ended well, but had no answer in it".to_owned()
}

pub(crate) fn stream_empty() -> String {
    "the provider's stream ended before the answer began".to_owned()
}

pub(crate) fn stream_cut(dialect: Option<Dialect>) -> String {
    let missing = match dialect {
        Some(Dialect::OpenAiChat) => "no finish reason and no `[DONE]` came",
        _ => "no finish reason came",
    };
    format!("the provider's stream ended before the answer did: {missing}")
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
