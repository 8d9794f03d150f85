//! Streamed replies of Converse: messages that are an event, a failure that the service knows, or one that it
//! does not.

use serde_json::Value;

use super::reply::{told, usage};
use crate::event_stream::EventStreamMessage;
use crate::sse::SseEvent;
use crate::stream::{EventOutcome, Progress};

/// A message as people see it who look at events: its name, and its payload as text.
pub(crate) fn event(message: &EventStreamMessage) -> SseEvent {
    let (name, data) = match Message::of(message) {
        Message::Event(name) | Message::Exception(name) => (Some(name), payload_text(message)),
        Message::Error { code, message } => (Some(code), message.to_owned()),
        Message::Unknown => (None, payload_text(message)),
    };
    SseEvent { event: name.map(str::to_owned), data, ..SseEvent::default() }
}

fn payload_text(message: &EventStreamMessage) -> String {
    String::from_utf8_lossy(&message.payload).into_owned()
}

/// What sort of message it is.
enum Message<'a> {
    Event(&'a str),
    /// A failure that the service knows, by its name.
    Exception(&'a str),
    /// One that it does not.
    Error {
        code: &'a str,
        message: &'a str,
    },
    Unknown,
}

impl<'a> Message<'a> {
    fn of(message: &'a EventStreamMessage) -> Self {
        let header = |name| message.header(name);
        match (header(":message-type"), header(":exception-type"), header(":event-type")) {
            (Some("error"), _, _) => Self::Error {
                code: header(":error-code").unwrap_or("Error"),
                message: header(":error-message").unwrap_or_default(),
            },
            (Some("exception"), name, _) => Self::Exception(name.unwrap_or("Exception")),
            // Copies of the service may leave out what sort it is.
            (None, Some(name), _) => Self::Exception(name),
            (Some("event") | None, _, Some(name)) => Self::Event(name),
            _ => Self::Unknown,
        }
    }
}

pub(crate) fn read_message(message: &EventStreamMessage, progress: &mut Progress) -> EventOutcome {
    let json = serde_json::from_slice::<Value>(&message.payload).ok().filter(Value::is_object);
    match Message::of(message) {
        Message::Event(name) => match json {
            Some(json) => read_event(name, &json, progress),
            None => EventOutcome::Unreadable,
        },
        Message::Exception(name) => {
            let json = json.unwrap_or_default();
            let name = capitalised(name);
            let status = json.get("originalStatusCode").and_then(Value::as_u64);
            EventOutcome::Reported {
                status: status
                    .and_then(|status| u16::try_from(status).ok())
                    .filter(|status| (400..600).contains(status))
                    .or_else(|| status_of(&name)),
                told: told(&json, Some(&name)).unwrap_or(name),
            }
        }
        Message::Error { code, message } => EventOutcome::Reported {
            told: if message.is_empty() { code.to_owned() } else { format!("{code}: {message}") },
            status: status_of(code),
        },
        Message::Unknown => EventOutcome::Nothing,
    }
}

fn read_event(name: &str, json: &Value, progress: &mut Progress) -> EventOutcome {
    match name {
        "messageStart" => progress.has_answer = true,
        "contentBlockDelta" => read_delta(json, progress),
        "messageStop" => {
            progress.has_answer = true;
            progress.finish_reason = json.get("stopReason").and_then(Value::as_str).map(str::to_owned);
        }
        "metadata" => progress.count(usage(json)),
        // The beginning and the end of a block, and what this version has no use for.
        _ => {}
    }
    EventOutcome::Read
}

fn read_delta(json: &Value, progress: &mut Progress) {
    progress.has_answer = true;
    let texts = ["/delta/text", "/delta/toolUse/input"];
    if let Some(text) = texts.into_iter().find_map(|path| json.pointer(path)?.as_str()) {
        progress.text.push_str(text);
    }
    if let Some(thought) = json.pointer("/delta/reasoningContent/text").and_then(Value::as_str)
        && !thought.is_empty()
    {
        let block = json.get("contentBlockIndex").and_then(Value::as_u64).unwrap_or(0);
        if progress.asides.last() != Some(&block) {
            progress.asides.push(block);
            progress.begin_reasoning();
        }
        progress.reasoning.push_str(thought);
    }
}

/// In a stream, names begin with a small letter.
fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

/// The HTTP status that a failure would have had before the stream began.
fn status_of(name: &str) -> Option<u16> {
    Some(match name {
        "ValidationException" => 400,
        "AccessDeniedException" => 403,
        "ResourceNotFoundException" => 404,
        "ModelTimeoutException" => 408,
        "ModelErrorException" | "ModelStreamErrorException" => 424,
        "ThrottlingException" | "ModelNotReadyException" => 429,
        "InternalServerException" | "InternalFailure" | "InternalError" => 500,
        "ServiceUnavailableException" => 503,
        _ => return None,
    })
}
